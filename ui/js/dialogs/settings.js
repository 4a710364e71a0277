// Settings: what a person chooses on this computer. Each choice holds at once.

import { h } from "../dom.js";
import { panel } from "../panel.js";
import { dialogHead } from "../parts/note.js";
import { idleness, preferences } from "../parts/preferences.js";

export const settings = panel({
  load: () => ({}),
  on: (app) => ({ app, close: () => app.closeDialog() }),
  view: (state, _panel, { app, close }) => {
    const { t } = state.words;
    return dialogHead(t("settings.title"),
      h("p", { class: "sub" }, t("settings.here")),
      h("div", { class: "settings" }, preferences(state, app), idleness(state, app)),
      h("div", { class: "buttons" }, h("button", { key: "settings.close", type: "button", class: "primary", onclick: close }, t("form.close"))));
  },
});
