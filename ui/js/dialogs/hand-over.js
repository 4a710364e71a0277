// Enrol here: ends one's own session, so that the keyboard can be handed over.

/** @import { PersonName } from "../../../tests/ui/types/wire.js" */

import { handOver } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead, personName } from "../parts/note.js";

export const handOverDialog = panel({
  load: () => ({ person: /** @type {PersonName} */ ({ id: "", name: "", email: "" }) }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    async submit() {
      if (!(await panel.act(() => handOver({ account: panel.read().data.person.id })))) return;
      app.closeDialog();
      await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { person } = panel.data;
    return dialogHead(t("enrolHere.title"),
      h("p", { class: "who" }, personName(person), h("span", { class: "clip sub", dir: "ltr" }, person.email)),
      h("p", null, t("enrolHere.lead")),
      h("p", null, t("enrolHere.code")),
      form(words, panel, { submit: t("enrolHere.submit"), onsubmit: on.submit, beside: h("button", { key: "hand-over.cancel", type: "button", onclick: on.cancel }, t("form.cancel")) }));
  },
});
