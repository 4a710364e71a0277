//! What a rule returns: new state, journal events, notices and the verdict.

use crate::{
    account::Account,
    case::Case,
    code::Code,
    device::Device,
    erasure::Erase,
    event::{Event, Notice, NoticeKind},
    evidence::Checkpoint,
    id::{AccountId, CommunityId, DeviceId, ImportId, TokenId},
    import::{Batch, Item},
    mail::outbox::Mail,
    offline::IssuerRecord,
    operation::Operation,
    refusal::Refusal,
    report::Report,
    request::HelpRequest,
    session::{Session, SessionId},
    throttle::Failures,
    time::Moment,
    token::Token,
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
    /// Ends every session that began through a device.
    EndSessionsThrough(DeviceId),
    /// Counts failures of a password.
    Throttle(ThrottleKey, Failures),
    /// Says whose failures are counted under these: of an account, or of an address that is nobody's. After both were
    /// written. Without it nobody could tell who waits, for a key does not say whose it is.
    CountsOf(Option<AccountId>, [ThrottleKey; 2]),
    /// Makes or replaces the workspace's own record.
    Workspace(Box<Workspace>),
    /// Makes or replaces a community.
    Community(Community),
    /// Makes or replaces a case.
    Case(Box<Case>),
    /// Makes or replaces the one request of a person.
    HelpRequest(HelpRequest),
    /// Replaces a notice of the outbox.
    Mail(Box<Mail>),
    /// Makes or replaces what a person says was not them.
    Report(Box<Report>),
    /// Keeps a checkpoint of the journal.
    Checkpoint(Checkpoint),
    /// Makes or replaces a token of the inventory. One with a secret, or a maker and serial number, of another is a conflict.
    Token(Box<Token>),
    /// Makes or replaces a device. One with the pairing code of another is a conflict.
    Device(Box<Device>),
    /// Makes or replaces an issuer of codes.
    Issuer(Box<IssuerRecord>),
    /// Keeps the verdict on an operation, and which of the entries of the same commit tells of it, counted from the first; the store
    /// notes the place that it comes to have in the journal.
    Operation(Box<Operation>, Option<u64>),
    /// Removes a token of the inventory.
    RemoveToken(TokenId),
    /// Removes a community. One in which somebody holds a role by then is a conflict.
    RemoveCommunity(CommunityId),
    /// Removes an account that was never signed in to, with its roles. Its name stays for the journal. One that a record
    /// beside it names by then is a conflict.
    RemoveAccount(AccountId),
    /// Erases a person: their account and all that is theirs, their name in records that stay, and the persons part of every entry by
    /// or about them. It comes after every other change.
    Erase(Box<Erase>),
    /// Makes or replaces the record of an import. Once that says that it was taken back, its people are let go.
    Import(Box<Batch>),
    /// Notes what an import did to somebody. After both were written.
    ImportItem(ImportId, Item),
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
        self.notices.push(Notice::new(to, kind));
        self
    }

    /// Adds a notice that says more.
    #[must_use]
    pub fn notify(mut self, notice: Notice) -> Self {
        self.notices.push(notice);
        self
    }

    /// Gives the notices that carry a code the one that was issued, valid until this moment.
    #[must_use]
    pub fn carrying(mut self, code: &Code, until: Moment) -> Self {
        for notice in self.notices.iter_mut().filter(|notice| notice.kind.carries_code()) {
            notice.code = Some((code.grouped(), until));
        }
        self
    }

    /// Adds what another rule has already decided to write.
    #[must_use]
    pub fn after(mut self, trail: Trail) -> Self {
        self.changes.splice(0..0, trail.changes);
        self.events.splice(0..0, trail.events);
        self.notices.splice(0..0, trail.notices);
        self
    }
}

/// What a step on the way to a decision leaves behind, whatever the verdict.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// Records to write.
    pub changes: Vec<Change>,
    /// What the journal says.
    pub events: Vec<Event>,
    /// Who is told.
    pub notices: Vec<Notice>,
}
