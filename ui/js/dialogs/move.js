// Moves the open workspace to a server, goes on with that, calls it off, and shows what arrived.

/** @import { Words } from "../../../tests/ui/types/page.js" */
/** @import { Moved, RefusalCode, Work } from "../../../tests/ui/types/wire.js" */

import { callOffMove, moveToServer, readMoved, stopWork } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { codeField } from "../parts/code.js";
import { check, field, form } from "../parts/form.js";
import { movedFacts } from "../parts/moving.js";
import { dialogHead, note } from "../parts/note.js";
import { progress, watched } from "../parts/progress.js";
import { PROOF_REFUSALS, proofFields, readProof, revealCode } from "../parts/proof.js";
import { OF_ADDRESS } from "../screens/pair.js";

/** @type {RefusalCode[]} */
const OF_MOVING_CODE = ["move-code-wrong"];

/** While a move goes on, part of it was sent.
 * @type {RefusalCode[]} */
const UNREACHED = ["offline", "answer-lost"];

export const moveDialog = panel({
  load: () => ({ to: /** @type {string | null} */ (null), code: false, work: /** @type {Work | null} */ (null), moved: /** @type {Moved | null} */ (null) }),
  on: (app, panel) => ({
    /** Stops what is under way, or goes. */
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    close: () => app.closeDialog(),
    leave: () => app.ask("close-workspace"),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const address = values["address"] ?? panel.read().data.to ?? "";
      const code = values["moving"] ?? "";
      const done = await watched(panel, async () => {
        panel.patch({ moved: await moveToServer({ address, code, proof: readProof(values) }) });
      });
      if (!done) revealCode(panel);
      await app.refresh();
      panel.patch({ to: app.state().situation.open?.away?.to ?? null });
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t } = words;
    const { to, moved, work } = panel.data;
    if (moved) return arrived(words, moved, on);
    return dialogHead(t("move.title"),
      to === null
        ? h("ul", { class: "facts" }, h("li", null, t("move.goes")), h("li", null, t("move.stops")), h("li", null, t("move.compared")), h("li", null, t("move.stays")))
        : h("p", null, words.rich("move.goOn", { server: h("span", { dir: "ltr", class: "strong breaks" }, to) })),
      form(words, panel, {
        submit: t(panel.busy ? "move.busy" : to === null ? "move.submit" : "move.on"),
        onsubmit: on.submit,
        beside: h("button", { key: "move.cancel", type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel")),
        claimed: [...PROOF_REFUSALS, ...OF_MOVING_CODE, ...(to === null ? OF_ADDRESS : UNREACHED), "stopped"],
      },
        panel.refusal?.code === "stopped" && note("info", h("p", null, t("move.stopped"))),
        to !== null && panel.refusal && UNREACHED.includes(panel.refusal.code) && note("warn", h("p", { role: "alert" }, t("move.unreached"))),
        to === null && field(words, panel, { name: "address", label: t("pair.address"), hint: t("pair.addressHint"), first: true, claims: OF_ADDRESS }),
        codeField(words, panel, { name: "moving", label: t("move.code"), accepts: "moving", hint: t("move.codeHint"), first: to !== null, claims: OF_MOVING_CODE }),
        proofFields(state, panel, { first: false }),
        progress(words, work, "move.carrying")));
  },
});

/**
 * @param {Words} words
 * @param {Moved} moved
 * @param {{ close: () => void, leave: () => void }} on
 */
const arrived = (words, moved, on) =>
  dialogHead(words.t("move.doneTitle"),
    note("ok", h("p", null, words.rich("move.done", { server: h("span", { dir: "ltr", class: "strong breaks" }, moved.to) }))),
    movedFacts(words, moved),
    h("p", null, words.t("move.next")),
    h("div", { class: "buttons" },
      h("button", { key: "moved.leave", type: "button", class: "primary", "data-first": true, onclick: on.leave }, words.t("workspace.close")),
      h("button", { key: "moved.close", type: "button", onclick: on.close }, words.t("form.close"))));

export const movedDialog = panel({
  load: async () => ({ moved: await readMoved({}) }),
  on: (app) => ({ close: () => app.closeDialog(), leave: () => app.ask("close-workspace") }),
  view: ({ words }, { data }, on) => arrived(words, data.moved, on),
});

export const moveOffDialog = panel({
  load: () => ({ code: false }),
  on: (app, panel) => ({
    cancel: () => app.closeDialog(),
    /** @param {Record<string, string>} values */
    async submit(values) {
      if (await panel.act(() => callOffMove({ certain: values["certain"] !== undefined, proof: readProof(values) }))) {
        app.closeDialog();
        app.say("move.offDone");
        await app.refresh();
      } else revealCode(panel);
    },
  }),
  view(state, panel, on) {
    const { words, situation } = state;
    const { t } = words;
    const away = situation.open?.away;
    return dialogHead(t("move.off"),
      h("p", null, t("move.offLead")),
      away?.told && note("warn", h("p", null, t("refusal.move-may-have-arrived"))),
      form(words, panel, {
        submit: t("move.off"),
        onsubmit: on.submit,
        danger: true,
        beside: h("button", { key: "move-off.cancel", type: "button", onclick: on.cancel }, t("form.cancel")),
        claimed: PROOF_REFUSALS,
      },
        away?.told && check(panel, { name: "certain", label: t("move.certain") }),
        proofFields(state, panel)));
  },
});
