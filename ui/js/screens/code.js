// The second door: a code, told apart by its form.

import { codeForm } from "../code-form.js";
import { askStaff, giveCode, signOut } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { CODE_REFUSALS, codeField } from "../parts/code.js";
import { form } from "../parts/form.js";
import { heading, personName } from "../parts/note.js";

export const code = panel({
  load: () => ({ form: "none" }),
  on: (app, panel) => ({
    back: async () => (await panel.act(() => signOut({}))) && app.refresh(),
    async ask() {
      if (await panel.act(() => askStaff({}))) app.say("code.asked");
    },
    /** @param {Record<string, string>} values */
    async submit({ code: typed = "" }) {
      panel.patch({ form: codeForm(typed).kind });
      if (await panel.act(() => giveCode({ code: typed }))) await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    const me = situation.open?.me;
    const recovery = me?.reach === "recovery-code";
    return [
      heading(t(recovery ? "code.recoveryTitle" : "code.title")),
      h("p", { class: "lead" }, words.rich(recovery ? "code.recoveryLead" : me?.asks ? "code.leadFrom" : "code.lead", { name: me ? personName(me.person) : "", authenticator: h("bdi", { class: "strong breaks" }, me?.asks ?? "") })),
      form(words, panel, {
        submit: panel.busy ? t("code.busy") : t("code.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "code.back", type: "button", onclick: on.back }, t("form.cancel")),
        claimed: CODE_REFUSALS,
      }, codeField(words, panel, { label: t("code.label"), accepts: "any", first: true, hint: recovery ? t("code.hint.recovery") : t("code.hint.any"),
        // Only an app shows a next one.
        says: (refusal) => (refusal.code !== "code-wrong" ? null : panel.data.form === "backup" ? t("code.wrongBackup") : panel.data.form === "long" ? t("code.wrongGiven") : null) })),
      h("details", { key: "code.help", class: "aside" },
        h("summary", null, t(recovery ? "code.helpRecovery" : "code.help")),
        h("ul", null,
          !recovery && h("li", null, h("strong", null, t("code.help.backupTitle")), " ", t("code.help.backup")),
          h("li", null, h("strong", null, t("code.help.recoveryTitle")), " ", t("code.help.recovery")),
          h("li", null, h("strong", null, t("code.help.askTitle")), " ", t("code.help.ask"),
            h("p", { class: "buttons" }, h("button", { key: "code.ask", type: "button", "aria-disabled": panel.busy ? "true" : null, onclick: on.ask }, t("code.askStaff")))))),
    ];
  },
});
