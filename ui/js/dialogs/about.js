// About: the version, and the licences of all that the program is built from, which are fetched when asked for.

/** @import { Licences } from "../../../tests/ui/types/wire.js" */

import { readLicences } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { mark } from "../parts/icon.js";
import { dialogHead } from "../parts/note.js";

export const about = panel({
  load: () => ({ licences: /** @type {Licences | null} */ (null) }),
  on: (app, panel) => ({
    close: () => app.closeDialog(),
    read: () => panel.act(async () => panel.patch({ licences: await readLicences({}) })),
  }),
  view({ words, situation }, { data, busy }, on) {
    const { t, n } = words;
    const { licences } = data;
    return dialogHead(t("about.title"),
      h("div", { class: "about" }, mark(), h("div", null,
        h("p", { class: "strong" }, t("app.title"), " ", situation.version),
        h("p", null, t("about.what")))),
      h("p", null, t("about.licence")),
      h("p", { class: "sub" }, t("about.system")),
      h("div", { class: "buttons" },
        h("button", { key: "about.close", type: "button", class: "primary", onclick: on.close }, t("form.close")),
        !licences && h("button", { key: "about.licences", type: "button", "aria-disabled": busy ? "true" : null, onclick: on.read }, t("about.readLicences"))),
      licences && h("section", { class: "licences", "aria-labelledby": "licences-title" },
        licence("about.own", t("about.ownLicence"), [], licences.own),
        h("h3", { id: "licences-title", tabindex: -1 }, t("about.others")),
        licences.others.map(({ name, covers, text }, index) => licence(`about.${index}`, covers.length > 2 ? n("about.works", covers.length, { name }) : t("about.work", { name, works: covers.join(", ") }), covers, text))));
  },
});

/**
 * @param {string} key
 * @param {string} title
 * @param {string[]} covers
 * @param {string} text
 */
const licence = (key, title, covers, text) =>
  h("details", { key, class: "aside" }, h("summary", { key: `${key}.title` }, title),
    covers.length > 2 && h("p", { class: "sub covers" }, covers.join(", ")),
    h("pre", { class: "licence", lang: "en", dir: "ltr", tabindex: 0 }, text));
