// The recovery kit, shown once: saved or printed, or it does not count.

/** @import { Child, Done, SheetHandlers, SheetState, Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { icon } from "../parts/icon.js";
import { dialogHead, heading, note } from "../parts/note.js";
import { progress } from "../parts/progress.js";
import { refusal, unsaved } from "./backup-codes.js";

/** @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export function recoveryKit(state, on) {
  const { words, sheet, panel } = state;
  const { t } = words;
  const safe = !unsaved(state);
  const { done } = panel.data;
  return [
    h("div", { class: "sheet-body" },
      heading(t("sheet.title.recovery-kit")),
      h("p", { class: "screen-only" }, t("kit.lead")),
      h("p", { class: "paper-only" }, h("bdi", null, sheet?.workspace)),
      h("secret-text", { class: "large", options: { text: sheet?.codes[0] ?? "", label: t("kit.code"), separator: "-" } }),
      h("ul", { class: "facts" },
        h("li", null, t("kit.opens")), h("li", null, t("kit.proves")), h("li", null, t("kit.told")), h("li", null, t("kit.where"))),
      h("div", { role: "status" }, safe ? kept(words, done, sheet?.mustKeep ?? false) : note("warn", h("p", null, h("strong", null, t("kit.notKept")), " ", t(sheet?.mustKeep ? "kit.notKeptFirst" : "kit.notKeptNew")))),
      !state.dialog && working(state, on),
      !state.dialog && refusal(state)),
    h("footer", { class: "sheet-foot" },
      h("button", { key: "sheet.pdf", type: "button", class: safe ? null : "primary", "data-first": true, "aria-disabled": panel.busy ? "true" : null, onclick: on.savePdf }, icon("save"), t("codes.savePdf")),
      h("button", { key: "sheet.print", type: "button", "aria-disabled": panel.busy ? "true" : null, onclick: on.print }, icon("print"), t("codes.print")),
      h("button", { key: "sheet.done", type: "button", class: safe ? "last primary" : "last", onclick: on.done }, t("sheet.done"))),
  ];
}

/** @param {SheetState} state @param {SheetHandlers} on @returns {Child} */
const working = ({ words, panel }, on) =>
  panel.data.work && [progress(words, panel.data.work), h("div", { class: "buttons" }, h("button", { key: "sheet.stop", type: "button", onclick: on.stop }, words.t("work.stop")))];

/** @param {Words} words @param {Done | null} done @param {boolean} first @returns {Child} */
function kept({ t, rich }, done, first) {
  if (!done) return note("ok", h("p", null, t("kit.keptBefore")));
  const where = done.how === "printed" ? t("kit.printed") : rich("kit.saved", { file: h("bdi", { class: "strong breaks" }, done.file ?? "") });
  return note("ok", h("p", null, where, !first && [" ", t("kit.oldDead")]));
}

/** Asks whether it printed, and stays until the new kit counts. @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export const kitPrinted = (state, on) => {
  const { words: { t }, panel } = state;
  return dialogHead(t("print.askTitle"),
    h("p", null, t("kit.ask")),
    working(state, on),
    refusal(state),
    h("div", { class: "buttons" },
      h("button", { key: "printed.yes", type: "button", class: "primary", "data-first": true, "aria-disabled": panel.busy ? "true" : null, onclick: on.notePrinted }, t("print.yes")),
      h("button", { key: "printed.no", type: "button", onclick: on.stay }, t("print.no"))));
};

/** Says why the first kit must be kept, or asks before a new one is given up. @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export const kitAsking = ({ words: { t }, sheet }, on) =>
  dialogHead(t(sheet?.mustKeep ? "kit.firstTitle" : "kit.askTitle"),
    h("p", null, t(sheet?.mustKeep ? "kit.first" : "kit.askClose")),
    h("div", { class: "buttons" },
      h("button", { key: "asking.stay", type: "button", class: "primary", "data-first": true, onclick: on.stay }, t("codes.stay")),
      !sheet?.mustKeep && h("button", { key: "asking.close", type: "button", class: "danger", onclick: on.closeAnyway }, t("kit.giveUp"))));
