// Settings → Workspace → Users → Import: a file is chosen, what each row comes to is shown, and then it is done, or left.

/** @import { CheckedRow, ChosenImport, PastImport, RowVerdict } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, State, Words } from "../../../tests/ui/types/page.js" */

import { checkImportAgain, chooseImport, dropImport, listImports, readImport, readImportRows, saveRefusedRows } from "../commands.js";
import { h } from "../dom.js";
import { Pages } from "../pages.js";
import { panel } from "../panel.js";
import { icon } from "../parts/icon.js";
import { IMPORT_KINDS } from "../parts/import-kinds.js";
import { heading, note } from "../parts/note.js";

/** @typedef {{ chosen: ChosenImport | null, past: PastImport[], verdict: RowVerdict | null, rows: Pages<CheckedRow> | null }} Data */

/** @type {RowVerdict[]} */
const VERDICTS = ["added", "changed", "same", "refused"];
/** @type {Readonly<Record<RowVerdict, string>>} */
const TONES = Object.freeze({ added: "ok", changed: "info", same: "plain", refused: "danger" });

/** The verdicts, or only these. @param {RowVerdict | null} verdict @returns {Promise<Pages<CheckedRow>>} */
async function look(verdict) {
  const read = (/** @type {number} */ from) => readImportRows(verdict === null ? { from } : { from, verdict });
  return new Pages((from) => read(from).catch(() => null), await read(0));
}

export const importDesk = panel({
  /** @returns {Promise<Data>} */
  async load() {
    const [{ chosen }, { rows: past }] = await Promise.all([readImport({}), listImports({})]);
    // What is refused is what there is to do something about.
    const verdict = chosen && chosen.counts.refused > 0 && chosen.counts.refused < total(chosen) ? "refused" : null;
    return { chosen, past, verdict, rows: chosen && chosen.fault === null ? await look(verdict) : null };
  },
  on: (app, panel) => ({
    /** @param {import("../parts/import-kinds.js").ImportKind} kind */
    choose: (kind) => kind.choose(app, panel),
    /** @param {() => Promise<unknown>} work */
    async afresh(work) {
      if (await panel.act(work)) await app.reload();
    },
    another() {
      const { chosen } = panel.read().data;
      if (chosen) void this.afresh(() => chooseImport({ kind: chosen.kind }));
    },
    again() {
      void this.afresh(() => checkImportAgain({}));
    },
    drop() {
      void this.afresh(() => dropImport({}));
    },
    /** @param {RowVerdict | null} verdict */
    async only(verdict) {
      panel.patch({ verdict });
      const rows = await look(verdict).catch(() => null);
      if (rows === null) return void app.refresh();
      if (panel.read().name === "import" && panel.read().data.verdict === verdict) panel.patch({ rows });
    },
    save: () => panel.act(async () => {
      const { file } = await saveRefusedRows({});
      if (file !== null) app.say("import.refusedSaved", { file });
    }),
    carryOut() {
      const { chosen } = panel.read().data;
      if (chosen) app.ask("import-people", { chosen });
    },
    /** @param {PastImport} past */
    undo: (past) => app.ask("import-undo", { past }),
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { chosen, past } = panel.data;
    return [
      h("p", { class: "crumbs" }, t("import.crumbs", { users: t("users.title") })),
      heading(t("import.title")),
      h("div", { role: "alert" }, panel.refusal && note("danger", h("p", null, words.refusal(panel.refusal)))),
      !chosen ? kinds(state, on)
        : chosen.fault === null ? checked(words, chosen, panel.data, panel.busy, on)
          : faulty(words, chosen, panel.busy, on),
      !chosen && pastImports(words, past, on),
    ];
  },
});

/** @param {ChosenImport} chosen */
const total = ({ counts }) => counts.added + counts.changed + counts.same + counts.refused;

/**
 * @param {State} state
 * @param {{ choose: (kind: import("../parts/import-kinds.js").ImportKind) => unknown }} on
 * @returns {Child}
 */
function kinds({ words, situation }, on) {
  const { t } = words;
  const me = situation.open?.me;
  return IMPORT_KINDS.filter((kind) => me && kind.may(me)).map((kind) =>
    h("section", { class: "card", "aria-labelledby": `import-${kind.name}` },
      h("header", null,
        h("h2", { id: `import-${kind.name}`, class: "import-kind" }, icon(kind.icon), h("span", null, t(kind.title))),
        h("button", { key: `import.${kind.name}`, type: "button", class: "primary", onclick: () => on.choose(kind) }, icon("folder"), t(kind.begin))),
      t(kind.about).split("\n").map((line) => h("p", { class: "sub" }, line))));
}

/**
 * A file that cannot be read as a whole.
 * @param {Words} words
 * @param {ChosenImport} chosen
 * @param {boolean} busy
 * @param {{ again: () => void, another: () => void, drop: () => void }} on
 */
function faulty(words, chosen, busy, on) {
  const { t } = words;
  const values = { line: chosen.line === null ? "" : words.number(chosen.line), heading: chosen.heading ?? "" };
  return h("section", { class: "card", "aria-labelledby": "import-file" },
    h("h2", { id: "import-file", class: "person-title", dir: "auto" }, chosen.file),
    note("danger", h("p", null, t(/** @type {Key} */ (`import.fault.${chosen.fault}`), values))),
    h("p", { class: "hint" }, t("import.nothing")),
    h("div", { class: "buttons" },
      h("button", { key: "import.again", type: "button", class: "primary", "aria-disabled": busy ? "true" : null, onclick: on.again.bind(on) }, t("import.again")),
      h("button", { key: "import.another", type: "button", onclick: on.another.bind(on) }, t("import.another")),
      h("button", { key: "import.drop", type: "button", onclick: on.drop.bind(on) }, t("form.cancel"))));
}

/**
 * What every row comes to, before anything is done.
 * @param {Words} words
 * @param {ChosenImport} chosen
 * @param {Data} data
 * @param {boolean} busy
 * @param {any} on
 * @returns {Child[]}
 */
function checked(words, chosen, { verdict, rows }, busy, on) {
  const { t, n } = words;
  const { counts, ignored } = chosen;
  const doing = counts.added + counts.changed;
  const pick = (/** @type {RowVerdict | null} */ which, /** @type {number} */ count) =>
    h("button", { key: `import.only.${which ?? "all"}`, type: "button", class: "pick", "aria-pressed": String(verdict === which), onclick: () => on.only(which) },
      which === null ? t("import.all") : t(`import.verdicts.${which}`), h("span", { class: "pick-count" }, words.number(count)));
  return [
    h("section", { class: "card", "aria-labelledby": "import-file" },
      h("header", null,
        h("div", { class: "who" }, h("h2", { id: "import-file", class: "person-title", dir: "auto" }, chosen.file), h("p", { class: "sub" }, n("import.rows", total(chosen)))),
        h("div", { class: "buttons" },
          h("button", { key: "import.again", type: "button", "aria-disabled": busy ? "true" : null, onclick: () => on.again() }, t("import.again")),
          h("button", { key: "import.another", type: "button", onclick: () => on.another() }, t("import.another")),
          h("button", { key: "import.drop", type: "button", onclick: () => on.drop() }, t("form.cancel")))),
      ignored.length > 0 && h("p", { class: "hint" }, words.rich("import.ignored", { columns: h("bdi", null, ignored.join(", ")) })),
      doing === 0 && note("info", h("p", null, t("import.nobody"))),
      h("div", { class: "buttons" },
        doing > 0 && h("button", { key: "import.carryOut", type: "button", class: "primary", onclick: on.carryOut }, n("import.carryOut", doing)),
        counts.refused > 0 && h("button", { key: "import.save", type: "button", "aria-disabled": busy ? "true" : null, onclick: on.save }, icon("save"), n("import.saveRefused", counts.refused))),
      h("p", { class: "hint" }, t("import.nothing"))),
    h("div", { class: "picks", role: "group", "aria-label": t("import.which") }, pick(null, total(chosen)), VERDICTS.filter((which) => counts[which] > 0).map((which) => pick(which, counts[which]))),
    rows && verdictTable(words, chosen, rows, verdict),
  ];
}

/**
 * @param {Words} words
 * @param {ChosenImport} chosen
 * @param {Pages<CheckedRow>} rows
 * @param {RowVerdict | null} verdict
 */
function verdictTable(words, chosen, rows, verdict) {
  const { t } = words;
  /** @param {CheckedRow} row */
  const row = (row) => {
    const what = said(words, row);
    return {
      id: String(row.line),
      label: `${t("import.line", { line: words.number(row.line) })}: ${row.email || row.name}, ${t(`import.verdict.${row.verdict}`)}. ${what}`,
      cells: [
        words.number(row.line),
        [h("bdi", { class: "clip strong" }, row.name || "–"), h("span", { class: "clip sub", dir: "ltr", title: row.email }, row.email || "–")],
        h("span", { class: `chip ${TONES[row.verdict]}` }, t(`import.verdict.${row.verdict}`)),
        h("span", { class: "two-lines", title: what }, what),
      ],
    };
  };
  const table = h("data-table", { class: "table-import", options: {
    key: "import.table", label: t("import.which"), total: rows.total, list: rows, row, asked: `${chosen.file} ${verdict ?? ""}`, activate: () => {},
    columns: [
      { name: t("import.column.line"), class: "line-cell" },
      { name: t("import.column.person"), class: "wide" },
      { name: t("import.column.verdict"), class: "state-cell" },
      { name: t("import.column.what"), class: "what-cell" },
    ],
  }, key: "import.rows" });
  return table;
}

/** What becomes of somebody, or why nothing does. @param {Words} words @param {CheckedRow} row */
function said({ t }, { verdict, reason, firstLine, role, owner, community, nameBefore, languageAfter, roleChanged }) {
  if (verdict === "refused") return t(/** @type {Key} */ (`import.reason.${reason}`), { line: String(firstLine ?? "") });
  if (verdict === "same") return t("import.same");
  if (verdict === "added") return owner ? t("import.asOwner") : t("import.as", { role: role ? t(`role.${role}`) : "", community: community ?? "" });
  return [
    nameBefore !== null && t("import.nameBefore", { before: nameBefore }),
    roleChanged && (roleChanged.before === null
      ? t("import.roleGiven", { community: roleChanged.community, role: t(`role.${roleChanged.after}`) })
      : t("import.roleChanged", { community: roleChanged.community, before: t(`role.${roleChanged.before}`), role: t(`role.${roleChanged.after}`) })),
    languageAfter !== null && t("import.languageAfter", { language: t(languageAfter === "fr" ? "import.french" : "import.english") }),
  ].filter((text) => typeof text === "string").join(" · ");
}

/**
 * @param {Words} words
 * @param {PastImport[]} past
 * @param {{ undo: (past: PastImport) => void }} on
 * @returns {Child[]}
 */
const pastImports = (words, past, on) => [
  h("h2", { class: "section" }, words.t("import.past")),
  past.length === 0
    ? h("p", { class: "empty small" }, words.t("import.nonePast"))
    : h("ul", { class: "communities", "aria-label": words.t("import.past") }, past.map((one) => pastImport(words, one, on))),
];

/**
 * @param {Words} words
 * @param {PastImport} past
 * @param {{ undo: (past: PastImport) => void }} on
 */
function pastImport(words, past, on) {
  const { t, n } = words;
  const why = `import-why-${past.id}`;
  const { added, changed, refused } = past.counts;
  return h("li", { class: "card" },
    h("header", null,
      h("div", { class: "who" },
        h("h3", { class: "person-title", dir: "auto", title: past.file }, past.file),
        h("p", { class: "sub" }, words.rich("import.by", { name: h("bdi", { class: "strong" }, past.by.name), at: words.dateTime(past.at) }))),
      past.undoneAt === null && h("div", { class: "buttons" },
        h("button", { key: `import.undo.${past.id}`, type: "button", class: "danger", "aria-label": t("import.undoOne", { file: past.file }), "aria-disabled": past.undoRefused ? "true" : null, "aria-describedby": past.undoRefused ? why : null, onclick: () => past.undoRefused ?? on.undo(past) }, t("import.undo")))),
    h("p", null, [added > 0 && n("import.addedCount", added), changed > 0 && n("import.changedCount", changed), refused > 0 && n("import.refusedCount", refused)].filter((text) => typeof text === "string").join(" · ")),
    past.undoneAt !== null
      ? h("p", { class: "hint" }, words.rich("import.undone", { name: h("bdi", null, past.undoneBy?.name ?? "–"), at: words.dateTime(past.undoneAt) }))
      : past.undoRefused && h("p", { class: "hint", id: why }, held(words, past)));
}

/** Why an import cannot be taken back. @param {Words} words @param {PastImport} past */
function held(words, { heldBy, undoRefused }) {
  if (heldBy) return words.rich(`import.held.${heldBy.why}`, { name: h("bdi", { class: "strong" }, heldBy.person?.name ?? "–") });
  return undoRefused && words.refusal(undoRefused);
}
