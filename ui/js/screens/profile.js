// Profile and security: one's own account.

/** @import { Profile } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Words } from "../../../tests/ui/types/page.js" */

import { withoutServer } from "../bridge.js";
import { preferAuthenticator, readOwnTokens, readProfile } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { authenticatorList } from "../parts/authenticators.js";
import { graceText } from "../parts/grace.js";
import { icon, pips } from "../parts/icon.js";
import { openMenu } from "../parts/menu.js";
import { heading, note } from "../parts/note.js";
import { preferences } from "../parts/preferences.js";
import { roleNames } from "../parts/roles.js";
import { waitingTokens } from "../parts/token.js";

export const profile = panel({
  async load() {
    const [profile, own] = await Promise.all([readProfile({}), readOwnTokens({}).catch(withoutServer)]);
    return { ...profile, tokens: own?.tokens ?? [] };
  },
  on: (app, panel) => ({
    app,
    /** @param {string} id @param {HTMLElement} anchor */
    authenticator(id, anchor) {
      const all = panel.read().data.factor?.authenticators ?? [];
      const each = all.find((authenticator) => authenticator.id === id);
      if (!each) return;
      const { words } = app.state();
      const { t } = words;
      const prefer = async () => {
        if (await panel.act(() => preferAuthenticator({ id }))) await app.reload();
      };
      /** @type {import("../parts/menu.js").Item[]} */
      const items = [{ label: t("authenticator.rename"), act: () => app.ask("rename-authenticator", { id, name: each.name }) }];
      if (each.token) items.push({ label: t("tokens.resync"), act: () => app.ask("token-resync", { id, name: each.name }) });
      if (all.length > 1) items.push({ label: t("authenticator.prefer"), refused: each.preferred ? t("authenticator.preferred") : null, act: () => void prefer() });
      items.push({ label: t("authenticator.remove"), danger: true, refused: all.length > 1 ? null : words.refusal({ code: "last-authenticator" }), act: () => app.ask("remove-authenticator", { id, name: each.name }) });
      openMenu(anchor, t("users.actions", { name: each.name }), items);
    },
    /** @param {import("../../../tests/ui/types/wire.js").OwnToken} token */
    activate: (token) => app.ask("token-activate", { token }),
    enable: () => app.ask("enable"),
    disable: () => app.ask("disable"),
    renew: () => app.ask("renew"),
    password: () => app.ask("password"),
    desk: () => app.ask("desk-passphrase"),
    /** @param {string} email */
    email: (email) => app.ask("own-email", { email }),
    /** @param {string} email */
    second: (email) => app.ask("second-email", { person: null, email }),
  }),
  view(state, { data }, on) {
    const { t } = state.words;
    return [
      heading(t("profile.title")),
      h("section", { class: "card who-card" },
        h("div", { class: "who" },
          h("bdi", { class: "clip strong", title: data.name }, data.name),
          h("span", { class: "clip sub", dir: "ltr", title: data.email }, data.email)),
        data.secondEmail && h("p", { class: "sub breaks" }, state.words.rich("second.also", { email: h("bdi", { dir: "ltr" }, data.secondEmail) })),
        h("p", { class: "sub clip", dir: "auto" }, roleNames(state.words, data)),
        h("div", { class: "buttons" },
          h("button", { key: "profile.email", type: "button", onclick: () => on.email(data.email) }, t("email.title")),
          h("button", { key: "profile.second", type: "button", onclick: () => on.second(data.secondEmail ?? "") }, t("second.title")))),
      h("h2", { class: "section" }, t("profile.security")),
      data.tokens.length > 0 && h("section", { class: "card", "aria-labelledby": "tokens-title" },
        h("header", null, h("h3", { id: "tokens-title" }, t("tokens.waiting"))), waitingTokens(state.words, data.tokens, on.activate)),
      factor(state.words, data, on),
      data.factor && (data.backupCodes ? codes(state.words, data.factor, on) : note("info", h("p", null, t("codes.off")))),
      h("section", { class: "card", "aria-labelledby": "password-title" },
        h("header", null, h("h3", { id: "password-title" }, t("password.title")),
          h("button", { key: "profile.password", type: "button", onclick: on.password }, t("password.change")))),
      state.situation.open?.remote && state.situation.open.me?.ownDevice && h("section", { class: "card", "aria-labelledby": "desk-title" },
        h("header", null, h("h3", { id: "desk-title" }, t("deskPassphrase.title")),
          h("button", { key: "profile.desk", type: "button", onclick: on.desk }, t("deskPassphrase.change"))),
        h("p", { class: "sub" }, t("deskPassphrase.sub"))),
      h("h2", { class: "section" }, t("profile.appearance")),
      h("section", { class: "card" }, preferences(state, on.app)),
    ];
  },
});

/**
 * @param {Words} words
 * @param {Profile} profile
 * @param {{ enable: () => void, disable: () => void, authenticator: (id: string, anchor: HTMLElement) => void }} on
 */
function factor(words, { factor: active, factorRequired, graceUntil, disableRefused, disableRefusedBy }, on) {
  const { t } = words;
  const status = h("span", { class: `chip ${active ? "ok" : "warn"}` }, icon(active ? "check" : "warn"), t(active ? "factor.on" : "factor.off"));
  const title = h("h3", { id: "factor-title" }, t("factor.title"), " ", status);
  if (!active) {
    return h("section", { class: "card", "aria-labelledby": "factor-title" },
      h("header", null, title, h("button", { key: "profile.enable", type: "button", class: "primary", onclick: on.enable }, t("factor.enable"))),
      note("warn", h("p", null, graceUntil === null ? t(factorRequired ? "factor.required" : "factor.recommended") : graceText(words, graceUntil))),
      h("p", { class: "sub" }, h("a", { key: "profile.bring", href: "#/import-seeds/own" }, t("seeds.bring"))));
  }
  return h("section", { class: "card", "aria-labelledby": "factor-title" },
    h("header", null, title,
      h("button", { key: "profile.disable", type: "button", "aria-disabled": disableRefused ? "true" : null, "aria-describedby": disableRefused ? "why-not" : null, onclick: () => disableRefused ?? on.disable() }, t("factor.disable"))),
    authenticatorList(words, active.authenticators, on.authenticator),
    h("div", { class: "buttons" }, h("button", { key: "profile.add", type: "button", onclick: on.enable }, icon("plus"), t("factor.add")),
      h("a", { key: "profile.bring", class: "button", href: "#/import-seeds/own" }, icon("folder"), t("seeds.bring"))),
    disableRefused && h("p", { class: "hint", id: "why-not" }, t("factor.whyNot"), " ", words.refusal({ code: disableRefused }),
      disableRefusedBy.length > 0 && disableRefused === "disable-forbidden" && [" ", t("factor.askedBy", { communities: disableRefusedBy.join(", ") })]));
}

/**
 * @param {Words} words
 * @param {NonNullable<Profile["factor"]>} factor
 * @param {{ renew: () => void }} on
 */
function codes(words, { codesLeft, codesMadeAt, codesSaved }, on) {
  const { t, n } = words;
  /** @type {Child} */
  const warning = codesLeft === 0 ? note("warn", h("p", null, t("banner.none"))) : !codesSaved ? note("warn", h("p", null, t("codes.unsaved"))) : codesLeft <= 3 ? note("warn", h("p", null, n("banner.few", codesLeft))) : null;
  return h("section", { class: "card", "aria-labelledby": "codes-title" },
    h("header", null, h("h3", { id: "codes-title" }, t("codes.title")),
      h("button", { key: "profile.renew", type: "button", class: codesSaved && codesLeft > 3 ? null : "primary", onclick: on.renew }, t("codes.renew"))),
    h("p", { class: "codes-left" }, pips(codesLeft, n("codes.left", codesLeft)), h("span", { "aria-hidden": "true" }, n("codes.left", codesLeft))),
    h("p", { class: "sub" }, t("codes.madeAt", { at: words.dateTime(codesMadeAt) }), " · ", t("codes.single")),
    warning);
}
