// What setting up two-factor authentication takes.

/** @import { Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";

/**
 * @param {Words} words
 * @param {boolean} [codes] whether backup codes come with it
 */
export const needs = ({ t }, codes = true) =>
  h("section", { class: "needs", "aria-labelledby": "needs-title" },
    h("h2", { id: "needs-title" }, t("needs.title")),
    h("ol", { class: "steps" },
      h("li", null, h("p", null, t("needs.app")), h("p", { class: "hint" }, t("needs.apps"))),
      h("li", null, h("p", null, t("needs.scan"))),
      codes && h("li", null, h("p", null, t("needs.codes")))));
