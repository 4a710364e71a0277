// Where the codes went.

/** @import { Child, Done, Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { note } from "../parts/note.js";

/** @type {Readonly<Record<"text" | "encrypted" | "pdf" | "letter", import("../../../tests/ui/types/page.js").Key>>} */
const KEPT = Object.freeze({ text: "kept.text", encrypted: "kept.encrypted", pdf: "kept.pdf", letter: "kept.letter" });

/**
 * @param {Words} words
 * @param {Done | null} done
 * @returns {Child}
 */
export function kept({ t, rich }, done) {
  if (!done) return note("ok", h("p", null, t("kept.before")));
  if (done.how === "copied") return note("ok", h("p", null, t("kept.copied")));
  if (done.how === "printed") return note("ok", h("p", null, t("kept.printed")));
  const file = h("bdi", { class: "strong breaks" }, done.file ?? "");
  return note("ok", h("p", null, rich(KEPT[done.how], { file })));
}
