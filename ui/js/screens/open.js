// Opens a workspace with its vault passphrase.

import { openByKeyring, openVault } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { icon } from "../parts/icon.js";
import { heading } from "../parts/note.js";

export const open = panel({
  load: () => ({}),
  on: (app, panel) => ({
    back: () => app.go("start"),
    kit: () => app.go("open-kit", panel.read().id),
    async keyring() {
      const id = panel.read().id ?? "";
      if (await panel.act(() => openByKeyring({ id }))) await app.refresh();
    },
    /** @param {Record<string, string>} values */
    async submit({ passphrase = "" }) {
      const id = panel.read().id ?? "";
      if (await panel.act(() => openVault({ id, passphrase }))) await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    const workspace = situation.known.find(({ id }) => id === panel.id);
    const server = workspace?.server ?? null;
    return [
      heading(t("open.title")),
      h("p", { class: "lead" }, h("bdi", { class: "clip", title: workspace?.name }, workspace?.name)),
      server !== null && h("p", { class: "sub", dir: "auto" }, t(workspace?.device ? "start.onServerAs" : "start.onServer", { server, device: workspace?.device ?? "" })),
      workspace?.keyring && h("div", { class: "buttons" },
        h("button", { key: "open.keyring", type: "button", class: "primary", "data-first": true, "aria-disabled": panel.busy ? "true" : null, onclick: on.keyring }, icon("key"), t("open.keyring"))),
      workspace?.keyring && h("p", { class: "hint" }, t("open.orPassphrase")),
      form(words, panel, {
        submit: panel.busy ? t("open.busy") : t("open.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "open.back", type: "button", onclick: on.back }, t("form.back")),
        claimed: ["vault-passphrase-wrong"],
      }, field(words, panel, { name: "passphrase", type: "password", label: t(server === null ? "create.passphrase" : "pair.passphrase"), hint: t(server === null ? "open.hint" : "open.deskHint"), first: !workspace?.keyring, autocomplete: "current-password", claims: ["vault-passphrase-wrong"] })),
      server === null && h("p", { class: "aside" }, h("button", { key: "open.kit", type: "button", class: "link", onclick: on.kit }, icon("key"), t("openKit.title"))),
    ];
  },
});
