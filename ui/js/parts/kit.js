// The recovery kit: its code in a form, what becomes of it when the vault's key changes, and what is wrong with it.

/** @import { Child, Key, PanelState, Words } from "../../../tests/ui/types/page.js" */
/** @import { KitTrouble, RefusalCode } from "../../../tests/ui/types/wire.js" */

import { h } from "../dom.js";
import { codeField } from "./code.js";
import { choice } from "./form.js";

/** @type {RefusalCode[]} */
export const KIT_REFUSALS = ["kit-mistyped", "vault-kit-wrong", "wrong-kit", "kit-missing", "case-kit-wrong"];

/** @type {Readonly<Record<KitTrouble, Key>>} */
export const KIT_TROUBLES = Object.freeze({ missing: "kit.trouble.missing", "not-kept": "kit.trouble.notKept", used: "kit.trouble.used", unfinished: "kit.trouble.unfinished" });

/**
 * @param {Words} words
 * @param {PanelState} panel
 * @param {{ name?: string, first?: boolean }} [options]
 */
export const kitField = (words, panel, { name = "kit", first = false } = {}) =>
  codeField(words, panel, { name, label: words.t("kit.code"), accepts: "kit", first, claims: KIT_REFUSALS });

/**
 * Whether the kit stays, and is typed for that, or a new one is made.
 * @param {Words} words
 * @param {PanelState<{ hasKit: boolean, keeps: boolean }>} panel
 * @param {{ kitAfter: (event: Event) => void }} on
 * @returns {Child[]}
 */
export function kitAfterFields(words, panel, on) {
  const { t } = words;
  const { hasKit, keeps } = panel.data;
  if (!hasKit) return [h("p", { class: "hint" }, t("kitAfter.none"))];
  return [
    choice(panel, {
      name: "kitAfter",
      label: t("kitAfter.label"),
      value: keeps ? "same" : "new",
      hint: t(keeps ? "kitAfter.sameHint" : "kitAfter.newHint"),
      options: [{ value: "new", text: t("kitAfter.new") }, { value: "same", text: t("kitAfter.same") }],
      onchange: on.kitAfter,
    }),
    keeps && kitField(words, panel),
  ];
}

/** @param {import("../../../tests/ui/types/page.js").PanelHandle<any>} panel */
export const onKitAfter = (panel) => (/** @type {Event} */ event) =>
  event.target instanceof HTMLSelectElement && panel.patch({ keeps: event.target.value === "same" });

/** @param {Record<string, string>} values */
export const readKit = ({ kit }) => (kit === undefined ? {} : { kit });
