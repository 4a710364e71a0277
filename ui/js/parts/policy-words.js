// The rules of a policy in words: what each is called, and what its values mean.

/** @import { Key, Words } from "../../../tests/ui/types/page.js" */
/** @import { PolicyDraft } from "../../../tests/ui/types/wire.js" */

/** @typedef {keyof PolicyDraft} Rule */

/** Every rule, in the order of the form. @type {readonly Rule[]} */
export const RULES = Object.freeze(
  /** @type {Rule[]} */ (["required", "graceDays", "mayDisable", "backupCodes", "recoveryHours", "offlineBudget", "totpWindow", "lockFailures", "lockMinutes", "idleMinutes", "unlockAsksCode"]));

/** @type {Partial<Record<Rule, import("../../../tests/ui/types/page.js").PluralKey>>} */
const COUNTED = Object.freeze({
  graceDays: "policy.days", recoveryHours: "policy.hours", offlineBudget: "policy.codes", lockFailures: "policy.failures", lockMinutes: "policy.minutes", idleMinutes: "policy.minutes",
});

/** @type {(words: Words, rule: Rule) => string} */
export const ruleName = ({ t }, rule) => t(/** @type {Key} */ (`policy.rule.${rule}`));

/**
 * @param {Words} words
 * @param {Rule} rule
 * @param {string} value as the form and the journal have it: a word, a number, `yes` or `no`, `-` for nothing
 */
export function ruleValue({ t, n }, rule, value) {
  if (value === "-") return t("policy.asWorkspace");
  if (rule === "graceDays" && value === "0") return t("policy.noGrace");
  if (rule === "offlineBudget" && value === "0") return t("policy.noOffline");
  const counted = COUNTED[rule];
  return counted ? n(counted, Number(value)) : t(/** @type {Key} */ (`policy.${rule}.${value}`));
}

/**
 * What the form and the journal have for a value of the wire.
 * @param {string | number | boolean | null | undefined} value
 */
export const asText = (value) => (value === null || value === undefined ? "-" : typeof value === "boolean" ? (value ? "yes" : "no") : String(value));

/**
 * The draft that a form's values make. What the form does not ask stays.
 * @param {Record<string, string>} values
 * @param {Partial<PolicyDraft>} [present]
 * @returns {PolicyDraft}
 */
export function readDraft(values, present = {}) {
  const read = (/** @type {Rule} */ rule) => {
    const text = values[rule] ?? asText(present[rule]);
    if (text === "-") return null;
    return rule === "required" ? text : COUNTED[rule] || rule === "totpWindow" ? Number(text) : text === "yes";
  };
  return /** @type {PolicyDraft} */ (Object.fromEntries(RULES.map((rule) => [rule, read(rule)])));
}

/**
 * Changes as sentences: from the journal's words, or from two drafts.
 * @param {Words} words
 * @param {Record<string, string>} changes each rule that changes, as `before → after`
 */
export const changeList = (words, changes) =>
  RULES.filter((rule) => changes[rule] !== undefined).map((rule) => {
    const [from = "-", to = "-"] = (changes[rule] ?? "").split(" → ");
    return words.t("policy.change", { rule: ruleName(words, rule), from: ruleValue(words, rule, from), to: ruleValue(words, rule, to) });
  });

/**
 * @param {PolicyDraft} before
 * @param {PolicyDraft} after
 * @returns {Record<string, string>}
 */
export const differences = (before, after) =>
  Object.fromEntries(RULES.filter((rule) => asText(before[rule]) !== asText(after[rule])).map((rule) => [rule, `${asText(before[rule])} → ${asText(after[rule])}`]));
