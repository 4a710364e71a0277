// The support case: who asked, how that was checked, why, and how the code is handed over. Nothing is filled in beforehand.

/** @import { Child, PanelState, Words } from "../../../tests/ui/types/page.js" */
/** @import { CaseAct, Channel, PersonAction, Refusal, RefusalCode, SupportAnswers } from "../../../tests/ui/types/wire.js" */

import { Refused } from "../bridge.js";
import { h } from "../dom.js";
import { choice, field, fieldKey } from "./form.js";

/** @type {readonly Channel[]} */
const CHANNELS = Object.freeze(["in-person", "phone", "video", "letter", "other-staff"]);
const TICK = "check-";

/** @type {readonly RefusalCode[]} */
const TWO = Object.freeze(["takes-two", "double-loss", "second-effect-after-reset", "second-effect-after-password-code", "second-effect-after-reactivation", "second-effect-after-email", "second-effect-after-token"]);

/** Refusals after which two people can do what one cannot. @param {Refusal | null} refused */
export const takesTwo = (refused) => refused !== null && TWO.includes(refused.code);

/** What a case does about an action that one person is refused. @type {Readonly<Partial<Record<PersonAction, CaseAct>>>} */
export const CASE_ACTS = Object.freeze({ "reset-second-factor": "second-factor", "issue-password-code": "password", reactivate: "reactivation", "unmark-elsewhere": "signs-in-here" });

/** Whether it opens an account again, and so gives no code. @param {CaseAct} act */
export const reopens = (act) => act === "reactivation" || act === "signs-in-here";

/** Whether somebody is shown a code. @param {CaseAct} act */
export const givesCodes = (act) => act === "second-factor" || act === "password" || act === "both";

/** @param {Words} words @param {Channel} channel */
export const channelName = ({ t }, channel) => t(`channel.${channel}`);

/**
 * @param {Words} words
 * @param {PanelState} panel
 * @param {readonly string[]} checklist
 * @param {SupportAnswers | null} filled what was filled in before, for who comes back to it
 * @param {boolean} [codes] whether there is a code to hand over
 * @returns {Child[]}
 */
export function caseFields(words, panel, checklist, filled, codes = true) {
  const { t } = words;
  return [
    field(words, panel, { name: "askedBy", label: t("case.askedBy"), hint: t("case.askedByHint"), value: filled?.askedBy ?? "", first: true }),
    h("fieldset", { class: "checks" },
      h("legend", null, t("case.checked")),
      checklist.map((entry, index) => {
        const key = fieldKey(panel, TICK + index);
        return h("label", { class: "check" }, h("input", { key, type: "checkbox", name: TICK + index, value: entry, checked: filled?.checked.includes(entry) }), h("span", { dir: "auto" }, entry));
      })),
    field(words, panel, { name: "reason", label: t("case.reason"), hint: t("case.reasonHint"), value: filled?.reason ?? "" }),
    choice(panel, {
      name: "channel", label: t(codes ? "case.channel" : "case.told"), value: filled?.channel ?? "", hint: t(codes ? "case.channelHint" : "case.toldHint"),
      options: [{ value: "", text: t("case.choose") }, ...CHANNELS.map((channel) => ({ value: channel, text: channelName(words, channel) }))],
    }),
  ];
}

/**
 * What was filled in; a refusal where something is missing.
 * @param {Record<string, string>} values
 * @returns {SupportAnswers}
 */
export function readCase({ askedBy = "", reason = "", channel = "", ...rest }) {
  const checked = Object.entries(rest).flatMap(([name, entry]) => (name.startsWith(TICK) ? [entry] : []));
  const chosen = CHANNELS.find((one) => one === channel);
  if (checked.length === 0 || !chosen) throw new Refused({ code: "case-incomplete" });
  return { askedBy, checked, reason, channel: chosen };
}
