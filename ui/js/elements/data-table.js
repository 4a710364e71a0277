// <data-table>: the one table. A grid by keyboard: arrows walk the rows, Right and Left go to a row's button and back,
// Enter or a click on the row opens it. The rows it holds are a window onto `total`.

/** @import { Child } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";

/**
 * @typedef {{ id: string, label: string, cells: Child[] }} Row
 * @typedef {{ key: string, label: string, columns: { name: string, class: string, hidden?: boolean }[], rows: Row[], total: number, selected?: string | null, activate: (id: string, row: HTMLElement) => void, moved?: (id: string) => void }} TableOptions
 */

export class DataTable extends HTMLElement {
  /** @type {TableOptions | null} */
  options = null;

  connectedCallback() {
    if (!this.options) return;
    const { key, label, columns, rows, total, selected = null } = this.options;
    const head = columns.map(({ name, class: kind, hidden }) =>
      h("th", { scope: "col", role: "columnheader", class: kind }, hidden ? h("span", { class: "sr-only" }, name) : name));
    const body = rows.map((row, index) =>
      h("tr", { key: `${key}.${row.id}`, "data-id": row.id, role: "row", "aria-label": row.label, "aria-rowindex": index + 2, "aria-selected": selected === null ? null : String(row.id === selected), tabindex: index === 0 ? 0 : -1 },
        row.cells.map((cell, column) => h("td", { role: "gridcell", class: columns[column]?.class }, cell))));
    const grid = h("table", { role: "grid", "aria-label": label, "aria-rowcount": total + 1, "aria-colcount": columns.length },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row", "aria-rowindex": 1 }, head)),
      h("tbody", { role: "rowgroup" }, body));
    grid.addEventListener("keydown", (event) => this.walk(event));
    grid.addEventListener("click", (event) => this.pick(event));
    grid.addEventListener("focusin", (event) => this.rove(event));
    this.replaceChildren(grid);
  }

  /** The row in focus is the one that Tab comes back to. @param {FocusEvent} event */
  rove(event) {
    const row = event.target instanceof Element ? event.target.closest("tbody tr") : null;
    if (!row) return;
    for (const other of this.querySelectorAll("tbody tr[tabindex='0']")) other.setAttribute("tabindex", "-1");
    row.setAttribute("tabindex", "0");
  }

  /** A click that no button of the row took. @param {MouseEvent} event */
  pick(event) {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest("tbody tr");
    if (!(row instanceof HTMLElement) || target?.closest("button, a")) return;
    row.focus();
    this.options?.activate(row.dataset["id"] ?? "", row);
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const target = event.target instanceof HTMLElement ? event.target : null;
    const row = target?.closest("tbody tr");
    if (!(row instanceof HTMLElement) || event.ctrlKey || event.altKey || event.metaKey) return;
    const rows = [...this.querySelectorAll("tbody tr")];
    const at = rows.indexOf(row);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + 10, PageUp: at - 10 };
    const to = Reflect.get(steps, event.key);
    if (typeof to === "number") {
      event.preventDefault();
      const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
      if (next instanceof HTMLElement) {
        next.focus();
        this.options?.moved?.(next.dataset["id"] ?? "");
      }
    } else if (event.key === "ArrowRight") {
      row.querySelector("button")?.focus();
    } else if (event.key === "ArrowLeft") {
      row.focus();
    } else if (event.key === "Enter" && target === row) {
      event.preventDefault();
      this.options?.activate(row.dataset["id"] ?? "", row);
    }
  }
}

customElements.define("data-table", DataTable);
