// A change of policy before it is saved: what changes, who is affected and how, and who asks for it.

/** @import { AffectedRow, PolicyDraft, PolicyEffect, Preflight } from "../../../tests/ui/types/wire.js" */
/** @import { Key, PluralKey, Words } from "../../../tests/ui/types/page.js" */

import { preflightPolicy, savePolicy } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead, note, personName } from "../parts/note.js";
import { changeList } from "../parts/policy-words.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

/** @typedef {{ community?: string }} Whose */

/** @type {Preflight} */
const NOTHING = Object.freeze({ seen: null, counts: null, total: null, refused: null, rows: [], next: null });

export const policy = panel({
  load: () => ({
    whose: /** @type {Whose} */ ({}), name: /** @type {string | null} */ (null), draft: /** @type {PolicyDraft} */ ({}), changes: /** @type {Record<string, string>} */ ({}),
    preflight: NOTHING, rows: /** @type {AffectedRow[]} */ ([]), next: /** @type {string | null} */ (null), asked: "", code: false, stale: false,
  }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** A reply that a later search has overtaken is dropped. @param {Event} event */
    async search(event) {
      if (!(event.target instanceof HTMLInputElement)) return;
      const asked = event.target.value;
      panel.patch({ asked });
      const { whose, draft } = panel.read().data;
      const page = await preflightPolicy({ ...whose, draft, search: asked }).catch(() => null);
      if (page && panel.read().name === "policy" && panel.read().data.asked === asked) panel.patch({ rows: page.rows, next: page.next });
    },
    async more() {
      const { whose, draft, asked, rows, next } = panel.read().data;
      if (next === null) return;
      await panel.act(async () => {
        const page = await preflightPolicy({ ...whose, draft, search: asked, after: next });
        if (panel.read().data.asked === asked) panel.patch({ rows: [...rows, ...page.rows], next: page.next });
      });
    },
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { whose, draft, preflight } = panel.read().data;
      if (await panel.act(() => savePolicy({ ...whose, draft, seen: preflight.seen ?? "", proof: readProof(values) }))) {
        app.closeDialog();
        app.say("policies.saved");
        return app.refresh();
      }
      revealCode(panel);
      if (panel.read().refusal?.code !== "preflight-stale") return;
      await panel.act(async () => {
        const again = await preflightPolicy({ ...whose, draft, search: "" });
        panel.patch({ preflight: again, rows: again.rows, next: again.next, asked: "", stale: true });
      });
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t, n } = words;
    const { name, changes, preflight, rows, next, asked, stale } = panel.data;
    const cancel = h("button", { key: "policy.cancel", type: "button", onclick: on.cancel }, t("form.cancel"));
    const total = preflight.total ?? 0;
    return dialogHead(name === null ? t("policy.title") : t("policy.communityTitle", { name }),
      stale && h("div", { role: "status" }, note("warn", h("p", null, t("refusal.preflight-stale")))),
      h("ul", { class: "facts" }, changeList(words, changes).map((line) => h("li", null, line))),
      h("h3", null, t("policy.affected")),
      total === 0
        ? h("p", { class: "empty small" }, t("policy.nobody"))
        : [
          h("ul", { class: "facts" }, (preflight.counts ?? []).filter(({ people }) => people > 0).map(({ effect, people }) =>
            h("li", { class: effect === "locked-out" ? "strong" : null }, n(/** @type {PluralKey} */ (`policy.count.${effect}`), people)))),
          (total > 8 || asked !== "") && h("input", { key: "policy.search", type: "search", value: asked, "aria-label": t("users.search"), placeholder: t("users.search"), autocomplete: "off", spellcheck: "false", dir: "auto", oninput: on.search }),
          h("ul", { key: "policy.people", class: "affected", tabindex: 0, "data-scrolls": true, "aria-label": t("policy.affected") }, rows.length === 0
            ? h("li", { class: "sub" }, t("users.none"))
            : rows.map((row) => person(words, row)),
            next !== null && h("li", null, h("button", { key: "policy.more", type: "button", class: "link", "aria-disabled": panel.busy ? "true" : null, onclick: on.more }, t("policy.more", { shown: words.number(rows.length), total: asked === "" ? words.number(total) : "…" })))),
        ],
      preflight.refused
        ? [note("danger", h("p", null, words.refusal({ code: preflight.refused }))), h("div", { class: "buttons" }, cancel)]
        : form(words, panel, {
          submit: panel.busy ? t("policy.saving") : t(total === 0 ? "policy.save" : "policy.saveAnyway"), onsubmit: on.submit, beside: cancel, danger: (preflight.counts ?? []).some(({ effect, people }) => effect === "locked-out" && people > 0),
          claimed: [...PROOF_REFUSALS, "preflight-stale"],
        }, proofFields(state, panel, { first: false })));
  },
});

/**
 * @param {Words} words
 * @param {AffectedRow} row
 */
const person = (words, { person, effects, until }) =>
  h("li", null, personName(person), h("span", { class: "clip sub", dir: "ltr" }, person.email),
    h("span", { class: "sub" }, effects.map((effect) => told(words, effect, until)).join(" ")));

/** @type {(words: Words, effect: PolicyEffect, until: number | null) => string} */
const told = ({ t, dateTime }, effect, until) =>
  until === null || !["obliged", "sooner"].includes(effect)
    ? t(/** @type {Key} */ (effect === "obliged" ? "policy.effect.first-sign-in" : `policy.effect.${effect}`))
    : t(/** @type {Key} */ (`policy.effect.${effect}`), { at: dateTime(until) });
