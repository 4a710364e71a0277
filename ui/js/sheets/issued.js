// An invitation, a recovery code or a password code, to be read out or sent: whom it is for, the code, and how to spell it.

/** @import { Child, Key, SheetHandlers, SheetState, Words } from "../../../tests/ui/types/page.js" */

import { groups } from "../code-form.js";
import { h } from "../dom.js";
import { icon } from "../parts/icon.js";
import { heading, note } from "../parts/note.js";
import { kept } from "./kept.js";
import { refusal } from "./backup-codes.js";

/** @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export function issued(state, on) {
  const { words, sheet, panel } = state;
  const { t } = words;
  if (!sheet) return [];
  const kind = sheet.kind === "recovery" || sheet.kind === "password" || sheet.kind === "pairing" ? sheet.kind : "invitation";
  const code = sheet.codes[0] ?? "";
  return [
    h("div", { class: "sheet-body" },
      sheet.drill && note("warn", h("p", { class: "strong" }, t("drill.nobody"))),
      heading(t(`sheet.title.${kind}`)),
      h("p", { class: "who" }, h("bdi", { class: "clip strong", title: sheet.person.name }, sheet.person.name), sheet.person.email !== "" && h("span", { class: "clip sub", dir: "ltr" }, sheet.person.email)),
      h("secret-text", { class: "large", options: { text: code, label: t(`issued.code.${kind}`), separator: "-" } }),
      sheet.expiresAt && h("p", { class: "valid" }, t("issued.valid", { at: words.dateTime(sheet.expiresAt) }), " ", t("issued.once")),
      sheet.unheard && h("p", { class: "valid" }, t("issued.unheard")),
      h("section", { "aria-labelledby": "spell-title" },
        h("h2", { id: "spell-title" }, t("issued.spell")),
        h("ol", { class: "spelling" }, groups(code).map((group) => h("li", null, h("code", { "aria-hidden": "true" }, group), h("span", null, spell(words, group)))))),
      readBackPart(state, on, code),
      sheet.mailed
        ? note("info", h("p", null, t("issued.mailed", { email: sheet.person.email })))
        : note("warn", h("p", null, h("strong", null, t("issued.channelTitle")), " ", t("issued.channel"))),
      h("p", { class: "hint" }, t(`issued.next.${kind}`)),
      h("div", { role: "status" }, panel.data.done && kept(words, panel.data.done)),
      refusal(state)),
    h("footer", { class: "sheet-foot" },
      h("button", { key: "sheet.copy", type: "button", "data-first": true, onclick: on.copy }, icon("copy"), t("sheet.copy")),
      (kind === "recovery" || kind === "password") && !sheet.drill && h("button", { key: "sheet.pdf", type: "button", onclick: on.savePdf }, icon("save"), t("issued.saveLetter")),
      h("button", { key: "sheet.done", type: "button", class: "last primary", onclick: on.done }, t("sheet.done"))),
  ];
}

/**
 * What the caller reads back, compared in Rust as it is typed.
 * @param {SheetState} state
 * @param {SheetHandlers} on
 * @param {string} code
 */
function readBackPart({ words, sheet, panel }, on, code) {
  const { t } = words;
  const { back, named } = panel.data;
  const reading = sheet?.reading ?? null;
  const wrong = back !== null && back.group !== null;
  return h("section", { class: "field" },
    reading && note("info",
      h("p", { class: "strong" }, t(named ? "drill.readsAgain" : "drill.reads")),
      h("p", null, h("code", { key: "sheet.reading", translate: "no", dir: "ltr" }, named ? reading.then : reading.first))),
    h("label", { for: "read-back" }, t("readBack.label")),
    h("input", { key: "sheet.readBack", id: "read-back", class: "code-input", "data-secret": true, autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false", dir: "ltr",
      "aria-describedby": "read-back-says", "aria-invalid": wrong ? "true" : null, oninput: on.readBack }),
    h("p", { id: "read-back-says", class: wrong ? "few strong" : "hint", role: "status" }, told(words, back, code)));
}

/** @param {Words} words @param {SheetState["panel"]["data"]["back"]} back @param {string} code */
function told(words, back, code) {
  const { t } = words;
  if (back === null) return t("readBack.hint");
  const values = { right: words.number(back.right), of: words.number(back.of) };
  if (back.group !== null && back.symbol !== null) {
    const symbol = groups(code)[back.group - 1]?.[back.symbol - 1];
    return symbol ? t("readBack.wrong", { group: words.number(back.group), symbol: words.number(back.symbol), word: `${symbol} (${spell(words, symbol)})` }) : t("readBack.more", values);
  }
  return back.right === back.of ? t("readBack.right") : t("readBack.sofar", values);
}

/**
 * @param {Words} words
 * @param {string} group
 */
export const spell = ({ t, has }, group) =>
  [...group].map((symbol) => (has(`spell.${symbol}`) ? t(/** @type {Key} */ (`spell.${symbol}`)) : symbol)).join(", ");
