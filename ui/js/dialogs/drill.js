// A drill: which call to rehearse, and what the caller is told at its end.

/** @import { DrillCall, DrillEnd } from "../../../tests/ui/types/wire.js" */

import { beginDrill, finishDrill } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { choice, form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";

/** @type {readonly DrillCall[]} */
const CALLS = Object.freeze(["locked", "lost-phone", "administrator", "stranger"]);
/** @type {readonly DrillEnd[]} */
const ENDS = Object.freeze(["helped", "handed-on", "declined"]);

export const drillDialog = panel({
  load: () => ({}),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** The window begins anew with it. @param {Record<string, string>} values */
    async submit({ call }) {
      const chosen = CALLS.find((one) => one === call);
      if (!chosen || !(await panel.act(() => beginDrill({ call: chosen })))) return;
      app.closeDialog();
      await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    const open = situation.open;
    return dialogHead(t("drill.title"),
      h("p", null, t("drill.lead")),
      h("p", null, t("drill.kept")),
      open && !open.drill && note("info", h("p", null, words.rich("drill.aside", { name: h("bdi", { class: "strong" }, open.name) }))),
      form(words, panel, {
        submit: panel.busy ? t("drill.busy") : t("drill.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "drill.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      }, choice(panel, { name: "call", label: t("drill.which"), options: CALLS.map((call) => ({ value: call, text: t(`drill.call.${call}`) })) })));
  },
});

export const drillFinish = panel({
  load: () => ({}),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {DrillEnd} end */
    async tell(end) {
      if (!(await panel.act(() => finishDrill({ end })))) return;
      app.closeDialog();
      await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    return dialogHead(t("drill.finish"),
      h("p", null, t("drill.tell")),
      h("div", { class: "drill-ends" }, ENDS.map((end) =>
        h("button", { key: `drill.tell.${end}`, type: "button", "aria-disabled": panel.busy ? "true" : null, onclick: () => on.tell(end) }, t(`drill.end.${end}`)))),
      h("div", { role: "alert" }, panel.refusal && note("danger", h("p", null, words.refusal(panel.refusal)))),
      h("div", { class: "buttons" }, h("button", { key: "drill-finish.cancel", type: "button", onclick: on.cancel }, t("drill.notYet"))));
  },
});
