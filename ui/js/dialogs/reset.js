// Reset user 2FA: what will happen, then who asks, then the code on the sheet.

/** @import { PersonName } from "../../../tests/ui/types/wire.js" */

import { resetSecondFactor } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead, note, personName } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

export const reset = panel({
  load: () => ({ person: /** @type {PersonName} */ ({ id: "", name: "", email: "" }), agreed: false, code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** A reset always asks for a code given now, however fresh the last one is. */
    agree: () => panel.patch({ agreed: true, code: Boolean(app.state().account?.factor) }),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => resetSecondFactor({ account: panel.read().data.person.id, proof: readProof(values) }))) {
        app.closeDialog();
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { person, agreed } = panel.data;
    const cancel = h("button", { key: "reset.cancel", type: "button", onclick: on.cancel }, t("form.cancel"));
    const whom = h("p", { class: "who" }, personName(person), h("span", { class: "clip sub", dir: "ltr" }, person.email));
    if (!agreed) {
      return dialogHead(t("reset.title"), whom,
        h("p", null, t("reset.lead")),
        h("ul", { class: "facts" },
          h("li", null, t("reset.gone")), h("li", null, t("reset.closed")), h("li", null, t("reset.valid")), h("li", null, t("reset.told"))),
        note("warn", h("p", null, h("strong", null, t("reset.checkTitle")), " ", t("reset.check")), h("p", null, t("reset.channel"))),
        h("div", { class: "buttons" }, h("button", { key: "reset.agree", type: "button", class: "primary danger", onclick: on.agree }, t("reset.submit")), cancel));
    }
    return dialogHead(t("reset.title"), whom,
      h("p", null, t("reset.prove")),
      form(words, panel, { submit: t("reset.confirm"), onsubmit: on.submit, danger: true, beside: cancel, claimed: PROOF_REFUSALS }, proofFields(state, panel, { codeHint: t("proof.codeNow") })));
  },
});
