// Where the workspace lies, and whether its server is reached: always in sight.

/** @import { App, Child, State, Words } from "../../../tests/ui/types/page.js" */
/** @import { OpenWorkspace, RemoteState } from "../../../tests/ui/types/wire.js" */

import { lookAtOffline } from "../account.js";
import { endReadingAlone, readAlone, tryServer } from "../commands.js";
import { h } from "../dom.js";
import { clockSaid, isAway, leftHere } from "../offline.js";
import { counts } from "../outbox.js";
import { icon } from "./icon.js";
import { note } from "./note.js";

/** Dialogs that change nothing on a server. */
const HERE = new Set(["about", "settings", "find", "close-workspace", "journal-person", "unsaved"]);

/** Dialogs of changes that wait in the outbox while the server is not reached. */
const CAN_WAIT = new Set(["correct-name", "checklist", "withdraw"]);

/** Dialogs that say by themselves what can be done without the server, where something can. */
const AWAY = new Set(["reset"]);

/** Screens that are read again as soon as there is news of the server; elsewhere, somebody may have gone on in a list. */
const FOLLOWS = new Set(["users", "readiness", "desk", "waiting", "profile"]);

/** How often the age of what is read without the server is told anew, in milliseconds. */
const AGES = 60_000;

/** Whether what is shown is what this computer keeps. @param {RemoteState} remote */
const isKept = (remote) => remote.alone || !remote.connected;

/**
 * @param {Words} words
 * @param {OpenWorkspace} open
 * @returns {Child[]}
 */
export function place({ t, moment }, { remote, me }) {
  if (!remote) return [h("span", { class: "state" }, t("workspace.local"))];
  const { address, connected, since, syncedAt, alone } = remote;
  const stands = connected ? t(alone ? "remote.alone" : "remote.connected") : t("remote.offline", { at: moment(since) });
  return [
    h("span", { class: "server clip", dir: "ltr", title: address }, address),
    h("span", { class: `state ${isKept(remote) ? "lost" : "reached"}` }, stands),
    me?.reach === "full" && isKept(remote) && syncedAt !== null && h("span", { class: "sub" }, t("remote.asOf", { at: moment(syncedAt) })),
  ];
}

/**
 * On every screen for as long as the server is not reached, is not believed, or is not what is read.
 * @param {Pick<State, "words" | "situation"> & { account?: State["account"] }} state
 * @param {App} app
 */
export function linkStrip({ words, situation, account }, app) {
  const { t } = words;
  const remote = situation.open?.remote;
  if (!remote || situation.open?.drill || (!isKept(remote) && !remote.stopped)) return null;
  const inside = situation.open?.me?.reach === "full";
  const again = () => h("button", { key: "remote.again", type: "button", onclick: () => void tryAgain(app) }, t("remote.again"));
  const alone = () => h("button", { key: "remote.readAlone", type: "button", class: "primary", onclick: () => void begin(app) }, t("remote.readAlone"));
  const signIn = () => h("button", { key: "remote.signIn", type: "button", class: "primary", onclick: () => void endReadingAlone({}).then(() => app.refresh(), () => app.refresh()) }, t("remote.signIn"));
  return h("div", { class: "banner warn", role: "status" }, icon("warn"),
    h("div", { class: "banner-words" },
      isKept(remote) && h("p", null, why(words, remote, inside)),
      inside && account?.offline && isAway(situation) && [leftHere(words, account.offline), clockSaid(words, account.offline)].map((said) => said && h("p", null, said)),
      remote.stopped && h("p", null, t(`remote.stopped.${remote.stopped}`))),
    !inside && !remote.connected && remote.syncedAt !== null && alone(),
    remote.alone && remote.connected && signIn(),
    !remote.connected && again());
}

/**
 * In a dialog that changes something, before anything is typed.
 * @param {Pick<State, "words" | "situation">} state
 * @param {string} dialog
 */
function needsServer({ words, situation }, dialog) {
  const remote = situation.open?.remote;
  if (!remote || !isKept(remote) || situation.open?.me?.reach !== "full" || HERE.has(dialog)) return null;
  if (AWAY.has(dialog) && isAway(situation)) return null;
  if (CAN_WAIT.has(dialog) && situation.open.me.ownDevice) return note("info", words.t("waiting.will"));
  return note("warn", words.t(remote.connected ? "refusal.reading-alone" : "remote.needsServer"));
}

/**
 * A dialog, with what it needs said below its title.
 * @param {State} state
 * @param {string} dialog
 * @param {Child} view
 */
export function withNeeds(state, dialog, view) {
  const [title, ...rest] = Array.isArray(view) ? view : [view];
  return [title, needsServer(state, dialog), ...rest];
}

/** What is read without the server gets older, and what can be issued without it changes. @param {{ get(): Readonly<State>, set(patch: Partial<State>): void }} store */
export function tellAges(store) {
  setInterval(() => {
    const { situation } = store.get();
    if (!situation.open?.remote || !isKept(situation.open.remote)) return;
    store.set({ situation: { ...situation } });
    void lookAtOffline({ state: store.get }, (account) => store.set({ account }));
  }, AGES);
}

/** Whether the screen is to be read again: it could not be before, something of the outbox moved, or the server is asked again. @param {State} before @param {State} now */
export function followsLink({ situation: before }, { situation: now, screen }) {
  const [was, is] = [counts(before), counts(now)];
  const isNews = (before.open?.remote && isKept(before.open.remote) && now.open?.remote && !isKept(now.open.remote)) || was.waiting !== is.waiting || was.refused !== is.refused;
  return screen.data === null || (isNews && FOLLOWS.has(screen.name));
}

/** What waits, and what was refused. @param {Words} words @param {State["situation"]} situation */
export function outboxCount({ n }, situation) {
  const { waiting, refused } = counts(situation);
  return [waiting > 0 && n("waiting.count", waiting), refused > 0 && n("waiting.refused", refused)].filter(Boolean).join(" ");
}

/** @param {Words} words @param {RemoteState} remote @param {boolean} inside */
function why(words, { address, connected, since, why: code, syncedAt }, inside) {
  const { t, moment, ago } = words;
  const values = { server: address, at: moment(since) };
  const reason = code ? words.refusal({ code }) : t(syncedAt === null ? "remote.lost" : "remote.lostShort", values);
  if (syncedAt === null) return reason;
  const kept = { at: moment(syncedAt), ago: ago(syncedAt) };
  if (connected) return t("remote.back", kept);
  return `${reason} ${t(inside ? "remote.reads" : "remote.canRead", kept)}`;
}

/** @param {App} app */
async function begin(app) {
  const id = app.state().situation.open?.id ?? "";
  await readAlone({}).catch(() => null);
  await app.refresh();
  // Closed: its passphrase comes first.
  if (!app.state().situation.open) app.go("open", id);
}

/** @param {App} app */
async function tryAgain(app) {
  const now = await tryServer({}).catch(() => null);
  if (now && !now.connected) app.say("remote.still");
  await app.refresh();
}
