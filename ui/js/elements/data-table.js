// <data-table>: the one table. Of a long list it holds a window of rows, drawn as it is scrolled; the others are asked for
// by their place. A grid by keyboard: arrows, Page Up and Down, Home and End walk the rows, Right and Left go to a row's
// button and back, Enter or a click opens the row, the menu key and Shift+F10 its menu.

/** @import { Child } from "../../../tests/ui/types/page.js" */

import { focusKey, h } from "../dom.js";
import { icon } from "../parts/icon.js";
import { laidOut, offsetAt, topToShow, windowAt } from "../scroll-scale.js";

/** Rows in the page at most. */
const MOST = 56;
/** Rows drawn beyond what is seen, at either end: the hand may be quicker than the page. */
const MARGIN = 10;
/** What a row is taken to be until one has been measured, in pixels. */
const GUESS = 54;

/** @typedef {{ id: string, label: string, cells: Child[] }} Row */
/** @typedef {{ name: string, class: string, hidden?: boolean, order?: string, newest?: boolean }} Column `newest`: ordered from the last on at first */
/** @typedef {{ by: string, descending: boolean, ask: (by: string, descending: boolean) => void }} Order */
/** @typedef {{ total: number, at: (at: number) => unknown, want: (first: number, last: number) => unknown, watch: (changed: () => void) => void }} List `at` is null for a row that is not at hand */
/**
 * @typedef {object} TableOptions
 * @property {string} key
 * @property {string} label
 * @property {Column[]} columns
 * @property {number} total
 * @property {Row[]} [rows] every row, or
 * @property {List} [list] a long list, with
 * @property {(of: any) => Row} [row] what a row of it says, and
 * @property {string} [asked] what the list is the answer to: while that is the same, the table stays where it stands
 * @property {string | null} [selected]
 * @property {Order} [order]
 * @property {(id: string, row: HTMLElement) => void} activate
 * @property {(id: string) => void} [moved]
 */

export class DataTable extends HTMLElement {
  /** @type {TableOptions | null} */
  options = null;
  /** Where the scrollbar stands: kept while the table is out of the page or out of sight. */
  #top = 0;
  /** The place of the row that the keyboard is at. */
  #at = 0;
  #row = GUESS;
  #head = 0;
  /** The rows in the page, by place. @type {Map<number, { of: unknown, id: string | null, element: HTMLElement }>} */
  #drawn = new Map();
  /** @type {{ grid: HTMLElement, heads: HTMLElement, body: HTMLElement, above: HTMLElement, below: HTMLElement } | null} */
  #parts = null;
  #sizes = new ResizeObserver(() => this.#resized());

  connectedCallback() {
    if (!this.options) return;
    this.#parts ??= this.#build();
    this.#fill();
    this.#stand();
    this.#sizes.observe(this);
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
  }

  /** Its screen was drawn anew: this table stays in the place of the next, and where it stands. @param {DataTable} next */
  take(next) {
    if (this.options?.asked !== next.options?.asked) this.#top = this.#at = 0;
    this.options = next.options;
    this.className = next.className;
  }

  /** The row that the keyboard is at. @param {FocusOptions} [how] @override */
  focus(how) {
    const row = this.#drawn.get(this.#at)?.element;
    if (row) row.focus(how);
    else super.focus(how);
  }

  get #list() {
    const rows = this.options?.rows ?? [];
    return this.options?.list ?? { total: rows.length, at: (/** @type {number} */ at) => rows[at] ?? null, want: () => {}, watch: () => {} };
  }

  get #lie() {
    return { rows: this.#list.total, row: this.#row, view: Math.max(this.#row, this.clientHeight - this.#head) };
  }

  #build() {
    const pad = () => h("tr", { role: "presentation" }, h("td", { role: "presentation", class: "pad" }));
    const [above, below] = [pad(), pad()];
    const heads = h("tr", { role: "row", "aria-rowindex": 1 });
    const body = h("tbody", { role: "rowgroup" });
    const grid = h("table", { role: "grid" },
      h("thead", { role: "rowgroup" }, heads),
      h("tbody", { role: "presentation", "aria-hidden": "true" }, above), body, h("tbody", { role: "presentation", "aria-hidden": "true" }, below));
    this.tabIndex = -1;
    this.addEventListener("keydown", (event) => this.#walk(event));
    this.addEventListener("scroll", () => this.#scrolled());
    grid.addEventListener("click", (event) => this.#pick(event));
    grid.addEventListener("contextmenu", (event) => this.#menu(event));
    grid.addEventListener("focusin", (event) => this.#rove(event));
    this.replaceChildren(grid);
    return { grid, heads, body, above, below };
  }

  /** What the options say of the whole table. */
  #fill() {
    const { options } = this;
    const parts = this.#parts;
    if (!options || !parts) return;
    const { label, columns, order } = options;
    this.classList.toggle("long", this.#list.total > MOST || options.list !== undefined);
    parts.grid.setAttribute("aria-label", label);
    parts.grid.setAttribute("aria-colcount", String(columns.length));
    parts.heads.replaceChildren(...columns.map((column) => this.#headCell(column, order)));
    this.#list.watch(() => this.isConnected && this.#paint());
  }

  /** @param {Column} column @param {Order} [order] */
  #headCell({ name, class: kind, hidden, order: by, newest = false }, order) {
    if (!by || !order) return h("th", { scope: "col", role: "columnheader", class: kind }, hidden ? h("span", { class: "sr-only" }, name) : name);
    const ordered = by === order.by;
    return h("th", { scope: "col", role: "columnheader", class: kind, "aria-sort": ordered ? (order.descending ? "descending" : "ascending") : "none" },
      h("button", { key: `${this.options?.key}.order.${by}`, type: "button", class: "order", onclick: () => order.ask(by, ordered ? !order.descending : newest) },
        h("span", { class: "clip" }, name), ordered && icon(order.descending ? "down" : "up")));
  }

  /** Draws the rows of the window that are not there yet, and takes out the others. */
  #paint() {
    const parts = this.#parts;
    if (!parts || !this.options) return;
    const list = this.#list;
    const lie = this.#lie;
    this.#top = Math.max(0, Math.min(this.#top, laidOut(lie) - lie.view));
    this.#at = Math.max(0, Math.min(this.#at, list.total - 1));
    const { first, count, above, below } = windowAt(lie, this.#top, Math.min(MOST, Math.ceil(lie.view / lie.row) + 2 * MARGIN));
    for (const [at, { element }] of this.#drawn) {
      if (at >= first && at < first + count) continue;
      // The keys go on from the row that was scrolled away.
      if (element.contains(document.activeElement)) super.focus({ preventScroll: true });
      element.remove();
      this.#drawn.delete(at);
    }
    let last = /** @type {HTMLElement | null} */ (null);
    for (let at = first; at < first + count; at += 1) {
      const { element } = this.#rowAt(at, list.at(at));
      if (element.parentElement !== parts.body || element.previousElementSibling !== last) last ? last.after(element) : parts.body.prepend(element);
      last = element;
    }
    const home = this.#drawn.has(this.#at) ? this.#at : Math.ceil(offsetAt(lie, this.#top) / lie.row);
    for (const [at, { id, element }] of this.#drawn) {
      element.tabIndex = at === home ? 0 : -1;
      if (this.options.selected) element.setAttribute("aria-selected", String(id === this.options.selected));
      else element.removeAttribute("aria-selected");
    }
    parts.above.style.setProperty("height", `${above}px`);
    parts.below.style.setProperty("height", `${below}px`);
    parts.above.hidden = above === 0;
    parts.below.hidden = below === 0;
    parts.grid.setAttribute("aria-rowcount", String(Math.max(this.options.total, list.total) + 1));
    if (document.activeElement === this) this.#drawn.get(this.#at)?.element.focus({ preventScroll: true });
    list.want(first, first + count - 1);
  }

  /** The row at a place, drawn if the list has another there than the page. @param {number} at @param {unknown} of */
  #rowAt(at, of) {
    const before = this.#drawn.get(at);
    if (before && before.of === of) return before;
    const row = of === null ? null : this.options?.row ? this.options.row(of) : /** @type {Row} */ (of);
    const { key, columns = [] } = this.options ?? {};
    const element = h("tr", { ...(row ? { key: `${key}.${row.id}` } : {}), "data-id": row?.id ?? null, role: "row", tabindex: -1, "aria-label": row?.label ?? null, "aria-rowindex": at + 2, "aria-busy": row ? null : "true" },
      columns.map((column, number) => h("td", { role: "gridcell", class: column.class }, row ? row.cells[number] : number === 0 && h("span", { class: "coming" }))));
    const drawn = { of, id: row?.id ?? null, element };
    this.#drawn.set(at, drawn);
    if (before) {
      const focused = before.element.contains(document.activeElement) ? document.activeElement?.closest("[data-key]")?.getAttribute("data-key") : null;
      before.element.replaceWith(element);
      if (focused !== null && !(focused && focusKey(element, focused))) element.focus({ preventScroll: true });
    }
    return drawn;
  }

  /** Draws, measures what was drawn, and goes to where it stands. */
  #stand() {
    this.#paint();
    const head = this.#parts?.heads.getBoundingClientRect().height ?? 0;
    const row = [...this.#drawn.values()].find(({ id }) => id !== null)?.element.getBoundingClientRect().height || this.#row;
    if (this.clientHeight > 0 && (head !== this.#head || Math.abs(row - this.#row) > 0.01)) {
      // The same row stays at the top.
      this.#top *= row / this.#row;
      this.#head = head;
      this.#row = row;
    }
    this.#paint();
    if (Math.abs(this.scrollTop - this.#top) > 1) this.scrollTop = this.#top;
  }

  #resized() {
    if (this.clientHeight > 0) this.#stand();
  }

  #scrolled() {
    if (this.clientHeight === 0 || this.scrollTop === this.#top) return;
    this.#top = this.scrollTop;
    this.#paint();
  }

  /** @param {number} at */
  #go(at) {
    this.#at = Math.max(0, Math.min(at, this.#list.total - 1));
    const top = topToShow(this.#lie, this.#top, this.#at);
    const moves = top !== this.#top;
    this.#top = top;
    this.#paint();
    if (moves) this.scrollTop = top;
    const drawn = this.#drawn.get(this.#at);
    drawn?.element.focus({ preventScroll: true });
    if (drawn?.id) this.options?.moved?.(drawn.id);
  }

  /** The row in focus is the one that Tab comes back to. @param {FocusEvent} event */
  #rove(event) {
    const row = rowOf(event);
    if (!row) return;
    this.#at = placeOf(row);
    for (const other of this.querySelectorAll("tbody tr[tabindex='0']")) other.setAttribute("tabindex", "-1");
    row.tabIndex = 0;
  }

  /** A click that no button of the row took. @param {MouseEvent} event */
  #pick(event) {
    const row = rowOf(event);
    if (!row || (event.target instanceof Element && event.target.closest("button, a"))) return;
    row.focus({ preventScroll: true });
    if (row.dataset["id"]) this.options?.activate(row.dataset["id"], row);
  }

  /** The row's own menu, where it has one. @param {Event} event */
  #menu(event) {
    const button = (rowOf(event) ?? this.#drawn.get(this.#at)?.element)?.querySelector("[aria-haspopup='menu']");
    if (!(button instanceof HTMLElement)) return;
    event.preventDefault();
    button.click();
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const { key, shiftKey, ctrlKey } = event;
    const row = rowOf(event);
    if ((!row && event.target !== this) || event.altKey || event.metaKey) return;
    if (key === "ContextMenu" || (key === "F10" && shiftKey && !ctrlKey)) return this.#menu(event);
    if (shiftKey || (ctrlKey && key !== "Home" && key !== "End")) return;
    const at = row ? placeOf(row) : this.#at;
    const page = Math.max(1, Math.floor(this.#lie.view / this.#row) - 1);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.#list.total - 1, PageDown: at + page, PageUp: at - page };
    const to = Reflect.get(steps, key);
    if (typeof to === "number") this.#go(to);
    else if (key === "ArrowRight") row?.querySelector("button")?.focus();
    else if (key === "ArrowLeft") row?.focus();
    else if (key === "Enter" && row === event.target && row?.dataset["id"]) this.options?.activate(row.dataset["id"], row);
    else return;
    event.preventDefault();
  }
}

/** @param {Event} event */
function rowOf({ target }) {
  const row = target instanceof Element ? target.closest("tbody tr[data-id], tbody tr[aria-busy]") : null;
  return row instanceof HTMLElement ? row : null;
}

/** @param {Element} row */
const placeOf = (row) => Number(row.getAttribute("aria-rowindex")) - 2;

customElements.define("data-table", DataTable);
