// One's own part of the journal, told to oneself.

/** @import { JournalRow } from "../../../tests/ui/types/wire.js" */
/** @import { Child, PanelState, Words } from "../../../tests/ui/types/page.js" */

import { readMyActivity } from "../commands.js";
import { h } from "../dom.js";
import { mood, sentence } from "../journal-words.js";
import { panel } from "../panel.js";
import { heading } from "../parts/note.js";
import { prove } from "../prove.js";

/** @typedef {{ rows: JournalRow[], next: number | null }} Data */

/** Kinds of which one can say "this was not me": ways in, and what leads to them. */
const MATTERS = /^(sign-in|check|factor|password)\.|^(session\.unlocked|kit\.owner-recovered|token\.activated|person\.(invitation-accepted|email-changed|second-email-set|second-email-removed))$/;

export const activity = panel({
  /** @returns {Promise<Data>} */
  load: () => readMyActivity({}),
  on: (app, panel) => ({
    /** @param {JournalRow} row */
    notMe: (row) => app.ask("report", { row }),
    prove: (/** @type {number} */ index) => panel.act(() => prove(app, index)),
    async older() {
      const { next, rows } = panel.read().data;
      if (next === null) return;
      await panel.act(async () => {
        const page = await readMyActivity({ before: next });
        panel.patch({ rows: [...rows, ...page.rows], next: page.next });
      });
    },
  }),
  view({ words, situation }, panel, on) {
    const me = situation.open?.me?.person.id ?? "";
    return [
      heading(words.t("activity.title")),
      h("p", { class: "hint" }, words.t("activity.hint")),
      list(words, panel, me, on, (row) => sentence(words, row, me, (person) => h("bdi", { class: "clip strong", title: person.email }, person.name))),
    ];
  },
});

/**
 * Under one heading per day, newest first.
 * @param {Words} words
 * @param {PanelState<Data>} panel
 * @param {string} me
 * @param {{ older: () => void, prove: (index: number) => void, notMe: (row: JournalRow) => void }} on
 * @param {(row: JournalRow) => Child} tell
 */
function list(words, { name, data, busy }, me, on, tell) {
  const { t } = words;
  if (data.rows.length === 0) return h("p", { class: "empty" }, t("journal.none"));
  const days = Map.groupBy(data.rows, (row) => words.date(row.at));
  return [
    [...days].map(([day, rows]) => [
      h("h2", { class: "day" }, day),
      h("ol", { class: "entries" }, rows.map((row) =>
        h("li", { class: mood(row.kind) }, h("time", { datetime: new Date(row.at * 1000).toISOString() }, words.time(row.at)), h("p", { dir: "auto" }, tell(row)),
          h("div", { class: "entry-acts" },
            row.subject?.id === me && MATTERS.test(row.kind) && h("button", { key: `${name}.notMe.${row.index}`, type: "button", class: "link entry-ask", "aria-label": t("notMe.entryOne", { index: words.number(row.index) }), onclick: () => on.notMe(row) }, t("notMe.entry")),
            h("button", { key: `${name}.prove.${row.index}`, type: "button", class: "entry-number", title: t("journal.prove"), "aria-label": t("journal.proveEntry", { index: words.number(row.index) }), onclick: () => on.prove(row.index) }, words.number(row.index)))))),
    ]),
    data.next !== null && h("div", { class: "buttons" },
      h("button", { key: `${name}.older`, type: "button", "aria-disabled": busy ? "true" : null, onclick: on.older }, t("journal.older"))),
  ];
}
