// What is told many times in a row is done once in a while.

/**
 * Does it at once, and then no sooner than after a pause; however often it was asked for meanwhile, once.
 * @param {number} pause in milliseconds
 * @param {() => Promise<void>} deed
 * @returns {() => void}
 */
export function paced(pause, deed) {
  let resting = false;
  let due = false;
  const ask = () => {
    due = resting;
    if (resting) return;
    resting = true;
    void deed().finally(() => setTimeout(() => {
      resting = false;
      if (due) ask();
    }, pause));
  };
  return ask;
}
