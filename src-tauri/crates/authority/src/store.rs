//! What every store must do: load records with their versions, list, and commit all of a decision or nothing.

use std::future::Future;

use domain::{
    Change, Notice,
    account::{Account, AccountState},
    case::Case,
    decision::ThrottleKey,
    evidence::Checkpoint,
    gate::Role,
    id::{AccountId, CaseId, CommunityId},
    request::HelpRequest,
    session::{Session, SessionId},
    throttle::Failures,
    time::Moment,
    workspace::{Community, Workspace},
};
use journal::{
    Draft,
    tree::{Subtree, TreeHash},
};

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

/// Which entries to take out of the journal, oldest first, as they are kept.
#[derive(Clone, Debug)]
pub struct KeptQuery {
    /// Only entries by or about this person.
    pub person: Option<AccountId>,
    /// Only entries of this moment or later.
    pub from: Option<Moment>,
    /// Only entries before this moment.
    pub until: Option<Moment>,
    /// Only entries from this index on.
    pub start: u64,
    /// Only entries before this index.
    pub end: u64,
    /// Entries at most.
    pub limit: u32,
}

/// An entry just as the store keeps it: nothing of it was checked.
#[derive(Clone)]
pub struct KeptEntry {
    /// Its place.
    pub index: u64,
    /// The text of the facts.
    pub facts: String,
    /// Their key.
    pub facts_key: Vec<u8>,
    /// The text of the persons part; none once erased.
    pub persons: Option<String>,
    /// Its key.
    pub persons_key: Option<Vec<u8>>,
    /// The leaf.
    pub leaf: Vec<u8>,
}

impl KeptEntry {
    /// For [`journal::open`] and [`journal::export`].
    #[must_use]
    pub fn stored(&self) -> journal::Stored<'_> {
        journal::Stored {
            index: self.index,
            facts: &self.facts,
            facts_key: &self.facts_key,
            persons: self.persons.as_deref(),
            persons_key: self.persons_key.as_deref(),
            leaf: &self.leaf,
        }
    }
}

impl std::fmt::Debug for KeptEntry {
    /// Names and addresses do not belong in a log, keys neither.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptEntry").field("index", &self.index).finish_non_exhaustive()
    }
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

    /// How many entries the journal has.
    fn journal_size(&self) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// The hashes of these complete subtrees of the journal's tree, in this order. What may be remembered of them is a
    /// store's own affair: entries never change.
    fn subtrees(&self, wanted: &[Subtree]) -> impl Future<Output = Result<Vec<TreeHash>, StoreError>> + Send;

    /// Entries as they are kept, oldest first, also damaged ones.
    fn kept_entries(&self, query: &KeptQuery) -> impl Future<Output = Result<Vec<KeptEntry>, StoreError>> + Send;

    /// The newest checkpoints that were kept, newest first.
    fn checkpoints(&self, limit: u32) -> impl Future<Output = Result<Vec<Checkpoint>, StoreError>> + Send;

    /// All of the commit in one transaction, or nothing. One that counts failures lets a few [dead](Failures::is_dead) counts
    /// go with it, so that addresses that somebody made up do not stay for ever.
    fn commit(&self, commit: Commit) -> impl Future<Output = Result<(), CommitError>> + Send;
}
