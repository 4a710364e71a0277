// Lets this computer's keyring open the workspace, or takes that leave away.

import { addKeyring, removeKeyring } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
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

export const keyringRemove = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => removeKeyring({ proof: readProof(values), passphrase: values["passphrase"] ?? "" }))) {
        app.closeDialog();
        app.say("keyring.removed");
        await app.refresh();
      } else revealCode(panel);
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
        beside: h("button", { key: "keyring-remove.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: [...PROOF_REFUSALS, "vault-passphrase-wrong"],
      },
        proofFields(state, panel),
        field(words, panel, { name: "passphrase", type: "password", label: t("create.passphrase"), hint: t("keyring.passphraseHint"), autocomplete: "off", claims: ["vault-passphrase-wrong"] })));
  },
});
