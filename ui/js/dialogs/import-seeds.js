// Imports the tokens that were shown: whose stock they join, and who asks.

/** @import { SeedDesk, TokenOrigin, TokensImported, Work } from "../../../tests/ui/types/wire.js" */

import { importSeeds, stopWork } from "../commands.js";
import { h } from "../dom.js";
import { panel } from "../panel.js";
import { choice, form } from "../parts/form.js";
import { dialogHead } from "../parts/note.js";
import { progress, watched } from "../parts/progress.js";
import { PROOF_REFUSALS, proofFields, proveAgain, readProof } from "../parts/proof.js";

/** @type {SeedDesk} */
const NONE = Object.freeze({ stocks: [], stocksWorkspace: false, files: [], parts: [], added: 0, assigned: 0, leftOut: 0 });

export const importSeedsDialog = panel({
  load: () => ({ origin: /** @type {TokenOrigin} */ ("brought"), desk: NONE, done: /** @type {(done: TokensImported) => void} */ (() => {}), code: false, work: /** @type {Work | null} */ (null) }),
  on: (app, panel) => ({
    /** Stops what is under way, or goes. */
    cancel: () => (panel.read().busy ? void stopWork({}) : app.closeDialog()),
    /** @param {Record<string, string>} values */
    async submit(values) {
      const { done } = panel.read().data;
      const community = values["community"];
      /** @type {TokensImported | null} */
      let imported = null;
      const ask = async () => {
        imported = await importSeeds({ ...(community ? { community } : {}), proof: readProof(values) });
      };
      if (await watched(panel, ask)) {
        app.closeDialog();
        if (imported) done(imported);
      } else await proveAgain(app, panel);
    },
  }),
  view(state, panel, on) {
    const { words } = state;
    const { t, n } = words;
    const { origin, desk, work } = panel.data;
    const stocks = [...(desk.stocksWorkspace ? [{ value: "", text: t("seeds.workspaceStock") }] : []), ...desk.stocks.map(({ id, name }) => ({ value: id, text: name }))];
    const own = origin === "brought";
    return dialogHead(n("seeds.ask", desk.added),
      h("ul", { class: "facts" },
        h("li", null, t(own ? "seeds.proveOwn" : "seeds.proveFirst")),
        desk.leftOut > 0 && h("li", null, n("seeds.willLeaveOut", desk.leftOut)),
        h("li", null, t("seeds.mayUndo"))),
      form(words, panel, {
        submit: panel.busy ? t("seeds.busy") : n("seeds.carryOut", desk.added), onsubmit: on.submit, claimed: PROOF_REFUSALS,
        beside: h("button", { key: "import-seeds.cancel", type: "button", onclick: on.cancel }, t(panel.busy ? "work.stop" : "form.cancel")),
      },
        !own && stocks.length > 1 && choice(panel, { name: "community", label: t("seeds.stock"), value: stocks[0]?.value ?? "", options: stocks, hint: t("seeds.stockHint") }),
        !own && stocks.length === 1 && h("input", { type: "hidden", name: "community", value: stocks[0]?.value ?? "" }),
        proofFields(state, panel, { first: true }), progress(words, work, "seeds.busy")));
  },
});
