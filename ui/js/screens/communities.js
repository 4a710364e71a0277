// Settings → Workspace → Communities.

import { listCommunities } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { icon } from "../parts/icon.js";
import { heading } from "../parts/note.js";

export const communities = panel({
  load: () => listCommunities({}),
  on: (app) => ({
    make: () => app.ask("community"),
    /** @param {string} id @param {string} name */
    rename: (id, name) => app.ask("community", { id, name }),
    /** @param {string} id @param {string} name */
    remove: (id, name) => app.ask("community-remove", { id, name }),
  }),
  view({ words }, { data }, on) {
    const { t, n } = words;
    return [
      h("p", { class: "crumbs" }, t("communities.crumbs")),
      heading(t("communities.title"), h("button", { key: "communities.make", type: "button", class: "primary", onclick: on.make }, icon("plus"), t("communities.make"))),
      h("p", { class: "lead" }, t("communities.lead")),
      h("ul", { class: "communities", "aria-label": t("communities.title") }, data.rows.map(({ id, name, people, removeRefused }) => {
        const why = `community-why-${id}`;
        return h("li", { class: "card" },
          h("header", null,
            h("div", { class: "who" }, h("h2", { class: "person-title", dir: "auto", title: name }, name), h("p", { class: "sub" }, n("users.count", people))),
            h("div", { class: "buttons" },
              h("button", { key: `communities.rename.${id}`, type: "button", "aria-label": t("communities.renameOne", { name }), onclick: () => on.rename(id, name) }, t("communities.rename")),
              h("button", { key: `communities.remove.${id}`, type: "button", class: "danger", "aria-label": t("communities.removeOne", { name }), "aria-disabled": removeRefused ? "true" : null, "aria-describedby": removeRefused ? why : null, onclick: () => removeRefused ?? on.remove(id, name) }, t("communities.remove")))),
          removeRefused && h("p", { class: "hint", id: why }, words.refusal(removeRefused)));
      })),
    ];
  },
});
