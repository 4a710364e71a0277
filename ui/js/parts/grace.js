// The days of grace that somebody has left to set up two-factor authentication.

/** @import { Words } from "../../../tests/ui/types/page.js" */

const DAY = 86_400;

/**
 * @param {Words} words
 * @param {number} until
 */
export const graceText = ({ n, dateTime }, until) => n("banner.grace", Math.max(1, Math.ceil((until - Date.now() / 1000) / DAY)), { at: dateTime(until) });
