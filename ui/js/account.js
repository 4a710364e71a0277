// One's own account, and how mail stands for whoever may read the outbox: known wherever one is.

/** @import { Account, App } from "../../tests/ui/types/page.js" */
/** @import { Situation } from "../../tests/ui/types/wire.js" */

import { readOutbox, readProfile } from "./commands.js";

/** @param {Situation} situation @returns {Promise<Account>} */
export async function readAccount({ open }) {
  const reads = open?.me?.readsOutbox ?? false;
  const [profile, outbox] = await Promise.all([readProfile({}), reads ? readOutbox({ state: "uncertain" }).catch(() => null) : null]);
  return { ...profile, mail: outbox?.counts ?? [], mailIsOn: outbox?.mailIsOn ?? false };
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
