// Makes elements and redraws regions. Text is always set as text, never read as HTML.

/** @import { Child, Props } from "../../tests/ui/types/page.js" */

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "path", "circle", "rect", "g"]);

/**
 * One element. `key` names it across redraws: focus, caret and what was typed follow it.
 * @template {string} T
 * @param {T} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {T extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[T] : HTMLElement}
 */
export function h(tag, props, ...children) {
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "key") element.setAttribute("data-key", String(value));
    else if (typeof value === "object") Reflect.set(element, name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return /** @type {any} */ (element);
}

/**
 * @param {Element} parent
 * @param {Child[]} children
 */
function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child instanceof Node) parent.append(child);
    else if (child !== null && child !== undefined && child !== false) parent.append(String(child));
  }
}

/**
 * Redraws a region whole, but for what says that it stays. What was typed, the focus, open disclosures and how far it was scrolled
 * are carried over by key, for as long as this function runs; an open menu stays, and is told ("carried"); secret fields that are
 * dropped are emptied. Where the focus has no successor, it begins anew; and news are brought into sight.
 * @param {Element} region
 * @param {Child[]} children
 */
export function redraw(region, children) {
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  const focused = active?.closest("[data-key]")?.getAttribute("data-key") ?? null;
  const caret = active instanceof HTMLInputElement && active.selectionStart !== null ? [active.selectionStart, active.selectionEnd ?? 0] : null;
  const before = new Map(keyed(region).map((element) => [element.getAttribute("data-key"), element]));
  // Once it is out of the page, nothing is scrolled any more.
  const tops = new Map([...before].filter(([, element]) => element.hasAttribute("data-scrolls")).map(([key, element]) => [key, element.scrollTop]));
  const holder = document.createElement("div");
  append(holder, children);
  stay(holder, before);
  // Taken out of the page even for a moment, an open menu would close under the hand.
  const menus = [...region.children].filter((child) => child.matches(":popover-open"));
  for (const child of [...region.childNodes]) if (!menus.some((menu) => menu === child)) child.remove();
  region.prepend(...holder.childNodes);
  for (const element of keyed(region)) {
    const old = before.get(element.getAttribute("data-key"));
    if (old) carry(old, element);
  }
  // Last: what a disclosure opens makes the way longer.
  for (const element of region.querySelectorAll("[data-scrolls]")) element.scrollTop = tops.get(element.getAttribute("data-key")) ?? 0;
  for (const menu of menus) menu.dispatchEvent(new Event("carried"));
  for (const old of before.values()) if (old instanceof HTMLInputElement && old.hasAttribute("data-secret")) old.value = "";
  if (focused !== null && !focusKey(region, focused, caret)) {
    const start = region.querySelector("[data-first]") ?? region.querySelector("h1, h2");
    if (start instanceof HTMLElement) start.focus({ preventScroll: true });
  }
  for (const news of region.querySelectorAll("[data-news]")) if (!before.has(news.getAttribute("data-key"))) news.scrollIntoView({ block: "nearest" });
}

/**
 * What holds more than it was told, as a long table does, stays: it takes over what it is told now.
 * @param {Element} holder
 * @param {Map<string | null, Element>} before
 */
function stay(holder, before) {
  for (const next of holder.querySelectorAll("[data-stays]")) {
    const old = before.get(next.getAttribute("data-key"));
    if (!old || old.localName !== next.localName) continue;
    /** @type {Element & { take: (next: Element) => void }} */ (old).take(next);
    next.replaceWith(old);
  }
}

/** @param {Element} region */
const keyed = (region) => [...region.querySelectorAll("[data-key]")];

/**
 * @param {Element} old
 * @param {Element} element
 */
function carry(old, element) {
  if (old instanceof HTMLInputElement && element instanceof HTMLInputElement) {
    if (element.type === "radio" || element.type === "checkbox") element.checked = old.checked;
    else element.value = old.value;
    if (old.hasAttribute("data-secret")) element.type = old.type;
    element.dispatchEvent(new Event("carried"));
  } else if (old instanceof HTMLSelectElement && element instanceof HTMLSelectElement && !element.hasAttribute("data-set")) {
    element.value = old.value;
  } else if (old instanceof HTMLDetailsElement && element instanceof HTMLDetailsElement) {
    element.open = old.open;
  }
}

/**
 * @param {Element} region
 * @param {string} key
 * @param {number[] | null} [caret]
 */
export function focusKey(region, key, caret = null) {
  const element = region.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!(element instanceof HTMLElement)) return false;
  element.focus({ preventScroll: true });
  if (caret && element instanceof HTMLInputElement && element.selectionStart !== null) element.setSelectionRange(caret[0] ?? 0, caret[1] ?? 0);
  return true;
}

/** Goes to a field to be typed in again, with its label above and its words below in sight. @param {HTMLInputElement} field */
export function goTo(field) {
  field.focus({ preventScroll: true });
  field.closest(".field")?.scrollIntoView({ block: "nearest" });
}

/**
 * Empties every secret field of a region.
 * @param {Element} region
 */
export function clearSecrets(region) {
  for (const field of region.querySelectorAll("input[data-secret]")) {
    if (field instanceof HTMLInputElement) field.value = "";
  }
}

/** After a refusal one types again, and reads why: once the fields that it reveals are there. @param {Element} region */
export function focusRefused(region) {
  const wrong = region.querySelector("[aria-invalid=true]");
  const field = wrong ?? region.querySelector("form input[data-secret]");
  if (field instanceof HTMLInputElement) {
    goTo(field);
    field.select();
  }
  (region.querySelector(".alert-slot > .note") ?? (wrong ? null : region.querySelector("[data-news]")))?.scrollIntoView({ block: "nearest" });
}
