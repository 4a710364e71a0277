// Change the vault passphrase.

import { changePassphrase } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { KIT_REFUSALS, kitField, readKit } from "../parts/kit.js";
import { dialogHead } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";

export const passphrase = panel({
  load: () => ({ code: false, byKit: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    other: () => panel.patch({ byKit: !panel.read().data.byKit }),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { present, passphrase: chosen = "" } = values;
      const by = present === undefined ? readKit(values) : { present };
      if (await panel.act(() => changePassphrase({ proof: readProof(values), passphrase: chosen, ...by }))) {
        app.closeDialog();
        app.say("passphrase.done");
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { byKit } = panel.data;
    return dialogHead(t("vault.changePassphrase"),
      h("p", null, t("passphrase.lead")),
      form(words, panel, {
        submit: panel.busy ? t("passphrase.busy") : t("vault.changePassphrase"),
        onsubmit: on.submit,
        beside: h("button", { key: "passphrase.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: [...PROOF_REFUSALS, ...KIT_REFUSALS, "vault-passphrase-wrong", "passphrase-too-short", "passphrase-common"],
      },
        proofFields(state, panel),
        byKit
          ? kitField(words, panel)
          : field(words, panel, { name: "present", type: "password", label: t("passphrase.present"), autocomplete: "off", claims: ["vault-passphrase-wrong"] }),
        h("p", null, h("button", { key: "passphrase.other", type: "button", class: "link", onclick: on.other }, t(byKit ? "passphrase.byPassphrase" : "passphrase.byKit"))),
        field(words, panel, { name: "passphrase", type: "password", label: t("passphrase.new"), least: 12, meter: true, autocomplete: "new-password", claims: ["passphrase-too-short", "passphrase-common"] }),
        field(words, panel, { name: "again", type: "password", label: t("passphrase.again"), same: "passphrase", autocomplete: "new-password" })));
  },
});
