// Settings → Workspace → This workspace: how its encrypted file opens.

import { readVault } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { heading, note } from "../parts/note.js";

export const vault = panel({
  load: () => readVault({}),
  on: (app) => ({
    passphrase: () => app.ask("passphrase"),
    add: () => app.ask("keyring"),
    remove: () => app.ask("keyring-remove"),
  }),
  view({ words, situation }, { data }, on) {
    const { t } = words;
    const { keyringMadeAt, keyringThere, passphraseMadeAt } = data;
    const added = keyringMadeAt !== null;
    return [
      h("p", { class: "crumbs" }, t("vault.crumbs")),
      heading(t("vault.title")),
      h("p", { class: "lead" }, words.rich("vault.lead", { name: h("bdi", { class: "strong" }, situation.open?.name) })),
      h("h2", { class: "section" }, t("vault.ways")),
      h("section", { class: "card", "aria-labelledby": "passphrase-title" },
        h("header", null, h("h3", { id: "passphrase-title" }, t("create.passphrase")),
          h("button", { key: "vault.passphrase", type: "button", onclick: on.passphrase }, t("vault.changePassphrase"))),
        h("p", { class: "sub" }, passphraseMadeAt === null ? t("vault.firstPassphrase") : t("vault.changedAt", { at: words.dateTime(passphraseMadeAt) }))),
      h("section", { class: "card", "aria-labelledby": "keyring-title" },
        h("header", null, h("h3", { id: "keyring-title" }, t("vault.keyring")),
          added
            ? h("button", { key: "vault.removeKeyring", type: "button", onclick: on.remove }, t("vault.removeKeyring"))
            : h("button", { key: "vault.addKeyring", type: "button", "aria-disabled": keyringThere ? null : "true", "aria-describedby": "keyring-why", onclick: () => keyringThere && on.add() }, t("vault.addKeyring"))),
        h("p", { class: "sub", id: "keyring-why" }, added ? t("vault.keyringSince", { at: words.dateTime(keyringMadeAt) }) : t(keyringThere ? "vault.keyringHint" : "vault.noKeyring"))),
      note("info", h("p", null, t("create.local"))),
    ];
  },
});
