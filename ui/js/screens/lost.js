// Settings → Workspace → Devices → Lost or stolen: take it back, see what it could have shown and issued, tell those whom it concerns.

/** @import { DeviceRow, LostCode, LostConcerned, LostDevice, LostHolder, LostNumbers, LostWhy } from "../../../tests/ui/types/wire.js" */
/** @import { Child, Key, State, Words } from "../../../tests/ui/types/page.js" */

import { readLostDevice, revokeDevice, tellLostDevice } from "../commands.js";
import { dayBegins } from "../days.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { form } from "../parts/form.js";
import { heading, note, personName } from "../parts/note.js";
import { codeId, codeWhen, OFFLINE_STATES } from "../parts/offline.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";

/** `since` is the day in the field, empty for the device's last use. */
/** @typedef {{ id: string, view: LostDevice, since: string, code: boolean }} Data */
/** @typedef {{ revoke: (values: Record<string, string>) => void, tell: () => void, ask: (since: string) => void, back: () => void, person: (id: string) => void }} Handlers */

/** @type {Readonly<Record<LostWhy, Key>>} */
const WHY = Object.freeze({ staff: "lost.why.staff", issued: "lost.why.issued", administers: "lost.why.administers" });

/** @param {string} device @param {string} since */
function request(device, since) {
  const begins = dayBegins(since);
  return begins === undefined ? { device } : { device, since: begins };
}

export const lost = panel({
  /** @returns {Promise<Data>} */
  async load(app, id) {
    const { name, data } = app.state().screen;
    /** @type {Data | null} */
    const before = name === "lost" && data?.id === id ? data : null;
    const [device, since] = [id ?? "", before?.since ?? ""];
    return { id: device, view: await readLostDevice(request(device, since)), since, code: before?.code ?? false };
  },
  on: (app, panel) => ({
    back: () => app.go("devices"),
    /** @param {string} id */
    person: (id) => app.go("users", id),
    /** An answer that a later question has overtaken is dropped. @param {string} since */
    async ask(since) {
      panel.patch({ since });
      const { id } = panel.read().data;
      const view = await readLostDevice(request(id, since)).catch(() => void app.refresh());
      if (view && panel.read().name === "lost" && panel.read().data.id === id && panel.read().data.since === since) panel.patch({ view });
    },
    /** @param {Record<string, string>} values */
    async revoke(values) {
      const { device } = panel.read().data.view;
      if (!(await panel.act(() => revokeDevice({ device: device.id, proof: readProof(values) })))) return proveAgain(app, panel);
      app.say("devices.revoked", { name: device.name });
      await app.refresh();
      goOn("lost.one");
    },
    async tell() {
      const answer = { told: 0 };
      if (!(await panel.act(async () => { answer.told = (await tellLostDevice({ device: panel.read().data.id })).told; }))) return;
      if (answer.told > 0) app.say("lost.told", { people: app.state().words.n("users.count", answer.told) });
      else app.tell(app.state().words.t("lost.toldBefore"));
      await app.reload();
      goOn("lost.four");
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { view } = panel.data;
    const part = (/** @type {Key} */ title, /** @type {Child[]} */ ...children) => h("section", { class: "desk-part" }, h("h2", { key: title, tabindex: -1 }, t(title)), children);
    return [
      h("p", { class: "crumbs" }, t("lost.crumbs")),
      heading(t("lost.title", { name: view.device.name }), h("button", { key: "lost.back", type: "button", onclick: on.back }, t("lost.back"))),
      part("lost.one", facts(words, view.device), takeBack(state, panel, on)),
      part("lost.two", shown(words, view)),
      part("lost.three", issued(words, panel.data, on)),
      part("lost.four", concerned(words, panel, on)),
    ];
  },
});

/** What was pressed is gone: the focus, and what is in sight, go to the part that it was of. @param {Key} part */
function goOn(part) {
  const title = document.querySelector(`main h2[data-key="${part}"]`);
  if (title instanceof HTMLElement) title.focus();
}

/** @param {DeviceRow} device */
const isRevoked = ({ state }) => state === "revoked";

/** Which, whose, and when it was last there. @param {Words} words @param {DeviceRow} device */
function facts({ t, dateTime }, { person, seenAt, state }) {
  /** @type {[Key, Child][]} */
  const lines = [
    ["lost.deviceOf", person ? [personName(person), " ", h("span", { class: "sub", dir: "ltr" }, person.email)] : t("lost.nobody")],
    ["lost.lastSeen", seenAt === null ? t("devices.never") : t("lost.seenHour", { at: dateTime(seenAt) })],
    ["devices.state", h("span", { class: `chip ${state === "revoked" ? "ok" : "warn"}` }, t(`devices.state.${state}`))],
  ];
  return h("dl", { class: "case-facts" }, lines.map(([key, value]) => h("div", null, h("dt", null, t(key)), h("dd", null, value))));
}

/** @param {State} state @param {import("../../../tests/ui/types/page.js").PanelState<Data>} panel @param {Handlers} on @returns {Child} */
function takeBack(state, panel, on) {
  const { words } = state;
  const { device } = panel.data.view;
  if (isRevoked(device)) {
    const at = words.dateTime(device.revokedAt ?? 0);
    return note("ok", h("p", null, device.revokedBy ? words.rich("lost.isRevoked", { at, name: personName(device.revokedBy) }) : words.t("lost.isRevokedAlone", { at })));
  }
  return h("div", { class: "card" },
    h("p", null, words.t("lost.revokeLead")),
    form(words, panel, { submit: words.t("lost.revoke"), onsubmit: on.revoke, danger: true, claimed: PROOF_REFUSALS }, proofFields(state, panel)));
}

/** Who is known to have worked at it, and what that means. @param {Words} words @param {LostDevice} view @returns {Child[]} */
const shown = (words, { holders, device }) => [
  holders.length === 0
    ? h("p", { class: "empty small" }, words.t("lost.holdersNone"))
    : h("ul", { class: "desk-list" }, holders.map((holder) => holderCard(words, holder, isRevoked(device)))),
  h("ul", { class: "facts" }, /** @type {Key[]} */ (["lost.keeps", "lost.thief", "lost.unknown"]).map((key) => h("li", null, words.t(key)))),
];

/** @param {Words} words @param {LostHolder} holder @param {boolean} revoked */
const holderCard = (words, { person, own, issues, signedIn, everybody, communities }, revoked) =>
  h("li", { class: "card" },
    h("header", null,
      h("div", { class: "who" }, h("bdi", { class: "clip strong" }, person.name), h("span", { class: "clip sub", dir: "ltr" }, person.email)),
      h("div", { class: "chips" },
        own && h("span", { class: "chip" }, words.t("lost.own")),
        issues && h("span", { class: "chip warn" }, words.t("lost.issues")),
        signedIn && h("span", { class: "chip warn" }, words.t(revoked ? "lost.wasSignedIn" : "lost.signedIn")))),
    h("ul", { class: "facts" }, sees(words, everybody, communities)));

/** @param {Words} words @param {LostHolder["everybody"]} everybody @param {LostHolder["communities"]} communities @returns {Child[]} */
function sees({ t, n }, everybody, communities) {
  if (everybody !== null) return [h("li", null, n("lost.everybody", everybody))];
  if (communities.length === 0) return [h("li", null, t("lost.onlySelf"))];
  return communities.map(({ name, role, people }) => h("li", null, n("lost.inCommunity", people, { role: t(`role.${role}`), community: name })));
}

/** @param {Words} words @param {Data} data @param {Handlers} on @returns {Child[]} */
function issued(words, { view, since }, on) {
  const { t, n, dateTime } = words;
  const { codes, codeCount, lateCount, device } = view;
  const after = view.since === null ? t("lost.sinceNever") : t(since === "" ? "lost.sinceSeen" : "lost.sinceDay", { at: dateTime(view.since) });
  return [
    h("p", null, codeCount === 0 ? t("lost.codesNone") : n("lost.codes", codeCount), codeCount > codes.length && [" ", t("lost.codesFirst", { number: words.number(codes.length) })]),
    codeCount > 0 && [
      h("div", { class: "field lost-since" },
        h("label", { for: "lost-since" }, t("lost.since")),
        h("div", { class: "tools" },
          h("input", { key: "lost.since", id: "lost-since", type: "date", value: since, "data-set": true, "aria-describedby": "lost-since-now", onchange: (/** @type {Event} */ event) => event.target instanceof HTMLInputElement && on.ask(event.target.value) }),
          since !== "" && h("button", { key: "lost.sinceSeen", type: "button", onclick: () => on.ask("") }, t("lost.reset"))),
        h("p", { class: "hint", id: "lost-since-now" }, after)),
      h("div", { role: "status" }, note(lateCount > 0 ? "danger" : "ok", h("p", null, lateCount > 0 ? n("lost.late", lateCount) : t("lost.lateNone")))),
      table(words, codes, on),
    ],
    view.numbers.length === 0
      ? h("p", { class: "sub" }, t("lost.numbersNone"))
      : h("ul", { class: "facts" }, view.numbers.map((numbers) => h("li", null, numbersSaid(words, numbers, isRevoked(device))))),
  ];
}

/** How many codes of somebody nothing is known of. @param {Words} words @param {LostNumbers} numbers @param {boolean} revoked */
export const numbersSaid = ({ t, n, dateTime }, { staff, untold, until }, revoked) =>
  n(revoked ? "lost.numbers" : "lost.numbersLive", untold, { name: staff?.name ?? t("offline.erased"), at: dateTime(until) });

/** @param {Words} words @param {LostCode[]} codes @param {Handlers} on */
function table(words, codes, on) {
  const { t } = words;
  return h("data-table", { key: "lost.table", "data-stays": true, class: "table-devices table-offline", options: {
    key: "lost", label: t("lost.table"), total: codes.length,
    rows: codes.map((code) => codeRow(words, code)),
    activate: (/** @type {string} */ id) => {
      const person = codes.find(({ code }) => codeId(code) === id)?.code.person;
      if (person) on.person(person.id);
    },
    columns: [
      { name: t("offline.for"), class: "wide" },
      { name: t("offline.by"), class: "wide" },
      { name: t("devices.state"), class: "state-cell" },
    ],
  } });
}

/** @param {Words} words @param {LostCode} row */
function codeRow(words, { code, late }) {
  const { t } = words;
  const { person, staff, issuedAt, state } = code;
  const { tone, label } = OFFLINE_STATES[state];
  const name = person?.name ?? t("offline.erased");
  const said = late ? t("lost.lateOne") : t(label);
  return {
    id: codeId(code),
    label: [name, said, staff?.name].filter(Boolean).join(", "),
    cells: [
      person ? [h("span", { class: "clip strong" }, personName(person)), h("span", { class: "clip sub", dir: "ltr" }, person.email)] : h("span", { class: "clip sub", title: name }, name),
      [h("span", { class: "clip" }, staff ? personName(staff) : t("offline.nobody")), h("span", { class: "clip sub" }, words.dateTime(issuedAt))],
      [h("span", { class: `chip ${late ? "danger" : tone}` }, said), h("span", { class: "clip sub", title: codeWhen(words, code) }, codeWhen(words, code))],
    ],
  };
}

/** @param {Words} words @param {import("../../../tests/ui/types/page.js").PanelState<Data>} panel @param {Handlers} on @returns {Child[]} */
function concerned(words, panel, on) {
  const { t } = words;
  const { view } = panel.data;
  const { concerned: people, concernedCount: total } = view;
  if (total === 0) return [h("p", { class: "empty small" }, t("lost.peopleNone"))];
  return [
    h("p", { class: "sub" }, t("lost.tellLead"), total > people.length && [" ", t("lost.peopleFirst", { number: words.number(people.length), total: words.number(total) })]),
    h("ul", { key: "lost.people", class: "affected", tabindex: 0, "data-scrolls": true, "aria-label": t("lost.people") }, people.map((one) => concernedRow(words, one))),
    telling(words, view) && h("p", null, telling(words, view)),
    isRevoked(view.device) && view.toTell > 0 && form(words, { ...panel, name: "lost-tell" }, { submit: words.n("lost.tell", view.toTell), onsubmit: on.tell }),
  ];
}

/** @param {Words} words @param {LostConcerned} one */
const concernedRow = ({ t, dateTime }, { person, why, toldAt }) =>
  h("li", null, personName(person), h("span", { class: "sub" }, t(WHY[why]), " · ", toldAt === null ? t("lost.notTold") : t("lost.toldAt", { at: dateTime(toldAt) })));

/** What stands in the way of telling, or when it was done; null where nothing is to be said. @param {Words} words @param {Pick<LostDevice, "device" | "toTell" | "toldAt">} view */
export function telling({ t, dateTime }, { device, toTell, toldAt }) {
  if (!isRevoked(device)) return t("lost.revokeFirst");
  if (toldAt === null) return null;
  return t(toTell === 0 ? "lost.allTold" : "lost.someTold", { at: dateTime(toldAt) });
}
