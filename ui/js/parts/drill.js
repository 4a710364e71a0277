// A drill: what says all the time that it is one, the caller's card, and how it went.

/** @import { App, Child, Key, State, Words } from "../../../tests/ui/types/page.js" */
/** @import { DrillTone, DrillVerdict, DrillView, Situation } from "../../../tests/ui/types/wire.js" */

import { endDrill, readDrillCode } from "../commands.js";
import { h } from "../dom.js";
import { icon } from "./icon.js";

/** @type {readonly DrillTone[]} */
const TONES = Object.freeze(["right", "too-much", "missed"]);
/** @type {Readonly<Record<DrillTone, Parameters<typeof icon>[0]>>} */
const SIGNS = Object.freeze({ right: "check", "too-much": "warn", missed: "info" });

/** Whether a drill can begin from here. @param {Situation} situation */
export const mayDrill = ({ open }) => !open?.handedTo && !open?.drill;

/** @param {App} app */
export const leaveDrill = (app) => void endDrill({}).then(() => app.refresh(), () => app.refresh());

/** A button that begins one. @param {Words} words @param {App} app @param {string} key */
export const drillButton = ({ t }, app, key) =>
  h("button", { key, type: "button", onclick: () => app.ask("drill") }, icon("phone"), t("drill.title"));

/**
 * On every screen for as long as a drill goes on.
 * @param {State} state
 * @param {App} app
 * @returns {Child[]}
 */
export function drillStrip({ words, situation }, app) {
  const { t } = words;
  const drill = situation.open?.drill;
  if (!drill) return [];
  return [
    h("section", { class: "drill-head", "aria-label": t("drill.nobody") },
      icon("warn"), h("p", { class: "strong" }, t("drill.nobody")),
      drill.verdict
        ? h("button", { key: "drill.another", type: "button", class: "primary", onclick: () => app.ask("drill") }, t("drill.another"))
        : h("button", { key: "drill.finish", type: "button", class: "primary", onclick: () => app.ask("drill-finish") }, t("drill.finish")),
      h("button", { key: "drill.end", type: "button", onclick: () => leaveDrill(app) }, t("drill.end"))),
    drill.verdict ? verdictCard(words, drill.verdict) : callCard(words, drill),
  ];
}

/** @param {Words} words @param {DrillView} drill */
function callCard(words, drill) {
  const { t } = words;
  const { call, caller, staff, checks } = drill;
  return h("details", { key: "drill.card", class: "drill-card card", open: true },
    h("summary", null, words.rich("drill.onThePhone", { name: h("bdi", { class: "strong" }, caller.name) })),
    h("blockquote", { dir: "auto" }, t(`drill.says.${call}`, { name: caller.name })),
    h("p", { class: "sub" }, t("drill.whenYouCheck")),
    h("div", { class: "drill-checks" }, checks.map((entry, index) =>
      h("details", { key: `drill.check.${index}` },
        h("summary", { dir: "auto" }, entry),
        h("p", { dir: "auto" }, t(/** @type {Key} */ (`drill.answer.${call}.${index}`), { name: caller.name }))))),
    h("p", { class: "sub" }, words.rich("drill.you", { name: h("bdi", null, staff.name), email: h("span", { dir: "ltr", class: "breaks" }, staff.email) })),
    drillKeys(words, drill));
}

/**
 * What whoever rehearses types where a password and a code are asked for.
 * @param {Words} words
 * @param {DrillView} drill
 */
export const drillKeys = (words, { password }) =>
  h("p", { class: "drill-keys" }, words.rich("drill.keys", {
    password: h("code", { translate: "no", dir: "ltr" }, password),
    code: h("drill-phone", { options: { label: words.t("drill.phone"), read: () => readDrillCode({}) } }),
  }));

/** @param {Words} words @param {DrillVerdict} verdict */
function verdictCard(words, { findings, seconds }) {
  const { t } = words;
  return h("section", { class: "drill-card card", "aria-label": t("drill.verdict") },
    h("p", { class: "strong", role: "status" }, t("drill.verdict")),
    TONES.map((tone) => {
      const these = findings.filter((found) => found.tone === tone);
      return these.length > 0 && h("div", { class: `drill-tone ${tone}` },
        h("p", { class: "drill-tone-title" }, icon(SIGNS[tone]), t(`drill.tone.${tone}`)),
        h("ul", { class: "facts" }, these.map(({ finding }) => h("li", null, t(`drill.finding.${finding}`)))));
    }),
    h("p", { class: "sub" }, t("drill.took", { time: words.span(seconds) })));
}
