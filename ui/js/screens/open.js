// Opens a workspace with its vault passphrase.

import { openVault } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { heading } from "../parts/note.js";

export const open = panel({
  load: () => ({}),
  on: (app, panel) => ({
    back: () => app.go("start"),
    /** @param {Record<string, string>} values */
    async submit({ passphrase = "" }) {
      const id = panel.read().id ?? "";
      if (await panel.act(() => openVault({ id, passphrase }))) await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    const workspace = situation.known.find(({ id }) => id === panel.id);
    return [
      heading(t("open.title")),
      h("p", { class: "lead" }, h("bdi", { class: "clip", title: workspace?.name }, workspace?.name)),
      form(words, panel, {
        submit: panel.busy ? t("open.busy") : t("open.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "open.back", type: "button", onclick: on.back }, t("form.back")),
        claimed: ["vault-passphrase-wrong"],
      }, field(words, panel, { name: "passphrase", type: "password", label: t("create.passphrase"), hint: t("open.hint"), first: true, autocomplete: "current-password", claims: ["vault-passphrase-wrong"] })),
    ];
  },
});
