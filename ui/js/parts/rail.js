// The rail: the workspace and its state above, where one can go, and one's own name at the foot.

/** @import { App, Key, ScreenName, State } from "../../../tests/ui/types/page.js" */

import { lock, quit, signOut } from "../commands.js";
import { h } from "../dom.js";
import { SHORTCUTS, ariaKeys } from "../shortcuts.js";
import { leaveDrill } from "./drill.js";
import { icon, mark } from "./icon.js";
import { pressing } from "./mail.js";
import { openMenu } from "./menu.js";
import { outboxCount, place } from "./place.js";

/**
 * @param {State} state
 * @param {App} app
 */
export function rail(state, app) {
  const { words, situation, screen, account } = state;
  const { t, n } = words;
  const { open } = situation;
  const me = open?.me;
  if (!open || !me) return [];
  const unsent = pressing(account?.mail ?? []).reduce((sum, { count }) => sum + count, 0);
  /** @type {(name: ScreenName, glyph: Parameters<typeof icon>[0], label: Key, stuck?: number) => HTMLElement} */
  const entry = (name, glyph, label, stuck = 0) =>
    h("a", { key: `rail.${name}`, class: "rail-entry", href: `#/${name}`, title: stuck > 0 ? (name === "waiting" ? outboxCount(words, situation) : n("mail.notSent", stuck)) : null, "aria-current": screen.name === name || (name === "users" && ["readiness", "import"].includes(screen.name)) || (name === "mail" && screen.name === "mail-settings") || (name === "devices" && screen.name === "lost") || (screen.name === "import-seeds" && name === (screen.id === "own" ? "profile" : "tokens")) ? "page" : null }, icon(glyph), h("span", null, t(label)),
      stuck > 0 && h("span", { class: "rail-count", "aria-hidden": "true" }, words.number(stuck)));
  const leave = (/** @type {(request: {}) => Promise<unknown>} */ command) => () => void command({}).then(() => app.refresh(), () => app.refresh());
  /** @param {Event} event */
  const menu = (event) => {
    if (!(event.currentTarget instanceof HTMLElement)) return;
    openMenu(event.currentTarget, t("session.menu"), [
      { label: t("settings.title"), keys: SHORTCUTS.settings.keys, act: () => app.ask("settings") },
      { label: t("help.title"), keys: SHORTCUTS.help.keys, act: () => app.go("help") },
      { label: t("about.title"), act: () => app.ask("about") },
      { label: t("session.lockNow"), keys: SHORTCUTS.lock.keys, act: leave(lock), apart: true },
      { label: t("session.signOut"), act: leave(signOut) },
      open.drill
        ? { label: t("drill.end"), keys: SHORTCUTS.close.keys, act: () => leaveDrill(app) }
        : { label: t("workspace.close"), keys: SHORTCUTS.close.keys, act: () => app.ask("close-workspace") },
      { label: t("program.quit"), keys: SHORTCUTS.quit.keys, act: () => void quit({}), apart: true },
    ]);
  };
  return [
    h("div", { class: "rail-top" },
      mark(),
      h("div", { class: "rail-workspace" },
        h("bdi", { class: "clip", title: open.name }, open.name),
        place(words, open)),
      h("button", { key: "rail.lock", type: "button", class: "icon-button", "aria-label": t("session.lockNow"), "aria-keyshortcuts": ariaKeys(SHORTCUTS.lock.keys), title: t("session.lockHint"), onclick: leave(lock) }, icon("lock"))),
    h("div", { key: "rail.entries", class: "rail-entries", "data-scrolls": true },
      me.listsPeople && h("div", { class: "rail-group" },
        h("p", { class: "rail-title" }, t("rail.workspace")),
        entry("users", "users", "users.title"),
        entry("desk", "phone", "desk.title"),
        me.readsJournal && entry("journal", "journal", "journal.title"),
        me.keepsTokens && entry("tokens", "token", "tokens.title"),
        me.keepsDevices && open.remote && entry("devices", "desktop", "devices.title"),
        me.keepsCommunities && entry("communities", "communities", "communities.title"),
        open.remote && me.ownDevice && entry("waiting", "outbox", "waiting.title", open.remote.waiting + open.remote.refused),
        me.readsOutbox && entry("mail", "mail", "mail.title", unsent),
        me.setsPolicy && entry("policies", "rules", "policies.title"),
        me.keepsVault && !open.remote && entry("vault", "key", "vault.title")),
      h("div", { class: "rail-group" },
        h("p", { class: "rail-title" }, t("rail.mine")),
        entry("profile", "shield", "profile.title"),
        entry("activity", "activity", "activity.title"),
        entry("help", "help", "help.title"))),
    h("div", { class: "rail-foot" },
      h("a", { key: "rail.me", class: "rail-me", href: "#/profile", title: `${me.person.name} · ${me.person.email}` },
        h("bdi", { class: "clip" }, me.person.name),
        h("span", { class: "clip sub", dir: "ltr" }, me.person.email)),
      h("button", { key: "rail.menu", type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": t("session.menu"), title: t("session.menu"), onclick: menu }, icon("more"))),
  ];
}
