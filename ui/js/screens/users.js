// Settings → Workspace → Users.

/** @import { PeoplePage, PersonRow } from "../../../tests/ui/types/wire.js" */
/** @import { Words } from "../../../tests/ui/types/page.js" */

import { listPeople } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { icon, pips } from "../parts/icon.js";
import { openMenu } from "../parts/menu.js";
import { heading } from "../parts/note.js";
import { roleNames } from "../parts/roles.js";
import { SHORTCUTS, ariaKeys, withKeys } from "../shortcuts.js";

/** @typedef {{ page: PeoplePage, rows: PersonRow[], search: string, asked: string, announced: string }} Data */

export const users = panel({
  /** @returns {Promise<Data>} */
  async load(app) {
    const { screen } = app.state();
    const search = screen.name === "users" && screen.data ? screen.data.asked : "";
    const page = await listPeople({ search });
    return { page, rows: page.rows, search, asked: search, announced: "" };
  },
  on: (app, panel) => ({
    add: () => app.ask("add-user", { grants: panel.read().data.page.grants, grantsOwner: panel.read().data.page.grantsOwner }),
    /** A reply that a later search has overtaken is dropped. @param {Event} event */
    async search(event) {
      if (!(event.target instanceof HTMLInputElement)) return;
      const asked = event.target.value;
      panel.patch({ asked });
      const page = await listPeople({ search: asked }).catch(() => null);
      if (!page || panel.read().data.asked !== asked || panel.read().name !== "users") return;
      panel.patch({ page, rows: page.rows, search: asked, announced: app.state().words.n("users.found", page.total) });
    },
    async more() {
      const { page, rows, search, asked } = panel.read().data;
      if (page.next === null || asked !== search) return;
      await panel.act(async () => {
        const next = await listPeople({ search, after: page.next ?? "" });
        if (panel.read().data.page === page) panel.patch({ page: next, rows: [...rows, ...next.rows] });
      });
    },
    /** @param {string} id @param {HTMLElement} anchor */
    menu(id, anchor) {
      const row = panel.read().data.rows.find(({ person }) => person.id === id);
      if (!row) return;
      const { words } = app.state();
      const { t } = words;
      /** @type {import("../parts/menu.js").Item[]} */
      const items = [{ label: t("reset.title"), danger: true, refused: row.resetRefused && words.refusal({ code: row.resetRefused }), act: () => app.ask("reset", { person: row.person }) }];
      if (row.mayInviteAgain) {
        items.push(
          { label: t("inviteAgain.title"), act: () => app.ask("invite-again", { person: row.person }) },
          { label: t("enrolHere.title"), act: () => app.ask("hand-over", { person: row.person }) });
      }
      openMenu(anchor, t("users.actions", { name: row.person.name }), items);
    },
  }),
  view({ words }, { data, busy }, on) {
    const { t, n } = words;
    return [
      h("p", { class: "crumbs" }, t("users.crumbs")),
      heading(t("users.title"), h("button", { key: "users.add", type: "button", class: "primary", title: withKeys(t("addUser.title"), SHORTCUTS.add.keys), "aria-keyshortcuts": ariaKeys(SHORTCUTS.add.keys), onclick: on.add }, icon("plus"), t("addUser.title"))),
      h("div", { class: "tools" },
        h("input", { key: "users.search", type: "search", class: "search", value: data.asked, "aria-label": t("users.search"), placeholder: t("users.search"), title: withKeys(t("users.search"), SHORTCUTS.find.keys), "aria-keyshortcuts": ariaKeys(SHORTCUTS.find.keys), autocomplete: "off", spellcheck: "false", dir: "auto", oninput: on.search }),
        h("p", { class: "sub" }, n("users.count", data.page.total)),
        h("p", { class: "sr-only", role: "status" }, data.announced)),
      data.rows.length === 0
        ? h("p", { class: "empty" }, t("users.none"))
        : h("data-table", { class: "table-users", options: {
          key: "users", label: t("users.title"), total: data.page.total, activate: (/** @type {string} */ id, /** @type {HTMLElement} */ row) => on.menu(id, /** @type {HTMLElement} */ (row.querySelector("button"))),
          columns: [
            { name: t("users.person"), class: "wide" }, { name: t("users.role"), class: "role" }, { name: t("users.state"), class: "state-cell" },
            { name: t("users.codes"), class: "codes-cell" }, { name: t("users.signedIn"), class: "when" }, { name: t("users.menu"), class: "menu-cell", hidden: true },
          ],
          rows: data.rows.map((row) => ({ id: row.person.id, cells: cells(words, row, on) })),
        } }),
      data.page.next !== null && h("div", { class: "buttons" },
        h("button", { key: "users.more", type: "button", "aria-disabled": busy ? "true" : null, onclick: on.more }, t("users.more", { shown: words.number(data.rows.length), total: words.number(data.page.total) }))),
    ];
  },
});

/**
 * @param {Words} words
 * @param {PersonRow} row
 * @param {{ menu: (id: string, anchor: HTMLElement) => void }} on
 */
function cells(words, row, on) {
  const { t, n } = words;
  const { person, state, codesLeft, signedInAt } = row;
  const roles = roleNames(words, row);
  const tone = state === "protected" ? "ok" : state === "invited" ? "plain" : "warn";
  const label = t("users.actions", { name: person.name });
  return [
    [h("bdi", { class: "clip strong", title: person.name }, person.name), h("span", { class: "clip sub", dir: "ltr", title: person.email }, person.email)],
    h("span", { class: "clip", dir: "auto", title: roles }, roles),
    h("span", { class: `chip ${tone}` }, t(`state.${state}`)),
    codesLeft === null ? h("span", { class: "sub" }, "–") : [h("span", { class: codesLeft <= 3 ? "few strong" : null, "aria-hidden": "true" }, words.number(codesLeft)), pips(codesLeft, n("codes.left", codesLeft))],
    signedInAt === null ? h("span", { class: "sub" }, t("users.never")) : h("span", { class: "nowrap", title: words.dateTime(signedInAt) }, words.isToday(signedInAt) ? t("users.today", { at: words.time(signedInAt) }) : words.date(signedInAt)),
    h("button", { key: `users.menu.${person.id}`, type: "button", class: "icon-button", tabindex: -1, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label, title: label,
      onclick: (/** @type {Event} */ event) => event.currentTarget instanceof HTMLElement && on.menu(person.id, event.currentTarget) }, icon("more")),
  ];
}
