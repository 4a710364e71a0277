// Entries of the journal as rows of the table.

/** @import { JournalRow } from "../../../tests/ui/types/wire.js" */
/** @import { Words } from "../../../tests/ui/types/page.js" */
/** @import { Query } from "../journal-list.js" */
/** @import { Pages } from "../pages.js" */

import { h } from "../dom.js";
import { spelled } from "../journal-list.js";
import { mood, sentence } from "../journal-words.js";
import { writeHash } from "../route.js";

/**
 * @param {Words} words
 * @param {{ list: Pages<JournalRow>, query: Query, person: string | null, end: number, entry: JournalRow | null }} shown
 * @param {{ open: (id: string) => void, moved: (id: string) => void, prove: (index: number) => void }} on
 */
export function journalTable(words, { list, query, person, end, entry }, on) {
  const { t } = words;
  return h("data-table", { key: "journal.table", "data-stays": true, class: "table-journal", options: {
    key: "journal", label: t("journal.title"), total: list.total, selected: entry ? String(entry.index) : null, list, asked: spelled(query, person, end),
    activate: (/** @type {string} */ id) => on.open(id),
    moved: (/** @type {string} */ id) => on.moved(id),
    columns: [
      { name: t("journal.when"), class: "when" },
      { name: t("journal.what"), class: "wide" },
      { name: t("journal.number"), class: "number-cell" },
    ],
    row: (/** @type {JournalRow} */ row) => ({ id: String(row.index), label: `${words.dateTime(row.at)}. ${told(words, row)}`, cells: cells(words, row, on) }),
  } });
}

/** @param {Words} words @param {JournalRow} row */
const told = (words, row) => h("p", null, sentence(words, row, null, ({ name }) => name)).textContent;

/**
 * @param {Words} words
 * @param {JournalRow} row
 * @param {{ prove: (index: number) => void }} on
 */
const cells = (words, row, on) => [
  h("time", { class: "two-lines", datetime: new Date(row.at * 1000).toISOString() }, h("span", { class: "nowrap" }, words.date(row.at)), " ", h("span", { class: "nowrap" }, words.time(row.at))),
  h("p", { class: `two-lines ${mood(row.kind) ?? ""}`, dir: "auto", title: told(words, row) }, sentence(words, row, null, (person) =>
    h("a", { class: "row-link", tabindex: -1, href: writeHash("journal", person.id), title: words.t("journal.filter", { name: person.name }) }, h("bdi", { class: "strong" }, person.name)))),
  h("button", { type: "button", class: "entry-number", tabindex: -1, title: words.t("journal.prove"), "aria-label": words.t("journal.proveEntry", { index: words.number(row.index) }), onclick: () => on.prove(row.index) }, words.number(row.index)),
];
