// A notice as a letter: what it says, and onto paper.

/** @import { Child, SheetHandlers, SheetState } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { icon } from "../parts/icon.js";
import { heading, note } from "../parts/note.js";
import { refusal } from "./backup-codes.js";

/** @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export function letter(state, on) {
  const { words: { t, rich }, sheet, panel } = state;
  const { done } = panel.data;
  if (!sheet) return [];
  return [
    h("div", { class: "sheet-body" },
      heading(sheet.subject ?? ""),
      h("p", { class: "who" }, h("bdi", { class: "clip strong", title: sheet.person.name }, sheet.person.name), h("span", { class: "clip sub", dir: "ltr" }, sheet.person.email)),
      h("div", { role: "status" }, done && note("ok", h("p", null, done.file === null ? t("letter.printed") : rich("kept.letter", { file: h("bdi", { class: "strong breaks" }, done.file) })), h("p", null, t("letter.thenMark")))),
      refusal(state),
      h("div", { class: "letter-text", dir: "auto", tabindex: 0, role: "document", "aria-label": sheet.subject }, sheet.text)),
    h("footer", { class: "sheet-foot" },
      h("button", { key: "sheet.print", type: "button", class: done ? null : "primary", "data-first": true, onclick: on.print }, icon("print"), t("codes.print")),
      h("button", { key: "sheet.pdf", type: "button", onclick: on.savePdf }, icon("save"), t("issued.saveLetter")),
      h("button", { key: "sheet.done", type: "button", class: done ? "last primary" : "last", onclick: on.done }, t("sheet.done"))),
  ];
}
