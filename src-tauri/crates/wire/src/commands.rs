//! Every command of the windows: the one list that the program, its capabilities and the page are made from.

/// Which window may call a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The main window.
    Main,
    /// The sheet, which shows a secret once.
    Sheet,
    /// Either.
    Both,
}

/// One command.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// Its name in Rust.
    pub name: &'static str,
    /// The type of its one argument.
    pub request: &'static str,
    /// The type of its reply.
    pub reply: &'static str,
    /// The window that may call it.
    pub caller: Caller,
}

const fn main(name: &'static str, request: &'static str, reply: &'static str) -> Command {
    Command { name, request, reply, caller: Caller::Main }
}

const fn sheet(name: &'static str, request: &'static str, reply: &'static str) -> Command {
    Command { name, request, reply, caller: Caller::Sheet }
}

const fn both(name: &'static str, request: &'static str, reply: &'static str) -> Command {
    Command { name, request, reply, caller: Caller::Both }
}

/// Every command there is.
pub const COMMANDS: &[Command] = &[
    main("read_situation", "ReadSituation", "Situation"),
    main("create_workspace", "CreateWorkspace", "Done"),
    main("open_vault", "OpenVault", "Done"),
    main("open_by_keyring", "OpenByKeyring", "Done"),
    main("close_workspace", "CloseWorkspace", "Done"),
    main("read_backups", "ReadBackups", "BackupsView"),
    main("take_backup", "TakeBackup", "BackupTaken"),
    main("remove_older_copy", "RemoveOlderCopy", "Done"),
    main("put_off_backup", "PutOffBackup", "Done"),
    main("choose_backup", "ChooseBackup", "ChosenBackup"),
    main("read_chosen_backup", "ReadChosenBackup", "ChosenBackup"),
    main("restore_backup", "RestoreBackup", "Done"),
    main("remove_workspace", "RemoveWorkspace", "Done"),
    main("set_preferences", "SetPreferences", "Done"),
    main("read_licences", "ReadLicences", "Licences"),
    main("quit", "Quit", "Done"),
    main("sign_in", "SignIn", "Step"),
    main("give_code", "GiveCode", "Step"),
    main("accept_invitation", "AcceptInvitation", "Step"),
    main("redeem_password_code", "RedeemPasswordCode", "Step"),
    main("accept_hand_over", "AcceptHandOver", "Step"),
    main("decline_hand_over", "DeclineHandOver", "Done"),
    main("unlock", "Unlock", "Done"),
    both("lock", "Lock", "Done"),
    main("sign_out", "SignOut", "Done"),
    both("touch", "Touch", "Done"),
    main("read_profile", "ReadProfile", "Profile"),
    main("begin_enrolment", "BeginEnrolment", "Done"),
    main("renew_backup_codes", "RenewBackupCodes", "Done"),
    main("rename_authenticator", "RenameAuthenticator", "Done"),
    main("prefer_authenticator", "PreferAuthenticator", "Done"),
    main("remove_authenticator", "RemoveAuthenticator", "Done"),
    main("disable_second_factor", "DisableSecondFactor", "Done"),
    main("change_password", "ChangePassword", "Done"),
    main("list_people", "ListPeople", "PeoplePage"),
    main("read_readiness", "ReadReadiness", "Readiness"),
    main("export_people", "ExportPeople", "PeopleExport"),
    main("invite", "Invite", "Done"),
    main("invite_again", "InviteAgain", "Done"),
    main("hand_over", "HandOver", "Done"),
    main("choose_import", "ChooseImport", "ImportDesk"),
    main("check_import_again", "CheckImportAgain", "ImportDesk"),
    main("drop_import", "DropImport", "Done"),
    main("read_import", "ReadImport", "ImportDesk"),
    main("read_import_rows", "ReadImportRows", "ImportRows"),
    main("save_refused_rows", "SaveRefusedRows", "RefusedKept"),
    main("carry_out_import", "CarryOutImport", "ImportDone"),
    main("list_imports", "ListImports", "Imports"),
    main("undo_import", "UndoImport", "Done"),
    main("read_seeds", "ReadSeeds", "SeedDesk"),
    main("choose_seeds", "ChooseSeeds", "SeedDesk"),
    main("unlock_seeds", "UnlockSeeds", "SeedDesk"),
    main("drop_seeds", "DropSeeds", "Done"),
    main("read_seed_rows", "ReadSeedRows", "SeedRows"),
    main("import_seeds", "ImportSeeds", "TokensImported"),
    main("reset_second_factor", "ResetSecondFactor", "Done"),
    main("issue_password_code", "IssuePasswordCode", "Done"),
    main("read_person", "ReadPerson", "PersonView"),
    main("change_role", "ChangeRole", "Done"),
    main("change_owner", "ChangeOwner", "Done"),
    main("unlock_person", "UnlockPerson", "Done"),
    main("sign_out_person", "SignOutPerson", "Done"),
    main("deactivate_person", "DeactivatePerson", "Done"),
    main("reactivate_person", "ReactivatePerson", "Done"),
    main("mark_elsewhere", "MarkElsewhere", "Done"),
    main("unmark_elsewhere", "UnmarkElsewhere", "Done"),
    main("list_communities", "ListCommunities", "Communities"),
    main("make_community", "MakeCommunity", "Done"),
    main("rename_community", "RenameCommunity", "Done"),
    main("remove_community", "RemoveCommunity", "Done"),
    main("read_vault", "ReadVault", "VaultView"),
    main("add_keyring", "AddKeyring", "Done"),
    main("remove_keyring", "RemoveKeyring", "Done"),
    main("change_passphrase", "ChangePassphrase", "Done"),
    main("rotate_key", "RotateKey", "Done"),
    main("renew_kit", "RenewKit", "Done"),
    main("acknowledge_kit", "AcknowledgeKit", "Done"),
    main("open_by_kit", "OpenByKit", "Done"),
    main("recover_owner", "RecoverOwner", "Step"),
    both("read_work", "ReadWork", "Work"),
    both("stop_work", "StopWork", "Done"),
    main("read_policies", "ReadPolicies", "Policies"),
    main("preflight_policy", "PreflightPolicy", "Preflight"),
    main("save_policy", "SavePolicy", "Done"),
    main("read_desk", "ReadDesk", "Desk"),
    main("read_checklist", "ReadChecklist", "Checklist"),
    main("set_checklist", "SetChecklist", "Done"),
    main("open_case", "OpenCase", "CaseOpened"),
    main("approve_case", "ApproveCase", "Done"),
    main("approve_case_by_kit", "ApproveCaseByKit", "Done"),
    main("withdraw_case", "WithdrawCase", "Done"),
    main("carry_out_case", "CarryOutCase", "Done"),
    main("ask_staff", "AskStaff", "Done"),
    main("dismiss_request", "DismissRequest", "Done"),
    main("read_evidence", "ReadEvidence", "EvidenceShown"),
    main("take_checkpoint", "TakeCheckpoint", "CheckpointView"),
    main("prove_entry", "ProveEntry", "EntryProof"),
    main("export_journal", "ExportJournal", "JournalExported"),
    main("verify_journal", "VerifyJournal", "Verification"),
    main("list_tokens", "ListTokens", "TokensPage"),
    main("assign_token", "AssignToken", "Done"),
    main("unassign_token", "UnassignToken", "Done"),
    main("retire_token", "RetireToken", "Done"),
    main("undo_token_import", "UndoTokenImport", "Done"),
    main("read_own_tokens", "ReadOwnTokens", "OwnTokens"),
    main("prove_token", "ProveToken", "Done"),
    main("resync_token", "ResyncToken", "Done"),
    main("read_journal", "ReadJournal", "JournalPage"),
    main("read_my_activity", "ReadMyActivity", "JournalPage"),
    main("begin_drill", "BeginDrill", "Done"),
    main("read_drill_code", "ReadDrillCode", "DrillCode"),
    main("finish_drill", "FinishDrill", "Done"),
    main("end_drill", "EndDrill", "Done"),
    sheet("read_sheet", "ReadSheet", "Sheet"),
    sheet("verify_on_sheet", "VerifyOnSheet", "Done"),
    sheet("copy_sheet", "CopySheet", "Kept"),
    sheet("save_sheet_as_text", "SaveSheetAsText", "Kept"),
    sheet("save_sheet_encrypted", "SaveSheetEncrypted", "Kept"),
    sheet("save_sheet_as_pdf", "SaveSheetAsPdf", "Kept"),
    sheet("print_sheet", "PrintSheet", "Kept"),
    sheet("note_sheet_printed", "NoteSheetPrinted", "Done"),
    sheet("read_back", "ReadBack", "ReadBackView"),
    sheet("close_sheet", "CloseSheet", "Done"),
];
