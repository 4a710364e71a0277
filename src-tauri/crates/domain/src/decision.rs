//! What a rule returns: new state, journal events, notices and the verdict.

use crate::{
    account::Account,
    case::Case,
    event::{Event, Notice, NoticeKind},
    evidence::Checkpoint,
    id::{AccountId, CommunityId},
    refusal::Refusal,
    request::HelpRequest,
    session::{Session, SessionId},
    throttle::Failures,
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
    /// Makes or replaces a case.
    Case(Box<Case>),
    /// Makes or replaces the one request of a person.
    HelpRequest(HelpRequest),
    /// Keeps a checkpoint of the journal.
    Checkpoint(Checkpoint),
    /// Removes a community. One in which somebody holds a role by then is a conflict.
    RemoveCommunity(CommunityId),
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
