// Settings → Workspace → Mail: how it stands, and the outbox: what is sent to people, what is not, and why.

/** @import { MailCount, MailState, MailView, OutboxPage, OutboxRow } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Words } from "../../../tests/ui/types/page.js" */

import { readMail, readOutbox } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { icon } from "../parts/icon.js";
import { MAIL_STATES, countSentence, failureName, mailChip, mending, noticeName, pressing } from "../parts/mail.js";
import { openMenu } from "../parts/menu.js";
import { heading, note } from "../parts/note.js";
import { noticeActions } from "../parts/notice-actions.js";
import { writeHash } from "../route.js";
import { Trail } from "../trail.js";

/** @typedef {{ page: OutboxPage, list: Trail<OutboxRow>, state: MailState | null, person: string | null, view: MailView | null }} Data */
/** @typedef {{ open: (id: string) => void, menu: (row: OutboxRow, anchor: HTMLElement) => void, test: () => void, narrow: (event: Event) => void, everybody: () => void }} Handlers */

export const mail = panel({
  /** @returns {Promise<Data>} */
  async load(app, id) {
    const state = MAIL_STATES.find((one) => one === id) ?? null;
    const person = state === null ? id : null;
    const only = { ...(state === null ? {} : { state }), ...(person === null ? {} : { person }) };
    const keeps = app.state().situation.open?.me?.keepsMail ?? false;
    const [page, view] = await Promise.all([readOutbox(only), keeps ? readMail({}) : null]);
    const list = new Trail((after) => readOutbox({ ...only, after }).catch(() => (void app.refresh(), null)), page);
    const now = app.state().screen;
    // Whoever had gone far stays there when something changes.
    if (now.name === "mail" && now.id === id && now.data) await list.want(0, /** @type {Data} */ (now.data).list.length - 1);
    return { page, list, state, person, view };
  },
  on: (app, panel) => ({
    /** @param {string} id */
    open(id) {
      const row = panel.read().data.list.find((one) => one.id === id);
      if (row) app.ask("mail-notice", { row });
    },
    /** @param {Event} event */
    narrow: (event) => event.target instanceof HTMLSelectElement && app.go("mail", event.target.value || null),
    everybody: () => app.go("mail"),
    test: () => app.ask("mail-test", { address: panel.read().data.view?.ownAddress ?? "" }),
    /** @param {OutboxRow} row @param {HTMLElement} anchor */
    menu(row, anchor) {
      const { t } = app.state().words;
      openMenu(anchor, t("users.actions", { name: row.person.name }), [
        { label: t("mail.details"), act: () => app.ask("mail-notice", { row }) },
        ...noticeActions(app, row, (work) => panel.act(work)),
        { label: t("tokens.seeHolder", { name: row.person.name }), act: () => app.go("users", row.person.id), apart: true },
      ]);
    },
  }),
  view(state, { data, refusal }, on) {
    const { words, situation } = state;
    const { t } = words;
    const { page, list, view, person } = data;
    const keeps = situation.open?.me?.keepsMail ?? false;
    const narrowed = data.state !== null || person !== null;
    const name = person === null ? null : list.at(0)?.person ?? null;
    return [
      h("p", { class: "crumbs" }, t("mail.crumbs")),
      heading(t("mail.title"), keeps && h("div", { class: "buttons" },
        view?.server?.on && h("button", { key: "mail.test", type: "button", onclick: on.test }, t("mail.test")),
        h("a", { key: "mail.settings", class: page.mailIsOn ? "button" : "button primary", href: "#/mail-settings" }, t(view?.server ? "mail.settings" : "mail.setUp")))),
      refusal && h("div", { role: "alert" }, note("danger", h("p", null, words.refusal(refusal)))),
      how(words, page, view, keeps),
      waits(words, page.counts),
      (narrowed || list.total > 0) && h("div", { class: "tools" },
        h("select", { key: "mail.state", class: "filter-select", "data-set": true, "aria-label": t("mail.states"), onchange: on.narrow },
          h("option", { value: "", selected: data.state === null }, t("mail.everyState")),
          MAIL_STATES.map((one) => h("option", { value: one, selected: one === data.state }, t(`mail.state.${one}`)))),
        name && h("p", { class: "filter" }, words.rich("mail.only", { name: h("bdi", { class: "clip strong" }, name.name) })),
        person !== null && h("button", { key: "mail.everybody", type: "button", onclick: on.everybody }, t("mail.everybody"))),
      list.total === 0
        ? h("p", { class: "empty" }, t(narrowed ? "mail.noneSo" : "mail.none"))
        : h("div", { class: "beside fills" }, h("div", { class: "beside-list" }, table(words, list, `${data.state} ${person}`, on))),
    ];
  },
});

/** @param {Words} words @param {OutboxPage} page @param {MailView | null} view @param {boolean} keeps @returns {Child} */
function how(words, { mailIsOn }, view, keeps) {
  const { t } = words;
  const server = view?.server ?? null;
  if (mailIsOn) return server && h("p", { class: "lead" }, words.rich("mail.sentBy", { host: h("bdi", { class: "strong" }, `${server.host}:${server.port}`), sender: h("bdi", { class: "strong" }, server.sender) }));
  if (server) return note("warn", h("p", null, t("mail.isOff")));
  return note("info", h("p", { class: "strong" }, t("mail.notSetUp")), h("p", null, t(keeps ? "mail.notSetUpOwner" : "mail.notSetUpOthers")));
}

/** What waits and why, each a way to the list of it. @param {Words} words @param {MailCount[]} counts @returns {Child} */
function waits(words, counts) {
  const lines = pressing(counts);
  if (lines.length === 0) return null;
  const line = (/** @type {MailCount} */ count) =>
    h("li", null, h("a", { key: `mail.count.${count.state}.${count.failure}`, href: writeHash("mail", count.state) }, countSentence(words, count)),
      count.failure !== null && count.state === "waiting" && [" ", h("span", { class: "sub" }, mending(words, count.failure))]);
  const tone = lines.some(({ state, failure }) => state === "failed" || state === "uncertain" || (state === "waiting" && failure !== null)) ? "warn" : "info";
  return note(tone, h("ul", { class: "plain-list", "aria-label": words.t("mail.counts") }, lines.map(line)));
}

/** @param {Words} words @param {Trail<OutboxRow>} list @param {string} asked @param {Handlers} on */
function table(words, list, asked, on) {
  const { t } = words;
  return h("data-table", { key: "mail.table", "data-stays": true, class: "table-mail", options: {
    key: "mail", label: t("mail.outbox"), total: list.total, list, asked,
    activate: (/** @type {string} */ id) => on.open(id),
    columns: [
      { name: t("mail.to"), class: "wide" },
      { name: t("mail.about"), class: "notice-cell" },
      { name: t("mail.stateHead"), class: "state-cell" },
      { name: t("mail.when"), class: "when" },
      { name: t("users.menu"), class: "menu-cell", hidden: true },
    ],
    row: (/** @type {OutboxRow} */ row) => ({ id: row.id, label: `${row.person.name}, ${noticeName(words, row.kind)}, ${t(`mail.state.${row.state}`)}`, cells: cells(words, row, on) }),
  } });
}

/** @param {Words} words @param {OutboxRow} row @param {Handlers} on @returns {Child[]} */
function cells(words, row, on) {
  const { t } = words;
  const { person, address, kind, state, failure, at } = row;
  const label = t("mail.actions", { name: person.name, kind: noticeName(words, kind) });
  const why = failure !== null && state !== "sent" && state !== "handed-over" ? failureName(words, failure) : null;
  return [
    [h("bdi", { class: "clip strong", title: person.name }, person.name), h("span", { class: "clip sub", dir: "ltr", title: address }, address)],
    h("span", { class: "two-lines", title: noticeName(words, kind) }, noticeName(words, kind)),
    [mailChip(words, state, failure), why && h("span", { class: "clip sub", title: why }, why)],
    [h("span", { class: "clip nowrap", title: words.dateTime(at) }, words.isToday(at) ? words.time(at) : words.date(at)), next(words, row)],
    h("button", { key: `mail.menu.${row.id}`, type: "button", class: "icon-button", tabindex: -1, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label, title: label,
      onclick: (/** @type {Event} */ event) => event.currentTarget instanceof HTMLElement && on.menu(row, event.currentTarget) }, icon("more")),
  ];
}

/** How often it was tried, and when next. @param {Words} words @param {OutboxRow} row @returns {Child} */
function next(words, { state, nextAt, attempts }) {
  const { t, n } = words;
  const text = state === "waiting" && nextAt !== null ? t("mail.next", { at: words.moment(nextAt) }) : attempts > 1 ? n("mail.attempts", attempts) : null;
  return text && h("span", { class: "clip sub", title: text }, text);
}
