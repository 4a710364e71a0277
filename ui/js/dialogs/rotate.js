// Change the vault's key: for the day that somebody may have copied it.

import { rotateKey, stopWork } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { KIT_REFUSALS, kitAfterFields, onKitAfter, readKit } from "../parts/kit.js";
import { dialogHead, note } from "../parts/note.js";
import { progress, watched } from "../parts/progress.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";

/** @import { Work } from "../../../tests/ui/types/wire.js" */

export const rotate = panel({
  load: () => ({ code: false, hasKit: true, keeps: false, work: /** @type {Work | null} */ (null) }),
  on: (app, panel) => ({
    /** Stops what is under way, or goes. */
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    kitAfter: onKitAfter(panel),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { keeps } = panel.read().data;
      if (await watched(panel, () => rotateKey({ proof: readProof(values), passphrase: values["passphrase"] ?? "", ...readKit(values) }))) {
        app.closeDialog();
        if (keeps) app.say("rotate.done");
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { work } = panel.data;
    return dialogHead(t("rotate.title"),
      h("p", null, t("rotate.lead")),
      note("warn", h("p", null, t("rotate.copies"))),
      form(words, panel, {
        submit: panel.busy ? t("keyring.removing") : t("rotate.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "rotate.cancel", type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel")),
        claimed: [...PROOF_REFUSALS, ...KIT_REFUSALS, "vault-passphrase-wrong"],
      },
        proofFields(state, panel),
        field(words, panel, { name: "passphrase", type: "password", label: t("create.passphrase"), hint: t("keyring.passphraseHint"), autocomplete: "off", claims: ["vault-passphrase-wrong"] }),
        kitAfterFields(words, panel, on),
        progress(words, work)));
  },
});
