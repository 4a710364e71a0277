// Lets this computer's keyring open the workspace, or takes that leave away.

/** @import { Work } from "../../../tests/ui/types/wire.js" */

import { addKeyring, removeKeyring, stopWork } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { KIT_REFUSALS, kitAfterFields, onKitAfter, readKit } from "../parts/kit.js";
import { dialogHead, note } from "../parts/note.js";
import { progress, watched } from "../parts/progress.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof, revealCode } from "../parts/proof.js";

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

export const keyringRemove = panel({
  load: () => ({ code: false, hasKit: true, keeps: false, work: /** @type {Work | null} */ (null) }),
  on: (app, panel) => ({
    /** Stops what is under way, or goes. */
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    kitAfter: onKitAfter(panel),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { keeps } = panel.read().data;
      if (await watched(panel, () => removeKeyring({ proof: readProof(values), passphrase: values["passphrase"] ?? "", ...readKit(values) }))) {
        app.closeDialog();
        if (keeps) app.say("keyring.removed");
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("vault.removeKeyring"),
      h("p", null, t("keyring.removeLead")),
      form(words, panel, {
        submit: panel.busy ? t("keyring.removing") : t("vault.removeKeyring"),
        onsubmit: on.submit,
        beside: h("button", { key: "keyring-remove.cancel", type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel")),
        claimed: [...PROOF_REFUSALS, ...KIT_REFUSALS, "vault-passphrase-wrong"],
      },
        proofFields(state, panel),
        field(words, panel, { name: "passphrase", type: "password", label: t("create.passphrase"), hint: t("keyring.passphraseHint"), autocomplete: "off", claims: ["vault-passphrase-wrong"] }),
        kitAfterFields(words, panel, on),
        progress(words, panel.data.work)));
  },
});
