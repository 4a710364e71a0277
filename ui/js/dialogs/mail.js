// Mail: one notice in full, a test and how it came out, forgetting the settings, and handing a letter over.

/** @import { MailTest, OutboxRow } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Words } from "../../../tests/ui/types/page.js" */

import { handOverLetter, readMail, removeMail, resendNotice, sendTestMail } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { failureName, mailChip, mending, noticeName, standing } from "../parts/mail.js";
import { noticeActions } from "../parts/notice-actions.js";
import { dialogHead, note, personName } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

/** Milliseconds between two looks at how a test came out, and how many at most. */
const LOOK_EVERY = 400;
const LOOKS = 300;

const NOBODY = Object.freeze({ id: "", name: "", email: "" });
/** @type {OutboxRow} */
const NO_ROW = Object.freeze({ id: "", person: NOBODY, address: "", kind: "test", at: 0, state: "sent", since: 0, attempts: 0, nextAt: null, failure: null, mayResend: false, mayHandOver: false });

export const noticeDialog = panel({
  load: () => ({ row: NO_ROW }),
  on: (app, panel) => ({
    close: () => app.closeDialog(),
    actions: () => noticeActions(app, panel.read().data.row, (work) => panel.act(work)),
  }),
  view({ words }, { data: { row }, refusal }, on) {
    const { t, n } = words;
    /** @type {[string, Child][]} */
    const facts = [
      [t("mail.to"), [h("bdi", null, row.person.name), " ", h("span", { class: "sub breaks", dir: "ltr" }, row.address)]],
      [t("mail.happened"), words.dateTime(row.at)],
      [t("mail.tries"), n("mail.attempts", row.attempts)],
    ];
    return dialogHead(noticeName(words, row.kind),
      h("div", null, mailChip(words, row.state, row.failure)),
      h("div", { class: "stands" }, standing(words, row)),
      h("dl", { class: "case-facts" }, facts.map(([term, value]) => h("div", null, h("dt", null, term), h("dd", null, value)))),
      h("div", { role: "alert", class: "alert-slot" }, refusal && note("danger", h("p", null, words.refusal(refusal)))),
      h("div", { class: "buttons" },
        on.actions().map(({ label, act }, index) => h("button", { key: `mail-notice.${index}`, type: "button", class: index === 0 ? "primary" : null, onclick: act }, label)),
        h("button", { key: "mail-notice.close", type: "button", "data-first": true, onclick: on.close }, t("form.close"))));
  },
});

export const testDialog = panel({
  load: () => ({ address: "", begun: false, test: /** @type {MailTest | null} */ (null), late: false }),
  on: (app, panel) => ({
    close() {
      app.closeDialog();
      void app.reload();
    },
    async send() {
      const before = (await readMail({}).catch(() => null))?.test ?? null;
      panel.patch({ begun: false, test: null, late: false });
      if (!(await panel.act(() => sendTestMail({})))) return;
      panel.patch({ begun: true });
      for (let look = 0; look < LOOKS && panel.read().name === "mail-test"; look += 1) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
        const test = (await readMail({}).catch(() => null))?.test ?? null;
        if (!test || (test.at === before?.at && test.state === before.state && over(before)) || !over(test)) continue;
        return panel.patch({ test });
      }
      panel.patch({ late: true });
    },
  }),
  view({ words }, { data, busy, refusal }, on) {
    const { t } = words;
    const { address, begun, test, late } = data;
    const waits = begun && test === null && !late;
    return dialogHead(t("mail.test"),
      h("p", null, words.rich("mail.testLead", { address: h("bdi", { class: "strong breaks", dir: "ltr" }, address) })),
      h("div", { role: "status" },
        waits && h("p", { class: "waiting-line" }, h("span", { class: "spinner", "aria-hidden": "true" }), t("mail.testing")),
        late && note("warn", h("p", null, t("mail.testLate"))),
        test && outcome(words, test)),
      h("div", { role: "alert", class: "alert-slot" }, refusal && note("danger", h("p", null, words.refusal(refusal)))),
      h("div", { class: "buttons" },
        h("button", { key: "mail-test.send", type: "button", class: test?.state === "sent" ? null : "primary", "data-first": true, "aria-disabled": busy || waits ? "true" : null, onclick: () => busy || waits || void on.send() }, t(begun ? "mail.testAgain" : "mail.testSend")),
        h("button", { key: "mail-test.close", type: "button", class: test?.state === "sent" ? "primary" : null, onclick: on.close }, t("form.close"))));
  },
});

/** Whether a test has come out: also one that is to be tried again. @param {MailTest} test */
const over = ({ state, failure }) => state === "sent" || state === "failed" || state === "uncertain" || (state === "waiting" && failure !== null);

/** @param {Words} words @param {MailTest} test */
function outcome(words, { state, failure, address }) {
  const { t } = words;
  if (state === "sent") return note("ok", h("p", { class: "strong" }, t("mail.testSent")), h("p", null, t("mail.testLook", { address })));
  if (failure === null) return note("warn", h("p", { class: "strong" }, t("mail.stands.uncertain")));
  return note("danger", h("p", { class: "strong" }, t("mail.testFailed", { why: failureName(words, failure) })), h("p", null, mending(words, failure)));
}

export const mailRemove = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => removeMail({ proof: readProof(values) }))) {
        app.state().screen.data?.unsaved?.();
        app.closeDialog();
        app.say("mail.removed");
        app.go("mail");
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("mail.remove"),
      h("ul", { class: "facts" }, h("li", null, t("mail.removeForgets")), h("li", null, t("mail.removeLetters")), h("li", null, t("mail.removeCodes"))),
      form(words, panel, {
        submit: t("mail.remove"), onsubmit: on.submit, danger: true, claimed: PROOF_REFUSALS,
        beside: h("button", { key: "mail-remove.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      }, proofFields(state, panel)));
  },
});

/** Sent again although it may have arrived. */
export const mailResend = panel({
  load: () => ({ row: NO_ROW }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    async submit() {
      const { row } = panel.read().data;
      if (!(await panel.act(() => resendNotice({ id: row.id })))) return;
      app.closeDialog();
      app.say("mail.resent", { name: row.person.name });
      await app.reload();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { row } = panel.data;
    return dialogHead(t("mail.resend"),
      h("p", { class: "who" }, personName(row.person), h("span", { class: "clip sub", dir: "ltr" }, row.address)),
      h("p", null, t("mail.resendUncertain")),
      form(words, panel, { submit: t("mail.resend"), onsubmit: on.submit, beside: h("button", { key: "mail-resend.cancel", type: "button", "data-first": true, onclick: on.cancel }, t("form.cancel")) }));
  },
});

export const letterHanded = panel({
  load: () => ({ row: NO_ROW }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    async submit() {
      const { row } = panel.read().data;
      if (!(await panel.act(() => handOverLetter({ id: row.id })))) return;
      app.closeDialog();
      app.say("letter.done", { name: row.person.name });
      await app.reload();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { row } = panel.data;
    return dialogHead(t("letter.handedOver"),
      h("p", { class: "who" }, personName(row.person), h("span", { class: "sub" }, noticeName(words, row.kind))),
      h("p", null, t("letter.handedLead")),
      form(words, panel, { submit: t("letter.handedOver"), onsubmit: on.submit, beside: h("button", { key: "letter-handed.cancel", type: "button", onclick: on.cancel }, t("form.cancel")) }));
  },
});
