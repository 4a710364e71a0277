// Notes and banners: something to know, and sometimes something to do.

/** @import { Child } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { icon } from "./icon.js";

/**
 * @param {"info" | "warn" | "danger" | "ok"} tone
 * @param {...Child} children
 */
export const note = (tone, ...children) =>
  h("div", { class: `note ${tone}` }, icon(tone === "info" ? "info" : tone === "ok" ? "check" : "warn"), h("div", null, children));

/**
 * A heading that takes the focus when its screen comes.
 * @param {string} text
 * @param {...Child} beside
 */
export const heading = (text, ...beside) => h("header", { class: "heading" }, h("h1", { tabindex: -1 }, text), beside);

/** A person, in a direction of their own. @param {{ name: string, email: string }} person */
export const personName = (person) => h("bdi", { class: "person", title: `${person.name} · ${person.email}` }, person.name);

/**
 * @param {string} title
 * @param {...Child} children
 */
export const dialogHead = (title, ...children) => [h("h2", { id: "dialog-title", tabindex: -1, dir: "auto" }, title), ...children];
