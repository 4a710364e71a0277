// What kind of code is being typed, by its form alone. Rust decides; this only says what it looks like.

/**
 * @param {string} text
 * @returns {{ kind: "none" | "authenticator" | "backup" | "long", typed: number, of: number }}
 */
export function codeForm(text) {
  const symbols = text.replace(/[\s\-–—]/g, "");
  const typed = [...symbols].length;
  if (typed === 0) return { kind: "none", typed, of: 0 };
  if (typed <= 6 && /^\d+$/.test(symbols)) return { kind: "authenticator", typed, of: 6 };
  if (typed === 8 && /^\d+$/.test(symbols)) return { kind: "authenticator", typed, of: 8 };
  return typed <= 15 ? { kind: "backup", typed, of: 15 } : { kind: "long", typed, of: 25 };
}

/**
 * The groups of a code, to be spelled one after the other.
 * @param {string} code
 */
export const groups = (code) => code.split(/[\s-]+/).filter((group) => group !== "");
