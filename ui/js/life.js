// Signs of life and the lock key, for both windows: whoever works in one of them is at the keyboard.

const TOUCH_EVERY = 10_000;

/**
 * Calls `touch` when somebody moves or types, at most every ten seconds.
 * @param {() => void} touch
 */
export function onLife(touch) {
  let last = 0;
  const alive = () => {
    if (Date.now() - last < TOUCH_EVERY) return;
    last = Date.now();
    touch();
  };
  addEventListener("pointerdown", alive);
  addEventListener("pointermove", alive, { passive: true });
  addEventListener("keydown", alive);
}

/** Ctrl+L. @param {() => void} lock */
export function onLockKey(lock) {
  addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.altKey || event.shiftKey || event.key.toLowerCase() !== "l") return;
    event.preventDefault();
    lock();
  });
}
