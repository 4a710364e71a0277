// Mail in words: what waits and why, where a notice stands, and how that looks.

/** @import { MailCount, MailFailure, MailState, NoticeKind } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";

/** What is to be done something about comes first. @type {readonly MailState[]} */
export const MAIL_STATES = Object.freeze(["waiting", "failed", "uncertain", "letter", "sending", "sent", "handed-over"]);

/** @type {Readonly<Record<MailState, string>>} */
const TONES = Object.freeze({ waiting: "warn", sending: "plain", sent: "ok", uncertain: "warn", failed: "danger", letter: "warn", "handed-over": "ok" });

/** @param {Words} words @param {MailState} state @param {MailFailure | null} [failure] */
export const mailChip = ({ t }, state, failure = null) =>
  h("span", { class: `chip ${state === "waiting" && failure === null ? "plain" : TONES[state]}` }, t(`mail.state.${state}`));

/** @param {Words} words @param {NoticeKind} kind */
export const noticeName = ({ t }, kind) => t(`mail.kind.${kind}`);

/** What went wrong, as part of a sentence. @param {Words} words @param {MailFailure} failure */
export const failureName = ({ t }, failure) => t(`mail.failure.${failure}`);

/** What to do about it. @param {Words} words @param {MailFailure} failure */
export const mending = ({ t }, failure) => t(`mail.mend.${failure}`);

/** Counts of what is not sent: the pressing ones first, so many at once. @param {MailCount[]} counts */
export const pressing = (counts) =>
  counts.filter(({ state, count }) => count > 0 && state !== "sending" && state !== "sent" && state !== "handed-over")
    .toSorted((a, b) => MAIL_STATES.indexOf(a.state) - MAIL_STATES.indexOf(b.state) || b.count - a.count);

/** @param {MailCount[]} counts @param {MailState} state */
export const counted = (counts, state) => counts.reduce((sum, each) => sum + (each.state === state ? each.count : 0), 0);

/** One count as a sentence: "3 waiting: the server refused the password." @param {Words} words @param {MailCount} count */
export function countSentence(words, { state, failure, count }) {
  const { n } = words;
  if (state === "letter") return n("mail.letters", count);
  if (state === "uncertain") return n("mail.uncertain", count);
  if (state === "failed") return failure === null ? n("mail.givenUp", count) : n("mail.givenUpWhy", count, { why: failureName(words, failure) });
  return failure === null ? n("mail.waits", count) : n("mail.waitsWhy", count, { why: failureName(words, failure) });
}

/** Where a notice stands, in a sentence or two. @param {Words} words @param {import("../../../tests/ui/types/wire.js").OutboxRow} row @returns {Child[]} */
export function standing(words, { state, since, attempts, nextAt, failure }) {
  const { t, n } = words;
  const at = words.moment(since);
  /** @type {Child[]} */
  const lines = [h("p", { class: "strong" }, t(`mail.stands.${state}`, { at }))];
  if (failure !== null && state !== "sent" && state !== "handed-over") lines.push(h("p", null, t("mail.because", { why: failureName(words, failure) }), " ", mending(words, failure)));
  if (state === "waiting" && nextAt !== null) lines.push(h("p", null, attempts === 0 ? t("mail.firstTry", { at: words.moment(nextAt) }) : n("mail.nextTry", attempts, { at: words.moment(nextAt) })));
  return lines;
}
