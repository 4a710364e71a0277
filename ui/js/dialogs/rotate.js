// What gives the vault a new key: for the day that somebody may have copied it, or so that no keyring opens it any more.

import { removeKeyring, rotateKey, stopWork } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { KIT_REFUSALS, kitAfterFields, onKitAfter, readKit } from "../parts/kit.js";
import { dialogHead, note } from "../parts/note.js";
import { progress, watched } from "../parts/progress.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";

/** @import { Done, RotateKey, Work } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, Words } from "../../../tests/ui/types/page.js" */

/**
 * @param {object} kind
 * @param {string} kind.name
 * @param {Key} kind.title
 * @param {Key} kind.submit
 * @param {Key} kind.done
 * @param {(words: Words) => Child} kind.about
 * @param {(request: RotateKey) => Promise<Done>} kind.change
 */
const changingKey = ({ name, title, submit, done, about, change }) => panel({
  load: () => ({ code: false, hasKit: true, keeps: false, work: /** @type {Work | null} */ (null) }),
  on: (app, panel) => ({
    /** Stops what is under way, or goes. */
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    kitAfter: onKitAfter(panel),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { keeps } = panel.read().data;
      if (await watched(panel, () => change({ proof: readProof(values), passphrase: values["passphrase"] ?? "", ...readKit(values) }))) {
        app.closeDialog();
        if (keeps) app.say(done);
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t(title),
      about(words),
      form(words, panel, {
        submit: t(panel.busy ? "keyring.removing" : submit),
        onsubmit: on.submit,
        beside: h("button", { key: `${name}.cancel`, type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel")),
        claimed: [...PROOF_REFUSALS, ...KIT_REFUSALS, "vault-passphrase-wrong"],
      },
        proofFields(state, panel),
        field(words, panel, { name: "passphrase", type: "password", label: t("create.passphrase"), hint: t("keyring.passphraseHint"), autocomplete: "off", claims: ["vault-passphrase-wrong"] }),
        kitAfterFields(words, panel, on),
        progress(words, panel.data.work)));
  },
});

export const rotate = changingKey({
  name: "rotate", title: "rotate.title", submit: "rotate.submit", done: "rotate.done", change: rotateKey,
  about: ({ t }) => [h("p", null, t("rotate.lead")), note("warn", h("p", null, t("rotate.copies")))],
});

export const keyringRemove = changingKey({
  name: "keyring-remove", title: "vault.removeKeyring", submit: "vault.removeKeyring", done: "keyring.removed", change: removeKeyring,
  about: ({ t }) => h("p", null, t("keyring.removeLead")),
});
