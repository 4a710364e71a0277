// The journal: everything that happened, found by whom, what, where and when.

/** @import { JournalRow, PersonName } from "../../../tests/ui/types/wire.js" */
/** @import { Child } from "../../../tests/ui/types/page.js" */
/** @import { Answer, Query } from "../journal-list.js" */

import { toRefusal } from "../bridge.js";
import { readEvidence } from "../commands.js";
import { focusKey, h } from "../dom.js";
import { EVERYTHING, find, narrows, remember, remembered } from "../journal-list.js";
import { panel } from "../panel.js";
import { entryPanel } from "../parts/journal-entry.js";
import { journalFilters } from "../parts/journal-filters.js";
import { journalTable } from "../parts/journal-table.js";
import { note } from "../parts/note.js";
import { proof } from "../prove.js";

/** `asked` is what the fields say, `query` what the list is the answer to. */
/** @typedef {Answer & { asked: Query, query: Query, announced: string, entry: JournalRow | null, proof: { proved: boolean, text: string } | null }} Data */

export const journal = panel({
  /** @returns {Promise<Data>} */
  async load(app, id) {
    const now = app.state().screen;
    /** @type {Query} */
    const asked = now.name === "journal" && now.data ? now.data.asked : remembered();
    const lost = () => void app.refresh();
    try {
      return { ...(await find(asked, id, lost)), asked, query: asked, announced: "", entry: null, proof: null };
    } catch (reason) {
      // A community that is gone, or no longer within reach, narrows nothing any more.
      if (toRefusal(reason).code !== "not-allowed" || asked.community === "") throw reason;
      const wider = { ...asked, community: "" };
      return { ...(await find(wider, id, lost)), asked: wider, query: wider, announced: "", entry: null, proof: null };
    }
  },
  on: (app, panel) => ({
    verify: () => app.ask("verify-journal"),
    export: () => app.ask("export-journal", { person: panel.read().data.page.person }),
    evidence: () => panel.act(async () => app.ask("evidence", { shown: await readEvidence({}) })),
    /** Asks for another list. An answer that a later question has overtaken is dropped. @param {Partial<Query>} change */
    async ask(change) {
      const { id } = panel.read();
      const asked = { ...panel.read().data.asked, ...change };
      panel.patch({ asked });
      remember(asked);
      const answer = await find(asked, id, () => void app.refresh()).catch(() => void app.refresh());
      const now = panel.read();
      if (!answer || now.name !== "journal" || now.id !== id || now.data.asked !== asked) return;
      panel.patch({ ...answer, query: asked, entry: null, proof: null, announced: app.state().words.n("journal.found", answer.list.total) });
    },
    clear() {
      if (panel.read().id === null) return void this.ask(EVERYTHING);
      remember(EVERYTHING);
      panel.patch({ asked: EVERYTHING });
      app.go("journal");
    },
    /** Who it is by or about stands in the address, so that other screens can lead here. */
    person: () => app.ask("journal-person", { what: "person", choose: (/** @type {PersonName | null} */ person) => app.go("journal", person?.id ?? null) }),
    actor() {
      app.ask("journal-person", { what: "actor", choose: (/** @type {PersonName | null} */ actor) => void this.ask({ actor }) });
    },
    /** @param {PersonName} actor */
    onlyBy(actor) {
      void this.ask({ actor });
    },
    /** @param {string} id */
    open(id) {
      const { list } = panel.read().data;
      const entry = list.at(list.find((row) => String(row.index) === id));
      if (!entry) return;
      panel.patch({ entry, proof: null });
      // In a narrow window the list gives way to the entry.
      if (document.activeElement === document.body) focusKey(document.body, "entry.close");
    },
    /** With an entry beside the list, the arrows move on to the next. @param {string} id */
    moved(id) {
      if (panel.read().data.entry !== null) this.open(id);
    },
    close() {
      const { entry } = panel.read().data;
      panel.patch({ entry: null, proof: null });
      if (!focusKey(document.body, `journal.${entry?.index}`)) focusKey(document.body, "journal.table");
    },
    /** @param {number} index */
    prove: (index) => panel.act(async () => {
      const said = await proof(app, index);
      if (panel.read().data.entry?.index === index) panel.patch({ proof: said });
      else app.tell(said.text);
    }),
  }),
  /** @returns {Child[]} */
  view({ words }, { data, id, refusal }, on) {
    const { t, n } = words;
    const { list, entry, asked, query, page } = data;
    const narrowed = id !== null || narrows(asked);
    return [
      h("p", { class: "crumbs" }, t("journal.crumbs")),
      h("header", { class: "heading" },
        h("div", { class: "heading-words" }, h("h1", { tabindex: -1 }, t("journal.title")), h("span", { class: "sub" }, n("journal.found", list.total))),
        h("div", { class: "buttons" },
          h("button", { key: "journal.verify", type: "button", onclick: on.verify }, t("evidence.verifyOpen")),
          h("button", { key: "journal.export", type: "button", onclick: on.export }, t("evidence.exportOpen")),
          h("button", { key: "journal.evidence", type: "button", onclick: on.evidence }, t("evidence.open")))),
      refusal && h("div", { role: "alert" }, note("danger", h("p", null, words.refusal(refusal)))),
      journalFilters(words, data, id, narrowed, on),
      h("div", { class: entry ? "beside fills with-person" : "beside fills" },
        h("div", { class: "beside-list" }, list.total === 0
          ? h("p", { class: "empty" }, t(narrowed ? "journal.noneSo" : "journal.none"))
          : journalTable(words, { list, query, person: id, end: page.end, entry }, on)),
        entry && entryPanel(words, entry, page.communities, data.proof, on)),
    ];
  },
});
