// Resets and password codes, on the way to the sheet, and the case of two people, which ends on the support desk: what will
// happen, the support case and who asks, on one screen. A reset goes without the server as well: by a code that is made here,
// and proved by the passphrase of the desk.

/** @import { CaseAct, Channel, PersonName, RefusalCode, Situation, SupportAnswers } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, PanelState, State, Words } from "../../../tests/ui/types/page.js" */

import { issueOffline, issuePasswordCode, openCase, readChecklist, resetSecondFactor } from "../commands.js";
import { h } from "../dom.js";
import { clockSaid, isAway } from "../offline.js";
import { panel } from "../panel.js";
import { choice, field, form } from "../parts/form.js";
import { dialogHead, note, personName } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";
import { CHECK_REFUSALS, caseFields, givesCodes, noteChannel, readCase, reopens, usualChannel } from "../parts/support-case.js";

/**
 * `checklist`: none while it is read; `channel`: what is chosen before anybody chooses; `link`: how the server stood when the
 * dialog came; `proofs`: how often what was typed as proof was put away.
 * @typedef {{ person: PersonName, act: CaseAct, email?: string, token?: { id: string, name: string }, checklist: string[] | null, channel: Channel, code: boolean, link: string, proofs: number }} Data
 */
/** @typedef {{ check: (act: CaseAct) => Key, prove: Key, confirm: Key, facts: (state: State, panel: PanelState<Data>) => Child[], submit: (account: string, data: Data, support: SupportAnswers, values: Record<string, string>) => Promise<import("../../../tests/ui/types/wire.js").CaseOpened | {}> }} Way one way of doing it */

/** @type {RefusalCode[]} */
const DESK_REFUSALS = ["desk-passphrase-wrong"];

/** Each is told by a field of its own. @type {RefusalCode[]} */
const CLAIMED = [...CHECK_REFUSALS, ...PROOF_REFUSALS, ...DESK_REFUSALS];

/** How the server stands, and since when: once it went and came again, it stands otherwise. @param {Situation} situation */
const linkOf = (situation) => `${isAway(situation) ? "away" : "reached"}-${situation.open?.remote?.since ?? 0}`;

/**
 * @param {object} kind
 * @param {string} kind.name the first part of the keys of its buttons
 * @param {Key} kind.title
 * @param {boolean} [kind.danger]
 * @param {Way} kind.way
 * @param {Way} [kind.away] without the server, where it goes without
 */
function issuing({ name, title, danger = false, way: usual, away }) {
  /** As it goes now. @param {Situation} situation @returns {Way & { isAway: boolean, link: string }} */
  const now = (situation) => (away ? { ...(isAway(situation) ? away : usual), isAway: isAway(situation), link: linkOf(situation) } : { ...usual, isAway: false, link: "" });
  return panel({
    load: (app) => /** @type {Data} */ ({
      person: { id: "", name: "", email: "" }, act: "second-factor", checklist: null, channel: usualChannel(app.state().situation),
      // A code given now is always asked for, however fresh the last one is.
      code: Boolean(app.state().account?.factor), link: now(app.state().situation).link, proofs: 0,
    }),
    opened: (on) => void on.read(),
    on: (app, panel) => ({
      cancel: () => app.closeDialog(),
      read: () => panel.act(async () => panel.patch({ checklist: (await readChecklist({})).entries })),
      /** @param {string} shown how the server stood when what is confirmed was shown @param {Record<string, string>} values */
      async submit(shown, values) {
        const { data } = panel.read();
        const way = now(app.state().situation);
        // Nobody confirms another way than the one that they agreed to: the facts of the other come with the next drawing.
        if (way.link !== shown) return;
        const done = await panel.act(async () => {
          const support = readCase(values);
          noteChannel(app.state().situation, support.channel);
          const act = /** @type {CaseAct} */ (values["act"] ?? data.act);
          const reply = await way.submit(data.person.id, { ...data, act }, support, values);
          app.closeDialog();
          if ("act" in reply) {
            app.say(reply.act === "both" ? "case.openedBoth" : "case.opened");
            app.go("desk");
          }
        });
        if (done) return void (await app.refresh());
        const refused = panel.read().refusal?.code;
        revealCode(panel);
        if (refused && ![...PROOF_REFUSALS, ...DESK_REFUSALS].includes(refused)) panel.patch({ proofs: data.proofs + 1 });
        // What is on both lists stays ticked.
        if (refused === "checklist-changed") panel.patch({ checklist: (await readChecklist({}).catch(() => ({ entries: data.checklist }))).entries });
      },
    }),
    view(state, panel, on) {
      const { words, situation, account } = state;
      const { t } = words;
      const { person, act, checklist, channel, proofs } = panel.data;
      const way = now(situation);
      const refused = way.isAway ? account?.offline?.refused : null;
      // What was typed as proof of one way is not there for the other.
      const own = { ...panel, name: `${panel.name}-${way.link}-${proofs}` };
      const cancel = h("button", { key: `${name}.cancel`, type: "button", onclick: on.cancel }, t("form.cancel"));
      const failed = checklist === null && !panel.busy;
      const isMoved = panel.data.link !== way.link;
      const [keys, ...fields] = way.isAway
        ? [null, field(words, own, { name: "passphrase", type: "password", label: t("deskPassphrase.title"), autocomplete: "off", claims: DESK_REFUSALS })]
        : proofFields(state, own, { first: false, codeHint: t("proof.codeNow") });
      return dialogHead(t(title),
        h("p", { class: "who in-line" }, personName(person), h("span", { class: "clip sub", dir: "ltr" }, person.email)),
        form(words, panel, {
          submit: refused ? null : t(failed ? "trouble.again" : way.confirm), onsubmit: failed ? on.read : (values) => on.submit(way.link, values),
          danger: danger && !failed, claimed: isMoved ? [...CLAIMED, "offline"] : CLAIMED, beside: cancel, scrolls: true,
        },
        isMoved && moved(words, name, way),
        way.facts(state, panel),
        checklist === null
          ? h("p", { key: `${name}.reading`, class: "sub", tabindex: -1, "data-first": true }, panel.busy && t("case.reading"))
          : caseFields(words, panel, checklist, { askedBy: person.name, channel, check: way.check(act), codes: givesCodes(act) }),
        refused
          ? note("warn", h("p", null, words.refusal(refused)))
          : checklist !== null && h("div", { class: "case-proof" }, h("p", null, t(way.prove)), keys, h("div", { class: "pair" }, fields))));
    },
  });
}

/**
 * That it goes another way than when it was begun.
 * @param {Words} words
 * @param {string} name
 * @param {{ isAway: boolean, link: string }} way
 */
const moved = ({ t }, name, { isAway: gone, link }) =>
  h("div", { key: `${name}.moved-${link}`, role: "alert", tabindex: -1, "data-first": true, "data-news": true },
    note("warn", h("p", null, h("strong", null, t(gone ? "offline.went" : "offline.came")), " ", t(gone ? "offline.wentOther" : "offline.cameOther"))));

export const reset = issuing({
  name: "reset", title: "reset.title", danger: true,
  way: {
    check: () => "reset.check", prove: "reset.prove", confirm: "reset.confirm",
    facts: ({ words: { t } }) => [
      h("ul", { class: "facts" },
        h("li", null, t("reset.gone")), h("li", null, t("reset.closed")), h("li", null, t("reset.valid")), h("li", null, t("reset.told"))),
    ],
    submit: (account, _data, support, values) => resetSecondFactor({ account, support, proof: readProof(values) }),
  },
  away: {
    check: () => "passwordCode.check", prove: "offline.resetProve", confirm: "offline.resetConfirm",
    facts: ({ words, account }) => {
      const { t } = words;
      const clock = account?.offline && clockSaid(words, account.offline);
      return [
        h("ul", { class: "facts" },
          h("li", null, t("offline.resetUnheard")), h("li", null, t("offline.resetThen")), h("li", null, t("offline.resetCode")), h("li", null, t("offline.resetTold"))),
        clock && note("warn", h("p", null, clock)),
      ];
    },
    submit: (account, _data, support, { passphrase = "" }) => issueOffline({ account, support, passphrase }),
  },
});

export const passwordCode = issuing({
  name: "password-code", title: "passwordCode.title",
  way: {
    check: () => "passwordCode.check", prove: "passwordCode.prove", confirm: "passwordCode.confirm",
    facts: ({ words: { t } }) => [
      h("ul", { class: "facts" },
        h("li", null, t("passwordCode.changes")), h("li", null, t("passwordCode.factor")), h("li", null, t("passwordCode.valid")), h("li", null, t("passwordCode.apart"))),
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
    check: (act) => (reopens(act) ? "case.reopenCheck" : "case.check"), prove: "case.prove", confirm: "case.confirm",
    facts: ({ words: { t } }, panel) => [
      !givesCodes(panel.data.act) ? h("p", null, h("strong", null, t(`case.act.${panel.data.act}`), brings(panel.data) && t("form.colon")), brings(panel.data)) : choice(panel, {
        name: "act", label: t("case.lost"), value: panel.data.act,
        options: [{ value: "second-factor", text: t("case.lost.second-factor") }, { value: "password", text: t("case.lost.password") }, { value: "both", text: t("case.lost.both") }],
      }),
      h("ul", { class: "facts" },
        h("li", null, t("case.waits")),
        h("li", null, t(FOLLOWS[panel.data.act])),
        h("li", null, t("case.ends"), " ", t("case.nothing"))),
    ],
    submit: (account, { act, email, token }, support, values) => openCase({ account, act, support, proof: readProof(values), ...(email === undefined ? {} : { email }), ...(token === undefined ? {} : { token: token.id }) }),
  },
});
