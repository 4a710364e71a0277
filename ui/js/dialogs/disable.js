// Disable two-factor authentication.

import { disableSecondFactor } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

export const disable = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => disableSecondFactor({ proof: readProof(values) }))) {
        app.closeDialog();
        app.say("disable.done");
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("disable.title"),
      note("danger", h("p", null, h("strong", null, t("disable.warningTitle"))), h("p", null, t("disable.warning"))),
      h("p", null, t("disable.follows")),
      form(words, panel, {
        submit: t("factor.disable"),
        onsubmit: on.submit,
        danger: true,
        beside: h("button", { key: "disable.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: PROOF_REFUSALS,
      }, proofFields(state, panel)));
  },
});
