// The first door: e-mail and password.

import { signIn as signInCommand } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { icon } from "../parts/icon.js";
import { field, form } from "../parts/form.js";
import { heading } from "../parts/note.js";

export const signIn = panel({
  load: () => ({}),
  on: (app, panel) => ({
    invitation: () => app.go("invitation"),
    recover: () => app.go("recover-owner"),
    forgotten: () => app.go("forgotten"),
    notMe: () => app.go("not-me"),
    /** @param {Record<string, string>} values */
    async submit({ email = "", password = "" }) {
      if (await panel.act(() => signInCommand({ email, password }))) await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    return [
      heading(t("signIn.title")),
      form(words, panel, { submit: panel.busy ? t("signIn.busy") : t("signIn.submit"), onsubmit: on.submit },
        field(words, panel, { name: "email", type: "email", label: t("form.email"), first: true, autocomplete: "username" }),
        field(words, panel, { name: "password", type: "password", label: t("form.password"), autocomplete: "current-password" })),
      h("div", { class: "aside" },
        h("p", null, h("button", { key: "sign-in.invitation", type: "button", class: "link", onclick: on.invitation }, icon("mail"), t("signIn.invitation"))),
        h("p", null, h("button", { key: "sign-in.forgotten", type: "button", class: "link", onclick: on.forgotten }, icon("key"), t("signIn.forgotten"))),
        !situation.open?.remote && h("p", null, h("button", { key: "sign-in.recover", type: "button", class: "link", onclick: on.recover }, icon("key"), t("recoverOwner.open"))),
        h("p", null, h("button", { key: "sign-in.not-me", type: "button", class: "link", onclick: on.notMe }, icon("shield"), t("signIn.notMe")))),
    ];
  },
});
