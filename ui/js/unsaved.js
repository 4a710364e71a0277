// What was typed on a screen and not saved is not thrown away by going elsewhere: one is asked first.

/** @import { App } from "../../tests/ui/types/page.js" */

import { readHash, writeHash } from "./route.js";

/**
 * Called when the hash has changed. Where that leads away from edits, the hash is put back, and somebody is asked. A screen
 * with edits keeps in `unsaved` what throws them away.
 * @param {App} app
 * @returns {boolean} whether one stays
 */
export function staysForEdits(app) {
  const { screen } = app.state();
  const discard = screen.data?.unsaved;
  const wanted = readHash(location.hash);
  if (!discard || wanted.name === screen.name) return false;
  history.replaceState(history.state, "", writeHash(screen.name, screen.id));
  app.ask("unsaved", { ...wanted, discard });
  return true;
}
