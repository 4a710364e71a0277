// Checks of what the page says of the outbox and of the age of what is seen: `node --test` in this folder.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../..");
const catalogues = Object.fromEntries(["en", "fr"].map((language) => [language, JSON.parse(readFileSync(join(ROOT, `ui/locales/${language}.json`), "utf8"))]));

const { undone, waits } = await import("../../ui/js/outbox.js");
const { followsLink, outboxCount } = await import("../../ui/js/parts/place.js");
const { makeWords } = await import("../../ui/js/words.js");

const at = ({ screen = "users", data = {}, own = true, connected = true, alone = false, waiting = 0, refused = 0 } = {}) =>
  ({ screen: { name: screen, data }, situation: { open: { me: { ownDevice: own }, remote: { connected, alone, waiting, refused } } } });

test("what stands on a screen is read again once the server is asked again or the outbox moved, and nowhere else", () => {
  const gone = { connected: false, waiting: 2 };
  assert.ok(followsLink(at(gone), at({ waiting: 2 })), "reached again");
  assert.ok(followsLink(at({ waiting: 2 }), at({ refused: 1 })), "decided");
  assert.ok(followsLink(at({ screen: "tokens", data: null }), at({ screen: "tokens", data: null })), "could not be shown");
  assert.ok(!followsLink(at(), at({ connected: false })), "lost: what is there stays");
  assert.ok(!followsLink(at({ connected: false, alone: true }), at({ alone: true })), "reached again, but nobody is signed in");
  assert.ok(!followsLink(at({ ...gone, screen: "import" }), at({ screen: "import" })), "somebody is in the middle of something");
  assert.ok(!followsLink(at({ own: false, waiting: 2 }), at({ own: false })), "the outbox of somebody else");
});

test("one's own outbox is counted, what waits and what was refused", () => {
  const said = (state) => outboxCount(makeWords("en", catalogues.en), at(state).situation);
  assert.equal(said({ waiting: 1 }), "1 change waits to be sent.");
  assert.equal(said({ waiting: 2, refused: 1 }), "2 changes wait to be sent. 1 change was refused.");
  assert.equal(said({ own: false, waiting: 2, refused: 1 }), "");
});

test("of several changes of the same the last counts", () => {
  const row = (kind, id, state) => ({ kind, person: id === null ? null : { id }, state });
  const rows = [row("correct-name", "a", "refused"), row("correct-name", "b", "waiting"), row("correct-name", "a", "sent"), row("set-checklist", null, "refused")];
  assert.equal(undone(rows, "correct-name", "a"), rows[2]);
  assert.equal(undone(rows, "correct-name", "c"), undefined);
  assert.equal(undone(rows, "set-checklist"), rows[3]);
  assert.deepEqual([rows[2], rows[3], undefined].map(waits), [true, false, false]);
});

test("how old it is, in words that one would say", () => {
  const said = (language, seconds) => makeWords(language, catalogues[language]).ago(Math.floor(Date.now() / 1000) - seconds).replaceAll("\u00a0", " ");
  assert.deepEqual([3, 70, 130, 7_300, 60 * 3_600].map((seconds) => said("en", seconds)), ["just now", "a minute ago", "2 min ago", "2 hr ago", "2 days ago"]);
  assert.deepEqual([3, 70, 130].map((seconds) => said("fr", seconds)), ["à l’instant", "il y a une minute", "il y a 2 min"]);
  assert.equal(said("en", -30), "just now", "a clock that runs behind");
});
