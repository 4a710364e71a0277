// Leaving a screen with edits that were not saved.

/** @import { ScreenName } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { panel } from "../panel.js";
import { dialogHead } from "../parts/note.js";

export const unsavedDialog = panel({
  load: () => ({ name: /** @type {ScreenName} */ ("profile"), id: /** @type {string | null} */ (null), discard: () => {} }),
  on: (app, panel) => ({
    stay: () => app.closeDialog(),
    leave() {
      const { name, id, discard } = panel.read().data;
      discard();
      app.closeDialog();
      app.go(name, id);
    },
  }),
  view({ words: { t } }, _panel, on) {
    return dialogHead(t("unsaved.title"),
      h("p", null, t("unsaved.lead")),
      h("div", { class: "buttons" },
        h("button", { key: "unsaved.stay", type: "button", class: "primary", "data-first": true, onclick: on.stay }, t("unsaved.stay")),
        h("button", { key: "unsaved.leave", type: "button", class: "danger", onclick: on.leave }, t("unsaved.leave"))));
  },
});
