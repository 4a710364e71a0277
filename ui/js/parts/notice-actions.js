// What can be done with a notice, from its row and from its dialog.

/** @import { OutboxRow } from "../../../tests/ui/types/wire.js" */
/** @import { App } from "../../../tests/ui/types/page.js" */

import { openLetter, resendNotice } from "../commands.js";

/**
 * @param {App} app
 * @param {OutboxRow} row
 * @param {(work: () => Promise<unknown>) => Promise<boolean>} act
 * @returns {import("./menu.js").Item[]}
 */
export function noticeActions(app, row, act) {
  const { t } = app.state().words;
  const { id, person, state, mayHandOver, mayResend } = row;
  /** The dialog has done its work. */
  const leave = () => app.state().dialog && app.closeDialog();
  const resend = async () => {
    if (!(await act(() => resendNotice({ id })))) return;
    leave();
    app.say("mail.resent", { name: person.name });
    await app.reload();
  };
  const open = async () => {
    if (await act(() => openLetter({ id }))) leave();
  };
  return [
    ...(mayHandOver ? [{ label: t("letter.open"), act: () => void open() }, { label: t("letter.handedOver"), act: () => app.ask("letter-handed", { row }) }] : []),
    ...(mayResend ? [{ label: t(state === "waiting" ? "mail.sendNow" : "mail.resend"), act: () => (state === "uncertain" ? app.ask("mail-resend", { row }) : void resend()) }] : []),
  ];
}
