// Deletes a copy from before the workspace was brought up to date.

/** @import { OlderCopyView } from "../../../tests/ui/types/wire.js" */

import { removeOlderCopy } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";

export const olderRemove = panel({
  load: () => ({ copy: /** @type {OlderCopyView} */ ({ folder: "", of: 0, size: 0 }), code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { folder } = panel.read().data.copy;
      if (!(await panel.act(() => removeOlderCopy({ folder, proof: readProof(values) })))) return proveAgain(app, panel);
      app.closeDialog();
      app.say("older.removed");
      await app.reload();
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("older.removeTitle", { at: words.dateTime(panel.data.copy.of) }),
      h("p", null, t("older.removeLead")),
      form(words, panel, {
        submit: t("older.remove"),
        onsubmit: on.submit,
        danger: true,
        claimed: PROOF_REFUSALS,
        beside: h("button", { key: "older-remove.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      }, proofFields(state, panel)));
  },
});
