// Settings → Workspace → This workspace: how its encrypted file opens.

import { readBackups, readVault } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { backupCards, onBackups } from "../parts/backup-cards.js";
import { keyCard, kitCard } from "../parts/kit-card.js";
import { movingCard, onMoving } from "../parts/moving.js";
import { heading, note } from "../parts/note.js";

export const vault = panel({
  async load() {
    const [ways, backups] = await Promise.all([readVault({}), readBackups({})]);
    return { ...ways, backups };
  },
  on: (app) => ({
    ...onBackups(app),
    ...onMoving(app),
    passphrase: () => app.ask("passphrase"),
    add: () => app.ask("keyring"),
    /** @param {boolean} hasKit */
    remove: (hasKit) => app.ask("keyring-remove", { hasKit }),
    kit: () => app.ask("kit-renew"),
    /** @param {boolean} hasKit */
    rotate: (hasKit) => app.ask("rotate", { hasKit }),
  }),
  view({ words, situation, account }, { data }, on) {
    const { t } = words;
    const { keyringMadeAt, keyringThere, passphraseMadeAt } = data;
    const added = keyringMadeAt !== null;
    const hasKit = data.kitMadeAt !== null;
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
            ? h("button", { key: "vault.removeKeyring", type: "button", onclick: () => on.remove(hasKit) }, t("vault.removeKeyring"))
            : h("button", { key: "vault.addKeyring", type: "button", "aria-disabled": keyringThere ? null : "true", "aria-describedby": "keyring-why", onclick: () => keyringThere && on.add() }, t("vault.addKeyring"))),
        h("p", { class: "sub", id: "keyring-why" }, added ? t("vault.keyringSince", { at: words.dateTime(keyringMadeAt) }) : t(keyringThere ? "vault.keyringHint" : "vault.noKeyring"))),
      kitCard(words, data, account?.kitTrouble ?? null, on),
      keyCard(words, { rotate: () => on.rotate(hasKit) }),
      backupCards(words, data.backups, on),
      movingCard(words, situation.open?.away ?? null, on),
      note("info", h("p", null, t("create.local"))),
    ];
  },
});
