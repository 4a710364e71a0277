// Takes a backup: who asks, then the system's own dialog, then the work, then what was kept and what opens it.

/** @import { State } from "../../../tests/ui/types/page.js" */
/** @import { BackupTaken, BackupWay, Work } from "../../../tests/ui/types/wire.js" */
/** @import { Key } from "../../../tests/ui/types/page.js" */

import { stopWork, takeBackup } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";
import { progress, watched } from "../parts/progress.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";
import { size } from "../parts/size.js";

/** @type {Readonly<Record<BackupWay, Key>>} */
const OPENS = Object.freeze({ passphrase: "backup.opens.passphrase", kit: "backup.opens.kit" });

export const backup = panel({
  load: () => ({ code: false, work: /** @type {Work | null} */ (null), taken: /** @type {BackupTaken | null} */ (null) }),
  on: (app, panel) => ({
    /** Stops what is under way, or goes. */
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    close: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const done = await watched(panel, async () => {
        panel.patch({ taken: await takeBackup({ proof: readProof(values), passphrase: values["passphrase"] ?? "" }) });
      });
      if (!done) return revealCode(panel);
      if (!panel.read().data.taken?.kept) {
        app.closeDialog();
        app.say("backup.notKept");
      }
      await app.refresh();
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { taken, work } = panel.data;
    if (taken?.kept) return kept(state, taken, on.close);
    return dialogHead(t("backup.now"),
      h("p", null, t("backup.about")),
      form(words, panel, {
        submit: panel.busy ? t("backup.busy") : t("backup.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "backup.cancel", type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel")),
        claimed: [...PROOF_REFUSALS, "vault-passphrase-wrong"],
      },
        proofFields(state, panel),
        field(words, panel, { name: "passphrase", type: "password", label: t("create.passphrase"), hint: t("backup.passphraseHint"), autocomplete: "off", claims: ["vault-passphrase-wrong"] }),
        h("p", { class: "hint" }, t("backup.lead")),
        progress(words, work)));
  },
});

/**
 * @param {State} state
 * @param {BackupTaken} taken
 * @param {() => void} close
 */
const kept = ({ words }, taken, close) =>
  dialogHead(words.t("backup.doneTitle"),
    note("ok", h("p", null, words.rich("backup.done", { file: h("bdi", { class: "strong" }, taken.file), size: size(words, taken.size) }))),
    h("ul", { class: "facts" },
      taken.ways.map((way) => h("li", null, words.t(OPENS[way]))),
      h("li", null, words.t("backup.where"))),
    h("div", { class: "buttons" }, h("button", { key: "backup.close", type: "button", class: "primary", "data-first": true, onclick: close }, words.t("form.close"))));
