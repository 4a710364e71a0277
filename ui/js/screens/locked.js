// Locked: the same person comes back with the password.

import { signOut, unlock } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { heading, personName } from "../parts/note.js";

export const locked = panel({
  load: () => ({}),
  on: (app, panel) => ({
    other: async () => (await panel.act(() => signOut({}))) && app.refresh(),
    /** @param {Record<string, string>} values */
    async submit({ password = "" }) {
      if (await panel.act(() => unlock({ password }))) await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    const person = situation.open?.me?.person;
    return [
      heading(t("locked.title")),
      person && h("p", { class: "who" }, personName(person), h("span", { class: "sub", dir: "ltr" }, person.email)),
      form(words, panel, {
        submit: panel.busy ? t("locked.busy") : t("locked.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "locked.other", type: "button", onclick: on.other }, t("locked.other")),
        claimed: ["wrong-password"],
      }, field(words, panel, { name: "password", type: "password", label: t("form.password"), first: true, autocomplete: "current-password", claims: ["wrong-password"] })),
    ];
  },
});
