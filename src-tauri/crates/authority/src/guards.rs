//! Which gate guards which request: the list that `docs/ROLES.md` is printed from.
//!
//! A new request that stands in no line does not build: say here what guards it.

use wire::Request;

/// What stands between a request and its use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Nothing but its own proof: it is how one comes in.
    Door,
    /// A session: it concerns the account whose session it is, and no other.
    OwnAccount,
    /// The gate, asked for each of these acts that the request comes to. Names of `domain::gate::Act`.
    Acts(&'static [&'static str]),
}

macro_rules! guards {
    ($($request:ident => $guard:expr),+ $(,)?) => {
        /// Every request of the seam, by name.
        pub const GUARDS: &[(&str, Guard)] = &[$((stringify!($request), $guard)),+];

        /// What guards a request.
        #[must_use]
        pub fn guard(request: &Request) -> Guard {
            match request { $(Request::$request(_) => $guard),+ }
        }
    };
}

guards! {
    SignIn => Guard::Door,
    GiveCode => Guard::Door,
    AcceptInvitation => Guard::Door,
    RedeemPasswordCode => Guard::Door,
    RecoverOwner => Guard::Door,
    Unlock => Guard::OwnAccount,
    Lock => Guard::OwnAccount,
    SignOut => Guard::OwnAccount,
    Touch => Guard::OwnAccount,
    WhoAmI => Guard::OwnAccount,
    ReadProfile => Guard::OwnAccount,
    BeginEnrolment => Guard::OwnAccount,
    VerifyEnrolment => Guard::OwnAccount,
    RenewBackupCodes => Guard::OwnAccount,
    NoteCodesSaved => Guard::OwnAccount,
    DisableSecondFactor => Guard::OwnAccount,
    ChangePassword => Guard::OwnAccount,
    RenameAuthenticator => Guard::OwnAccount,
    PreferAuthenticator => Guard::OwnAccount,
    RemoveAuthenticator => Guard::OwnAccount,
    ReadMyActivity => Guard::OwnAccount,
    AcknowledgeKit => Guard::OwnAccount,
    ListPeople => Guard::Acts(&["list-people"]),
    ReadReadiness => Guard::Acts(&["list-people"]),
    ExportPeople => Guard::Acts(&["export-people"]),
    Invite => Guard::Acts(&["invite", "invite-owner"]),
    InviteAgain => Guard::Acts(&["invite-again"]),
    HandOver => Guard::Acts(&["invite-again"]),
    AllowImport => Guard::Acts(&["import-people"]),
    CheckPeople => Guard::Acts(&["import-people", "invite", "invite-owner", "invite-again", "change-role", "see"]),
    ImportPeople => Guard::Acts(&["import-people", "invite", "invite-owner", "invite-again", "change-role", "see"]),
    ListImports => Guard::Acts(&["import-people"]),
    UndoImport => Guard::Acts(&["import-people", "invite-again"]),
    ResetSecondFactor => Guard::Acts(&["reset-second-factor"]),
    IssuePasswordCode => Guard::Acts(&["issue-password-code"]),
    ReadPerson => Guard::Acts(&["see"]),
    ChangeRole => Guard::Acts(&["change-role"]),
    ChangeOwner => Guard::Acts(&["change-owner"]),
    UnlockPerson => Guard::Acts(&["unlock"]),
    SignOutPerson => Guard::Acts(&["sign-out"]),
    DeactivatePerson => Guard::Acts(&["deactivate"]),
    ReactivatePerson => Guard::Acts(&["reactivate"]),
    MarkElsewhere => Guard::Acts(&["mark-elsewhere"]),
    UnmarkElsewhere => Guard::Acts(&["unmark-elsewhere"]),
    ListCommunities => Guard::Acts(&["keep-communities"]),
    MakeCommunity => Guard::Acts(&["keep-communities"]),
    RenameCommunity => Guard::Acts(&["keep-communities"]),
    RemoveCommunity => Guard::Acts(&["keep-communities"]),
    ReadPolicies => Guard::Acts(&["set-policy", "tighten-policy"]),
    PreflightPolicy => Guard::Acts(&["set-policy", "tighten-policy"]),
    SavePolicy => Guard::Acts(&["set-policy", "tighten-policy"]),
    ChangeVault => Guard::Acts(&["keep-vault"]),
    BeginKit => Guard::Acts(&["keep-vault"]),
    NoteKitKept => Guard::Acts(&["keep-vault"]),
    ReadBackupRecord => Guard::Acts(&["keep-vault"]),
    AllowBackup => Guard::Acts(&["keep-vault"]),
    AskStaff => Guard::OwnAccount,
    ReadDesk => Guard::Acts(&["list-people", "see"]),
    ReadChecklist => Guard::Acts(&["list-people"]),
    SetChecklist => Guard::Acts(&["set-policy"]),
    OpenCase => Guard::Acts(&["reset-second-factor", "reactivate", "unmark-elsewhere"]),
    ApproveCase => Guard::Acts(&["reset-second-factor", "reactivate", "unmark-elsewhere"]),
    ApproveCaseByKit => Guard::Acts(&["reset-second-factor", "reactivate", "unmark-elsewhere"]),
    WithdrawCase => Guard::Acts(&["reset-second-factor", "reactivate", "unmark-elsewhere"]),
    CarryOutCase => Guard::Acts(&["reset-second-factor", "reactivate", "unmark-elsewhere"]),
    DismissRequest => Guard::Acts(&["unlock"]),
    ReadEvidence => Guard::Acts(&["read-journal"]),
    TakeCheckpoint => Guard::Acts(&["read-journal"]),
    BeginVerification => Guard::Acts(&["read-journal"]),
    BeginExport => Guard::Acts(&["read-journal", "see"]),
    ReadLines => Guard::Acts(&["read-journal", "see"]),
    ProveEntry => Guard::OwnAccount,
    CheckTokens => Guard::Acts(&["keep-tokens", "keep-workspace-tokens", "assign-token"]),
    ImportTokens => Guard::Acts(&["keep-tokens", "keep-workspace-tokens", "assign-token"]),
    UndoTokenImport => Guard::Acts(&["keep-tokens", "keep-workspace-tokens"]),
    ListTokens => Guard::Acts(&["keep-tokens", "keep-workspace-tokens", "see"]),
    AssignToken => Guard::Acts(&["keep-tokens", "keep-workspace-tokens", "assign-token"]),
    UnassignToken => Guard::Acts(&["keep-tokens", "keep-workspace-tokens"]),
    RetireToken => Guard::Acts(&["keep-tokens", "keep-workspace-tokens"]),
    ReadOwnTokens => Guard::OwnAccount,
    ProveToken => Guard::OwnAccount,
    ResyncToken => Guard::Acts(&["resync-token"]),
    ReadJournal => Guard::Acts(&["read-journal", "see"]),
}

/// Commands of the windows that reach no workspace: whoever sits at this computer may give them. The commands of the
/// sheet show what another command, guarded as above, has put there.
pub const AT_THIS_COMPUTER: &[&str] = &[
    "read_situation",
    "create_workspace",
    "open_vault",
    "open_by_keyring",
    "open_by_kit",
    "close_workspace",
    "choose_backup",
    "read_chosen_backup",
    "restore_backup",
    "remove_workspace",
    "put_off_backup",
    "read_work",
    "stop_work",
    "set_preferences",
    "read_licences",
    "quit",
    "decline_hand_over",
    "begin_drill",
    "read_drill_code",
    "finish_drill",
    "end_drill",
    "drop_seeds",
    "read_sheet",
    "verify_on_sheet",
    "copy_sheet",
    "save_sheet_as_text",
    "save_sheet_encrypted",
    "save_sheet_as_pdf",
    "print_sheet",
    "note_sheet_printed",
    "read_back",
    "close_sheet",
];

/// Commands that ask the workspace under another request's name.
pub const UNDER_ANOTHER_NAME: &[(&str, &str)] = &[
    ("accept_hand_over", "AcceptInvitation"),
    ("read_vault", "ReadBackupRecord"),
    ("choose_import", "AllowImport"),
    ("check_import_again", "AllowImport"),
    ("drop_import", "AllowImport"),
    ("read_import", "AllowImport"),
    ("read_import_rows", "AllowImport"),
    ("save_refused_rows", "AllowImport"),
    ("carry_out_import", "ImportPeople"),
    ("add_keyring", "ChangeVault"),
    ("remove_keyring", "ChangeVault"),
    ("change_passphrase", "ChangeVault"),
    ("rotate_key", "ChangeVault"),
    ("renew_kit", "BeginKit"),
    ("read_backups", "ReadBackupRecord"),
    ("remove_older_copy", "ChangeVault"),
    ("take_backup", "AllowBackup"),
    ("export_journal", "BeginExport"),
    ("verify_journal", "BeginVerification"),
    ("read_seeds", "CheckTokens"),
    ("choose_seeds", "CheckTokens"),
    ("unlock_seeds", "CheckTokens"),
    ("read_seed_rows", "CheckTokens"),
    ("import_seeds", "ImportTokens"),
];
