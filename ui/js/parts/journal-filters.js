// What the journal is narrowed by: who, what, where and when, together.

/** @import { JournalFound } from "../../../tests/ui/types/wire.js" */
/** @import { Words } from "../../../tests/ui/types/page.js" */
/** @import { Query } from "../journal-list.js" */

import { h } from "../dom.js";
import { JOURNAL_KINDS } from "../journal-kinds.js";
import { GROUP } from "../journal-list.js";
import { kindLabel } from "../journal-words.js";

/** @typedef {{ person: () => void, actor: () => void, ask: (change: Partial<Query>) => unknown, clear: () => void }} FilterHandlers */

/**
 * @param {Words} words
 * @param {{ asked: Query, page: JournalFound, announced: string }} data
 * @param {string | null} person
 * @param {boolean} narrowed
 * @param {FilterHandlers} on
 */
export function journalFilters(words, { asked, page, announced }, person, narrowed, on) {
  const { t } = words;
  const who = (/** @type {string} */ key, /** @type {string} */ any, /** @type {string | null} */ name, /** @type {() => void} */ choose, /** @type {string} */ label) =>
    h("button", { key, type: "button", class: "filter-person", "aria-haspopup": "dialog", "aria-pressed": name === null ? null : "true", title: name ?? any, onclick: choose },
      h("span", { class: "sub" }, label), " ", h("bdi", { class: "clip" }, name ?? any));
  const day = (/** @type {"from" | "until"} */ name, /** @type {string} */ label) =>
    h("label", { class: "filter-day" }, h("span", { class: "sub" }, label),
      h("input", { key: `journal.${name}`, type: "date", value: asked[name], "data-set": true, "aria-label": label, onchange: (/** @type {Event} */ event) => event.target instanceof HTMLInputElement && on.ask({ [name]: event.target.value }) }));
  const select = (/** @type {"kind" | "community"} */ name, /** @type {string} */ label, /** @type {string} */ all, /** @type {HTMLElement[]} */ ...options) =>
    h("label", { class: "filter-day" }, h("span", { class: "sub" }, label),
      h("select", { key: `journal.${name}`, "aria-label": label, "data-set": true, onchange: (/** @type {Event} */ event) => event.target instanceof HTMLSelectElement && on.ask({ [name]: event.target.value }) },
        h("option", { value: "" }, all), ...options));
  const option = (/** @type {string} */ value, /** @type {string} */ text, /** @type {string} */ chosen) => h("option", { value, selected: value === chosen }, text);
  return h("div", { class: "journal-filters", role: "search", "aria-label": t("journal.filters") },
    who("journal.person", t("journal.anybody"), person === null ? null : (page.person?.name ?? t("journal.gone")), () => on.person(), t("journal.person")),
    who("journal.actor", t("journal.anybody"), asked.actor?.name ?? null, () => on.actor(), t("journal.actor")),
    select("kind", t("journal.kind"), t("journal.anything"), ...Object.entries(JOURNAL_KINDS).filter(([, kinds]) => kinds.length > 0).map(([group, kinds]) =>
      h("optgroup", { label: t(/** @type {import("../../../tests/ui/types/page.js").Key} */ (`journal.group.${group}`)) },
        option(GROUP + group, t("journal.allOf", { group: t(/** @type {import("../../../tests/ui/types/page.js").Key} */ (`journal.group.${group}`)) }), asked.kind),
        kinds.map((kind) => option(kind, kindLabel(words, kind), asked.kind))))),
    page.communities.length > 1 && select("community", t("journal.community"), t("users.allCommunities"), ...page.communities.map(({ id, name }) => option(id, name, asked.community))),
    day("from", t("journal.from")),
    day("until", t("journal.until")),
    narrowed && h("button", { key: "journal.clear", type: "button", class: "quiet", onclick: () => on.clear() }, t("journal.clear")),
    h("p", { class: "sr-only", role: "status" }, announced));
}
