// One entry of the journal, with all that is written in it.

/** @import { CommunityName, JournalRow, PersonName } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { kindLabel, sentence } from "../journal-words.js";
import { writeHash } from "../route.js";
import { icon } from "./icon.js";
import { note } from "./note.js";

/**
 * @param {Words} words
 * @param {JournalRow} row
 * @param {CommunityName[]} communities
 * @param {{ proved: boolean, text: string } | null} proof
 * @param {{ close: () => void, prove: (index: number) => unknown, onlyBy: (person: PersonName) => void }} on
 */
export function entryPanel(words, row, communities, proof, on) {
  const { t } = words;
  const fact = (/** @type {string} */ name, /** @type {Child[]} */ ...value) => h("div", null, h("dt", null, name), h("dd", null, value));
  const person = (/** @type {PersonName | null} */ who) => (who === null
    ? t(row.erased ? "journal.erasedWho" : "journal.nobody")
    : [h("a", { href: writeHash("journal", who.id), title: t("journal.filter", { name: who.name }) }, h("bdi", null, who.name)), " ", h("span", { class: "sub", dir: "ltr" }, who.email)]);
  const said = Object.entries(row.words);
  const { actor } = row;
  return h("aside", { key: `entry.${row.index}`, class: "card person-panel entry-panel", "data-scrolls": true, "aria-label": t("journal.entry", { index: words.number(row.index) }), tabindex: -1,
    onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && on.close() },
    h("header", { class: "heading" }, h("h2", { class: "person-title" }, t("journal.entry", { index: words.number(row.index) })),
      h("button", { key: "entry.close", type: "button", class: "icon-button", "aria-label": t("form.close"), title: t("form.close"), onclick: () => on.close() }, icon("close"))),
    h("p", { dir: "auto" }, sentence(words, row, null, ({ name }) => h("bdi", { class: "strong" }, name))),
    h("div", { class: "buttons" },
      h("button", { key: "entry.prove", type: "button", class: "primary", onclick: () => on.prove(row.index) }, t("journal.prove")),
      actor && h("button", { key: "entry.onlyBy", type: "button", onclick: () => on.onlyBy(actor) }, t("journal.onlyBy", { name: actor.name }))),
    proof && h("div", { role: "status" }, note(proof.proved ? "ok" : "warn", h("p", null, proof.text))),
    h("dl", { class: "entry-facts" },
      fact(t("journal.when"), words.dateSecond(row.at)),
      fact(t("journal.kind"), kindLabel(words, row.kind), " ", h("code", { class: "sub", dir: "ltr" }, row.kind)),
      fact(t("journal.actor"), person(actor)),
      fact(t("journal.about"), person(row.subject)),
      fact(t("journal.communities"), row.communities.length === 0
        ? t("journal.noCommunity")
        : row.communities.map((id, at) => [at > 0 && " · ", h("bdi", null, communities.find((each) => each.id === id)?.name ?? t("journal.goneCommunity"))]))),
    said.length > 0 && h("details", { key: `entry.words.${row.index}` }, h("summary", null, t("journal.words")),
      h("dl", { class: "entry-facts" }, said.map(([name, value]) => fact(name, h("bdi", null, value))))));
}
