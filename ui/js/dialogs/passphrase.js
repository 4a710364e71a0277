// Change the vault passphrase.

import { changePassphrase } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

export const passphrase = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { present = "", passphrase: chosen = "" } = values;
      if (await panel.act(() => changePassphrase({ proof: readProof(values), present, passphrase: chosen }))) {
        app.closeDialog();
        app.say("passphrase.done");
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("vault.changePassphrase"),
      h("p", null, t("passphrase.lead")),
      form(words, panel, {
        submit: panel.busy ? t("passphrase.busy") : t("vault.changePassphrase"),
        onsubmit: on.submit,
        beside: h("button", { key: "passphrase.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: [...PROOF_REFUSALS, "vault-passphrase-wrong", "passphrase-too-short", "passphrase-common"],
      },
        proofFields(state, panel),
        field(words, panel, { name: "present", type: "password", label: t("passphrase.present"), autocomplete: "off", claims: ["vault-passphrase-wrong"] }),
        field(words, panel, { name: "passphrase", type: "password", label: t("passphrase.new"), least: 12, meter: true, autocomplete: "new-password", claims: ["passphrase-too-short", "passphrase-common"] }),
        field(words, panel, { name: "again", type: "password", label: t("passphrase.again"), same: "passphrase", autocomplete: "new-password" })));
  },
});
