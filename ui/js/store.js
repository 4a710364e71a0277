// The one store of a page: a frozen state, replaced whole.

/**
 * @template {object} S
 * @param {S} initial
 */
export function createStore(initial) {
  let state = Object.freeze({ ...initial });
  /** @type {Set<(state: Readonly<S>, before: Readonly<S>) => void>} */
  const watchers = new Set();
  return Object.freeze({
    get: () => state,
    /** @param {Partial<S>} patch */
    set(patch) {
      const before = state;
      state = Object.freeze({ ...state, ...patch });
      for (const watcher of watchers) watcher(state, before);
    },
    /** @param {(state: Readonly<S>, before: Readonly<S>) => void} watcher */
    watch(watcher) {
      watchers.add(watcher);
    },
  });
}
