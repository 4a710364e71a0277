// What staff check before they believe somebody: the workspace's own list, one entry a field.

import { setChecklist } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";

const ENTRIES = 8;

export const checklistDialog = panel({
  load: () => ({ entries: /** @type {string[]} */ ([]) }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const entries = Array.from({ length: ENTRIES }, (_, index) => values[`entry-${index}`] ?? "");
      let kept = false;
      if (!(await panel.act(async () => void (kept = (await setChecklist({ entries })).waits ?? false)))) return;
      app.closeDialog();
      app.say(kept ? "waiting.kept" : "desk.checklistSaved");
      await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { entries } = panel.data;
    return dialogHead(t("desk.checklist"),
      h("p", null, t("desk.checklistLead")),
      form(words, panel, {
        submit: t("desk.checklistSave"), onsubmit: on.submit,
        beside: h("button", { key: "checklist.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      }, Array.from({ length: ENTRIES }, (_, index) =>
        field(words, panel, { name: `entry-${index}`, label: t("desk.entry", { number: words.number(index + 1) }), value: entries[index] ?? "", optional: index > 0, first: index === 0 }))));
  },
});
