// What a sheet can show.

/** @import { Child, SheetHandlers, SheetState } from "../../../tests/ui/types/page.js" */

import { asking, backupCodes, encrypt, printed } from "./backup-codes.js";
import { enrolment } from "./enrolment.js";
import { issued } from "./issued.js";
import { nothing } from "./nothing.js";

/** @typedef {(state: SheetState, on: SheetHandlers) => Child[]} SheetView */

/** @type {Readonly<Record<import("../../../tests/ui/types/wire.js").SheetKind | "nothing" | "asking" | "encrypt" | "printed", SheetView>>} */
export const sheets = Object.freeze({ enrolment, "backup-codes": backupCodes, invitation: issued, recovery: issued, password: issued, nothing, asking, encrypt, printed });
