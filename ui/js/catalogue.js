// The catalogues are files of the program; the tests hold them to the same keys.

/** @import { Catalogue } from "../../tests/ui/types/page.js" */
/** @import { Language } from "../../tests/ui/types/wire.js" */

/**
 * @param {Language} language
 * @returns {Promise<Catalogue>}
 */
export async function readCatalogue(language) {
  const reply = await fetch(`locales/${language}.json`);
  return reply.json();
}
