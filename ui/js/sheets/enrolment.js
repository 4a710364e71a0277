// Scan or type the secret, then prove it with a code.

/** @import { Child, SheetHandlers, SheetState } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { CODE_REFUSALS, codeField } from "../parts/code.js";
import { form } from "../parts/form.js";
import { heading } from "../parts/note.js";

/** @param {SheetState} state @param {SheetHandlers} on @returns {Child[]} */
export function enrolment({ words, sheet, panel }, on) {
  const { t } = words;
  return [
    h("div", { class: "sheet-body" },
      heading(t("sheet.title.enrolment")),
      h("div", { class: "enrolment" },
        h("img", { class: "qr", src: sheet?.qr, alt: t("enrolment.qr") }),
        h("div", { class: "enrolment-words" },
          h("p", { class: "account" }, words.rich("enrolment.for", { name: h("bdi", { class: "clip strong", title: sheet?.person.email }, sheet?.person.email), workspace: h("bdi", { class: "clip", title: sheet?.workspace }, sheet?.workspace) })),
          h("p", null, t("enrolment.scan")),
          h("p", { class: "label" }, t("enrolment.type")),
          h("secret-text", { class: "small", options: { text: sheet?.secret ?? "", label: t("enrolment.secret"), separator: " " } }),
          h("p", { class: "hint" }, t("enrolment.settings"))))),
    h("footer", { class: "sheet-foot form-foot" },
      form(words, panel, {
        submit: panel.busy ? t("code.busy") : t("code.submit"),
        onsubmit: on.verify,
        beside: [h("button", { key: "sheet.cancel", type: "button", onclick: on.closeAnyway }, t("form.cancel")),
          sheet?.expiresAt && h("span", { class: "sub" }, t("enrolment.until", { at: words.moment(sheet.expiresAt) }))],
        claimed: CODE_REFUSALS,
      }, codeField(words, panel, { label: t("code.label"), accepts: "digits", first: true }))),
  ];
}
