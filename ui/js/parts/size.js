// The size of a file, for people.

/** @import { Words } from "../../../tests/ui/types/page.js" */

/**
 * In megabytes, to one place below ten.
 * @param {Words} words
 * @param {number} bytes
 */
export function size(words, bytes) {
  const mega = bytes / 1_000_000;
  const shown = mega < 10 ? Math.max(0.1, Math.round(mega * 10) / 10) : Math.round(mega);
  return words.t("size.mb", { number: words.number(shown) });
}
