//! Reading a workspace that moves away, and writing one that moves here.

use authority::{
    CommitError, StoreError,
    store::{ImportedItem, KeptEntry, KeptRecord, RemovedName},
};
use domain::{
    id::{AccountId, WorkspaceId},
    moving::{Arrival, Kind},
};
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool, query, query_as, query_scalar};
use uuid::Uuid;

use super::{commit::body, rows};
use crate::failure::of_database;

/// The table of a kind, what orders it, and the document.
fn kept_in(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Communities => ("communities", "id", "body"),
        Kind::People => ("accounts", "id", "body"),
        Kind::RemovedNames => ("removed_accounts", "id", "json_object('id', id, 'name', name, 'email', email)"),
        Kind::Tokens => ("tokens", "id", "body"),
        Kind::Cases => ("cases", "id", "body"),
        Kind::Requests => ("help_requests", "account", "body"),
        Kind::Reports => ("reports", "account", "body"),
        Kind::Imports => ("imports", "id", "body"),
        Kind::ImportedPeople => ("import_people", "import", "body"),
        Kind::Notices => ("notices", "id", "body"),
        Kind::Entries => ("journal", "idx", "''"),
        Kind::Checkpoints => ("checkpoints", "id", "''"),
    }
}

type Row = (String, String, String, bool);

pub(super) async fn records(
    readers: &SqlitePool,
    kind: Kind,
    after: Option<(Uuid, Uuid)>,
    limit: u32,
) -> Result<Vec<KeptRecord>, StoreError> {
    let (table, key, document) = kept_in(kind);
    let sql = match kind {
        Kind::Entries | Kind::Checkpoints => return Ok(Vec::new()),
        Kind::ImportedPeople => "SELECT people.import, people.account, people.body, accounts.version IS NOT people.version
             FROM import_people AS people LEFT JOIN accounts ON accounts.id = people.account
             WHERE (people.import, people.account) > ($1, $2) ORDER BY people.import, people.account LIMIT $3"
            .to_owned(),
        _ => format!("SELECT {key}, $2, {document}, FALSE FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT $3"),
    };
    // Before every identifier there is.
    let (first, second) = after.map_or_else(Default::default, |(first, second)| (first.to_string(), second.to_string()));
    let rows: Vec<Row> =
        query_as(AssertSqlSafe(sql)).bind(first).bind(second).bind(i64::from(limit)).fetch_all(readers).await.map_err(of_database)?;
    let id = |text: &str| {
        if text.is_empty() { Ok(Uuid::nil()) } else { text.parse().map_err(|_| StoreError::Damaged("a record has no key".into())) }
    };
    rows.into_iter()
        .map(|(first, second, body, written_since)| Ok(KeptRecord { key: (id(&first)?, id(&second)?), body, written_since }))
        .collect()
}

pub(super) async fn count(readers: &SqlitePool, kind: Kind) -> Result<u64, StoreError> {
    let sql = format!("SELECT count(*) FROM {}", kept_in(kind).0);
    let count: i64 = query_scalar(AssertSqlSafe(sql)).fetch_one(readers).await.map_err(of_database)?;
    super::number(count)
}

/// Refuses where the arrival has another version by now.
pub(super) async fn rests_on(connection: &mut SqliteConnection, read: Option<u64>) -> Result<(), CommitError> {
    let version: Option<i64> =
        query_scalar("SELECT version FROM arrival WHERE id = 1").fetch_optional(connection).await.map_err(of_database)?;
    if version.map(super::number).transpose()? == read { Ok(()) } else { Err(CommitError::Conflict) }
}

pub(super) async fn note(connection: &mut SqliteConnection, arrival: &Arrival) -> Result<(), StoreError> {
    query(
        "INSERT INTO arrival (id, version, body) VALUES (1, 1, $1)
         ON CONFLICT (id) DO UPDATE SET version = arrival.version + 1, body = excluded.body",
    )
    .bind(body(arrival)?)
    .execute(connection)
    .await
    .map(drop)
    .map_err(of_database)
}

/// Writes entries as another store numbered them.
pub(super) async fn place_entries(
    connection: &mut SqliteConnection,
    workspace: WorkspaceId,
    entries: &[KeptEntry],
) -> Result<(), CommitError> {
    if entries.is_empty() {
        return Ok(());
    }
    let next: i64 = query_scalar("SELECT coalesce(max(idx) + 1, 0) FROM journal").fetch_one(&mut *connection).await.map_err(of_database)?;
    let mut opened = Vec::with_capacity(entries.len());
    for (index, entry) in (super::number(next)?..).zip(entries) {
        if entry.index != index {
            return Err(CommitError::Conflict);
        }
        opened.push(::journal::open(workspace.0, entry.stored()).map_err(|error| StoreError::Failed(error.to_string()))?);
    }
    Ok(super::journal::write(connection, &opened).await?)
}

/// Names of removed accounts, and what imports did to people.
pub(super) async fn place_beside(
    connection: &mut SqliteConnection,
    removed: &[RemovedName],
    imported: &[ImportedItem],
) -> Result<(), StoreError> {
    rows::write(
        connection,
        "INSERT OR FAIL INTO removed_accounts (id, name, email) ",
        removed,
        |row, name| {
            row.push_bind(name.id.to_string()).push_bind(name.name.as_str()).push_bind(name.email.as_str());
        },
        "",
    )
    .await
    .map_err(of_database)?;
    let mut documents = Vec::with_capacity(imported.len());
    for one in imported {
        documents.push((one.import, one.item.account, body(&one.item)?, one.written_since));
    }
    // No account has a version of 0.
    rows::write(
        connection,
        "INSERT OR FAIL INTO import_people (import, account, version, body)
         SELECT item.column1, item.column2, iif(item.column4, 0, coalesce(accounts.version, 0)), item.column3 FROM (",
        &documents,
        |row, (import, account, body, written_since)| {
            row.push_bind(import.to_string()).push_bind(account.to_string()).push_bind(body.as_str()).push_bind(*written_since);
        },
        ") AS item LEFT JOIN accounts ON accounts.id = item.column2",
    )
    .await
    .map_err(of_database)
}

/// What a move writes, but the arrival itself: whatever refers comes before what it refers to.
const PLACED: [&str; 15] = [
    "journal_communities",
    "journal_blocks",
    "journal",
    "checkpoints",
    "notices",
    "import_people",
    "imports",
    "reports",
    "help_requests",
    "cases",
    "tokens",
    "removed_accounts",
    "memberships",
    "accounts",
    "communities",
];

/// Empties all that a move has brought. Answers whose accounts that were.
pub(super) async fn discard(connection: &mut SqliteConnection) -> Result<Vec<AccountId>, CommitError> {
    let founded: bool = query_scalar("SELECT EXISTS (SELECT 1 FROM workspace)").fetch_one(&mut *connection).await.map_err(of_database)?;
    if founded {
        return Err(CommitError::Conflict);
    }
    let accounts: Vec<String> = query_scalar("SELECT id FROM accounts").fetch_all(&mut *connection).await.map_err(of_database)?;
    for table in PLACED.into_iter().chain(["arrival"]) {
        query(AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&mut *connection).await.map_err(of_database)?;
    }
    let id = |text: String| text.parse().map(AccountId).map_err(|_| StoreError::Damaged("an account has no identifier".into()));
    Ok(accounts.into_iter().map(id).collect::<Result<_, _>>()?)
}
