// Settings → Workspace → Support desk: who waits for whom.

/** @import { CaseRow, Desk, OfflineCodeRow, PersonName, ReportView, RequestRow, WaitingRow } from "../../../tests/ui/types/wire.js" */
/** @import { Child, DialogName, State, Words } from "../../../tests/ui/types/page.js" */

import { dismissRequest, listOfflineCodes, readDesk } from "../commands.js";
import { withoutServer } from "../bridge.js";
import { caseFacts } from "../dialogs/case.js";
import { h } from "../dom.js";
import { isAway } from "../offline.js";
import { readUndone, undone, waits as isWaiting } from "../outbox.js";
import { panel } from "../panel.js";
import { drillButton, mayDrill } from "../parts/drill.js";
import { icon } from "../parts/icon.js";
import { heading, note } from "../parts/note.js";
import { codesKnown, issuedHere } from "../parts/offline.js";
import { reportFacts } from "../parts/report.js";
import { undoneNote } from "../parts/undone.js";

/** @typedef {{ ask: (dialog: DialogName, row: CaseRow) => void, look: (row: { person: PersonName }) => void, settle: (report: ReportView) => void, dismiss: (row: RequestRow) => void, find: () => void, checklist: () => void }} Handlers */

export const desk = panel({
  /** @returns {Promise<Desk & { undone: WaitingRow[], offline: OfflineCodeRow[] | null }>} */
  async load(app) {
    const remote = app.state().situation.open?.remote;
    const [desk, undone, codes] = await Promise.all([readDesk({}), readUndone(app), remote ? listOfflineCodes({}).catch(withoutServer) : null]);
    return { ...desk, undone, offline: codes?.rows ?? null };
  },
  on: (app, panel) => ({
    find: () => app.ask("find"),
    /** @param {State} state */
    drill: ({ words, situation }) => mayDrill(situation) && part(words.t("drill.title"),
      h("div", { class: "card" }, h("p", { class: "sub" }, words.t("drill.lead")), h("div", { class: "buttons" }, drillButton(words, app, "desk.drill")))),
    checklist() {
      const { checklist, undone: rows } = panel.read().data;
      app.ask("checklist", { entries: undone(rows, "set-checklist")?.words ?? checklist });
    },
    /** @param {DialogName} dialog @param {CaseRow} row */
    ask: (dialog, row) => app.ask(dialog, { row }),
    /** @param {ReportView} report */
    settle: (report) => app.ask("report-settle", { report }),
    /** @param {OfflineCodeRow} code */
    makeVoid: (code) => app.ask("offline-void", { code }),
    /** @param {{ person: PersonName }} row */
    look: (row) => app.go("users", row.person.id),
    /** @param {RequestRow} row */
    async dismiss(row) {
      let kept = false;
      if (!(await panel.act(async () => void (kept = (await dismissRequest({ account: row.person.id })).waits ?? false)))) return;
      if (kept) app.say("waiting.kept");
      else app.say("desk.dismissed", { name: row.person.name });
      await app.refresh();
    },
  }),
  view(state, { data, refusal }, on) {
    const { words } = state;
    const { t } = words;
    const forMe = data.cases.filter((row) => row.mayApprove || row.mayUseKit || row.mayCarryOut);
    const others = data.cases.filter((row) => !forMe.includes(row));
    return [
      h("p", { class: "crumbs" }, t("desk.crumbs")),
      heading(t("desk.title"), h("div", { class: "buttons" }, h("a", { key: "desk.readiness", class: "button", href: "#/readiness" }, icon("shield"), t("readiness.short")), h("button", { key: "desk.find", type: "button", class: "primary", onclick: on.find }, icon("users"), t("find.title"), h("kbd", null, t("find.keys"))))),
      refusal && h("div", { role: "alert" }, note("danger", h("p", null, words.refusal(refusal)))),
      data.reports.length > 0 && part(t("desk.reports"), h("ul", { class: "desk-list" }, data.reports.map((report) => reported(words, report, on)))),
      (data.letters ?? 0) > 0 && h("p", { class: "card" }, h("a", { key: "desk.letters", class: "with-icon", href: "#/mail/letter" }, icon("mail"), words.n("mail.letters", data.letters ?? 0))),
      part(t("desk.requests"), data.requests.length === 0
        ? h("p", { class: "empty small" }, t("desk.noRequests"))
        : h("ul", { class: "desk-list" }, data.requests.map((row) => request(words, row, undone(data.undone, "dismiss-request", row.person.id), on)))),
      part(t("desk.forMe"), forMe.length === 0
        ? h("p", { class: "empty small" }, t("desk.noneForMe"))
        : h("ul", { class: "desk-list" }, forMe.map((row) => caseItem(words, row, undone(data.undone, "withdraw-case", row.person.id), on)))),
      part(t("desk.forOthers"), others.length === 0
        ? h("p", { class: "empty small" }, t("desk.noneForOthers"))
        : h("ul", { class: "desk-list" }, others.map((row) => caseItem(words, row, undone(data.undone, "withdraw-case", row.person.id), on)))),
      issuedHere(words, state.account?.offline ?? null, isAway(state.situation)),
      state.situation.open?.remote && codesKnown(words, data.offline, on.makeVoid),
      data.requests.length === 0 && data.cases.length === 0 && on.drill(state),
      part(t("desk.checklist"),
        h("div", { class: "card" },
          h("p", { class: "sub" }, t("desk.checklistUse")),
          h("ul", { class: "facts" }, data.checklist.map((entry) => h("li", { dir: "auto" }, entry))),
          undoneNote(words, undone(data.undone, "set-checklist")),
          data.maySetChecklist && h("div", { class: "buttons" }, h("button", { key: "desk.checklist", type: "button", onclick: on.checklist }, t("desk.checklistChange"))))),
    ];
  },
});

/** @param {string} title @param {...Child} children */
const part = (title, ...children) => h("section", { class: "desk-part" }, h("h2", null, title), children);

/** @param {PersonName} person */
const whom = (person) => h("a", { key: `desk.person.${person.id}`, class: "who plain", href: `#/users/${person.id}` }, h("bdi", { class: "clip strong" }, person.name), h("span", { class: "clip sub", dir: "ltr" }, person.email));

/** @param {Words} words @param {ReportView} report @param {Handlers} on */
const reported = (words, report, on) =>
  h("li", { class: "card reported" },
    h("header", null, whom(report.person), h("span", { class: "chip danger" }, icon("warn"), words.t("report.chip"))),
    reportFacts(words, report),
    h("div", { class: "buttons" },
      h("button", { key: `desk.look.${report.person.id}`, type: "button", onclick: () => on.look(report) }, words.t("desk.help")),
      report.maySettle && h("button", { key: `desk.settle.${report.person.id}`, type: "button", onclick: () => on.settle(report) }, words.t("report.settle"))));

/** @param {Words} words @param {RequestRow} row @param {WaitingRow | undefined} asked what one asked for that is not done @param {Handlers} on */
const request = (words, row, asked, on) =>
  h("li", { class: "card" },
    h("header", null, whom(row.person), h("span", { class: "sub" }, words.t("desk.askedAt", { at: words.moment(row.askedAt) }))),
    h("p", null, words.t("desk.cannotUse")),
    undoneNote(words, asked),
    h("div", { class: "buttons" },
      h("button", { key: `desk.help.${row.person.id}`, type: "button", onclick: () => on.look(row) }, words.t("desk.help")),
      row.mayDismiss && !isWaiting(asked) && h("button", { key: `desk.dismiss.${row.person.id}`, type: "button", onclick: () => on.dismiss(row) }, words.t("desk.dismiss"))));

/** @param {Words} words @param {CaseRow} row @param {WaitingRow | undefined} asked what one asked for that is not done @param {Handlers} on */
function caseItem(words, row, asked, on) {
  const { t } = words;
  return h("li", { class: "card" },
    h("header", null, whom(row.person), h("span", { class: row.approvedAt === null ? "chip warn" : "chip ok" }, t(row.approvedAt === null ? "case.isOpen" : "case.isApproved"))),
    h("p", { class: "strong" }, t(`case.act.${row.act}`), row.brings !== null && [t("form.colon"), h("bdi", { class: "breaks" }, row.brings)]),
    h("p", null, waits(words, row)),
    h("p", { class: "sub" }, t("case.times", { opened: words.moment(row.openedAt), ends: words.moment(row.expiresAt) })),
    !row.mine && row.approvedAt === null && row.approveRefused && h("p", { class: "sub" }, words.refusal(row.approveRefused)),
    undoneNote(words, asked),
    h("details", { key: `desk.case.${row.id}`, class: "case-more" }, h("summary", null, t("case.more")), caseFacts(words, row)),
    h("div", { class: "buttons" },
      row.mayApprove && h("button", { key: `desk.approve.${row.id}`, type: "button", class: "primary", onclick: () => on.ask("approve", row) }, t("case.approve")),
      row.mayUseKit && h("button", { key: `desk.kit.${row.id}`, type: "button", class: "primary", onclick: () => on.ask("approve-by-kit", row) }, t("case.kitApprove")),
      row.mayCarryOut && h("button", { key: `desk.carry-out.${row.id}`, type: "button", class: "primary danger", onclick: () => on.ask("carry-out", row) }, t("case.carryOut")),
      !isWaiting(asked) && h("button", { key: `desk.withdraw.${row.id}`, type: "button", onclick: () => on.ask("withdraw", row) }, t("case.withdraw"))));
}

/** Who waits for whom, in one sentence. @param {Words} words @param {CaseRow} row */
function waits(words, { mine, opener, approver, approvedAt, second }) {
  const { t } = words;
  const name = h("bdi", null, opener.name);
  if (approvedAt !== null) {
    const by = approver ? h("bdi", null, approver.name) : t("case.theKit");
    return mine ? words.rich("case.waitsForMe", { approver: by, at: words.moment(approvedAt) }) : words.rich("case.waitsForOpener", { approver: by, opener: name, at: words.moment(approvedAt) });
  }
  const list = new Intl.ListFormat(words.language, { type: "disjunction" });
  const who = second && second.people.length > 0 ? list.format(second.people.map((person) => person.name)) : null;
  if (who) return words.rich(mine ? "case.iWaitFor" : "case.waitsFor", { opener: name, who: h("bdi", null, who) });
  const nobody = second?.at ? t("case.nobodyYet", { at: words.dateTime(second.at) }) : t("case.onlyTheKit");
  const refused = second?.kitRefused;
  const kit = refused ? (refused.code === "kit-missing" ? t("case.kitNone") : words.refusal(refused)) : mine ? t("case.kitMine") : words.rich("case.kitOther", { opener: name });
  return [nobody, " ", kit];
}
