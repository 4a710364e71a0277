// Settings → Workspace → Users.

/** @import { AccountState, Being, PeoplePage, PersonAction, PersonRow, PersonView } from "../../../tests/ui/types/wire.js" */
/** @import { App, DialogName, Words } from "../../../tests/ui/types/page.js" */

import { toRefusal } from "../bridge.js";
import { listPeople, readPerson } from "../commands.js";
import { focusKey, h } from "../dom.js";
import { panel } from "../panel.js";
import { icon, pips } from "../parts/icon.js";
import { openMenu } from "../parts/menu.js";
import { heading } from "../parts/note.js";
import { personPanel, tone, whySentence } from "../parts/person.js";
import { CASE_ACTS, takesTwo } from "../parts/support-case.js";
import { roleNames } from "../parts/roles.js";
import { SHORTCUTS, ariaKeys, withKeys } from "../shortcuts.js";
import { writeHash } from "../route.js";

/** @typedef {{ community?: string, being?: Being, state?: AccountState }} Only */
/** @typedef {{ page: PeoplePage, rows: PersonRow[], search: string, asked: string, only: Only, announced: string, selected: string | null, person: PersonView | null }} Data */

/** @type {Being[]} */
const BEINGS = ["owner", "administrator", "support", "member"];
/** @type {AccountState[]} */
const STATES = ["protected", "no-second-factor", "recovery-pending", "invited", "deactivated", "signs-in-elsewhere"];
/** Actions with a dialog of their own. @type {Readonly<Partial<Record<PersonAction, DialogName>>>} */
const DIALOGS = Object.freeze({ "reset-second-factor": "reset", "issue-password-code": "password-code", "invite-again": "invite-again", "hand-over": "hand-over" });

/** One person; nothing when they are gone, or out of reach. @param {App} app @param {string} account */
async function look(app, account) {
  try {
    return await readPerson({ account });
  } catch (reason) {
    if (toRefusal(reason).code !== "not-allowed") void app.refresh();
    return null;
  }
}

export const users = panel({
  /** @returns {Promise<Data>} */
  async load(app, id) {
    const { screen } = app.state();
    /** @type {Data | null} */
    const before = screen.name === "users" ? screen.data : null;
    const { asked: search = "", only = {} } = before ?? {};
    // A community that is gone, or no longer within reach, narrows nothing any more.
    const page = await listPeople({ search, ...only }).catch((reason) => {
      if (only.community === undefined) throw reason;
      return listPeople({ search });
    });
    const kept = page.communities.some((community) => community.id === only.community) || only.community === undefined ? only : {};
    const person = id ? await look(app, id) : null;
    return { page, rows: page.rows, search, asked: search, only: kept, announced: "", selected: person ? id : null, person };
  },
  on: (app, panel) => ({
    add: () => app.ask("add-user", { grants: panel.read().data.page.grants, grantsOwner: panel.read().data.page.grantsOwner }),
    /** A reply that a later search has overtaken is dropped. @param {Event} event */
    async search(event) {
      if (!(event.target instanceof HTMLInputElement)) return;
      const asked = event.target.value;
      panel.patch({ asked });
      const { only } = panel.read().data;
      const page = await listPeople({ search: asked, ...only }).catch(() => null);
      if (!page || panel.read().data.asked !== asked || panel.read().name !== "users") return;
      panel.patch({ page, rows: page.rows, search: asked, announced: app.state().words.n("users.found", page.total) });
    },
    /** @param {keyof Only} what @param {Event} event */
    async narrow(what, event) {
      if (!(event.target instanceof HTMLSelectElement)) return;
      const { [what]: _, ...others } = panel.read().data.only;
      const only = event.target.value === "" ? others : { ...others, [what]: event.target.value };
      panel.patch({ only });
      const { asked } = panel.read().data;
      const page = await listPeople({ search: asked, ...only }).catch(() => null);
      if (!page || panel.read().name !== "users" || panel.read().data.only !== only) return;
      panel.patch({ page, rows: page.rows, search: asked, announced: app.state().words.n("users.found", page.total) });
    },
    /** Shows somebody beside the list. The hash follows, so that Back closes it. @param {string} id */
    async open(id) {
      const { selected } = panel.read().data;
      if (selected === null) history.pushState(null, "", writeHash("users", id));
      else history.replaceState(null, "", writeHash("users", id));
      panel.patch({ selected: id });
      const person = await look(app, id);
      if (panel.read().name !== "users" || panel.read().data.selected !== id) return;
      if (person === null) return void app.go("users");
      panel.patch({ person, announced: `${person.person.name}. ${whySentence(app.state().words, person.why)}` });
      // In a narrow window the list gives way to the person.
      if (document.activeElement === document.body) focusKey(document.body, "person.close");
    },
    /** With a person beside the list, the arrows move on to the next. @param {string} id */
    moved(id) {
      if (panel.read().data.selected !== null) void this.open(id);
    },
    /** @param {number} by */
    step(by) {
      const { rows, selected } = panel.read().data;
      const next = rows[rows.findIndex(({ person }) => person.id === selected) + by];
      if (next) void this.open(next.person.id);
    },
    close() {
      const { selected } = panel.read().data;
      history.replaceState(null, "", writeHash("users"));
      panel.patch({ selected: null, person: null });
      focusKey(document.body, `users.${selected}`);
    },
    /** @param {PersonAction} action */
    act(action) {
      const { person: view } = panel.read().data;
      if (!view) return;
      const { person } = view;
      const privileged = view.owner || view.roles.some(({ role }) => role === "administrator");
      const own = DIALOGS[action];
      if (own) app.ask(own, { person });
      else app.ask("person-act", { person, action, privileged });
    },
    /** What one cannot do alone, two can. @param {PersonAction} action */
    startCase(action) {
      const { person: view } = panel.read().data;
      if (view) app.ask("case", { person: view.person, act: CASE_ACTS[action] ?? "second-factor" });
    },
    roles() {
      const { person: view } = panel.read().data;
      if (view) app.ask("role", { person: view.person, choices: view.roleChoices, owner: view.owner, mayChangeOwner: view.mayChangeOwner });
    },
    async more() {
      const { page, rows, search, asked, only } = panel.read().data;
      if (page.next === null || asked !== search) return;
      await panel.act(async () => {
        const next = await listPeople({ search, ...only, after: page.next ?? "" });
        if (panel.read().data.page === page) panel.patch({ page: next, rows: [...rows, ...next.rows] });
      });
    },
    /** @param {string} id @param {HTMLElement} anchor */
    menu(id, anchor) {
      const row = panel.read().data.rows.find(({ person }) => person.id === id);
      if (!row) return;
      const { words } = app.state();
      const { t } = words;
      /** @type {import("../parts/menu.js").Item[]} */
      const items = [{ label: t("reset.title"), danger: true, refused: row.resetRefused && words.refusal(row.resetRefused), act: () => app.ask("reset", { person: row.person }) }];
      items.push({ label: t("passwordCode.title"), refused: row.passwordCodeRefused && words.refusal(row.passwordCodeRefused), act: () => app.ask("password-code", { person: row.person }) });
      if (takesTwo(row.resetRefused) || takesTwo(row.passwordCodeRefused)) {
        items.push({ label: t("case.start"), act: () => app.ask("case", { person: row.person, act: takesTwo(row.resetRefused) ? "second-factor" : "password" }) });
      }
      if (row.mayInviteAgain) {
        items.push(
          { label: t("inviteAgain.title"), act: () => app.ask("invite-again", { person: row.person }) },
          { label: t("enrolHere.title"), act: () => app.ask("hand-over", { person: row.person }) });
      }
      openMenu(anchor, t("users.actions", { name: row.person.name }), items);
    },
  }),
  view({ words, situation }, { data, busy }, on) {
    const { t, n } = words;
    const { only, person, selected } = data;
    const filter = (/** @type {keyof Only} */ what, /** @type {string} */ all, /** @type {{ value: string, text: string }[]} */ options) =>
      h("select", { key: `users.only.${what}`, class: "filter-select", "aria-label": all, "data-set": true, onchange: (/** @type {Event} */ event) => void on.narrow(what, event) },
        [{ value: "", text: all }, ...options].map(({ value, text }) => h("option", { value, selected: value === (only[what] ?? "") }, text)));
    const list = data.rows.length === 0
        ? h("p", { class: "empty" }, t(data.asked === "" && Object.keys(only).length > 0 ? "users.noneSo" : "users.none"))
        : h("data-table", { class: "table-users", options: {
          key: "users", label: t("users.title"), total: data.page.total, selected, activate: (/** @type {string} */ id) => void on.open(id), moved: (/** @type {string} */ id) => on.moved(id),
          columns: [
            { name: t("users.person"), class: "wide" }, { name: t("users.role"), class: "role" }, { name: t("users.state"), class: "state-cell" },
            { name: t("users.codes"), class: "codes-cell" }, { name: t("users.signedIn"), class: "when" }, { name: t("users.menu"), class: "menu-cell", hidden: true },
          ],
          rows: data.rows.map((row) => ({ id: row.person.id, label: `${row.person.name} ${row.person.email}`, cells: cells(words, row, on) })),
        } });
    return [
      h("p", { class: "crumbs" }, t("users.crumbs")),
      heading(t("users.title"), h("button", { key: "users.add", type: "button", class: "primary", title: withKeys(t("addUser.title"), SHORTCUTS.add.keys), "aria-keyshortcuts": ariaKeys(SHORTCUTS.add.keys), onclick: on.add }, icon("plus"), t("addUser.title"))),
      h("div", { class: "tools" },
        h("input", { key: "users.search", type: "search", class: "search", value: data.asked, "aria-label": t("users.search"), placeholder: t("users.search"), title: withKeys(t("users.search"), SHORTCUTS.find.keys), "aria-keyshortcuts": ariaKeys(SHORTCUTS.find.keys), autocomplete: "off", spellcheck: "false", dir: "auto", oninput: on.search }),
        data.page.communities.length > 1 && filter("community", t("users.allCommunities"), data.page.communities.map(({ id, name }) => ({ value: id, text: name }))),
        filter("being", t("users.allRoles"), BEINGS.map((being) => ({ value: being, text: t(`role.${being}`) }))),
        filter("state", t("users.allStates"), STATES.map((state) => ({ value: state, text: t(`state.${state}`) }))),
        h("p", { class: "sub" }, n("users.count", data.page.total)),
        h("p", { class: "sr-only", role: "status" }, data.announced)),
      h("div", { class: person ? "beside with-person" : "beside" },
        h("div", { class: "beside-list" }, list),
        person && personPanel(words, person, { journal: situation.open?.me?.readsJournal ?? false }, on)),
      data.page.next !== null && h("div", { class: "buttons" },
        h("button", { key: "users.more", type: "button", "aria-disabled": busy ? "true" : null, onclick: on.more }, t("users.more", { shown: words.number(data.rows.length), total: words.number(data.page.total) }))),
    ];
  },
});

/**
 * @param {Words} words
 * @param {PersonRow} row
 * @param {{ menu: (id: string, anchor: HTMLElement) => void, open: (id: string) => Promise<void> }} on
 */
function cells(words, row, on) {
  const { t, n } = words;
  const { person, state, codesLeft, signedInAt } = row;
  const roles = roleNames(words, row);
  const label = t("users.actions", { name: person.name });
  return [
    [h("a", { key: `users.name.${person.id}`, class: "clip strong row-link", href: writeHash("users", person.id), tabindex: -1, title: person.name,
      onclick: (/** @type {Event} */ event) => (event.preventDefault(), void on.open(person.id)) }, h("bdi", null, person.name)), h("span", { class: "clip sub", dir: "ltr", title: person.email }, person.email)],
    h("span", { class: "clip", dir: "auto", title: roles }, roles),
    h("span", { class: `chip ${tone(state)}` }, t(`state.${state}`)),
    codesLeft === null ? h("span", { class: "sub" }, "–") : [h("span", { class: codesLeft <= 3 ? "few strong" : null, "aria-hidden": "true" }, words.number(codesLeft)), pips(codesLeft, n("codes.left", codesLeft))],
    signedInAt === null ? h("span", { class: "sub" }, t("users.never")) : h("span", { class: "nowrap", title: words.dateTime(signedInAt) }, words.isToday(signedInAt) ? t("users.today", { at: words.time(signedInAt) }) : words.date(signedInAt)),
    h("button", { key: `users.menu.${person.id}`, type: "button", class: "icon-button", tabindex: -1, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label, title: label,
      onclick: (/** @type {Event} */ event) => event.currentTarget instanceof HTMLElement && on.menu(person.id, event.currentTarget) }, icon("more")),
  ];
}
