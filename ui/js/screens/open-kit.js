// Opens a workspace with its recovery kit.

import { openByKit } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { KIT_REFUSALS, kitField } from "../parts/kit.js";
import { heading, note } from "../parts/note.js";

export const openKit = panel({
  load: () => ({}),
  on: (app, panel) => ({
    back: () => app.go("open", panel.read().id),
    /** @param {Record<string, string>} values */
    async submit({ code = "" }) {
      const id = panel.read().id ?? "";
      if (await panel.act(() => openByKit({ id, code }))) await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    const workspace = situation.known.find(({ id }) => id === panel.id);
    return [
      heading(t("openKit.title")),
      h("p", { class: "lead" }, h("bdi", { class: "clip", title: workspace?.name }, workspace?.name)),
      form(words, panel, {
        submit: panel.busy ? t("open.busy") : t("open.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "open-kit.back", type: "button", onclick: on.back }, t("form.back")),
        claimed: KIT_REFUSALS,
      },
        kitField(words, panel, { name: "code", first: true }),
        note("info", h("p", null, t("openKit.told")))),
    ];
  },
});
