// On "This workspace": the recovery kit, and the key that it and the other ways in lead to.

/** @import { Child, Words } from "../../../tests/ui/types/page.js" */
/** @import { KitTrouble, VaultView } from "../../../tests/ui/types/wire.js" */

import { h } from "../dom.js";
import { KIT_TROUBLES } from "./kit.js";
import { note } from "./note.js";

/**
 * @param {Words} words
 * @param {VaultView} view
 * @param {KitTrouble | null} trouble
 * @param {{ kit: () => void }} on
 * @returns {Child}
 */
export const kitCard = ({ t, dateTime }, { kitMadeAt }, trouble, on) =>
  h("section", { class: "card", "aria-labelledby": "kit-title" },
    h("header", null, h("h3", { id: "kit-title" }, t("kit.title")),
      h("button", { key: "vault.kit", type: "button", class: trouble ? "primary" : null, onclick: on.kit }, t("kit.renew"))),
    h("p", { class: "sub" }, kitMadeAt === null ? t("kit.none") : t("kit.since", { at: dateTime(kitMadeAt) }), " ", t("kit.about")),
    trouble && trouble !== "missing" && note("warn", h("p", null, t(KIT_TROUBLES[trouble]))));

/**
 * @param {Words} words
 * @param {{ rotate: () => void }} on
 * @returns {Child}
 */
export const keyCard = ({ t }, on) =>
  h("section", { class: "card", "aria-labelledby": "key-title" },
    h("header", null, h("h3", { id: "key-title" }, t("rotate.card")),
      h("button", { key: "vault.rotate", type: "button", onclick: on.rotate }, t("rotate.title"))),
    h("p", { class: "sub" }, t("rotate.about")));
