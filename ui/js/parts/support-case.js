// The support case: how it was checked who asks, why, who asked, and how the code is handed over. What is usual is filled in and
// can be changed; what was checked and why is never said for anybody.

/** @import { Child, Key, PanelState, Words } from "../../../tests/ui/types/page.js" */
/** @import { CaseAct, Channel, PersonAction, Refusal, RefusalCode, Situation, SupportAnswers } from "../../../tests/ui/types/wire.js" */

import { Refused } from "../bridge.js";
import { h } from "../dom.js";
import { checks, choice, field } from "./form.js";

/** @type {readonly Channel[]} */
const CHANNELS = Object.freeze(["in-person", "phone", "video", "letter", "other-staff"]);
const TICK = "check-";

/** Refusals that are about what was checked. @type {RefusalCode[]} */
export const CHECK_REFUSALS = ["case-incomplete", "checklist-changed"];

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

/** How whoever is signed in had a code handed over last; forgotten with the window. */
const last = { by: "", channel: /** @type {Channel} */ ("phone") };

/** @param {Situation} situation */
const me = ({ open }) => open?.me?.person.id ?? "";

/** On the phone, until whoever is signed in chose otherwise. @param {Situation} situation */
export const usualChannel = (situation) => (last.by === me(situation) ? last.channel : "phone");

/** @param {Situation} situation @param {Channel} channel */
export const noteChannel = (situation, channel) => void Object.assign(last, { by: me(situation), channel });

/**
 * @param {Words} words
 * @param {PanelState} panel
 * @param {readonly string[]} checklist
 * @param {{ askedBy: string, channel: Channel, check: Key, codes: boolean }} options what is usual, what is said beside the list, and whether there is a code to hand over
 * @returns {Child[]}
 */
export function caseFields(words, panel, checklist, { askedBy, channel, check, codes }) {
  const { t } = words;
  return [
    checks(words, panel, {
      name: TICK, label: t("case.checked"), entries: checklist, first: true, none: t("case.noneChecked"), claims: CHECK_REFUSALS,
      hint: [h("strong", null, t("reset.checkTitle")), " ", t(check)],
    }),
    field(words, panel, { name: "reason", label: t("case.reason"), hint: t("case.reasonHint") }),
    h("div", { class: "pair" },
      field(words, panel, { name: "askedBy", label: t("case.askedBy"), hint: t("case.askedByHint"), value: askedBy }),
      choice(panel, {
        name: "channel", label: t(codes ? "case.channel" : "case.told"), value: channel, hint: t(codes ? "case.channelHint" : "case.toldHint"),
        options: CHANNELS.map((channel) => ({ value: channel, text: channelName(words, channel) })),
      })),
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
