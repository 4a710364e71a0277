// Gives a screen or a dialog its type; nothing else.

/** @import { Panel } from "../../tests/ui/types/page.js" */

/**
 * @template D, H
 * @param {Panel<D, H>} panel
 * @returns {Panel<D, H>}
 */
export const panel = (panel) => panel;
