// Users → Import → Tokens, and Profile → Bring from another app: files with secrets in them. What was read stays in Rust;
// here are names and verdicts.

/** @import { SeedDesk, SeedEntry, SeedFileView, TokenOrigin, TokensImported } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Words } from "../../../tests/ui/types/page.js" */

import { chooseSeeds, dropSeeds, readSeedRows, readSeeds, undoTokenImport, unlockSeeds } from "../commands.js";
import { h } from "../dom.js";
import { Pages } from "../pages.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { icon } from "../parts/icon.js";
import { heading, note } from "../parts/note.js";

/** @typedef {{ origin: TokenOrigin, desk: SeedDesk, rows: Pages<SeedEntry> | null, done: TokensImported | null }} Data */

/** @param {SeedDesk} desk */
const total = ({ added, leftOut }) => added + leftOut;

/** @param {SeedDesk} desk @returns {Promise<Pages<SeedEntry> | null>} */
async function look(desk) {
  if (total(desk) === 0) return null;
  return new Pages((from) => readSeedRows({ from }).catch(() => null), await readSeedRows({ from: 0 }));
}

export const importSeeds = panel({
  /** @returns {Promise<Data>} */
  async load(app, id) {
    /** @type {TokenOrigin} */
    const origin = id === "own" ? "brought" : "hardware";
    const { screen } = app.state();
    /** @type {Data | null} */
    const before = screen.name === "import-seeds" ? screen.data : null;
    const desk = await readSeeds({ origin });
    // Something that changed elsewhere does not take the way back.
    return { origin, desk, rows: await look(desk), done: before?.origin === origin ? before.done : null };
  },
  on: (app, panel) => ({
    /** @param {() => Promise<SeedDesk>} read */
    shown: (read) => panel.act(async () => {
      const desk = await read();
      panel.patch({ desk, rows: await look(desk), done: null });
    }),
    /** @param {boolean} beside */
    choose(beside) {
      void this.shown(() => chooseSeeds({ origin: panel.read().data.origin, beside }));
    },
    /** @param {Record<string, string>} values */
    unlock(values) {
      void this.shown(() => unlockSeeds({ key: values["key"] ?? "" }));
    },
    clear() {
      void this.shown(async () => {
        await dropSeeds({});
        return readSeeds({ origin: panel.read().data.origin });
      });
    },
    carryOut() {
      const { origin, desk } = panel.read().data;
      app.ask("import-seeds", { origin, desk, done: (/** @type {TokensImported} */ done) => void this.after(done) });
    },
    /** @param {TokensImported} done */
    async after(done) {
      const { origin } = panel.read().data;
      await panel.act(async () => panel.patch({ desk: await readSeeds({ origin }), rows: null, done }));
    },
    async undo() {
      const { done, origin } = panel.read().data;
      if (!done) return;
      if (await panel.act(() => undoTokenImport({ batch: done.batch }))) {
        panel.patch({ done: null });
        app.say(origin === "brought" ? "seeds.undoneOwn" : "seeds.undone");
      }
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { origin, desk, rows, done } = panel.data;
    const own = origin === "brought";
    const locked = desk.files.find((file) => file.lock !== null);
    return [
      own
        ? h("p", { class: "crumbs" }, h("a", { key: "seeds.profile", href: "#/profile" }, t("profile.title")))
        : h("p", { class: "crumbs" }, h("a", { key: "seeds.users", href: "#/users" }, t("users.title")), " › ", h("a", { key: "seeds.import", href: "#/import" }, t("seeds.import"))),
      heading(t(own ? "seeds.ownTitle" : "seeds.title")),
      h("div", { role: "alert" }, panel.refusal && note("danger", h("p", null, words.refusal(panel.refusal)))),
      done && imported(words, done, own, panel.busy, on),
      desk.files.length === 0 ? empty(words, own, panel.busy, on) : [
        files(words, desk, panel.busy, on),
        locked && unlocking(words, panel, locked, on),
        total(desk) > 0 && outcome(words, desk, own, locked !== undefined, on),
        rows && entries(words, rows),
      ],
    ];
  },
});

/**
 * @param {Words} words
 * @param {boolean} own
 * @param {boolean} busy
 * @param {{ choose: (beside: boolean) => void }} on
 */
const empty = ({ t }, own, busy, on) =>
  h("section", { class: "card", "aria-labelledby": "seeds-about" },
    h("header", null, h("h2", { id: "seeds-about" }, t("seeds.which")),
      h("button", { key: "seeds.choose", type: "button", class: "primary", "aria-disabled": busy ? "true" : null, onclick: () => busy || on.choose(false) }, icon("folder"), t("seeds.choose"))),
    h("ul", { class: "facts" }, t(own ? "seeds.kindsOwn" : "seeds.kinds").split("\n").map((kind) => h("li", null, kind))),
    h("p", { class: "hint" }, t("seeds.nothing")));

/**
 * @param {Words} words
 * @param {SeedDesk} desk
 * @param {boolean} busy
 * @param {any} on
 */
function files(words, desk, busy, on) {
  const { t, n } = words;
  const missing = desk.parts.filter(({ read, size }) => read < size);
  /** @param {SeedFileView} file */
  const state = (file) => {
    if (file.fault !== null) return [h("span", { class: "chip danger" }, icon("warn"), t("seeds.notRead")), " ", t(`seeds.fault.${file.fault}`), file.line !== null && [" ", t("seeds.atLine", { line: words.number(file.line) })]];
    if (file.lock !== null) return [h("span", { class: "chip warn" }, icon("lock"), t("seeds.locked"))];
    return [h("span", { class: "chip ok" }, icon("check"), n("seeds.entries", file.entries))];
  };
  return h("section", { class: "card", "aria-labelledby": "seeds-files" },
    h("header", null, h("h2", { id: "seeds-files" }, n("seeds.files", desk.files.length)),
      h("div", { class: "buttons" },
        h("button", { key: "seeds.beside", type: "button", class: missing.length > 0 ? "primary" : null, "aria-disabled": busy ? "true" : null, onclick: () => busy || on.choose(true) }, icon("plus"), t(missing.length > 0 ? "seeds.nextPicture" : "seeds.add")),
        h("button", { key: "seeds.clear", type: "button", onclick: () => on.clear() }, t("seeds.clear")))),
    h("ul", { class: "seed-files" }, desk.files.map((file) => h("li", null, h("bdi", { class: "clip strong", title: file.name }, file.name), h("p", { class: "sub" }, state(file))))),
    missing.map(({ read, size }) => note("warn", h("p", { class: "strong", role: "status" }, t("seeds.parts", { read: words.number(read), size: words.number(size) })), h("p", null, t("seeds.partsHint")))));
}

/**
 * @param {Words} words
 * @param {import("../../../tests/ui/types/page.js").PanelState<Data>} panel
 * @param {SeedFileView} file
 * @param {{ unlock: (values: Record<string, string>) => void }} on
 */
function unlocking(words, panel, file, on) {
  const { t } = words;
  const shared = file.lock === "pre-shared";
  return h("section", { class: "card", "aria-labelledby": "seeds-unlock" },
    h("h2", { id: "seeds-unlock", dir: "auto" }, words.rich("seeds.unlockTitle", { file: h("bdi", null, file.name) })),
    file.wrong && h("div", { role: "alert" }, note("danger", h("p", null, t(shared ? "seeds.wrongKey" : "seeds.wrongPassphrase")))),
    form(words, { ...panel, refusal: null }, { submit: t(panel.busy ? "seeds.unlocking" : "seeds.unlock"), onsubmit: (values) => on.unlock(values) },
      field(words, panel, {
        name: "key", type: "password", first: true, autocomplete: "off",
        label: t(shared ? "seeds.key" : "seeds.passphrase"),
        hint: shared ? (file.keyName ? words.rich("seeds.keyNamed", { name: h("bdi", { class: "strong" }, file.keyName) }) : t("seeds.keyHint")) : t("seeds.passphraseHint"),
      })));
}

/**
 * @param {Words} words
 * @param {SeedDesk} desk
 * @param {boolean} own
 * @param {boolean} locked
 * @param {{ carryOut: () => void }} on
 */
function outcome({ t, n }, desk, own, locked, on) {
  const { added, assigned, leftOut } = desk;
  return h("section", { class: "card", "aria-labelledby": "seeds-outcome" },
    h("h2", { id: "seeds-outcome" }, t("seeds.outcome")),
    h("ul", { class: "facts" },
      h("li", null, added > 0 ? n("seeds.willAdd", added) : t("seeds.willAddNone")),
      !own && assigned > 0 && h("li", null, n("seeds.willAssign", assigned)),
      leftOut > 0 && h("li", null, n("seeds.willLeaveOut", leftOut)),
      locked && h("li", null, t("seeds.lockedLeftOut"))),
    added > 0 && h("div", { class: "buttons" }, h("button", { key: "seeds.carryOut", type: "button", class: "primary", onclick: () => on.carryOut() }, n("seeds.carryOut", added))),
    h("p", { class: "hint" }, t("seeds.nothing")));
}

/**
 * @param {Words} words
 * @param {TokensImported} done
 * @param {boolean} own
 * @param {boolean} busy
 * @param {{ undo: () => Promise<void> }} on
 */
const imported = ({ t, n }, done, own, busy, on) =>
  note("ok",
    h("p", { class: "strong", role: "status" }, n("seeds.done", done.added)),
    h("p", null, t(own ? "seeds.doneOwn" : "seeds.doneHint")),
    h("div", { class: "buttons" },
      own
        ? h("a", { key: "seeds.toProfile", class: "button", href: "#/profile" }, t("profile.title"))
        : h("a", { key: "seeds.toTokens", class: "button", href: "#/tokens" }, t("tokens.title")),
      h("button", { key: "seeds.undo", type: "button", "aria-disabled": busy ? "true" : null, onclick: () => busy || void on.undo() }, t("seeds.undo"))));

/**
 * @param {Words} words
 * @param {Pages<SeedEntry>} rows
 * @returns {Child}
 */
function entries(words, rows) {
  const { t } = words;
  /** @param {SeedEntry} entry @param {number} at */
  const row = (entry, at) => {
    const name = entry.name || t("seeds.nameless");
    const what = said(words, entry);
    return {
      id: String(at),
      label: `${words.number(entry.place)}: ${name}. ${what}`,
      cells: [
        words.number(entry.place),
        h("bdi", { class: "clip strong", title: name }, name),
        h("span", { class: `chip ${tone(entry)}` }, t(taken(entry) ? "seeds.taken" : "seeds.left")),
        h("span", { class: "two-lines", title: what }, what),
      ],
    };
  };
  return h("data-table", { class: "table-import", key: "seeds.rows", options: {
    key: "seeds.table", label: t("seeds.outcome"), total: rows.total, list: rows, row, asked: `${rows.total}`, activate: () => {},
    columns: [
      { name: t("seeds.column.place"), class: "line-cell" },
      { name: t("seeds.column.name"), class: "wide" },
      { name: t("seeds.column.verdict"), class: "state-cell" },
      { name: t("seeds.column.what"), class: "what-cell" },
    ],
  } });
}

/** @param {SeedEntry} entry */
const taken = ({ verdict }) => verdict === "new" || verdict === "new-for-person" || verdict === "new-for-nobody";

/** @param {SeedEntry} entry */
const tone = (entry) => (entry.verdict === "new-for-nobody" ? "warn" : taken(entry) ? "ok" : entry.verdict === "here" || entry.verdict === "twice" ? "plain" : "danger");

/** @param {Words} words @param {SeedEntry} entry */
function said({ t }, { verdict, problem, detail, kind, digits, person }) {
  if (problem !== null) return t(`seeds.problem.${problem}`, { detail: detail ?? "" });
  if (verdict === null) return "";
  const how = kind && digits !== null ? ` ${t(kind === "time" ? "seeds.byTime" : "seeds.byCounter", { digits: String(digits) })}` : "";
  return t(`seeds.verdict.${verdict}`, { name: person?.name ?? "" }) + (verdict === "new" || verdict === "new-for-person" || verdict === "new-for-nobody" ? how : "");
}
