// Recovery codes without the server: whether this computer can issue them now, and why not.

/** @import { Situation, OfflineDesk, PersonAction, Refusal } from "../../tests/ui/types/wire.js" */
/** @import { State, Words } from "../../tests/ui/types/page.js" */

import { readOfflineDesk } from "./commands.js";
import { CASE_ACTS, takesTwo } from "./parts/support-case.js";

/** Whether whoever helps others sits at their own computer, paired with a server. @param {Situation} situation */
const helpsHere = ({ open }) => Boolean(open?.remote && !open.drill && open.me?.ownDevice && open.me.listsPeople && open.me.reach === "full");

/** Whether codes are issued here, by a desk that the server does not hear. @param {Situation} situation */
export const isAway = (situation) => helpsHere(situation) && situation.open?.remote?.connected === false;

/** @param {Situation} situation @returns {Promise<OfflineDesk | null>} */
export const readOffline = async (situation) => (helpsHere(situation) ? readOfflineDesk({}).catch(() => null) : null);

/**
 * Why something cannot be done about a person now, as a sentence.
 * @param {Pick<State, "words" | "situation" | "account">} state
 * @param {PersonAction} action
 * @param {Refusal | null} refused what speaks against it wherever the server is
 */
export function whyNot({ words, situation, account }, action, refused) {
  const said = refused && words.refusal(refused);
  if (!isAway(situation)) return said;
  if (takesTwo(refused) && CASE_ACTS[action]) return words.refusal({ code: "offline-takes-two" });
  if (said !== null) return said;
  if (action === "issue-password-code") return words.t("offline.passwordCode");
  const here = action === "reset-second-factor" ? account?.offline?.refused : null;
  return here ? words.refusal(here) : null;
}

/** How many codes may still be issued here, and until when; null where none can be. @param {Words} words @param {OfflineDesk} desk */
export const leftHere = ({ n, dateTime }, { refused, left, until }) =>
  (refused !== null || left === 0 || until === null ? null : n("offline.left", left, { at: dateTime(until) }));

/** That this computer's clock is wrong, where it is. @param {Words} words @param {OfflineDesk} desk */
export const clockSaid = ({ t, span }, { clockOff }) =>
  (clockOff === null ? null : t(clockOff > 0 ? "offline.clockAhead" : "offline.clockBehind", { number: span(clockOff) }));
