// Every dialog of the main window.

import { about } from "./about.js";
import { addUser } from "./add-user.js";
import { changeEmailDialog, correctNameDialog, ownEmailDialog, secondEmailDialog } from "./address.js";
import { backup } from "./backup.js";
import { removeAuthenticatorDialog, renameAuthenticatorDialog } from "./authenticator.js";
import { communityDialog, communityRemove } from "./community.js";
import { approveByKitDialog, approveDialog, carryOutDialog, withdrawDialog } from "./case.js";
import { checklistDialog } from "./checklist.js";
import { closeWorkspaceDialog } from "./close-workspace.js";
import { deviceInvite, deviceRevoke } from "./device.js";
import { disable } from "./disable.js";
import { drillDialog, drillFinish } from "./drill.js";
import { enable } from "./enable.js";
import { eraseDialog } from "./erase.js";
import { evidenceDialog, exportDialog, verifyDialog } from "./evidence.js";
import { findDialog } from "./find.js";
import { handOverDialog } from "./hand-over.js";
import { importSeedsDialog } from "./import-seeds.js";
import { importPeople, importUndo } from "./import.js";
import { inviteAgainDialog } from "./invite-again.js";
import { caseDialog, passwordCode, reset } from "./issuing.js";
import { journalPersonDialog } from "./journal-person.js";
import { keyring } from "./keyring.js";
import { kitRenew } from "./kit-renew.js";
import { letterHanded, mailRemove, mailResend, noticeDialog, testDialog } from "./mail.js";
import { moveDialog, moveOffDialog, movedDialog } from "./move.js";
import { offlineVoid } from "./offline.js";
import { olderRemove } from "./older-remove.js";
import { deskPassphrase } from "./desk-passphrase.js";
import { passphrase } from "./passphrase.js";
import { password } from "./password.js";
import { removeWorkspaceDialog } from "./remove-workspace.js";
import { personAct } from "./person-act.js";
import { policy } from "./policy.js";
import { reportDialog, reportSettle } from "./report.js";
import { roleDialog } from "./role.js";
import { renew } from "./renew.js";
import { keyringRemove, rotate } from "./rotate.js";
import { settings } from "./settings.js";
import { unsavedDialog } from "./unsaved.js";
import { tokenAct, tokenActivate, tokenAssign, tokenResync } from "./token.js";

/** @import { DialogName, Panel } from "../../../tests/ui/types/page.js" */

/** @type {Readonly<Record<DialogName, Panel<any, any>>>} */
export const dialogs = Object.freeze({
  "rename-authenticator": renameAuthenticatorDialog, "remove-authenticator": removeAuthenticatorDialog, "password-code": passwordCode,
  enable, renew, disable, password, "add-user": addUser, reset, "invite-again": inviteAgainDialog, "hand-over": handOverDialog, "close-workspace": closeWorkspaceDialog,
  about, settings, "import-people": importPeople, "import-undo": importUndo, "import-seeds": importSeedsDialog,
  drill: drillDialog, "drill-finish": drillFinish,
  "change-email": changeEmailDialog, "own-email": ownEmailDialog, "second-email": secondEmailDialog, "correct-name": correctNameDialog,
  "person-act": personAct, erase: eraseDialog, role: roleDialog, community: communityDialog, "community-remove": communityRemove, policy,
  case: caseDialog, approve: approveDialog, "approve-by-kit": approveByKitDialog, "carry-out": carryOutDialog, withdraw: withdrawDialog, checklist: checklistDialog, find: findDialog,
  evidence: evidenceDialog, "journal-person": journalPersonDialog, "export-journal": exportDialog, "verify-journal": verifyDialog,
  move: moveDialog, "move-off": moveOffDialog, moved: movedDialog,
  backup, "older-remove": olderRemove, "remove-workspace": removeWorkspaceDialog,
  "device-invite": deviceInvite, "device-revoke": deviceRevoke, "offline-void": offlineVoid,
  "token-assign": tokenAssign, "token-act": tokenAct, "token-activate": tokenActivate, "token-resync": tokenResync,
  "mail-notice": noticeDialog, "mail-test": testDialog, "mail-remove": mailRemove, "mail-resend": mailResend, "letter-handed": letterHanded, report: reportDialog, "report-settle": reportSettle, unsaved: unsavedDialog,
  keyring, "keyring-remove": keyringRemove, passphrase, "desk-passphrase": deskPassphrase, "kit-renew": kitRenew, rotate,
});
