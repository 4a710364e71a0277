// Ten backup codes, shown once: kept, or the window asks.

/** @import { Child, SheetHandlers, SheetState } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { field, form } from "../parts/form.js";
import { icon } from "../parts/icon.js";
import { dialogHead, heading, note } from "../parts/note.js";
import { kept } from "./kept.js";

/** @param {Readonly<SheetState>} state */
export const unsaved = ({ sheet }) => (sheet?.kind === "backup-codes" || sheet?.kind === "recovery-kit") && !sheet.saved;

/** @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export function backupCodes(state, on) {
  const { words, sheet, panel } = state;
  const { t } = words;
  const { active } = panel.data;
  const safe = !unsaved(state);
  return [
    h("div", { class: "sheet-body" },
      active && note("ok", h("p", null, h("strong", null, t("factor.nowActive")))),
      heading(t("sheet.title.backup-codes")),
      h("p", { class: "screen-only" }, t("codes.lead")),
      h("p", { class: "paper-only" }, h("bdi", null, sheet?.person.name), " · ", sheet?.person.email, " · ", h("bdi", null, sheet?.workspace)),
      h("ol", { class: "codes", "aria-label": t("codes.title"), "data-key": "sheet.codes" }, (sheet?.codes ?? []).map((code, index) =>
        h("li", null, h("span", { class: "number", "aria-hidden": "true" }, words.number(index + 1)), h("secret-text", { class: "tiny", options: { text: code, label: t("codes.number", { number: words.number(index + 1) }), separator: "-" } })))),
      h("div", { role: "status" }, safe ? kept(words, panel.data.done) : note("warn", h("p", null, h("strong", null, t("codes.notSaved")), " ", t("codes.notSavedLead")))),
      !state.dialog && refusal(state)),
    h("footer", { class: "sheet-foot" },
      h("button", { key: "sheet.copy", type: "button", "data-first": true, onclick: on.copy }, icon("copy"), t("sheet.copy")),
      h("button", { key: "sheet.text", type: "button", onclick: on.saveText }, icon("save"), t("codes.saveText")),
      h("button", { key: "sheet.pdf", type: "button", onclick: on.savePdf }, icon("save"), t("codes.savePdf")),
      h("button", { key: "sheet.encrypt", type: "button", "aria-haspopup": "dialog", onclick: on.encrypt }, icon("lock"), t("codes.saveEncrypted")),
      h("button", { key: "sheet.print", type: "button", onclick: on.print }, icon("print"), t("codes.print")),
      h("button", { key: "sheet.done", type: "button", class: safe ? "last primary" : "last", onclick: on.done }, t("sheet.done"))),
  ];
}

/** @param {SheetState} state */
export const refusal = ({ words, panel }) =>
  h("div", { role: "alert" }, panel.refusal && note("danger", h("p", null, words.refusal(panel.refusal))));

/** The passphrase of an encrypted file. @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export const encrypt = ({ words, panel }, on) =>
  dialogHead(words.t("encrypt.title"),
    h("p", null, words.t("encrypt.lead")),
    form(words, panel, {
      submit: words.t("encrypt.submit"),
      onsubmit: on.saveEncrypted,
      beside: h("button", { key: "encrypt.cancel", type: "button", onclick: on.stay }, words.t("form.cancel")),
      claimed: ["passphrase-too-short", "passphrase-common"],
    },
      field(words, panel, { name: "passphrase", type: "password", label: words.t("encrypt.passphrase"), least: 12, meter: true, first: true, autocomplete: "new-password", claims: ["passphrase-too-short", "passphrase-common"] }),
      field(words, panel, { name: "passphraseAgain", type: "password", label: words.t("encrypt.passphraseAgain"), same: "passphrase", autocomplete: "new-password" })));

/** The codes on paper count as kept once somebody has seen the paper. @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export const printed = ({ words: { t } }, on) =>
  dialogHead(t("print.askTitle"),
    h("p", null, t("print.ask")),
    h("div", { class: "buttons" },
      h("button", { key: "printed.yes", type: "button", class: "primary", "data-first": true, onclick: on.notePrinted }, t("print.yes")),
      h("button", { key: "printed.no", type: "button", onclick: on.stay }, t("print.no"))));

/** Asks before unsaved codes are lost. @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export const asking = ({ words: { t } }, on) =>
  dialogHead(t("codes.askTitle"),
    h("p", null, t("codes.ask")),
    h("div", { class: "buttons" },
      h("button", { key: "asking.stay", type: "button", class: "primary", "data-first": true, onclick: on.stay }, t("codes.stay")),
      h("button", { key: "asking.close", type: "button", class: "danger", onclick: on.closeAnyway }, t("codes.closeAnyway"))));
