//! Why something is refused.

use crate::{effect::Mark, gate::Denied, throttle::Closed, time::Moment};

/// Why something is refused. Closed: the window has a sentence for each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum Refusal {
    /// Unknown e-mail or wrong password: the same to whoever asks.
    WrongCredentials,
    /// The own password, asked again, was wrong.
    WrongPassword,
    /// Too many failures: nothing is evaluated until then.
    Wait(Moment),
    /// A hundred failures in a row: staff must act.
    MethodDisabled,
    /// Nothing was typed.
    CodeEmpty,
    /// The form of no code; costs nothing.
    CodeLength(usize),
    /// A code of so many digits, which no device that is asked for here has; costs nothing.
    CodeDigits(usize),
    /// The check symbol does not fit; costs nothing.
    CodeMistyped,
    /// A code of another kind than is asked for here; costs nothing.
    CodeKind,
    /// Wrong.
    CodeWrong,
    /// Right, but used before.
    CodeUsed,
    /// A backup code that the restore of the workspace made void; costs nothing.
    CodeVoid,
    /// The phone's clock is off by so many seconds; positive when it is ahead.
    ClockDrift(i64),
    /// The recovery code is too old.
    RecoveryExpired,
    /// The recovery code was claimed five times without an enrolment.
    RecoveryExhausted,
    /// The code was issued by a clock that is ahead; it is good from then on.
    OfflineCodeAhead(Moment),
    /// The code was taken back, or something newer was done about the second factor.
    OfflineCodeVoid,
    /// Whoever issued the code may not issue it now, or not so many.
    OfflineCodeUnfit,
    /// The policy has no codes that are issued out of reach.
    OfflineForbidden,
    /// There is no key that codes could be issued with out of reach.
    OfflineNoGrant,
    /// The invitation is too old.
    InvitationExpired,
    /// Unknown e-mail, one without a password code, or a wrong one: the same to whoever asks.
    PasswordCodeWrong,
    /// The password code is too old.
    PasswordCodeExpired,
    /// The enrolment is gone: ten minutes passed, too many wrong codes, or another one took its place.
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
    /// Another program that may ask is called so.
    ClientNameTaken,
    /// There are as many programs as there may be.
    ClientsFull,
    /// No program that may ask is called so.
    ClientGone,
    /// The token is no longer assigned to this person.
    TokenGone,
    /// The token is somebody's, or retired.
    TokenNotFree,
    /// The token is in use, or has been.
    TokenInUse,
    /// There is no second factor that this could be done with.
    NoFactor,
    /// The authenticator is not there any more.
    AuthenticatorGone,
    /// Another of one's authenticators is called so.
    AuthenticatorNameTaken,
    /// Removing the last authenticator is switching the second factor off.
    LastAuthenticator,
    /// The policy does not let this person switch it off.
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
    /// The password is too short to stand alone; change it first.
    PasswordCannotStandAlone,
    /// Under 8 characters.
    PasswordTooShort,
    /// Over 128 characters.
    PasswordTooLong,
    /// Under 12 characters.
    PassphraseTooShort,
    /// A passphrase in the lists of common passwords.
    PassphraseCommon,
    /// In the lists of common passwords.
    PasswordCommon,
    /// The same as before.
    PasswordUnchanged,
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
    /// The gate said no.
    NotAllowed,
    /// Nobody resets themselves.
    OnSelf,
    /// Administrators and owners are reset by two people.
    TakesTwo,
    /// The password was right, but the account is deactivated.
    AccountDeactivated,
    /// The password was right, but this person signs in elsewhere.
    SignsInElsewhere,
    /// The password was right; too many codes failed: nothing is evaluated until then, unless staff unlock.
    LockedOut(Moment),
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
    /// The person has signed in already: there is nothing to invite them to.
    AlreadySignedIn,
    /// An act of another kind on the same person, too soon after the first: it takes two people.
    SecondEffect(Mark),
    /// Password and second factor lost at once: it takes two people.
    DoubleLoss,
    /// The person never chose a password: an invitation is what they need.
    NeverSignedIn,
    /// There is no second factor to reset.
    NothingToReset,
    /// This address and this recovery kit let nobody in: the same to whoever asks.
    WrongKit,
    /// There is no such recovery kit.
    KitMissing,
    /// A kit that is not the one in force, given to approve a case.
    CaseKitWrong,
    /// Somebody else can approve the case: the kit stands for nobody.
    KitNotNeeded,
    /// The kit is too young to stand for a second person, until then.
    KitTooYoung(Moment),
    /// The account is open: there is nothing to open again.
    AccountOpen,
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
    /// Their role is too young to approve with, until then.
    RoleTooYoung(Moment),
    /// Approving takes a second factor of one's own.
    ApprovalNeedsFactor,
    /// They asked staff already, then.
    AlreadyAsked(Moment),
    /// An import without a row that adds or changes anybody.
    ImportEmpty,
    /// The import was taken back already.
    ImportUndone,
    /// Somebody of the import has signed in or was changed since.
    ImportMoved,
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
    /// What was typed to confirm is not the person's name.
    ErasureNameDiffers,
    /// A case about the person, opened or approved by them, waits for somebody.
    ErasureCaseWaits,
    /// The workspace is moving to another home: nothing changes here until it has arrived, or the move is called off.
    WorkspaceMoving,
    /// The workspace has moved: nothing changes here any more.
    WorkspaceMoved,
    /// The workspace has left the server, or is about to: nobody is answered there.
    WorkspaceMovedOut,
    /// It takes two people, and this is one of them twice.
    SamePerson,
    /// The other side was told that this is all, and may have it.
    MoveMayHaveArrived,
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
    /// There is no such thing in a local workspace.
    OnlyOnServer,
    /// The session is over.
    SessionEnded,
    /// Nobody gave a sign of life for too long.
    SessionIdle,
    /// The session does not reach so far yet.
    SessionStage,
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::OutOfReach => Self::NotAllowed,
            Denied::OnSelf => Self::OnSelf,
            Denied::TakesTwo => Self::TakesTwo,
        }
    }
}

impl From<Closed> for Refusal {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Until(moment) => Self::Wait(moment),
            Closed::Disabled => Self::MethodDisabled,
        }
    }
}
