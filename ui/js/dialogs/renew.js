// Generate new codes: the old ones die at that instant.

import { renewBackupCodes } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

export const renew = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => renewBackupCodes({ proof: readProof(values) }))) {
        app.closeDialog();
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("renew.title"),
      note("warn", h("p", null, h("strong", null, t("renew.warningTitle"))), h("p", null, t("renew.warning"))),
      form(words, panel, {
        submit: t("codes.renew"),
        onsubmit: on.submit,
        beside: h("button", { key: "renew.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: PROOF_REFUSALS,
      }, proofFields(state, panel)));
  },
});
