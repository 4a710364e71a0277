// What somebody said was not them, as staff see it.

/** @import { ReportView } from "../../../tests/ui/types/wire.js" */
/** @import { Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { noticeName } from "./mail.js";
import { note } from "./note.js";

/** What it was about, and how it was said. @param {Words} words @param {ReportView} report */
export function reportFacts(words, { at, lastAt, count, notice, entry, signedIn }) {
  const { t, n } = words;
  const about = notice !== null ? t("report.aboutNotice", { notice: noticeName(words, notice) }) : entry !== null ? t("report.aboutEntry", { entry: words.number(entry) }) : null;
  return h("ul", { class: "facts" },
    about && h("li", null, about),
    h("li", null, count > 1 ? n("report.times", count, { first: words.moment(at), last: words.moment(lastAt) }) : t("report.once", { at: words.moment(at) })),
    h("li", null, t(signedIn ? "report.signedIn" : "report.byCode")));
}

/**
 * On the page of whoever said so.
 * @param {Words} words
 * @param {ReportView} report
 * @param {() => void} settle
 */
export const reportNote = (words, report, settle) =>
  note("danger",
    h("p", { class: "why" }, words.t("report.says")),
    reportFacts(words, report),
    h("p", { class: "sub" }, words.t("report.doFirst")),
    report.maySettle && h("div", { class: "buttons" }, h("button", { key: "person.settle", type: "button", class: "primary", onclick: settle }, words.t("report.settle"))));
