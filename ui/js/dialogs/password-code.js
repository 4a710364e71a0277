// A password code for somebody who forgot theirs: what it does, then who asks, then the code on the sheet.

/** @import { PersonName } from "../../../tests/ui/types/wire.js" */

import { issuePasswordCode } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead, note, personName } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

export const passwordCode = panel({
  load: () => ({ person: /** @type {PersonName} */ ({ id: "", name: "", email: "" }), agreed: false, code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** A code given now is always asked for, however fresh the last one is. */
    agree: () => panel.patch({ agreed: true, code: Boolean(app.state().account?.factor) }),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => issuePasswordCode({ account: panel.read().data.person.id, proof: readProof(values) }))) {
        app.closeDialog();
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { person, agreed } = panel.data;
    const cancel = h("button", { key: "password-code.cancel", type: "button", onclick: on.cancel }, t("form.cancel"));
    const whom = h("p", { class: "who" }, personName(person), h("span", { class: "clip sub", dir: "ltr" }, person.email));
    if (!agreed) {
      return dialogHead(t("passwordCode.title"), whom,
        h("ul", { class: "facts" },
          h("li", null, t("passwordCode.changes")), h("li", null, t("passwordCode.factor")), h("li", null, t("passwordCode.valid")), h("li", null, t("passwordCode.apart"))),
        note("warn", h("p", null, h("strong", null, t("reset.checkTitle")), " ", t("passwordCode.check")), h("p", null, t("reset.channel"))),
        h("div", { class: "buttons" }, h("button", { key: "password-code.agree", type: "button", class: "primary", "data-first": true, onclick: on.agree }, t("form.continue")), cancel));
    }
    return dialogHead(t("passwordCode.title"), whom,
      h("p", null, t("passwordCode.prove")),
      form(words, panel, { submit: t("passwordCode.confirm"), onsubmit: on.submit, beside: cancel, claimed: PROOF_REFUSALS }, proofFields(state, panel, { codeHint: t("proof.codeNow") })));
  },
});
