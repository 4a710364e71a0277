// Unlock, sign out, deactivate, reactivate, signs in elsewhere: what will happen, and who asks where it gives a way in.

/** @import { PersonAction, PersonName } from "../../../tests/ui/types/wire.js" */
/** @import { Key } from "../../../tests/ui/types/page.js" */

import { deactivatePerson, markElsewhere, reactivatePerson, signOutPerson, unlockPerson, unmarkElsewhere } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead, personName } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

/** @typedef {Exclude<PersonAction, "reset-second-factor" | "issue-password-code" | "invite-again" | "hand-over" | "change-email" | "change-second-email" | "correct-name" | "erase">} Act */

/** @type {Readonly<Record<Act, { asks?: boolean, danger?: boolean }>>} */
const ACTS = Object.freeze({
  unlock: {},
  "sign-out": { danger: true },
  deactivate: { danger: true },
  reactivate: { asks: true },
  "mark-elsewhere": { danger: true },
  "unmark-elsewhere": { asks: true },
});

/** @param {Act} action @param {string} account @param {Record<string, string>} values */
function carryOut(action, account, values) {
  switch (action) {
    case "unlock": return unlockPerson({ account });
    case "sign-out": return signOutPerson({ account });
    case "deactivate": return deactivatePerson({ account });
    case "mark-elsewhere": return markElsewhere({ account });
    case "reactivate": return reactivatePerson({ account, proof: readProof(values) });
    case "unmark-elsewhere": return unmarkElsewhere({ account, proof: readProof(values) });
  }
}

export const personAct = panel({
  load: () => ({ person: /** @type {PersonName} */ ({ id: "", name: "", email: "" }), action: /** @type {Act} */ ("unlock"), privileged: false, code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { action, person } = panel.read().data;
      if (await panel.act(() => carryOut(action, person.id, values))) {
        app.closeDialog();
        app.say(/** @type {Key} */ (`action.${action}.done`), { name: person.name });
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { person, action, privileged } = panel.data;
    const { asks = false, danger = false } = ACTS[action];
    const say = (/** @type {string} */ part) => t(/** @type {Key} */ (`action.${action}.${part}`));
    return dialogHead(say("title"),
      h("p", { class: "who" }, personName(person), h("span", { class: "clip sub", dir: "ltr" }, person.email)),
      h("p", null, say("lead")),
      privileged && (action === "deactivate" || action === "mark-elsewhere") && h("p", null, t("action.backTakesTwo")),
      form(words, panel, {
        submit: say("title"), onsubmit: on.submit, danger, claimed: PROOF_REFUSALS,
        beside: h("button", { key: "person-act.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      }, asks && proofFields(state, panel)));
  },
});
