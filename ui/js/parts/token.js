// What a token is called, and what kind it is.

/** @import { OwnToken, TokenView } from "../../../tests/ui/types/wire.js" */
/** @import { Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { icon } from "./icon.js";

/** @param {Words} words @param {Pick<TokenView, "serial" | "maker" | "label">} token */
export const tokenName = ({ t }, { serial, maker, label }) => [maker, serial ?? label].filter((word) => word !== null).join(" ") || t("tokens.one");

/** @param {Words} words @param {Pick<TokenView, "kind" | "digits">} token */
export const tokenKind = (words, { kind, digits }) => words.t(kind === "time" ? "tokens.kind.time" : "tokens.kind.counter", { digits: words.number(digits) });

/**
 * One's own tokens that wait for their first code.
 * @param {Words} words
 * @param {OwnToken[]} tokens
 * @param {(token: OwnToken) => void} activate
 */
export const waitingTokens = (words, tokens, activate) =>
  tokens.length > 0 && h("ul", { class: "authenticators", "aria-label": words.t("tokens.waiting") }, tokens.map((token) =>
    h("li", null, icon("key"),
      h("div", { class: "authenticator" },
        h("p", { class: "authenticator-name" }, h("bdi", { class: "clip strong", title: token.name }, token.name || words.t("tokens.one")), h("span", { class: "chip warn" }, words.t("tokens.state.assigned"))),
        h("p", { class: "sub" }, words.t(token.origin === "hardware" ? "tokens.waitsHardware" : "tokens.waitsBrought"))),
      h("button", { key: `token.activate.${token.id}`, type: "button", onclick: () => activate(token), "aria-label": words.t("tokens.activateOne", { name: token.name || words.t("tokens.one") }) }, words.t("tokens.activate")))));
