// A forgotten password: a code by mail or from staff, and a new password. The second door stays where it is.

import { askPasswordCode, readForgotten, redeemPasswordCode } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { CODE_REFUSALS, codeField } from "../parts/code.js";
import { field, form } from "../parts/form.js";
import { heading, note } from "../parts/note.js";

/** @typedef {"mail" | "asked" | "code"} Step */

export const forgotten = panel({
  async load() {
    const { byMail } = await readForgotten({});
    return { byMail, step: /** @type {Step} */ (byMail ? "mail" : "code"), email: "" };
  },
  on: (app, panel) => ({
    back: () => app.go("sign-in"),
    /** @param {Step} step */
    step: (step) => panel.patch({ step }),
    /** @param {Record<string, string>} values */
    async ask({ email = "" }) {
      if (await panel.act(() => askPasswordCode({ email }))) panel.patch({ step: "asked", email: email.trim() });
    },
    /** @param {Record<string, string>} values */
    async submit({ email = "", code = "", password = "" }) {
      if (await panel.act(() => redeemPasswordCode({ email, code, password }))) await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { byMail, step, email } = panel.data;
    const back = h("button", { key: "forgotten.back", type: "button", onclick: on.back }, t("form.back"));
    // Each step has its own fields: the focus begins anew with it.
    const own = { ...panel, name: `${panel.name}-${step === "mail" ? "mail" : "code"}` };
    if (step === "mail") {
      return [
        heading(t("forgotten.title")),
        h("p", { class: "lead" }, t("forgotten.mailLead")),
        form(words, own, { submit: t("forgotten.mail"), onsubmit: on.ask, beside: back, claimed: ["email-invalid"] },
          field(words, own, { name: "email", type: "email", label: t("form.email"), hint: t("forgotten.mailHint"), first: true, autocomplete: "username", claims: ["email-invalid"] })),
        h("div", { class: "aside" }, h("p", null, h("button", { key: "forgotten.have", type: "button", class: "link", onclick: () => on.step("code") }, t("forgotten.have")))),
      ];
    }
    return [
      heading(t("forgotten.title")),
      step === "asked"
        ? h("div", { role: "status" }, note("info", h("p", null, t("forgotten.asked")), h("p", null, t("forgotten.notCome"))))
        : h("p", { class: "lead" }, t(byMail ? "forgotten.codeLead" : "forgotten.lead")),
      form(words, own, {
        submit: panel.busy ? t("signIn.busy") : t("forgotten.submit"),
        onsubmit: on.submit,
        beside: [byMail && h("button", { key: "forgotten.again", type: "button", onclick: () => on.step("mail") }, t("forgotten.again")), back],
        claimed: [...CODE_REFUSALS, "email-invalid", "password-too-short", "password-too-long", "password-common"],
      },
        field(words, own, { name: "email", type: "email", label: t("form.email"), value: email, first: email === "", autocomplete: "username", claims: ["email-invalid"] }),
        codeField(words, own, { label: t("forgotten.code"), accepts: "password", first: email !== "" }),
        field(words, own, { name: "password", type: "password", label: t("form.newPassword"), hint: t("form.newPasswordHint"), least: 8, meter: true, autocomplete: "new-password", claims: ["password-too-short", "password-too-long", "password-common"] })),
    ];
  },
});
