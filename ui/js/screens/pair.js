// Pairs this computer with a workspace on a server.

/** @import { RefusalCode } from "../../../tests/ui/types/wire.js" */

import { pairWorkspace } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { codeField } from "../parts/code.js";
import { field, form } from "../parts/form.js";
import { heading, note } from "../parts/note.js";

/** @type {RefusalCode[]} */
export const OF_ADDRESS = ["address-invalid", "address-plain", "offline", "server-key-changed", "server-untrusted", "server-clock", "server-strange"];
/** @type {RefusalCode[]} */
const OF_CODE = ["code-empty", "code-length", "code-mistyped", "code-kind", "pairing-code-wrong"];
/** @type {RefusalCode[]} */
const OF_NAME = ["name-too-long"];
/** @type {RefusalCode[]} */
const OF_PASSPHRASE = ["passphrase-too-short", "passphrase-common"];

export const pair = panel({
  load: () => ({}),
  on: (app, panel) => ({
    back: () => app.go("start"),
    /** @param {Record<string, string>} values */
    async submit({ address = "", code = "", name = "", passphrase = "" }) {
      if (await panel.act(() => pairWorkspace({ address, code, name, passphrase }))) await app.refresh();
    },
  }),
  view({ words, situation }, panel, on) {
    const { t } = words;
    return [
      heading(t("pair.title")),
      h("p", { class: "lead" }, t("pair.lead")),
      form(words, panel, {
        submit: panel.busy ? t("pair.busy") : t("pair.submit"),
        onsubmit: on.submit,
        beside: h("button", { key: "pair.back", type: "button", onclick: on.back }, t("form.cancel")),
        claimed: [...OF_ADDRESS, ...OF_CODE, ...OF_NAME, ...OF_PASSPHRASE],
      },
        h("fieldset", null, h("legend", null, t("pair.server")),
          field(words, panel, { name: "address", label: t("pair.address"), hint: t("pair.addressHint"), value: panel.id ?? "", first: true, claims: OF_ADDRESS }),
          codeField(words, panel, { label: t("pair.code"), accepts: "pairing", hint: t("pair.codeHint"), claims: OF_CODE })),
        h("fieldset", null, h("legend", null, t("pair.here")),
          field(words, panel, { name: "name", label: t("pair.name"), hint: t("pair.nameHint"), value: situation.computer, optional: true, claims: OF_NAME }),
          field(words, panel, { name: "passphrase", type: "password", label: t("pair.passphrase"), hint: t("pair.passphraseHint"), least: 12, meter: true, autocomplete: "new-password", claims: OF_PASSPHRASE }),
          field(words, panel, { name: "passphraseAgain", type: "password", label: t("pair.passphraseAgain"), same: "passphrase", autocomplete: "new-password" })),
        note("info", h("p", null, t("pair.keeps")))),
    ];
  },
});
