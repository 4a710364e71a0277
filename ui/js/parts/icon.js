// The drawings of the window: strokes on a 20 × 20 grid, in the colour of the text.

import { h } from "../dom.js";

const PATHS = Object.freeze({
  users: "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 17c0-3 2.2-5 5.5-5s5.5 2 5.5 5M13 3.8a3 3 0 0 1 0 5.4M15 12.4c1.9.7 3 2.4 3 4.6",
  journal: "M5 2.5h9.5a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1.5 1.5 0 0 1-1.5-1.5v-12A1.5 1.5 0 0 1 5 2.5ZM7 6.5h5M7 10h5M7 13.5h3",
  activity: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 6v4l2.8 2",
  help: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM7.8 7.8a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M10 14.2v.1",
  shield: "M10 2.5 4 4.7v4.8c0 3.8 2.5 6.5 6 8 3.5-1.5 6-4.2 6-8V4.7ZM7.3 9.8l2 2 3.5-3.8",
  lock: "M5.5 9h9a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1ZM7 9V6.5a3 3 0 0 1 6 0V9",
  out: "M8 3H4.5a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1H8M13 6.5l3.5 3.5-3.5 3.5M16.5 10H8",
  close: "M5 5l10 10M15 5 5 15",
  eye: "M1.8 10S4.7 4.8 10 4.8 18.2 10 18.2 10 15.3 15.2 10 15.2 1.8 10 1.8 10ZM10 12.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8Z",
  plus: "M10 4v12M4 10h12",
  check: "M4 10.5l4 4 8-9",
  warn: "M10 3 1.8 16.8h16.4ZM10 8v4M10 14.3v.1",
  info: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 9.2v4.5M10 6.3v.1",
  more: "M4.5 10h.1M10 10h.1M15.5 10h.1",
  copy: "M7 7h9.5v9.5H7ZM13 4V3.5H3.5V13H4",
  save: "M10 3v9M6 8.5l4 4 4-4M3.5 16.5h13",
  key: "M12.5 11a4 4 0 1 0-3.7-2.5L3 14.3V17h3v-2h2v-2l1.8-1.8c.8.5 1.7-.2 2.7-.2ZM13.6 6.4v.1",
  phone: "M6.5 2.5h7a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1ZM9 15h2",
  back: "M12.5 4.5 7 10l5.5 5.5",
  folder: "M2.5 5.5a1 1 0 0 1 1-1h4l1.7 2h7.3a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1Z",
  print: "M5.5 7V3h9v4M5.5 14h-2a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1h13a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-2M5.5 11.5h9V17h-9Z",
  outbox: "M3 11.5h3.5l1.2 2h4.6l1.2-2H17M3 11.5V16a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-4.5M10 10.5v-8M6.8 5.5 10 2.5l3.2 3",
  desktop: "M3.5 3.5h13a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1V4.5a1 1 0 0 1 1-1ZM10 13v3.5M6.5 16.5h7",
  token: "M5 4.5h10a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1ZM6.5 7.5h7v3h-7ZM10 12.9v.1",
  communities: "M3 17V8.5L7 6l4 2.5V17M11 17V5.5L14 3.5l3 2V17M1.5 17h17M6 11h2M6 14h2M14 8v.1M14 11v.1M14 14v.1",
  rules: "M3 5.5h4.5M12 5.5h5M9.75 3.3v4.4M3 10h8M15.5 10H17M13.25 7.8v4.4M3 14.5h2.5M10 14.5h7M7.75 12.3v4.4",
  up: "M10 16V4.5M5 9.5l5-5 5 5",
  down: "M10 4v11.5M5 10.5l5 5 5-5",
  server: "M3.5 3.5h13v5h-13ZM3.5 11.5h13v5h-13ZM6.5 6v.1M6.5 14v.1",
  mail: "M3 5h14v10.5H3ZM3.5 5.5 10 11l6.5-5.5",
});

/** @param {keyof typeof PATHS} name */
export const icon = (name) =>
  h("svg", { class: `icon icon-${name}`, viewBox: "0 0 20 20", "aria-hidden": "true" }, h("path", { d: PATHS[name] }));

/** A sally port: a gate within a gate. */
export const mark = () =>
  h("svg", { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    h("path", { class: "mark-outer", d: "M3 29V14.5a13 13 0 0 1 26 0V29h-5.5V15a7.5 7.5 0 0 0-15 0v14Z" }),
    h("path", { class: "mark-inner", d: "M12 29V16a4 4 0 0 1 8 0v13Z" }));

/**
 * Ten backup codes as ten marks: how many are left, at a glance.
 * @param {number} left
 * @param {string} label
 */
export const pips = (left, label) =>
  h("svg", { class: `pips${left <= 3 ? " few" : ""}`, viewBox: "0 0 158 14", role: "img", "aria-label": label },
    Array.from({ length: 10 }, (_, index) =>
      h("rect", { class: index < left ? "pip" : "pip used", x: index * 16 + 1, y: 1, width: 12, height: 12, rx: 3 })));
