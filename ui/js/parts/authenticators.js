// Somebody's authenticators, as a list: what each is called, when it was added and used, and what can be done with it.

/** @import { AuthenticatorView } from "../../../tests/ui/types/wire.js" */
/** @import { Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { icon } from "./icon.js";

/** So far off that codes at the edge of a step begin to fail, in seconds. */
const NOTABLE = 60;

/**
 * @param {Words} words
 * @param {AuthenticatorView[]} authenticators
 * @param {(id: string, anchor: HTMLElement) => void} [menu] absent where there is nothing to do with them
 */
export const authenticatorList = (words, authenticators, menu) =>
  h("ul", { class: "authenticators", "aria-label": words.t("factor.authenticators") },
    authenticators.map((each) => entry(words, each, authenticators.length > 1, menu)));

/**
 * @param {Words} words
 * @param {AuthenticatorView} authenticator
 * @param {boolean} several
 * @param {(id: string, anchor: HTMLElement) => void} [menu]
 */
function entry(words, { id, name, addedAt, usedAt, driftSeconds, preferred }, several, menu) {
  const { t } = words;
  const label = t("users.actions", { name });
  return h("li", null, icon("phone"),
    h("div", { class: "authenticator" },
      h("p", { class: "authenticator-name" }, h("bdi", { class: "clip strong", title: name }, name), several && preferred && h("span", { class: "chip" }, t("factor.preferred"))),
      h("p", { class: "sub" },
        t("factor.added", { at: words.date(addedAt) }), " · ",
        usedAt === null ? t("factor.unused") : t("factor.used", { at: words.dateTime(usedAt) })),
      Math.abs(driftSeconds) >= NOTABLE && h("p", { class: "sub" }, t(driftSeconds > 0 ? "factor.clockAhead" : "factor.clockBehind", { number: words.span(driftSeconds) }))),
    menu && h("button", { key: `authenticator.${id}`, type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label, title: label,
      onclick: (/** @type {Event} */ event) => event.currentTarget instanceof HTMLElement && menu(id, event.currentTarget) }, icon("more")));
}

/**
 * A name that none of these has: "Authenticator", then "Authenticator 2".
 * @param {Words} words
 * @param {{ name: string }[]} authenticators
 */
export function freeName({ t, language }, authenticators) {
  const taken = new Set(authenticators.map(({ name }) => name.toLocaleLowerCase(language)));
  const names = authenticators.map((_, index) => t("enrol.nameNext", { number: String(index + 2) }));
  return [t("enrol.nameFirst"), ...names].find((name) => !taken.has(name.toLocaleLowerCase(language))) ?? "";
}
