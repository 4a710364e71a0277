// Backups and older copies, as they stand under This workspace.

/** @import { App, Child, Words } from "../../../tests/ui/types/page.js" */
/** @import { BackupsView, OlderCopyView } from "../../../tests/ui/types/wire.js" */

import { h } from "../dom.js";
import { icon } from "./icon.js";
import { note } from "./note.js";
import { size } from "./size.js";

/** @param {App} app */
export const onBackups = (app) => ({
  backUp: () => app.ask("backup"),
  /** @param {OlderCopyView} copy */
  removeOlder: (copy) => app.ask("older-remove", { copy }),
});

/**
 * @param {Words} words
 * @param {BackupsView} backups
 * @param {ReturnType<typeof onBackups>} on
 * @returns {Child[]}
 */
export function backupCards(words, { record, older }, on) {
  const { t } = words;
  const warning = record.due === "old" ? t("backup.old") : record.takenAt === null ? t("backup.never") : null;
  return [
    h("h2", { class: "section" }, t("backup.title")),
    h("section", { class: "card", "aria-labelledby": "backup-title" },
      h("header", null,
        h("h3", { id: "backup-title" }, record.takenAt === null ? t("backup.file") : t("backup.takenAt", { at: words.dateTime(record.takenAt) })),
        h("button", { key: "vault.backUp", type: "button", class: warning ? "primary" : null, onclick: on.backUp }, icon("save"), t("backup.now"))),
      h("p", { class: "sub" }, t("backup.about")),
      warning && note("warn", h("p", null, warning))),
    older.length > 0 && h("section", { class: "card", "aria-labelledby": "older-title" },
      h("h3", { id: "older-title" }, t("older.title")),
      h("p", { class: "sub" }, t("older.about")),
      h("ul", { class: "copies" }, older.map((copy) =>
        h("li", null,
          h("div", null,
            h("p", { class: "strong" }, t("older.of", { at: words.dateTime(copy.of) })),
            h("p", { class: "sub" }, t("older.where", { size: size(words, copy.size), folder: copy.folder }))),
          h("button", { key: `older.${copy.folder}`, type: "button", class: "danger", onclick: () => on.removeOlder(copy) }, t("older.remove")))))),
  ];
}
