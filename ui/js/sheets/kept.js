// Where the codes went.

/** @import { Child, Done, Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { note } from "../parts/note.js";

/**
 * @param {Words} words
 * @param {Done | null} done
 * @returns {Child}
 */
export function kept({ t, rich }, done) {
  if (!done) return note("ok", h("p", null, t("kept.before")));
  if (done.how === "copied") return note("ok", h("p", null, t("kept.copied")));
  const file = h("bdi", { class: "strong breaks" }, done.file ?? "");
  return note("ok", h("p", null, rich(done.how === "text" ? "kept.text" : "kept.encrypted", { file })));
}
