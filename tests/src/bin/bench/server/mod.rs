//! The server: checks of codes over HTTP; what a decision costs in its store, read and committed; and the memory of a server that
//! nobody asks anything.

mod checks;
mod served;
mod timed;

use crate::rows::Row;
use crate::wait_for;
use authority::store::{RecordKey, Whose};
use authority::{Commit, CommitError, Store};
use domain::account::Account;
use domain::id::{AccountId, WorkspaceId};
use domain::invitation::NewPerson;
use domain::policy::Policy;
use domain::time::Moment;
use domain::words::{Email, Language, Name};
use domain::workspace::Workspace;
use domain::{Change, EventKind};
use journal::{CommitmentKey, Draft};
use postgres::Postgres;
use sallyport_tests::measure::resting_memory;
use sallyport_tests::{Cluster, Database, Error, Result};
use served::Served;
use sqlx::{Executor, PgPool};
use std::sync::Arc;
use std::time::{Duration, Instant};
use timed::Timed;
use uuid::Uuid;

const NOW: Moment = Moment(1_800_000_000);
const PEOPLE: u32 = 2_000;
/// As many as a server keeps.
const CONNECTIONS: u32 = 16;
const ONE_ROW: &str = "UPDATE bare SET version = version + 1, body = $1 WHERE id = $2";

/// The reference is what PostgreSQL itself can commit: one record of the same size, through as many connections, on the same
/// disk, taking turns with ours.
pub(crate) fn rows() -> Result<Vec<Row>> {
    // Durable, as on a server; the tests' own do without.
    let cluster = Cluster::start(&[("fsync", "on"), ("checkpoint_timeout", "30min"), ("max_wal_size", "8GB")])?;
    let mut rows = checks::rows(&cluster)?;
    let database = cluster.database();
    rows.extend(wait_for(measured(&database))??);
    rows.push(idle_memory(&cluster)?);
    Ok(rows)
}

fn said(error: impl std::fmt::Display) -> Error {
    Error::said(error.to_string())
}

/// How long the run of each client is.
fn run() -> Duration {
    let seconds = std::env::var("SALLYPORT_BENCH_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(if cfg!(debug_assertions) { 2 } else { 8 }))
}

async fn measured(database: &Database<'_>) -> Result<Vec<Row>> {
    let settings = postgres::Settings { connections: CONNECTIONS, ..postgres::Settings::default() };
    let store = Arc::new(Postgres::open(&database.url().into(), &settings).await.map_err(said)?);
    let name = |text: &str| Name::read(text).expect("a name");
    let workspace = Workspace::new(WorkspaceId(Uuid::from_u128(1)), name("Bench"), Language::En, Policy::default(), NOW);
    let mut changes = vec![Change::Workspace(Box::new(workspace))];
    changes.extend((0..PEOPLE).map(|number| Change::Account(Box::new(person(number)))));
    let founded = Commit { at: NOW, read: Vec::new(), changes, entries: Vec::new(), notices: Vec::new() };
    store.commit(founded).await.map_err(said)?;
    let pool = bare(&database.url(), PEOPLE, serde_json::to_string(&person(0))?.len()).await?;
    let body = serde_json::to_string(&person(0))?;
    let mut rows = Vec::new();
    for clients in [1, 8] {
        let mut ours = Timed::default();
        let mut bare = Timed::default();
        // The first round only warms up.
        for round in 0..3 {
            let each = |client| {
                let store = Arc::clone(&store);
                move |turn: u32| {
                    let store = Arc::clone(&store);
                    async move { decided(&store, (turn * clients + client) % PEOPLE).await }
                }
            };
            let decided = timed(clients, each).await?;
            let each = |client| {
                let (pool, body) = (pool.clone(), body.clone());
                move |turn: u32| {
                    let (pool, body) = (pool.clone(), body.clone());
                    async move { committed(&pool, (turn * clients + client) % PEOPLE, body).await }
                }
            };
            let committed = timed(clients, each).await?;
            if round > 0 {
                ours.and(decided);
                bare.and(committed);
            }
        }
        let rate = |timed: &Timed| timed.rate();
        rows.push(Row::new(format!("server store, decisions, {clients} at once (aim 0.5)"), rate(&ours), Some(rate(&bare)), "/s"));
        rows.push(Row::new(format!("server store, 99 of 100, {clients} at once (aim 20 ms)"), ours.p99(), Some(bare.p99()), "ms"));
    }
    let entries = store.journal_size().await.map_err(said)?;
    if entries == 0 {
        return Err(Error::said("Nothing was journalled."));
    }
    pool.close().await;
    store.close().await;
    Ok(rows)
}

/// Rows of this size, and connections that write them.
async fn bare(url: &str, rows: u32, size: usize) -> Result<PgPool> {
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(CONNECTIONS).connect(url).await.map_err(said)?;
    for statement in [
        "CREATE TABLE bare (id INTEGER PRIMARY KEY, version BIGINT NOT NULL, body TEXT NOT NULL) WITH (fillfactor = 60)".to_owned(),
        format!("INSERT INTO bare SELECT n, 1, repeat('x', {size}) FROM generate_series(0, {}) AS n", rows - 1),
        "VACUUM ANALYZE".to_owned(),
    ] {
        pool.execute(sqlx::AssertSqlSafe(statement)).await.map_err(said)?;
    }
    Ok(pool)
}

fn person(number: u32) -> Account {
    let person = NewPerson {
        id: AccountId(Uuid::from_u128(0x1_0000 + u128::from(number))),
        name: Name::read(&format!("Person {number}")).expect("a name"),
        email: Email::read(&format!("person{number}@example.org")).expect("an address"),
        language: Language::En,
        membership: None,
    };
    person.account(None, NOW)
}

/// What every check does beside judging the code: reads the workspace and whose address it is, writes the account, and leaves an
/// entry. Each person is one client's alone.
async fn decided(store: &Postgres, number: u32) -> Result<()> {
    let standing = store.standing(Whose::Email(&format!("person{number}@example.org"))).await.map_err(said)?;
    let (Some(workspace), Some(account)) = (standing.workspace, standing.account) else { return Err(Error::said("Somebody is missing.")) };
    let entry = Draft {
        at: NOW.0,
        kind: EventKind::SignedInWithAuthenticator.as_str().into(),
        communities: Vec::new(),
        actor: Some(account.record.id.0),
        subject: None,
        words: std::collections::BTreeMap::new(),
        facts_key: CommitmentKey::from([1; 32]),
        persons_key: CommitmentKey::from([2; 32]),
    };
    let read = vec![(RecordKey::Workspace, Some(workspace.version)), (RecordKey::Account(account.record.id), Some(account.version))];
    let changes = vec![Change::Account(Box::new(account.record))];
    let commit = Commit { at: NOW, read, changes, entries: vec![entry], notices: Vec::new() };
    match store.commit_unasked(commit).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict) => Err(Error::said("Two clients met.")),
        Err(error) => Err(said(error)),
    }
}

async fn committed(pool: &PgPool, number: u32, body: String) -> Result<()> {
    sqlx::query(ONE_ROW).bind(body).bind(number.cast_signed()).execute(pool).await.map(drop).map_err(said)
}

async fn timed<F, W>(clients: u32, each: impl Fn(u32) -> F) -> Result<Timed>
where
    F: Fn(u32) -> W + Send + 'static,
    W: Future<Output = Result<()>> + Send,
{
    let begin = Instant::now();
    let end = begin + run();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let work = each(client);
            tokio::spawn(async move {
                let mut took = Vec::new();
                for turn in 0.. {
                    let begin = Instant::now();
                    if begin >= end {
                        break;
                    }
                    work(turn).await?;
                    took.push(begin.elapsed());
                }
                Ok::<_, Error>(took)
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.map_err(said)??);
    }
    Ok(Timed { took: all, lasted: begin.elapsed() })
}

/// A server that serves, once it rests.
fn idle_memory(cluster: &Cluster) -> Result<Row> {
    let (served, _) = Served::begin(cluster)?;
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
    Ok(Row::new("server, memory when idle (aim 30)", resting_memory(served.id())? as f64 / 1024.0, None, "MiB"))
}
