//! What every store must do: load records with their versions, list, and commit all of a decision or nothing.

pub mod blocks;
pub mod feed;
mod listing;
mod moving;
mod operations;
mod standing;
mod steps;

use std::{future::Future, ops::ControlFlow};

use domain::{
    Change,
    account::Account,
    case::Case,
    decision::ThrottleKey,
    device::{CodeHash, Device},
    erasure::Traces,
    evidence::Checkpoint,
    id::{AccountId, CaseId, CommunityId, DeviceId, ImportId, MailId, TokenId},
    import,
    mail::outbox::Mail,
    moving::{Arrival, Kind},
    offline::{EpochKeyId, IssuerId, IssuerRecord},
    operation::{Operation, OperationKey},
    readiness::Hour,
    report::Report,
    request::HelpRequest,
    session::{Session, SessionId},
    throttle::Failures,
    time::Moment,
    token::Token,
    workspace::{Community, Workspace},
};
use journal::{
    Draft,
    tree::{Subtree, TreeHash},
};
use uuid::Uuid;

pub use listing::*;
pub use moving::*;
pub use operations::{Decided, apart};
pub use standing::{Standing, Whose};
pub use steps::Steps;

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
    /// A token.
    Token(TokenId),
    /// An import.
    Import(ImportId),
    /// A notice of the outbox.
    Mail(MailId),
    /// What a person says was not them.
    Report(AccountId),
    /// A device.
    Device(DeviceId),
    /// An operation.
    Operation(OperationKey),
    /// An issuer of codes.
    Issuer(IssuerId),
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
    /// Notices that it owes, to be added to the outbox.
    pub notices: Vec<Mail>,
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
    /// Whoever watched it said so.
    #[error("stopped as was asked")]
    Stopped,
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

/// The issuer that these bytes of a store are.
///
/// # Errors
/// [`StoreError::Damaged`] for those of none.
pub fn issuer_id(bytes: &[u8]) -> Result<IssuerId, StoreError> {
    IssuerId::read(bytes).ok_or_else(|| StoreError::Damaged("an issuer has no number".into()))
}

/// Told how many records were written, of how many; answers whether to go on.
pub type Watch<'a> = &'a (dyn Fn(u64, u64) -> ControlFlow<()> + Send + Sync);

/// A store. All reads see only committed data.
pub trait Store: Sized + Send + Sync + 'static {
    /// The workspace's own record. `None` before it was founded.
    fn workspace(&self) -> impl Future<Output = Result<Option<Versioned<Workspace>>, StoreError>> + Send;

    /// Every community, by name.
    fn communities(&self) -> impl Future<Output = Result<Vec<Versioned<Community>>, StoreError>> + Send;

    /// Who asks for something, with the workspace and its communities: what nearly every decision begins with.
    fn standing(&self, whose: Whose<'_>) -> impl Future<Output = Result<Standing, StoreError>> + Send {
        standing::one_by_one(self, whose)
    }

    /// One account.
    fn account(&self, id: AccountId) -> impl Future<Output = Result<Option<Versioned<Account>>, StoreError>> + Send;

    /// The account with this folded address.
    fn account_by_email(&self, folded: &str) -> impl Future<Output = Result<Option<Versioned<Account>>, StoreError>> + Send;

    /// The accounts with these folded addresses, in any order; addresses that nobody has are passed over.
    fn accounts_by_email(&self, folded: &[String]) -> impl Future<Output = Result<Vec<Versioned<Account>>, StoreError>> + Send;

    /// One import.
    fn import(&self, id: ImportId) -> impl Future<Output = Result<Option<Versioned<import::Batch>>, StoreError>> + Send;

    /// Imports, of one person or of all, the latest first; so many at most.
    fn imports(&self, by: Option<AccountId>, limit: u32) -> impl Future<Output = Result<Vec<import::Batch>, StoreError>> + Send;

    /// People of an import that was not taken back.
    fn import_people(&self, query: &ImportedQuery) -> impl Future<Output = Result<Vec<ImportedPerson>, StoreError>> + Send;

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

    /// What there is of a person beside their account, all at one moment.
    fn traces(&self, person: AccountId) -> impl Future<Output = Result<Traces, StoreError>> + Send;

    /// The one request of a person.
    fn help_request(&self, account: AccountId) -> impl Future<Output = Result<Option<Versioned<HelpRequest>>, StoreError>> + Send;

    /// What waits on the support desk.
    fn waiting(&self, query: &DeskQuery) -> impl Future<Output = Result<Waiting, StoreError>> + Send;

    /// Of how many people of these communities (`None` for all) each state holds, all at one moment.
    fn count_people(&self, communities: Option<&[CommunityId]>, hour: &Hour) -> impl Future<Output = Result<Counts, StoreError>> + Send;

    /// A page of people.
    fn people(&self, query: &PeopleQuery) -> impl Future<Output = Result<People, StoreError>> + Send;

    /// A page of the journal. Every entry is verified against its leaf; one that does not match is an error.
    fn journal(&self, query: &JournalQuery) -> impl Future<Output = Result<Vec<JournalLine>, StoreError>> + Send;

    /// Finds entries by what is in them: a page, and how many there are. As [`Store::journal`], every one of the page is verified.
    fn search_journal(&self, search: &JournalSearch) -> impl Future<Output = Result<JournalFound, StoreError>> + Send;

    /// How many entries the journal has.
    fn journal_size(&self) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// The hashes of these complete subtrees of the journal's tree, in this order. What may be remembered of them is a
    /// store's own affair: entries never change.
    fn subtrees(&self, wanted: &[Subtree]) -> impl Future<Output = Result<Vec<TreeHash>, StoreError>> + Send;

    /// Reads for a desktop's replica, in one snapshot. `None` where there is no such reader.
    fn feed(&self, query: &feed::FeedQuery) -> impl Future<Output = Result<Option<feed::Fed>, StoreError>> + Send;

    /// Entries as they are kept, oldest first, also damaged ones.
    fn kept_entries(&self, query: &KeptQuery) -> impl Future<Output = Result<Vec<KeptEntry>, StoreError>> + Send;

    /// The newest checkpoints that were kept, newest first.
    fn checkpoints(&self, limit: u32) -> impl Future<Output = Result<Vec<Checkpoint>, StoreError>> + Send;

    /// One token.
    fn token(&self, id: TokenId) -> impl Future<Output = Result<Option<Versioned<Token>>, StoreError>> + Send;

    /// A token with this secret's fingerprint, or [known](known_as) by this.
    fn token_like(
        &self,
        fingerprint: [u8; 32],
        known_as: Option<&str>,
    ) -> impl Future<Output = Result<Option<Versioned<Token>>, StoreError>> + Send;

    /// A page of tokens.
    fn tokens(&self, query: &TokenQuery) -> impl Future<Output = Result<Tokens, StoreError>> + Send;

    /// One notice of the outbox.
    fn mail(&self, id: MailId) -> impl Future<Output = Result<Option<Versioned<Mail>>, StoreError>> + Send;

    /// The notice that is answered by the code with this hash.
    fn mail_answered_by(&self, hash: [u8; 32]) -> impl Future<Output = Result<Option<Versioned<Mail>>, StoreError>> + Send;

    /// The notices that wait, by when they are [due](Mail::due_at), tests before all others; so many at most.
    fn waiting_mail(&self, set_at: Moment, limit: u32) -> impl Future<Output = Result<Vec<Versioned<Mail>>, StoreError>> + Send;

    /// The notices that somebody began to send at this moment or before; so many at most.
    fn half_sent_mail(&self, until: Moment, limit: u32) -> impl Future<Output = Result<Vec<Versioned<Mail>>, StoreError>> + Send;

    /// A page of the outbox, newest first.
    fn outbox(&self, query: &OutboxQuery) -> impl Future<Output = Result<Vec<Versioned<Mail>>, StoreError>> + Send;

    /// How many notices to people of these communities (`None` for all) are neither sent nor handed over, by state and
    /// failure. Tests are not among them.
    fn count_mail(&self, communities: Option<&[CommunityId]>) -> impl Future<Output = Result<Vec<MailCounted>, StoreError>> + Send;

    /// What a person says was not them.
    fn report(&self, account: AccountId) -> impl Future<Output = Result<Option<Versioned<Report>>, StoreError>> + Send;

    /// What people say was not them, as long as it waits, oldest first.
    fn reports(&self, query: &ReportsQuery) -> impl Future<Output = Result<Vec<Versioned<Report>>, StoreError>> + Send;

    /// One device.
    fn device(&self, id: DeviceId) -> impl Future<Output = Result<Option<Versioned<Device>>, StoreError>> + Send;

    /// The device that waits to be paired by the code with this hash, also when that is too old.
    fn device_invited_by(&self, hash: CodeHash) -> impl Future<Output = Result<Option<Versioned<Device>>, StoreError>> + Send;

    /// A page of devices, the latest invited first.
    fn devices(&self, query: &DeviceQuery) -> impl Future<Output = Result<Devices, StoreError>> + Send;

    /// The operation that was decided under this key.
    fn operation(&self, key: OperationKey) -> impl Future<Output = Result<Option<Versioned<Operation>>, StoreError>> + Send;

    /// One issuer of codes.
    fn issuer(&self, id: IssuerId) -> impl Future<Output = Result<Option<Versioned<IssuerRecord>>, StoreError>> + Send;

    /// The issuer that this person is at this device with this key: the one with the highest number.
    fn issuer_of(
        &self,
        key: EpochKeyId,
        device: DeviceId,
        staff: AccountId,
    ) -> impl Future<Output = Result<Option<Versioned<IssuerRecord>>, StoreError>> + Send;

    /// The highest number that an issuer has with this key.
    fn last_issuer(&self, key: EpochKeyId) -> impl Future<Output = Result<Option<IssuerId>, StoreError>> + Send;

    /// Issuers of which there was something to say since this moment, the latest first; so many at most.
    fn issuers(&self, since: Moment, limit: u32) -> impl Future<Output = Result<Vec<Versioned<IssuerRecord>>, StoreError>> + Send;

    /// Issuers at this device, the latest first; so many at most.
    fn issuers_at(&self, device: DeviceId, limit: u32) -> impl Future<Output = Result<Vec<IssuerRecord>, StoreError>> + Send;

    /// Whose sessions began through this device and have not ended, each once; so many at most.
    fn signed_in_through(&self, device: DeviceId, limit: u32) -> impl Future<Output = Result<Vec<AccountId>, StoreError>> + Send;

    /// All of the commit in one transaction, or nothing. Answers the index of the first of its entries; the others follow it.
    /// One that counts failures lets a few [dead](Failures::is_dead) counts
    /// go with it, so that addresses that somebody made up do not stay for ever.
    fn commit(&self, commit: Commit) -> impl Future<Output = Result<Option<u64>, CommitError>> + Send;

    /// As [`Store::commit`], for whoever does not ask where its entries stand in the journal: a store may number them a little later.
    fn commit_unasked(&self, commit: Commit) -> impl Future<Output = Result<(), CommitError>> + Send {
        async move { self.commit(commit).await.map(drop) }
    }

    /// As [`Store::commit`], for one of thousands of records: told of progress, and stopped with nothing written.
    fn commit_watched(&self, commit: Commit, watch: Watch<'_>) -> impl Future<Output = Result<Option<u64>, CommitError>> + Send;

    /// Records of a kind as they are kept, in the order of their keys. None of [`Kind::Entries`] and [`Kind::Checkpoints`], which
    /// are read by their place.
    fn kept_records(
        &self,
        kind: Kind,
        after: Option<(Uuid, Uuid)>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<KeptRecord>, StoreError>> + Send;

    /// How many records of a kind there are.
    fn count_records(&self, kind: Kind) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// The workspace that moves here, or has.
    fn arrival(&self) -> impl Future<Output = Result<Option<Versioned<Arrival>>, StoreError>> + Send;

    /// All of a part of a move in one transaction, or nothing. [`CommitError::Conflict`] where the arrival has another version by then,
    /// or the entries do not follow on from those that are here.
    fn place(&self, placing: Placing) -> impl Future<Output = Result<(), CommitError>> + Send;

    /// Empties a store that a workspace was moving to, as long as it has not arrived: [`CommitError::Conflict`] afterwards.
    fn discard_arrival(&self) -> impl Future<Output = Result<(), CommitError>> + Send;
}
