// People as rows of the table.

/** @import { PersonRow } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Words } from "../../../tests/ui/types/page.js" */
/** @import { Answer } from "../people-list.js" */

import { h } from "../dom.js";
import { spelled } from "../people-list.js";
import { writeHash } from "../route.js";
import { icon, pips } from "./icon.js";
import { tone } from "./person.js";
import { roleNames } from "./roles.js";

/** @typedef {{ open: (id: string) => Promise<void>, moved: (id: string) => void, menu: (row: PersonRow, anchor: HTMLElement) => void, order: (by: string, descending: boolean) => void }} TableHandlers */

/**
 * @param {Words} words
 * @param {"users" | "readiness"} screen
 * @param {Answer & { selected: string | null }} data
 * @param {TableHandlers} on
 */
export function peopleTable(words, screen, { query, list, selected }, on) {
  const { t } = words;
  return h("data-table", { key: `${screen}.table`, "data-stays": true, class: "table-users", options: {
    key: "users", label: t("users.title"), total: list.total, selected, list, asked: spelled(query),
    order: { by: query.order, descending: query.descending, ask: on.order },
    activate: (/** @type {string} */ id) => void on.open(id),
    moved: on.moved,
    columns: [
      { name: t("users.person"), class: "wide", order: query.order === "email" || query.order === "added" ? query.order : "name", newest: query.order === "added" },
      { name: t("users.role"), class: "role" },
      { name: t("users.state"), class: "state-cell", order: "state" },
      { name: t("users.codes"), class: "codes-cell" },
      { name: t("users.signedIn"), class: "when", order: "signed-in", newest: true },
      { name: t("users.menu"), class: "menu-cell", hidden: true },
    ],
    row: (/** @type {PersonRow} */ row) => ({ id: row.person.id, label: `${row.person.name} ${row.person.email}`, cells: cells(words, screen, row, on) }),
  } });
}

/**
 * @param {Words} words
 * @param {"users" | "readiness"} screen
 * @param {PersonRow} row
 * @param {TableHandlers} on
 * @returns {Child[]}
 */
function cells(words, screen, row, on) {
  const { t, n } = words;
  const { person, codesLeft, signedInAt } = row;
  const roles = roleNames(words, row);
  const label = t("users.actions", { name: person.name });
  return [
    [h("a", { key: `users.name.${person.id}`, class: "clip strong row-link", href: writeHash(screen, person.id), tabindex: -1, title: person.name,
      onclick: (/** @type {Event} */ event) => (event.preventDefault(), void on.open(person.id)) }, h("bdi", null, person.name)), h("span", { class: "clip sub", dir: "ltr", title: person.email }, person.email)],
    h("span", { class: "clip", dir: "auto", title: roles }, roles),
    stateChip(words, row),
    codesLeft === null ? h("span", { class: "sub" }, "–") : [h("span", { class: codesLeft <= 3 ? "few strong" : null, "aria-hidden": "true" }, words.number(codesLeft)), pips(codesLeft, n("codes.left", codesLeft))],
    signedInAt === null ? h("span", { class: "sub" }, t("users.never")) : h("span", { class: "nowrap", title: words.dateTime(signedInAt) }, words.isToday(signedInAt) ? t("users.today", { at: words.time(signedInAt) }) : words.date(signedInAt)),
    h("button", { key: `users.menu.${person.id}`, type: "button", class: "icon-button", tabindex: -1, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label, title: label,
      onclick: (/** @type {Event} */ event) => event.currentTarget instanceof HTMLElement && on.menu(row, event.currentTarget) }, icon("more")),
  ];
}

/** Who is locked out comes before how they are protected. @param {Words} words @param {PersonRow} row */
function stateChip({ t, moment }, { state, locked, lockedUntil }) {
  if (!locked) return h("span", { class: `chip ${tone(state)}` }, t(`state.${state}`));
  return h("span", { class: "chip danger", title: lockedUntil === null ? null : t("users.lockedUntil", { at: moment(lockedUntil) }) }, icon("lock"), t("state.locked"));
}
