// Tokens: given to somebody, taken back, retired; and one's own, activated and brought back into step.

/** @import { OwnToken, PersonName, PersonRow, TokenView } from "../../../tests/ui/types/wire.js" */

import { assignToken, listPeople, listTokens, proveToken, resyncToken, retireToken, unassignToken, undoTokenImport } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { codeField } from "../parts/code.js";
import { form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";
import { takesTwo } from "../parts/support-case.js";
import { tokenKind, tokenName } from "../parts/token.js";

const SHOWN = 6;
/** @type {import("../../../tests/ui/types/wire.js").RefusalCode[]} */
const TOKEN_REFUSALS = ["token-code-wrong", "token-out-of-step"];

/** @param {string} name */
const named = (name) => h("p", { class: "who" }, h("bdi", { class: "clip strong", title: name }, name));

/** Gives a token to somebody: which is known, whom is looked for; or the other way round. */
export const tokenAssign = panel({
  load: () => ({ token: /** @type {TokenView | null} */ (null), person: /** @type {PersonName | null} */ (null), asked: "", people: /** @type {PersonRow[]} */ ([]), two: false, tokens: /** @type {TokenView[]} */ ([]), found: /** @type {boolean | null} */ (null), forPerson: false, code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** An answer that a later question has overtaken is dropped. @param {Event} event */
    async search(event) {
      if (!(event.target instanceof HTMLInputElement)) return;
      const asked = event.target.value.trim();
      panel.patch({ asked });
      if (asked === "") return panel.patch({ people: [], tokens: [], found: null });
      const { forPerson } = panel.read().data;
      const people = forPerson ? [] : (await listPeople({ search: asked, limit: SHOWN }).catch(() => ({ rows: [] }))).rows;
      const tokens = forPerson ? (await listTokens({ search: asked, state: "free" }).catch(() => ({ rows: [] }))).rows.slice(0, SHOWN) : [];
      if (panel.read().data.asked === asked) panel.patch({ people, tokens, found: people.length + tokens.length > 0 });
    },
    /** @param {PersonName | null} person */
    choosePerson: (person) => panel.patch({ person, asked: "", people: [], found: null, two: false }),
    /** @param {TokenView | null} token */
    chooseToken: (token) => panel.patch({ token, asked: "", tokens: [], found: null }),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { token, person } = panel.read().data;
      if (!token || !person) return;
      if (await panel.act(() => assignToken({ token: token.id, account: person.id, proof: readProof(values) }))) {
        app.closeDialog();
        app.say("tokens.assigned", { name: person.name });
        await app.refresh();
      } else if (takesTwo(panel.read().refusal)) panel.patch({ two: true });
      else await proveAgain(app, panel);
    },
    /** What one cannot do alone, two can. */
    startCase() {
      const { token, person } = panel.read().data;
      if (!token || !person) return;
      app.closeDialog();
      app.ask("case", { person, act: "token", token: { id: token.id, name: tokenName(app.state().words, token) } });
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { token, person, people, tokens, found, forPerson, two } = panel.data;
    const looking = forPerson ? token === null : person === null;
    const cancel = h("button", { key: "token-assign.cancel", type: "button", onclick: on.cancel }, t("form.cancel"));
    return dialogHead(t("tokens.assignTitle"),
      token && h("p", { class: "who" }, h("bdi", { class: "clip strong" }, tokenName(words, token)), h("span", { class: "sub" }, tokenKind(words, token))),
      person && h("p", { class: "who" }, h("bdi", { class: "clip strong" }, person.name), h("span", { class: "clip sub", dir: "ltr" }, person.email)),
      looking ? [
        h("input", { key: "token-assign.search", type: "search", class: "find-search", "data-first": true, "aria-label": t(forPerson ? "tokens.findToken" : "tokens.findPerson"), placeholder: t(forPerson ? "tokens.findToken" : "tokens.findPerson"), autocomplete: "off", spellcheck: "false", dir: "auto", oninput: on.search }),
        h("ul", { class: "choices" },
          people.map((row) => h("li", null, h("button", { key: `token-assign.${row.person.id}`, type: "button", onclick: () => on.choosePerson(row.person) }, h("bdi", { class: "clip" }, row.person.name), h("span", { class: "clip sub", dir: "ltr" }, row.person.email)))),
          tokens.map((each) => h("li", null, h("button", { key: `token-assign.${each.id}`, type: "button", onclick: () => on.chooseToken(each) }, h("bdi", { class: "clip" }, tokenName(words, each)), h("span", { class: "clip sub" }, tokenKind(words, each)))))),
        h("p", { class: "sub", role: "status" }, found === false ? t(forPerson ? "tokens.noneFree" : "users.none") : ""),
        h("div", { class: "buttons" }, cancel),
      ] : two ? [
        panel.refusal && note("warn", h("p", null, words.refusal(panel.refusal)), h("p", null, t("tokens.two"))),
        h("div", { class: "buttons" },
          h("button", { key: "token-assign.case", type: "button", class: "primary", "data-first": true, onclick: on.startCase }, t("case.start")), cancel),
      ] : [
        note("info", h("p", null, t("tokens.assignFollows"))),
        form(words, panel, {
          submit: t("tokens.assign"), onsubmit: on.submit, claimed: PROOF_REFUSALS,
          beside: [h("button", { key: "token-assign.back", type: "button", onclick: () => forPerson ? on.chooseToken(null) : on.choosePerson(null) }, t(forPerson ? "tokens.otherToken" : "tokens.otherPerson")), cancel],
        }, proofFields(state, panel)),
      ]);
  },
});

/** Takes back, retires, or undoes the import that it came with. */
export const tokenAct = panel({
  load: () => ({ token: /** @type {TokenView | null} */ (null), action: /** @type {"unassign" | "retire" | "undo"} */ ("unassign") }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    async submit() {
      const { token, action } = panel.read().data;
      if (!token) return;
      const act = { unassign: () => unassignToken({ token: token.id }), retire: () => retireToken({ token: token.id }), undo: () => undoTokenImport({ batch: token.batch }) };
      if (!(await panel.act(act[action]))) return;
      app.closeDialog();
      app.say(`tokens.done.${action}`);
      await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { token, action } = panel.data;
    return dialogHead(t(`tokens.${action}`),
      token && named(tokenName(words, token)),
      note(action === "unassign" ? "info" : "warn", h("p", null, t(`tokens.follows.${action}`))),
      form(words, panel, { submit: t(`tokens.${action}`), onsubmit: on.submit, danger: action !== "unassign", beside: h("button", { key: "token-act.cancel", type: "button", onclick: on.cancel }, t("form.cancel")) }));
  },
});

/** Proves the first code of a token of one's own. `enrolling` is on the way in: the password was given a moment ago. */
export const tokenActivate = panel({
  load: () => ({ token: /** @type {OwnToken | null} */ (null), enrolling: false, two: false, code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    two: () => panel.patch({ two: true }),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { token, enrolling, two } = panel.read().data;
      if (!token) return;
      const proved = { token: token.id, code: values["first"] ?? "", ...(two ? { following: values["second"] ?? "" } : {}), ...(enrolling ? {} : { proof: readProof(values) }) };
      if (await panel.act(() => proveToken(proved))) {
        app.closeDialog();
        app.say("tokens.activated");
        await app.refresh();
        return;
      }
      const code = panel.read().refusal?.code;
      if (code === "token-code-wrong" || code === "token-out-of-step") panel.patch({ two: true });
      if (code === "token-gone") await app.reload();
      if (!enrolling) await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { token, enrolling, two } = panel.data;
    if (!token) return [];
    return dialogHead(t("tokens.activateTitle"),
      named(token.name || t("tokens.one")),
      h("p", null, t(token.kind === "counter" ? "tokens.press" : "tokens.read")),
      form(words, panel, {
        submit: t("tokens.activate"), onsubmit: on.submit, claimed: enrolling ? TOKEN_REFUSALS : [...PROOF_REFUSALS, ...TOKEN_REFUSALS],
        beside: [!two && h("button", { key: "token-activate.two", type: "button", onclick: on.two }, t("tokens.twoCodes")), h("button", { key: "token-activate.cancel", type: "button", onclick: on.cancel }, t("form.cancel"))],
      },
        codeField(words, panel, { name: "first", label: t(two ? "tokens.first" : "tokens.code"), accepts: "digits", first: true, claims: TOKEN_REFUSALS, hint: t("tokens.codeHint", { digits: words.number(token.digits) }) }),
        two && codeField(words, panel, { name: "second", label: t("tokens.second"), accepts: "digits", claims: [], hint: t(token.kind === "counter" ? "tokens.secondCounter" : "tokens.secondTime") }),
        enrolling ? null : proofFields(state, panel, { first: false })));
  },
});

/** Brings a token back into step: one's own, or somebody's who reads the codes out. */
export const tokenResync = panel({
  load: () => ({ id: "", name: "", account: /** @type {string | null} */ (null) }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { id, account } = panel.read().data;
      const codes = { authenticator: id, first: values["first"] ?? "", second: values["second"] ?? "", ...(account === null ? {} : { account }) };
      if (!(await panel.act(() => resyncToken(codes)))) return;
      app.closeDialog();
      app.say("tokens.resynced");
      await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { name, account } = panel.data;
    return dialogHead(t("tokens.resync"),
      named(name),
      h("p", null, t(account === null ? "tokens.resyncOwn" : "tokens.resyncTheirs")),
      form(words, panel, { submit: t("tokens.resync"), onsubmit: on.submit, claimed: TOKEN_REFUSALS, beside: h("button", { key: "token-resync.cancel", type: "button", onclick: on.cancel }, t("form.cancel")) },
        codeField(words, panel, { name: "first", label: t("tokens.first"), accepts: "digits", first: true, claims: TOKEN_REFUSALS, hint: " " }),
        codeField(words, panel, { name: "second", label: t("tokens.second"), accepts: "digits", claims: [], hint: t("tokens.secondBoth") })));
  },
});
