// Every screen of the main window, by its name in the hash.

import { activity } from "./activity.js";
import { journal } from "./journal.js";
import { code } from "./code.js";
import { communities } from "./communities.js";
import { create } from "./create.js";
import { desk } from "./desk.js";
import { enrol } from "./enrol.js";
import { forgotten } from "./forgotten.js";
import { handOver } from "./hand-over.js";
import { help } from "./help.js";
import { importSeeds } from "./import-seeds.js";
import { importDesk } from "./import.js";
import { invitation } from "./invitation.js";
import { locked } from "./locked.js";
import { lost } from "./lost.js";
import { mail } from "./mail.js";
import { mailSettings } from "./mail-settings.js";
import { notMe } from "./not-me.js";
import { open } from "./open.js";
import { openKit } from "./open-kit.js";
import { pair } from "./pair.js";
import { policies } from "./policies.js";
import { profile } from "./profile.js";
import { protect } from "./protect.js";
import { recoverOwner } from "./recover-owner.js";
import { restore } from "./restore.js";
import { signIn } from "./sign-in.js";
import { start } from "./start.js";
import { devices } from "./devices.js";
import { waiting } from "./waiting.js";
import { tokens } from "./tokens.js";
import { trouble } from "./trouble.js";
import { readiness, users } from "./users.js";
import { vault } from "./vault.js";

/** @import { Panel, ScreenName } from "../../../tests/ui/types/page.js" */

/** @type {Readonly<Record<ScreenName | "trouble", Panel<any, any>>>} */
export const screens = Object.freeze({
  start, create, pair, restore, open, "open-kit": openKit, "recover-owner": recoverOwner, help, "hand-over": handOver, "sign-in": signIn, invitation, forgotten, code, "not-me": notMe, enrol, locked,
  profile, activity, protect, import: importDesk, "import-seeds": importSeeds, users, readiness, desk, communities, journal, policies, vault, tokens, devices, lost, waiting, mail, "mail-settings": mailSettings, trouble,
});
