// Change password.

import { changePassword } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

export const password = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => changePassword({ proof: readProof(values), password: values["new"] ?? "" }))) {
        app.closeDialog();
        app.say("password.done");
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("password.change"),
      h("p", null, t("password.follows")),
      form(words, panel, {
        submit: t("password.change"),
        onsubmit: on.submit,
        beside: h("button", { key: "password.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: [...PROOF_REFUSALS, "password-too-short", "password-too-long", "password-common", "password-unchanged"],
      },
        proofFields(state, panel),
        field(words, panel, { name: "new", type: "password", label: t("form.newPassword"), hint: t("form.newPasswordHint"), least: 8, meter: true, autocomplete: "new-password", claims: ["password-too-short", "password-too-long", "password-common", "password-unchanged"] })));
  },
});
