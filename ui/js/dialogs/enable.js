// Enable two-factor authentication, or add another authenticator: what is needed, the password, then the sheet.

import { beginEnrolment } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { freeName } from "../parts/authenticators.js";
import { field, form } from "../parts/form.js";
import { needs } from "../parts/needs.js";
import { dialogHead } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

export const enable = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => beginEnrolment({ name: values["name"] ?? "", proof: readProof(values) }))) {
        app.closeDialog();
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words, account } = state;
    const { t } = words;
    const another = Boolean(account?.factor);
    return dialogHead(t(another ? "factor.add" : "factor.enableLong"),
      another ? h("p", null, t("factor.addLead")) : needs(words, account?.backupCodes),
      form(words, panel, {
        submit: t("form.continue"),
        onsubmit: on.submit,
        beside: h("button", { key: "enable.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: [...PROOF_REFUSALS, "name-empty", "name-too-long", "authenticator-name-taken"],
      },
        field(words, panel, { name: "name", label: t("enrol.name"), hint: t("enrol.nameHint"), value: freeName(words, account?.factor?.authenticators ?? []), claims: ["name-empty", "name-too-long", "authenticator-name-taken"] }),
        proofFields(state, panel)));
  },
});
