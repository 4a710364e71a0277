// Change the passphrase of this desk: what this computer keeps of a workspace on a server.

import { changeDeskPassphrase } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";

export const deskPassphrase = panel({
  load: () => ({}),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit({ present = "", passphrase = "" }) {
      if (await panel.act(() => changeDeskPassphrase({ present, passphrase }))) {
        app.closeDialog();
        app.say("deskPassphrase.done");
      }
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    return dialogHead(t("deskPassphrase.change"),
      h("p", null, t("deskPassphrase.lead")),
      form(words, panel, {
        submit: panel.busy ? t("passphrase.busy") : t("deskPassphrase.change"),
        onsubmit: on.submit,
        beside: h("button", { key: "desk-passphrase.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: ["desk-passphrase-wrong", "passphrase-too-short", "passphrase-common"],
      },
        field(words, panel, { name: "present", type: "password", label: t("deskPassphrase.present"), autocomplete: "off", claims: ["desk-passphrase-wrong"] }),
        field(words, panel, { name: "passphrase", type: "password", label: t("deskPassphrase.new"), least: 12, meter: true, autocomplete: "new-password", claims: ["passphrase-too-short", "passphrase-common"] }),
        field(words, panel, { name: "again", type: "password", label: t("deskPassphrase.again"), same: "passphrase", autocomplete: "new-password" })));
  },
});
