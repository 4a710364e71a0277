//! The store: records by key, lists, and commits.

mod brief;
mod commit;
mod desk;
mod devices;
mod erasure;
mod evidence;
mod feed;
mod import;
mod issuers;
mod journal;
mod mail;
mod moving;
pub(crate) mod numbering;
mod operations;
mod people;
mod records;
pub(crate) mod standing;
mod throttle;
mod tokens;
mod versions;

use ::journal::tree::{Subtree, TreeHash};
use authority::{
    Commit, CommitError, Store, StoreError,
    store::{
        Counts, DeskQuery, DeviceQuery, Devices, ImportedPerson, ImportedQuery, JournalFound, JournalLine, JournalQuery, JournalSearch,
        KeptEntry, KeptQuery, KeptRecord, MailCounted, OutboxQuery, People, PeopleQuery, Placing, ReportsQuery, Standing, TokenQuery,
        Tokens, Versioned, Waiting, Watch, Whose,
        feed::{Fed, FeedQuery},
    },
};
use domain::{
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
use sqlx::{PgPool, QueryBuilder, Transaction, postgres::PgArguments, query::QueryAs, query_as, query_scalar};
use uuid::Uuid;

use crate::{Postgres, failure::of_database};

pub(crate) const WORKSPACE: &str = "SELECT version, body FROM workspace WHERE id = 1";

pub(crate) type Row = (i64, String);
type Asked<'q> = QueryAs<'q, sqlx::Postgres, Row, PgArguments>;

impl Postgres {
    async fn one<T: DeserializeOwned>(&self, query: Asked<'_>) -> Result<Option<Versioned<T>>, StoreError> {
        query.fetch_optional(&self.0.pool).await.map_err(of_database)?.map(versioned).transpose()
    }

    async fn all<T: DeserializeOwned>(&self, query: Asked<'_>) -> Result<Vec<Versioned<T>>, StoreError> {
        query.fetch_all(&self.0.pool).await.map_err(of_database)?.into_iter().map(versioned).collect()
    }

    /// Has entries numbered that wait for it, so that whoever reads the journal finds what was committed before they asked.
    async fn numbered(&self) -> Result<(), StoreError> {
        let wait: bool =
            query_scalar("SELECT EXISTS (SELECT 1 FROM journal_pending)").fetch_one(&self.0.pool).await.map_err(of_database)?;
        if wait {
            self.0.sequencer.settle().await;
        }
        Ok(())
    }
}

fn versioned<T: DeserializeOwned>((version, body): Row) -> Result<Versioned<T>, StoreError> {
    Ok(Versioned { record: record(&body)?, version: number(version)? })
}

/// Reads a document. What is wrong with it is not told: the words would be somebody's data.
pub(crate) fn record<T: DeserializeOwned>(body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(|_| StoreError::Damaged("a record cannot be read".into()))
}

pub(crate) fn number(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_| StoreError::Damaged("a number is negative".into()))
}

/// Everything that is read in it is of one moment.
async fn snapshot(pool: &PgPool) -> Result<Transaction<'static, sqlx::Postgres>, StoreError> {
    pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(of_database)
}

/// That a person holds a role in one of these communities.
fn of_communities(sql: &mut QueryBuilder<sqlx::Postgres>, person: &str, communities: &[CommunityId]) {
    let ids: Vec<Uuid> = communities.iter().map(|id| id.0).collect();
    sql.push("EXISTS (SELECT 1 FROM memberships WHERE memberships.account = ").push(person);
    sql.push(" AND memberships.community = ANY(").push_bind(ids).push("))");
}

/// What LIKE finds this text anywhere by: its own wildcards are letters like any other.
fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

impl Store for Postgres {
    async fn workspace(&self) -> Result<Option<Versioned<Workspace>>, StoreError> {
        self.one(query_as(WORKSPACE)).await
    }

    async fn communities(&self) -> Result<Vec<Versioned<Community>>, StoreError> {
        self.all(query_as("SELECT version, body FROM communities ORDER BY name_folded, id")).await
    }

    async fn standing(&self, whose: Whose<'_>) -> Result<Standing, StoreError> {
        standing::standing(&self.0.pool, &self.0.remembered, whose).await
    }

    async fn account(&self, id: AccountId) -> Result<Option<Versioned<Account>>, StoreError> {
        self.one(query_as("SELECT version, body FROM accounts WHERE id = $1").bind(id.0)).await
    }

    async fn account_by_email(&self, folded: &str) -> Result<Option<Versioned<Account>>, StoreError> {
        self.one(query_as("SELECT version, body FROM accounts WHERE email_folded = $1").bind(folded.to_owned())).await
    }

    async fn accounts_by_email(&self, folded: &[String]) -> Result<Vec<Versioned<Account>>, StoreError> {
        import::accounts(&self.0.pool, folded).await
    }

    async fn import(&self, id: ImportId) -> Result<Option<Versioned<Batch>>, StoreError> {
        self.one(query_as("SELECT version, body FROM imports WHERE id = $1").bind(id.0)).await
    }

    async fn imports(&self, by: Option<AccountId>, limit: u32) -> Result<Vec<Batch>, StoreError> {
        import::batches(&self.0.pool, by, limit).await
    }

    async fn import_people(&self, query: &ImportedQuery) -> Result<Vec<ImportedPerson>, StoreError> {
        import::people(&self.0.pool, query).await
    }

    async fn owners(&self) -> Result<Vec<Versioned<Account>>, StoreError> {
        self.all(query_as("SELECT version, body FROM accounts WHERE id IN (SELECT account FROM people WHERE owner) ORDER BY id")).await
    }

    async fn community_sizes(&self) -> Result<Vec<(CommunityId, u64)>, StoreError> {
        let rows: Vec<(Uuid, i64)> = query_as("SELECT community, count(*) FROM memberships GROUP BY community ORDER BY community")
            .fetch_all(&self.0.pool)
            .await
            .map_err(of_database)?;
        rows.into_iter().map(|(id, count)| Ok((CommunityId(id), number(count)?))).collect()
    }

    async fn session(&self, id: SessionId) -> Result<Option<Versioned<Session>>, StoreError> {
        self.one(query_as("SELECT version, body FROM sessions WHERE id = $1").bind(id.0.to_vec())).await
    }

    async fn throttle(&self, key: ThrottleKey) -> Result<Option<Versioned<Failures>>, StoreError> {
        self.one(query_as("SELECT version, body FROM throttle WHERE id = $1").bind(key.to_vec())).await
    }

    async fn case(&self, id: CaseId) -> Result<Option<Versioned<Case>>, StoreError> {
        self.one(query_as("SELECT version, body FROM cases WHERE id = $1").bind(id.0)).await
    }

    async fn cases_about(&self, target: AccountId) -> Result<Vec<Versioned<Case>>, StoreError> {
        let asked = query_as("SELECT version, body FROM cases WHERE target = $1 AND undecided ORDER BY opened_at, id");
        self.all(asked.bind(target.0)).await
    }

    async fn traces(&self, person: AccountId) -> Result<Traces, StoreError> {
        self.numbered().await?;
        erasure::traces(&self.0.pool, person).await
    }

    async fn help_request(&self, account: AccountId) -> Result<Option<Versioned<HelpRequest>>, StoreError> {
        self.one(query_as("SELECT version, body FROM help_requests WHERE account = $1").bind(account.0)).await
    }

    async fn waiting(&self, query: &DeskQuery) -> Result<Waiting, StoreError> {
        desk::waiting(&self.0.pool, query).await
    }

    async fn count_people(&self, communities: Option<&[CommunityId]>, hour: &Hour) -> Result<Counts, StoreError> {
        people::count(&self.0.pool, communities, hour).await
    }

    async fn people(&self, query: &PeopleQuery) -> Result<People, StoreError> {
        people::page(&self.0.pool, query).await
    }

    async fn journal(&self, query: &JournalQuery) -> Result<Vec<JournalLine>, StoreError> {
        self.numbered().await?;
        journal::page(&self.0.pool, &self.0.workspace, query).await
    }

    async fn search_journal(&self, search: &JournalSearch) -> Result<JournalFound, StoreError> {
        self.numbered().await?;
        journal::search(&self.0.pool, &self.0.workspace, search).await
    }

    async fn journal_size(&self) -> Result<u64, StoreError> {
        self.numbered().await?;
        evidence::size(&self.0.pool).await
    }

    async fn subtrees(&self, wanted: &[Subtree]) -> Result<Vec<TreeHash>, StoreError> {
        evidence::subtrees(&self.0.pool, wanted).await
    }

    async fn feed(&self, query: &FeedQuery) -> Result<Option<Fed>, StoreError> {
        self.numbered().await?;
        feed::read(&self.0.pool, query).await
    }

    async fn kept_entries(&self, query: &KeptQuery) -> Result<Vec<KeptEntry>, StoreError> {
        self.numbered().await?;
        evidence::kept(&self.0.pool, query).await
    }

    async fn checkpoints(&self, limit: u32) -> Result<Vec<Checkpoint>, StoreError> {
        evidence::checkpoints(&self.0.pool, limit).await
    }

    async fn token(&self, id: TokenId) -> Result<Option<Versioned<Token>>, StoreError> {
        self.one(query_as("SELECT version, body FROM tokens WHERE id = $1").bind(id.0)).await
    }

    async fn token_like(&self, fingerprint: [u8; 32], known_as: Option<&str>) -> Result<Option<Versioned<Token>>, StoreError> {
        let asked = query_as("SELECT version, body FROM tokens WHERE fingerprint = $1 OR known_as = $2 LIMIT 1");
        self.one(asked.bind(fingerprint.to_vec()).bind(known_as.map(str::to_owned))).await
    }

    async fn tokens(&self, query: &TokenQuery) -> Result<Tokens, StoreError> {
        tokens::page(&self.0.pool, query).await
    }

    async fn mail(&self, id: MailId) -> Result<Option<Versioned<Mail>>, StoreError> {
        self.one(query_as("SELECT version, body FROM notices WHERE id = $1").bind(id.0)).await
    }

    async fn mail_answered_by(&self, hash: [u8; 32]) -> Result<Option<Versioned<Mail>>, StoreError> {
        self.one(query_as("SELECT version, body FROM notices WHERE answer = $1").bind(hash.to_vec())).await
    }

    async fn waiting_mail(&self, set_at: Moment, limit: u32) -> Result<Vec<Versioned<Mail>>, StoreError> {
        mail::waiting(&self.0.pool, set_at, limit).await
    }

    async fn half_sent_mail(&self, until: Moment, limit: u32) -> Result<Vec<Versioned<Mail>>, StoreError> {
        mail::half_sent(&self.0.pool, until, limit).await
    }

    async fn outbox(&self, query: &OutboxQuery) -> Result<Vec<Versioned<Mail>>, StoreError> {
        mail::outbox(&self.0.pool, query).await
    }

    async fn count_mail(&self, communities: Option<&[CommunityId]>) -> Result<Vec<MailCounted>, StoreError> {
        mail::count(&self.0.pool, communities).await
    }

    async fn report(&self, account: AccountId) -> Result<Option<Versioned<Report>>, StoreError> {
        self.one(query_as("SELECT version, body FROM reports WHERE account = $1").bind(account.0)).await
    }

    async fn reports(&self, query: &ReportsQuery) -> Result<Vec<Versioned<Report>>, StoreError> {
        mail::reports(&self.0.pool, query).await
    }

    async fn device(&self, id: DeviceId) -> Result<Option<Versioned<Device>>, StoreError> {
        self.one(query_as("SELECT version, body FROM devices WHERE id = $1").bind(id.0)).await
    }

    async fn device_invited_by(&self, hash: CodeHash) -> Result<Option<Versioned<Device>>, StoreError> {
        self.one(query_as("SELECT version, body FROM devices WHERE code = $1").bind(hash.0.to_vec())).await
    }

    async fn devices(&self, query: &DeviceQuery) -> Result<Devices, StoreError> {
        devices::page(&self.0.pool, query).await
    }

    async fn operation(&self, key: OperationKey) -> Result<Option<Versioned<Operation>>, StoreError> {
        self.one(query_as("SELECT version, body FROM operations WHERE id = $1").bind(key.bytes().to_vec())).await
    }

    async fn issuer(&self, id: IssuerId) -> Result<Option<Versioned<IssuerRecord>>, StoreError> {
        self.one(query_as("SELECT version, body FROM issuers WHERE id = $1").bind(id.bytes().to_vec())).await
    }

    async fn issuer_of(&self, key: EpochKeyId, device: DeviceId, staff: AccountId) -> Result<Option<Versioned<IssuerRecord>>, StoreError> {
        issuers::of(&self.0.pool, key, device, staff).await
    }

    async fn last_issuer(&self, key: EpochKeyId) -> Result<Option<IssuerId>, StoreError> {
        issuers::last(&self.0.pool, key).await
    }

    async fn issuers(&self, since: Moment, limit: u32) -> Result<Vec<Versioned<IssuerRecord>>, StoreError> {
        issuers::since(&self.0.pool, since, limit).await
    }

    async fn issuers_at(&self, device: DeviceId, limit: u32) -> Result<Vec<IssuerRecord>, StoreError> {
        issuers::at(&self.0.pool, device, limit).await
    }

    async fn signed_in_through(&self, device: DeviceId, limit: u32) -> Result<Vec<AccountId>, StoreError> {
        devices::signed_in(&self.0.pool, device, limit).await
    }

    async fn commit(&self, commit: Commit) -> Result<Option<u64>, CommitError> {
        commit::commit(&self.0, commit, true).await
    }

    async fn commit_unasked(&self, commit: Commit) -> Result<(), CommitError> {
        commit::commit(&self.0, commit, false).await.map(drop)
    }

    async fn commit_watched(&self, commit: Commit, watch: Watch<'_>) -> Result<Option<u64>, CommitError> {
        commit::at_length(&self.0, commit, watch, true).await
    }

    async fn kept_records(&self, kind: Kind, after: Option<(Uuid, Uuid)>, limit: u32) -> Result<Vec<KeptRecord>, StoreError> {
        moving::records(&self.0.pool, kind, after, limit).await
    }

    async fn count_records(&self, kind: Kind) -> Result<u64, StoreError> {
        moving::count(&self.0.pool, kind).await
    }

    async fn arrival(&self) -> Result<Option<Versioned<Arrival>>, StoreError> {
        self.one(query_as("SELECT version, body FROM arrival WHERE id = 1")).await
    }

    async fn place(&self, placing: Placing) -> Result<(), CommitError> {
        commit::place(&self.0, placing).await
    }

    async fn discard_arrival(&self) -> Result<(), CommitError> {
        moving::discard(&self.0).await
    }
}
