// The keys of the main window: one list, which the window hears, its menus show and Help explains.

/** @import { Key, State } from "../../tests/ui/types/page.js" */

/** @typedef {"help" | "settings" | "person" | "find" | "add" | "lock" | "close" | "quit"} ShortcutName */

/** @type {Readonly<Record<ShortcutName, { keys: string, label: Key }>>} */
export const SHORTCUTS = Object.freeze({
  help: { keys: "F1", label: "shortcut.help" },
  settings: { keys: "Ctrl+,", label: "shortcut.settings" },
  person: { keys: "Ctrl+K", label: "shortcut.person" },
  find: { keys: "Ctrl+F", label: "shortcut.find" },
  add: { keys: "Ctrl+N", label: "shortcut.add" },
  lock: { keys: "Ctrl+L", label: "shortcut.lock" },
  close: { keys: "Ctrl+W", label: "shortcut.close" },
  quit: { keys: "Ctrl+Q", label: "shortcut.quit" },
});

/**
 * Whether a key does something where one stands. In a dialog, or while the sheet waits, only the lock does: whatever
 * else it did would take along what was typed there.
 * @param {ShortcutName} name
 * @param {Pick<State, "situation" | "screen" | "dialog">} state
 */
export function isOpen(name, { situation, screen, dialog }) {
  if (name === "lock") return true;
  if (dialog || situation.sheet) return false;
  if (name === "person") return situation.open?.me?.listsPeople === true && situation.open.me.reach === "full";
  if (name === "find" || name === "add") return screen.name === "users" || screen.name === "readiness";
  return name !== "close" || (situation.open !== null && !situation.open.handedTo);
}

/**
 * Calls `hear` with the name of each shortcut that is pressed.
 * @param {(name: ShortcutName) => void} hear
 */
export function onShortcut(hear) {
  addEventListener("keydown", (event) => {
    const name = event.repeat || event.isComposing ? undefined : named(event);
    if (!name) return;
    event.preventDefault();
    hear(name);
  });
}

/**
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">} event
 * @returns {ShortcutName | undefined}
 */
export function named({ key, ctrlKey, altKey, shiftKey, metaKey }) {
  if (altKey || shiftKey || metaKey) return undefined;
  const pressed = `${ctrlKey ? "Ctrl+" : ""}${key.length === 1 ? key.toUpperCase() : key}`;
  const names = /** @type {ShortcutName[]} */ (Object.keys(SHORTCUTS));
  return names.find((name) => SHORTCUTS[name].keys === pressed);
}

/** As `aria-keyshortcuts` has it. @param {string} keys */
export const ariaKeys = (keys) => keys.replace("Ctrl", "Control");

/** @param {string} label @param {string} keys */
export const withKeys = (label, keys) => `${label} (${keys})`;
