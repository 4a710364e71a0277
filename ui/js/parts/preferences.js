// Language and colours, wherever they can be chosen.

/** @import { App, State } from "../../../tests/ui/types/page.js" */
/** @import { Language, Theme } from "../../../tests/ui/types/wire.js" */

import { h } from "../dom.js";

/**
 * @param {State} state
 * @param {App} app
 */
export function preferences({ words, situation }, app) {
  const { t } = words;
  const { language, theme } = situation;
  /** @type {(event: Event) => void} */
  const speak = (event) => void app.setPreferences({ theme, language: /** @type {Language} */ (value(event)) });
  /** @type {(event: Event) => void} */
  const paint = (event) => void app.setPreferences({ language, theme: /** @type {Theme} */ (value(event)) });
  return h("div", { class: "preferences" },
    select("preferences.language", t("preferences.language"), language, [["en", "English"], ["fr", "Français"]], speak),
    select("preferences.theme", t("preferences.theme"), theme,
      [["system", t("theme.system")], ["light", t("theme.light")], ["dark", t("theme.dark")]], paint));
}

/** @param {Event} event */
const value = (event) => (event.target instanceof HTMLSelectElement ? event.target.value : "");

/**
 * @param {string} key
 * @param {string} label
 * @param {string} chosen
 * @param {[string, string][]} options
 * @param {(event: Event) => void} onchange
 */
const select = (key, label, chosen, options, onchange) =>
  h("label", { class: "inline-field" }, h("span", null, label),
    h("select", { key, "data-set": true, onchange },
      options.map(([name, text]) => h("option", { value: name, selected: name === chosen, lang: key === "preferences.language" ? name : null }, text))));
