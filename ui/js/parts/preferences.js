// What can be chosen on this computer: language, colours and idleness, wherever they can be chosen.

/** @import { App, State } from "../../../tests/ui/types/page.js" */
/** @import { Language, Theme } from "../../../tests/ui/types/wire.js" */

import { h } from "../dom.js";

const MINUTES = Object.freeze([1, 2, 5, 10, 15, 30, 60]);

/**
 * @param {State} state
 * @param {App} app
 */
export function preferences({ words, situation }, app) {
  const { t } = words;
  const { language, theme } = situation;
  /** @type {(event: Event) => void} */
  const speak = (event) => void app.setPreferences({ language: /** @type {Language} */ (value(event)) });
  /** @type {(event: Event) => void} */
  const paint = (event) => void app.setPreferences({ theme: /** @type {Theme} */ (value(event)) });
  return h("div", { class: "preferences" },
    select("preferences.language", t("preferences.language"), language, [["en", "English"], ["fr", "Français"]], speak),
    select("preferences.theme", t("preferences.theme"), theme,
      [["system", t("theme.system")], ["light", t("theme.light")], ["dark", t("theme.dark")]], paint));
}

/**
 * Only what the workspace allows can be chosen; Rust holds to it whatever is chosen.
 * @param {State} state
 * @param {App} app
 */
export function idleness({ words, situation }, app) {
  const { t, n } = words;
  const { idleMinutes, open } = situation;
  const policy = open?.me ? open.me.idleSeconds / 60 : null;
  const offered = MINUTES.filter((minutes) => policy === null || minutes <= policy);
  const chosen = offered.includes(idleMinutes ?? 0) ? String(idleMinutes) : "";
  /** @type {(event: Event) => void} */
  const wait = (event) => void app.setPreferences({ idleMinutes: Number(value(event)) || null });
  return h("div", { class: "idleness" },
    select("preferences.idle", t("settings.idle"), chosen, [
      ["", policy === null ? t("settings.idlePolicy") : n("settings.idlePolicyIs", policy)],
      ...offered.map((minutes) => /** @type {[string, string]} */ ([String(minutes), n("settings.minutes", minutes)])),
    ], wait, "idle-hint"),
    h("p", { class: "hint", id: "idle-hint" }, t("settings.idleHint")));
}

/** @param {Event} event */
const value = (event) => (event.target instanceof HTMLSelectElement ? event.target.value : "");

/**
 * @param {string} key
 * @param {string} label
 * @param {string} chosen
 * @param {[string, string][]} options
 * @param {(event: Event) => void} onchange
 * @param {string | null} [hint]
 */
const select = (key, label, chosen, options, onchange, hint = null) =>
  h("label", { class: "inline-field" }, h("span", null, label),
    h("select", { key, "data-set": true, "aria-describedby": hint, onchange },
      options.map(([name, text]) => h("option", { value: name, selected: name === chosen, lang: key === "preferences.language" ? name : null }, text))));
