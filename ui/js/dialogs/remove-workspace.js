// Removes a workspace from this computer: says what goes, offers a backup first, and asks for the name.

/** @import { PanelState, Words } from "../../../tests/ui/types/page.js" */
/** @import { KnownWorkspace } from "../../../tests/ui/types/wire.js" */

import { removeWorkspace } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";

/**
 * What is kept here of a workspace on a server: that has all of it, so nothing has to be typed.
 * @param {Words} words
 * @param {PanelState} panel
 * @param {{ submit: (values: Record<string, string>) => void, cancel: () => void }} on
 * @param {HTMLElement} shown
 * @param {string} server
 * @param {string} name
 */
const desk = (words, panel, on, shown, server, name) =>
  dialogHead(words.t("remove.title"),
    h("p", null, words.rich("remove.desk", { name: shown, server: h("span", { dir: "ltr", class: "strong breaks" }, server) })),
    h("p", null, words.t("remove.deskServer")),
    form(words, panel, {
      submit: words.t("remove.deskSubmit"),
      onsubmit: () => on.submit({ name }),
      danger: true,
      beside: h("button", { key: "remove-workspace.cancel", type: "button", onclick: on.cancel }, words.t("form.cancel")),
    }));

export const removeWorkspaceDialog = panel({
  load: () => ({ workspace: /** @type {KnownWorkspace | null} */ (null), leaveKeyring: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    open() {
      const { workspace } = panel.read().data;
      app.closeDialog();
      if (workspace) app.go("open", workspace.id);
    },
    /** @param {Record<string, string>} values */
    async submit({ name = "" }) {
      const { workspace, leaveKeyring } = panel.read().data;
      if (!workspace) return;
      if (await panel.act(() => removeWorkspace({ id: workspace.id, name, leaveKeyring }))) {
        app.closeDialog();
        app.say("remove.done", { name: workspace.name });
        await app.refresh();
      } else if (panel.read().refusal?.code === "keyring-entry-stays") panel.patch({ leaveKeyring: true });
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { workspace, leaveKeyring } = panel.data;
    const name = h("bdi", { class: "strong" }, workspace?.name);
    if (workspace?.server) return desk(words, panel, on, name, workspace.server, workspace.name);
    return dialogHead(t("remove.title"),
      workspace && workspace.restoredAt !== null && h("p", { class: "sub" }, t("start.restoredAt", { at: words.dateTime(workspace.restoredAt) })),
      h("p", null, t("remove.lead")),
      h("ul", { class: "facts" },
        h("li", null, words.rich("remove.file", { name })),
        h("li", null, t("remove.copies")),
        h("li", null, t("remove.keyring"))),
      h("p", null, t("remove.stay")),
      note("warn",
        h("p", { class: "strong" }, t("remove.backupTitle")),
        h("p", null, t("remove.backup")),
        h("div", { class: "buttons" }, h("button", { key: "remove-workspace.open", type: "button", onclick: on.open }, t("remove.open")))),
      form(words, panel, {
        submit: t(leaveKeyring ? "remove.anyway" : "remove.submit"),
        onsubmit: on.submit,
        danger: true,
        beside: h("button", { key: "remove-workspace.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: ["name-differs"],
      }, field(words, panel, { name: "name", label: t("remove.name"), claims: ["name-differs"] })));
  },
});
