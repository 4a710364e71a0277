// The one place in the page that talks to Rust.

/** @import { Refusal, RefusalCode } from "../../tests/ui/types/wire.js" */

/** What a rejected call throws: the refusal, as Rust said it. */
export class Refused extends Error {
  /** @param {Refusal} refusal */
  constructor(refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/**
 * Anything that is not a refusal is a fault, and its text is not for the window.
 * @param {unknown} reason
 * @returns {Refusal}
 */
export function toRefusal(reason) {
  if (reason instanceof Refused) return reason.refusal;
  if (typeof reason === "object" && reason !== null && "code" in reason && typeof reason.code === "string") {
    const at = "at" in reason && typeof reason.at === "number" ? { at: reason.at } : {};
    const number = "number" in reason && typeof reason.number === "number" ? { number: reason.number } : {};
    return { code: /** @type {RefusalCode} */ (reason.code), ...at, ...number };
  }
  return { code: "unexpected" };
}

/** What is not kept for reading without the server is not shown there. @param {unknown} reason */
export function withoutServer(reason) {
  if (needsServer(toRefusal(reason))) return null;
  throw reason;
}

/** Whether all that is amiss is that the server is not asked now. @param {Refusal} refusal */
export const needsServer = ({ code }) => code === "offline" || code === "reading-alone";

/**
 * @param {string} name
 * @param {object} request
 * @returns {Promise<any>}
 */
export async function call(name, request) {
  try {
    return await window.__TAURI__.core.invoke(name, { request });
  } catch (reason) {
    throw new Refused(toRefusal(reason));
  }
}

/**
 * @param {"situation-changed" | "link-moved" | "mail-moved" | "sheet-close-requested"} event
 * @param {() => void} handler
 */
export function listen(event, handler) {
  return window.__TAURI__.event.listen(event, () => handler());
}
