// What becomes of a case: approved by a second person, carried out by its opener, or withdrawn.

/** @import { CaseRow } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key } from "../../../tests/ui/types/page.js" */

import { approveCase, approveCaseByKit, carryOutCase, withdrawCase } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead, note, personName } from "../parts/note.js";
import { KIT_REFUSALS, kitField } from "../parts/kit.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof, revealCode } from "../parts/proof.js";
import { channelName, givesCodes } from "../parts/support-case.js";

/**
 * @param {object} kind
 * @param {string} kind.name
 * @param {Key} kind.title
 * @param {(row: CaseRow) => Key[]} kind.says
 * @param {Key} kind.done
 * @param {boolean} [kind.danger]
 * @param {boolean} [kind.asks] for the password, and a code given now
 * @param {(id: string, values: Record<string, string>) => Promise<unknown>} kind.submit
 */
const deciding = ({ name, title, says, done, danger = false, asks = true, submit }) => panel({
  load: () => ({ row: /** @type {CaseRow | null} */ (null), code: asks }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { row } = panel.read().data;
      if (!row) return;
      let kept = false;
      const settled = async () => {
        const settled = await submit(row.id, values);
        kept = typeof settled === "object" && settled !== null && "waits" in settled && settled.waits === true;
      };
      if (!(await panel.act(settled))) return revealCode(panel);
      app.closeDialog();
      if (kept) app.say("waiting.kept");
      else app.say(done, { name: row.person.name });
      await app.refresh();
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { row } = panel.data;
    if (!row) return [];
    return dialogHead(words.t(title),
      h("p", { class: "who" }, personName(row.person), h("span", { class: "clip sub", dir: "ltr" }, row.person.email)),
      asks && caseFacts(words, row),
      says(row).map((key) => h("p", null, words.t(key, { opener: row.opener.name, name: row.person.name }))),
      asks && name === "approve" && note("warn", h("p", null, words.t("case.approveCheck", { opener: row.opener.name }))),
      form(words, panel, {
        submit: words.t(title), onsubmit: on.submit, danger, claimed: PROOF_REFUSALS,
        beside: h("button", { key: `${name}.cancel`, type: "button", onclick: on.cancel }, words.t("form.cancel")),
      }, asks && proofFields(state, panel, { codeHint: words.t("proof.codeNow") })));
  },
});

/**
 * What a second person reads before they agree.
 * @param {import("../../../tests/ui/types/page.js").Words} words
 * @param {CaseRow} row
 * @returns {Child}
 */
export function caseFacts(words, row) {
  const { t } = words;
  /** @type {[Key, Child][]} */
  const lines = [
    ["case.what", t(`case.act.${row.act}`)], ...(row.brings === null ? [] : [/** @type {[Key, Child]} */ ([row.act === "email" ? "case.newEmail" : "case.newToken", h("bdi", { class: "breaks" }, row.brings)])]), ["case.opener", h("bdi", null, row.opener.name)], ["case.askedBy", h("bdi", null, row.askedBy)],
    ["case.wasChecked", h("ul", { class: "plain-list" }, row.checked.map((entry) => h("li", { dir: "auto" }, entry)))],
    ["case.reason", h("bdi", null, row.reason)], [givesCodes(row.act) ? "case.channel" : "case.told", channelName(words, row.channel)],
  ];
  return h("dl", { class: "case-facts" }, lines.map(([key, value]) => h("div", null, h("dt", null, t(key)), h("dd", null, value))));
}

export const approveDialog = deciding({
  name: "approve", title: "case.approve", done: "case.approved", says: ({ act }) => (act === "both" ? ["case.approveLead", "case.approveBoth"] : ["case.approveLead"]),
  submit: (id, values) => approveCase({ case: id, proof: readProof(values) }),
});

/** Where there is nobody else: the opener, with the recovery kit in hand. */
export const approveByKitDialog = panel({
  load: () => ({ row: /** @type {CaseRow | null} */ (null), code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { row } = panel.read().data;
      if (!row) return;
      if (!(await panel.act(() => approveCaseByKit({ case: row.id, code: values["kit"] ?? "", proof: readProof(values) })))) return proveAgain(app, panel);
      app.closeDialog();
      app.say("case.approved", { name: row.person.name });
      await app.refresh();
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { row } = panel.data;
    if (!row) return [];
    return dialogHead(t("case.kitApprove"),
      h("p", { class: "who" }, personName(row.person), h("span", { class: "clip sub", dir: "ltr" }, row.person.email)),
      h("p", { class: "strong" }, t(`case.act.${row.act}`), row.brings !== null && [t("form.colon"), h("bdi", { class: "breaks" }, row.brings)]),
      h("p", null, t("case.kitLead")),
      h("p", null, t("case.kitTold")),
      row.act === "both" && h("p", null, t("case.kitBoth", { name: row.person.name })),
      note("warn", h("p", null, t("case.kitCheck"))),
      form(words, panel, {
        submit: t("case.approve"), onsubmit: on.submit, claimed: [...KIT_REFUSALS, ...PROOF_REFUSALS],
        beside: h("button", { key: "approve-by-kit.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      }, kitField(words, panel, { first: true }), proofFields(state, panel, { first: false })));
  },
});

/** @param {CaseRow} row @returns {Key} */
function carriesOut({ act, approver }) {
  switch (act) {
    case "second-factor": return "case.carryOutFactor";
    case "password": return "case.carryOutPassword";
    case "both": return approver ? "case.carryOutBoth" : "case.carryOutBothKit";
    case "reactivation": return "case.carryOutReactivation";
    case "signs-in-here": return "case.carryOutSignsInHere";
    case "email": return "case.carryOutEmail";
    case "token": return "case.carryOutToken";
  }
}

export const carryOutDialog = deciding({
  name: "carry-out", title: "case.carryOut", done: "case.carriedOut", danger: true,
  says: (row) => [carriesOut(row)],
  submit: (id, values) => carryOutCase({ case: id, proof: readProof(values) }),
});

export const withdrawDialog = deciding({
  name: "withdraw", title: "case.withdraw", done: "case.withdrawn", danger: true, asks: false, says: () => ["case.withdrawLead"],
  submit: (id) => withdrawCase({ case: id }),
});
