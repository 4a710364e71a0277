// Every form and every field. The platform's own bubbles would speak the wrong language, so its checks are asked here
// and answered with our words.

/** @import { Child, Key, PanelState, Words } from "../../../tests/ui/types/page.js" */
/** @import { RefusalCode } from "../../../tests/ui/types/wire.js" */

import { goTo, h } from "../dom.js";
import { strength } from "../strength.js";
import { icon } from "./icon.js";

/**
 * @typedef {object} FieldOptions
 * @property {string} name
 * @property {string} label
 * @property {"text" | "email" | "password" | "search" | "date"} [type]
 * @property {Child} [hint]
 * @property {string} [value]
 * @property {boolean} [first] where the focus begins
 * @property {boolean} [optional]
 * @property {string} [same] the name of a field that must hold the same
 * @property {number} [least] fewest characters
 * @property {boolean} [meter]
 * @property {string} [autocomplete]
 * @property {RefusalCode[]} [claims] refusals that are about this field
 */

/** @param {PanelState} panel @param {string} name */
export const fieldKey = (panel, name) => `${panel.name}.${name}`;

/**
 * @param {Words} words
 * @param {PanelState} panel
 * @param {FieldOptions} options
 */
export function field(words, panel, options) {
  const { name, label, type = "text", hint, value, first, optional, same, least, claims = [] } = options;
  const key = fieldKey(panel, name);
  const id = `field-${key.replace(/\W/g, "-")}`;
  const error = panel.refusal && claims.includes(panel.refusal.code) ? words.refusal(panel.refusal) : null;
  const secret = type === "password";
  const input = h("input", {
    key, id, name, value, type: secret ? "password" : type === "date" ? "date" : "text", "data-first": first, "data-secret": secret,
    inputmode: type === "email" ? "email" : null, autocomplete: options.autocomplete ?? "off", dir: secret ? "ltr" : "auto",
    autocapitalize: type === "text" ? null : "off", autocorrect: "off", spellcheck: "false",
    "data-required": !optional, "data-same": same, "data-least": least, "aria-required": optional ? null : "true",
    "aria-invalid": error ? "true" : null, "aria-describedby": `${id}-error ${id}-hint`,
  });
  return h("div", { class: "field" },
    h("label", { for: id }, label),
    secret ? h("div", { class: "reveal" }, input, reveal(input, words.t("form.reveal", { field: label }))) : input,
    options.meter && meter(words, input, least ?? 8),
    h("p", { class: "field-error", id: `${id}-error`, role: "alert" }, error && errorText(error)),
    hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null);
}

/** @param {string} text */
const errorText = (text) => [icon("warn"), h("span", null, text)];

/**
 * @param {HTMLInputElement} input
 * @param {string} label
 */
function reveal(input, label) {
  const button = h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, "aria-pressed": "false" }, icon("eye"));
  const say = () => button.setAttribute("aria-pressed", String(input.type === "text"));
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    say();
  });
  input.addEventListener("carried", say);
  return button;
}

/**
 * @param {Words} words
 * @param {HTMLInputElement} input
 * @param {number} least
 */
function meter(words, input, least) {
  const bar = h("meter", { min: 0, max: 4, low: 2, high: 3, optimum: 4, value: 0, "aria-label": words.t("strength.label") });
  const text = h("span", { class: "meter-text", role: "status" });
  const whole = h("div", { class: "meter", hidden: true }, bar, text);
  /** @type {Key[]} */
  const levels = ["strength.short", "strength.weak", "strength.fair", "strength.good", "strength.strong"];
  const say = () => {
    const level = strength(input.value, least);
    bar.value = level;
    whole.hidden = input.value === "";
    text.textContent = input.value === "" ? "" : words.t(levels[level] ?? "strength.short", { number: String(least) });
  };
  input.addEventListener("input", say);
  input.addEventListener("carried", say);
  return whole;
}

/**
 * @param {PanelState} panel
 * @param {{ name: string, label: string, value?: string, options: { value: string, text: string }[], hint?: string, onchange?: (event: Event) => void }} options
 */
export function choice(panel, { name, label, value, options, hint, onchange }) {
  const key = fieldKey(panel, name);
  const id = `field-${key.replace(/\W/g, "-")}`;
  return h("div", { class: "field" },
    h("label", { for: id }, label),
    h("select", { key, id, name, "data-set": onchange ? true : null, "aria-describedby": hint ? `${id}-hint` : null, onchange },
      options.map((option) => h("option", { value: option.value, selected: option.value === value }, option.text))),
    hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null);
}

/**
 * A box to tick. Nothing is ticked beforehand.
 * @param {PanelState} panel
 * @param {{ name: string, label: string, hint?: string }} options
 */
export function check(panel, { name, label, hint }) {
  const key = fieldKey(panel, name);
  const id = `field-${key.replace(/\W/g, "-")}`;
  return h("div", { class: "check" },
    h("input", { key, id, name, type: "checkbox", "aria-describedby": hint ? `${id}-hint` : null }),
    h("label", { for: id }, label),
    hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null);
}

/**
 * Boxes of which at least one is to be ticked. None is beforehand; a tick stays with its entry when others come or go.
 * @param {Words} words
 * @param {PanelState} panel
 * @param {{ name: string, label: string, entries: readonly string[], none: string, hint: Child, first?: boolean, claims?: RefusalCode[] }} options `none`: what is said where nothing is ticked
 */
export function checks(words, panel, { name, label, entries, none, hint, first = false, claims = [] }) {
  const id = `field-${fieldKey(panel, name).replace(/\W/g, "-")}`;
  const error = panel.refusal && claims.includes(panel.refusal.code) ? words.refusal(panel.refusal) : null;
  return h("fieldset", { class: "field checks", "aria-describedby": `${id}-hint` },
    h("legend", null, label),
    h("p", { class: "hint", id: `${id}-hint` }, hint),
    entries.map((entry, index) => h("label", { class: "check" },
      h("input", {
        key: fieldKey(panel, `${name}${entry}`), type: "checkbox", name: `${name}${index}`, value: entry,
        ...(index > 0 ? {} : { id, "data-first": first, "data-any": none, "aria-invalid": error ? "true" : null, "aria-describedby": `${id}-error` }),
      }),
      h("span", { dir: "auto" }, entry))),
    h("p", { class: "field-error", id: `${id}-error`, role: "alert" }, error && errorText(error)));
}

/**
 * @typedef {object} FormOptions
 * @property {string | null} submit what the button says; none where nothing can be sent now
 * @property {(values: Record<string, string>) => void} onsubmit
 * @property {Child} [beside] other buttons
 * @property {boolean} [danger]
 * @property {RefusalCode[]} [claimed] refusals that a field of this form shows by itself
 * @property {boolean} [scrolls] whether it is long: its fields scroll by themselves, over the buttons
 */

/**
 * @param {Words} words
 * @param {PanelState} panel
 * @param {FormOptions} options
 * @param {...Child} children
 */
export function form(words, panel, { submit, onsubmit, beside, danger, claimed = [], scrolls = false }, ...children) {
  const shown = panel.refusal && !claimed.includes(panel.refusal.code) ? panel.refusal : null;
  const element = h("form", { novalidate: true, "aria-busy": panel.busy ? "true" : null },
    scrolls ? h("div", { key: `${panel.name}.fields`, class: "form-fields", "data-scrolls": true }, children) : children,
    h("div", { role: "alert", class: "alert-slot" }, shown && h("p", { class: "note danger" }, icon("warn"), h("span", null, words.refusal(shown)))),
    h("div", { class: "buttons" },
      submit !== null && h("button", { key: `${panel.name}.submit`, type: "submit", class: danger ? "primary danger" : "primary", "aria-disabled": panel.busy ? "true" : null },
        panel.busy && h("span", { class: "spinner", "aria-hidden": "true" }), submit),
      beside));
  // What this form found missing goes as soon as it is there.
  element.addEventListener("input", ({ target }) => {
    const near = target instanceof HTMLInputElement ? (target.closest("fieldset")?.querySelectorAll("input") ?? [target]) : [];
    for (const input of near) if (input.hasAttribute("data-fault") && fault(words, element, input) === null) sayFault(input, null);
  });
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (panel.busy || submit === null || !complete(words, element)) return;
    onsubmit(Object.fromEntries([...new FormData(element)].map(([name, value]) => [name, String(value)])));
  });
  return element;
}

/**
 * Says what is missing, beside the field, and goes to the first.
 * @param {Words} words
 * @param {HTMLFormElement} element
 */
function complete(words, element) {
  const inputs = [...element.querySelectorAll("input")];
  const faults = inputs.map((input) => ({ input, text: fault(words, element, input) }));
  for (const { input, text } of faults) sayFault(input, text);
  const first = faults.find(({ text }) => text !== null);
  if (first) goTo(first.input);
  return faults.every(({ text }) => text === null);
}

/**
 * @param {HTMLInputElement} input
 * @param {string | null} text
 */
function sayFault(input, text) {
  if (text === null) input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
  input.toggleAttribute("data-fault", text !== null);
  document.getElementById(`${input.id}-error`)?.replaceChildren(...(text === null ? [] : errorText(text)));
}

/**
 * @param {Words} words
 * @param {HTMLFormElement} element
 * @param {HTMLInputElement} input
 */
function fault(words, element, input) {
  const { required, same, least, any } = input.dataset;
  if (any !== undefined && !input.closest("fieldset")?.querySelector("input:checked")) return any;
  if (required !== undefined && input.value.trim() === "") return words.t("form.required");
  const length = [...input.value.normalize("NFC")].length;
  if (least !== undefined && length < Number(least)) return words.t("form.tooShort", { number: least, typed: String(length) });
  const twin = same === undefined ? null : element.elements.namedItem(same);
  if (twin instanceof HTMLInputElement && twin.value !== input.value) return words.t("form.mismatch");
  return null;
}
