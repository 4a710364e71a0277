// What went well, said once; and with it the entry of the journal that tells of it.

/** @import { State } from "../../tests/ui/types/page.js" */

import { readReceipt } from "./commands.js";

const TOAST_FOR = 8_000;
/** How long the entry of an act waits for the words of the act, which say it better than it would alone. */
const RECEIPT_WAITS = 500;

/** @param {{ get: () => Readonly<State>, set: (patch: Partial<State>) => void }} store */
export function createToasts(store) {
  const course = { toast: 0, receipt: /** @type {number | null} */ (null) };

  /** @param {string} text @param {number | null} index */
  function show(text, index) {
    const toast = { id: (course.toast += 1), text, index };
    // Two at most, and never an entry alone beside another: they lie over what is being worked at.
    const before = store.get().toasts.filter((other) => other.text !== "").slice(-1);
    store.set({ toasts: [...before, toast] });
    setTimeout(() => store.set({ toasts: store.get().toasts.filter((other) => other.id !== toast.id) }), TOAST_FOR);
  }

  /** Nothing was said of it: the entry speaks for itself, once nothing lies over the window. */
  function alone() {
    const { situation, dialog } = store.get();
    if (course.receipt === null || dialog || situation.sheet !== null) return;
    // At the door nobody may look at an entry.
    if (situation.open?.me) show("", course.receipt);
    course.receipt = null;
  }

  const soon = () => void setTimeout(alone, RECEIPT_WAITS);

  return Object.freeze({
    /** Says what was done. @param {string} text */
    say(text) {
      show(text, course.receipt);
      course.receipt = null;
    },
    /** Says what is no act. @param {string} text */
    tell: (text) => show(text, null),
    /** The toast that was shown last. */
    last: () => course.toast,
    /** Asks for the entry that tells of what was done; it goes with the toast that was shown since, or with the next. @param {number} since */
    async receive(since) {
      const { index } = await readReceipt({}).catch(() => ({ index: null }));
      if (index === null) return;
      const { toasts } = store.get();
      const said = toasts.find(({ id }) => id > since);
      if (said) return store.set({ toasts: toasts.map((other) => (other === said ? { ...said, index } : other)) });
      course.receipt = index;
      soon();
    },
    /** What lay over the window is gone. */
    uncovered: soon,
  });
}
