// Settings → Workspace → Users, and the same list under the picture of how well people are prepared.

/** @import { Being, PeopleState, PersonAction, PersonRow, PersonView, Readiness, TokenView, WaitingRow } from "../../../tests/ui/types/wire.js" */
/** @import { App, DialogName, Words } from "../../../tests/ui/types/page.js" */
/** @import { Answer, Only, Query } from "../people-list.js" */

import { toRefusal, withoutServer } from "../bridge.js";
import { exportPeople, listTokens, readBackups, readErasure, readPerson, readReadiness } from "../commands.js";
import { focusKey, h } from "../dom.js";
import { isAway, whyNot } from "../offline.js";
import { readUndone, undone } from "../outbox.js";
import { panel } from "../panel.js";
import { ask, remember, remembered, request } from "../people-list.js";
import { icon } from "../parts/icon.js";
import { openMenu } from "../parts/menu.js";
import { note } from "../parts/note.js";
import { peopleTable } from "../parts/people-table.js";
import { personPanel, whySentence } from "../parts/person.js";
import { readinessPicture } from "../parts/readiness.js";
import { CASE_ACTS, takesTwo } from "../parts/support-case.js";
import { SHORTCUTS, ariaKeys, withKeys } from "../shortcuts.js";
import { writeHash } from "../route.js";

/** `asked` is what the fields say, `query` what the list is the answer to. */
/** @typedef {Answer & { asked: Query, announced: string, selected: string | null, person: PersonView & { tokens: TokenView[] | null, renaming: WaitingRow | undefined } | null, readiness: Readiness | null }} Data */

/** @type {Being[]} */
const BEINGS = ["owner", "administrator", "support", "member"];
/** What is looked for at night comes first. @type {PeopleState[]} */
const STATES = ["locked", "recovery-pending", "no-second-factor", "few-codes", "unsaved-codes", "one-authenticator", "unfinished-enrolment", "invited", "protected", "signs-in-elsewhere", "deactivated"];
/** Actions with a dialog of their own. @type {Readonly<Partial<Record<PersonAction, DialogName>>>} */
const DIALOGS = Object.freeze({ "reset-second-factor": "reset", "issue-password-code": "password-code", "invite-again": "invite-again", "hand-over": "hand-over", "correct-name": "correct-name" });

/** One person; nothing when they are gone, or out of reach. @param {App} app @param {string} account */
async function look(app, account) {
  try {
    const keeps = app.state().situation.open?.me?.keepsTokens ?? false;
    const [person, held, rows] = await Promise.all([readPerson({ account }), keeps ? listTokens({ search: "", account }).catch(withoutServer) : null, readUndone(app)]);
    return { ...person, tokens: held?.rows ?? null, renaming: undone(rows, "correct-name", account) };
  } catch (reason) {
    if (toRefusal(reason).code !== "not-allowed") void app.refresh();
    return null;
  }
}

/** What is read out of somebody who was chosen: what they report comes first. @param {Words} words @param {PersonView} view */
const inOneSentence = (words, { person, why, report }) => `${person.name}. ${report ? words.t("report.says") : whySentence(words, why)}`;

export const users = people("users");
export const readiness = people("readiness");

/** @param {"users" | "readiness"} screen */
function people(screen) {
  const counted = (/** @type {Query} */ query) => (screen === "readiness" ? readReadiness(query.only.community === undefined ? {} : { community: query.only.community }) : null);
  return panel({
    /** @returns {Promise<Data>} */
    async load(app, id) {
      const now = app.state().screen;
      /** @type {Data | null} */
      const before = now.name === screen ? now.data : null;
      const asked = before?.asked ?? remembered();
      const place = before && before.query === asked ? before.list.place : 0;
      const answer = await ask(asked, place, () => void app.refresh());
      const [readiness, person] = await Promise.all([counted(answer.query), id ? look(app, id) : null]);
      return { ...answer, asked: answer.query, announced: person && person.person.id !== before?.selected ? inOneSentence(app.state().words, person) : "", selected: person ? id : null, person, readiness };
    },
    on: (app, panel) => ({
      add: () => app.ask("add-user", { grants: panel.read().data.page.grants, grantsOwner: panel.read().data.page.grantsOwner }),
      /** Asks for another list. An answer that a later question has overtaken is dropped. @param {Partial<Query>} change */
      async ask(change) {
        const asked = { ...panel.read().data.asked, ...change };
        panel.patch({ asked });
        remember(asked);
        const recount = change.only !== undefined && change.only.community !== panel.read().data.query.only.community;
        const answer = await ask(asked, 0, () => void app.refresh()).catch(() => void app.refresh());
        if (!answer || panel.read().name !== screen || panel.read().data.asked !== asked) return;
        panel.patch({ ...answer, asked: answer.query, announced: app.state().words.n("users.found", answer.list.total) });
        const readiness = recount ? await counted(answer.query) : null;
        if (readiness && panel.read().name === screen && panel.read().data.query === answer.query) panel.patch({ readiness });
      },
      /** @param {Event} event */
      search(event) {
        if (event.target instanceof HTMLInputElement) void this.ask({ search: event.target.value });
      },
      /** @param {KeyboardEvent} event */
      searchKey(event) {
        if (event.key === "Escape" && event.target instanceof HTMLInputElement && event.target.value !== "") {
          // What stands in a field outlives a redraw.
          event.target.value = "";
          void this.ask({ search: "" });
        } else if (event.key !== "ArrowDown" || !focusKey(document.body, `${screen}.table`)) return;
        event.preventDefault();
      },
      /** @param {keyof Only} what @param {string} value empty for all */
      narrow(what, value) {
        const { [what]: _, ...others } = panel.read().data.asked.only;
        void this.ask({ only: value === "" ? others : { ...others, [what]: value } });
      },
      /** A part of the picture, or everybody again. @param {PeopleState} state */
      choose(state) {
        this.narrow("state", panel.read().data.asked.only.state === state ? "" : state);
      },
      /** @param {string} by @param {boolean} descending */
      order(by, descending) {
        void this.ask({ order: /** @type {Query["order"]} */ (by), descending });
      },
      /** Shows somebody beside the list. The hash follows, so that Back closes it. @param {string} id */
      async open(id) {
        const { selected } = panel.read().data;
        if (selected === null) history.pushState(history.state, "", writeHash(screen, id));
        else history.replaceState(history.state, "", writeHash(screen, id));
        panel.patch({ selected: id });
        const person = await look(app, id);
        if (panel.read().name !== screen || panel.read().data.selected !== id) return;
        if (person === null) return void app.go(screen);
        panel.patch({ person, announced: inOneSentence(app.state().words, person) });
        // In a narrow window the list gives way to the person.
        if (document.activeElement === document.body) focusKey(document.body, "person.close");
      },
      /** With a person beside the list, the arrows move on to the next. @param {string} id */
      moved(id) {
        if (panel.read().data.selected !== null) void this.open(id);
      },
      /** @param {number} by */
      async step(by) {
        const { list, selected } = panel.read().data;
        const at = list.find(({ person }) => person.id === selected) + by;
        if (at - by < 0 || at < 0 || at >= list.total) return;
        if (!list.at(at)) await list.want(at, at);
        const next = list.at(at);
        if (next && panel.read().data.selected === selected) void this.open(next.person.id);
      },
      close() {
        const { selected } = panel.read().data;
        history.replaceState(history.state, "", writeHash(screen));
        panel.patch({ selected: null, person: null });
        if (!focusKey(document.body, `users.${selected}`)) focusKey(document.body, `${screen}.table`);
      },
      /** @param {PersonAction} action */
      act(action) {
        const { person: view } = panel.read().data;
        if (!view) return;
        const { person } = view;
        const privileged = view.owner || view.roles.some(({ role }) => role === "administrator");
        if (action === "change-email") {
          const refused = view.actions.find((each) => each.action === action)?.refused ?? null;
          return void app.ask("change-email", { person, two: takesTwo(refused), invited: view.state === "invited" });
        }
        if (action === "change-second-email") return void app.ask("second-email", { person, email: view.secondEmail ?? "" });
        const own = DIALOGS[action];
        if (action === "correct-name" && view.renaming) app.ask("correct-name", { person, asked: view.renaming.words[0] ?? null });
        else if (own) app.ask(own, { person });
        else if (action === "erase") void this.erase(person.id);
        else app.ask("person-act", { person, action, privileged });
      },
      /** What would go with a person is counted before it is asked for. @param {string} account */
      erase: (account) => panel.act(async () => {
        const [view, backups] = await Promise.all([readErasure({ account }), readBackups({})]);
        app.ask("erase", { view, backups });
      }),
      /** What one cannot do alone, two can. @param {PersonAction} action */
      startCase(action) {
        const { person: view } = panel.read().data;
        if (view) app.ask("case", { person: view.person, act: CASE_ACTS[action] ?? "second-factor" });
      },
      settle() {
        const { person: view } = panel.read().data;
        if (view?.report) app.ask("report-settle", { report: view.report });
      },
      assign() {
        const { person: view } = panel.read().data;
        if (view) app.ask("token-assign", { person: view.person, forPerson: true });
      },
      /** @param {string} id @param {string} name */
      resync(id, name) {
        const { person: view } = panel.read().data;
        if (view) app.ask("token-resync", { id, name, account: view.person.id });
      },
      roles() {
        const { person: view } = panel.read().data;
        if (view) app.ask("role", { person: view.person, choices: view.roleChoices, owner: view.owner, mayChangeOwner: view.mayChangeOwner });
      },
      async export() {
        const { asked } = panel.read().data;
        await panel.act(async () => {
          const { file, people } = await exportPeople(request(asked));
          if (file !== null) app.say("users.exported", { count: app.state().words.n("users.count", people), file });
        });
      },
      /** What can be done with the whole list. @param {Event} event */
      listMenu(event) {
        if (!(event.currentTarget instanceof HTMLElement)) return;
        const { t } = app.state().words;
        openMenu(event.currentTarget, t("users.list"), [
          ...(panel.read().data.page.mayExport ? [{ label: t("users.export"), act: () => void this.export() }] : []),
          ...(app.state().situation.open?.me?.importsPeople ? [{ label: t("import.open"), act: () => app.go("import") }] : []),
          { label: t("users.byName"), act: () => this.order("name", false), apart: true },
          { label: t("users.byEmail"), act: () => this.order("email", false) },
          { label: t("users.bySignedIn"), act: () => this.order("signed-in", true) },
          { label: t("users.byAdded"), act: () => this.order("added", true) },
        ]);
      },
      /** @param {PersonRow} row @param {HTMLElement} anchor */
      menu(row, anchor) {
        const state = app.state();
        const { t } = state.words;
        /** @type {import("../parts/menu.js").Item[]} */
        const items = [{ label: t("reset.title"), danger: true, refused: whyNot(state, "reset-second-factor", row.resetRefused), act: () => app.ask("reset", { person: row.person }) }];
        items.push({ label: t("passwordCode.title"), refused: whyNot(state, "issue-password-code", row.passwordCodeRefused), act: () => app.ask("password-code", { person: row.person }) });
        if (!isAway(state.situation) && (takesTwo(row.resetRefused) || takesTwo(row.passwordCodeRefused))) {
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
    view(state, { data, refusal }, on) {
      const { words, situation } = state;
      const { t } = words;
      const { asked, query, list, person, announced } = data;
      return [
        h("p", { class: "crumbs" }, t(screen === "users" ? "users.crumbs" : "readiness.crumbs")),
        head(words, screen, list.total, on),
        refusal && h("div", { role: "alert" }, note("danger", h("p", null, words.refusal(refusal)))),
        data.readiness && readinessPicture(words, data.readiness, asked.only.state, (state) => on.choose(state)),
        tools(words, asked, data.page.communities, announced, on),
        h("div", { class: person ? "beside fills with-person" : "beside fills" },
          h("div", { class: "beside-list" }, list.total === 0
            ? h("p", { class: "empty" }, t(query.search === "" && Object.keys(query.only).length > 0 ? "users.noneSo" : "users.none"))
            : peopleTable(words, screen, data, { open: (id) => on.open(id), moved: (id) => on.moved(id), menu: on.menu, order: (by, descending) => on.order(by, descending) })),
          person && personPanel(state, person, { journal: situation.open?.me?.readsJournal ?? false, tokens: situation.open?.me?.keepsTokens ?? false, mail: situation.open?.me?.readsOutbox ?? false }, on, person)),
      ];
    },
  });
}

/**
 * @param {Words} words
 * @param {"users" | "readiness"} screen
 * @param {number} total
 * @param {{ add: () => void, listMenu: (event: Event) => void }} on
 */
function head({ t, n }, screen, total, on) {
  const other = screen === "users" ? "readiness" : "users";
  return h("header", { class: `heading heading-${screen}` },
    h("div", { class: "heading-words" }, h("h1", { tabindex: -1 }, t(screen === "users" ? "users.title" : "readiness.title")), h("span", { class: "sub" }, n("users.count", total))),
    h("div", { class: "buttons" },
      h("a", { key: `users.to.${other}`, class: "button", href: writeHash(other) }, icon(other === "users" ? "users" : "shield"), t(other === "users" ? "users.short" : "readiness.short")),
      h("button", { key: "users.list", type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": t("users.list"), title: t("users.list"), onclick: (/** @type {Event} */ event) => on.listMenu(event) }, icon("more")),
      h("button", { key: "users.add", type: "button", class: "primary", title: withKeys(t("addUser.title"), SHORTCUTS.add.keys), "aria-keyshortcuts": ariaKeys(SHORTCUTS.add.keys), onclick: on.add }, icon("plus"), t("addUser.title"))));
}

/**
 * @param {Words} words
 * @param {Query} asked
 * @param {{ id: string, name: string }[]} communities
 * @param {string} announced
 * @param {{ search: (event: Event) => void, searchKey: (event: KeyboardEvent) => void, narrow: (what: keyof Only, value: string) => void }} on
 */
function tools({ t }, asked, communities, announced, on) {
  const filter = (/** @type {keyof Only} */ what, /** @type {string} */ all, /** @type {{ value: string, text: string }[]} */ options) =>
    h("select", { key: `users.only.${what}`, class: "filter-select", "aria-label": all, "data-set": true, onchange: (/** @type {Event} */ event) => event.target instanceof HTMLSelectElement && on.narrow(what, event.target.value) },
      [{ value: "", text: all }, ...options].map(({ value, text }) => h("option", { value, selected: value === (asked.only[what] ?? "") }, text)));
  return h("div", { class: "tools list-tools" },
    h("input", { key: "users.search", type: "search", class: "search", value: asked.search, "aria-label": t("users.search"), placeholder: t("users.searchHint"), title: withKeys(t("users.search"), SHORTCUTS.find.keys), "aria-keyshortcuts": ariaKeys(SHORTCUTS.find.keys), autocomplete: "off", spellcheck: "false", dir: "auto",
      oninput: (/** @type {Event} */ event) => on.search(event), onkeydown: (/** @type {KeyboardEvent} */ event) => on.searchKey(event) }),
    communities.length > 1 && filter("community", t("users.allCommunities"), communities.map(({ id, name }) => ({ value: id, text: name }))),
    filter("being", t("users.allRoles"), BEINGS.map((being) => ({ value: being, text: t(`role.${being}`) }))),
    filter("state", t("users.allStates"), STATES.map((state) => ({ value: state, text: t(`state.${state}`) }))),
    h("p", { class: "sr-only", role: "status" }, announced));
}
