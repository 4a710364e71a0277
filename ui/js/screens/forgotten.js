// A forgotten password: a code from staff, and a new one. The second door stays where it is.

import { redeemPasswordCode } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { CODE_REFUSALS, codeField } from "../parts/code.js";
import { field, form } from "../parts/form.js";
import { heading } from "../parts/note.js";

export const forgotten = panel({
  load: () => ({}),
  on: (app, panel) => ({
    back: () => app.go("sign-in"),
    /** @param {Record<string, string>} values */
    async submit({ email = "", code = "", password = "" }) {
      if (await panel.act(() => redeemPasswordCode({ email, code, password }))) await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    return [
      heading(t("forgotten.title")),
      h("p", { class: "lead" }, t("forgotten.lead")),
      form(words, panel, {
        submit: panel.busy ? t("signIn.busy") : t("forgotten.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "forgotten.back", type: "button", onclick: on.back }, t("form.back")),
        claimed: [...CODE_REFUSALS, "email-invalid", "password-too-short", "password-too-long", "password-common"],
      },
        field(words, panel, { name: "email", type: "email", label: t("form.email"), first: true, autocomplete: "username", claims: ["email-invalid"] }),
        codeField(words, panel, { label: t("forgotten.code"), accepts: "password" }),
        field(words, panel, { name: "password", type: "password", label: t("form.newPassword"), hint: t("form.newPasswordHint"), least: 8, meter: true, autocomplete: "new-password", claims: ["password-too-short", "password-too-long", "password-common"] })),
    ];
  },
});
