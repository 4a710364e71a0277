// Long work: how far it has come, asked of Rust now and then, and a way to stop it.

/** @import { Child, Key, PanelHandle, Words } from "../../../tests/ui/types/page.js" */
/** @import { Work, WorkStage } from "../../../tests/ui/types/wire.js" */

import { readWork } from "../commands.js";
import { h } from "../dom.js";

const EVERY = 250;

/** @type {Readonly<Record<WorkStage, Key>>} */
const STAGES = Object.freeze({ copying: "work.copying", checking: "work.checking", writing: "work.writing" });

/**
 * Looks at the long work until `work` is done.
 * @template T
 * @param {(now: Work | null) => void} tell
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function watching(tell, work) {
  const course = { over: false };
  const look = setInterval(() => void readWork({}).then((now) => course.over || tell(now.stage === null ? null : now), () => {}), EVERY);
  try {
    return await work();
  } finally {
    course.over = true;
    clearInterval(look);
    tell(null);
  }
}

/**
 * Runs long work of a screen or a dialog; `data.work` is how far it has come.
 * @param {PanelHandle<any>} panel
 * @param {() => Promise<unknown>} work
 */
export const watched = (panel, work) => watching((now) => panel.patch({ work: now }), () => panel.act(work));

/**
 * @param {Words} words
 * @param {Work | null | undefined} work
 * @param {Key | null} [as] what it is called, where it is no work on a file
 * @returns {Child}
 */
export function progress({ t }, work, as = null) {
  if (!work || work.stage === null) return null;
  const said = t(as ?? STAGES[work.stage]);
  return h("div", { class: "work" },
    h("p", { role: "status" }, said),
    h("progress", { max: Math.max(work.total, 1), value: Math.min(work.done, work.total), "aria-label": said }));
}
