// What can be imported: one entry a kind. The desk offers those that its reader may import, in this order.

/** @import { Key, PanelHandle, App } from "../../../tests/ui/types/page.js" */
/** @import { Me } from "../../../tests/ui/types/wire.js" */
/** @import { icon } from "./icon.js" */

import { chooseImport } from "../commands.js";

/**
 * @typedef {object} ImportKind
 * @property {string} name also the key of its button
 * @property {Parameters<typeof icon>[0]} icon
 * @property {Key} title
 * @property {Key} about what the file must be
 * @property {Key} begin what the button says
 * @property {(me: Me) => boolean} may
 * @property {(app: App, panel: PanelHandle<any>) => Promise<unknown>} choose
 */

/** @type {readonly ImportKind[]} */
export const IMPORT_KINDS = Object.freeze([
  {
    name: "people", icon: "users", title: "import.people", about: "import.people.about", begin: "import.choose",
    may: ({ importsPeople }) => importsPeople,
    async choose(app, panel) {
      if (await panel.act(() => chooseImport({ kind: "people" }))) await app.reload();
    },
  },
  {
    name: "tokens", icon: "key", title: "seeds.kind", about: "seeds.about", begin: "seeds.title",
    may: ({ keepsTokens }) => keepsTokens,
    choose: async (app) => app.go("import-seeds"),
  },
]);
