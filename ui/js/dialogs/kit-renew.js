// Make a new recovery kit: the old one holds until the new one was saved or printed.

import { renewKit } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";

export const kitRenew = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => renewKit({ proof: readProof(values), passphrase: values["passphrase"] ?? "" }))) {
        app.closeDialog();
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("kit.renew"),
      h("p", null, t("kit.renewLead")),
      form(words, panel, {
        submit: panel.busy ? t("kit.drawing") : t("kit.renewSubmit"),
        onsubmit: on.submit,
        beside: h("button", { key: "kit-renew.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: [...PROOF_REFUSALS, "vault-passphrase-wrong"],
      },
        proofFields(state, panel),
        field(words, panel, { name: "passphrase", type: "password", label: t("create.passphrase"), hint: t("kit.passphraseHint"), autocomplete: "off", claims: ["vault-passphrase-wrong"] }),
        note("info", h("p", null, t("kit.renewKeyrings")))));
  },
});
