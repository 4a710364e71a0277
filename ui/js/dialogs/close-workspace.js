// Close workspace: wipes the keys from memory.

import { closeWorkspace } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";

export const closeWorkspaceDialog = panel({
  load: () => ({}),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    async submit() {
      if (!(await panel.act(() => closeWorkspace({})))) return;
      app.closeDialog();
      await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    return dialogHead(t("workspace.close"),
      h("p", null, t(situation.open?.remote ? "workspace.closeDesk" : "workspace.closeLead")),
      form(words, panel, { submit: t("workspace.closeSubmit"), onsubmit: on.submit, beside: h("button", { key: "close-workspace.cancel", type: "button", onclick: on.cancel }, t("form.cancel")) }));
  },
});
