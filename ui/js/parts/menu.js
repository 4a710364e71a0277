// A menu of actions: a popover, placed beside what opened it, walked with the arrows, gone when it has been used.

import { h } from "../dom.js";
import { ariaKeys } from "../shortcuts.js";

/**
 * @typedef {{ label: string, act: () => void, keys?: string, refused?: string | null, danger?: boolean, apart?: boolean }} Item
 */

/**
 * @param {HTMLElement} anchor
 * @param {string} label
 * @param {Item[]} items
 */
export function openMenu(anchor, label, items) {
  const menu = h("div", { class: "menu", role: "menu", popover: "auto", "aria-label": label });
  const home = anchor.closest("main, nav") ?? document.body;
  menu.append(...items.map((item, index) => entry(menu, item, `menu-why-${index}`)));
  /** The anchor, also when it was drawn anew since. @returns {HTMLElement | null} */
  const opener = () => (anchor.isConnected ? anchor : home.querySelector(`[data-key="${CSS.escape(anchor.dataset["key"] ?? "")}"]`));
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    opener()?.setAttribute("aria-expanded", "false");
    if (menu.contains(document.activeElement) || document.activeElement === document.body) opener()?.focus();
    menu.remove();
  });
  menu.addEventListener("keydown", (event) => walk(menu, event));
  menu.addEventListener("carried", () => stand(menu, opener()));
  home.append(menu);
  menu.showPopover();
  stand(menu, anchor);
  menu.querySelector("button")?.focus();
}

/**
 * An open menu beside what opened it; with that gone, it goes.
 * @param {HTMLElement} menu
 * @param {HTMLElement | null} anchor
 */
function stand(menu, anchor) {
  if (!anchor) return menu.hidePopover();
  anchor.setAttribute("aria-expanded", "true");
  place(menu, anchor);
}

/**
 * @param {HTMLElement} menu
 * @param {Item} item
 * @param {string} id
 */
function entry(menu, { label, act, keys, refused, danger, apart }, id) {
  const button = h("button", {
    type: "button", role: "menuitem", tabindex: -1, class: [danger && "danger", apart && "apart"].filter(Boolean).join(" ") || null,
    "aria-disabled": refused ? "true" : null, "aria-describedby": refused ? id : null, "aria-keyshortcuts": keys ? ariaKeys(keys) : null,
  },
  h("span", { class: "menu-words" }, h("span", null, label), keys && h("kbd", { "aria-hidden": "true" }, keys)),
  refused && h("span", { class: "menu-why", id, "aria-hidden": "true" }, refused));
  button.addEventListener("click", () => {
    if (refused) return;
    menu.hidePopover();
    act();
  });
  return button;
}

/**
 * @param {HTMLElement} menu
 * @param {KeyboardEvent} event
 */
function walk(menu, event) {
  const items = [...menu.querySelectorAll("button")];
  const at = items.findIndex((item) => item === document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
  const to = Reflect.get(steps, event.key);
  if (typeof to === "number") {
    event.preventDefault();
    items[to % items.length]?.focus();
  } else if (event.key === "Tab") {
    event.preventDefault();
    menu.hidePopover();
  }
}

/**
 * Below the anchor and aligned with its end; above it where there is no room below.
 * @param {HTMLElement} menu
 * @param {HTMLElement} anchor
 */
function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = at.bottom + 4 + size.height <= innerHeight;
  const top = below ? at.bottom + 4 : Math.max(8, at.top - 4 - size.height);
  const left = Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8));
  menu.style.setProperty("top", `${top}px`);
  menu.style.setProperty("left", `${left}px`);
}
