// Send a new invitation: the earlier one is dead from then on.

/** @import { PersonName } from "../../../tests/ui/types/wire.js" */

import { inviteAgain } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { dialogHead, personName } from "../parts/note.js";

export const inviteAgainDialog = panel({
  load: () => ({ person: /** @type {PersonName} */ ({ id: "", name: "", email: "" }) }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    async submit() {
      if (!(await panel.act(() => inviteAgain({ account: panel.read().data.person.id })))) return;
      app.closeDialog();
      await app.refresh();
    },
  }),
  view({ words, account }, panel, on) {
    const { t } = words;
    const { person } = panel.data;
    return dialogHead(t("inviteAgain.title"),
      h("p", { class: "who" }, personName(person), h("span", { class: "clip sub", dir: "ltr" }, person.email)),
      h("p", null, t("inviteAgain.lead"), account?.mailIsOn && [" ", t("issued.mailedToo")]),
      form(words, panel, { submit: t("inviteAgain.submit"), onsubmit: on.submit, beside: h("button", { key: "invite-again.cancel", type: "button", onclick: on.cancel }, t("form.cancel")) }));
  },
});
