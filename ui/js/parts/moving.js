// A workspace that moves from this computer to a server: how it stands, under This workspace and on every screen.

/** @import { App, Child, Words } from "../../../tests/ui/types/page.js" */
/** @import { Away, Moved } from "../../../tests/ui/types/wire.js" */

import { h } from "../dom.js";

/** @param {App} app */
export const onMoving = (app) => ({
  move: () => app.ask("move", { to: app.state().situation.open?.away?.to ?? null }),
  moveOff: () => app.ask("move-off"),
  moved: () => app.ask("moved"),
});

/**
 * @param {Words} words
 * @param {Away | null} away
 * @param {ReturnType<typeof onMoving>} on
 * @returns {Child[]}
 */
export function movingCard(words, away, on) {
  const { t } = words;
  const one = !away
    ? h("button", { key: "vault.move", type: "button", onclick: on.move }, t("move.open"))
    : away.arrivedAt !== null
      ? h("button", { key: "vault.moved", type: "button", onclick: on.moved }, t("move.what"))
      : null;
  return [
    h("h2", { class: "section" }, t("move.section")),
    h("section", { class: "card", "aria-labelledby": "move-title" },
      h("header", null, h("h3", { id: "move-title" }, away ? state(words, away) : t("move.title")), one),
      h("p", { class: "sub" }, t(!away ? "move.about" : away.arrivedAt !== null ? "move.readOnly" : "move.frozen")),
      away?.arrivedAt === null && h("div", { class: "buttons" },
        h("button", { key: "vault.moveOn", type: "button", class: "primary", onclick: on.move }, t("move.on")),
        h("button", { key: "vault.moveOff", type: "button", onclick: on.moveOff }, t("move.off")))),
  ];
}

/** @param {Words} words @param {Away} away */
const state = ({ t, dateTime }, { to, since, arrivedAt }) =>
  arrivedAt === null ? t("move.begun", { server: to, at: dateTime(since) }) : t("move.arrived", { server: to, at: dateTime(arrivedAt) });

/**
 * What every screen says of it.
 * @param {Words} words
 * @param {Away} away
 */
export const awaySaid = (words, away) => `${state(words, away)} ${words.t(away.arrivedAt === null ? "move.frozen" : "move.readOnly")}`;

/**
 * What both sides agreed on.
 * @param {Words} words
 * @param {Moved} moved
 */
export function movedFacts({ t, number }, moved) {
  /** @type {[string, Child][]} */
  const lines = [
    [t("move.people"), number(moved.people)],
    [t("move.communities"), number(moved.communities)],
    [t("move.tokens"), number(moved.tokens)],
    [t("move.messages"), number(moved.messages)],
    [t("move.others"), number(moved.others)],
    [t("move.entries"), number(moved.entries)],
    [t("move.root"), h("code", { class: "breaks", dir: "ltr" }, moved.root)],
  ];
  return h("dl", { class: "case-facts" }, lines.map(([key, value]) => h("div", null, h("dt", null, key), h("dd", null, value))));
}
