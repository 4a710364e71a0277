// While the sheet is open, this window waits for it and says so.

/** @import { State } from "../../../tests/ui/types/page.js" */

import { h } from "../dom.js";
import { icon } from "./icon.js";

/** @param {Readonly<State>} state */
export const waiting = ({ words, situation: { sheet } }) =>
  sheet && h("p", { class: "waiting-for" }, icon("info"), h("span", null, words.t(`sheet.waiting.${sheet}`)));
