// The person at the keyboard proves to be the account's own: the password, and a code where one is asked for.

/** @import { Child, PanelState, State } from "../../../tests/ui/types/page.js" */
/** @import { Proof, RefusalCode } from "../../../tests/ui/types/wire.js" */

import { CODE_REFUSALS, codeField } from "./code.js";
import { drillKeys } from "./drill.js";
import { field } from "./form.js";

/** @type {RefusalCode[]} */
export const PROOF_REFUSALS = ["wrong-password", ...CODE_REFUSALS];

/**
 * Whether the code field stands: asked for from the start, or since Rust said so.
 * @param {State} state
 * @param {PanelState<{ code?: boolean }>} panel
 */
export const asksCode = (state, panel) => (state.account?.asksCode ?? false) || (panel.data.code ?? false);

/**
 * @param {State} state
 * @param {PanelState<{ code?: boolean }>} panel
 * @param {{ first?: boolean, codeHint?: string }} [options]
 * @returns {Child[]}
 */
export function proofFields(state, panel, { first = true, codeHint = state.words.t("proof.codeHint") } = {}) {
  const { words, situation } = state;
  return [
    situation.open?.drill && drillKeys(words, situation.open.drill),
    field(words, panel, { name: "password", type: "password", label: words.t("proof.password"), first, autocomplete: "current-password", claims: ["wrong-password"] }),
    asksCode(state, panel) && codeField(words, panel, { label: words.t("code.label"), accepts: "any", hint: codeHint }),
  ];
}

/**
 * @param {Record<string, string>} values
 * @returns {Proof}
 */
export const readProof = ({ password = "", code }) => (code === undefined ? { password } : { password, code });

/**
 * After a refusal: reveals the code field when that is what was missing.
 * @param {import("../../../tests/ui/types/page.js").PanelHandle<{ code?: boolean }>} panel
 */
export function revealCode(panel) {
  if (panel.read().refusal?.code === "factor-needed") panel.patch({ code: true });
}

/**
 * After a refusal of something that asks for more than the proof: asks for a code where one was missing, and no more for
 * one that has vouched already.
 * @param {import("../../../tests/ui/types/page.js").App} app
 * @param {import("../../../tests/ui/types/page.js").PanelHandle<any>} panel
 */
export async function proveAgain(app, panel) {
  const refused = panel.read().refusal?.code;
  if (refused === undefined || PROOF_REFUSALS.includes(refused)) return revealCode(panel);
  await app.reload();
  panel.patch({ code: false });
}
