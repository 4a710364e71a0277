// What one should see to, on every screen inside until it is done.

/** @import { App, State, Words } from "../../../tests/ui/types/page.js" */
/** @import { BackupDue, KitUsed } from "../../../tests/ui/types/wire.js" */

import { acknowledgeKit, putOffBackup } from "../commands.js";
import { h } from "../dom.js";
import { counts } from "../outbox.js";
import { graceText } from "./grace.js";
import { icon } from "./icon.js";
import { KIT_TROUBLES } from "./kit.js";
import { countSentence, pressing } from "./mail.js";
import { awaySaid } from "./moving.js";
import { linkStrip } from "./place.js";

/**
 * @param {State} state
 * @param {App} app
 */
export function banners({ words, account, screen, situation }, app) {
  const { t, n } = words;
  const lost = linkStrip({ words, situation, account }, app);
  if (lost) return lost;
  if (!account || situation.sheet) return null;
  const away = situation.open?.away;
  if (away) {
    const looks = situation.open?.me?.keepsVault && screen.name !== "vault";
    return banner(awaySaid(words, away), looks ? h("button", { key: "banner.away", type: "button", onclick: () => app.go("vault") }, t("vault.title")) : null);
  }
  const { refused } = counts(situation);
  if (refused > 0 && screen.name !== "waiting") {
    return banner(n("banner.refused", refused), h("button", { key: "banner.refused", type: "button", onclick: () => app.go("waiting") }, t("undone.look")));
  }
  const { kitUsed, kitTrouble } = account;
  if (kitUsed) {
    const said = kitUse(words, kitUsed);
    const know = () => void acknowledgeKit({}).then(() => app.reload(), () => app.refresh());
    return banner(said, h("button", { key: "banner.kitUsed", type: "button", onclick: know }, t("kit.used.know")));
  }
  const renew = h("button", { key: "banner.renew", type: "button", onclick: () => app.ask("renew") }, t("codes.renew"));
  const { factor } = account;
  if (!factor) {
    if (screen.name === "protect" || screen.name === "profile") return null;
    return banner(account.graceUntil === null ? t("banner.noFactor") : graceText(words, account.graceUntil), h("button", { key: "banner.enable", type: "button", onclick: () => app.ask("enable") }, t("factor.enableLong")));
  }
  const here = !situation.open?.remote;
  if (here && kitTrouble && screen.name !== "vault") {
    return banner(t(KIT_TROUBLES[kitTrouble]), h("button", { key: "banner.kit", type: "button", onclick: () => app.ask("kit-renew") }, t("kit.renew")));
  }
  if (screen.name === "profile" || !account.backupCodes) return null;
  if (!factor.codesSaved && factor.codesLeft > 0) return banner(t("banner.unsaved"), renew);
  if (factor.codesLeft === 0) return banner(t("banner.none"), renew);
  if (factor.codesLeft <= 3) return banner(n("banner.few", factor.codesLeft), renew);
  const stuck = pressing(account.mail).find(({ state, failure }) => state === "waiting" && failure !== null);
  if (stuck && !screen.name.startsWith("mail")) {
    return banner(t("banner.mail", { what: countSentence(words, stuck) }), h("button", { key: "banner.mail", type: "button", onclick: () => app.go("mail") }, t("banner.mailLook")));
  }
  return screen.name === "vault" || !here ? null : backupBanner(words, situation.open?.me?.backupDue ?? null, app);
}

/** What it was used for. @param {Words} words @param {KitUsed} used */
function kitUse({ t, dateTime }, { at, owner, forCase, caseOf }) {
  const values = { at: dateTime(at), name: owner?.name ?? t("journal.somebody") };
  if (forCase) return caseOf ? t("kit.used.case", { ...values, subject: caseOf.name }) : t("kit.used.caseElsewhere", values);
  return owner ? t("kit.used.owner", values) : t("kit.used.vault", values);
}

/**
 * @param {Words} words
 * @param {BackupDue | null} due
 * @param {App} app
 */
function backupBanner({ t }, due, app) {
  if (!due) return null;
  const later = () => void putOffBackup({}).then(() => app.refresh(), () => app.refresh());
  const text = t(due === "never" ? "banner.backup.never" : "banner.backup.old");
  return h("div", { class: "banner", role: "region", "aria-label": text }, icon("info"), h("p", null, text),
    h("button", { key: "banner.backUp", type: "button", onclick: () => app.ask("backup") }, t("backup.now")),
    h("button", { key: "banner.later", type: "button", class: "link", onclick: later }, t("banner.later")));
}

/**
 * @param {string} text
 * @param {HTMLElement | null} button
 */
const banner = (text, button) => h("div", { class: "banner warn", role: "region", "aria-label": text }, icon("warn"), h("p", null, text), button);
