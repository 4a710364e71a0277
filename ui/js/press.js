// A press of the mouse ends on what it began on: were that drawn anew in between, its click would be lost.

/** A press held longer than this holds nothing back any more, in milliseconds. */
const HELD_FOR = 1_000;

/**
 * Watches the presses on links and buttons. A press is over before its click is heard, so that what the click does is
 * drawn at once.
 * @param {() => void} letGo after each press
 * @returns {() => boolean} whether one is under way
 */
export function onPress(letGo) {
  let held = 0;
  const end = () => {
    clearTimeout(held);
    held = 0;
  };
  const over = () => {
    end();
    letGo();
  };
  document.addEventListener("mousedown", ({ target }) => {
    if (!(target instanceof Element && target.closest("a, button"))) return;
    end();
    held = setTimeout(over, HELD_FOR);
  }, true);
  document.addEventListener("click", end, true);
  document.addEventListener("mouseup", () => void setTimeout(over), true);
  return () => held !== 0;
}
