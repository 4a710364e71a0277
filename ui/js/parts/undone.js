// Beside what it would change: a change that waits in the outbox, or was refused.

/** @import { WaitingKind, WaitingRow } from "../../../tests/ui/types/wire.js" */
/** @import { Key, Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { waits } from "../outbox.js";
import { note } from "./note.js";

/** @type {Readonly<Record<WaitingKind, { waits: Key, refused: Key }>>} */
const SAYS = Object.freeze({
  "correct-name": { waits: "undone.name", refused: "undone.nameRefused" }, "set-checklist": { waits: "undone.checklist", refused: "undone.checklistRefused" },
  "dismiss-request": { waits: "undone.dismissal", refused: "undone.dismissalRefused" }, "withdraw-case": { waits: "undone.withdrawal", refused: "undone.withdrawalRefused" },
});

/** @param {Words} words @param {WaitingRow | undefined} row */
export function undoneNote(words, row) {
  if (!row) return null;
  const { kind, key, state, refusal } = row;
  const values = { name: h("bdi", { class: "breaks strong" }, row.words[0] ?? "") };
  return note(waits(row) ? "info" : "warn",
    h("p", null, words.rich(SAYS[kind][waits(row) ? "waits" : "refused"], values)),
    refusal && h("p", null, words.refusal(refusal)),
    state === "sent" && h("p", null, words.t("waiting.unknown")),
    h("p", null, h("a", { key: `undone.${key}`, href: "#/waiting" }, words.t("undone.look"))));
}
