// Whose entries the journal is to show: somebody who is looked for, or anybody again.

/** @import { PersonName, PersonRow } from "../../../tests/ui/types/wire.js" */

import { listPeople } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { dialogHead } from "../parts/note.js";

const SHOWN = 6;

export const journalPersonDialog = panel({
  load: () => ({ what: /** @type {"person" | "actor"} */ ("person"), choose: /** @type {(person: PersonName | null) => void} */ (() => {}), asked: "", rows: /** @type {PersonRow[]} */ ([]), found: /** @type {number | null} */ (null) }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** An answer that a later question has overtaken is dropped. @param {Event} event */
    async search(event) {
      if (!(event.target instanceof HTMLInputElement)) return;
      const asked = event.target.value.trim();
      panel.patch({ asked });
      if (asked === "") return panel.patch({ rows: [], found: null });
      const page = await listPeople({ search: asked, limit: SHOWN }).catch(() => null);
      if (page && panel.read().data.asked === asked) panel.patch({ rows: page.rows, found: page.total });
    },
    /** Enter takes the first who was found. @param {KeyboardEvent} event */
    key(event) {
      const [first] = panel.read().data.rows;
      if (event.key !== "Enter" || !first) return;
      event.preventDefault();
      this.take(first.person);
    },
    /** @param {PersonName | null} person */
    take(person) {
      const { choose } = panel.read().data;
      app.closeDialog();
      choose(person);
    },
  }),
  view({ words }, { data }, on) {
    const { t, n } = words;
    const { what, asked, rows, found } = data;
    return dialogHead(t(what === "person" ? "journal.choosePerson" : "journal.chooseActor"),
      h("input", { key: "journal-person.search", type: "search", class: "find-search", "data-first": true, "aria-label": t("users.search"), placeholder: t("users.search"), autocomplete: "off", spellcheck: "false", dir: "auto", oninput: on.search, onkeydown: (/** @type {KeyboardEvent} */ event) => on.key(event) }),
      h("ul", { class: "choices" }, rows.map(({ person }) => h("li", null,
        h("button", { key: `journal-person.${person.id}`, type: "button", onclick: () => on.take(person) }, h("bdi", { class: "clip" }, person.name), h("span", { class: "clip sub", dir: "ltr" }, person.email))))),
      h("p", { class: "sub", role: "status" }, asked === "" || found === null ? "" : found === 0 ? t("users.none") : n("users.found", found)),
      h("div", { class: "buttons" },
        h("button", { key: "journal-person.anybody", type: "button", onclick: () => on.take(null) }, t("journal.anybody")),
        h("button", { key: "journal-person.cancel", type: "button", onclick: on.cancel }, t("form.cancel"))));
  },
});
