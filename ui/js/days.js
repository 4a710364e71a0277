// Days as a date field spells them, where the reader is.

/**
 * The moment at which such a day begins, in seconds; or a later one, so many days on.
 * @param {string | undefined} text
 * @param {number} [later]
 */
export function dayBegins(text, later = 0) {
  const [year, month, date] = (text ?? "").split("-").map(Number);
  return year && month && date ? Math.floor(new Date(year, month - 1, date + later).getTime() / 1000) : undefined;
}
