//! What a rule returns: new state, journal events, notices and the verdict.

use std::collections::BTreeMap;

use crate::{
    account::Account,
    gate::Denied,
    id::{AccountId, CommunityId},
    session::{Session, SessionId},
    throttle::Failures,
    time::Moment,
    workspace::{Community, Workspace},
};

/// Under which failures of a password are counted: a keyed hash of the address and the source, so that unknown
/// addresses are counted like known ones and neither can be read from the store.
pub type ThrottleKey = [u8; 32];

/// One record to write.
#[derive(Clone, Debug)]
pub enum Change {
    /// Makes or replaces an account.
    Account(Box<Account>),
    /// Makes or replaces a session.
    Session(Session),
    /// Ends one session, if it is still there.
    EndSession(SessionId),
    /// Ends every session of an account, but the one to keep.
    EndSessions(AccountId, Option<SessionId>),
    /// Counts failures of a password.
    Throttle(ThrottleKey, Failures),
    /// Makes or replaces the workspace's own record.
    Workspace(Box<Workspace>),
    /// Makes or replaces a community.
    Community(Community),
}

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $kind:ident => $text:literal),+ $(,)?) => {
        /// Everything that the journal can say. The texts are frozen: they stand in leaves.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EventKind { $($(#[$doc])* $kind),+ }

        impl EventKind {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Its text at rest.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $text),+ }
            }
        }
    };
}

event_kinds! {
    /// The workspace was made.
    WorkspaceCreated => "workspace.created",
    /// A person was added and invited.
    PersonInvited => "person.invited",
    /// A new invitation replaced the earlier one.
    InvitationRenewed => "person.invitation-renewed",
    /// An administrator handed the keyboard to a person for their first sign-in.
    HandedOver => "person.handed-over",
    /// The invitation was accepted and a password chosen.
    InvitationAccepted => "person.invitation-accepted",
    /// Came in with a password alone.
    SignedInWithPassword => "sign-in.password",
    /// Came in with an authenticator code.
    SignedInWithAuthenticator => "sign-in.authenticator",
    /// Came in with a backup code.
    SignedInWithBackupCode => "sign-in.backup-code",
    /// Claimed a recovery code.
    RecoveryClaimed => "sign-in.recovery-claimed",
    /// Passwords or codes failed until a wait began.
    FailuresLocked => "sign-in.locked",
    /// Signed out.
    SignedOut => "session.signed-out",
    /// Locked by hand or by idleness.
    SessionLocked => "session.locked",
    /// Came back to a locked session.
    SessionUnlocked => "session.unlocked",
    /// An authenticator was enrolled.
    AuthenticatorAdded => "factor.authenticator-added",
    /// A new set of backup codes replaced the earlier one.
    BackupCodesRenewed => "factor.backup-codes-renewed",
    /// Backup codes were kept somewhere for the first time.
    BackupCodesSaved => "factor.backup-codes-saved",
    /// The second factor was switched off by its owner.
    SecondFactorDisabled => "factor.disabled",
    /// Staff reset the second factor and issued a recovery code.
    SecondFactorReset => "factor.reset",
    /// The password was changed by its owner.
    PasswordChanged => "password.changed",
    /// Somebody tried what their role does not allow.
    Refused => "gate.refused",
}

/// What the journal is to say. The store adds its place, the workspace and the salts.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// Who did it.
    pub actor: Option<AccountId>,
    /// To whom.
    pub subject: Option<AccountId>,
    /// The communities that it concerns.
    pub communities: Vec<CommunityId>,
    /// Words for the sentence. Never a secret.
    pub words: BTreeMap<String, String>,
}

impl Event {
    /// Something that a person did to their own account.
    #[must_use]
    pub fn own(kind: EventKind, account: &Account) -> Self {
        Self::on(kind, account.id, account)
    }

    /// Something that one person did to another's account.
    #[must_use]
    pub fn on(kind: EventKind, actor: AccountId, subject: &Account) -> Self {
        Self {
            kind,
            actor: Some(actor),
            subject: Some(subject.id),
            communities: subject.memberships.iter().map(|m| m.community).collect(),
            words: BTreeMap::new(),
        }
    }

    /// Adds a word.
    #[must_use]
    pub fn word(mut self, key: &str, value: impl Into<String>) -> Self {
        self.words.insert(key.into(), value.into());
        self
    }
}

/// What somebody is to be told, by mail once there is mail. Never carries a code.
#[derive(Clone, Debug)]
pub struct Notice {
    /// To whom.
    pub to: AccountId,
    /// Of what.
    pub kind: NoticeKind,
}

/// What notices are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Your second factor was reset.
    SecondFactorReset,
    /// Your second factor was enabled.
    SecondFactorEnabled,
    /// Your second factor was disabled.
    SecondFactorDisabled,
    /// Your backup codes were replaced.
    BackupCodesRenewed,
    /// Your password was changed.
    PasswordChanged,
}

impl NoticeKind {
    /// Its text at rest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SecondFactorReset => "factor-reset",
            Self::SecondFactorEnabled => "factor-enabled",
            Self::SecondFactorDisabled => "factor-disabled",
            Self::BackupCodesRenewed => "backup-codes-renewed",
            Self::PasswordChanged => "password-changed",
        }
    }
}

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
    /// The check symbol does not fit; costs nothing.
    CodeMistyped,
    /// A code of another kind than is asked for here; costs nothing.
    CodeKind,
    /// Wrong.
    CodeWrong,
    /// Right, but used before.
    CodeUsed,
    /// The phone's clock is off by so many seconds; positive when it is ahead.
    ClockDrift(i64),
    /// The recovery code is too old.
    RecoveryExpired,
    /// The recovery code was claimed five times without an enrolment.
    RecoveryExhausted,
    /// The invitation is too old.
    InvitationExpired,
    /// The enrolment is gone: ten minutes passed, too many wrong codes, or another one took its place.
    EnrolmentGone,
    /// The code does not come from the secret just scanned.
    EnrolmentCodeWrong,
    /// A second factor is asked for as well.
    FactorNeeded,
    /// There is no second factor that this could be done with.
    NoFactor,
    /// The policy does not let this person switch it off.
    DisableForbidden,
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
    /// The gate said no.
    NotAllowed,
    /// Nobody resets themselves.
    OnSelf,
    /// Administrators and owners are reset by two people.
    TakesTwo,
    /// The person has signed in already: there is nothing to invite them to.
    AlreadySignedIn,
    /// There is no second factor to reset.
    NothingToReset,
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

/// What is said once the changes are committed.
pub type Verdict<T> = Result<T, Refusal>;

/// Everything that follows from a command.
#[derive(Debug)]
pub struct Decision<T> {
    /// Records to write, in order.
    pub changes: Vec<Change>,
    /// What the journal says.
    pub events: Vec<Event>,
    /// Who is told.
    pub notices: Vec<Notice>,
    /// What is answered.
    pub verdict: Verdict<T>,
}

impl<T> Decision<T> {
    /// Answers, and changes nothing.
    #[must_use]
    pub fn only(verdict: Verdict<T>) -> Self {
        Self { changes: Vec::new(), events: Vec::new(), notices: Vec::new(), verdict }
    }

    /// Answers with this.
    #[must_use]
    pub fn accept(value: T) -> Self {
        Self::only(Ok(value))
    }

    /// Refuses.
    #[must_use]
    pub fn refuse(refusal: impl Into<Refusal>) -> Self {
        Self::only(Err(refusal.into()))
    }

    /// Adds a record to write.
    #[must_use]
    pub fn change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// Writes this account.
    #[must_use]
    pub fn account(self, account: Account) -> Self {
        self.change(Change::Account(Box::new(account)))
    }

    /// Adds a journal event.
    #[must_use]
    pub fn event(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    /// Adds a notice.
    #[must_use]
    pub fn notice(mut self, to: AccountId, kind: NoticeKind) -> Self {
        self.notices.push(Notice { to, kind });
        self
    }

    /// Adds what another rule has already decided to write.
    #[must_use]
    pub fn after(mut self, trail: Trail) -> Self {
        self.changes.splice(0..0, trail.changes);
        self.events.splice(0..0, trail.events);
        self
    }
}

/// What a step on the way to a decision leaves behind, whatever the verdict.
#[derive(Debug, Default)]
pub struct Trail {
    /// Records to write.
    pub changes: Vec<Change>,
    /// What the journal says.
    pub events: Vec<Event>,
}
