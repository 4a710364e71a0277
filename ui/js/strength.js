// How strong a password looks. A hint for people; the rules are Rust's.

const COMMON = /password|passwort|motdepasse|azerty|qwerty|qwertz|letmein|welcome|bienvenue|iloveyou|soleil|doudou|admin|sallyport|abc123|\d{6,}$/i;

/**
 * 0 too short, 1 weak, 2 fair, 3 good, 4 strong.
 * @param {string} text
 * @param {number} least
 */
export function strength(text, least) {
  const symbols = [...text.normalize("NFC")];
  if (symbols.length < least) return 0;
  const fresh = symbols.filter((symbol, index) => !continues(symbols[index - 1], symbol)).length;
  const distinct = new Set(symbols).size;
  const bits = Math.min(fresh, distinct * 2) * Math.log2(pool(text));
  if (COMMON.test(text) && bits < 90) return 1;
  if (bits < 45) return 1;
  if (bits < 60) return 2;
  return bits < 80 ? 3 : 4;
}

/**
 * A run such as `aaaa` or `1234` adds little.
 * @param {string | undefined} before
 * @param {string} symbol
 */
function continues(before, symbol) {
  if (before === undefined) return false;
  const step = (symbol.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0);
  return Math.abs(step) <= 1;
}

/** @param {string} text */
function pool(text) {
  const kinds = [[/\p{Ll}/u, 26], [/\p{Lu}/u, 26], [/\p{Nd}/u, 10], [/[^\p{L}\p{Nd}]/u, 20], [/[^\x00-\x7f]/, 60]];
  const size = kinds.reduce((sum, [pattern, count]) => (/** @type {RegExp} */ (pattern).test(text) ? sum + Number(count) : sum), 0);
  return Math.max(size, 2);
}
