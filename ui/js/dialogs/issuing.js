// Resets and password codes, on the way to the sheet: what will happen, the support case, then who asks. And the case of
// two people, which takes the same way and ends on the support desk. A reset goes without the server as well: by a code that is
// made here, and proved by the passphrase of the desk.

/** @import { CaseAct, PersonName, RefusalCode, SupportAnswers } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, PanelState, State } from "../../../tests/ui/types/page.js" */

import { issueOffline, issuePasswordCode, openCase, readChecklist, resetSecondFactor } from "../commands.js";
import { h } from "../dom.js";
import { clockSaid, isAway } from "../offline.js";
import { panel } from "../panel.js";
import { choice, field, form } from "../parts/form.js";
import { dialogHead, note, personName } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";
import { caseFields, givesCodes, readCase, reopens } from "../parts/support-case.js";

/** @typedef {"facts" | "case" | "proof"} Step */
/** @typedef {{ person: PersonName, step: Step, act: CaseAct, email?: string, token?: { id: string, name: string }, checklist: string[], support: SupportAnswers | null, code: boolean, away: boolean }} Data `away`: agreed to as it goes without the server */
/** @typedef {{ agree: Key, prove: Key, confirm: Key, facts: (state: State, panel: PanelState<Data>) => Child[], submit: (account: string, data: Data, support: SupportAnswers, values: Record<string, string>) => Promise<import("../../../tests/ui/types/wire.js").CaseOpened | {}> }} Way one way of doing it; `agree`: what the button under the facts says */

/** @type {RefusalCode[]} */
const DESK_REFUSALS = ["vault-passphrase-wrong"];

/** @type {Data} */
const BLANK = Object.freeze({ person: { id: "", name: "", email: "" }, step: "facts", act: "second-factor", checklist: [], support: null, code: false, away: false });

/**
 * Nobody confirms another way than the one that they agreed to: where the server came or went since, the facts come again.
 * @param {Pick<Data, "step" | "away">} data
 * @param {boolean} away
 * @returns {Step}
 */
export const stepNow = (data, away) => (data.step === "proof" && data.away !== away ? "facts" : data.step);

/**
 * @param {object} kind
 * @param {string} kind.name the first part of the keys of its buttons
 * @param {Key} kind.title
 * @param {boolean} [kind.danger]
 * @param {Way} kind.way
 * @param {Way} [kind.away] without the server, where it goes without
 */
function issuing({ name, title, danger = false, way: usual, away }) {
  /** As it goes now. @param {State} state @returns {Way & { isAway: boolean }} */
  const now = ({ situation }) => (away && isAway(situation) ? { ...away, isAway: true } : { ...usual, isAway: false });
  return panel({
    load: () => BLANK,
    on: (app, panel) => ({
      cancel: () => app.closeDialog(),
      /** A code given now is always asked for, however fresh the last one is. */
      agree: (/** @type {Record<string, string>} */ values) => panel.act(async () => {
        const act = /** @type {CaseAct} */ (values["act"] ?? panel.read().data.act);
        const agreed = now(app.state()).isAway;
        const { entries } = await readChecklist({});
        panel.patch({ step: "case", act, checklist: entries, code: Boolean(app.state().account?.factor), away: agreed });
      }),
      fill: (/** @type {Record<string, string>} */ values) => panel.act(async () => panel.patch({ support: readCase(values), step: "proof" })),
      back: () => panel.patch({ step: "case" }),
      async submit(/** @type {Record<string, string>} */ values) {
        const { data } = panel.read();
        const { person, support } = data;
        if (!support) return panel.patch({ step: "case" });
        const way = now(app.state());
        if (stepNow(data, way.isAway) !== "proof") return panel.patch({ step: "facts" });
        const done = await panel.act(async () => {
          const reply = await way.submit(person.id, data, support, values);
          app.closeDialog();
          if ("act" in reply) {
            app.say(reply.act === "both" ? "case.openedBoth" : "case.opened");
            app.go("desk");
          }
        });
        if (done) return void (await app.refresh());
        // What was filled in is to be seen where it is refused.
        if (["case-incomplete", "checklist-changed"].includes(panel.read().refusal?.code ?? "")) panel.patch({ step: "case", checklist: (await readChecklist({})).entries });
        else revealCode(panel);
      },
    }),
    view(state, panel, on) {
      const { words } = state;
      const { t } = words;
      const { person, checklist, support } = panel.data;
      const way = now(state);
      const step = stepNow(panel.data, way.isAway);
      // Each step has its own fields and button: the focus begins anew with it.
      const own = { ...panel, name: `${panel.name}-${step}` };
      const cancel = h("button", { key: `${name}.cancel`, type: "button", onclick: on.cancel }, t("form.cancel"));
      const whom = h("p", { class: "who" }, personName(person), h("span", { class: "clip sub", dir: "ltr" }, person.email));
      const refused = way.isAway ? state.account?.offline?.refused : null;
      if (refused && step === "facts") return dialogHead(t(title), whom, note("warn", h("p", null, words.refusal(refused))), h("div", { class: "buttons" }, cancel));
      if (step === "facts") {
        return dialogHead(t(title), whom,
          form(words, own, { submit: t(way.agree), onsubmit: on.agree, danger, beside: cancel }, way.facts(state, own)));
      }
      if (step === "case") {
        return dialogHead(t(title), whom,
          h("p", { class: "sub" }, t("case.lead")),
          form(words, own, { submit: t("form.continue"), onsubmit: on.fill, beside: cancel }, caseFields(words, own, checklist, support, givesCodes(panel.data.act))));
      }
      return dialogHead(t(title), whom,
        h("p", null, t(way.prove)),
        form(words, own, { submit: t(way.confirm), onsubmit: on.submit, danger, claimed: way.isAway ? DESK_REFUSALS : PROOF_REFUSALS, beside: [cancel, h("button", { key: `${name}.back`, type: "button", onclick: on.back }, t("form.back"))] },
          way.isAway
            ? field(words, own, { name: "passphrase", type: "password", label: t("deskPassphrase.title"), first: true, autocomplete: "off", claims: DESK_REFUSALS })
            : proofFields(state, own, { codeHint: t("proof.codeNow") })));
    },
  });
}

export const reset = issuing({
  name: "reset", title: "reset.title", danger: true,
  way: {
    agree: "reset.submit", prove: "reset.prove", confirm: "reset.confirm",
    facts: ({ words: { t } }) => [
      h("p", null, t("reset.lead")),
      h("ul", { class: "facts" },
        h("li", null, t("reset.gone")), h("li", null, t("reset.closed")), h("li", null, t("reset.valid")), h("li", null, t("reset.told"))),
      note("warn", h("p", null, h("strong", null, t("reset.checkTitle")), " ", t("reset.check")), h("p", null, t("reset.channel"))),
    ],
    submit: (account, _data, support, values) => resetSecondFactor({ account, support, proof: readProof(values) }),
  },
  away: {
    agree: "offline.resetAgree", prove: "offline.resetProve", confirm: "offline.resetConfirm",
    facts: ({ words, account }) => {
      const { t } = words;
      const clock = account?.offline && clockSaid(words, account.offline);
      return [
        h("p", null, t("offline.resetLead")),
        h("ul", { class: "facts" },
          h("li", null, t("offline.resetCode")), h("li", null, t("offline.resetUnheard")), h("li", null, t("offline.resetThen")), h("li", null, t("offline.resetTold"))),
        clock && note("warn", h("p", null, clock)),
        note("warn", h("p", null, h("strong", null, t("reset.checkTitle")), " ", t("passwordCode.check")), h("p", null, t("reset.channel"))),
      ];
    },
    submit: (account, _data, support, { passphrase = "" }) => issueOffline({ account, support, passphrase }),
  },
});

export const passwordCode = issuing({
  name: "password-code", title: "passwordCode.title",
  way: {
    agree: "form.continue", prove: "passwordCode.prove", confirm: "passwordCode.confirm",
    facts: ({ words: { t } }) => [
      h("ul", { class: "facts" },
        h("li", null, t("passwordCode.changes")), h("li", null, t("passwordCode.factor")), h("li", null, t("passwordCode.valid")), h("li", null, t("passwordCode.apart"))),
      note("warn", h("p", null, h("strong", null, t("reset.checkTitle")), " ", t("passwordCode.check")), h("p", null, t("reset.channel"))),
    ],
    submit: (account, _data, support, values) => issuePasswordCode({ account, support, proof: readProof(values) }),
  },
});

/** What it comes to, once it is carried out. @type {Readonly<Record<CaseAct, Key>>} */
const FOLLOWS = Object.freeze({
  "second-factor": "case.both", password: "case.both", both: "case.both", reactivation: "case.reactivation", "signs-in-here": "case.signsInHere", email: "case.email", token: "case.token",
});

/** The address or the token that a case brings. @param {Data} data @returns {Child} */
const brings = ({ email, token }) => (email !== undefined ? h("bdi", { class: "breaks", dir: "ltr" }, email) : token !== undefined ? h("bdi", { class: "breaks" }, token.name) : null);

export const caseDialog = issuing({
  name: "case", title: "case.title",
  way: {
    agree: "form.continue", prove: "case.prove", confirm: "case.confirm",
    facts: ({ words: { t } }, panel) => [
      !givesCodes(panel.data.act) ? h("p", null, h("strong", null, t(`case.act.${panel.data.act}`), brings(panel.data) && t("form.colon")), brings(panel.data)) : choice(panel, {
        name: "act", label: t("case.lost"), value: panel.data.act,
        options: [{ value: "second-factor", text: t("case.lost.second-factor") }, { value: "password", text: t("case.lost.password") }, { value: "both", text: t("case.lost.both") }],
      }),
      h("ul", { class: "facts" },
        h("li", null, t("case.waits")),
        h("li", null, t(FOLLOWS[panel.data.act])),
        h("li", null, t("case.ends")), h("li", null, t("case.nothing"))),
      note("warn", h("p", null, h("strong", null, t("reset.checkTitle")), " ", t(reopens(panel.data.act) ? "case.reopenCheck" : "case.check"))),
    ],
    submit: (account, { act, email, token }, support, values) => openCase({ account, act, support, proof: readProof(values), ...(email === undefined ? {} : { email }), ...(token === undefined ? {} : { token: token.id }) }),
  },
});
