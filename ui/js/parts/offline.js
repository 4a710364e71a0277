// Recovery codes without the server, on the support desk: those that were issued at this computer, and all that the server knows of.

/** @import { IssuedHere, OfflineCodeRow, OfflineDesk, OfflineState } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { personName } from "./note.js";

/** @type {Readonly<Record<OfflineState, { tone: string, label: Key }>>} */
export const OFFLINE_STATES = Object.freeze({
  issued: { tone: "warn", label: "offline.state.issued" }, used: { tone: "ok", label: "offline.state.used" },
  expired: { tone: "plain", label: "offline.state.expired" }, void: { tone: "plain", label: "offline.state.void" },
});

/**
 * What was issued at this computer; nothing where that is nothing and the server is there.
 * @param {Words} words
 * @param {OfflineDesk | null} desk
 * @param {boolean} away
 * @returns {Child}
 */
export function issuedHere(words, desk, away) {
  const { t } = words;
  if (!desk || (!away && desk.issued.length === 0)) return null;
  return h("section", { class: "desk-part" }, h("h2", null, t("offline.here")),
    away && h("p", { class: "sub" }, desk.refused ? words.refusal(desk.refused) : t("offline.hereLead")),
    desk.issued.length === 0
      ? h("p", { class: "empty small" }, t("offline.noneHere"))
      : h("ul", { class: "desk-list" }, desk.issued.map((issued) => item(words, issued))));
}

/** @param {Words} words @param {IssuedHere} issued */
const item = ({ t, moment }, { person, issuedAt, expiresAt, told }) =>
  h("li", { class: "card" },
    h("header", null,
      h("a", { key: `offline.here.${person.id}.${issuedAt}`, class: "who plain", href: `#/users/${person.id}` }, h("bdi", { class: "clip strong" }, person.name), h("span", { class: "clip sub", dir: "ltr" }, person.email)),
      h("span", { class: `chip ${told ? "ok" : "warn"}` }, t(told ? "offline.told" : "offline.untold"))),
    h("p", { class: "sub" }, t("offline.issuedAt", { at: moment(issuedAt) }), " · ", t("offline.goodUntil", { at: moment(expiresAt) })));

/**
 * What the server knows of.
 * @param {Words} words
 * @param {OfflineCodeRow[] | null} rows null where the server is not reached
 * @param {(row: OfflineCodeRow) => void} makeVoid
 */
export function codesKnown(words, rows, makeVoid) {
  const { t } = words;
  return h("section", { class: "desk-part" }, h("h2", null, t("offline.codes")),
    rows === null
      ? h("p", { class: "sub" }, t("offline.codesUnknown"))
      : rows.length === 0 ? h("p", { class: "empty small" }, t("offline.codesNone")) : [h("p", { class: "sub" }, t("offline.codesLead")), table(words, rows, makeVoid)]);
}

/** @param {OfflineCodeRow} row */
export const codeId = ({ epoch, issuer, sequence }) => `${epoch}-${issuer}-${sequence}`;

/** Until when it is good, or when it ended. @param {Words} words @param {OfflineCodeRow} row */
export const codeWhen = ({ t, dateTime }, { state, expiresAt, endedAt }) =>
  (state === "issued" ? t("offline.until", { at: dateTime(expiresAt) }) : dateTime(state === "expired" || endedAt === null ? expiresAt : endedAt));

/**
 * @param {Words} words
 * @param {OfflineCodeRow[]} codes
 * @param {(row: OfflineCodeRow) => void} makeVoid
 */
function table(words, codes, makeVoid) {
  const { t } = words;
  return h("data-table", { key: "offline.table", "data-stays": true, class: "table-devices table-offline", options: {
    key: "offline", label: t("offline.codes"), total: codes.length,
    rows: codes.map((code) => row(words, code, makeVoid)),
    activate: (/** @type {string} */ id) => {
      const code = codes.find((one) => codeId(one) === id);
      if (code?.mayVoid) makeVoid(code);
    },
    columns: [
      { name: t("offline.for"), class: "wide" },
      { name: t("offline.by"), class: "wide" },
      { name: t("devices.state"), class: "state-cell" },
      { name: t("users.menu"), class: "act-cell", hidden: true },
    ],
  } });
}

/**
 * @param {Words} words
 * @param {OfflineCodeRow} code
 * @param {(row: OfflineCodeRow) => void} makeVoid
 */
function row(words, code, makeVoid) {
  const { t } = words;
  const { person, staff, device, issuedAt, state, mayVoid } = code;
  const { tone, label } = OFFLINE_STATES[state];
  const name = person?.name ?? t("offline.erased");
  const desk = t("offline.atDesk", { device: device ?? t("offline.noDesk"), at: words.dateTime(issuedAt) });
  return {
    id: codeId(code),
    label: [name, t(label), staff?.name].filter(Boolean).join(", "),
    cells: [
      person ? [h("span", { class: "clip strong" }, personName(person)), h("span", { class: "clip sub", dir: "ltr" }, person.email)] : h("span", { class: "clip sub", title: name }, name),
      [h("span", { class: "clip" }, staff ? personName(staff) : t("offline.nobody")), h("span", { class: "clip sub", title: desk }, desk)],
      [h("span", { class: `chip ${tone}` }, t(label)), h("span", { class: "clip sub", title: codeWhen(words, code) }, codeWhen(words, code))],
      mayVoid && h("button", { key: `offline.void.${codeId(code)}`, type: "button", class: "danger", tabindex: -1, "aria-label": t("offline.voidOne", { name }), onclick: () => makeVoid(code) }, t("offline.void")),
    ],
  };
}
