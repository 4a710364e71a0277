// Checks of mail in the page: `node --test` in this folder.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../..");
const read = (path) => readFileSync(join(ROOT, path), "utf8");
const en = JSON.parse(read("ui/locales/en.json"));

const { paced } = await import("../../ui/js/pace.js");
const { Trail } = await import("../../ui/js/trail.js");
const { countSentence, pressing } = await import("../../ui/js/parts/mail.js");
const { makeWords } = await import("../../ui/js/words.js");
const { staysForEdits } = await import("../../ui/js/unsaved.js");

const words = (type) => [...(read("tests/ui/types/wire.d.ts").match(new RegExp(`type ${type} = ([^;]+);`))?.[1] ?? "").matchAll(/"([^"]+)"/g)].map((match) => match[1]);

test("every state, failure and kind of a notice is said, and each failure with what to do", () => {
  for (const [type, stems] of [["MailState", ["state", "stands"]], ["MailFailure", ["failure", "mend"]], ["NoticeKind", ["kind"]]]) {
    assert.ok(words(type).length > 5, type);
    for (const word of words(type)) for (const stem of stems) assert.ok(en[`mail.${stem}.${word}`], `mail.${stem}.${word}`);
  }
});

test("what waits is counted with its reason, and the pressing comes first", () => {
  const counts = [
    { state: "letter", failure: null, count: 2 }, { state: "sending", failure: null, count: 1 }, { state: "failed", failure: "full", count: 1 },
    { state: "waiting", failure: null, count: 4 }, { state: "waiting", failure: "refused-password", count: 30 }, { state: "uncertain", failure: null, count: 0 },
  ];
  const said = pressing(counts).map((count) => countSentence(makeWords("en", en), count));
  assert.deepEqual(said, [
    "30 waiting: the server refused user or password.", "4 waiting to be sent.", "1 given up: the recipient’s mailbox is full.", "2 letters to hand over",
  ]);
});

test("a trail is followed as far as somebody goes, each page once, and ends where it cannot be had", async () => {
  const asked = [];
  const stretch = (from) => ({ rows: Array.from({ length: 50 }, (_, at) => from + at), next: from + 50 < 120 ? String(from + 50) : null });
  const trail = new Trail(async (after) => (asked.push(after), stretch(Number(after))), stretch(0));
  assert.deepEqual([trail.total, trail.at(49), trail.at(50)], [51, 49, null]);
  await trail.want(0, 30);
  assert.deepEqual(asked, []);
  await Promise.all([trail.want(40, 60), trail.want(41, 61)]);
  assert.deepEqual([asked, trail.total], [["50"], 101]);
  await trail.want(90, 149);
  assert.deepEqual([asked, trail.total, trail.at(149)], [["50", "100"], 150, 149]);

  const lost = new Trail(async () => null, stretch(0));
  await lost.want(0, 50);
  assert.equal(lost.total, 50);
});

test("edits are not left without asking, and are thrown away only when that is chosen", () => {
  const [replaced, dialogs] = [[], []];
  const at = (hash, data) => {
    Object.assign(globalThis, { location: { hash }, history: { state: null, replaceState: (_state, _title, url) => replaced.push(url) } });
    return { state: () => ({ screen: { name: "mail-settings", id: null, data } }), ask: (name, data) => dialogs.push([name, data.name, data.id]) };
  };
  const discard = () => assert.fail("nothing was thrown away yet");
  assert.equal(staysForEdits(at("#/users/7", { unsaved: null })), false);
  assert.equal(staysForEdits(at("#/mail-settings", { unsaved: discard })), false);
  assert.equal(staysForEdits(at("#/users/7", { unsaved: discard })), true);
  assert.deepEqual([replaced, dialogs], [["#/mail-settings"], [["unsaved", "users", "7"]]]);
});

test("an outbox that is being emptied is looked at once a second, and once more at the end", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let looks = 0;
  const moved = paced(1_000, async () => void (looks += 1));
  const rest = async () => {
    await new Promise(setImmediate);
    context.mock.timers.tick(1_000);
    await new Promise(setImmediate);
  };
  for (let message = 0; message < 14; message += 1) moved();
  assert.equal(looks, 1);
  await rest();
  assert.equal(looks, 2);
  await rest();
  assert.equal(looks, 2);
  moved();
  assert.equal(looks, 3);
});
