//! Reading a workspace that moves away, and writing one that moves here.

use authority::{
    CommitError, StoreError,
    store::{ImportedItem, KeptRecord, RemovedName},
};
use domain::moving::{Arrival, Kind};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, query, query_as, query_scalar, raw_sql};
use uuid::Uuid;

use super::{commit::body, number, versions::begin};
use crate::{
    Inner,
    failure::{of_commit, of_database},
    writing::Writing,
};

/// The table of a kind, what orders it, and the document.
fn kept_in(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Communities => ("communities", "id", "body"),
        Kind::People => ("accounts", "id", "body"),
        Kind::RemovedNames => ("removed_accounts", "id", "json_build_object('id', id, 'name', name, 'email', email)::text"),
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

type Row = (Uuid, Uuid, String, bool);

pub(super) async fn records(pool: &PgPool, kind: Kind, after: Option<(Uuid, Uuid)>, limit: u32) -> Result<Vec<KeptRecord>, StoreError> {
    let (table, key, document) = kept_in(kind);
    let sql = match kind {
        Kind::Entries | Kind::Checkpoints => return Ok(Vec::new()),
        Kind::ImportedPeople => "SELECT people.import, people.account, people.body, accounts.version IS DISTINCT FROM people.version
             FROM import_people AS people LEFT JOIN accounts ON accounts.id = people.account
             WHERE $1::uuid IS NULL OR (people.import, people.account) > ($1, $2) ORDER BY people.import, people.account LIMIT $3"
            .to_owned(),
        _ => format!(
            "SELECT {key}, coalesce($2::uuid, '00000000-0000-0000-0000-000000000000'), {document}, FALSE FROM {table}
             WHERE $1::uuid IS NULL OR {key} > $1 ORDER BY {key} LIMIT $3"
        ),
    };
    let (first, second) = after.unzip();
    let rows: Vec<Row> =
        query_as(AssertSqlSafe(sql)).bind(first).bind(second).bind(i64::from(limit)).fetch_all(pool).await.map_err(of_database)?;
    Ok(rows.into_iter().map(|(first, second, body, written_since)| KeptRecord { key: (first, second), body, written_since }).collect())
}

pub(super) async fn count(pool: &PgPool, kind: Kind) -> Result<u64, StoreError> {
    let sql = format!("SELECT count(*) FROM {}", kept_in(kind).0);
    let count: i64 = query_scalar(AssertSqlSafe(sql)).fetch_one(pool).await.map_err(of_database)?;
    number(count)
}

/// Writes how far an arrival has come. A conflict where it had another version.
pub(super) async fn note(connection: &mut PgConnection, read: Option<u64>, arrival: &Arrival) -> Result<(), CommitError> {
    let version: i64 = query_scalar(
        "INSERT INTO arrival (id, version, body) VALUES (1, 1, $1)
         ON CONFLICT (id) DO UPDATE SET version = arrival.version + 1, body = excluded.body RETURNING version",
    )
    .bind(body(arrival)?)
    .fetch_one(connection)
    .await
    .map_err(of_commit)?;
    if number(version)? == read.unwrap_or(0) + 1 { Ok(()) } else { Err(CommitError::Conflict) }
}

/// Names of removed accounts, and what imports did to people.
pub(super) async fn place_beside(
    connection: &mut PgConnection,
    removed: &[RemovedName],
    imported: &[ImportedItem],
) -> Result<(), CommitError> {
    if !removed.is_empty() {
        query("INSERT INTO removed_accounts (id, name, email) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])")
            .bind(removed.iter().map(|name| name.id.0).collect::<Vec<_>>())
            .bind(removed.iter().map(|name| name.name.clone()).collect::<Vec<_>>())
            .bind(removed.iter().map(|name| name.email.clone()).collect::<Vec<_>>())
            .execute(&mut *connection)
            .await
            .map_err(of_commit)?;
    }
    if !imported.is_empty() {
        let bodies = imported.iter().map(|one| body(&one.item)).collect::<Result<Vec<_>, _>>()?;
        // No account has a version of 0.
        query(
            "INSERT INTO import_people (import, account, version, body)
             SELECT item.import, item.account, CASE WHEN item.since THEN 0 ELSE coalesce(accounts.version, 0) END, item.body
             FROM unnest($1::uuid[], $2::uuid[], $3::bool[], $4::text[]) AS item (import, account, since, body)
             LEFT JOIN accounts ON accounts.id = item.account",
        )
        .bind(imported.iter().map(|one| one.import.0).collect::<Vec<_>>())
        .bind(imported.iter().map(|one| one.item.account.0).collect::<Vec<_>>())
        .bind(imported.iter().map(|one| one.written_since).collect::<Vec<_>>())
        .bind(bodies)
        .execute(connection)
        .await
        .map_err(of_commit)?;
    }
    Ok(())
}

/// All that a move writes. What refers to each other goes together.
const EMPTY: &str = "DELETE FROM arrival; UPDATE journal_head SET next = 0 WHERE id = 1;
    DELETE FROM journal_communities; DELETE FROM journal_blocks; DELETE FROM journal; DELETE FROM checkpoints; DELETE FROM notices;
    DELETE FROM import_people; DELETE FROM imports; DELETE FROM reports; DELETE FROM help_requests; DELETE FROM cases;
    DELETE FROM tokens; DELETE FROM removed_accounts; DELETE FROM memberships; DELETE FROM people; DELETE FROM accounts;
    DELETE FROM communities";

pub(super) async fn discard(store: &Inner) -> Result<(), CommitError> {
    let mut writing = Writing::begin(&store.pool, &store.gate, begin(Some(true), Vec::new())).await?;
    match emptied(writing.connection()).await {
        Ok(()) => writing.commit().await,
        Err(error) => {
            writing.undo().await;
            Err(error)
        }
    }
}

async fn emptied(connection: &mut PgConnection) -> Result<(), CommitError> {
    let founded: bool = query_scalar("SELECT EXISTS (SELECT 1 FROM workspace)").fetch_one(&mut *connection).await.map_err(of_commit)?;
    if founded {
        return Err(CommitError::Conflict);
    }
    raw_sql(EMPTY).execute(connection).await.map(drop).map_err(of_commit)
}
