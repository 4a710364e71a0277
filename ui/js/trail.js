// A list whose end is not known: it is followed page by page, as far as somebody goes.

/**
 * @template T
 * @typedef {{ rows: T[], next: string | null }} Stretch
 */

/** @template T */
export class Trail {
  /** @type {T[]} */
  #rows;
  /** @type {string | null} */
  #next;
  /** @type {Promise<void> | null} */
  #asking = null;
  #changed = () => {};

  /**
   * @param {(after: string) => Promise<Stretch<T> | null>} read what comes after; `null` where it cannot be had
   * @param {Stretch<T>} first
   */
  constructor(read, first) {
    this.read = read;
    this.#rows = first.rows;
    this.#next = first.next;
  }

  /** Who is told when rows have come. @param {() => void} changed */
  watch(changed) {
    this.#changed = changed;
  }

  /** Rows at hand, and one more where others follow. */
  get total() {
    return this.#rows.length + (this.#next === null ? 0 : 1);
  }

  /** How many rows are at hand. */
  get length() {
    return this.#rows.length;
  }

  /** @param {number} at */
  at(at) {
    return this.#rows[at] ?? null;
  }

  /** @param {(row: T) => boolean} fits */
  find(fits) {
    return this.#rows.find(fits) ?? null;
  }

  /**
   * Follows the list until the last of these places is at hand, or it ends.
   * @param {number} _first
   * @param {number} last
   */
  async want(_first, last) {
    if (last < this.#rows.length || this.#next === null) return;
    this.#asking ??= this.#follow(last).finally(() => (this.#asking = null));
    await this.#asking;
  }

  /** @param {number} last */
  async #follow(last) {
    while (this.#next !== null && this.#rows.length <= last) {
      const page = await this.read(this.#next);
      if (page === null) {
        this.#next = null;
        break;
      }
      this.#rows = [...this.#rows, ...page.rows];
      this.#next = page.next;
    }
    this.#changed();
  }
}
