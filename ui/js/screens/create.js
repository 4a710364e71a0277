// A new workspace and its owner.

/** @import { Language } from "../../../tests/ui/types/wire.js" */

import { createWorkspace } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { check, choice, field, form } from "../parts/form.js";
import { heading, note } from "../parts/note.js";

export const create = panel({
  load: () => ({}),
  on: (app, panel) => ({
    back: () => app.go("start"),
    /** @param {Event} event */
    speak: (event) => {
      if (!(event.target instanceof HTMLSelectElement)) return;
      void app.setPreferences({ theme: app.state().situation.theme, language: /** @type {Language} */ (event.target.value) });
    },
    /** @param {Record<string, string>} values */
    async submit({ name = "", ownerName = "", ownerEmail = "", ownerPassword = "", passphrase = "", keyring }) {
      const { language } = app.state().situation;
      if (await panel.act(() => createWorkspace({ language, name, ownerName, ownerEmail, ownerPassword, passphrase, keyring: keyring !== undefined }))) await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    return [
      heading(t("create.title")),
      form(words, panel, {
        submit: panel.busy ? t("create.busy") : t("create.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "create.back", type: "button", onclick: on.back }, t("form.cancel")),
        claimed: ["email-invalid", "password-too-short", "password-too-long", "password-common", "passphrase-too-short", "passphrase-common"],
      },
        h("fieldset", null, h("legend", null, t("create.workspace")),
          choice(panel, { name: "language", label: t("create.language"), value: situation.language, hint: t("create.languageHint"), options: [{ value: "en", text: "English" }, { value: "fr", text: "Français" }], onchange: on.speak }),
          field(words, panel, { name: "name", label: t("create.name"), hint: t("create.nameHint"), first: true })),
        h("fieldset", null, h("legend", null, t("create.you")),
          h("p", { class: "hint" }, t("create.youHint")),
          field(words, panel, { name: "ownerName", label: t("create.ownerName") }),
          field(words, panel, { name: "ownerEmail", type: "email", label: t("form.email"), claims: ["email-invalid"] }),
          field(words, panel, { name: "ownerPassword", type: "password", label: t("form.password"), hint: t("create.passwordHint"), least: 8, meter: true, autocomplete: "new-password", claims: ["password-too-short", "password-too-long", "password-common"] })),
        h("fieldset", null, h("legend", null, t("create.vaultLegend")),
          h("p", { class: "hint" }, t("create.passphraseHint")),
          field(words, panel, { name: "passphrase", type: "password", label: t("create.passphrase"), least: 12, meter: true, autocomplete: "new-password", claims: ["passphrase-too-short", "passphrase-common"] }),
          field(words, panel, { name: "passphraseAgain", type: "password", label: t("create.passphraseAgain"), same: "passphrase", autocomplete: "new-password" }),
          check(panel, { name: "keyring", label: t("create.keyring"), hint: t("create.keyringHint") })),
        note("warn", h("p", null, h("strong", null, t("create.localTitle"))), h("p", null, t("create.local")))),
    ];
  },
});
