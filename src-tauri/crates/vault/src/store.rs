//! The store: records by key, lists, and commits.

mod accounts;
mod commit;
mod counts;
mod desk;
mod devices;
pub(crate) mod directory;
mod erasure;
mod evidence;
mod feed;
mod import;
mod issuers;
pub(crate) mod journal;
mod mail;
mod moving;
mod operations;
mod outbox;
mod people;
pub(crate) mod replica;
mod rows;
mod tokens;
mod versions;

use std::ops::ControlFlow;

use ::journal::tree::{Subtree, TreeHash};
use authority::{
    Commit, CommitError, Store, StoreError,
    store::{
        Counts, DeskQuery, DeviceQuery, Devices, ImportedPerson, ImportedQuery, JournalFound, JournalLine, JournalQuery, JournalSearch,
        KeptEntry, KeptQuery, KeptRecord, MailCounted, OutboxQuery, People, PeopleQuery, Placing, ReportsQuery, TokenQuery, Tokens,
        Versioned, Waiting, Watch,
        feed::{Fed, FeedQuery},
    },
};
use domain::{
    Change,
    account::Account,
    case::Case,
    decision::ThrottleKey,
    device::{CodeHash, Device},
    erasure::Traces,
    evidence::Checkpoint,
    id::{AccountId, CaseId, CommunityId, DeviceId, ImportId, MailId, TokenId},
    import::Batch,
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
use serde::de::DeserializeOwned;
use sqlx::{Sqlite, query::QueryAs, query_as, query_scalar, sqlite::SqliteArguments};
use tokio::sync::RwLockReadGuard;
use uuid::Uuid;

use crate::{Vault, connection::Connections, failure::of_database};

pub(crate) const WORKSPACE: &str = "SELECT version, body FROM workspace WHERE id = 1";

type Row = (i64, String);
type Asked<'q> = QueryAs<'q, Sqlite, Row, SqliteArguments>;

impl Vault {
    /// The connections as they are now. They change only when a rotation ends, which waits for those who hold this.
    async fn open(&self) -> RwLockReadGuard<'_, Connections> {
        self.0.connections.read().await
    }

    /// Checks every page: that it was written with this vault's key, and that the tables and their indexes agree.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], or whatever kept it from reading.
    pub async fn verify(&self) -> Result<(), StoreError> {
        let open = self.open().await;
        // The cipher's own check reads the file alone, without the log.
        open.checkpoint().await?;
        let mut faults: Vec<String> = query_scalar("PRAGMA cipher_integrity_check").fetch_all(&open.readers).await.map_err(of_database)?;
        let tables: Vec<String> = query_scalar("PRAGMA integrity_check").fetch_all(&open.readers).await.map_err(of_database)?;
        faults.extend(tables.into_iter().filter(|answer| answer != "ok"));
        let orphans: Option<(String,)> =
            query_as(r#"SELECT "table" FROM pragma_foreign_key_check LIMIT 1"#).fetch_optional(&open.readers).await.map_err(of_database)?;
        faults.extend(orphans.map(|(table,)| format!("a row of {table} refers to nothing")));
        if faults.is_empty() { Ok(()) } else { Err(StoreError::Damaged(faults.join("; "))) }
    }

    /// The kinds of the notices to a person that were neither sent nor handed over, in the order in which they were written.
    ///
    /// # Errors
    /// Whatever kept it from reading.
    pub async fn pending_notices(&self, to: AccountId) -> Result<Vec<String>, StoreError> {
        query_scalar("SELECT kind FROM notices WHERE account = $1 AND state NOT IN ('sent', 'handed-over') ORDER BY rowid")
            .bind(to.to_string())
            .fetch_all(&self.open().await.readers)
            .await
            .map_err(of_database)
    }

    async fn one<T: DeserializeOwned>(&self, query: Asked<'_>) -> Result<Option<Versioned<T>>, StoreError> {
        query.fetch_optional(&self.open().await.readers).await.map_err(of_database)?.map(versioned).transpose()
    }
}

fn versioned<T: DeserializeOwned>((version, body): Row) -> Result<Versioned<T>, StoreError> {
    Ok(Versioned { record: record(&body)?, version: number(version)? })
}

/// Reads a document. What is wrong with it is not told: the words would be somebody's data.
fn record<T: DeserializeOwned>(body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(|_| unreadable())
}

fn unreadable() -> StoreError {
    StoreError::Damaged("a record cannot be read".into())
}

fn number(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_| StoreError::Damaged("a number is negative".into()))
}

impl Store for Vault {
    async fn workspace(&self) -> Result<Option<Versioned<Workspace>>, StoreError> {
        self.one(query_as(WORKSPACE)).await
    }

    async fn communities(&self) -> Result<Vec<Versioned<Community>>, StoreError> {
        let rows: Vec<Row> = query_as("SELECT version, body FROM communities ORDER BY name_folded, id")
            .fetch_all(&self.open().await.readers)
            .await
            .map_err(of_database)?;
        rows.into_iter().map(versioned).collect()
    }

    async fn account(&self, id: AccountId) -> Result<Option<Versioned<Account>>, StoreError> {
        self.one(query_as("SELECT version, body FROM accounts WHERE id = $1").bind(id.to_string())).await
    }

    async fn account_by_email(&self, folded: &str) -> Result<Option<Versioned<Account>>, StoreError> {
        self.one(query_as("SELECT version, body FROM accounts WHERE email_folded = $1").bind(folded.to_owned())).await
    }

    async fn accounts_by_email(&self, folded: &[String]) -> Result<Vec<Versioned<Account>>, StoreError> {
        import::accounts(&self.open().await.readers, folded).await
    }

    async fn import(&self, id: ImportId) -> Result<Option<Versioned<Batch>>, StoreError> {
        self.one(query_as("SELECT version, body FROM imports WHERE id = $1").bind(id.to_string())).await
    }

    async fn imports(&self, by: Option<AccountId>, limit: u32) -> Result<Vec<Batch>, StoreError> {
        import::batches(&self.open().await.readers, by, limit).await
    }

    async fn import_people(&self, query: &ImportedQuery) -> Result<Vec<ImportedPerson>, StoreError> {
        import::people(&self.open().await.readers, query).await
    }

    async fn owners(&self) -> Result<Vec<Versioned<Account>>, StoreError> {
        let rows: Vec<Row> = query_as("SELECT version, body FROM accounts WHERE owner = 1 ORDER BY id")
            .fetch_all(&self.open().await.readers)
            .await
            .map_err(of_database)?;
        rows.into_iter().map(versioned).collect()
    }

    async fn community_sizes(&self) -> Result<Vec<(CommunityId, u64)>, StoreError> {
        let rows: Vec<(String, i64)> = query_as("SELECT community, count(*) FROM memberships GROUP BY community ORDER BY community")
            .fetch_all(&self.open().await.readers)
            .await
            .map_err(of_database)?;
        rows.into_iter()
            .map(|(id, count)| {
                let id = id.parse().map_err(|_| StoreError::Damaged("a community has no identifier".into()))?;
                Ok((CommunityId(id), number(count)?))
            })
            .collect()
    }

    async fn session(&self, id: SessionId) -> Result<Option<Versioned<Session>>, StoreError> {
        self.one(query_as("SELECT version, body FROM sessions WHERE id = $1").bind(id.0.to_vec())).await
    }

    async fn throttle(&self, key: ThrottleKey) -> Result<Option<Versioned<Failures>>, StoreError> {
        self.one(query_as("SELECT version, body FROM throttle WHERE id = $1").bind(key.to_vec())).await
    }

    async fn case(&self, id: CaseId) -> Result<Option<Versioned<Case>>, StoreError> {
        self.one(query_as("SELECT version, body FROM cases WHERE id = $1").bind(id.to_string())).await
    }

    async fn cases_about(&self, target: AccountId) -> Result<Vec<Versioned<Case>>, StoreError> {
        let rows: Vec<Row> = query_as("SELECT version, body FROM cases WHERE target = $1 AND undecided = 1 ORDER BY opened_at, id")
            .bind(target.to_string())
            .fetch_all(&self.open().await.readers)
            .await
            .map_err(of_database)?;
        rows.into_iter().map(versioned).collect()
    }

    async fn traces(&self, person: AccountId) -> Result<Traces, StoreError> {
        erasure::traces(&self.open().await.readers, person).await
    }

    async fn help_request(&self, account: AccountId) -> Result<Option<Versioned<HelpRequest>>, StoreError> {
        self.one(query_as("SELECT version, body FROM help_requests WHERE account = $1").bind(account.to_string())).await
    }

    async fn waiting(&self, query: &DeskQuery) -> Result<Waiting, StoreError> {
        desk::waiting(&self.open().await.readers, query).await
    }

    async fn count_people(&self, communities: Option<&[CommunityId]>, hour: &Hour) -> Result<Counts, StoreError> {
        people::count(&self.0.directory, &*self.open().await, communities, hour).await
    }

    async fn people(&self, query: &PeopleQuery) -> Result<People, StoreError> {
        people::page(&self.0.directory, &*self.open().await, query).await
    }

    async fn journal(&self, query: &JournalQuery) -> Result<Vec<JournalLine>, StoreError> {
        journal::page(&self.open().await.readers, query).await
    }

    async fn search_journal(&self, search: &JournalSearch) -> Result<JournalFound, StoreError> {
        self.0.finder.search(&*self.open().await, search).await
    }

    async fn journal_size(&self) -> Result<u64, StoreError> {
        evidence::size(&self.open().await.readers).await
    }

    async fn subtrees(&self, wanted: &[Subtree]) -> Result<Vec<TreeHash>, StoreError> {
        evidence::subtrees(&self.open().await.readers, wanted).await
    }

    async fn feed(&self, query: &FeedQuery) -> Result<Option<Fed>, StoreError> {
        feed::read(&self.open().await.readers, query).await
    }

    async fn kept_entries(&self, query: &KeptQuery) -> Result<Vec<KeptEntry>, StoreError> {
        evidence::kept(&self.open().await.readers, query).await
    }

    async fn checkpoints(&self, limit: u32) -> Result<Vec<Checkpoint>, StoreError> {
        evidence::checkpoints(&self.open().await.readers, limit).await
    }

    async fn token(&self, id: TokenId) -> Result<Option<Versioned<Token>>, StoreError> {
        self.one(query_as("SELECT version, body FROM tokens WHERE id = $1").bind(id.to_string())).await
    }

    async fn token_like(&self, fingerprint: [u8; 32], known_as: Option<&str>) -> Result<Option<Versioned<Token>>, StoreError> {
        let asked = query_as("SELECT version, body FROM tokens WHERE fingerprint = $1 OR known_as = $2 LIMIT 1");
        self.one(asked.bind(fingerprint.to_vec()).bind(known_as.map(str::to_owned))).await
    }

    async fn mail(&self, id: MailId) -> Result<Option<Versioned<Mail>>, StoreError> {
        self.one(query_as("SELECT version, body FROM notices WHERE id = $1").bind(id.to_string())).await
    }

    async fn mail_answered_by(&self, hash: [u8; 32]) -> Result<Option<Versioned<Mail>>, StoreError> {
        self.one(query_as("SELECT version, body FROM notices WHERE answer = $1").bind(hash.to_vec())).await
    }

    async fn waiting_mail(&self, set_at: Moment, limit: u32) -> Result<Vec<Versioned<Mail>>, StoreError> {
        mail::waiting(&self.open().await.readers, set_at, limit).await
    }

    async fn half_sent_mail(&self, until: Moment, limit: u32) -> Result<Vec<Versioned<Mail>>, StoreError> {
        mail::half_sent(&self.open().await.readers, until, limit).await
    }

    async fn outbox(&self, query: &OutboxQuery) -> Result<Vec<Versioned<Mail>>, StoreError> {
        mail::outbox(&self.open().await.readers, query).await
    }

    async fn count_mail(&self, communities: Option<&[CommunityId]>) -> Result<Vec<MailCounted>, StoreError> {
        mail::count(&self.open().await.readers, communities).await
    }

    async fn report(&self, account: AccountId) -> Result<Option<Versioned<Report>>, StoreError> {
        self.one(query_as("SELECT version, body FROM reports WHERE account = $1").bind(account.to_string())).await
    }

    async fn reports(&self, query: &ReportsQuery) -> Result<Vec<Versioned<Report>>, StoreError> {
        mail::reports(&self.open().await.readers, query).await
    }

    async fn tokens(&self, query: &TokenQuery) -> Result<Tokens, StoreError> {
        tokens::page(&self.open().await.readers, query).await
    }

    async fn device(&self, id: DeviceId) -> Result<Option<Versioned<Device>>, StoreError> {
        self.one(query_as("SELECT version, body FROM devices WHERE id = $1").bind(id.to_string())).await
    }

    async fn device_invited_by(&self, hash: CodeHash) -> Result<Option<Versioned<Device>>, StoreError> {
        self.one(query_as("SELECT version, body FROM devices WHERE code = $1").bind(hash.0.to_vec())).await
    }

    async fn devices(&self, query: &DeviceQuery) -> Result<Devices, StoreError> {
        devices::page(&self.open().await.readers, query).await
    }

    async fn operation(&self, key: OperationKey) -> Result<Option<Versioned<Operation>>, StoreError> {
        operations::one(self, key).await
    }

    async fn issuer(&self, id: IssuerId) -> Result<Option<Versioned<IssuerRecord>>, StoreError> {
        self.one(query_as("SELECT version, body FROM issuers WHERE id = $1").bind(id.bytes().to_vec())).await
    }

    async fn issuer_of(&self, key: EpochKeyId, device: DeviceId, staff: AccountId) -> Result<Option<Versioned<IssuerRecord>>, StoreError> {
        issuers::of(&self.open().await.readers, key, device, staff).await
    }

    async fn last_issuer(&self, key: EpochKeyId) -> Result<Option<IssuerId>, StoreError> {
        issuers::last(&self.open().await.readers, key).await
    }

    async fn issuers(&self, since: Moment, limit: u32) -> Result<Vec<Versioned<IssuerRecord>>, StoreError> {
        issuers::since(&self.open().await.readers, since, limit).await
    }

    async fn issuers_at(&self, device: DeviceId, limit: u32) -> Result<Vec<IssuerRecord>, StoreError> {
        issuers::at(&self.open().await.readers, device, limit).await
    }

    async fn signed_in_through(&self, device: DeviceId, limit: u32) -> Result<Vec<AccountId>, StoreError> {
        devices::signed_in(&self.open().await.readers, device, limit).await
    }

    async fn commit(&self, commit: Commit) -> Result<Option<u64>, CommitError> {
        self.commit_watched(commit, &|_, _| ControlFlow::Continue(())).await
    }

    async fn commit_watched(&self, commit: Commit, watch: Watch<'_>) -> Result<Option<u64>, CommitError> {
        // Nothing is committed while a rotation copies: it would be missing from the copy.
        let _gate = self.0.gate.read().await;
        let open = self.open().await;
        let erases = commit.changes.iter().any(|change| matches!(change, Change::Erase(_)));
        let first = commit::commit(&open.writer, &self.0.directory, commit, watch).await?;
        if erases {
            self.0.finder.forget().await;
            erasure::settle(&open).await;
        }
        Ok(first)
    }

    async fn kept_records(&self, kind: Kind, after: Option<(Uuid, Uuid)>, limit: u32) -> Result<Vec<KeptRecord>, StoreError> {
        moving::records(&self.open().await.readers, kind, after, limit).await
    }

    async fn count_records(&self, kind: Kind) -> Result<u64, StoreError> {
        moving::count(&self.open().await.readers, kind).await
    }

    async fn arrival(&self) -> Result<Option<Versioned<Arrival>>, StoreError> {
        self.one(query_as("SELECT version, body FROM arrival WHERE id = 1")).await
    }

    async fn place(&self, placing: Placing) -> Result<(), CommitError> {
        let _gate = self.0.gate.read().await;
        commit::place(&self.open().await.writer, &self.0.directory, placing).await
    }

    async fn discard_arrival(&self) -> Result<(), CommitError> {
        let _gate = self.0.gate.read().await;
        commit::discard(&self.open().await.writer, &self.0.directory).await
    }
}
