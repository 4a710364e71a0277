// Erases a person: what goes and what stays, with counts; then their name, typed, and who asks.

/** @import { BackupsView, ErasureView, Work } from "../../../tests/ui/types/wire.js" */
/** @import { Child, PluralKey, State, Words } from "../../../tests/ui/types/page.js" */

import { erasePerson, stopWork } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";
import { progress, watched } from "../parts/progress.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

/** @typedef {{ step: "facts" | "proof", view: ErasureView | null, backups: BackupsView | null, code: boolean, work: Work | null }} Data */

/** @type {Data} */
const BLANK = Object.freeze({ step: "facts", view: null, backups: null, code: false, work: null });

export const eraseDialog = panel({
  load: () => BLANK,
  on: (app, panel) => ({
    /** Stops what is under way, or goes. */
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    agree: () => panel.patch({ step: "proof" }),
    back: () => panel.patch({ step: "facts" }),
    desk() {
      app.closeDialog();
      app.go("desk");
    },
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { view } = panel.read().data;
      if (!view) return;
      const erased = { entries: 0 };
      const account = view.person.id;
      const done = await watched(panel, async () => {
        erased.entries = (await erasePerson({ account, name: values["name"] ?? "", proof: readProof(values) })).entries;
      });
      if (!done) return revealCode(panel);
      app.closeDialog();
      app.say("erase.done", { entries: app.state().words.n("evidence.entries", erased.entries) });
      app.go("users");
      await app.refresh();
    },
  }),
  view(state, panel, on) {
    const { t } = state.words;
    const { view, step, work } = panel.data;
    if (!view) return [];
    // The whole name: it is typed as it stands here.
    const whom = h("p", { class: "who" }, h("bdi", { class: "strong breaks" }, view.person.name), h("span", { class: "clip sub", dir: "ltr" }, view.person.email));
    const cancel = h("button", { key: "erase.cancel", type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel"));
    // Each step has its own fields and button: the focus begins anew with it.
    const own = { ...panel, name: `${panel.name}-${step}` };
    if (view.refused) {
      return dialogHead(t("action.erase.title"), whom,
        note("danger", h("p", null, state.words.refusal(view.refused))),
        h("div", { class: "buttons" },
          h("button", { key: "erase.desk", type: "button", class: "primary", "data-first": true, onclick: on.desk }, t("erase.desk")), cancel));
    }
    if (step === "facts") {
      return dialogHead(t("action.erase.title"), whom, facts(state, panel.data),
        form(state.words, own, { submit: t("form.continue"), onsubmit: on.agree, danger: true, beside: cancel }));
    }
    return dialogHead(t("action.erase.title"), whom,
      h("p", null, t("erase.prove")),
      form(state.words, own, {
        submit: t(panel.busy ? "erase.busy" : "erase.submit"), onsubmit: on.submit, danger: true, claimed: [...PROOF_REFUSALS, "erasure-name-differs"],
        beside: [cancel, !panel.busy && h("button", { key: "erase.back", type: "button", onclick: on.back }, t("form.back"))],
      },
        field(state.words, own, { name: "name", label: t("erase.name"), first: true, claims: ["erasure-name-differs"] }),
        proofFields(state, own, { first: false }),
        progress(state.words, work, "erase.busy")));
  },
});

/** What goes, and what stays. @param {State} state @param {Data} data @returns {Child} */
function facts({ words }, { view, backups }) {
  if (!view) return null;
  const { t, n } = words;
  /** @type {[PluralKey, number][]} */
  const counted = [
    ["erase.authenticators", view.authenticators], ["erase.codes", view.codes], ["erase.sessions", view.sessions], ["erase.tokens", view.tokens],
    ["erase.cases", view.cases], ["erase.imports", view.imports], ["erase.notices", view.notices],
  ];
  return [
    h("h3", null, t("erase.goes")),
    h("ul", { class: "facts" },
      h("li", null, t("erase.account")),
      counted.filter(([, count]) => count > 0).map(([key, count]) => h("li", null, n(key, count))),
      view.asked && h("li", null, t("erase.asked")),
      h("li", null, n("erase.entries", view.entries)),
      view.shared > 0 && h("li", null, n("erase.shared", view.shared))),
    h("h3", null, t("erase.stays")),
    h("ul", { class: "facts" },
      h("li", null, t("erase.facts")),
      h("li", null, t("erase.declared")),
      h("li", null, t("erase.others"))),
    note("warn", h("p", { class: "strong" }, t("erase.copies")), h("ul", { class: "facts" }, copies(words, backups))),
  ];
}

/** Where the person still is afterwards. @param {Words} words @param {BackupsView | null} backups @returns {Child[]} */
function copies(words, backups) {
  const { t, n } = words;
  const taken = backups?.record.takenAt ?? null;
  const older = backups?.older ?? [];
  return [
    h("li", null, t("erase.exported")),
    h("li", null, taken === null ? t("erase.noBackup") : t("erase.backup", { at: words.dateTime(taken) })),
    older.length > 0 && h("li", null, n("erase.older", older.length), " ", older.map(({ of }) => words.date(of)).join(" · ")),
  ];
}
