// A long list, of which a few pages are at hand and the others are asked for by their place.

/** Rows of a page. */
export const PAGE = 100;
/** Pages at hand at most. */
const KEPT = 8;

/**
 * @template T
 * @typedef {{ rows: T[], from: number, total: number }} Page
 */

/** @template T */
export class Pages {
  /** @type {Map<number, T[]>} By number, the page asked for last at the end. */
  #pages = new Map();
  /** @type {Set<number>} Pages at hand that are to be asked for again. */
  #stale = new Set();
  /** @type {Set<number>} Pages that could not be had. */
  #failed = new Set();
  /** @type {Promise<void> | null} */
  #asking = null;
  #wanted = { first: 0, last: 0 };
  #changed = () => {};

  /**
   * @param {(from: number) => Promise<Page<T> | null>} read a page by its place; `null` where it cannot be had
   * @param {Page<T>} first
   */
  constructor(read, first) {
    this.read = read;
    this.total = first.total;
    this.#keep(Math.floor(first.from / PAGE), first.rows);
  }

  /** Who is told when a row has come. @param {() => void} changed */
  watch(changed) {
    this.#changed = changed;
  }

  /** The row at a place; `null` while it is not at hand. @param {number} at */
  at(at) {
    return this.#pages.get(Math.floor(at / PAGE))?.[at % PAGE] ?? null;
  }

  /** The place of the first row at hand that fits; -1 where none does. @param {(row: T) => boolean} fits */
  find(fits) {
    for (const [number, rows] of this.#pages) {
      const at = rows.findIndex(fits);
      if (at >= 0) return number * PAGE + at;
    }
    return -1;
  }

  /**
   * Asks for what is not at hand of these places, and ends when it has come. What was wanted before and has not been
   * asked for is not any more.
   * @param {number} first
   * @param {number} last
   */
  async want(first, last) {
    this.#wanted = { first, last };
    this.#asking ??= this.#next() === null ? null : this.#ask();
    await this.#asking;
  }

  /** The first place that was wanted last. */
  get place() {
    return this.#wanted.first;
  }

  async #ask() {
    for (let number = this.#next(); number !== null; number = this.#next()) {
      const page = await this.read(number * PAGE);
      if (page) this.#take(number, page);
      else this.#failed.add(number);
    }
    this.#asking = null;
  }

  /** The next page to ask for. */
  #next() {
    const last = Math.min(this.#wanted.last, this.total - 1);
    for (let number = Math.floor(this.#wanted.first / PAGE); number * PAGE <= last; number += 1) {
      if ((!this.#pages.has(number) || this.#stale.has(number)) && !this.#failed.has(number)) return number;
    }
    return null;
  }

  /** @param {number} number @param {Page<T>} page */
  #take(number, { rows, total }) {
    // The list has changed under the window: what else is at hand may have moved.
    if (total !== this.total) for (const other of this.#pages.keys()) this.#stale.add(other);
    this.total = total;
    this.#keep(number, rows);
    this.#changed();
  }

  /** @param {number} number @param {T[]} rows */
  #keep(number, rows) {
    this.#stale.delete(number);
    this.#pages.delete(number);
    this.#pages.set(number, rows);
    const near = (/** @type {number} */ page) => page * PAGE <= this.#wanted.last && (page + 1) * PAGE > this.#wanted.first;
    for (const other of this.#pages.keys()) if (this.#pages.size > KEPT && other !== number && !near(other)) this.#pages.delete(other);
  }
}
