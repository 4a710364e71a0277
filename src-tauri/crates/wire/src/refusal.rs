//! Refusals: a closed code, and the few numbers that its sentence needs.

use serde::{Deserialize, Serialize};

words! {
    /// Why something is refused. The page has a sentence for each, in every language.
    enum RefusalCode {
        /// Unknown e-mail or wrong password.
        WrongCredentials,
        /// The own password, asked again, was wrong.
        WrongPassword,
        /// Too many failures: wait until `at`.
        Wait,
        /// A hundred failures in a row: staff must act.
        MethodDisabled,
        /// Nothing was typed.
        CodeEmpty,
        /// The form of no code; `number` is how many symbols were typed.
        CodeLength,
        /// A code of `number` digits, which no device that is asked for here has.
        CodeDigits,
        /// The check symbol does not fit.
        CodeMistyped,
        /// A code of another kind than is asked for.
        CodeKind,
        /// Wrong.
        CodeWrong,
        /// Used before.
        CodeUsed,
        /// A backup code that a restore made void.
        CodeVoid,
        /// The phone's clock is off by `number` seconds; positive when it is ahead.
        ClockDrift,
        /// The recovery code is too old.
        RecoveryExpired,
        /// The recovery code was claimed too often.
        RecoveryExhausted,
        /// The code was issued by a clock that is ahead; it is good from `at` on.
        OfflineCodeAhead,
        /// The code was taken back, or something newer was done about the second factor.
        OfflineCodeVoid,
        /// Whoever issued the code may not issue it now, or not so many.
        OfflineCodeUnfit,
        /// No codes can be issued out of reach here: nobody was given the right to yet.
        OfflineNoGrant,
        /// The right to issue codes out of reach ended at `at`.
        OfflineGrantOver,
        /// As many codes were issued out of reach as may be; where `at` is given, another may be from then on.
        OfflineBudgetSpent,
        /// Something was done about the person's second factor just now: a code that is issued out of reach is good from `at` on.
        OfflineTooSoon,
        /// The policy has no codes that are issued out of reach.
        OfflineForbidden,
        /// Administrators and owners are reset by two people, and that takes the server.
        OfflineTakesTwo,
        /// This computer's clock shows an earlier time than the server did.
        OfflineClock,
        /// The invitation is too old.
        InvitationExpired,
        /// Unknown e-mail, or wrong password code.
        PasswordCodeWrong,
        /// The password code is too old.
        PasswordCodeExpired,
        /// The enrolment is gone.
        EnrolmentGone,
        /// The code does not come from the secret just scanned.
        EnrolmentCodeWrong,
        /// A second factor is asked for as well.
        FactorNeeded,
        /// The token's counter is in step again; its next code will do.
        TokenInStepAgain,
        /// The token must be brought back into step, by two codes in a row.
        TokenOutOfStep,
        /// The code does not come from the token.
        TokenCodeWrong,
        /// The token is no longer assigned to this person.
        TokenGone,
        /// No program that may ask has this key.
        ClientUnknown,
        /// Another program that may ask is called so.
        ClientNameTaken,
        /// There are as many programs that may ask as there may be.
        ClientsFull,
        /// No program that may ask is called so.
        ClientGone,
        /// Neither a community nor the workspace is called so.
        RealmUnknown,
        /// A program asked about a code, and it is not right; or whoever it asked about has none, is not there or is not its own.
        CheckRefused,
        /// The token is somebody's, or retired.
        TokenNotFree,
        /// The token is in use, or has been.
        TokenInUse,
        /// There is no second factor.
        NoFactor,
        /// The authenticator is not there any more.
        AuthenticatorGone,
        /// Another of one's authenticators is called so.
        AuthenticatorNameTaken,
        /// Removing the last authenticator is switching the second factor off.
        LastAuthenticator,
        /// The policy forbids switching it off.
        DisableForbidden,
        /// The policy has no backup codes.
        BackupCodesOff,
        /// A number of a policy is outside what may be chosen.
        PolicyOutOfBounds,
        /// A community can only ask for more than the workspace.
        PolicyLoosened,
        /// What the preflight showed is no longer so.
        PreflightStale,
        /// Nobody able to administer would be left.
        LastAdministrator,
        /// The password is too short to stand alone.
        PasswordCannotStandAlone,
        /// Under 8 characters.
        PasswordTooShort,
        /// Over 128 characters.
        PasswordTooLong,
        /// A passphrase in the lists of common passwords.
        PassphraseCommon,
        /// In the lists of common passwords.
        PasswordCommon,
        /// The same as before.
        PasswordUnchanged,
        /// The vault passphrase has under 12 characters.
        PassphraseTooShort,
        /// Nothing but white space.
        NameEmpty,
        /// Over 300 characters.
        NameTooLong,
        /// Not the form of an address.
        EmailInvalid,
        /// Somebody has it already.
        EmailTaken,
        /// The address that they have already.
        EmailUnchanged,
        /// The role does not reach so far.
        NotAllowed,
        /// Nobody resets themselves.
        OnSelf,
        /// Administrators and owners are reset by two people.
        TakesTwo,
        /// The password was right, but the account is deactivated.
        AccountDeactivated,
        /// The password was right, but this person signs in elsewhere.
        SignsInElsewhere,
        /// The password was right; too many codes failed: wait until `at`, or ask staff to unlock.
        LockedOut,
        /// Nobody would be left who owns the workspace and can sign in.
        LastOwner,
        /// There is no wait to end.
        NothingToUnlock,
        /// A hundred failures in a row: only a new authenticator helps.
        ResetNeeded,
        /// Another community has this name.
        CommunityNameTaken,
        /// People hold roles in the community.
        CommunityNotEmpty,
        /// The only community there is.
        LastCommunity,
        /// The person has signed in already.
        AlreadySignedIn,
        /// Their second factor was reset at `at`: changing another way in as well takes two people.
        SecondEffectAfterReset,
        /// They were given a password code at `at`: changing another way in as well takes two people.
        SecondEffectAfterPasswordCode,
        /// Their account was opened again at `at`: changing another way in as well takes two people.
        SecondEffectAfterReactivation,
        /// Their e-mail address was changed at `at`: changing another way in as well takes two people.
        SecondEffectAfterEmail,
        /// They were given a token at `at`: changing another way in as well takes two people.
        SecondEffectAfterToken,
        /// Password and second factor lost at once: it takes two people.
        DoubleLoss,
        /// The person never chose a password.
        NeverSignedIn,
        /// There is nothing to reset.
        NothingToReset,
        /// Something of the support case is not filled in.
        CaseIncomplete,
        /// The checklist was changed meanwhile.
        ChecklistChanged,
        /// A checklist without an entry, with over eight, or with one twice.
        ChecklistLength,
        /// A case about this person is open already.
        CaseOpen,
        /// The case waits for a second person's approval.
        CaseUnapproved,
        /// The case was approved, carried out or called off already.
        CaseOver,
        /// The case's day has passed.
        CaseExpired,
        /// Opener or approver lost the role that the case rested on.
        CaseVoid,
        /// Nobody approves their own case.
        OwnCase,
        /// Their role is too young to approve with, until `at`.
        RoleTooYoung,
        /// Approving takes a second factor of one's own.
        ApprovalNeedsFactor,
        /// They asked staff already, at `at`.
        AlreadyAsked,
        /// An import without a row that adds or changes anybody.
        ImportEmpty,
        /// The import was taken back already.
        ImportUndone,
        /// Somebody of the import has signed in or was changed since.
        ImportMoved,
        /// What was typed to confirm is not the person's name.
        ErasureNameDiffers,
        /// A case about the person, opened or approved by them, waits for somebody.
        ErasureCaseWaits,
        /// The file has changed since it was checked.
        ImportFileChanged,
        /// The code of a "this was not me" is unknown, was used, or is too old: the same to whoever asks.
        ReportCodeWrong,
        /// Nobody says of this person's account that something was not them, or it was settled already.
        NothingReported,
        /// There is no note, or it is over 300 characters long.
        NoteEmpty,
        /// The entry is not about one's own account.
        EntryNotOwn,
        /// Not the name or address of a mail server, or no port.
        MailHostInvalid,
        /// Not a user name that a mail server takes.
        MailUserInvalid,
        /// Server or user is another, or there is none yet: the password must be typed.
        MailPasswordNeeded,
        /// Mail is not set up, or off.
        MailNotSetUp,
        /// The notice does not stand so any more.
        NoticeMoved,
        /// The code that the notice carried is gone: issue another.
        NoticeCodeGone,
        /// A pairing code that is unknown, was used or taken back, or is too old: the same to whoever asks.
        PairingCodeWrong,
        /// There is no such device, or the proof is not its own.
        DeviceUnknown,
        /// The device was taken back by an owner.
        DeviceRevoked,
        /// The device is in use: it is taken back first.
        DeviceStillPaired,
        /// There is no such device to do something about.
        DeviceGone,
        /// The same operation was asked for otherwise, or by somebody else.
        OperationDiffers,
        /// The operation was made too long ago.
        OperationExpired,
        /// What was to be changed is no longer what it was when this was asked for.
        ChangedMeanwhile,
        /// There are as many changes in the outbox as it takes.
        OutboxFull,
        /// There is no such thing in a local workspace.
        OnlyOnServer,
        /// The session is over.
        SessionEnded,
        /// Nobody gave a sign of life for too long.
        SessionIdle,
        /// The session does not reach so far yet.
        SessionStage,
        /// Too much at once: try again in a moment.
        Busy,
        /// The vault passphrase is wrong.
        VaultPassphraseWrong,
        /// The desk passphrase is wrong.
        DeskPassphraseWrong,
        /// The recovery kit does not open this vault.
        VaultKitWrong,
        /// Not the code of a recovery kit, or mistyped.
        KitMistyped,
        /// This address and this recovery kit let nobody in.
        WrongKit,
        /// There is no such recovery kit.
        KitMissing,
        /// A recovery kit that is not the one in force, given to approve a case.
        CaseKitWrong,
        /// Somebody else can approve the case: the recovery kit stands for nobody.
        KitNotNeeded,
        /// The recovery kit is too young to stand for a second person; it is not any more at `at`.
        KitTooYoung,
        /// The account is open: there is nothing to open again.
        AccountOpen,
        /// The recovery kit on the sheet must be saved or printed first.
        KitNotKept,
        /// Stopped, as was asked. Nothing was changed.
        Stopped,
        /// No keyring answers on this computer.
        KeyringMissing,
        /// The keyring holds nothing that opens this vault.
        KeyringEntryMissing,
        /// The keyring is locked.
        KeyringLocked,
        /// The keyring does not answer.
        KeyringSilent,
        /// Another process has the vault open.
        VaultInUse,
        /// The vault is not where it was.
        VaultMissing,
        /// A file of the vault is cut short or damaged.
        VaultDamaged,
        /// The vault was written by a newer program.
        VaultNewer,
        /// The disk, or the file, cannot be written.
        ReadOnly,
        /// The disk is full.
        DiskFull,
        /// A backup or a restoration was stopped, as was asked. Nothing is left of it.
        BackupStopped,
        /// The folder for a backup cannot be written.
        BackupReadOnly,
        /// The disk for a backup is full.
        BackupDiskFull,
        /// A backup was to be written among the workspaces themselves.
        BackupInside,
        /// The backup is not where it was.
        BackupMissing,
        /// The file is no backup.
        NoBackup,
        /// The backup was written by a newer program.
        BackupNewer,
        /// The backup is cut short or damaged.
        BackupDamaged,
        /// The passphrase does not open the backup.
        BackupPassphraseWrong,
        /// The recovery kit does not open the backup.
        BackupKitWrong,
        /// The name typed to confirm is another.
        NameDiffers,
        /// The keyring does not let the entry of a workspace be deleted.
        KeyringEntryStays,
        /// A file could not be written where it was to go.
        FileNotWritten,
        /// The clipboard could not be reached.
        ClipboardUnavailable,
        /// No workspace is open.
        NoWorkspace,
        /// What was to be shown is no longer there.
        NothingToShow,
        /// What was given is not a checkpoint of this workspace's journal.
        CheckpointUnknown,
        /// The checkpoint is of more entries than there are: some were taken away, or this is an older copy.
        CheckpointAhead,
        /// A drill goes on, and this is nothing to rehearse.
        InDrill,
        /// It is about the file of a local workspace: a server's is looked after at its console.
        NotOnServer,
        /// The workspace is moving to another home: nothing changes here until it has arrived, or the move is called off.
        WorkspaceMoving,
        /// The workspace has moved: nothing changes here any more.
        WorkspaceMoved,
        /// The workspace has left the server, or is about to: nobody is answered there.
        WorkspaceMovedOut,
        /// It takes two people, and this is one of them twice.
        SamePerson,
        /// The other side of a move was told that this is all, and may have it.
        MoveMayHaveArrived,
        /// Where a workspace was to move to, there is one, or another is moving there.
        MoveTaken,
        /// The two sides of a move are of different versions.
        MoveOtherVersion,
        /// A part of a move came before its turn.
        MoveOutOfOrder,
        /// What arrived is not what went away.
        MoveDiffers,
        /// Where a workspace was to move to, a server answers that waits for none.
        MoveNotAwaited,
        /// Where a workspace moves to, the disk is full: what is there stays.
        MoveDiskFull,
        /// It is not the moving code that the server shows, or its day has passed.
        MoveCodeWrong,
        /// The server was not reached: nothing was sent.
        Offline,
        /// Somebody reads without the network, and the server is there again: it is for whoever signs in.
        ReadingAlone,
        /// The connection broke before the server answered: whether it was done is not known.
        AnswerLost,
        /// The server has another key than the one it was paired with: nothing was sent.
        ServerKeyChanged,
        /// Nobody whom this computer trusts vouches for the server: nothing was sent.
        ServerUntrusted,
        /// By this computer's clock the server's certificate is not valid yet, or no more: nothing was sent.
        ServerClock,
        /// Something else than a server of ours answers at its address.
        ServerStrange,
        /// The server is of another version, and does not understand this program or is not understood.
        ServerDiffers,
        /// More at once than the server takes.
        ServerTooMuch,
        /// Not the form of a server's address.
        AddressInvalid,
        /// Plain HTTP to another computer.
        AddressPlain,
        /// Something that should not happen. The log knows more.
        Unexpected,
    }
}

/// A refusal, as it crosses the seam.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[error("refused: {code:?}")]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// The moment that the sentence names.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub at: Option<i64>,
    /// The number that the sentence names.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub number: Option<i64>,
}

impl From<RefusalCode> for Refusal {
    fn from(code: RefusalCode) -> Self {
        Self { code, at: None, number: None }
    }
}
