// A list of people: what is asked of it, and its pages.

/** @import { Being, ListPeople, PeopleOrder, PeoplePage, PeopleState, PersonRow } from "../../tests/ui/types/wire.js" */

import { listPeople } from "./commands.js";
import { PAGE, Pages } from "./pages.js";

/** @typedef {{ community?: string, being?: Being, state?: PeopleState }} Only */
/** @typedef {{ search: string, only: Only, order: PeopleOrder, descending: boolean }} Query */
/** @typedef {{ query: Query, page: PeoplePage, list: Pages<PersonRow> }} Answer what is known of a list: its query, its first or last page, and its rows */

/** @type {Query} */
const EVERYBODY = Object.freeze({ search: "", only: Object.freeze({}), order: "name", descending: false });
/** Rows that a table may show at once. */
const WINDOW = 56;

/** @param {Query} query @returns {ListPeople} */
export const request = ({ search, only, order, descending }) => ({ search, ...only, order, descending });

/** One line for a query: the same for the same. @param {Query} query */
export const spelled = (query) => JSON.stringify(request(query));

/**
 * The list, with what stands around a place at hand. A community that is gone, or no longer within reach, narrows nothing
 * any more.
 * @param {Query} asked
 * @param {number} place
 * @param {() => void} lost called when a later page cannot be had
 * @returns {Promise<Answer>}
 */
export async function ask(asked, place, lost) {
  const from = Math.floor(place / PAGE) * PAGE;
  try {
    const page = await listPeople({ ...request(asked), from, limit: PAGE });
    const read = (/** @type {number} */ at) => listPeople({ ...request(asked), from: at, limit: PAGE }).catch(() => (lost(), null));
    const list = new Pages(read, page);
    await list.want(place, place + WINDOW);
    return { query: asked, page, list };
  } catch (reason) {
    if (asked.only.community === undefined) throw reason;
    const { community: _, ...only } = asked.only;
    return ask({ ...asked, only }, 0, lost);
  }
}

/** The query is kept with the entry of the history, so that Back finds the list as it was. @param {Query} query */
export const remember = (query) => history.replaceState({ ...history.state, query }, "");

/** @returns {Query} */
export const remembered = () => history.state?.query ?? EVERYBODY;
