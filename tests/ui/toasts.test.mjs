import assert from "node:assert/strict";
import { test } from "node:test";

const { createToasts } = await import("../../ui/js/toasts.js");

/** What is shown of entry 59 to whoever is there. @param {object | null} me */
async function shown(me, context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.window = { __TAURI__: { core: { invoke: async () => ({ index: 59 }) } } };
  let state = { toasts: [], dialog: null, situation: { sheet: null, open: { me } } };
  const toasts = createToasts({ get: () => state, set: (patch) => void (state = { ...state, ...patch }) });
  await toasts.receive(toasts.last());
  context.mock.timers.tick(600);
  return state.toasts.map(({ index }) => index);
}

test("an act that nothing was said of is answered with its entry", async (context) => {
  assert.deepEqual(await shown({ reach: "full" }, context), [59]);
});

test("at the door, where nobody may look at it, no entry is named", async (context) => {
  assert.deepEqual(await shown(null, context), []);
});
