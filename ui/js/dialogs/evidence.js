// The journal as evidence: verifying it, exporting it, and what to keep elsewhere to hold it against.

/** @import { EvidenceShown, FindingKind, JournalExported, PersonName, Verification, Work } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, PanelState, Words } from "../../../tests/ui/types/page.js" */

import { exportJournal, printCheckpoint, readEvidence, saveCheckpoint, stopWork, takeCheckpoint, verifyJournal } from "../commands.js";
import { dayBegins } from "../days.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { icon } from "../parts/icon.js";
import { dialogHead, note } from "../parts/note.js";
import { progress, watched } from "../parts/progress.js";

/** @type {Readonly<Record<FindingKind, Key>>} */
const FINDINGS = Object.freeze({
  unreadable: "evidence.found.unreadable", checkpoint: "evidence.found.checkpoint", changed: "evidence.found.changed",
  "out-of-order": "evidence.found.outOfOrder", length: "evidence.found.length", root: "evidence.found.root", undeclared: "evidence.found.undeclared",
  gap: "evidence.found.gap", rewritten: "evidence.found.rewritten", "rolled-back": "evidence.found.rolledBack",
});
/** @type {import("../../../tests/ui/types/wire.js").RefusalCode[]} */
const CHECKPOINT_REFUSALS = ["checkpoint-unknown", "checkpoint-ahead"];

/** @param {Words} words @param {PanelState} panel */
const earlierField = (words, panel) =>
  field(words, panel, { name: "earlier", label: words.t("evidence.earlier"), hint: words.t("evidence.earlierHint"), optional: true, claims: CHECKPOINT_REFUSALS });

/** @param {Record<string, string>} values */
const earlier = (values) => (values["earlier"]?.trim() ? { earlier: values["earlier"] } : {});

export const verifyDialog = panel({
  load: () => ({ work: /** @type {Work | null} */ (null), result: /** @type {Verification | null} */ (null) }),
  on: (app, panel) => ({
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    close: () => app.closeDialog(),
    again: () => panel.patch({ result: null }),
    /** @param {Record<string, string>} values */
    submit: (values) => void watched(panel, async () => panel.patch({ result: await verifyJournal(earlier(values)) })),
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { result, work } = panel.data;
    if (result) return verified(words, result, on);
    return dialogHead(t("evidence.verify"),
      h("p", null, t("evidence.verifyAbout")),
      form(words, panel, {
        submit: t(panel.busy ? "evidence.verifying" : "evidence.verify"),
        onsubmit: on.submit,
        beside: h("button", { key: "verify.cancel", type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel")),
        claimed: CHECKPOINT_REFUSALS,
      }, earlierField(words, panel), progress(words, work)));
  },
});

/**
 * @param {Words} words
 * @param {Verification} result
 * @param {{ close: () => void, again: () => void }} on
 */
function verified(words, result, on) {
  const { t, n } = words;
  const number = (/** @type {number | null} */ value) => (value === null ? "" : words.number(value));
  const more = result.wrong - result.findings.length;
  return dialogHead(t(result.sound ? "evidence.soundTitle" : "evidence.wrongTitle"),
    result.sound
      ? note("ok", h("p", null, n("evidence.sound", result.entries)))
      : note("danger", h("p", null, n("evidence.wrong", result.wrong)),
        h("ul", { class: "facts" }, result.findings.map(({ kind, index, other }) => h("li", null, t(FINDINGS[kind], { index: number(index), other: number(other) }))),
          more > 0 && h("li", null, n("evidence.more", more)))),
    h("ul", { class: "facts" },
      result.firstAt !== null && result.lastAt !== null && h("li", null, t("evidence.span", { first: words.dateTime(result.firstAt), last: words.dateTime(result.lastAt) })),
      result.sound && h("li", null, t(result.earlier ? "evidence.sinceEarlier" : "evidence.notBefore")),
      result.erased > 0 && h("li", null, n("evidence.erased", result.erased)),
      result.hashes > 0 && h("li", null, n("evidence.hashes", result.hashes))),
    h("div", { class: "buttons" },
      h("button", { key: "verify.close", type: "button", class: "primary", "data-first": true, onclick: on.close }, t("form.close")),
      h("button", { key: "verify.again", type: "button", onclick: on.again }, t("evidence.again"))));
}

export const exportDialog = panel({
  load: () => ({ work: /** @type {Work | null} */ (null), done: /** @type {JournalExported | null} */ (null), person: /** @type {PersonName | null} */ (null) }),
  on: (app, panel) => ({
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    close: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { person } = panel.read().data;
      const ok = await watched(panel, async () => panel.patch({ done: await exportJournal({ ...(person ? { person: person.id } : {}), ...bounds(values), ...earlier(values) }) }));
      if (ok && !panel.read().data.done?.kept) app.closeDialog();
      if (ok) await app.reload();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { done, person, work } = panel.data;
    if (done?.kept) return exported(words, done, on.close);
    return dialogHead(t("evidence.export"),
      h("p", null, person ? words.rich("evidence.exportPerson", { name: h("bdi", { class: "strong" }, person.name) }) : t("evidence.exportAbout")),
      form(words, panel, {
        submit: t(panel.busy ? "evidence.exporting" : "evidence.exportSubmit"),
        onsubmit: on.submit,
        beside: h("button", { key: "export.cancel", type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel")),
        claimed: CHECKPOINT_REFUSALS,
      },
        h("div", { class: "pair" },
          field(words, panel, { name: "from", type: "date", label: t("evidence.from"), hint: t("evidence.fromHint"), optional: true }),
          field(words, panel, { name: "until", type: "date", label: t("evidence.until"), hint: t("evidence.untilHint"), optional: true })),
        earlierField(words, panel),
        progress(words, work)));
  },
});

/** Whole days where the reader is: the last one is included. @param {Record<string, string>} values */
function bounds(values) {
  const [from, until] = [dayBegins(values["from"]), dayBegins(values["until"], 1)];
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

/**
 * @param {Words} words
 * @param {JournalExported} done
 * @param {() => void} close
 */
const exported = (words, done, close) =>
  dialogHead(words.t("evidence.exportedTitle"),
    note("ok", h("p", null, words.rich("evidence.exported", { file: h("bdi", { class: "strong" }, done.file), entries: words.n("evidence.entries", done.entries) }))),
    h("ul", { class: "facts" }, h("li", null, words.t("evidence.names")), h("li", null, words.t("evidence.program"))),
    h("pre", { class: "licence command", lang: "en", dir: "ltr", tabindex: 0 }, `sallyport-verify ${done.file} --key …`),
    h("div", { class: "buttons" }, h("button", { key: "export.close", type: "button", class: "primary", "data-first": true, onclick: close }, words.t("form.close"))));

export const evidenceDialog = panel({
  load: () => ({ shown: /** @type {EvidenceShown | null} */ (null), kept: "" }),
  on: (app, panel) => ({
    close: () => app.closeDialog(),
    take: () => void panel.act(async () => {
      await takeCheckpoint({});
      panel.patch({ shown: await readEvidence({}) });
    }),
    save: () => void panel.act(async () => {
      const { file } = await saveCheckpoint({});
      if (file !== null) panel.patch({ kept: app.state().words.t("evidence.saved", { file }) });
    }),
    print: () => void panel.act(async () => {
      const { kept } = await printCheckpoint({});
      if (kept) panel.patch({ kept: app.state().words.t("evidence.printed") });
    }),
  }),
  view({ words }, { data, busy, refusal }, on) {
    const { t } = words;
    if (data.shown === null) return [];
    const { evidence, keyQr, checkpointQr, workspace } = data.shown;
    const newest = evidence.checkpoints[0] ?? null;
    return dialogHead(t("evidence.title"),
      h("p", { class: "screen-only" }, t("evidence.about")),
      refusal && h("div", { role: "alert", class: "screen-only" }, note("danger", h("p", null, words.refusal(refusal)))),
      newest && h("div", { class: "paper-only" }, h("h1", null, t("file.checkpoint.title")), h("p", null, t("file.checkpoint.keep")),
        h("p", null, `${t("file.checkpoint.workspaceLabel")} `, h("bdi", null, workspace))),
      kept(t("evidence.key"), t("evidence.keyHint"), evidence.publicKey, keyQr, t("evidence.keyQr")),
      newest && checkpointQr !== null
        ? kept(t("evidence.newest"), t("evidence.newestHint", { at: words.dateTime(newest.at), entries: words.n("evidence.entries", newest.size) }), newest.note.trimEnd(), checkpointQr, t("evidence.checkpointQr"))
        : h("p", { class: "hint" }, t("evidence.noCheckpoint")),
      newest && h("div", { class: "paper-only" }, h("h3", null, t("file.checkpoint.howHeading")),
        h("ol", null, t("file.checkpoint.how").split("\n").map((step) => h("li", null, step))),
        h("p", null, `${t("file.checkpoint.signedHeading")} – ${["placeLabel", "nameLabel", "dateLabel"].map((label) => `${t(/** @type {Key} */ (`file.checkpoint.${label}`))} ________________`).join("  ")}`)),
      data.kept && h("div", { role: "status", class: "screen-only" }, note("ok", h("p", null, data.kept))),
      h("div", { class: "buttons screen-only" },
        h("button", { key: "evidence.close", type: "button", class: "primary", onclick: on.close }, t("form.close")),
        newest && h("button", { key: "evidence.print", type: "button", "aria-disabled": busy ? "true" : null, onclick: on.print }, icon("print"), t("evidence.print")),
        newest && h("button", { key: "evidence.save", type: "button", "aria-disabled": busy ? "true" : null, onclick: on.save }, t("evidence.savePdf")),
        newest?.size !== evidence.size && h("button", { key: "evidence.take", type: "button", "aria-disabled": busy ? "true" : null, onclick: on.take }, t("evidence.take"))));
  },
});

/**
 * Something to keep elsewhere: as text to copy, and as a picture.
 * @param {string} title
 * @param {Child} hint
 * @param {string} text
 * @param {string} picture
 * @param {string} alt
 */
const kept = (title, hint, text, picture, alt) =>
  h("section", { class: "kept-elsewhere" },
    h("img", { class: "qr", src: picture, alt }),
    h("div", null, h("h3", null, title), h("p", { class: "hint" }, hint), h("pre", { class: "licence", lang: "en", dir: "ltr", tabindex: 0, "aria-label": title }, text)));
