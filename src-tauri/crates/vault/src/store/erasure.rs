//! Erasing a person: what there is of them, and letting go of it in one transaction.

use authority::{CommitError, StoreError, store::Steps};
use domain::{
    case::Case,
    erasure::{ERASED, Erase, Places, Traces},
    id::AccountId,
};
use sqlx::{SqliteConnection, SqlitePool, query, query_as, query_scalar};

use super::rows;
use crate::{connection::Connections, failure::of_database};

/// The places of the entries by or about somebody. Two looks at two indexes: an OR would look at all.
const ENTRIES: &str = "SELECT idx FROM journal WHERE actor = $1 UNION SELECT idx FROM journal WHERE subject = $1 ORDER BY idx";

pub(super) async fn traces(readers: &SqlitePool, person: AccountId) -> Result<Traces, StoreError> {
    let mut transaction = readers.begin().await.map_err(of_database)?;
    let connection = &mut *transaction;
    let id = person.to_string();
    let entries = entries(connection, &id).await?;
    let declared: Vec<Option<String>> = query_scalar(
        "SELECT json_extract(persons, '$.words.entries') FROM journal WHERE actor = $1 AND kind = 'person.erased' AND persons IS NOT NULL",
    )
    .bind(&id)
    .fetch_all(&mut *connection)
    .await
    .map_err(of_database)?;
    let declared = declared.into_iter().flatten().fold(Places::default(), |all, part| all.and(&Places::read(&part)));
    // Approved or withdrawn by them stands in the record alone.
    let undecided: Vec<(String,)> = query_as(
        "SELECT body FROM cases WHERE undecided = 1 AND (target = $1 OR opener = $1 OR instr(body, $1) > 0) ORDER BY opened_at, id",
    )
    .bind(&id)
    .fetch_all(&mut *connection)
    .await
    .map_err(of_database)?;
    let undecided = undecided.iter().map(|(body,)| super::record::<Case>(body)).collect::<Result<_, _>>()?;
    let traces = Traces {
        shared: count(
            connection,
            "SELECT (SELECT count(*) FROM journal WHERE actor = $1 AND subject <> $1) + (SELECT count(*) FROM journal WHERE subject = $1 AND actor <> $1)",
            &id,
        )
        .await?,
        cases: count(connection, "SELECT count(*) FROM cases WHERE target = $1 OR opener = $1 OR instr(body, $1) > 0", &id).await?,
        sessions: count(connection, "SELECT count(*) FROM sessions WHERE account = $1", &id).await?,
        asked: count(connection, "SELECT count(*) FROM help_requests WHERE account = $1", &id).await? > 0,
        imports: count(connection, "SELECT count(*) FROM imports WHERE importer = $1", &id).await?,
        notices: count(connection, "SELECT count(*) FROM notices WHERE account = $1 OR about = $1", &id).await?,
        entries,
        declared,
        undecided,
    };
    transaction.commit().await.map_err(of_database)?;
    Ok(traces)
}

async fn count(connection: &mut SqliteConnection, asked: &'static str, id: &str) -> Result<u64, StoreError> {
    let count: i64 = query_scalar(asked).bind(id.to_owned()).fetch_one(connection).await.map_err(of_database)?;
    super::number(count)
}

async fn entries(connection: &mut SqliteConnection, id: &str) -> Result<Places, StoreError> {
    let indices: Vec<i64> = query_scalar(ENTRIES).bind(id.to_owned()).fetch_all(connection).await.map_err(of_database)?;
    Ok(Places::of(indices.into_iter().map(super::number).collect::<Result<_, _>>()?))
}

/// Rows that are somebody's, or about nothing but them and what they did.
const THEIRS: [&str; 15] = [
    "DELETE FROM sessions WHERE account = $1",
    "DELETE FROM devices WHERE person = $1",
    "DELETE FROM operations WHERE person = $1",
    "DELETE FROM help_requests WHERE account = $1",
    "DELETE FROM notices WHERE account = $1 OR about = $1",
    "DELETE FROM reports WHERE account = $1",
    // The key of a count is made from the address.
    "DELETE FROM throttle WHERE account = $1",
    "DELETE FROM cases WHERE target = $1 OR opener = $1 OR instr(body, $1) > 0",
    "DELETE FROM import_people WHERE account = $1 OR import IN (SELECT id FROM imports WHERE importer = $1)",
    "DELETE FROM imports WHERE importer = $1",
    // Seeds that they once brought are called as they called them.
    "DELETE FROM tokens WHERE origin = 'brought' AND holder IS NULL
        AND (json_extract(body, '$.last_holder') = $1 OR json_extract(body, '$.imported_by') = $1)",
    "UPDATE tokens SET version = version + 1, body = json_set(body, '$.last_holder', NULL) WHERE json_extract(body, '$.last_holder') = $1",
    "DELETE FROM removed_accounts WHERE id = $1",
    "DELETE FROM memberships WHERE account = $1",
    "DELETE FROM accounts WHERE id = $1",
];
/// Where records that stay name them, nobody stands from now on.
const NAMING: [&str; 7] = [
    "UPDATE reports SET version = version + 1, body = json_set(body, '$.settled[0]', $2) WHERE json_extract(body, '$.settled[0]') = $1",
    "UPDATE imports SET version = version + 1, body = json_set(body, '$.undone.by', $2) WHERE json_extract(body, '$.undone.by') = $1",
    "UPDATE tokens SET version = version + 1, body = json_set(body, '$.imported_by', $2) WHERE json_extract(body, '$.imported_by') = $1",
    "UPDATE devices SET version = version + 1, body = json_set(body, '$.invited_by', $2) WHERE json_extract(body, '$.invited_by') = $1",
    "UPDATE devices SET version = version + 1, body = json_set(body, '$.state.revoked.by', $2)
        WHERE json_extract(body, '$.state.revoked.by') = $1",
    "UPDATE devices SET version = version + 1, body = json_set(body, '$.told',
            (SELECT json_group_array(json(value)) FROM json_each(body, '$.told') WHERE json_extract(value, '$.person') NOT IN ($1, $2)))
        WHERE EXISTS (SELECT 1 FROM json_each(body, '$.told') WHERE json_extract(value, '$.person') = $1)",
    "UPDATE devices SET version = version + 1, body = json_set(body, '$.signed_in',
            (SELECT json_group_array(value) FROM json_each(body, '$.signed_in') WHERE value NOT IN ($1, $2)))
        WHERE EXISTS (SELECT 1 FROM json_each(body, '$.signed_in') WHERE value = $1)",
];

/// Lets go of a person, once what was said of their entries still holds.
pub(super) async fn erase(connection: &mut SqliteConnection, erase: &Erase, steps: &mut Steps<'_>) -> Result<(), CommitError> {
    let id = erase.account.to_string();
    if entries(&mut *connection, &id).await? != erase.entries {
        return Err(CommitError::Conflict);
    }
    let there: i64 =
        query_scalar("SELECT count(*) FROM accounts WHERE id = $1").bind(&id).fetch_one(&mut *connection).await.map_err(of_database)?;
    if there != 1 {
        return Err(CommitError::Conflict);
    }
    for statement in THEIRS {
        query(statement).bind(&id).execute(&mut *connection).await.map_err(of_database)?;
    }
    for statement in NAMING {
        query(statement).bind(&id).bind(ERASED.to_string()).execute(&mut *connection).await.map_err(of_database)?;
    }
    let places: Vec<u64> = erase.entries.ranges().iter().cloned().flatten().collect();
    for part in places.chunks(Steps::STRIDE as usize) {
        query("UPDATE journal SET actor = NULL, subject = NULL, persons = NULL, persons_key = NULL WHERE idx IN (SELECT value FROM json_each($1))")
            .bind(rows::list(part))
            .execute(&mut *connection)
            .await
            .map_err(of_database)?;
        steps.step(part.len() as u64)?;
    }
    Ok(())
}

/// The log still holds the pages as they were before: it is emptied into the database and cut off. Where somebody reads at that
/// moment, the next commit that finds nobody reading does so, or the close.
pub(super) async fn settle(open: &Connections) {
    if let Err(error) = open.checkpoint().await {
        tracing::warn!(%error, "the write-ahead log could not be emptied after an erasure");
    }
}
