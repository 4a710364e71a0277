// A code field inside a form, and which refusals are about it.

/** @import { PanelState, Words } from "../../../tests/ui/types/page.js" */
/** @import { RefusalCode } from "../../../tests/ui/types/wire.js" */

import { h } from "../dom.js";
import { fieldKey } from "./form.js";

/** @type {RefusalCode[]} */
export const CODE_REFUSALS = [
  "code-empty", "code-length", "code-digits", "code-mistyped", "code-kind", "code-wrong", "code-used", "code-void", "clock-drift",
  "enrolment-code-wrong", "recovery-expired", "invitation-expired", "password-code-wrong", "password-code-expired", "factor-needed",
];

/**
 * @param {Words} words
 * @param {PanelState} panel
 * @param {{ label: string, accepts: "any" | "digits" | "invitation" | "kit" | "moving" | "pairing" | "password" | "report", name?: string, claims?: RefusalCode[], first?: boolean, hint?: string, says?: (refusal: import("../../../tests/ui/types/wire.js").Refusal) => string | null }} options `says`: other words for a refusal
 */
export function codeField(words, panel, { label, accepts, name = "code", claims = CODE_REFUSALS, first = false, hint, says }) {
  const error = panel.refusal && claims.includes(panel.refusal.code) ? (says?.(panel.refusal) ?? words.refusal(panel.refusal)) : null;
  return h("code-field", { class: "field", options: { words, key: fieldKey(panel, name), name, label, accepts, error, first, hint } });
}
