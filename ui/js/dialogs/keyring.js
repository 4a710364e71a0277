// Lets this computer's keyring open the workspace.

import { addKeyring } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

export const keyring = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => addKeyring({ proof: readProof(values) }))) {
        app.closeDialog();
        app.say("keyring.added");
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { t } = state.words;
    return dialogHead(t("vault.addKeyring"),
      note("warn", h("p", null, t("keyring.warning"))),
      form(state.words, panel, {
        submit: t("keyring.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "keyring.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: PROOF_REFUSALS,
      }, proofFields(state, panel)));
  },
});
