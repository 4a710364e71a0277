// Right after the first sign-in of somebody with a password alone: strongly recommended, and one may say not now.

import { h } from "../dom.js";
import { panel } from "../panel.js";
import { graceText } from "../parts/grace.js";
import { needs } from "../parts/needs.js";
import { heading, note } from "../parts/note.js";

export const protect = panel({
  load: () => ({}),
  on: (app) => ({
    enable: () => app.ask("enable"),
    later: () => app.go("profile"),
  }),
  view({ words, account }, _panel, on) {
    const { t } = words;
    return [
      heading(t("protect.title")),
      account?.graceUntil
        ? note("warn", h("p", { class: "strong" }, graceText(words, account.graceUntil)), h("p", null, t("protect.graceLead")))
        : h("p", { class: "lead" }, t("protect.lead")),
      needs(words, account?.backupCodes),
      h("div", { class: "buttons" },
        h("button", { key: "protect.enable", type: "button", class: "primary", "data-first": true, onclick: on.enable }, t("factor.enableLong")),
        h("button", { key: "protect.later", type: "button", onclick: on.later }, t("protect.later"))),
    ];
  },
});
