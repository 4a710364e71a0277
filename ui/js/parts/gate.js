// What stands around every screen outside the session: whose gate it is, and what can be chosen at it.

/** @import { App, State } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { icon, mark } from "./icon.js";
import { note } from "./note.js";
import { linkStrip, place } from "./place.js";
import { preferences } from "./preferences.js";

/**
 * @param {State} state
 * @param {App} app
 */
export function gateHead({ words, situation, told }, app) {
  const { open } = situation;
  return h("header", { class: "gate-head" },
    h("div", { class: "brand" }, mark(), h("span", null, words.t("app.title"))),
    open && h("p", { class: "gate-workspace" },
      h("bdi", { class: "clip", title: open.name }, open.name), place(words, open)),
    told && h("div", { class: "gate-told", role: "status" }, note("info", words.t(`told.${told}`))),
    linkStrip({ words, situation }, app));
}

/**
 * @param {State} state
 * @param {App} app
 */
export function gateFoot(state, app) {
  const { words, situation, screen } = state;
  return h("footer", { class: "gate-foot" },
    preferences(state, app),
    h("div", { class: "gate-links" },
      situation.open && !situation.open.handedTo && !situation.open.drill && h("button", { key: "gate.close", type: "button", class: "link", onclick: () => app.ask("close-workspace") }, words.t("workspace.close")),
      h("button", { key: "gate.about", type: "button", class: "link", onclick: () => app.ask("about") }, words.t("about.title")),
      screen.name !== "help" && h("button", { key: "gate.help", type: "button", class: "link", onclick: () => app.go("help") }, icon("help"), words.t("help.open"))),
    h("p", { class: "version" }, words.t("app.version", { version: situation.version }),
      situation.profile && [" · ", words.t("app.profile", { profile: situation.profile })]));
}
