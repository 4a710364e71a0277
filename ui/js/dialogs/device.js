// A device: invited with a pairing code, which the sheet shows; or taken back.

/** @import { DeviceRow } from "../../../tests/ui/types/wire.js" */

import { inviteDevice, revokeDevice } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { field, form } from "../parts/form.js";
import { dialogHead, note } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";

/** @type {import("../../../tests/ui/types/wire.js").RefusalCode[]} */
const NAME_REFUSALS = ["name-empty", "name-too-long"];

export const deviceInvite = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => inviteDevice({ name: values["name"] ?? "", proof: readProof(values) }))) {
        app.closeDialog();
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    return dialogHead(t("devices.invite"),
      h("p", null, t("devices.inviteLead")),
      form(words, panel, {
        submit: t("devices.inviteSubmit"), onsubmit: on.submit, claimed: [...NAME_REFUSALS, ...PROOF_REFUSALS],
        beside: h("button", { key: "device-invite.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      },
        field(words, panel, { name: "name", label: t("devices.inviteName"), hint: t("devices.inviteNameHint"), first: true, claims: NAME_REFUSALS }),
        proofFields(state, panel, { first: false })));
  },
});

/** Takes back a device, or the code by which it could be paired. */
export const deviceRevoke = panel({
  load: () => ({ device: /** @type {DeviceRow | null} */ (null), code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { device } = panel.read().data;
      if (!device) return;
      if (await panel.act(() => revokeDevice({ device: device.id, proof: readProof(values) }))) {
        app.closeDialog();
        app.say(device.state === "paired" ? "devices.revoked" : "devices.withdrawn", { name: device.name });
        await app.refresh();
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { device } = panel.data;
    if (!device) return [];
    const paired = device.state === "paired";
    return dialogHead(t(paired ? "devices.revokeTitle" : "devices.withdrawTitle"),
      h("p", { class: "who" }, h("bdi", { class: "clip strong", title: device.name }, device.name), device.person && h("bdi", { class: "clip sub", title: device.person.email }, device.person.name)),
      paired
        ? [h("ul", { class: "facts" }, h("li", null, t("devices.revokeEnds")), h("li", null, t("devices.revokeAgain"))),
          note("warn", h("p", null, t("devices.revokeKept")))]
        : h("p", null, t("devices.withdrawLead")),
      form(words, panel, {
        submit: t(paired ? "devices.revoke" : "devices.withdraw"), onsubmit: on.submit, danger: true, claimed: PROOF_REFUSALS,
        beside: h("button", { key: "device-revoke.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
      }, proofFields(state, panel)));
  },
});
