// Makes a workspace on this computer out of a backup.

/** @import { Words } from "../../../tests/ui/types/page.js" */
/** @import { BackupView, BackupWay, Work } from "../../../tests/ui/types/wire.js" */

import { chooseBackup, readChosenBackup, restoreBackup, stopWork } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { check, choice, field, form } from "../parts/form.js";
import { icon } from "../parts/icon.js";
import { kitField } from "../parts/kit.js";
import { heading, note } from "../parts/note.js";
import { progress, watched } from "../parts/progress.js";
import { size } from "../parts/size.js";

export const restore = panel({
  load: async () => ({ ...(await readChosenBackup({})), by: /** @type {BackupWay} */ ("passphrase"), work: /** @type {Work | null} */ (null) }),
  on: (app, panel) => ({
    /** Stops what is under way, or goes. */
    back: () => (panel.read().busy && panel.read().data.work ? void stopWork({}) : app.go("start")),
    choose: () => panel.act(async () => panel.patch(await chooseBackup({}))),
    /** @param {Event} event */
    by: (event) => event.target instanceof HTMLSelectElement && panel.patch({ by: /** @type {BackupWay} */ (event.target.value) }),
    /** @param {Record<string, string>} values */
    async submit({ present, kit, passphrase = "", keepCodes }) {
      const key = kit === undefined ? { present: present ?? "" } : { kit };
      if (await watched(panel, () => restoreBackup({ ...key, passphrase, keepCodes: keepCodes !== undefined }))) await app.refresh();
    },
  }),
  view({ words }, panel, on) {
    const { t } = words;
    const { backup, by, work } = panel.data;
    if (!backup) {
      return [
        heading(t("restore.title")),
        h("p", { class: "lead" }, t("restore.lead")),
        h("div", { role: "alert", class: "alert-slot" }, panel.refusal && h("p", { class: "note danger" }, icon("warn"), h("span", null, words.refusal(panel.refusal)))),
        h("div", { class: "buttons" },
          h("button", { key: "restore.choose", type: "button", class: "primary", "data-first": true, "aria-disabled": panel.busy ? "true" : null, onclick: on.choose }, icon("folder"), t("restore.choose")),
          h("button", { key: "restore.back", type: "button", onclick: on.back }, t("form.back"))),
      ];
    }
    const both = backup.ways.includes("kit") && backup.ways.includes("passphrase");
    const kit = both ? by === "kit" : !backup.ways.includes("passphrase");
    return [
      heading(t("restore.title")),
      about(words, backup, h("button", { key: "restore.choose", type: "button", "aria-disabled": panel.busy ? "true" : null, onclick: on.choose }, t("restore.chooseOther"))),
      form(words, panel, {
        submit: panel.busy ? t("restore.busy") : t("restore.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "restore.back", type: "button", onclick: on.back }, t(work ? "work.stop" : "form.back")),
        claimed: ["backup-passphrase-wrong", "backup-kit-wrong", "kit-mistyped", "passphrase-too-short", "passphrase-common"],
      },
        both && choice(panel, {
          name: "by",
          label: t("restore.by"),
          value: by,
          options: [{ value: "passphrase", text: t("restore.byPassphrase") }, { value: "kit", text: t("restore.byKit") }],
          onchange: on.by,
        }),
        kit
          ? kitField(words, panel, { first: true })
          : field(words, panel, { name: "present", type: "password", label: t("restore.present"), hint: t("restore.presentHint", { at: words.date(backup.takenAt) }), first: true, autocomplete: "off", claims: ["backup-passphrase-wrong"] }),
        h("fieldset", null, h("legend", null, t("restore.newLegend")),
          field(words, panel, { name: "passphrase", type: "password", label: t("restore.new"), hint: t("restore.newHint"), least: 12, meter: true, autocomplete: "new-password", claims: ["passphrase-too-short", "passphrase-common"] }),
          field(words, panel, { name: "again", type: "password", label: t("restore.again"), same: "passphrase", autocomplete: "new-password" })),
        note("info", h("p", { class: "strong" }, t("restore.voidTitle")), h("p", null, t("restore.void"))),
        check(panel, { name: "keepCodes", label: t("restore.keepCodes"), hint: t("restore.keepCodesHint") }),
        progress(words, work)),
    ];
  },
});

/**
 * @param {Words} words
 * @param {BackupView} backup
 * @param {HTMLElement} other
 */
const about = (words, backup, other) =>
  h("section", { class: "card" },
    h("dl", { class: "about-file" },
      h("dt", null, words.t("restore.workspace")), h("dd", null, h("bdi", { class: "strong" }, backup.name)),
      h("dt", null, words.t("restore.taken")), h("dd", null, words.dateTime(backup.takenAt)),
      h("dt", null, words.t("restore.file")), h("dd", null, h("bdi", null, backup.file), ", ", size(words, backup.size))),
    backup.beside && h("p", { class: "sub" }, words.t("restore.beside")),
    h("div", { class: "buttons" }, other));
