// A screen that could not be loaded: says why, and offers to try again.

import { h } from "../dom.js";
import { panel } from "../panel.js";
import { heading, note } from "../parts/note.js";

export const trouble = panel({
  load: () => ({}),
  on: (app) => ({ again: () => void app.refresh() }),
  view: ({ words }, { refusal }, on) => [
    refusal && [
      heading(words.t("trouble.title")),
      h("div", { role: "alert" }, note("danger", h("p", null, words.refusal(refusal)))),
      h("div", { class: "buttons" }, h("button", { key: "trouble.again", type: "button", onclick: on.again }, words.t("trouble.again"))),
    ],
  ],
});
