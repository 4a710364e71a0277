// What one asked for without the server, and what is not done of it: for the screens of what it would change.

/** @import { Situation, WaitingKind, WaitingRow } from "../../tests/ui/types/wire.js" */
/** @import { App } from "../../tests/ui/types/page.js" */

import { readWaiting } from "./commands.js";

/** How many there are of one's own. @param {Situation} situation */
export const counts = ({ open }) => (open?.remote && open.me?.ownDevice ? open.remote : { waiting: 0, refused: 0 });

/** What waits, and what was refused and not put aside; nothing where nobody has an outbox. @param {App} app @returns {Promise<WaitingRow[]>} */
export async function readUndone(app) {
  const { waiting, refused } = counts(app.state().situation);
  if (waiting + refused === 0) return [];
  const list = await readWaiting({}).catch(() => null);
  return list?.rows.filter(({ state }) => state !== "accepted") ?? [];
}

/**
 * The last of these, about somebody.
 * @param {readonly WaitingRow[]} rows
 * @param {WaitingKind} kind
 * @param {string} [person]
 */
export const undone = (rows, kind, person) => rows.findLast((row) => row.kind === kind && (person === undefined || row.person?.id === person));

/** Whether it is yet to be decided. @param {WaitingRow | undefined} row */
export const waits = (row) => row !== undefined && row.state !== "refused";
