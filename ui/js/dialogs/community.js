// A community: a new one, another name, or away with it.

import { makeCommunity, removeCommunity, renameCommunity } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";

export const communityDialog = panel({
  load: () => ({ id: /** @type {string | null} */ (null), name: "" }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit({ name = "" }) {
      const { id } = panel.read().data;
      if (!(await panel.act(() => (id === null ? makeCommunity({ name }) : renameCommunity({ community: id, name }))))) return;
      app.closeDialog();
      await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { id, name } = panel.data;
    return dialogHead(t(id === null ? "communities.make" : "communities.rename"),
      form(words, panel, {
        submit: t(id === null ? "communities.makeSubmit" : "communities.rename"), onsubmit: on.submit,
        beside: h("button", { key: "community.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: ["name-empty", "name-too-long", "community-name-taken"],
      }, field(words, panel, { name: "name", label: t("communities.name"), value: name, first: true, hint: t("communities.nameHint"), claims: ["name-empty", "name-too-long", "community-name-taken"] })));
  },
});

export const communityRemove = panel({
  load: () => ({ id: "", name: "" }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    async submit() {
      if (!(await panel.act(() => removeCommunity({ community: panel.read().data.id })))) return;
      app.closeDialog();
      await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    return dialogHead(t("communities.remove"),
      h("p", null, words.rich("communities.removeLead", { name: h("bdi", { class: "strong" }, panel.data.name) })),
      form(words, panel, { submit: t("communities.remove"), onsubmit: on.submit, danger: true, beside: h("button", { key: "community-remove.cancel", type: "button", onclick: on.cancel }, t("form.cancel")) }));
  },
});
