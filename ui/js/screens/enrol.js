// May enrol and nothing else: an authenticator is asked for before anything opens.

import { beginEnrolment, readOwnTokens, signOut } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { needs } from "../parts/needs.js";
import { heading } from "../parts/note.js";
import { waitingTokens } from "../parts/token.js";

export const enrol = panel({
  load: () => readOwnTokens({}),
  on: (app, panel) => ({
    /** @param {import("../../../tests/ui/types/wire.js").OwnToken} token */
    activate: (token) => app.ask("token-activate", { token, enrolling: true }),
    leave: async () => (await panel.act(() => signOut({}))) && app.refresh(),
    /** @param {Record<string, string>} values */
    async submit({ name = "" }) {
      if (await panel.act(() => beginEnrolment({ name }))) await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    const again = situation.open?.me?.reach === "enrol-again";
    return [
      heading(t(again ? "enrol.againTitle" : "enrol.title")),
      h("p", { class: "lead" }, t(again ? "enrol.againLead" : "enrol.lead")),
      panel.data.tokens.length > 0 && h("section", { class: "card", "aria-labelledby": "tokens-title" },
        h("header", null, h("h2", { id: "tokens-title" }, t("tokens.enrolTitle"))), waitingTokens(words, panel.data.tokens, on.activate)),
      needs(words, situation.open?.me?.backupCodes),
      form(words, panel, {
        submit: t("form.continue"),
        onsubmit: on.submit,
        beside: h("button", { key: "enrol.leave", type: "button", onclick: on.leave }, t("session.signOut")),
        claimed: ["name-empty", "name-too-long"],
      }, field(words, panel, { name: "name", label: t("enrol.name"), hint: t("enrol.nameHint"), value: t("enrol.nameFirst"), first: true, claims: ["name-empty", "name-too-long"] })),
    ];
  },
});
