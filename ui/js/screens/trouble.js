// A screen that could not be loaded: says why, and what can be done instead.

/** @import { Key, ScreenName, State } from "../../../tests/ui/types/page.js" */
/** @import { Me } from "../../../tests/ui/types/wire.js" */

import { needsServer } from "../bridge.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { heading, note } from "../parts/note.js";
import { writeHash } from "../route.js";

/** What this computer keeps for its person to read. @type {readonly { name: ScreenName, label: Key, opens: (me: Me) => boolean }[]} */
const KEPT = Object.freeze([
  { name: "users", label: "users.title", opens: (me) => me.listsPeople },
  { name: "desk", label: "desk.title", opens: (me) => me.listsPeople },
  { name: "journal", label: "journal.title", opens: (me) => me.readsJournal },
  { name: "communities", label: "communities.title", opens: (me) => me.keepsCommunities },
  { name: "policies", label: "policies.title", opens: (me) => me.setsPolicy },
  { name: "profile", label: "profile.title", opens: () => true },
  { name: "activity", label: "activity.title", opens: () => true },
]);

export const trouble = panel({
  load: () => ({}),
  on: (app) => ({ again: () => void app.refresh() }),
  view(state, { name, refusal }, on) {
    const { words, situation: { open } } = state;
    const { t } = words;
    if (!refusal) return [];
    if (open?.remote && needsServer(refusal)) return [heading(title(state, name)), note("info", h("p", null, t(refusal.code !== "offline" ? "refusal.reading-alone" : open.remote.alone ? "trouble.needsServerAlone" : "trouble.needsServer"))), instead(state, name)];
    return [
      heading(t("trouble.title")),
      h("div", { role: "alert" }, note("danger", h("p", null, words.refusal(refusal)))),
      h("div", { class: "buttons" }, h("button", { key: "trouble.again", type: "button", onclick: on.again }, t("trouble.again"))),
    ];
  },
});

/** What the screen is called that one asked for. @param {State} state @param {string} name */
function title({ words: { t, has } }, name) {
  const key = name === "import-seeds" ? "seeds.title" : name === "mail-settings" ? "mail.title" : name === "lost" ? "devices.title" : `${name}.title`;
  return t(has(key) ? key : "trouble.title");
}

/** What one can look at meanwhile. @param {State} state @param {string} name */
function instead({ words: { t }, situation: { open } }, name) {
  const me = open?.me;
  if (!me?.ownDevice || open?.remote?.syncedAt == null) return null;
  const kept = KEPT.filter((screen) => screen.name !== name && screen.opens(me));
  return h("section", { class: "desk-part", "aria-labelledby": "instead" },
    h("h2", { id: "instead" }, t("trouble.instead")),
    h("div", { class: "buttons" }, kept.map(({ name, label }) => h("a", { key: `trouble.${name}`, class: "button", href: writeHash(name) }, t(label)))),
    h("p", { class: "sub" }, t("trouble.canWait")));
}
