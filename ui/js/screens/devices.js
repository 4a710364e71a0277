// Settings → Workspace → Devices: the desktops that are paired with the server, whose each is, and how one is taken back.

/** @import { DeviceRow, DeviceState } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, Words } from "../../../tests/ui/types/page.js" */

import { listDevices } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { icon } from "../parts/icon.js";
import { heading, personName } from "../parts/note.js";

/** @type {Readonly<Record<DeviceState, { tone: string, label: Key }>>} */
const STATES = Object.freeze({
  invited: { tone: "warn", label: "devices.state.invited" }, expired: { tone: "plain", label: "devices.state.expired" },
  paired: { tone: "ok", label: "devices.state.paired" }, revoked: { tone: "plain", label: "devices.state.revoked" },
});

export const devices = panel({
  async load(app) {
    const now = app.state().screen;
    const gone = now.name === "devices" && now.data ? now.data.gone : false;
    return { gone, page: await listDevices({ gone }) };
  },
  on: (app, panel) => ({
    invite: () => app.ask("device-invite"),
    /** @param {DeviceRow} device */
    revoke: (device) => app.ask("device-revoke", { device }),
    /** @param {DeviceRow} device */
    lost: (device) => app.go("lost", device.id),
    /** An answer that a later question has overtaken is dropped. @param {boolean} gone */
    async show(gone) {
      panel.patch({ gone });
      const page = await listDevices({ gone }).catch(() => void app.refresh());
      if (page && panel.read().name === "devices" && panel.read().data.gone === gone) panel.patch({ page });
    },
    async more() {
      const { gone, page } = panel.read().data;
      if (page.next === null) return;
      const next = await listDevices({ gone, after: page.next }).catch(() => void app.refresh());
      if (next && panel.read().data.page === page) panel.patch({ page: { ...next, rows: [...page.rows, ...next.rows] } });
    },
  }),
  view({ words }, { data }, on) {
    const { t, n } = words;
    const { gone, page } = data;
    return [
      h("p", { class: "crumbs" }, t("devices.crumbs")),
      heading(t("devices.title"), h("button", { key: "devices.invite", type: "button", class: "primary", onclick: on.invite }, icon("plus"), t("devices.invite"))),
      h("p", { class: "lead" }, t("devices.lead")),
      page.rows.length === 0
        ? h("p", { class: "empty" }, t("devices.none"))
        : [h("p", { class: "sub", role: "status" }, n("devices.count", page.total)), table(words, page.rows, String(gone), on),
          page.next !== null && h("div", { class: "buttons" }, h("button", { key: "devices.more", type: "button", onclick: () => void on.more() }, t("tokens.more")))],
      (gone || page.gone > 0) && h("div", { class: "buttons" },
        h("button", { key: "devices.gone", type: "button", onclick: () => void on.show(!gone) }, gone ? t("devices.hideGone") : n("devices.showGone", page.gone))),
    ];
  },
});

/** What happened to it, and by whom: the latest. @param {Words} words @param {DeviceRow} device @returns {Child} */
function story(words, device) {
  const { t, rich, dateTime } = words;
  const by = (/** @type {DeviceRow["invitedBy"]} */ person) => (person ? personName(person) : t("devices.console"));
  switch (device.state) {
    case "invited": return t("devices.until", { at: dateTime(device.expiresAt ?? 0) });
    case "revoked": {
      const at = dateTime(device.revokedAt ?? 0);
      return device.revokedBy ? rich("devices.revokedAt", { at, name: personName(device.revokedBy) }) : t("devices.revokedAlone", { at });
    }
    case "paired": return t("devices.pairedAt", { at: dateTime(device.pairedAt ?? 0) });
    case "expired": return rich("devices.invitedAt", { at: dateTime(device.invitedAt), name: by(device.invitedBy) });
  }
}

/** @param {DeviceRow} device */
const isLive = ({ state }) => state === "paired" || state === "invited";

/** Whether it was ever in somebody's hands. @param {DeviceRow} device */
const wasPaired = ({ pairedAt }) => pairedAt !== null;

/** @typedef {{ revoke: (device: DeviceRow) => void, lost: (device: DeviceRow) => void }} Acts */

/**
 * @param {Words} words
 * @param {DeviceRow[]} devices
 * @param {string} asked
 * @param {Acts} on
 */
function table(words, devices, asked, on) {
  const { t } = words;
  return h("data-table", { key: "devices.table", "data-stays": true, class: "table-devices", options: {
    key: "device", label: t("devices.title"), total: devices.length, asked,
    rows: devices.map((device) => row(words, device, on)),
    activate: (/** @type {string} */ id) => {
      const device = devices.find((one) => one.id === id);
      if (device && wasPaired(device)) on.lost(device);
      else if (device && isLive(device)) on.revoke(device);
    },
    columns: [
      { name: t("devices.name"), class: "wide" },
      { name: t("devices.person"), class: "wide" },
      { name: t("devices.state"), class: "state-cell" },
      { name: t("users.menu"), class: "act-cell", hidden: true },
    ],
  } });
}

/**
 * @param {Words} words
 * @param {DeviceRow} device
 * @param {Acts} on
 */
function row(words, device, on) {
  const { t } = words;
  const { id, name, state, person, seenAt } = device;
  return {
    id,
    label: [name, t(STATES[state].label), person?.name].filter(Boolean).join(", "),
    cells: [
      [h("bdi", { class: "clip strong", title: name }, name), h("span", { class: "clip sub" }, story(words, device))],
      person ? [h("span", { class: "clip" }, personName(person)), h("span", { class: "clip sub", dir: "ltr" }, person.email)] : h("span", { class: "sub" }, t("devices.nobody")),
      [h("span", { class: `chip ${STATES[state].tone}` }, t(STATES[state].label)),
        state === "paired" && h("span", { class: "clip sub" }, seenAt === null ? t("devices.never") : t("devices.seenAt", { at: words.dateTime(seenAt) }))],
      [isLive(device) && h("button", { key: `device.${id}`, type: "button", class: "danger", tabindex: -1, "aria-label": t(state === "paired" ? "devices.revokeOne" : "devices.withdrawOne", { name }), onclick: () => on.revoke(device) }, t(state === "paired" ? "devices.revoke" : "devices.withdraw")),
        wasPaired(device) && h("button", { key: `lost.${id}`, type: "button", class: "link", tabindex: -1, "aria-label": t("lost.openOne", { name }), onclick: () => on.lost(device) }, t("lost.open"))],
    ],
  };
}
