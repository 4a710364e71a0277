// Which screen stands where: the situation decides which are open, the hash chooses among them.

/** @import { Route, ScreenName } from "../../tests/ui/types/page.js" */
/** @import { Situation } from "../../tests/ui/types/wire.js" */

/**
 * @param {string} hash
 * @returns {{ name: string, id: string | null }}
 */
export function readHash(hash) {
  const [name = "", id] = hash.replace(/^#\/?/, "").split("/");
  return { name, id: id ? decodeURIComponent(id) : null };
}

/**
 * @param {string} name
 * @param {string | null} [id]
 */
export const writeHash = (name, id) => `#/${name}${id ? `/${encodeURIComponent(id)}` : ""}`;

/**
 * @param {Situation} situation
 * @param {string} hash
 * @returns {Route}
 */
export function route(situation, hash) {
  const asked = readHash(hash);
  const allowed = screens(situation);
  const first = /** @type {ScreenName} */ (allowed[0]);
  const name = allowed.find((screen) => screen === asked.name) ?? first;
  if ((name === "open" || name === "open-kit") && !situation.known.some((workspace) => workspace.id === asked.id)) return { name: first, id: null };
  if (name === "lost" && asked.id === null) return { name: "devices", id: null };
  return { name, id: name === asked.name ? asked.id : null };
}

/**
 * The screens that a situation allows; the first is where one lands.
 * @param {Situation} situation
 * @returns {ScreenName[]}
 */
export function screens({ open }) {
  if (!open) return ["start", "create", "pair", "restore", "open", "open-kit", "help"];
  if (open.handedTo) return ["hand-over", "help"];
  // The recovery kit opens a file on this computer; at a server, its console stands for it.
  if (!open.me) return ["sign-in", "invitation", "forgotten", ...(open.remote ? [] : /** @type {const} */ (["recover-owner"])), "not-me", "help"];
  const { reach, listsPeople, importsPeople, readsJournal, keepsVault, setsPolicy, keepsCommunities, keepsTokens, keepsMail, keepsDevices, readsOutbox } = open.me;
  if (reach === "code" || reach === "recovery-code") return ["code", "help"];
  if (reach === "enrol" || reach === "enrol-again") return ["enrol", "help"];
  if (reach === "locked") return ["locked", "help"];
  /** @type {ScreenName[]} */
  const inside = ["profile", "activity", "protect", "import-seeds", "help"];
  if (keepsVault && !open.remote) inside.unshift("vault");
  if (keepsDevices && open.remote) inside.unshift("devices", "lost");
  if (open.remote && open.me.ownDevice) inside.unshift("waiting");
  if (keepsMail) inside.unshift("mail-settings");
  if (readsOutbox) inside.unshift("mail");
  if (setsPolicy) inside.unshift("policies");
  if (keepsCommunities) inside.unshift("communities");
  if (keepsTokens) inside.unshift("tokens");
  if (readsJournal) inside.unshift("journal");
  if (importsPeople) inside.unshift("import");
  if (listsPeople) inside.unshift("users", "desk", "readiness");
  return listsPeople || !readsJournal ? inside : ["profile", ...inside];
}

/** @param {Situation} situation */
export const isInside = ({ open }) => open?.me?.reach === "full";
