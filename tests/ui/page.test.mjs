// Checks of the page's logic that need no window: `node --test` in this folder.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../..");
const read = (path) => readFileSync(join(ROOT, path), "utf8");
const sources = readdirSync(join(ROOT, "ui"), { recursive: true }).filter((path) => /\.(js|html|css)$/.test(path));
const scripts = sources.filter((path) => path.endsWith(".js"));
const en = JSON.parse(read("ui/locales/en.json"));
const fr = JSON.parse(read("ui/locales/fr.json"));
const kinds = [...read("src-tauri/crates/domain/src/event.rs").matchAll(/^ {4}\w+ => "([a-z-]+\.[a-z-]+)",$/gm)].map((match) => match[1]);
const blanks = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

const { makeWords, fill } = await import("../../ui/js/words.js");
const { codeForm, groups } = await import("../../ui/js/code-form.js");
const { strength } = await import("../../ui/js/strength.js");
const { readHash, route, screens, writeHash } = await import("../../ui/js/route.js");
const { SHORTCUTS, isOpen, named } = await import("../../ui/js/shortcuts.js");
const { freeName } = await import("../../ui/js/parts/authenticators.js");
const { sentenceKey } = await import("../../ui/js/journal-words.js");

test("both catalogues have the same keys, filled with the same values, and none is empty", () => {
  assert.deepEqual(Object.keys(fr), Object.keys(en));
  for (const key of Object.keys(en)) {
    assert.ok(en[key].trim() && fr[key].trim(), `${key} is empty`);
    assert.deepEqual(blanks(fr[key]), blanks(en[key]), key);
  }
});

test("French keeps its punctuation with the word before", () => {
  for (const [key, text] of Object.entries(fr)) {
    assert.doesNotMatch(text, / [:;?!»]|« |'|\p{L}[;?!]/u, key);
  }
});

test("every refusal has a sentence in both catalogues", () => {
  const line = read("tests/ui/types/wire.d.ts").match(/type RefusalCode = ([^;]+);/)?.[1] ?? "";
  const codes = [...line.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  assert.ok(codes.length > 40);
  for (const code of codes) assert.ok(en[`refusal.${code}`], `refusal.${code}`);
});

test("every kind of journal entry has a sentence, in the third person and to oneself", () => {
  assert.ok(kinds.length >= 20);
  for (const kind of kinds) {
    assert.ok(en[`journal.${kind}`], `journal.${kind}`);
    const own = [`mine.${kind}`, `byMe.${kind}`].some((key) => key in en);
    assert.ok(own, `nothing tells somebody that they did ${kind}`);
    assert.doesNotMatch(en[`mine.${kind}`] ?? "", /\{actor\}/);
  }
});

test("whatever a sentence of the journal asks for is given to it", () => {
  const given = read("ui/js/journal-words.js").match(/words\.rich\(key, \{\n([\s\S]*?)\n {2}\}\)/)?.[1] ?? "";
  const names = new Set([...given.matchAll(/^ {4}(\w+)[:,]/gm)].map((match) => match[1]));
  const told = kinds.flatMap((kind) => Object.keys(en).filter((key) => new RegExp(`^(journal|mine|byMe|onMe)\\.${kind.replace(".", "\\.")}(\\.|$)`).test(key)));
  assert.ok(names.size > 20 && told.length > 100, `${names.size} words, ${told.length} sentences`);
  for (const key of told) assert.deepEqual(blanks(en[key]).filter((blank) => !names.has(blank)), [], key);
});

test("a sentence with gaps is nowhere said without what fills them", () => {
  const bare = scripts.flatMap((path) => [...read(`ui/${path}`).matchAll(/\bt\("([\w.-]+)"\)/g)].map(([, key]) => key).filter((key) => blanks(en[key] ?? "").length > 0).map((key) => `${path}: ${key}`));
  assert.deepEqual(bare, []);
});

test("every key that the scripts name stands in the catalogue", () => {
  const missing = scripts.flatMap((path) =>
    [...read(`ui/${path}`).matchAll(/\b(t|n|rich)\((?:[^"()]*\? )?"([\w.-]+)"(?: : "([\w.-]+)")?/g)].flatMap(([, kind, ...keys]) =>
      keys.filter((key) => key && !((kind === "n" ? `${key}.other` : key) in en)).map((key) => `${path}: ${key}`)));
  assert.deepEqual(missing, []);
});

test("every key is used", () => {
  const text = scripts.map((path) => read(`ui/${path}`)).join("\n");
  // The seam to Rust and the keys that are put together from a word of the wire.
  const built = /^(why|action|refusal|journal|mine|byMe|onMe|told|role|state|spell|file|month|sheet\.title|sheet\.waiting|issued|policy|channel|case\.act|mail\.(?:state|stands|failure|mend|kind)|drill\.(?:call|says|answer|finding|tone|end)|import\.(reason|fault|verdict|verdicts|held)|seeds\.(fault|problem|verdict)|tokens\.(state|follows|done)|remote\.stopped|offline\.why)\./;
  const unused = Object.keys(en).filter((key) => !built.test(key) && !text.includes(`"${key.replace(/\.(one|other)$/, "")}"`) && !text.includes(`"${key}"`));
  assert.deepEqual(unused, []);
});

test("nothing in the page is read as HTML, styled inline or talks past the bridge", () => {
  for (const path of sources) {
    const text = read(`ui/${path}`);
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage|(?<!")console\./, path);
    if (path.endsWith(".html")) assert.doesNotMatch(text, /\sstyle=|\son\w+=|<style|https?:|<script(?![^>]+src=)/, path);
    if (path.endsWith(".js") && path !== "js/bridge.js") assert.doesNotMatch(text, /__TAURI__/, path);
    if (path.endsWith(".css") && path !== "css/tokens.css") assert.doesNotMatch(text, /#[0-9a-f]{3,8}\b|\brgb\(/i, path);
    // Nobody writes or reads the list of commands by hand.
    if (path !== "js/commands.js") assert.ok(text.split("\n").length < 300, `${path} is too long`);
  }
});

test("a table, a dialog, a code, and what a form asks are drawn in one place each", () => {
  const places = {
    "js/elements/data-table.js": /\bh\("(?:table|thead|tbody|th|td)"/,
    "js/elements/modal-dialog.js": /\bh\("dialog"/,
    "js/elements/code-field.js": /one-time-code/,
    "js/parts/code.js": /\bh\("code-field"/,
    "js/parts/form.js": /\bh\("form"|"data-required":(?! required)|type: secret/,
  };
  for (const [place, drawn] of Object.entries(places)) {
    assert.match(read(`ui/${place}`), drawn, place);
    assert.deepEqual(scripts.filter((path) => path !== place && drawn.test(read(`ui/${path}`))), [], place);
  }
});

const LIGHT_DARK = /--([\w-]+):[^;]*?light-dark\((.+?), (.+?)\);/g;

test("each colour is given for both themes, in one place", () => {
  const css = read("ui/css/tokens.css");
  const root = css.slice(css.indexOf(":root {")).split("\n}")[0];
  const both = [...root.matchAll(LIGHT_DARK)].map((match) => match[1]);
  assert.ok(both.length > 20);
  // What is printed, or scanned, is the same in both.
  const single = [...root.matchAll(/--([\w-]+): #/g)].map((match) => match[1]);
  assert.deepEqual(single, ["qr-paper", "print-ink", "print-paper"]);
  assert.doesNotMatch(css.slice(css.indexOf('[data-theme="light"]')), /--/);
});

test("text reads at 4.5 to 1 in both themes", () => {
  const css = read("ui/css/tokens.css");
  for (const theme of [2, 3]) {
    const colours = new Map([...css.matchAll(LIGHT_DARK)].map((match) => [match[1], match[theme]]));
    const pairs = [
      ...["paper", "ground", "rail", "accent-soft", "warn-soft", "danger-soft", "ok-soft", "info-soft"].map((ground) => ["ink", ground]),
      ...["paper", "ground", "rail"].map((ground) => ["ink-soft", ground]),
      ["accent", "paper"], ["accent", "ground"], ["accent-strong", "accent-soft"], ["on-accent", "accent"], ["on-accent", "accent-strong"],
      ["danger", "paper"], ["danger", "accent-soft"], ["on-danger", "danger"], ["ok", "ok-soft"], ["warn", "warn-soft"], ["danger", "danger-soft"],
    ];
    for (const [text, ground] of pairs) {
      const ratio = contrast(colours.get(text), colours.get(ground));
      assert.ok(ratio >= 4.5, `${theme === 2 ? "light" : "dark"}: ${text} on ${ground}: ${ratio.toFixed(2)}`);
    }
  }
});

test("words fill, count and tell refusals", () => {
  const words = makeWords("en", en);
  assert.deepEqual(fill("{a} and {b}.", { a: "x", b: 3 }), ["", "x", " and ", 3, "."]);
  assert.equal(words.n("users.count", 1), "1 person");
  assert.equal(words.n("users.count", 1234), "1,234 people");
  assert.match(words.refusal({ code: "clock-drift", number: -90 }), /90 seconds behind/);
  assert.match(makeWords("fr", fr).refusal({ code: "clock-drift", number: 90 }), /avancer de 90\ssecondes/);
  assert.match(words.refusal({ code: "clock-drift", number: 310 }), /5 minutes ahead/);
  assert.match(makeWords("fr", fr).refusal({ code: "clock-drift", number: -150 }), /retarder de 3\sminutes/);
  assert.match(words.refusal({ code: "wait", at: Date.now() / 1000 }), /from \d\d:\d\d;/);
  assert.equal(words.refusal({ code: "from-the-future" }), en["refusal.unexpected"]);
});

test("a new authenticator is offered the first name that is free", () => {
  const words = makeWords("en", en);
  const after = (...names) => freeName(words, names.map((name) => ({ name })));
  assert.equal(after(), "Authenticator");
  assert.equal(after("Phone"), "Authenticator");
  assert.equal(after("AUTHENTICATOR", "Phone"), "Authenticator 2");
  assert.equal(after("Authenticator", "Authenticator 2"), "Authenticator 3");
});

test("codes are told apart by their form", () => {
  assert.deepEqual(codeForm("12 34 56"), { kind: "authenticator", typed: 6, of: 6 });
  assert.equal(codeForm("1234567").kind, "backup");
  assert.equal(codeForm("7km3p-r2vxa-9tq4d").typed, 15);
  assert.equal(codeForm("RK7M3-P2VXA-9TQ4D-0").kind, "long");
  assert.equal(codeForm("  ").kind, "none");
  assert.deepEqual(groups("AB-CD EF"), ["AB", "CD", "EF"]);
});

test("every symbol of a code can be spelled", () => {
  for (const symbol of "0123456789ABCDEFGHJKMNPQRSTVWXYZ") assert.ok(en[`spell.${symbol}`] && fr[`spell.${symbol}`], symbol);
});

test("strength grows with length, and common words do not help", () => {
  assert.equal(strength("short", 8), 0);
  assert.equal(strength("password1", 8), 1);
  assert.equal(strength("aaaaaaaaaaaaaaaa", 8), 1);
  assert.equal(strength("12345678", 8), 1);
  assert.ok(strength("gravel-otter-lantern", 8) >= 3);
  assert.equal(strength("gravel otter lantern 41 quay", 12), 4);
});

test("the situation decides which screens are open, the hash chooses", () => {
  const me = (reach, staff = true) => ({ known: [], open: { me: { reach, listsPeople: staff, readsJournal: staff }, handedTo: null } });
  assert.deepEqual(route({ known: [], open: null }, "#/users"), { name: "start", id: null });
  assert.equal(route({ known: [], open: { me: null, handedTo: null } }, "#/profile").name, "sign-in");
  assert.equal(route({ known: [], open: { me: null, handedTo: {} } }, "#/sign-in").name, "hand-over");
  assert.equal(route(me("locked"), "#/users").name, "locked");
  assert.equal(route(me("enrol"), "#/users").name, "enrol");
  assert.equal(route(me("full"), "#/code").name, "users");
  assert.equal(route(me("full", false), "#/users").name, "profile");
  assert.deepEqual(route(me("full"), "#/journal/7"), { name: "journal", id: "7" });
  assert.equal(route({ known: [{ id: "a" }], open: null }, "#/open/b").name, "start");
  assert.ok(screens(me("code")).includes("help"));
  assert.deepEqual(readHash(writeHash("journal", "a/b")), { name: "journal", id: "a/b" });
});

test("no key takes along what was typed in a dialog or interrupts the sheet; the lock always holds", () => {
  const open = { me: { reach: "full", listsPeople: true }, handedTo: null };
  const at = (change) => ({ situation: { open, sheet: null }, screen: { name: "users" }, dialog: null, ...change });
  const heard = (state) => Object.keys(SHORTCUTS).filter((name) => isOpen(name, state));
  assert.deepEqual(heard(at({})), Object.keys(SHORTCUTS));
  assert.deepEqual(heard(at({ dialog: { name: "add-user" } })), ["lock"]);
  assert.deepEqual(heard(at({ situation: { open, sheet: "backup-codes" } })), ["lock"]);
  assert.deepEqual(heard(at({ screen: { name: "profile" } })), ["help", "settings", "person", "lock", "close", "quit"]);
  const member = { ...open, me: { ...open.me, listsPeople: false } };
  assert.deepEqual(heard(at({ situation: { open: member, sheet: null }, screen: { name: "profile" } })), ["help", "settings", "lock", "close", "quit"]);
  assert.deepEqual(heard(at({ situation: { open: null, sheet: null }, screen: { name: "start" } })), ["help", "settings", "lock", "quit"]);
});

test("each key is heard as it is shown, and with nothing else held down", () => {
  const press = (key, held = {}) => named({ key, ctrlKey: true, altKey: false, shiftKey: false, metaKey: false, ...held });
  for (const [name, { keys }] of Object.entries(SHORTCUTS)) {
    const key = keys.replace("Ctrl+", "");
    const ctrlKey = keys.startsWith("Ctrl+");
    assert.equal(press(key, { ctrlKey }), name);
    if (ctrlKey) assert.equal(press(key.toLowerCase()), name);
    assert.equal(press(key, { ctrlKey: !ctrlKey }), undefined, `${name} without its Ctrl, or with one`);
    for (const held of ["altKey", "shiftKey", "metaKey"]) assert.equal(press(key, { ctrlKey, [held]: true }), undefined, `${name} with ${held}`);
  }
  assert.equal(new Set(Object.values(SHORTCUTS).map(({ keys }) => keys)).size, Object.keys(SHORTCUTS).length);
});

test("an entry is told to the one it is about", () => {
  const has = (key) => key in en;
  const [me, other] = [{ id: "1" }, { id: "2" }];
  const key = (kind, actor, subject, words = {}) => sentenceKey(has, { kind, actor, subject, words }, "1");
  assert.equal(key("factor.reset", other, me), "onMe.factor.reset");
  assert.equal(key("factor.reset", me, other), "byMe.factor.reset");
  assert.equal(key("password.changed", me, me), "mine.password.changed");
  assert.equal(key("factor.backup-codes-saved", me, me, { how: "copied" }), "mine.factor.backup-codes-saved.copied");
  assert.equal(key("sign-in.locked", null, me), "onMe.sign-in.locked");
  assert.equal(key("from.the-future", me, me), "journal.unknown");
  assert.equal(sentenceKey(has, { kind: "factor.reset", actor: me, subject: other, words: {} }, null), "journal.factor.reset");
});

function contrast(one, other) {
  const light = (colour) => {
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}
