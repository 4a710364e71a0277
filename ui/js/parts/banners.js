// What one should see to, on every screen inside until it is done.

/** @import { App, State } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { graceText } from "./grace.js";
import { icon } from "./icon.js";

/**
 * @param {State} state
 * @param {App} app
 */
export function banners({ words, account, screen, situation }, app) {
  const { t, n } = words;
  if (!account || situation.sheet) return null;
  const renew = h("button", { key: "banner.renew", type: "button", onclick: () => app.ask("renew") }, t("codes.renew"));
  const { factor } = account;
  if (!factor) {
    if (screen.name === "protect" || screen.name === "profile") return null;
    return banner(account.graceUntil === null ? t("banner.noFactor") : graceText(words, account.graceUntil), h("button", { key: "banner.enable", type: "button", onclick: () => app.ask("enable") }, t("factor.enableLong")));
  }
  if (screen.name === "profile" || !account.backupCodes) return null;
  if (!factor.codesSaved) return banner(t("banner.unsaved"), renew);
  if (factor.codesLeft <= 3) return banner(n("banner.few", factor.codesLeft), renew);
  return null;
}

/**
 * @param {string} text
 * @param {HTMLElement} button
 */
const banner = (text, button) => h("div", { class: "banner warn", role: "region", "aria-label": text }, icon("warn"), h("p", null, text), button);
