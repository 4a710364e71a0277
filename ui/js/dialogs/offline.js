// A recovery code that was issued without the server is made void, before anybody uses it.

/** @import { OfflineCodeRow } from "../../../tests/ui/types/wire.js" */

import { voidOfflineCode } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";

export const offlineVoid = panel({
  load: () => ({ code: /** @type {OfflineCodeRow | null} */ (null) }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    async submit() {
      const { code } = panel.read().data;
      if (!code) return;
      const { epoch, issuer, sequence, person } = code;
      if (!(await panel.act(() => voidOfflineCode({ epoch, issuer, sequence })))) return;
      app.closeDialog();
      app.say("offline.voided", { name: person?.name ?? app.state().words.t("offline.erased") });
      await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { code } = panel.data;
    if (!code) return [];
    const name = h("bdi", { class: "strong" }, code.person?.name ?? t("offline.erased"));
    return dialogHead(t("offline.voidTitle"),
      h("ul", { class: "facts" }, h("li", null, words.rich("offline.voidLead", { name })), h("li", null, t("offline.voidAgain"))),
      form(words, panel, {
        submit: t("offline.void"), onsubmit: on.submit, danger: true,
        beside: h("button", { key: "offline-void.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      }));
  },
});
