// The workspaces known on this computer.

/** @import { KnownWorkspace } from "../../../tests/ui/types/wire.js" */

import { h } from "../dom.js";
import { panel } from "../panel.js";
import { drillButton } from "../parts/drill.js";
import { icon } from "../parts/icon.js";
import { openMenu } from "../parts/menu.js";
import { heading } from "../parts/note.js";

export const start = panel({
  load: () => ({}),
  on: (app) => ({
    /** @param {import("../../../tests/ui/types/page.js").Words} words */
    drill: (words) => h("div", { class: "buttons" }, drillButton(words, app, "start.drill")),
    create: () => app.go("create"),
    pair: () => app.go("pair"),
    /** @param {string} server */
    pairWith: (server) => app.go("pair", server),
    restore: () => app.go("restore"),
    /** @type {(workspace: KnownWorkspace, event: Event) => void} */
    menu(workspace, event) {
      const { t } = app.state().words;
      if (!(event.currentTarget instanceof HTMLElement)) return;
      openMenu(event.currentTarget, t("start.actions", { name: workspace.name }), [
        { label: t("open.submit"), act: () => app.go("open", workspace.id) },
        { label: t("remove.title"), danger: true, act: () => app.ask("remove-workspace", { workspace }) },
      ]);
    },
  }),
  view({ words, situation }, _panel, on) {
    const { t } = words;
    const make = (/** @type {string} */ kind) =>
      h("button", { key: "start.create", type: "button", class: kind, "data-first": situation.known.length === 0, onclick: on.create }, icon("plus"), t("create.title"));
    const pair = h("button", { key: "start.pair", type: "button", onclick: on.pair }, icon("server"), t("pair.title"));
    const restore = h("button", { key: "start.restore", type: "button", onclick: on.restore }, icon("folder"), t("restore.title"));
    if (situation.known.length === 0) {
      return [heading(t("start.welcome")), h("p", { class: "lead" }, t("start.about")), h("div", { class: "buttons" }, make("primary"), pair, restore), on.drill(words)];
    }
    return [
      heading(t("start.title")),
      h("ul", { class: "workspaces" }, situation.known.map((workspace, index) => {
        const { id, name, openedAt, restoredAt, server, device, movingTo, moved } = workspace;
        const restored = restoredAt === null ? null : t("start.restoredAt", { at: words.dateTime(restoredAt) });
        const where = server === null ? null : t(device === null ? "start.onServer" : "start.onServerAs", { server, device: device ?? "" });
        const away = movingTo === null ? null : t(moved ? "start.moved" : "start.moving", { server: movingTo });
        const label = t("start.actions", { name: [name, restored, where, away].filter((words) => words !== null).join(", ") });
        return h("li", { class: "workspace-row" },
          h("a", { key: `start.${id}`, class: "workspace", href: `#/open/${id}`, "data-first": index === 0, title: name },
            icon(server === null ? "folder" : "server"),
            h("span", { class: "workspace-words" },
              h("bdi", { class: "clip" }, name),
              where && h("span", { class: "sub", dir: "auto" }, where),
              restored && h("span", { class: "sub" }, restored),
              away && h("span", { class: "sub strong", dir: "auto" }, away),
              h("span", { class: "sub" }, openedAt === null ? t("start.neverOpened") : t("start.openedAt", { at: words.dateTime(openedAt) })))),
          movingTo !== null && moved && h("button", { key: `start.pairWith.${id}`, type: "button", onclick: () => on.pairWith(movingTo) }, t("start.pairWith")),
          h("button", { key: `start.menu.${id}`, type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label, title: label, onclick: (/** @type {Event} */ event) => on.menu(workspace, event) }, icon("more")));
      })),
      h("div", { class: "buttons" }, make(""), pair, restore),
      on.drill(words),
    ];
  },
});
