// Addresses and names: the address that somebody signs in with, the second one, and how they are called; one's own and, for
// staff, other people's.

/** @import { PersonName } from "../../../tests/ui/types/wire.js" */
/** @import { Child } from "../../../tests/ui/types/page.js" */

import { changeEmail, changeOwnEmail, correctName, setOwnSecondEmail, setSecondEmail } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead, note, personName } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";
import { takesTwo } from "../parts/support-case.js";

/** @type {import("../../../tests/ui/types/wire.js").RefusalCode[]} */
const EMAIL_REFUSALS = ["email-invalid", "email-taken", "email-unchanged"];

/** @type {PersonName} */
const NOBODY = Object.freeze({ id: "", name: "", email: "" });

/** @param {PersonName} person @returns {Child} */
const whom = (person) => h("p", { class: "who" }, personName(person), h("span", { class: "clip sub", dir: "ltr" }, person.email));

/** Staff change the address of somebody else: alone, or by a case for two people. */
export const changeEmailDialog = panel({
  load: () => ({ person: NOBODY, invited: false, two: false, code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit({ email = "", ...values }) {
      const { person, two, invited } = panel.read().data;
      if (two) {
        app.closeDialog();
        app.ask("case", { person, act: "email", email: email.trim() });
        return;
      }
      if (await panel.act(() => changeEmail({ account: person.id, email, proof: readProof(values) }))) {
        app.closeDialog();
        if (!invited) app.say("email.changed", { name: person.name });
        await app.refresh();
        return;
      }
      // Somebody else did something about them meanwhile: what was typed stays, and goes on to the case.
      if (takesTwo(panel.read().refusal)) panel.patch({ two: true });
      else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { person, invited, two } = panel.data;
    return dialogHead(t("email.title"), whom(person),
      note(two ? "warn" : "info", h("p", null, t(two ? "email.two" : invited ? "email.invited" : "email.follows")), !two && !invited && h("p", null, t("email.check"))),
      form(words, panel, {
        submit: t(two ? "case.start" : "email.submit"), onsubmit: on.submit, claimed: [...EMAIL_REFUSALS, ...PROOF_REFUSALS],
        beside: h("button", { key: "change-email.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      },
        field(words, panel, { name: "email", type: "email", label: t("email.new"), first: true, claims: EMAIL_REFUSALS }),
        !two && proofFields(state, panel, { first: false })));
  },
});

export const ownEmailDialog = panel({
  load: () => ({ email: "", code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit({ email = "", ...values }) {
      if (await panel.act(() => changeOwnEmail({ email, proof: readProof(values) }))) {
        app.closeDialog();
        app.say("email.ownChanged");
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("email.title"),
      h("p", { class: "who" }, h("span", { class: "clip strong", dir: "ltr" }, panel.data.email)),
      note("info", h("p", null, t("email.ownFollows")), h("p", null, t("email.ownLater"))),
      form(words, panel, {
        submit: t("email.submit"), onsubmit: on.submit, claimed: [...EMAIL_REFUSALS, ...PROOF_REFUSALS],
        beside: h("button", { key: "own-email.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      },
        field(words, panel, { name: "email", type: "email", label: t("email.new"), first: true, claims: EMAIL_REFUSALS }),
        proofFields(state, panel, { first: false })));
  },
});

/** One's own second address, where `person` is nobody; otherwise somebody else's. */
export const secondEmailDialog = panel({
  load: () => ({ person: /** @type {PersonName | null} */ (null), email: "", code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit({ email = "", ...values }) {
      const { person } = panel.read().data;
      const proof = readProof(values);
      if (await panel.act(() => (person ? setSecondEmail({ account: person.id, email, proof }) : setOwnSecondEmail({ email, proof })))) {
        app.closeDialog();
        app.say(email.trim() === "" ? "second.removed" : "second.set");
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { person, email } = panel.data;
    return dialogHead(t("second.title"), person && whom(person),
      note("info", h("p", null, t(person ? "second.theirs" : "second.own")), h("p", null, t("second.told"))),
      form(words, panel, {
        submit: t("second.submit"), onsubmit: on.submit, claimed: [...EMAIL_REFUSALS, ...PROOF_REFUSALS],
        beside: h("button", { key: "second-email.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      },
        field(words, panel, { name: "email", type: "email", label: t("second.address"), value: email, hint: email ? t("second.hint") : null, optional: email !== "", first: true, claims: EMAIL_REFUSALS }),
        proofFields(state, panel, { first: false })));
  },
});

export const correctNameDialog = panel({
  load: () => ({ person: NOBODY, asked: /** @type {string | null} what one asked for that is not done */ (null) }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit({ name = "" }) {
      let kept = false;
      if (!(await panel.act(async () => void (kept = (await correctName({ account: panel.read().data.person.id, name })).waits ?? false)))) return;
      app.closeDialog();
      app.say(kept ? "waiting.kept" : "name.corrected");
      await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { person, asked } = panel.data;
    return dialogHead(t("name.title"), whom(person),
      form(words, panel, {
        submit: t("name.submit"), onsubmit: on.submit, claimed: ["name-empty", "name-too-long"],
        beside: h("button", { key: "correct-name.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      }, field(words, panel, { name: "name", label: t("addUser.name"), value: asked ?? person.name, hint: t("name.hint"), first: true, claims: ["name-empty", "name-too-long"] })));
  },
});
