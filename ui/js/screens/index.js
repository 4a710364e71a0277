// Every screen of the main window, by its name in the hash.

import { activity, journal } from "./journal.js";
import { code } from "./code.js";
import { communities } from "./communities.js";
import { create } from "./create.js";
import { desk } from "./desk.js";
import { enrol } from "./enrol.js";
import { forgotten } from "./forgotten.js";
import { handOver } from "./hand-over.js";
import { help } from "./help.js";
import { invitation } from "./invitation.js";
import { locked } from "./locked.js";
import { open } from "./open.js";
import { openKit } from "./open-kit.js";
import { policies } from "./policies.js";
import { profile } from "./profile.js";
import { protect } from "./protect.js";
import { recoverOwner } from "./recover-owner.js";
import { restore } from "./restore.js";
import { signIn } from "./sign-in.js";
import { start } from "./start.js";
import { trouble } from "./trouble.js";
import { users } from "./users.js";
import { vault } from "./vault.js";

/** @import { Panel, ScreenName } from "../../../tests/ui/types/page.js" */

/** @type {Readonly<Record<ScreenName | "trouble", Panel<any, any>>>} */
export const screens = Object.freeze({
  start, create, restore, open, "open-kit": openKit, "recover-owner": recoverOwner, help, "hand-over": handOver, "sign-in": signIn, invitation, forgotten, code, enrol, locked,
  profile, activity, protect, users, desk, communities, journal, policies, vault, trouble,
});
