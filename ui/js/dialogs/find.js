// Ctrl+K: finds a person from anywhere, and goes to them.

/** @import { PersonRow } from "../../../tests/ui/types/wire.js" */

import { listPeople } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { tone } from "../parts/person.js";
import { dialogHead } from "../parts/note.js";

const SHOWN = 6;

export const findDialog = panel({
  load: () => ({ asked: "", rows: /** @type {PersonRow[]} */ ([]), total: 0, at: 0, answered: "" }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** A reply that a later search has overtaken is dropped. @param {Event} event */
    async search(event) {
      if (!(event.target instanceof HTMLInputElement)) return;
      const asked = event.target.value.trim();
      panel.patch({ asked });
      if (asked === "") return panel.patch({ rows: [], total: 0, at: 0, answered: "" });
      const page = await listPeople({ search: asked, limit: SHOWN }).catch(() => null);
      if (page && panel.read().data.asked === asked) panel.patch({ rows: page.rows, total: page.total, at: 0, answered: asked });
    },
    /** @param {KeyboardEvent} event */
    key(event) {
      const { rows, at, asked, answered } = panel.read().data;
      const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (by !== 0 && rows.length > 0) panel.patch({ at: (at + by + rows.length) % rows.length });
      // Enter before the answer would go to somebody else.
      else if (event.key === "Enter") asked === answered && rows[at] && this.go(rows[at].person.id);
      else return;
      event.preventDefault();
    },
    /** @param {string} id */
    go(id) {
      app.closeDialog();
      app.go("users", id);
    },
  }),
  view({ words }, { data }, on) {
    const { t, n } = words;
    const { asked, rows, total, at, answered } = data;
    return dialogHead(t("find.title"),
      h("input", {
        key: "find.search", type: "search", class: "find-search", "data-first": true, role: "combobox", "aria-expanded": rows.length > 0 ? "true" : "false", "aria-controls": "find-list",
        "aria-activedescendant": rows[at] ? `find-${at}` : null, "aria-autocomplete": "list", "aria-label": t("users.search"), placeholder: t("users.search"),
        autocomplete: "off", spellcheck: "false", dir: "auto", oninput: on.search, onkeydown: (/** @type {KeyboardEvent} */ event) => on.key(event),
      }),
      h("ul", { id: "find-list", class: "find-list", role: "listbox", "aria-label": t("users.title") }, rows.map(({ person, state }, index) =>
        h("li", { id: `find-${index}`, role: "option", "aria-selected": index === at ? "true" : "false", onclick: () => on.go(person.id) },
          h("span", { class: "who" }, h("bdi", { class: "clip strong" }, person.name), h("span", { class: "clip sub", dir: "ltr" }, person.email)),
          h("span", { class: `chip ${tone(state)}` }, t(`state.${state}`))))),
      h("p", { class: "sub", role: "status" }, asked === "" ? t("find.hint") : answered !== asked ? "" : total === 0 ? t("users.none") : n("users.found", total)),
      h("div", { class: "buttons" }, h("button", { key: "find.cancel", type: "button", onclick: on.cancel }, t("form.cancel"))));
  },
});
