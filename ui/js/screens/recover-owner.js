// An owner who has lost password or second factor, and has the recovery kit.

import { recoverOwner as recover } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { KIT_REFUSALS, kitField } from "../parts/kit.js";
import { heading, note } from "../parts/note.js";

export const recoverOwner = panel({
  load: () => ({}),
  on: (app, panel) => ({
    back: () => app.go("sign-in"),
    /** @param {Record<string, string>} values */
    async submit({ email = "", code = "", password = "" }) {
      if (await panel.act(() => recover({ email, code, password }))) await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    return [
      heading(t("recoverOwner.title")),
      h("p", { class: "lead" }, t("recoverOwner.lead")),
      form(words, panel, {
        submit: panel.busy ? t("signIn.busy") : t("recoverOwner.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "recover-owner.back", type: "button", onclick: on.back }, t("form.back")),
        claimed: [...KIT_REFUSALS, "password-too-short", "password-too-long", "password-common"],
      },
        field(words, panel, { name: "email", type: "email", label: t("form.email"), first: true, autocomplete: "username" }),
        kitField(words, panel, { name: "code" }),
        field(words, panel, { name: "password", type: "password", label: t("form.newPassword"), hint: t("form.newPasswordHint"), least: 8, meter: true, autocomplete: "new-password", claims: ["password-too-short", "password-too-long", "password-common"] }),
        field(words, panel, { name: "again", type: "password", label: t("recoverOwner.again"), same: "password", autocomplete: "new-password" }),
        note("warn", h("p", null, t("recoverOwner.follows")))),
    ];
  },
});
