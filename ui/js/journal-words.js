// Journal entries as sentences: in the third person, or told to the one they are about.

/** @import { Child, Key, Words } from "../../tests/ui/types/page.js" */
/** @import { JournalRow, PersonName } from "../../tests/ui/types/wire.js" */

import { h } from "./dom.js";
import { changeList } from "./parts/policy-words.js";

/**
 * @param {Words} words
 * @param {JournalRow} row
 * @param {string | null} me whose activity this is; null for the journal
 * @param {(person: PersonName) => Child} name
 */
export function sentence(words, row, me, name) {
  // Who, to whom and in which words are gone; that it happened stays.
  if (row.erased) return words.rich("journal.erased", { kind: kindLabel(words, row.kind) });
  const key = sentenceKey((candidate) => words.has(candidate), row, me);
  const role = words.has(`role.as.${row.words["role"]}`) ? words.t(/** @type {Key} */ (`role.as.${row.words["role"]}`)) : "";
  return words.rich(key, {
    actor: row.actor ? name(row.actor) : words.t("journal.somebody"),
    subject: row.subject ? name(row.subject) : (row.words["name"] ?? words.t("journal.somebody")),
    role,
    kind: row.kind,
    people: words.n("users.count", Number(row.words["people"] ?? 0)),
    taken: row.words["taken"] ? words.dateTime(Number(row.words["taken"])) : "",
    authenticator: h("bdi", null, row.words["authenticator"] ?? ""),
    client: h("bdi", null, row.words["client"] ?? ""),
    token: h("bdi", null, row.words["token"] || words.t("tokens.one")),
    tokens: words.n("tokens.count", Number(row.words["count"] ?? 0)),
    entries: words.n("evidence.entries", Number(row.words["count"] ?? 0)),
    file: h("bdi", null, row.words["file"] ?? ""),
    before: h("bdi", null, row.words["before"] ?? ""),
    after: h("bdi", null, row.words["after"] ?? ""),
    brings: h("bdi", null, row.words["after"] ?? row.words["token"] ?? ""),
    community: h("bdi", null, row.words["community"] ?? row.words["name"] ?? ""),
    asked: h("bdi", null, row.words["asked"] ?? ""),
    checked: h("bdi", null, row.words["checked"] ?? ""),
    reason: h("bdi", null, row.words["reason"] ?? ""),
    channel: words.has(`channel.${row.words["channel"]}`) ? words.t(/** @type {Key} */ (`channel.${row.words["channel"]}`)) : "",
    act: words.has(`case.act.${row.words["act"]}`) ? words.t(/** @type {Key} */ (`case.act.${row.words["act"]}`)) : "",
    device: h("bdi", null, row.words["device"] ?? row.words["name"] ?? ""),
    issued: issuedAt(words, row.words["issued"] ?? ""),
    why: words.has(`offline.why.${row.words["why"]}`) ? words.t(/** @type {Key} */ (`offline.why.${row.words["why"]}`)) : "",
    host: h("bdi", null, row.words["host"] ?? ""),
    sender: h("bdi", null, row.words["sender"] ?? ""),
    to: h("bdi", null, row.words["to"] ?? ""),
    size: words.number(Number(row.words["size"] ?? 0)),
    entry: words.number(Number(row.words["entry"] ?? 0)),
    note: h("bdi", null, row.words["note"] ?? ""),
    notice: words.has(`mail.kind.${row.words["notice"]}`) ? words.t(/** @type {Key} */ (`mail.kind.${row.words["notice"]}`)) : "",
    changes: changeList(words, row.words).join(" · "),
  });
}

/** When a code was issued: its entry has seconds since 1970. @param {Words} words @param {string} written */
function issuedAt({ dateTime }, written) {
  const at = Number(written);
  return written === "" || Number.isNaN(at) ? written : dateTime(at);
}

/**
 * @param {(key: string) => key is Key} has
 * @param {Pick<JournalRow, "kind" | "actor" | "subject" | "words">} row
 * @param {string | null} me
 * @returns {Key}
 */
export function sentenceKey(has, { kind, actor, subject, words }, me) {
  const voice = me === null ? "journal" : actor?.id !== me ? "onMe" : subject && subject.id !== me ? "byMe" : "mine";
  const how = words["how"] ?? "";
  const candidates = [`${voice}.${kind}.${how}`, `${voice}.${kind}`, `journal.${kind}.${how}`, `journal.${kind}`];
  return candidates.find(has) ?? "journal.unknown";
}

/** What a kind is called where nobody is named: the first sentence of it, with gaps for what an entry fills in. @param {Words} words @param {string} kind */
export function kindLabel(words, kind) {
  const key = sentenceKey((candidate) => words.has(candidate), { kind, actor: null, subject: null, words: {} }, null);
  if (key === "journal.unknown") return kind;
  const whole = words.t(key, new Proxy({}, { get: () => GAP })).split(/\. (?=\p{Lu})/u)[0] ?? "";
  const text = whole.replace(/[\s.:,(«“]*…[\s.)»”]*$/u, " …").replaceAll(/…(?: …)+/gu, GAP).replace(/^… /u, "").replace(/\.$/, "");
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

const GAP = "…";

/** What somebody looks for first at night. @param {string} kind */
export const mood = (kind) =>
  ["factor.reset", "offline.code-used", "offline.code-refused", "factor.disabled", "sign-in.locked", "check.locked", "policy.changed", "policy.community-changed", "gate.refused"].includes(kind) ? "notable" : null;
