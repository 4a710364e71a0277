// Help that needs no network: the catalogue is all of it.

/** @import { State } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { panel } from "../panel.js";
import { drillButton, mayDrill } from "../parts/drill.js";
import { heading } from "../parts/note.js";
import { SHORTCUTS } from "../shortcuts.js";

/** @type {Record<string, import("../../../tests/ui/types/page.js").Key[]>} */
const CHAPTERS = Object.freeze({
  "help.first": ["help.first.1", "help.first.2", "help.first.3", "help.first.4"],
  "help.lockedOut": ["help.lockedOut.1", "help.lockedOut.2", "help.lockedOut.3", "help.lockedOut.4", "help.lockedOut.5", "help.lockedOut.6", "help.lockedOut.7", "help.lockedOut.8"],
  "help.desk": ["help.desk.1", "help.desk.2", "help.desk.3", "help.desk.4", "help.desk.5"],
  "help.setUp": ["help.setUp.1", "help.setUp.2", "help.setUp.3", "help.setUp.4", "help.setUp.5"],
  "help.roles": ["help.roles.1", "help.roles.2", "help.roles.3", "help.roles.4"],
  "help.backup": ["help.backup.1", "help.backup.2", "help.backup.3", "help.backup.4"],
  "help.mail": ["help.mail.1", "help.mail.2", "help.mail.3"],
  "help.notMe": ["help.notMe.1", "help.notMe.2", "help.notMe.3", "help.notMe.4"],
  "help.kit": ["help.kit.1", "help.kit.2", "help.kit.3"],
});

export const help = panel({
  load: () => ({}),
  on: (app) => ({
    back: () => app.back(),
    /** @param {State} state */
    drill: ({ words, situation }) => mayDrill(situation) && h("div", { class: "buttons" }, drillButton(words, app, "help.drill")),
  }),
  view(state, _panel, on) {
    const { t } = state.words;
    return [
      heading(t("help.title"), h("button", { key: "help.back", type: "button", onclick: on.back }, t("form.back"))),
      Object.entries(CHAPTERS).map(([chapter, lines], index) =>
        h("section", { class: "card help", "aria-labelledby": `help-${index}` },
          h("h2", { id: `help-${index}` }, t(/** @type {import("../../../tests/ui/types/page.js").Key} */ (chapter))),
          h("ul", null, lines.map((line) => h("li", null, t(line)))),
          chapter === "help.desk" && on.drill(state))),
      h("section", { class: "card help", "aria-labelledby": "help-keys" },
        h("h2", { id: "help-keys" }, t("help.keys")),
        h("dl", { class: "shortcuts" }, Object.values(SHORTCUTS).map(({ keys, label }) =>
          h("div", null, h("dt", null, h("kbd", null, keys)), h("dd", null, t(label))))),
        h("p", { class: "sub" }, t("help.keys.1")),
        h("p", { class: "sub" }, t("help.keys.2"))),
    ];
  },
});
