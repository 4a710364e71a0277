// One person beside the list: why they are locked out, what to do about it, and all there is to know.

/** @import { ActionView, PersonAction, PersonView, TokenView, WaitingRow, WhyView } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, State, Words } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { sentence } from "../journal-words.js";
import { isAway, whyNot } from "../offline.js";
import { authenticatorList } from "./authenticators.js";
import { icon, pips } from "./icon.js";
import { note } from "./note.js";
import { reportNote } from "./report.js";
import { CASE_ACTS, reopens, takesTwo } from "./support-case.js";
import { tokenName } from "./token.js";
import { undoneNote } from "./undone.js";

/** @typedef {{ close: () => void, step: (by: number) => void, act: (action: PersonAction) => void, startCase: (action: PersonAction) => void, roles: () => void, resync?: (id: string, name: string) => void, assign?: () => void, settle?: () => void }} PersonHandlers */

/** @param {string} state */
export const tone = (state) => (state === "protected" ? "ok" : ["invited", "deactivated", "signs-in-elsewhere"].includes(state) ? "plain" : "warn");

/** Why somebody is locked out, as a sentence. @param {Words} words @param {WhyView} why */
export function whySentence(words, { code, at, number }) {
  if (code === "clock-off") return words.t((number ?? 0) > 0 ? "why.clock-off.ahead" : "why.clock-off.behind", { number: words.span(number ?? 0) });
  return words.t(/** @type {Key} */ (`why.${code}`), { at: at === null ? "" : words.moment(at) });
}

/**
 * @param {State} now
 * @param {PersonView} view
 * @param {{ journal: boolean, tokens?: boolean, mail?: boolean }} reader
 * @param {PersonHandlers} on
 * @param {{ tokens?: TokenView[] | null, renaming?: WaitingRow | undefined }} beside their tokens, assigned or in use, where they are known; and what one asked for that is not done
 */
export function personPanel(now, view, reader, on, { tokens = [], renaming } = {}) {
  const { words } = now;
  const { t } = words;
  const { person, state, why, factor } = view;
  const aside = h("aside", { class: "person-panel card", "aria-labelledby": "person-title", "data-scrolls": true, key: `person.${person.id}` },
    h("header", null,
      h("div", { class: "who" },
        h("h2", { id: "person-title", tabindex: -1, dir: "auto", class: "person-title" }, person.name),
        h("span", { class: "sub breaks", dir: "ltr" }, person.email),
        view.secondEmail && h("span", { class: "sub breaks" }, words.rich("second.also", { email: h("bdi", { dir: "ltr" }, view.secondEmail) }))),
      h("button", { key: "person.close", type: "button", class: "icon-button", "aria-label": t("form.close"), title: t("form.close"), onclick: on.close }, icon("close"))),
    undoneNote(words, renaming?.words[0] === person.name ? undefined : renaming),
    h("p", null, h("span", { class: `chip ${tone(state)}` }, t(`state.${state}`))),
    view.report && reportNote(words, view.report, () => on.settle?.()),
    !(view.report && why.code === "nothing") && note(why.code === "nothing" ? "ok" : why.code === "invited" || why.code === "signs-in-elsewhere" ? "info" : "warn", h("p", { class: "why" }, whySentence(words, why))),
    actions(now, view.actions, on),
    reader.tokens && h("section", { "aria-labelledby": "person-tokens" },
      h("h3", { id: "person-tokens" }, t("tokens.title")),
      tokens === null
        ? h("p", { class: "sub" }, t("tokens.unknown"))
        : tokens.length === 0 ? h("p", { class: "sub" }, t("tokens.noneHeld")) : h("ul", { class: "plain-list" }, tokens.map((token) => h("li", { class: "breaks" }, h("bdi", null, tokenName(words, token)), " ", h("span", { class: "chip" }, t(`tokens.state.${token.state}`))))),
      tokens && h("div", { class: "buttons" }, h("button", { key: "person.assign", type: "button", onclick: () => on.assign?.() }, t("tokens.assign")))),
    roles(words, view, on),
    factor && h("section", { "aria-labelledby": "person-factor" },
      h("h3", { id: "person-factor" }, t("factor.title")),
      authenticatorList(words, factor.authenticators),
      on.resync && factor.authenticators.filter((each) => each.token).map((each) => h("div", { class: "buttons" },
        h("button", { key: `person.resync.${each.id}`, type: "button", onclick: () => on.resync?.(each.id, each.name) }, t("tokens.resyncOne", { name: each.name })))),
      h("p", { class: "codes-left" }, pips(factor.codesLeft, words.n("codes.left", factor.codesLeft)), h("span", { "aria-hidden": "true" }, words.n("codes.left", factor.codesLeft))),
      h("p", { class: "sub" }, t("codes.madeAt", { at: words.date(factor.codesMadeAt) }), " · ", t(factor.codesSaved ? "person.codesSaved" : "person.codesUnsaved"))),
    facts(words, view),
    recent(words, view, reader));
  aside.addEventListener("keydown", (event) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") on.close();
    else if (by !== 0 && !event.ctrlKey && !event.altKey && !event.metaKey) on.step(by);
    else return;
    event.preventDefault();
  });
  return aside;
}

/** @param {PersonAction} action */
const label = (action) => /** @type {Key} */ (({ "reset-second-factor": "reset.title", "issue-password-code": "passwordCode.title", "invite-again": "inviteAgain.title", "hand-over": "enrolHere.title" })[/** @type {string} */ (action)] ?? `action.${action}.title`);

/**
 * What can be done, as buttons; what cannot, with the reason.
 * @param {State} now
 * @param {ActionView[]} all
 * @param {PersonHandlers} on
 */
function actions(now, all, on) {
  const { t } = now.words;
  const refusal = (/** @type {ActionView} */ { action, refused }) => whyNot(now, action, refused);
  // With a second person it can be done, and that begins in the same dialog.
  const begins = (/** @type {ActionView} */ each) => refusal(each) === null || (each.action === "change-email" && takesTwo(each.refused));
  const refused = all.filter((each) => !begins(each));
  const two = !isAway(now.situation) && refused.find((each) => takesTwo(each.refused) && CASE_ACTS[each.action]);
  const start = two && h("div", { class: "buttons" }, h("button", { key: "person.case", type: "button", onclick: () => on.startCase(two.action) }, t("case.start")));
  // What opens a closed account comes first, here as well.
  const act = two ? CASE_ACTS[two.action] : undefined;
  const first = act !== undefined && reopens(act);
  const danger = ["reset-second-factor", "sign-out", "deactivate", "mark-elsewhere", "erase"];
  return h("section", { "aria-label": t("users.menu") },
    first && start,
    h("div", { class: "buttons" }, all.filter(begins).map(({ action }) =>
      h("button", { key: `person.${action}`, type: "button", class: action === "unlock" ? "primary" : danger.includes(action) ? "danger" : null, onclick: () => on.act(action) }, t(label(action))))),
    !first && start,
    refused.length > 0 && h("details", { key: "person.refused", class: "refused", open: isAway(now.situation) },
      h("summary", null, t("person.refused")),
      h("dl", null, refused.map((each) => [h("dt", null, t(label(each.action))), h("dd", { class: "sub" }, refusal(each))]))));
}

/** @param {Words} words @param {PersonView} view @param {PersonHandlers} on */
function roles(words, { owner, roles: held, roleChoices, mayChangeOwner }, on) {
  const { t } = words;
  const lines = [...(owner ? [t("role.owner")] : []), ...held.map(({ role, communityName }) => t("role.in", { role: t(`role.${role}`), community: communityName }))];
  return h("section", { "aria-labelledby": "person-roles" },
    h("h3", { id: "person-roles" }, t("roles.heading")),
    lines.length === 0 ? h("p", { class: "sub" }, t("roles.nowhere")) : h("ul", { class: "plain-list" }, lines.map((line) => h("li", { dir: "auto", class: "breaks" }, line))),
    (roleChoices.length > 0 || mayChangeOwner) && h("div", { class: "buttons" }, h("button", { key: "person.roles", type: "button", onclick: on.roles }, t("roles.change"))));
}

/** @param {Words} words @param {PersonView} view */
function facts(words, view) {
  const { t } = words;
  /** @type {[Key, Child][]} */
  const lines = [
    ["users.signedIn", view.signedInAt === null ? t("users.never") : words.dateTime(view.signedInAt)],
    ["person.created", words.date(view.createdAt)],
    ...(view.lockedUntil === null ? [] : [/** @type {[Key, Child]} */ (["person.lockedUntil", words.moment(view.lockedUntil)])]),
    ["person.codeFailures", words.number(view.codeFailures)],
    ["person.passwordFailures", words.number(view.passwordFailures)],
    ...(view.enrolmentBegunAt === null ? [] : [/** @type {[Key, Child]} */ (["person.enrolment", words.moment(view.enrolmentBegunAt)])]),
  ];
  return h("dl", { class: "facts-list" }, lines.map(([key, value]) => h("div", null, h("dt", null, t(key)), h("dd", null, value))));
}

/** @param {Words} words @param {PersonView} view @param {{ journal: boolean, mail?: boolean }} reader */
function recent(words, { person, recent: rows }, reader) {
  const { t } = words;
  return h("section", { "aria-labelledby": "person-recent" },
    h("h3", { id: "person-recent" }, t("person.recent")),
    rows.length === 0
      ? h("p", { class: "sub" }, t("journal.none"))
      : h("ol", { class: "person-entries" }, rows.map((row) =>
        h("li", null,
          h("time", { class: "sub", datetime: new Date(row.at * 1000).toISOString() }, words.dateTime(row.at)),
          h("p", { dir: "auto" }, sentence(words, row, null, (named) => h("bdi", null, named.name)))))),
    reader.journal && h("p", null, h("a", { key: "person.journal", href: `#/journal/${person.id}` }, t("person.journal"))),
    reader.mail && h("p", null, h("a", { key: "person.mail", href: `#/mail/${person.id}` }, t("person.mail"))));
}
