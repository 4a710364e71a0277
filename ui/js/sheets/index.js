// What a sheet can show.

/** @import { Child, SheetHandlers, SheetState } from "../../../tests/ui/types/page.js" */

import { asking, backupCodes, encrypt, printed } from "./backup-codes.js";
import { enrolment } from "./enrolment.js";
import { issued } from "./issued.js";
import { nothing } from "./nothing.js";
import { letter } from "./letter.js";
import { kitAsking, kitPrinted, recoveryKit } from "./recovery-kit.js";

/** @typedef {(state: SheetState, on: SheetHandlers) => Child[]} SheetView */

/** @type {Readonly<Record<import("../../../tests/ui/types/wire.js").SheetKind | "nothing" | "asking" | "encrypt" | "printed", SheetView>>} */
export const sheets = Object.freeze({
  enrolment, "backup-codes": backupCodes, invitation: issued, recovery: issued, password: issued, pairing: issued, "recovery-kit": recoveryKit, letter, nothing, encrypt,
  asking: (state, on) => (state.sheet?.kind === "recovery-kit" ? kitAsking : asking)(state, on),
  printed: (state, on) => (state.sheet?.kind === "recovery-kit" ? kitPrinted : printed)(state, on),
});
