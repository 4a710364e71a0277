// Written by `cargo xtask bindings` from the wire crate.
import { call } from "./bridge.js";

/** @import * as wire from "../../tests/ui/types/wire.js" */

/** @type {(request: wire.ReadSituation) => Promise<wire.Situation>} */
export const readSituation = (request) => call("read_situation", request);

/** @type {(request: wire.CreateWorkspace) => Promise<wire.Done>} */
export const createWorkspace = (request) => call("create_workspace", request);

/** @type {(request: wire.OpenVault) => Promise<wire.Done>} */
export const openVault = (request) => call("open_vault", request);

/** @type {(request: wire.OpenByKeyring) => Promise<wire.Done>} */
export const openByKeyring = (request) => call("open_by_keyring", request);

/** @type {(request: wire.PairWorkspace) => Promise<wire.Done>} */
export const pairWorkspace = (request) => call("pair_workspace", request);

/** @type {(request: wire.TryServer) => Promise<wire.RemoteState>} */
export const tryServer = (request) => call("try_server", request);

/** @type {(request: wire.ReadAlone) => Promise<wire.Done>} */
export const readAlone = (request) => call("read_alone", request);

/** @type {(request: wire.EndReadingAlone) => Promise<wire.Done>} */
export const endReadingAlone = (request) => call("end_reading_alone", request);

/** @type {(request: wire.CloseWorkspace) => Promise<wire.Done>} */
export const closeWorkspace = (request) => call("close_workspace", request);

/** @type {(request: wire.ReadBackups) => Promise<wire.BackupsView>} */
export const readBackups = (request) => call("read_backups", request);

/** @type {(request: wire.TakeBackup) => Promise<wire.BackupTaken>} */
export const takeBackup = (request) => call("take_backup", request);

/** @type {(request: wire.RemoveOlderCopy) => Promise<wire.Done>} */
export const removeOlderCopy = (request) => call("remove_older_copy", request);

/** @type {(request: wire.PutOffBackup) => Promise<wire.Done>} */
export const putOffBackup = (request) => call("put_off_backup", request);

/** @type {(request: wire.ChooseBackup) => Promise<wire.ChosenBackup>} */
export const chooseBackup = (request) => call("choose_backup", request);

/** @type {(request: wire.ReadChosenBackup) => Promise<wire.ChosenBackup>} */
export const readChosenBackup = (request) => call("read_chosen_backup", request);

/** @type {(request: wire.RestoreBackup) => Promise<wire.Done>} */
export const restoreBackup = (request) => call("restore_backup", request);

/** @type {(request: wire.RemoveWorkspace) => Promise<wire.Done>} */
export const removeWorkspace = (request) => call("remove_workspace", request);

/** @type {(request: wire.MoveToServer) => Promise<wire.Moved>} */
export const moveToServer = (request) => call("move_to_server", request);

/** @type {(request: wire.CallOffMove) => Promise<wire.Done>} */
export const callOffMove = (request) => call("call_off_move", request);

/** @type {(request: wire.ReadMoved) => Promise<wire.Moved>} */
export const readMoved = (request) => call("read_moved", request);

/** @type {(request: wire.SetPreferences) => Promise<wire.Done>} */
export const setPreferences = (request) => call("set_preferences", request);

/** @type {(request: wire.ReadLicences) => Promise<wire.Licences>} */
export const readLicences = (request) => call("read_licences", request);

/** @type {(request: wire.Quit) => Promise<wire.Done>} */
export const quit = (request) => call("quit", request);

/** @type {(request: wire.SignIn) => Promise<wire.Step>} */
export const signIn = (request) => call("sign_in", request);

/** @type {(request: wire.GiveCode) => Promise<wire.Step>} */
export const giveCode = (request) => call("give_code", request);

/** @type {(request: wire.AcceptInvitation) => Promise<wire.Step>} */
export const acceptInvitation = (request) => call("accept_invitation", request);

/** @type {(request: wire.RedeemPasswordCode) => Promise<wire.Step>} */
export const redeemPasswordCode = (request) => call("redeem_password_code", request);

/** @type {(request: wire.ReadForgotten) => Promise<wire.Forgotten>} */
export const readForgotten = (request) => call("read_forgotten", request);

/** @type {(request: wire.AskPasswordCode) => Promise<wire.Done>} */
export const askPasswordCode = (request) => call("ask_password_code", request);

/** @type {(request: wire.ChangeEmail) => Promise<wire.Done>} */
export const changeEmail = (request) => call("change_email", request);

/** @type {(request: wire.ChangeOwnEmail) => Promise<wire.Done>} */
export const changeOwnEmail = (request) => call("change_own_email", request);

/** @type {(request: wire.SetSecondEmail) => Promise<wire.Done>} */
export const setSecondEmail = (request) => call("set_second_email", request);

/** @type {(request: wire.SetOwnSecondEmail) => Promise<wire.Done>} */
export const setOwnSecondEmail = (request) => call("set_own_second_email", request);

/** @type {(request: wire.CorrectName) => Promise<wire.Settled>} */
export const correctName = (request) => call("correct_name", request);

/** @type {(request: wire.AcceptHandOver) => Promise<wire.Step>} */
export const acceptHandOver = (request) => call("accept_hand_over", request);

/** @type {(request: wire.DeclineHandOver) => Promise<wire.Done>} */
export const declineHandOver = (request) => call("decline_hand_over", request);

/** @type {(request: wire.Unlock) => Promise<wire.Done>} */
export const unlock = (request) => call("unlock", request);

/** @type {(request: wire.Lock) => Promise<wire.Done>} */
export const lock = (request) => call("lock", request);

/** @type {(request: wire.SignOut) => Promise<wire.Done>} */
export const signOut = (request) => call("sign_out", request);

/** @type {(request: wire.Touch) => Promise<wire.Done>} */
export const touch = (request) => call("touch", request);

/** @type {(request: wire.ReadProfile) => Promise<wire.Profile>} */
export const readProfile = (request) => call("read_profile", request);

/** @type {(request: wire.BeginEnrolment) => Promise<wire.Done>} */
export const beginEnrolment = (request) => call("begin_enrolment", request);

/** @type {(request: wire.RenewBackupCodes) => Promise<wire.Done>} */
export const renewBackupCodes = (request) => call("renew_backup_codes", request);

/** @type {(request: wire.RenameAuthenticator) => Promise<wire.Done>} */
export const renameAuthenticator = (request) => call("rename_authenticator", request);

/** @type {(request: wire.PreferAuthenticator) => Promise<wire.Done>} */
export const preferAuthenticator = (request) => call("prefer_authenticator", request);

/** @type {(request: wire.RemoveAuthenticator) => Promise<wire.Done>} */
export const removeAuthenticator = (request) => call("remove_authenticator", request);

/** @type {(request: wire.DisableSecondFactor) => Promise<wire.Done>} */
export const disableSecondFactor = (request) => call("disable_second_factor", request);

/** @type {(request: wire.ChangePassword) => Promise<wire.Done>} */
export const changePassword = (request) => call("change_password", request);

/** @type {(request: wire.ListPeople) => Promise<wire.PeoplePage>} */
export const listPeople = (request) => call("list_people", request);

/** @type {(request: wire.ReadReadiness) => Promise<wire.Readiness>} */
export const readReadiness = (request) => call("read_readiness", request);

/** @type {(request: wire.ExportPeople) => Promise<wire.PeopleExport>} */
export const exportPeople = (request) => call("export_people", request);

/** @type {(request: wire.Invite) => Promise<wire.Done>} */
export const invite = (request) => call("invite", request);

/** @type {(request: wire.InviteAgain) => Promise<wire.Done>} */
export const inviteAgain = (request) => call("invite_again", request);

/** @type {(request: wire.HandOver) => Promise<wire.Done>} */
export const handOver = (request) => call("hand_over", request);

/** @type {(request: wire.ChooseImport) => Promise<wire.ImportDesk>} */
export const chooseImport = (request) => call("choose_import", request);

/** @type {(request: wire.CheckImportAgain) => Promise<wire.ImportDesk>} */
export const checkImportAgain = (request) => call("check_import_again", request);

/** @type {(request: wire.DropImport) => Promise<wire.Done>} */
export const dropImport = (request) => call("drop_import", request);

/** @type {(request: wire.ReadImport) => Promise<wire.ImportDesk>} */
export const readImport = (request) => call("read_import", request);

/** @type {(request: wire.ReadImportRows) => Promise<wire.ImportRows>} */
export const readImportRows = (request) => call("read_import_rows", request);

/** @type {(request: wire.SaveRefusedRows) => Promise<wire.RefusedKept>} */
export const saveRefusedRows = (request) => call("save_refused_rows", request);

/** @type {(request: wire.CarryOutImport) => Promise<wire.ImportDone>} */
export const carryOutImport = (request) => call("carry_out_import", request);

/** @type {(request: wire.ListImports) => Promise<wire.Imports>} */
export const listImports = (request) => call("list_imports", request);

/** @type {(request: wire.UndoImport) => Promise<wire.Done>} */
export const undoImport = (request) => call("undo_import", request);

/** @type {(request: wire.ReadSeeds) => Promise<wire.SeedDesk>} */
export const readSeeds = (request) => call("read_seeds", request);

/** @type {(request: wire.ChooseSeeds) => Promise<wire.SeedDesk>} */
export const chooseSeeds = (request) => call("choose_seeds", request);

/** @type {(request: wire.UnlockSeeds) => Promise<wire.SeedDesk>} */
export const unlockSeeds = (request) => call("unlock_seeds", request);

/** @type {(request: wire.DropSeeds) => Promise<wire.Done>} */
export const dropSeeds = (request) => call("drop_seeds", request);

/** @type {(request: wire.ReadSeedRows) => Promise<wire.SeedRows>} */
export const readSeedRows = (request) => call("read_seed_rows", request);

/** @type {(request: wire.ImportSeeds) => Promise<wire.TokensImported>} */
export const importSeeds = (request) => call("import_seeds", request);

/** @type {(request: wire.ResetSecondFactor) => Promise<wire.Done>} */
export const resetSecondFactor = (request) => call("reset_second_factor", request);

/** @type {(request: wire.IssuePasswordCode) => Promise<wire.Done>} */
export const issuePasswordCode = (request) => call("issue_password_code", request);

/** @type {(request: wire.ReadPerson) => Promise<wire.PersonView>} */
export const readPerson = (request) => call("read_person", request);

/** @type {(request: wire.ChangeRole) => Promise<wire.Done>} */
export const changeRole = (request) => call("change_role", request);

/** @type {(request: wire.ChangeOwner) => Promise<wire.Done>} */
export const changeOwner = (request) => call("change_owner", request);

/** @type {(request: wire.UnlockPerson) => Promise<wire.Done>} */
export const unlockPerson = (request) => call("unlock_person", request);

/** @type {(request: wire.SignOutPerson) => Promise<wire.Done>} */
export const signOutPerson = (request) => call("sign_out_person", request);

/** @type {(request: wire.DeactivatePerson) => Promise<wire.Done>} */
export const deactivatePerson = (request) => call("deactivate_person", request);

/** @type {(request: wire.ReactivatePerson) => Promise<wire.Done>} */
export const reactivatePerson = (request) => call("reactivate_person", request);

/** @type {(request: wire.MarkElsewhere) => Promise<wire.Done>} */
export const markElsewhere = (request) => call("mark_elsewhere", request);

/** @type {(request: wire.UnmarkElsewhere) => Promise<wire.Done>} */
export const unmarkElsewhere = (request) => call("unmark_elsewhere", request);

/** @type {(request: wire.ReadErasure) => Promise<wire.ErasureView>} */
export const readErasure = (request) => call("read_erasure", request);

/** @type {(request: wire.ErasePerson) => Promise<wire.Erased>} */
export const erasePerson = (request) => call("erase_person", request);

/** @type {(request: wire.ListCommunities) => Promise<wire.Communities>} */
export const listCommunities = (request) => call("list_communities", request);

/** @type {(request: wire.MakeCommunity) => Promise<wire.Done>} */
export const makeCommunity = (request) => call("make_community", request);

/** @type {(request: wire.RenameCommunity) => Promise<wire.Done>} */
export const renameCommunity = (request) => call("rename_community", request);

/** @type {(request: wire.RemoveCommunity) => Promise<wire.Done>} */
export const removeCommunity = (request) => call("remove_community", request);

/** @type {(request: wire.ReadVault) => Promise<wire.VaultView>} */
export const readVault = (request) => call("read_vault", request);

/** @type {(request: wire.AddKeyring) => Promise<wire.Done>} */
export const addKeyring = (request) => call("add_keyring", request);

/** @type {(request: wire.RemoveKeyring) => Promise<wire.Done>} */
export const removeKeyring = (request) => call("remove_keyring", request);

/** @type {(request: wire.ChangePassphrase) => Promise<wire.Done>} */
export const changePassphrase = (request) => call("change_passphrase", request);

/** @type {(request: wire.RotateKey) => Promise<wire.Done>} */
export const rotateKey = (request) => call("rotate_key", request);

/** @type {(request: wire.RenewKit) => Promise<wire.Done>} */
export const renewKit = (request) => call("renew_kit", request);

/** @type {(request: wire.AcknowledgeKit) => Promise<wire.Done>} */
export const acknowledgeKit = (request) => call("acknowledge_kit", request);

/** @type {(request: wire.OpenByKit) => Promise<wire.Done>} */
export const openByKit = (request) => call("open_by_kit", request);

/** @type {(request: wire.RecoverOwner) => Promise<wire.Step>} */
export const recoverOwner = (request) => call("recover_owner", request);

/** @type {(request: wire.ReadWork) => Promise<wire.Work>} */
export const readWork = (request) => call("read_work", request);

/** @type {(request: wire.StopWork) => Promise<wire.Done>} */
export const stopWork = (request) => call("stop_work", request);

/** @type {(request: wire.ReadPolicies) => Promise<wire.Policies>} */
export const readPolicies = (request) => call("read_policies", request);

/** @type {(request: wire.PreflightPolicy) => Promise<wire.Preflight>} */
export const preflightPolicy = (request) => call("preflight_policy", request);

/** @type {(request: wire.SavePolicy) => Promise<wire.Done>} */
export const savePolicy = (request) => call("save_policy", request);

/** @type {(request: wire.ReadDesk) => Promise<wire.Desk>} */
export const readDesk = (request) => call("read_desk", request);

/** @type {(request: wire.ReadChecklist) => Promise<wire.Checklist>} */
export const readChecklist = (request) => call("read_checklist", request);

/** @type {(request: wire.SetChecklist) => Promise<wire.Settled>} */
export const setChecklist = (request) => call("set_checklist", request);

/** @type {(request: wire.OpenCase) => Promise<wire.CaseOpened>} */
export const openCase = (request) => call("open_case", request);

/** @type {(request: wire.ApproveCase) => Promise<wire.Done>} */
export const approveCase = (request) => call("approve_case", request);

/** @type {(request: wire.ApproveCaseByKit) => Promise<wire.Done>} */
export const approveCaseByKit = (request) => call("approve_case_by_kit", request);

/** @type {(request: wire.WithdrawCase) => Promise<wire.Settled>} */
export const withdrawCase = (request) => call("withdraw_case", request);

/** @type {(request: wire.CarryOutCase) => Promise<wire.Done>} */
export const carryOutCase = (request) => call("carry_out_case", request);

/** @type {(request: wire.AskStaff) => Promise<wire.Done>} */
export const askStaff = (request) => call("ask_staff", request);

/** @type {(request: wire.DismissRequest) => Promise<wire.Settled>} */
export const dismissRequest = (request) => call("dismiss_request", request);

/** @type {(request: wire.ReadEvidence) => Promise<wire.EvidenceShown>} */
export const readEvidence = (request) => call("read_evidence", request);

/** @type {(request: wire.TakeCheckpoint) => Promise<wire.CheckpointView>} */
export const takeCheckpoint = (request) => call("take_checkpoint", request);

/** @type {(request: wire.SaveCheckpoint) => Promise<wire.Kept>} */
export const saveCheckpoint = (request) => call("save_checkpoint", request);

/** @type {(request: wire.PrintCheckpoint) => Promise<wire.Kept>} */
export const printCheckpoint = (request) => call("print_checkpoint", request);

/** @type {(request: wire.ProveEntry) => Promise<wire.EntryProof>} */
export const proveEntry = (request) => call("prove_entry", request);

/** @type {(request: wire.ExportJournal) => Promise<wire.JournalExported>} */
export const exportJournal = (request) => call("export_journal", request);

/** @type {(request: wire.VerifyJournal) => Promise<wire.Verification>} */
export const verifyJournal = (request) => call("verify_journal", request);

/** @type {(request: wire.ListDevices) => Promise<wire.Devices>} */
export const listDevices = (request) => call("list_devices", request);

/** @type {(request: wire.InviteDevice) => Promise<wire.Done>} */
export const inviteDevice = (request) => call("invite_device", request);

/** @type {(request: wire.RevokeDevice) => Promise<wire.Done>} */
export const revokeDevice = (request) => call("revoke_device", request);

/** @type {(request: wire.ReadLostDevice) => Promise<wire.LostDevice>} */
export const readLostDevice = (request) => call("read_lost_device", request);

/** @type {(request: wire.TellLostDevice) => Promise<wire.LostTold>} */
export const tellLostDevice = (request) => call("tell_lost_device", request);

/** @type {(request: wire.ChangeDeskPassphrase) => Promise<wire.Done>} */
export const changeDeskPassphrase = (request) => call("change_desk_passphrase", request);

/** @type {(request: wire.ReadWaiting) => Promise<wire.Waiting>} */
export const readWaiting = (request) => call("read_waiting", request);

/** @type {(request: wire.SendWaiting) => Promise<wire.Done>} */
export const sendWaiting = (request) => call("send_waiting", request);

/** @type {(request: wire.PutAside) => Promise<wire.Done>} */
export const putAside = (request) => call("put_aside", request);

/** @type {(request: wire.AskAgain) => Promise<wire.Done>} */
export const askAgain = (request) => call("ask_again", request);

/** @type {(request: wire.ListOfflineCodes) => Promise<wire.OfflineCodes>} */
export const listOfflineCodes = (request) => call("list_offline_codes", request);

/** @type {(request: wire.VoidOfflineCode) => Promise<wire.Done>} */
export const voidOfflineCode = (request) => call("void_offline_code", request);

/** @type {(request: wire.ReadOfflineDesk) => Promise<wire.OfflineDesk>} */
export const readOfflineDesk = (request) => call("read_offline_desk", request);

/** @type {(request: wire.IssueOffline) => Promise<wire.Done>} */
export const issueOffline = (request) => call("issue_offline", request);

/** @type {(request: wire.ListTokens) => Promise<wire.TokensPage>} */
export const listTokens = (request) => call("list_tokens", request);

/** @type {(request: wire.AssignToken) => Promise<wire.Done>} */
export const assignToken = (request) => call("assign_token", request);

/** @type {(request: wire.UnassignToken) => Promise<wire.Done>} */
export const unassignToken = (request) => call("unassign_token", request);

/** @type {(request: wire.RetireToken) => Promise<wire.Done>} */
export const retireToken = (request) => call("retire_token", request);

/** @type {(request: wire.UndoTokenImport) => Promise<wire.Done>} */
export const undoTokenImport = (request) => call("undo_token_import", request);

/** @type {(request: wire.ReadOwnTokens) => Promise<wire.OwnTokens>} */
export const readOwnTokens = (request) => call("read_own_tokens", request);

/** @type {(request: wire.ProveToken) => Promise<wire.Done>} */
export const proveToken = (request) => call("prove_token", request);

/** @type {(request: wire.ResyncToken) => Promise<wire.Done>} */
export const resyncToken = (request) => call("resync_token", request);

/** @type {(request: wire.SearchJournal) => Promise<wire.JournalFound>} */
export const searchJournal = (request) => call("search_journal", request);

/** @type {(request: wire.ReadReceipt) => Promise<wire.Receipt>} */
export const readReceipt = (request) => call("read_receipt", request);

/** @type {(request: wire.ReadMyActivity) => Promise<wire.JournalPage>} */
export const readMyActivity = (request) => call("read_my_activity", request);

/** @type {(request: wire.ReadMail) => Promise<wire.MailView>} */
export const readMail = (request) => call("read_mail", request);

/** @type {(request: wire.SetMail) => Promise<wire.Done>} */
export const setMail = (request) => call("set_mail", request);

/** @type {(request: wire.RemoveMail) => Promise<wire.Done>} */
export const removeMail = (request) => call("remove_mail", request);

/** @type {(request: wire.SendTestMail) => Promise<wire.MailTestBegun>} */
export const sendTestMail = (request) => call("send_test_mail", request);

/** @type {(request: wire.ReadOutbox) => Promise<wire.OutboxPage>} */
export const readOutbox = (request) => call("read_outbox", request);

/** @type {(request: wire.ResendNotice) => Promise<wire.Done>} */
export const resendNotice = (request) => call("resend_notice", request);

/** @type {(request: wire.ReadLetter) => Promise<wire.Done>} */
export const openLetter = (request) => call("open_letter", request);

/** @type {(request: wire.HandOverLetter) => Promise<wire.Done>} */
export const handOverLetter = (request) => call("hand_over_letter", request);

/** @type {(request: wire.ReportNotMe) => Promise<wire.Done>} */
export const reportNotMe = (request) => call("report_not_me", request);

/** @type {(request: wire.ReportEntry) => Promise<wire.Done>} */
export const reportEntry = (request) => call("report_entry", request);

/** @type {(request: wire.SettleReport) => Promise<wire.Done>} */
export const settleReport = (request) => call("settle_report", request);

/** @type {(request: wire.BeginDrill) => Promise<wire.Done>} */
export const beginDrill = (request) => call("begin_drill", request);

/** @type {(request: wire.ReadDrillCode) => Promise<wire.DrillCode>} */
export const readDrillCode = (request) => call("read_drill_code", request);

/** @type {(request: wire.FinishDrill) => Promise<wire.Done>} */
export const finishDrill = (request) => call("finish_drill", request);

/** @type {(request: wire.EndDrill) => Promise<wire.Done>} */
export const endDrill = (request) => call("end_drill", request);

/** @type {(request: wire.ReadSheet) => Promise<wire.Sheet>} */
export const readSheet = (request) => call("read_sheet", request);

/** @type {(request: wire.VerifyOnSheet) => Promise<wire.Done>} */
export const verifyOnSheet = (request) => call("verify_on_sheet", request);

/** @type {(request: wire.CopySheet) => Promise<wire.Kept>} */
export const copySheet = (request) => call("copy_sheet", request);

/** @type {(request: wire.SaveSheetAsText) => Promise<wire.Kept>} */
export const saveSheetAsText = (request) => call("save_sheet_as_text", request);

/** @type {(request: wire.SaveSheetEncrypted) => Promise<wire.Kept>} */
export const saveSheetEncrypted = (request) => call("save_sheet_encrypted", request);

/** @type {(request: wire.SaveSheetAsPdf) => Promise<wire.Kept>} */
export const saveSheetAsPdf = (request) => call("save_sheet_as_pdf", request);

/** @type {(request: wire.PrintSheet) => Promise<wire.Kept>} */
export const printSheet = (request) => call("print_sheet", request);

/** @type {(request: wire.NoteSheetPrinted) => Promise<wire.Done>} */
export const noteSheetPrinted = (request) => call("note_sheet_printed", request);

/** @type {(request: wire.ReadBack) => Promise<wire.ReadBackView>} */
export const readBack = (request) => call("read_back", request);

/** @type {(request: wire.CloseSheet) => Promise<wire.Done>} */
export const closeSheet = (request) => call("close_sheet", request);
