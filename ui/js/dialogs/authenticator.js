// Rename an authenticator, or remove one of several.

import { removeAuthenticator, renameAuthenticator } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { choice, field, form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";

/** @param {string} name */
const named = (name) => h("p", { class: "who" }, h("bdi", { class: "clip strong", title: name }, name));

export const renameAuthenticatorDialog = panel({
  load: () => ({ id: "", name: "" }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit({ name = "" }) {
      if (!(await panel.act(() => renameAuthenticator({ id: panel.read().data.id, name })))) return;
      app.closeDialog();
      await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    return dialogHead(t("authenticator.rename"),
      form(words, panel, {
        submit: t("authenticator.renameSubmit"),
        onsubmit: on.submit,
        beside: h("button", { key: "rename-authenticator.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: ["name-empty", "name-too-long", "authenticator-name-taken"],
      }, field(words, panel, { name: "name", label: t("enrol.name"), value: panel.data.name, first: true, claims: ["name-empty", "name-too-long", "authenticator-name-taken"] })));
  },
});

export const removeAuthenticatorDialog = panel({
  load: () => ({ id: "", name: "", code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { id } = panel.read().data;
      if (await panel.act(() => removeAuthenticator({ id, elsewhere: values["sessions"] === "end", proof: readProof(values) }))) {
        app.closeDialog();
        app.say("authenticator.removed");
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("authenticator.remove"),
      named(panel.data.name),
      note("warn", h("p", null, t("authenticator.removeFollows"))),
      form(words, panel, {
        submit: t("authenticator.removeSubmit"),
        onsubmit: on.submit,
        danger: true,
        beside: h("button", { key: "remove-authenticator.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: PROOF_REFUSALS,
      },
        choice(panel, {
          name: "sessions", label: t("authenticator.sessions"), hint: t("authenticator.sessionsHint"), value: "keep",
          options: [{ value: "keep", text: t("authenticator.sessionsKeep") }, { value: "end", text: t("authenticator.sessionsEnd") }],
        }),
        proofFields(state, panel, { first: false })));
  },
});
