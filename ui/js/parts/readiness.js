// How well people are prepared for losing something: a picture of everybody, then what to look at, each part a way to
// the people it counts.

/** @import { PeopleState, Readiness } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";

/** @typedef {{ state: PeopleState, count: number, tone: "ok" | "danger" | "warn" | "plain" }} Part */

/** The whole, in parts that make it up. @param {Readiness} counts @returns {Part[]} */
export const whole = (counts) => [
  { state: "protected", count: counts.protected, tone: "ok" },
  { state: "no-second-factor", count: counts.noSecondFactor, tone: "danger" },
  { state: "recovery-pending", count: counts.recoveryPending, tone: "warn" },
  { state: "invited", count: counts.invited, tone: "plain" },
];

/** What may be in the way of any of them, the most urgent first. @param {Readiness} counts @returns {Part[]} */
export const weak = (counts) => [
  { state: "locked", count: counts.locked, tone: "danger" },
  { state: "few-codes", count: counts.fewCodes, tone: "warn" },
  { state: "unsaved-codes", count: counts.unsavedCodes, tone: "warn" },
  { state: "one-authenticator", count: counts.oneAuthenticator, tone: "warn" },
  { state: "unfinished-enrolment", count: counts.unfinishedEnrolment, tone: "warn" },
];

/** Wide enough to be seen, whatever it is a part of; nothing is nothing. @param {number} count @param {number} of @param {number} width */
export const share = (count, of, width) => (count === 0 || of === 0 ? 0 : Math.max(2, Math.min(width, (count / of) * width)));

const WIDTH = 1000;

/**
 * @param {Words} words
 * @param {Readiness} counts
 * @param {PeopleState | undefined} chosen
 * @param {(state: PeopleState) => void} choose
 */
export function readinessPicture(words, counts, chosen, choose) {
  const { t, n } = words;
  const parts = whole(counts);
  const label = n("readiness.picture", counts.people, { parts: parts.map(({ state, count }) => `${t(`state.${state}`)} ${words.number(count)}`).join(", ") });
  return h("section", { class: "readiness card", "aria-label": t("readiness.title") },
    stacked(parts, counts.people, label),
    h("div", { class: "readiness-lists" },
      list(words, "readiness.everybody", parts, counts.people, chosen, choose),
      list(words, "readiness.weak", weak(counts), counts.people, chosen, choose)));
}

/** Everybody, as one bar. @param {Part[]} parts @param {number} people @param {string} label */
function stacked(parts, people, label) {
  const shares = parts.map(({ count }) => share(count, people, WIDTH));
  const scale = WIDTH / Math.max(1, shares.reduce((sum, one) => sum + one, 0));
  let x = 0;
  return h("svg", { class: "readiness-whole", viewBox: `0 0 ${WIDTH} 16`, preserveAspectRatio: "none", role: "img", "aria-label": label },
    h("rect", { class: "part-none", x: 0, y: 0, width: WIDTH, height: 16 }),
    parts.map(({ tone }, at) => {
      const width = (shares[at] ?? 0) * scale;
      x += width;
      return width > 0 && h("rect", { class: `part-${tone}`, x: x - width, y: 0, width, height: 16 });
    }));
}

/**
 * @param {Words} words
 * @param {Key} title
 * @param {Part[]} parts
 * @param {number} people
 * @param {PeopleState | undefined} chosen
 * @param {(state: PeopleState) => void} choose
 */
function list(words, title, parts, people, chosen, choose) {
  const { t } = words;
  /** @param {Part} part @returns {Child} */
  const part = ({ state, count, tone }) =>
    h("li", null,
      h("button", { key: `readiness.${state}`, type: "button", class: "part", "aria-pressed": state === chosen ? "true" : "false", onclick: () => choose(state) },
        h("span", { class: "clip" }, t(`state.${state}`)),
        h("svg", { class: "part-bar", viewBox: `0 0 ${WIDTH} 10`, preserveAspectRatio: "none", "aria-hidden": "true" },
          h("rect", { class: "part-none", x: 0, y: 0, width: WIDTH, height: 10 }),
          count > 0 && h("rect", { class: `part-${tone}`, x: 0, y: 0, width: share(count, people, WIDTH), height: 10 })),
        h("span", { class: "part-count" }, words.number(count))));
  return h("div", null, h("h2", null, t(title)), h("ul", null, parts.map(part)));
}
