// What was to be shown is gone.

/** @import { Child, SheetHandlers, SheetState } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { heading, note } from "../parts/note.js";

/** @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export const nothing = ({ words, panel }, on) => [
  h("div", { class: "sheet-body" }, heading(words.t("trouble.title")),
    h("div", { role: "alert" }, note("danger", h("p", null, words.refusal(panel.refusal ?? { code: "nothing-to-show" }))))),
  h("footer", { class: "sheet-foot" }, h("button", { key: "sheet.done", type: "button", class: "primary", "data-first": true, onclick: on.closeAnyway }, words.t("form.close"))),
];
