// "This was not me", from outside: the code of a message is typed, and nothing else is asked.

/** @import { RefusalCode } from "../../../tests/ui/types/wire.js" */

import { reportNotMe } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { codeField } from "../parts/code.js";
import { form } from "../parts/form.js";
import { heading, note } from "../parts/note.js";

/** @type {RefusalCode[]} */
const CLAIMED = ["code-empty", "code-length", "code-mistyped", "report-code-wrong"];

export const notMe = panel({
  load: () => ({ told: false }),
  on: (app, panel) => ({
    back: () => app.go("sign-in"),
    another: () => panel.patch({ told: false }),
    /** @param {Record<string, string>} values */
    async submit({ code = "" }) {
      if (await panel.act(() => reportNotMe({ code }))) panel.patch({ told: true });
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const back = h("button", { key: "not-me.back", type: "button", class: panel.data.told ? "primary" : null, onclick: on.back }, t("form.back"));
    if (panel.data.told) {
      return [
        heading(t("notMe.toldTitle")),
        h("div", { role: "status" }, note("ok", h("p", { class: "strong" }, t("notMe.told")))),
        h("ul", { class: "facts" }, h("li", null, t("notMe.next.call")), h("li", null, t("notMe.next.open")), h("li", null, t("notMe.next.mailbox"))),
        h("div", { class: "buttons" }, back, h("button", { key: "not-me.another", type: "button", onclick: on.another }, t("notMe.another"))),
      ];
    }
    return [
      heading(t("notMe.title")),
      h("p", { class: "lead" }, t("notMe.lead")),
      form(words, panel, { submit: panel.busy ? t("signIn.busy") : t("notMe.submit"), onsubmit: on.submit, beside: back, claimed: CLAIMED },
        codeField(words, panel, { label: t("notMe.code"), accepts: "report", first: true, claims: CLAIMED, hint: t("notMe.codeHint"),
          says: ({ code, number }) => (code === "code-length" ? t("notMe.length", { number: String(number ?? 0) }) : null) })),
      h("p", { class: "hint" }, t("notMe.noCode")),
    ];
  },
});
