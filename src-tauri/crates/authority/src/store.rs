//! What every store must do: load records with their versions, list, and commit all of a decision or nothing.

use std::future::Future;

use domain::{
    Change, Notice,
    account::{Account, AccountState},
    case::Case,
    decision::ThrottleKey,
    gate::Role,
    id::{AccountId, CaseId, CommunityId},
    request::HelpRequest,
    session::{Session, SessionId},
    throttle::Failures,
    time::Moment,
    workspace::{Community, Workspace},
};
use journal::Draft;

/// A record and the version that was read. Versions begin at 1 and grow by one with every write.
#[derive(Clone, Debug)]
pub struct Versioned<T> {
    /// The record.
    pub record: T,
    /// Its version.
    pub version: u64,
}

/// Which record a version belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKey {
    /// The workspace's own record.
    Workspace,
    /// A community.
    Community(CommunityId),
    /// An account.
    Account(AccountId),
    /// A session.
    Session(SessionId),
    /// Failures of a password.
    Throttle(ThrottleKey),
    /// A case.
    Case(CaseId),
    /// The one request of a person.
    HelpRequest(AccountId),
}

/// All that a decision writes, and all that it rests on.
#[derive(Debug)]
pub struct Commit {
    /// When it was decided.
    pub at: Moment,
    /// Every record that was read, with its version; `None` where there was no such record. A commit in which one
    /// of them has changed since is refused whole.
    pub read: Vec<(RecordKey, Option<u64>)>,
    /// Records to write, in order.
    pub changes: Vec<Change>,
    /// Journal entries, to be numbered inside the transaction.
    pub entries: Vec<Draft>,
    /// Notices to keep until they are sent.
    pub notices: Vec<Notice>,
}

/// Why a commit did not happen. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Something that was read has changed: load and decide again.
    #[error("a record changed since it was read")]
    Conflict,
    /// Another account has this address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a store could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The disk or the file cannot be written.
    #[error("the store cannot be written")]
    ReadOnly,
    /// What was read cannot be: the file is damaged.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// Anything else.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// Which people to list.
#[derive(Clone, Debug)]
pub struct PeopleQuery {
    /// Part of a name or an address, compared without case; empty for everybody.
    pub search: String,
    /// Only people of these communities; `None` for all.
    pub communities: Option<Vec<CommunityId>>,
    /// Only some of those.
    pub only: Only,
    /// The last row of the page before: the folded name and the account.
    pub after: Option<(String, AccountId)>,
    /// Rows at most.
    pub limit: u32,
}

/// Which of the people of a list, beside the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Only {
    /// Those who are this.
    pub being: Option<Being>,
    /// Those in this state.
    pub state: Option<AccountState>,
}

impl Only {
    /// No filter.
    pub const ANYBODY: Self = Self { being: None, state: None };
}

/// What somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Being {
    /// An owner of the workspace.
    Owner,
    /// Holds this role in one of the communities that the list is of.
    Holding(Role),
}

/// A page of people in the order of their folded names, then of their identifiers.
#[derive(Debug)]
pub struct People {
    /// The accounts.
    pub rows: Vec<Account>,
    /// How many match in all.
    pub total: u64,
    /// Where the next page begins; `None` on the last.
    pub next: Option<(String, AccountId)>,
}

/// The form in which names are ordered and searched.
#[must_use]
pub fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// Which entries to read, newest first.
#[derive(Clone, Debug)]
pub struct JournalQuery {
    /// Only entries by or about this person.
    pub person: Option<AccountId>,
    /// Only entries that concern these communities; `None` for all.
    pub communities: Option<Vec<CommunityId>>,
    /// Only entries before this index.
    pub before: Option<u64>,
    /// Entries at most.
    pub limit: u32,
}

/// What to list of the support desk.
#[derive(Clone, Debug)]
pub struct DeskQuery {
    /// Only what is about people of these communities; `None` for all.
    pub communities: Option<Vec<CommunityId>>,
    /// Whose cases are listed whoever they are about.
    pub reader: AccountId,
    /// Only cases opened after this.
    pub cases_after: Moment,
    /// Only requests made after this.
    pub requests_after: Moment,
    /// Rows at most, of each.
    pub limit: u32,
}

/// What waits on the support desk, oldest first. Cases are open or approved, requests not dismissed; whether they still
/// wait is for the rules to say.
#[derive(Debug)]
pub struct Waiting {
    /// Cases.
    pub cases: Vec<Versioned<Case>>,
    /// Requests.
    pub requests: Vec<Versioned<HelpRequest>>,
}

/// A person's name, as lists and sentences give it.
#[derive(Clone, Debug)]
pub struct NamedPerson {
    /// The account.
    pub id: AccountId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// One entry with the present names of its persons.
#[derive(Debug)]
pub struct JournalLine {
    /// The entry, opened and verified against its leaf.
    pub entry: journal::Entry,
    /// Who did it.
    pub actor: Option<NamedPerson>,
    /// To whom.
    pub subject: Option<NamedPerson>,
}

/// The columns that lists are filtered and ordered by, taken from an account whenever it is written.
#[derive(Debug)]
pub struct Projection {
    /// The folded address: unique in a workspace.
    pub email: String,
    /// The folded name.
    pub name: String,
    /// The state.
    pub state: AccountState,
    /// Whether they own the workspace.
    pub owner: bool,
}

impl From<&Account> for Projection {
    fn from(account: &Account) -> Self {
        Self { email: account.email.folded(), name: folded(account.name.as_str()), state: account.state(), owner: account.owner }
    }
}

/// A store. All reads see only committed data.
pub trait Store: Send + Sync + 'static {
    /// The workspace's own record. `None` before it was founded.
    fn workspace(&self) -> impl Future<Output = Result<Option<Versioned<Workspace>>, StoreError>> + Send;

    /// Every community, by name.
    fn communities(&self) -> impl Future<Output = Result<Vec<Versioned<Community>>, StoreError>> + Send;

    /// One account.
    fn account(&self, id: AccountId) -> impl Future<Output = Result<Option<Versioned<Account>>, StoreError>> + Send;

    /// The account with this folded address.
    fn account_by_email(&self, folded: &str) -> impl Future<Output = Result<Option<Versioned<Account>>, StoreError>> + Send;

    /// Every owner of the workspace, whatever their state.
    fn owners(&self) -> impl Future<Output = Result<Vec<Versioned<Account>>, StoreError>> + Send;

    /// In how many accounts each community is named; those with nobody are left out.
    fn community_sizes(&self) -> impl Future<Output = Result<Vec<(CommunityId, u64)>, StoreError>> + Send;

    /// One session.
    fn session(&self, id: SessionId) -> impl Future<Output = Result<Option<Versioned<Session>>, StoreError>> + Send;

    /// Failures of a password.
    fn throttle(&self, key: ThrottleKey) -> impl Future<Output = Result<Option<Versioned<Failures>>, StoreError>> + Send;

    /// One case.
    fn case(&self, id: CaseId) -> impl Future<Output = Result<Option<Versioned<Case>>, StoreError>> + Send;

    /// The cases about a person that are open or approved, oldest first.
    fn cases_about(&self, target: AccountId) -> impl Future<Output = Result<Vec<Versioned<Case>>, StoreError>> + Send;

    /// The one request of a person.
    fn help_request(&self, account: AccountId) -> impl Future<Output = Result<Option<Versioned<HelpRequest>>, StoreError>> + Send;

    /// What waits on the support desk.
    fn waiting(&self, query: &DeskQuery) -> impl Future<Output = Result<Waiting, StoreError>> + Send;

    /// A page of people.
    fn people(&self, query: &PeopleQuery) -> impl Future<Output = Result<People, StoreError>> + Send;

    /// A page of the journal. Every entry is verified against its leaf; one that does not match is an error.
    fn journal(&self, query: &JournalQuery) -> impl Future<Output = Result<Vec<JournalLine>, StoreError>> + Send;

    /// All of the commit in one transaction, or nothing. One that counts failures lets a few [dead](Failures::is_dead) counts
    /// go with it, so that addresses that somebody made up do not stay for ever.
    fn commit(&self, commit: Commit) -> impl Future<Output = Result<(), CommitError>> + Send;
}
