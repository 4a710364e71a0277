// Checks of what the page says and offers while the server is out of reach: `node --test` in this folder.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../..");
const catalogues = Object.fromEntries(["en", "fr"].map((language) => [language, JSON.parse(readFileSync(join(ROOT, `ui/locales/${language}.json`), "utf8"))]));

const { passwordCode, reset } = await import("../../ui/js/dialogs/issuing.js");
const { clockSaid, isAway, leftHere, whyNot } = await import("../../ui/js/offline.js");
const { codeWhen } = await import("../../ui/js/parts/offline.js");
const { differences, changeList, readDraft, ruleValue } = await import("../../ui/js/parts/policy-words.js");
const { makeWords } = await import("../../ui/js/words.js");

const words = makeWords("en", catalogues.en);
const french = makeWords("fr", catalogues.fr);
const NOON = Date.parse("2026-11-24T12:00") / 1000;

const at = ({ connected = false, alone = false, own = true, staff = true, reach = "full", drill = null, remote = true, refused = null, since = 0, by = "noa" } = {}) => ({
  words,
  situation: { open: { me: { person: { id: by }, ownDevice: own, listsPeople: staff, reach }, drill, remote: remote ? { connected, alone, since } : null } },
  account: { offline: { refused, left: 7, budget: 20, until: NOON, clockOff: null, issued: [] } },
});

test("codes are issued at the own desk of whoever helps others while the server is not reached, and nowhere else", () => {
  const away = (state) => isAway(at(state).situation);
  assert.ok(away({}), "the server went while somebody was signed in");
  assert.ok(away({ alone: true }), "somebody works without the network");
  const others = { connected: { connected: true }, "back, and nobody signed in yet": { connected: true, alone: true }, "the desk of another": { own: false }, "helps nobody": { staff: false }, locked: { reach: "locked" }, rehearsal: { drill: {} }, "no server": { remote: false } };
  for (const [name, state] of Object.entries(others)) assert.ok(!away(state), name);
  assert.ok(!isAway({ open: null }), "nothing is open");
});

test("a reset is offered without the server unless the person's account or this computer speaks against it, and it says why", () => {
  const said = (state, refused = null) => whyNot(at(state), "reset-second-factor", refused);
  assert.equal(said({}), null);
  const over = { code: "offline-grant-over", at: NOON };
  assert.equal(said({ refused: over }), words.refusal(over));
  assert.equal(said({ refused: over, connected: true }), null, "reached again");
  assert.equal(said({ refused: over }, { code: "nothing-to-reset" }), words.refusal({ code: "nothing-to-reset" }));
  assert.match(said({}, { code: "takes-two" }), /two people, and that takes the server/);
  assert.match(said({}, { code: "second-effect-after-email", at: NOON }), /two people, and that takes the server/);
  assert.equal(said({ connected: true }, { code: "takes-two" }), words.refusal({ code: "takes-two" }));
  assert.equal(whyNot({ ...at({}), account: null }, "reset-second-factor", null), null, "what this computer may is not read yet: the program decides");
});

test("a password code takes the server, and the rest is asked as ever", () => {
  assert.match(whyNot(at({}), "issue-password-code", null) ?? "", /takes the server/);
  assert.equal(whyNot(at({}), "issue-password-code", { code: "not-allowed" }), words.refusal({ code: "not-allowed" }));
  assert.equal(whyNot(at({ connected: true }), "issue-password-code", null), null);
  assert.equal(whyNot(at({}), "correct-name", null), null);
});

const FILLED = { "check-0": "called back", reason: "4711", askedBy: "Mia", channel: "video", passphrase: "of the desk", password: "one's own", code: "123456" };
const UNREAD = { codes: [], person: { id: "mia", name: "Mia", email: "" }, proof: null };

/** A dialog that stands, in a window whose server comes and goes: what it asks of Rust is written down. */
function standing(dialog, state, refusal = null) {
  const asked = [];
  globalThis.window = { __TAURI__: { core: { invoke: async (name, { request }) => {
    asked.push({ name, request });
    if (name === "read_checklist") return { entries: ["called back", "seen"] };
    if (refusal) throw refusal;
    return UNREAD;
  } } } };
  let now = at(state);
  const app = { state: () => now, closeDialog() {}, refresh: async () => {}, say() {}, go() {} };
  const panel = { name: "reset", busy: false, refusal: null, data: { ...dialog.load(app, null), person: { id: "mia", name: "Mia", email: "" } } };
  const handle = {
    read: () => panel,
    patch: (data) => Object.assign(panel.data, data),
    async act(work) {
      try { await work(); return true; } catch (reason) { panel.refusal = reason.refusal; return false; }
    },
  };
  return { on: dialog.on(app, handle), panel, asked, moves: (state) => (now = at(state)) };
}

test("nobody confirms another way than the one that they were shown", async () => {
  for (const [before, after] of [[{ connected: true }, {}], [{}, { connected: true }]]) {
    const { on, panel, asked, moves } = standing(reset, before);
    moves(after);
    await on.submit(panel.data.link, FILLED);
    assert.deepEqual(asked, [], "it went another way by then");
  }
  const { on, panel, asked, moves } = standing(reset, { since: 1 });
  moves({ connected: true, since: 2 });
  moves({ since: 3 });
  await on.submit(panel.data.link, FILLED);
  assert.deepEqual(asked, [], "the server came and went: what was typed as proof was put away meanwhile");
});

test("what is shown is what is done: by the server where it is reached, and by the desk where it is not", async () => {
  const done = async (dialog, state) => {
    const { on, panel, asked } = standing(dialog, state);
    await on.submit(panel.data.link, FILLED);
    return asked.map(({ name, request: { support, ...rest } }) => [name, support.checked, ...Object.keys(rest)]);
  };
  assert.deepEqual(await done(reset, { connected: true }), [["reset_second_factor", ["called back"], "account", "proof"]]);
  assert.deepEqual(await done(reset, {}), [["issue_offline", ["called back"], "account", "passphrase"]]);
  assert.deepEqual(await done(passwordCode, {}), [["issue_password_code", ["called back"], "account", "proof"]], "a password code takes the server, wherever it is");
});

test("what was checked and why is never filled in; who asked and how are, and how is remembered for whoever chose it", async () => {
  const channel = (state) => reset.load({ state: () => at(state) }, null).channel;
  assert.equal(channel({ by: "ola" }), "phone");
  const { on, panel } = standing(reset, { by: "ola" });
  await on.submit(panel.data.link, FILLED);
  assert.equal(channel({ by: "ola" }), "video");
  assert.equal(channel({ by: "somebody else" }), "phone");
  assert.deepEqual(Object.keys(panel.data).filter((key) => /reason|checked/.test(key)), []);
  const { "check-0": ticked, ...unticked } = FILLED;
  const bare = standing(reset, {});
  await bare.on.submit(bare.panel.data.link, unticked);
  assert.deepEqual([bare.asked, bare.panel.refusal], [[], { code: "case-incomplete" }], ticked);
});

test("a refusal keeps what was filled in, puts away what was typed as proof, and shows a list that was changed anew", async () => {
  const after = async (code) => {
    const { on, panel } = standing(reset, {}, { code });
    await on.submit(panel.data.link, FILLED);
    return panel.data;
  };
  assert.equal((await after("desk-passphrase-wrong")).proofs, 0, "one types over what is selected");
  assert.equal((await after("offline-budget-spent")).proofs, 1);
  const changed = await after("checklist-changed");
  assert.deepEqual([changed.proofs, changed.checklist], [1, ["called back", "seen"]]);
});

test("what can still be issued here is counted, with its end, and nothing is promised that cannot be", () => {
  const { account: { offline } } = at({});
  assert.equal(leftHere(words, offline), "You may still issue 7 recovery codes here, until 24 Nov 2026, 12:00.");
  assert.equal(leftHere(words, { ...offline, left: 1 }), "You may still issue 1 recovery code here, until 24 Nov 2026, 12:00.");
  assert.match(leftHere(french, offline), /^Vous pouvez encore émettre 7 codes de récupération ici, jusqu’au 24 nov\. 2026/);
  assert.equal(leftHere(words, { ...offline, left: 0 }), null);
  assert.equal(leftHere(words, { ...offline, refused: { code: "offline-clock" } }), null);
});

test("a clock that is off is said with how far and which way", () => {
  assert.match(clockSaid(words, { clockOff: 420 }), /7 minutes ahead of/);
  assert.match(clockSaid(words, { clockOff: -150 }), /3 minutes behind/);
  assert.match(clockSaid(french, { clockOff: -150 }), /retarde de 3\sminutes/);
  assert.equal(clockSaid(words, { clockOff: null }), null);
});

test("a spent budget says when another code can be issued, where that is known", () => {
  assert.match(words.refusal({ code: "offline-budget-spent", at: NOON }), /another from 24 Nov 2026, 12:00 on/);
  assert.doesNotMatch(words.refusal({ code: "offline-budget-spent" }), /from|\{/);
});

test("a code says until when it is good, or when it ended", () => {
  const said = (state, endedAt = null) => codeWhen(words, { state, expiresAt: NOON, endedAt });
  assert.equal(said("issued"), "Until 24 Nov 2026, 12:00");
  assert.equal(said("used", NOON + 3_600), "24 Nov 2026, 13:00");
  assert.equal(said("void", NOON - 3_600), "24 Nov 2026, 11:00");
  assert.equal(said("expired"), "24 Nov 2026, 12:00");
});

test("the rule for such codes is a number, and none of them is said so", () => {
  assert.equal(readDraft({ offlineBudget: "20" }).offlineBudget, 20);
  assert.equal(readDraft({ offlineBudget: "0" }).offlineBudget, 0);
  assert.equal(readDraft({ offlineBudget: "-" }).offlineBudget, null);
  const present = readDraft({ offlineBudget: "20", recoveryHours: "24" });
  assert.deepEqual(differences(present, readDraft({ recoveryHours: "8" }, present)), { recoveryHours: "24 → 8" }, "where it is not asked, it stays");
  assert.deepEqual(["20", "1", "0"].map((value) => ruleValue(words, "offlineBudget", value)), ["20 codes", "1 code", "None"]);
  assert.match(changeList(words, { offlineBudget: "20 → 0" })[0] ?? "", /within 24 hours: 20 codes → None$/);
});

test("each reason for which a right code was refused has its words", () => {
  for (const why of ["repeated", "unfit", "void", "expired", "ahead"]) for (const catalogue of Object.values(catalogues)) assert.ok(catalogue[`offline.why.${why}`], why);
});

const { numbersSaid, telling } = await import("../../ui/js/screens/lost.js");
const { route, screens } = await import("../../ui/js/route.js");

test("of numbers that nothing is known of it is said what they could do, and nothing is good any more once the device is revoked", () => {
  const numbers = { staff: { id: "", name: "Noa", email: "noa@example.org" }, untold: 18, until: NOON };
  assert.equal(numbersSaid(words, numbers, true), "Noa: 18 numbers of which nothing is known. Good until 24 Nov 2026, 12:00 at most, had it not been revoked.");
  assert.match(numbersSaid(words, { ...numbers, untold: 1 }, false), /^Noa: 1 number of .* A code with it is good until 24 Nov 2026, 12:00 at most, as long as this device is not revoked\.$/);
  assert.match(numbersSaid(words, { ...numbers, staff: null }, true), /^Somebody who was erased: 18/);
  assert.match(numbersSaid(french, numbers, true), /18 numéros dont on ne sait rien/);
});

test("nobody is told of a lost device before it is revoked, and a second time it is said when they were", () => {
  const said = (state, toTell, toldAt) => telling(words, { device: { state }, toTell, toldAt });
  assert.match(said("paired", 3, null) ?? "", /^Revoke it first/);
  assert.match(said("paired", 0, NOON) ?? "", /^Revoke it first/, "whatever was before");
  assert.equal(said("revoked", 3, null), null, "nothing stands in the way");
  assert.equal(said("revoked", 0, NOON), "Everybody was told, the last of them 24 Nov 2026, 12:00.");
  assert.equal(said("revoked", 1, NOON), "Others were told 24 Nov 2026, 12:00. Only those who came in since are told now.");
});

test("whoever looks after devices on a server opens the page of one that is lost, and nobody else does", () => {
  const me = (keepsDevices) => ({ reach: "full", keepsDevices, listsPeople: true });
  const open = (keepsDevices, remote) => ({ open: { me: me(keepsDevices), remote }, known: [] });
  assert.deepEqual(route(open(true, {}), "#/lost/7"), { name: "lost", id: "7" });
  assert.deepEqual(route(open(true, {}), "#/lost"), { name: "devices", id: null }, "of none in particular");
  assert.ok(!screens(open(false, {})).includes("lost"));
  assert.ok(!screens(open(true, null)).includes("lost"), "a local workspace has none");
});
