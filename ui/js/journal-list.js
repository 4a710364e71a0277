// What is asked of the journal, and the pages of the answer.

/** @import { JournalFound, JournalRow, PersonName, SearchJournal } from "../../tests/ui/types/wire.js" */

import { searchJournal } from "./commands.js";
import { dayBegins } from "./days.js";
import { JOURNAL_ALSO, JOURNAL_KINDS } from "./journal-kinds.js";
import { PAGE, Pages } from "./pages.js";

/** `kind` is a kind, or a group of them after a sign that no kind has; `from` and `until` are days as date fields spell them. */
/** @typedef {{ actor: PersonName | null, kind: string, community: string, from: string, until: string }} Query */
/** @typedef {{ page: JournalFound, list: Pages<JournalRow> }} Answer */

/** @type {Query} */
export const EVERYTHING = Object.freeze({ actor: null, kind: "", community: "", from: "", until: "" });
/** Before the name of a group. */
export const GROUP = "*";

/** Whether anything is left out. @param {Query} query */
export const narrows = ({ actor, ...rest }) => actor !== null || Object.values(rest).some((value) => value !== "");

/** @param {string} kind */
function kinds(kind) {
  if (kind === "") return [];
  if (!kind.startsWith(GROUP)) return [kind];
  const group = kind.slice(GROUP.length);
  return [...(JOURNAL_KINDS[group] ?? []), ...(JOURNAL_ALSO[group] ?? [])];
}

/** @param {Query} query @param {string | null} person @returns {SearchJournal} */
function request({ actor, kind, community, from, until }, person) {
  const [since, before] = [dayBegins(from), dayBegins(until, 1)];
  return {
    ...(person === null ? {} : { person }),
    ...(actor === null ? {} : { actor: actor.id }),
    ...(kind === "" ? {} : { kinds: kinds(kind) }),
    ...(community === "" ? {} : { community }),
    ...(since === undefined ? {} : { since }),
    ...(before === undefined ? {} : { until: before }),
  };
}

/**
 * The newest that fit; the others are asked for by their place. Of a journal that grows meanwhile it stays the same list.
 * @param {Query} query
 * @param {string | null} person
 * @param {() => void} lost called when a later page cannot be had
 * @returns {Promise<Answer>}
 */
export async function find(query, person, lost) {
  const asked = request(query, person);
  const page = await searchJournal({ ...asked, limit: PAGE });
  const read = (/** @type {number} */ from) => searchJournal({ ...asked, end: page.end, from, limit: PAGE }).catch(() => (lost(), null));
  return { page, list: new Pages(read, page) };
}

/** One line for what is asked: the same for the same. @param {Query} query @param {string | null} person @param {number} end */
export const spelled = (query, person, end) => JSON.stringify([query, person, end]);

/** Kept with the entry of the history, so that Back finds the list as it was. @param {Query} query */
export const remember = (query) => history.replaceState({ ...history.state, journal: query }, "");

/** @returns {Query} */
export const remembered = () => history.state?.journal ?? EVERYTHING;
