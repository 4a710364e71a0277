// The journal, and one's own part of it: the same list, told in other words.

/** @import { JournalPage, JournalRow, PersonName } from "../../../tests/ui/types/wire.js" */
/** @import { App, Child, Words } from "../../../tests/ui/types/page.js" */

import { proveEntry, readEvidence, readJournal, readMyActivity } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { heading } from "../parts/note.js";
import { sentence } from "../journal-words.js";

/** @typedef {{ rows: JournalRow[], next: number | null, person: PersonName | null }} Data */

export const journal = panel({
  /** @returns {Promise<Data>} */
  async load(_app, id) {
    const page = await readJournal(id ? { person: id } : {});
    return { ...page, person: id ? named(page.rows, id) : null };
  },
  on: (app, panel) => ({
    everybody: () => app.go("journal"),
    verify: () => app.ask("verify-journal"),
    export: () => app.ask("export-journal", { person: panel.read().data.person }),
    evidence: () => panel.act(async () => app.ask("evidence", { shown: await readEvidence({}) })),
    prove: (/** @type {number} */ index) => prove(app, panel, index),
    older: () => older(panel, (before) => readJournal({ ...(panel.read().id ? { person: panel.read().id ?? "" } : {}), before })),
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { data, id } = panel;
    return [
      h("p", { class: "crumbs" }, t("journal.crumbs")),
      heading(t("journal.title"), h("div", { class: "buttons beside-heading" },
        h("button", { key: "journal.verify", type: "button", onclick: on.verify }, t("evidence.verifyOpen")),
        h("button", { key: "journal.export", type: "button", onclick: on.export }, t("evidence.exportOpen")),
        h("button", { key: "journal.evidence", type: "button", onclick: on.evidence }, t("evidence.open")))),
      id && h("div", { class: "tools" },
        h("p", { class: "filter" }, words.rich("journal.only", { name: data.person ? h("bdi", { class: "clip strong" }, data.person.name) : "–" })),
        h("button", { key: "journal.everybody", type: "button", onclick: on.everybody }, t("journal.everybody"))),
      !id && h("p", { class: "hint" }, t("journal.hint")),
      list(words, panel, on, (row) => sentence(words, row, null, (person) => h("a", { href: `#/journal/${person.id}`, title: t("journal.filter", { name: person.name }) }, h("bdi", { class: "clip" }, person.name)))),
    ];
  },
});

export const activity = panel({
  /** @returns {Promise<Data>} */
  async load() {
    return { ...(await readMyActivity({})), person: null };
  },
  on: (app, panel) => ({
    prove: (/** @type {number} */ index) => prove(app, panel, index),
    older: () => older(panel, (before) => readMyActivity({ before })),
  }),
  view({ words, situation }, panel, on) {
    const me = situation.open?.me?.person.id ?? "";
    return [
      heading(words.t("activity.title")),
      h("p", { class: "hint" }, words.t("activity.hint")),
      list(words, panel, on, (row) => sentence(words, row, me, (person) => h("bdi", { class: "clip strong", title: person.email }, person.name))),
    ];
  },
});

/**
 * @param {import("../../../tests/ui/types/page.js").PanelHandle<Data>} panel
 * @param {(before: number) => Promise<JournalPage>} read
 */
async function older(panel, read) {
  const { next, rows } = panel.read().data;
  if (next === null) return;
  await panel.act(async () => {
    const page = await read(next);
    panel.patch({ rows: [...rows, ...page.rows], next: page.next });
  });
}

/**
 * Holds one entry against the last signed checkpoint.
 * @param {App} app
 * @param {import("../../../tests/ui/types/page.js").PanelHandle<Data>} panel
 * @param {number} index
 */
const prove = (app, panel, index) => panel.act(async () => {
  const { words } = app.state();
  const { proved, size, at } = await proveEntry({ index });
  app.say(proved ? "journal.proved" : "journal.notProved", { index: words.number(index), size: words.number(size), at: words.dateTime(at) });
});

/**
 * @param {JournalRow[]} rows
 * @param {string} id
 */
const named = (rows, id) => rows.flatMap(({ actor, subject }) => [actor, subject]).find((person) => person?.id === id) ?? null;

/**
 * Under one heading per day, newest first.
 * @param {Words} words
 * @param {import("../../../tests/ui/types/page.js").PanelState<Data>} panel
 * @param {{ older: () => void, prove: (index: number) => void }} on
 * @param {(row: JournalRow) => Child} tell
 */
function list(words, { name, data, busy }, on, tell) {
  const { t } = words;
  if (data.rows.length === 0) return h("p", { class: "empty" }, t("journal.none"));
  const days = Map.groupBy(data.rows, (row) => words.date(row.at));
  return [
    [...days].map(([day, rows]) => [
      h("h2", { class: "day" }, day),
      h("ol", { class: "entries" }, rows.map((row) =>
        h("li", { class: mood(row.kind) }, h("time", { datetime: new Date(row.at * 1000).toISOString() }, words.time(row.at)), h("p", { dir: "auto" }, tell(row)),
          h("button", { key: `${name}.prove.${row.index}`, type: "button", class: "entry-number", title: t("journal.prove"), "aria-label": t("journal.proveEntry", { index: words.number(row.index) }), onclick: () => on.prove(row.index) }, words.number(row.index))))),
    ]),
    data.next !== null && h("div", { class: "buttons" },
      h("button", { key: `${name}.older`, type: "button", "aria-disabled": busy ? "true" : null, onclick: on.older }, t("journal.older"))),
  ];
}

/** What somebody looks for first at night. @param {string} kind */
const mood = (kind) =>
  ["factor.reset", "factor.disabled", "sign-in.locked", "policy.changed", "policy.community-changed", "gate.refused"].includes(kind) ? "notable" : null;
