// One's own account, how mail stands for whoever may read the outbox, and what can be issued here without the server: known
// wherever one is.

/** @import { Account, App } from "../../tests/ui/types/page.js" */
/** @import { Situation } from "../../tests/ui/types/wire.js" */

import { readOutbox, readProfile } from "./commands.js";
import { readOffline } from "./offline.js";

/** @param {Situation} situation @returns {Promise<Account>} */
export async function readAccount(situation) {
  const reads = situation.open?.me?.readsOutbox ?? false;
  const [profile, outbox, offline] = await Promise.all([readProfile({}), reads ? readOutbox({ state: "uncertain" }).catch(() => null) : null, readOffline(situation)]);
  return { ...profile, mail: outbox?.counts ?? [], mailIsOn: outbox?.mailIsOn ?? false, offline };
}

/**
 * The server came or went, or time did: what can be issued without it follows, and nothing else.
 * @param {Pick<App, "state">} app
 * @param {(account: Account) => void} set
 */
export async function lookAtOffline(app, set) {
  const { account: before, situation } = app.state();
  const offline = await readOffline(situation);
  const { account } = app.state();
  if (account && account.email === before?.email && (offline || account.offline)) set({ ...account, offline });
}

/**
 * Something in the outbox moved: what is shown of it follows. Nothing else on the screen does, so that nothing is lost there.
 * @param {App} app
 * @param {(account: Account) => void} set
 */
export async function lookAtMail(app, set) {
  const { account, screen, situation } = app.state();
  if (!account || !situation.open?.me?.readsOutbox) return;
  if (screen.name === "mail") return app.reload();
  const next = await readAccount(situation).catch(() => null);
  if (next && app.state().account?.email === next.email) set(next);
}
