// Imports what was shown, and takes an import back: what will happen, who asks, how far it has come.

/** @import { ChosenImport, PastImport, Work } from "../../../tests/ui/types/wire.js" */

import { carryOutImport, stopWork, undoImport } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";
import { progress, watched } from "../parts/progress.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";

const NONE = Object.freeze({ added: 0, changed: 0, same: 0, refused: 0 });

export const importPeople = panel({
  load: () => ({ chosen: /** @type {ChosenImport} */ ({ file: "", kind: "people", fault: null, line: null, heading: null, counts: NONE, ignored: [] }), code: false, work: /** @type {Work | null} */ (null) }),
  on: (app, panel) => ({
    /** Stops what is under way, or goes. */
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { counts } = panel.read().data.chosen;
      if (await watched(panel, () => carryOutImport({ proof: readProof(values) }))) {
        app.closeDialog();
        app.say("import.done", { people: app.state().words.n("users.count", counts.added + counts.changed) });
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t, n } = words;
    const { chosen: { counts }, work } = panel.data;
    return dialogHead(n("import.ask", counts.added + counts.changed),
      h("ul", { class: "facts" },
        counts.added > 0 && h("li", null, n("import.willAdd", counts.added)),
        counts.changed > 0 && h("li", null, n("import.willChange", counts.changed)),
        counts.refused > 0 && h("li", null, n("import.willRefuse", counts.refused)),
        h("li", null, t("import.noCodes")),
        h("li", null, t("import.mayUndo"))),
      form(words, panel, {
        submit: panel.busy ? t("import.busy") : n("import.submit", counts.added + counts.changed), onsubmit: on.submit, claimed: PROOF_REFUSALS,
        beside: h("button", { key: "import-people.cancel", type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel")),
      }, proofFields(state, panel), progress(words, work, "import.busy")));
  },
});

export const importUndo = panel({
  load: () => ({ past: /** @type {PastImport | null} */ (null), code: false, work: /** @type {Work | null} */ (null) }),
  on: (app, panel) => ({
    /** Stops what is under way, or goes. */
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { past } = panel.read().data;
      if (!past) return;
      if (await watched(panel, () => undoImport({ import: past.id, proof: readProof(values) }))) {
        app.closeDialog();
        app.say("import.undoDone", { file: past.file });
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t, n } = words;
    const { past, work } = panel.data;
    const { added, changed } = past?.counts ?? NONE;
    return dialogHead(t("import.undoTitle"),
      h("p", null, h("bdi", { class: "strong" }, past?.file ?? "")),
      h("ul", { class: "facts" },
        added > 0 && h("li", null, n("import.willRemove", added)),
        changed > 0 && h("li", null, n("import.willPutBack", changed)),
        h("li", null, t("import.invitationsVoid")),
        h("li", null, t("import.journalStays"))),
      form(words, panel, {
        submit: t(panel.busy ? "import.undoing" : "import.undo"), onsubmit: on.submit, danger: true, claimed: PROOF_REFUSALS,
        beside: h("button", { key: "import-undo.cancel", type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel")),
      }, proofFields(state, panel), progress(words, work, "import.undoing")));
  },
});
