// Settings → Workspace → Tokens: the stock of hardware tokens, whose each is, and what can be done with it.

/** @import { ListTokens, TokenState, TokenView } from "../../../tests/ui/types/wire.js" */
/** @import { Words } from "../../../tests/ui/types/page.js" */

import { listTokens } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { icon } from "../parts/icon.js";
import { openMenu } from "../parts/menu.js";
import { heading, note, personName } from "../parts/note.js";
import { tokenKind, tokenName } from "../parts/token.js";

/** @type {TokenState[]} */
const STATES = ["free", "assigned", "active", "retired"];
/** @type {Readonly<Record<TokenState, string>>} */
const TONES = Object.freeze({ free: "plain", assigned: "warn", active: "ok", retired: "plain" });

/** @typedef {{ search: string, state: TokenState | "" }} Query */

/** @param {Query} query @param {string} [after] @returns {ListTokens} */
const request = ({ search, state }, after) => ({ search, ...(state === "" ? {} : { state }), ...(after === undefined ? {} : { after }) });

export const tokens = panel({
  async load(app) {
    const now = app.state().screen;
    /** @type {Query} */
    const query = now.name === "tokens" && now.data ? now.data.query : { search: "", state: "" };
    return { query, page: await listTokens(request(query)), announced: "" };
  },
  on: (app, panel) => ({
    /** An answer that a later question has overtaken is dropped. @param {Partial<Query>} change */
    async ask(change) {
      const query = { ...panel.read().data.query, ...change };
      panel.patch({ query });
      const page = await listTokens(request(query)).catch(() => void app.refresh());
      if (page && panel.read().name === "tokens" && panel.read().data.query === query) panel.patch({ page, announced: app.state().words.n("tokens.count", page.total) });
    },
    /** @param {Event} event */
    search(event) {
      if (event.target instanceof HTMLInputElement) void this.ask({ search: event.target.value });
    },
    /** @param {Event} event */
    narrow(event) {
      if (event.target instanceof HTMLSelectElement) void this.ask({ state: /** @type {TokenState | ""} */ (event.target.value) });
    },
    async more() {
      const { query, page } = panel.read().data;
      if (page.next === null) return;
      const next = await listTokens(request(query, page.next)).catch(() => void app.refresh());
      if (next && panel.read().data.page === page) panel.patch({ page: { ...next, rows: [...page.rows, ...next.rows] } });
    },
    /** @param {TokenView} token @param {HTMLElement} anchor */
    menu(token, anchor) {
      const { words } = app.state();
      const { t } = words;
      const inUse = token.state === "active" ? words.refusal({ code: "token-in-use" }) : null;
      /** @type {import("../parts/menu.js").Item[]} */
      const items = [];
      if (token.state === "free") items.push({ label: t("tokens.assign"), act: () => app.ask("token-assign", { token }) });
      if (token.state === "assigned" || token.state === "active") items.push({ label: t("tokens.unassign"), refused: inUse, act: () => app.ask("token-act", { token, action: "unassign" }) });
      if (token.holder) items.push({ label: t("tokens.seeHolder", { name: token.holder.name }), act: () => app.go("users", token.holder?.id) });
      if (token.state !== "retired") items.push({ label: t("tokens.retire"), danger: true, refused: inUse, act: () => app.ask("token-act", { token, action: "retire" }) });
      items.push({ label: t("tokens.undo"), danger: true, apart: true, act: () => app.ask("token-act", { token, action: "undo" }) });
      openMenu(anchor, t("users.actions", { name: tokenName(words, token) }), items);
    },
  }),
  view({ words }, { data, refusal }, on) {
    const { t, n } = words;
    const { query, page, announced } = data;
    const narrowed = query.search.trim() !== "" || query.state !== "";
    return [
      h("p", { class: "crumbs" }, t("tokens.crumbs")),
      heading(t("tokens.title"), h("a", { key: "tokens.import", class: "button primary", href: "#/import-seeds" }, icon("folder"), t("tokens.import"))),
      h("p", { class: "lead" }, t("tokens.lead")),
      refusal && h("div", { role: "alert" }, note("danger", h("p", null, words.refusal(refusal)))),
      h("div", { class: "tools list-tools", role: "search" },
        h("input", { key: "tokens.search", class: "search", type: "search", "aria-label": t("tokens.search"), placeholder: t("tokens.search"), value: query.search, autocomplete: "off", spellcheck: "false", dir: "auto", oninput: (/** @type {Event} */ event) => on.search(event) }),
        h("select", { key: "tokens.state", class: "filter-select", "data-set": true, "aria-label": t("tokens.state"), onchange: (/** @type {Event} */ event) => on.narrow(event) },
          h("option", { value: "", selected: query.state === "" }, t("tokens.everyState")),
          STATES.map((state) => h("option", { value: state, selected: query.state === state }, t(`tokens.state.${state}`)))),
        h("p", { class: "sr-only", role: "status" }, announced)),
      page.rows.length === 0
        ? h("p", { class: "empty" }, t(narrowed ? "tokens.noneSo" : "tokens.none"))
        : [h("p", { class: "sub" }, n("tokens.count", page.total)), table(words, page.rows, `${query.search} ${query.state}`, on.menu),
          page.next !== null && h("div", { class: "buttons" }, h("button", { key: "tokens.more", type: "button", onclick: () => void on.more() }, t("tokens.more")))],
    ];
  },
});

/**
 * @param {Words} words
 * @param {TokenView[]} tokens
 * @param {string} asked
 * @param {(token: TokenView, anchor: HTMLElement) => void} menu
 */
function table(words, tokens, asked, menu) {
  const { t } = words;
  return h("data-table", { key: "tokens.table", "data-stays": true, class: "table-tokens", options: {
    key: "token", label: t("tokens.title"), total: tokens.length, asked,
    rows: tokens.map((token) => row(words, token, menu)),
    activate: (/** @type {string} */ id, /** @type {HTMLElement} */ element) => {
      const token = tokens.find((one) => one.id === id);
      const anchor = element.querySelector("button");
      if (token && anchor) menu(token, anchor);
    },
    columns: [
      { name: t("tokens.serial"), class: "wide" },
      { name: t("tokens.kind"), class: "kind-cell" },
      { name: t("tokens.state"), class: "state-cell" },
      { name: t("tokens.holder"), class: "wide" },
      { name: t("users.menu"), class: "menu-cell", hidden: true },
    ],
  } });
}

/**
 * @param {Words} words
 * @param {TokenView} token
 * @param {(token: TokenView, anchor: HTMLElement) => void} menu
 */
function row(words, token, menu) {
  const { t } = words;
  const label = t("users.actions", { name: tokenName(words, token) });
  const last = token.state === "free" || token.state === "retired";
  return {
    id: token.id,
    label: [tokenName(words, token), t(`tokens.state.${token.state}`), token.holder?.name].filter(Boolean).join(", "),
    cells: [
      [h("bdi", { class: "clip strong", title: token.serial ?? "" }, token.serial ?? t("tokens.noSerial")), token.maker && h("span", { class: "clip sub", dir: "auto", title: token.maker }, token.maker)],
      tokenKind(words, token),
      h("span", { class: `chip ${TONES[token.state]}` }, t(`tokens.state.${token.state}`)),
      token.holder ? [h("span", { class: "clip" }, last ? words.rich("tokens.last", { name: personName(token.holder) }) : personName(token.holder)), h("span", { class: "clip sub" }, t("tokens.since", { at: words.date(token.since) }))] : "–",
      h("button", { key: `token.menu.${token.id}`, type: "button", class: "icon-button", tabindex: -1, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label, title: label,
        onclick: (/** @type {Event} */ event) => event.currentTarget instanceof HTMLElement && menu(token, event.currentTarget) }, icon("more")),
    ],
  };
}
