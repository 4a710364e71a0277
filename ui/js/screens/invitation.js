// A first sign-in with an invitation code.

import { acceptInvitation } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { CODE_REFUSALS, codeField } from "../parts/code.js";
import { field, form } from "../parts/form.js";
import { heading } from "../parts/note.js";

export const invitation = panel({
  load: () => ({}),
  on: (app, panel) => ({
    back: () => app.go("sign-in"),
    /** @param {Record<string, string>} values */
    async submit({ email = "", code = "", password = "" }) {
      if (await panel.act(() => acceptInvitation({ email, code, password }))) await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    return [
      heading(t("invitation.title")),
      h("p", { class: "lead" }, t("invitation.lead")),
      form(words, panel, {
        submit: panel.busy ? t("signIn.busy") : t("invitation.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "invitation.back", type: "button", onclick: on.back }, t("form.back")),
        claimed: [...CODE_REFUSALS, "email-invalid", "password-too-short", "password-too-long", "password-common"],
      },
        field(words, panel, { name: "email", type: "email", label: t("form.email"), first: true, autocomplete: "username", claims: ["email-invalid"] }),
        codeField(words, panel, { label: t("invitation.code"), accepts: "invitation", says: ({ code }) => (code === "code-wrong" ? t("code.wrongGiven") : null) }),
        field(words, panel, { name: "password", type: "password", label: t("form.newPassword"), hint: t("form.newPasswordHint"), least: 8, meter: true, autocomplete: "new-password", claims: ["password-too-short", "password-too-long", "password-common"] })),
    ];
  },
});
