// A first sign-in to which an administrator handed the keyboard: no code, only a password to choose.

import { acceptHandOver, declineHandOver } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { personName } from "../parts/note.js";

export const handOver = panel({
  load: () => ({}),
  on: (app, panel) => ({
    back: async () => (await panel.act(() => declineHandOver({}))) && app.refresh(),
    /** @param {Record<string, string>} values */
    async submit({ password = "" }) {
      if (await panel.act(() => acceptHandOver({ password }))) await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    const person = situation.open?.handedTo;
    return [
      h("header", { class: "heading" }, h("h1", { tabindex: -1, class: "breaks" }, words.rich("handOver.title", { name: person ? personName(person) : "" }))),
      h("p", { class: "lead" }, t("handOver.lead")),
      form(words, panel, {
        submit: t("handOver.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "hand-over.back", type: "button", onclick: on.back }, t("handOver.decline")),
        claimed: ["password-too-short", "password-too-long", "password-common"],
      }, field(words, panel, { name: "password", type: "password", label: t("form.newPassword"), hint: t("form.newPasswordHint"), first: true, least: 8, meter: true, autocomplete: "new-password", claims: ["password-too-short", "password-too-long", "password-common"] })),
      h("p", { class: "aside hint" }, t("handOver.notYou")),
    ];
  },
});
