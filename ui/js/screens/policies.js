// Settings → Workspace → Policies: the workspace's own rules, and what each community asks beyond them.

/** @import { CommunityPolicy, Policies, PolicyDraft, PolicyValues } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Words } from "../../../tests/ui/types/page.js" */
/** @import { Rule } from "../parts/policy-words.js" */

import { preflightPolicy, readPolicies } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { choice, form } from "../parts/form.js";
import { heading, note } from "../parts/note.js";
import { asText, differences, readDraft, ruleName, ruleValue } from "../parts/policy-words.js";

/** @typedef {Policies & { chosen: CommunityPolicy | null }} Data */

/** What may be chosen, the strictest last. @type {Readonly<Record<Rule, readonly string[]>>} */
const CHOICES = Object.freeze({
  required: ["nobody", "staff", "everyone"],
  graceDays: ["90", "60", "30", "21", "14", "10", "7", "5", "3", "2", "1", "0"],
  mayDisable: ["yes", "no"],
  backupCodes: ["yes", "no"],
  recoveryHours: ["24", "18", "12", "8", "6", "4", "3", "2", "1"],
  offlineBudget: ["50", "40", "30", "20", "15", "10", "5", "3", "2", "1", "0"],
  totpWindow: ["1", "0"],
  lockFailures: ["10", "9", "8", "7", "6", "5", "4", "3"],
  lockMinutes: ["1", "5", "10", "15", "30", "60", "120", "240", "480", "1440"],
  idleMinutes: ["60", "45", "30", "20", "15", "10", "5", "3", "2", "1"],
  unlockAsksCode: ["no", "yes"],
});

export const policies = panel({
  /** @returns {Promise<Data>} */
  async load(_app, id) {
    const read = await readPolicies({});
    const wanted = id ?? (read.mayChange ? null : read.communities[0]?.id ?? null);
    return { ...read, chosen: read.communities.find((community) => community.id === wanted) ?? null };
  },
  on: (app, panel) => ({
    /** @param {Event} event */
    pick: (event) => event.currentTarget instanceof HTMLSelectElement && app.go("policies", event.currentTarget.value || null),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { chosen, workspace } = panel.read().data;
      const present = chosen ? chosen.asks : workspace;
      const draft = readDraft(values, present);
      const changes = differences(present, draft);
      if (Object.keys(changes).length === 0) return app.say("policies.unchanged");
      const whose = chosen ? { community: chosen.id } : {};
      await panel.act(async () => {
        const preflight = await preflightPolicy({ ...whose, draft, search: "" });
        app.ask("policy", { whose, name: chosen?.name ?? null, draft, changes, preflight, rows: preflight.rows, next: preflight.next });
      });
    },
  }),
  view({ words, situation }, state, on) {
    const { t } = words;
    const { chosen, workspace, communities, mayChange } = state.data;
    /** @type {PolicyDraft} */
    const present = chosen ? chosen.asks : workspace;
    // Each part of the workspace has its own fields: what is typed for one is not carried to the next.
    const own = { ...state, name: `policies-${chosen?.id ?? "workspace"}` };
    const rule = (/** @type {Rule} */ name, /** @type {string | undefined} */ hint = undefined) =>
      choice(own, { name, label: ruleName(words, name), value: asText(present[name]), options: options(words, name, present, chosen ? workspace : null), ...(hint ? { hint } : {}) });
    return [
      h("p", { class: "crumbs" }, t("policies.crumbs")),
      heading(t("policies.title")),
      (communities.length > 1 || (mayChange && communities.length > 0)) && h("div", { class: "card" }, choice(state, {
        name: "whose", label: t("policies.whose"), value: chosen?.id ?? "", onchange: on.pick, hint: t(chosen ? "policies.communityLead" : "policies.workspaceLead"),
        options: [...(mayChange ? [{ value: "", text: t("policies.workspace", { name: situation.open?.name ?? "" }) }] : []), ...communities.map(({ id, name }) => ({ value: id, text: t("policies.community", { name }) }))],
      })),
      chosen && communities.length === 1 && !mayChange && h("p", { class: "lead" }, words.rich("policies.onlyCommunity", { name: h("bdi", { class: "strong" }, chosen.name) })),
      form(words, own, { submit: state.busy ? t("policies.checking") : t("policies.check"), onsubmit: on.submit },
        part(t("policies.who"), rule("required"), rule("graceDays", t("policies.graceHint")), rule("mayDisable", t("policies.disableHint"))),
        part(t("policies.methods"), h("p", { class: "sub" }, t("policies.authenticator")), rule("backupCodes", t("policies.backupHint")),
          rule("totpWindow", t("policies.windowHint")), rule("recoveryHours"), situation.open?.remote && rule("offlineBudget", t("policies.offlineHint"))),
        part(t("policies.failures"), rule("lockFailures", t("policies.failuresHint")), rule("lockMinutes", t("policies.lockHint"))),
        part(t("policies.sessions"), rule("idleMinutes"), rule("unlockAsksCode"))),
      !chosen && tightened(words, communities, workspace),
    ];
  },
});

/** @param {string} title @param {...Child} children */
const part = (title, ...children) => h("section", { class: "card", "aria-label": title }, h("h2", null, title), children);

/**
 * What may be chosen for a rule. A community chooses what is at least as strict, or nothing of its own.
 * @param {Words} words
 * @param {Rule} rule
 * @param {PolicyDraft} present
 * @param {PolicyValues | null} workspace
 */
function options(words, rule, present, workspace) {
  const all = [...CHOICES[rule]];
  const value = asText(present[rule]);
  const numeric = all.every((choice) => /^\d+$/.test(choice));
  const rising = rule === "lockMinutes";
  for (const extra of [value, workspace ? asText(workspace[rule]) : "-"]) {
    if (extra !== "-" && !all.includes(extra)) all.push(extra);
  }
  if (numeric) all.sort((a, b) => (rising ? Number(a) - Number(b) : Number(b) - Number(a)));
  if (!workspace) return all.map((value) => ({ value, text: ruleValue(words, rule, value) }));
  const stricter = all.slice(all.indexOf(asText(workspace[rule])) + 1);
  if (value !== "-" && !stricter.includes(value)) stricter.unshift(value);
  return [
    { value: "-", text: words.t("policies.asWorkspace", { value: ruleValue(words, rule, asText(workspace[rule])) }) },
    ...stricter.map((value) => ({ value, text: ruleValue(words, rule, value) })),
  ];
}

/**
 * What communities ask beyond the workspace, in one glance.
 * @param {Words} words
 * @param {CommunityPolicy[]} communities
 * @param {PolicyValues} workspace
 */
function tightened(words, communities, workspace) {
  const { t } = words;
  const rules = /** @type {Rule[]} */ (Object.keys(CHOICES));
  const asking = communities.map(({ id, name, asks, holds }) => ({ id, name, holds, own: rules.filter((rule) => asText(asks[rule]) !== "-" && asText(holds[rule]) !== asText(workspace[rule])) })).filter(({ own }) => own.length > 0);
  return [
    h("h2", { class: "section" }, t("policies.tightened")),
    asking.length === 0
      ? note("info", h("p", null, t("policies.noneTightened")))
      : h("ul", { class: "card facts" }, asking.map(({ id, name, holds, own }) =>
        h("li", null, h("a", { key: `policies.to.${id}`, href: `#/policies/${id}` }, h("bdi", null, name)), " · ",
          own.map((rule) => words.t("policies.asks", { rule: ruleName(words, rule), value: ruleValue(words, rule, asText(holds[rule])) })).join("; ")))),
  ];
}
