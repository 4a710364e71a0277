// Holds one entry against the last signed checkpoint, and says what that shows.

/** @import { App } from "../../tests/ui/types/page.js" */

import { toRefusal } from "./bridge.js";
import { proveEntry } from "./commands.js";

/**
 * The sentence for it, and whether it was proved. Whoever may not read the entry is told that it stands there.
 * @param {App} app
 * @param {number} index
 * @returns {Promise<{ proved: boolean, text: string }>}
 */
export async function proof(app, index) {
  const { words } = app.state();
  try {
    const { proved, size, at } = await proveEntry({ index });
    return { proved, text: words.t(proved ? "journal.proved" : "journal.notProved", { index: words.number(index), size: words.number(size), at: words.dateTime(at) }) };
  } catch (reason) {
    if (toRefusal(reason).code !== "not-allowed") throw reason;
    return { proved: false, text: words.t("journal.outOfReach", { index: words.number(index) }) };
  }
}

/** The same, as a toast. @param {App} app @param {number} index */
export async function prove(app, index) {
  app.tell((await proof(app, index)).text);
}
