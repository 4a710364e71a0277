// "This was not me": said of an entry of one's own activity, and settled by staff.

/** @import { JournalRow, ReportView } from "../../../tests/ui/types/wire.js" */

import { reportEntry, settleReport } from "../commands.js";
import { h } from "../dom.js";
import { sentence } from "../journal-words.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead, note, personName } from "../parts/note.js";
import { reportFacts } from "../parts/report.js";

export const reportDialog = panel({
  load: () => ({ row: /** @type {JournalRow | null} */ (null), told: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    async submit() {
      const { row } = panel.read().data;
      if (row && (await panel.act(() => reportEntry({ entry: row.index })))) panel.patch({ told: true });
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    const { row, told } = panel.data;
    if (!row) return [];
    const close = (/** @type {boolean} */ last) => h("button", { key: "report.cancel", type: "button", class: last ? "primary" : null, "data-first": last, onclick: on.cancel }, t(last ? "form.close" : "form.cancel"));
    if (told) {
      return dialogHead(t("notMe.toldTitle"),
        h("div", { role: "status" }, note("ok", h("p", { class: "strong" }, t("notMe.told")))),
        h("ul", { class: "facts" }, h("li", null, t("notMe.next.call")), h("li", null, t("notMe.next.password"))),
        h("div", { class: "buttons" }, close(true)));
    }
    return dialogHead(t("notMe.entryTitle"),
      h("blockquote", { class: "card" }, h("p", { dir: "auto" }, sentence(words, row, situation.open?.me?.person.id ?? "", (person) => h("bdi", null, person.name))), h("p", { class: "sub" }, words.dateTime(row.at))),
      h("p", null, t("notMe.entryLead")),
      form(words, panel, { submit: t("notMe.entrySubmit"), onsubmit: on.submit, beside: close(false) }));
  },
});

export const reportSettle = panel({
  load: () => ({ report: /** @type {ReportView | null} */ (null) }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit({ note: said = "" }) {
      const { report } = panel.read().data;
      if (!report || !(await panel.act(() => settleReport({ account: report.person.id, note: said })))) return;
      app.closeDialog();
      app.say("report.settled", { name: report.person.name });
      await app.reload();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { report } = panel.data;
    if (!report) return [];
    return dialogHead(t("report.settleTitle"),
      h("p", { class: "who" }, personName(report.person), h("span", { class: "clip sub", dir: "ltr" }, report.person.email)),
      reportFacts(words, report),
      h("p", null, t("report.settleLead")),
      form(words, panel, {
        submit: t("report.settle"), onsubmit: on.submit, claimed: ["note-empty"],
        beside: h("button", { key: "report-settle.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      }, field(words, panel, { name: "note", label: t("report.note"), hint: t("report.noteHint"), first: true, claims: ["note-empty"] })));
  },
});
