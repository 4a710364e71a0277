// Where the workspace lies, and whether its server is reached: always in sight.

/** @import { App, Child, State, Words } from "../../../tests/ui/types/page.js" */
/** @import { OpenWorkspace, RemoteState } from "../../../tests/ui/types/wire.js" */

import { tryServer } from "../commands.js";
import { h } from "../dom.js";
import { icon } from "./icon.js";

/**
 * @param {Words} words
 * @param {OpenWorkspace} open
 * @returns {Child[]}
 */
export function place({ t, moment }, { remote }) {
  if (!remote) return [h("span", { class: "state" }, t("workspace.local"))];
  const { address, connected, since } = remote;
  return [
    h("span", { class: "server clip", dir: "ltr", title: address }, address),
    h("span", { class: `state ${connected ? "reached" : "lost"}` }, connected ? t("remote.connected") : t("remote.offline", { at: moment(since) })),
  ];
}

/**
 * On every screen for as long as the server is not reached.
 * @param {Pick<State, "words" | "situation">} state
 * @param {App} app
 */
export function linkStrip({ words, situation }, app) {
  const remote = situation.open?.remote;
  if (!remote || remote.connected || situation.open?.drill) return null;
  return h("div", { class: "banner warn", role: "status" }, icon("warn"), h("p", null, why(words, remote)),
    h("button", { key: "remote.again", type: "button", onclick: () => void again(app) }, words.t("remote.again")));
}

/** @param {Words} words @param {RemoteState} remote */
const why = (words, { address, since, why: code }) => (code ? words.refusal({ code }) : words.t("remote.lost", { server: address, at: words.moment(since) }));

/** @param {App} app */
async function again(app) {
  const now = await tryServer({}).catch(() => null);
  if (now && !now.connected) app.say("remote.still");
  await app.refresh();
}
