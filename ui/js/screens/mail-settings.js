// Settings → Workspace → Mail → Settings: which server, as whom, from which address.

/** @import { MailSecurity, MailServerView, MailView, RefusalCode } from "../../../tests/ui/types/wire.js" */
/** @import { Child, State } from "../../../tests/ui/types/page.js" */

import { Refused } from "../bridge.js";
import { readMail, setMail } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { choice, field, form } from "../parts/form.js";
import { heading, note } from "../parts/note.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";

/** @type {Readonly<Record<MailSecurity, number>>} */
const PORTS = Object.freeze({ starttls: 587, tls: 465 });
/** @type {Readonly<Record<"host" | "user" | "password" | "address", RefusalCode[]>>} */
const CLAIMS = Object.freeze({ host: ["mail-host-invalid"], user: ["mail-user-invalid"], password: ["mail-password-needed"], address: ["email-invalid"] });

/** `wrong` are the fields that a refusal is taken to be about, where it could be about several. */
/** @typedef {MailView & { unsaved: (() => void) | null, edition: number, security: MailSecurity, wrong: string[], code: boolean }} Data */

/** The port that was typed; 0 where it is none. @param {string} text */
const portOf = (text) => (/^\d{1,5}$/.test(text.trim()) && Number(text) <= 65_535 ? Number(text) : 0);

/** @param {string} text */
const looksLikeAddress = (text) => /^[^\s@]+@[^\s@]+$/.test(text.trim());

export const mailSettings = panel({
  /** @returns {Promise<Data>} */
  async load(app) {
    const view = await readMail({});
    const { name, data } = app.state().screen;
    /** @type {Data | null} */
    const before = name === "mail-settings" ? data : null;
    return { ...view, unsaved: before?.unsaved ?? null, edition: before?.edition ?? 0, security: before?.security ?? view.server?.security ?? "starttls", wrong: before?.wrong ?? [], code: before?.code ?? false };
  },
  on: (app, panel) => ({
    back: () => app.go("mail"),
    remove: () => app.ask("mail-remove"),
    discard() {
      const { edition, server } = panel.read().data;
      panel.patch({ unsaved: null, edition: edition + 1, security: server?.security ?? "starttls", wrong: [] });
    },
    /** The first edit: from then on one is asked before it goes. */
    edited() {
      if (panel.read().data.unsaved === null) panel.patch({ unsaved: () => this.discard() });
    },
    /** The usual port follows, unless another was typed. @param {Event} event */
    secure({ target }) {
      if (!(target instanceof HTMLSelectElement)) return;
      const security = target.value === "tls" ? "tls" : "starttls";
      const port = target.form?.elements.namedItem("port");
      if (port instanceof HTMLInputElement && port.value === String(PORTS[panel.read().data.security])) port.value = String(PORTS[security]);
      this.edited();
      panel.patch({ security });
    },
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { host = "", user = "", mailPassword = "", sender = "", contact = "" } = values;
      const { server, security } = panel.read().data;
      const port = portOf(values["port"] ?? "");
      panel.patch({ wrong: [port === 0 ? "port" : "host", looksLikeAddress(sender) && contact.trim() !== "" && !looksLikeAddress(contact) ? "contact" : "sender"] });
      const request = {
        host: host.trim(), port, security, sender: sender.trim(), senderName: values["senderName"]?.trim() ?? "", on: values["on"] !== "off",
        ...(user.trim() === "" ? {} : { user: user.trim() }), ...(mailPassword === "" ? {} : { password: mailPassword }), ...(contact.trim() === "" ? {} : { contact: contact.trim() }),
        proof: readProof(values),
      };
      if (await panel.act(() => setMail(request))) {
        panel.patch({ unsaved: null, edition: panel.read().data.edition + 1 });
        app.say(server ? "mail.saved" : "mail.isSetUp");
        app.go("mail");
        return;
      }
      // Looking again at who has proved themselves would take away what was refused.
      const { refusal } = panel.read();
      await proveAgain(app, panel);
      if (refusal && panel.read().refusal === null) await panel.act(() => Promise.reject(new Refused(refusal)));
    },
  }),
  view(state, panelState, on) {
    const { words } = state;
    const { t } = words;
    const { server, unsaved, edition } = panelState.data;
    // With another edition, what was typed is not carried over.
    const own = { ...panelState, name: `mail-settings-${edition}` };
    const element = form(words, own, {
      submit: panelState.busy ? t("mail.saving") : t(server ? "mail.save" : "mail.setUp"), onsubmit: on.submit,
      claimed: [...PROOF_REFUSALS, ...Object.values(CLAIMS).flat()],
      beside: [
        server && unsaved ? h("button", { key: "mail-settings.discard", type: "button", onclick: () => on.discard() }, t("mail.discard")) : h("button", { key: "mail-settings.back", type: "button", onclick: on.back }, t("form.back")),
        unsaved && h("span", { class: "sub", role: "status" }, t("mail.unsaved")),
      ],
    }, serverPart(state, own, on), whoPart(state, own, server), fromPart(state, own),
    part(t("mail.prove"), h("p", { class: "sub" }, t("mail.proveHint")), proofFields(state, own, { first: false })));
    element.addEventListener("input", () => on.edited());
    return [
      h("p", { class: "crumbs" }, t("mail.settingsCrumbs")),
      heading(t(server ? "mail.settingsTitle" : "mail.setUp"), server && h("button", { key: "mail-settings.remove", type: "button", class: "danger", onclick: on.remove }, t("mail.remove"))),
      h("p", { class: "lead" }, t("mail.lead")),
      server && !server.on && note("warn", h("p", null, t("mail.isOff"))),
      element,
    ];
  },
});

/** @typedef {import("../../../tests/ui/types/page.js").PanelState<Data>} Own */

/** @param {string} title @param {...Child} children */
const part = (title, ...children) => h("section", { class: "card", "aria-label": title }, h("h2", null, title), children);

/** @param {State} state @param {Own} own @param {{ secure: (event: Event) => void }} on */
function serverPart({ words }, own, on) {
  const { t } = words;
  const { server, security, wrong } = own.data;
  return part(t("mail.server"),
    field(words, own, { name: "host", label: t("mail.host"), hint: t("mail.hostHint"), value: server?.host ?? "", first: true, claims: wrong.includes("port") ? [] : CLAIMS.host }),
    h("div", { class: "pair" },
      choice(own, { name: "security", label: t("mail.security"), value: security, onchange: (event) => on.secure(event), options: [{ value: "starttls", text: t("mail.starttls") }, { value: "tls", text: t("mail.tls") }] }),
      field(words, own, { name: "port", label: t("mail.port"), value: String(server?.port ?? PORTS[security]), hint: t("mail.portHint", { port: String(PORTS[security]) }), claims: wrong.includes("port") ? CLAIMS.host : [] })),
    server && choice(own, { name: "on", label: t("mail.sending"), value: server.on ? "on" : "off", hint: t("mail.sendingHint"), options: [{ value: "on", text: t("mail.on") }, { value: "off", text: t("mail.off") }] }));
}

/** @param {State} state @param {Own} own @param {MailServerView | null} server */
function whoPart({ words }, own, server) {
  const { t } = words;
  return part(t("mail.account"),
    field(words, own, { name: "user", label: t("mail.user"), hint: t("mail.userHint"), value: server?.user ?? "", optional: true, claims: CLAIMS.user }),
    field(words, own, { name: "mailPassword", type: "password", label: t("mail.password"), hint: t(server?.hasPassword ? "mail.passwordKeep" : "mail.passwordHint"), optional: true, autocomplete: "off", claims: CLAIMS.password }));
}

/** @param {State} state @param {Own} own */
function fromPart({ words, situation }, own) {
  const { t } = words;
  const { server, wrong } = own.data;
  return part(t("mail.from"),
    field(words, own, { name: "sender", type: "email", label: t("mail.sender"), hint: t("mail.senderHint"), value: server?.sender ?? "", claims: wrong.includes("contact") ? [] : CLAIMS.address }),
    field(words, own, { name: "senderName", label: t("mail.senderName"), hint: t("mail.senderNameHint", { name: situation.open?.name ?? "" }), value: server && server.senderName !== situation.open?.name ? server.senderName : "", optional: true, claims: ["name-too-long"] }),
    field(words, own, { name: "contact", type: "email", label: t("mail.contact"), hint: t("mail.contactHint"), value: server?.contact ?? "", optional: true, claims: wrong.includes("contact") ? CLAIMS.address : [] }));
}
