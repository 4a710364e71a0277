// The workspaces known on this computer.

import { h } from "../dom.js";
import { panel } from "../panel.js";
import { icon } from "../parts/icon.js";
import { heading } from "../parts/note.js";

export const start = panel({
  load: () => ({}),
  on: (app) => ({ create: () => app.go("create") }),
  view({ words, situation }, _panel, on) {
    const { t } = words;
    const make = (/** @type {string} */ kind) =>
      h("button", { key: "start.create", type: "button", class: kind, "data-first": situation.known.length === 0, onclick: on.create }, icon("plus"), t("create.title"));
    if (situation.known.length === 0) {
      return [heading(t("start.welcome")), h("p", { class: "lead" }, t("start.about")), h("div", { class: "buttons" }, make("primary"))];
    }
    return [
      heading(t("start.title")),
      h("ul", { class: "workspaces" }, situation.known.map(({ id, name, openedAt }, index) =>
        h("li", null, h("a", { key: `start.${id}`, class: "workspace", href: `#/open/${id}`, "data-first": index === 0, title: name },
          icon("folder"),
          h("span", { class: "workspace-words" },
            h("bdi", { class: "clip" }, name),
            h("span", { class: "sub" }, openedAt === null ? t("start.neverOpened") : t("start.openedAt", { at: words.dateTime(openedAt) }))))))),
      h("div", { class: "buttons" }, make("")),
    ];
  },
});
