// Locked: the same person comes back with the password.

import { signOut, unlock } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { codeField } from "../parts/code.js";
import { field, form } from "../parts/form.js";
import { heading, personName } from "../parts/note.js";
import { PROOF_REFUSALS, readProof, revealCode } from "../parts/proof.js";

export const locked = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    other: async () => (await panel.act(() => signOut({}))) && app.refresh(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => unlock({ proof: readProof(values) }))) await app.refresh();
      else revealCode(panel);
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    const me = situation.open?.me;
    const person = me?.person;
    return [
      heading(t("locked.title")),
      person && h("p", { class: "who" }, personName(person), h("span", { class: "sub", dir: "ltr" }, person.email)),
      form(words, panel, {
        submit: panel.busy ? t("locked.busy") : t("locked.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "locked.other", type: "button", onclick: on.other }, t("locked.other")),
        claimed: PROOF_REFUSALS,
      }, field(words, panel, { name: "password", type: "password", label: t("form.password"), first: true, autocomplete: "current-password", claims: ["wrong-password"] }),
      (me?.unlockAsksCode || panel.data.code) && codeField(words, panel, { label: t("code.label"), accepts: "any", hint: t("code.hint.any") })),
    ];
  },
});
