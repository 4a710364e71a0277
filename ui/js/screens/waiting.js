// The outbox of this desktop: changes that wait for the server, and what became of them.

/** @import { WaitingKind, WaitingRow, WaitingState } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, State, Words } from "../../../tests/ui/types/page.js" */

import { askAgain, putAside, readWaiting, sendWaiting } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { heading, note } from "../parts/note.js";
import { writeHash } from "../route.js";

/** @type {Readonly<Record<WaitingState, { tone: string, label: Key }>>} */
const STATES = Object.freeze({
  waiting: { tone: "warn", label: "waiting.state.waiting" }, sent: { tone: "warn", label: "waiting.state.sent" },
  accepted: { tone: "ok", label: "waiting.state.accepted" }, refused: { tone: "danger", label: "waiting.state.refused" },
});

/** @type {Readonly<Record<WaitingKind, Key>>} */
const WHAT = Object.freeze({
  "correct-name": "waiting.what.correct-name", "set-checklist": "waiting.what.set-checklist",
  "dismiss-request": "waiting.what.dismiss-request", "withdraw-case": "waiting.what.withdraw-case",
});

export const waiting = panel({
  load: () => readWaiting({}),
  on: (app, panel) => ({
    async send() {
      if (await panel.act(() => sendWaiting({}))) await app.refresh();
    },
    /** @param {WaitingRow} row */
    async aside(row) {
      if (await panel.act(() => putAside({ key: row.key }))) await app.refresh();
    },
    /** What was accepted stands in the journal. */
    async tidy() {
      const done = panel.read().data.rows.filter(({ state }) => state === "accepted");
      const all = async () => {
        for (const { key } of done) await putAside({ key });
      };
      if (await panel.act(all)) await app.refresh();
    },
    /** @param {WaitingRow} row */
    async again(row) {
      if (await panel.act(() => askAgain({ key: row.key }))) await app.refresh();
    },
  }),
  view(state, { data, refusal, busy }, on) {
    const { words } = state;
    const { t, n } = words;
    const { rows, undecided } = data;
    const accepted = rows.filter((row) => row.state === "accepted").length;
    const refused = rows.filter((row) => row.state === "refused").length;
    return [
      h("p", { class: "crumbs" }, t("waiting.crumbs")),
      heading(t("waiting.title"), accepted > 1 && h("button", { key: "waiting.tidy", type: "button", onclick: on.tidy }, t("waiting.tidy")), undecided > 0 && canSend(state) && h("button", { key: "waiting.send", type: "button", class: "primary", "aria-disabled": busy ? "true" : null, onclick: on.send }, t("waiting.send"))),
      h("p", { class: "lead" }, t("waiting.lead")),
      refusal && h("div", { role: "alert" }, note("danger", h("p", null, words.refusal(refusal)))),
      rows.length === 0
        ? h("p", { class: "empty" }, t("waiting.none"))
        : [h("p", { class: "sub", role: "status" }, undecided > 0 ? n("waiting.count", undecided) : t("waiting.allDecided"), refused > 0 && [" ", n("waiting.refused", refused)]),
          h("ul", { class: "desk-list" }, rows.toReversed().map((row) => item(words, row, on)))],
    ];
  },
});

/** @param {State} state */
const canSend = ({ situation: { open } }) => Boolean(open?.remote?.connected && !open.remote.alone);

/**
 * @param {Words} words
 * @param {WaitingRow} row
 * @param {{ aside: (row: WaitingRow) => unknown, again: (row: WaitingRow) => unknown }} on
 */
function item(words, row, on) {
  const { t } = words;
  const { key, kind, person, state, refusal } = row;
  const what = t(WHAT[kind]);
  // Two about the same person are told apart by their words.
  const label = [what, person?.name, kind === "correct-name" && row.words[0]].filter(Boolean).join(", ");
  return h("li", { class: "card", "aria-label": label },
    h("header", null, h("span", { class: "strong" }, what), h("span", { class: `chip ${STATES[state].tone}` }, t(STATES[state].label))),
    person && h("p", null, h("a", { key: `waiting.person.${key}`, class: "who plain", href: writeHash("users", person.id) }, h("bdi", { class: "clip strong" }, person.name), h("span", { class: "clip sub", dir: "ltr" }, person.email))),
    asked(words, row),
    h("p", { class: "sub" }, t("waiting.madeAt", { at: words.moment(row.madeAt) })),
    refusal && note("warn", h("p", null, words.refusal(refusal))),
    state === "sent" && h("p", { class: "sub" }, t("waiting.unknown")),
    state !== "sent" && h("div", { class: "buttons" },
      state === "refused" && h("button", { key: `waiting.again.${key}`, type: "button", "aria-label": t("waiting.againOne", { what: label }), onclick: () => on.again(row) }, t("waiting.again")),
      h("button", { key: `waiting.aside.${key}`, type: "button", "aria-label": t(state === "waiting" ? "waiting.dropOne" : "waiting.asideOne", { what: label }), onclick: () => on.aside(row) }, t(state === "waiting" ? "waiting.drop" : "waiting.aside"))));
}

/** What was typed. @param {Words} words @param {WaitingRow} row @returns {Child} */
function asked({ rich }, { kind, words: typed }) {
  if (kind === "correct-name") return h("p", null, rich("waiting.newName", { name: h("bdi", { class: "breaks strong" }, typed[0] ?? "") }));
  if (kind === "set-checklist") return h("ul", { class: "facts" }, typed.map((entry) => h("li", { dir: "auto" }, entry)));
  return null;
}
