//! Erasing a person: what there is of them, and letting go of it in one transaction.

use authority::{CommitError, StoreError};
use domain::{
    case::Case,
    device::{Device, State},
    erasure::{ERASED, Erase, Places, Traces},
    id::AccountId,
    import::{Batch, Undone},
    report::Report,
    token::{Origin, Token, TokenState},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::{PgConnection, PgPool, query, query_as, query_scalar};
use uuid::Uuid;

use super::{
    commit::{Work, body},
    number, record,
    records::run,
    snapshot,
};
use crate::failure::{of_commit, of_database};

/// The places of the entries by or about somebody. Two looks at two indexes: an OR would look at all.
const ENTRIES: &str = "SELECT idx FROM journal WHERE actor = $1 UNION SELECT idx FROM journal WHERE subject = $1 ORDER BY idx";

/// What an entry that declares an erasure says, as far as it is asked for.
#[derive(Deserialize)]
struct Declaration {
    words: Declared,
}

#[derive(Deserialize)]
struct Declared {
    entries: Option<String>,
}

pub(super) async fn traces(pool: &PgPool, person: AccountId) -> Result<Traces, StoreError> {
    let mut snapshot = snapshot(pool).await?;
    let connection = &mut *snapshot;
    let id = person.0;
    let entries = entries(connection, id).await.map_err(of_database)?;
    let declarations: Vec<String> =
        query_scalar("SELECT persons FROM journal WHERE actor = $1 AND kind = 'person.erased' AND persons IS NOT NULL ORDER BY idx")
            .bind(id)
            .fetch_all(&mut *connection)
            .await
            .map_err(of_database)?;
    let mut declared = Places::default();
    for declaration in declarations {
        if let Some(places) = record::<Declaration>(&declaration)?.words.entries {
            declared = declared.and(&Places::read(&places));
        }
    }
    // Approved or withdrawn by them stands in the record alone.
    let undecided: Vec<(String,)> = query_as(
        "SELECT body FROM cases WHERE undecided AND (target = $1 OR opener = $1 OR position($2 in body) > 0) ORDER BY opened_at, id",
    )
    .bind(id)
    .bind(id.to_string())
    .fetch_all(&mut *connection)
    .await
    .map_err(of_database)?;
    let undecided = undecided.iter().map(|(body,)| record::<Case>(body)).collect::<Result<_, _>>()?;
    let counts: (i64, i64, i64, i64, i64, i64) = query_as(
        "SELECT (SELECT count(*) FROM journal WHERE actor = $1 AND subject <> $1)
              + (SELECT count(*) FROM journal WHERE subject = $1 AND actor <> $1),
            (SELECT count(*) FROM cases WHERE target = $1 OR opener = $1 OR position($2 in body) > 0),
            (SELECT count(*) FROM sessions WHERE account = $1),
            (SELECT count(*) FROM help_requests WHERE account = $1),
            (SELECT count(*) FROM imports WHERE importer = $1),
            (SELECT count(*) FROM notices WHERE account = $1 OR about = $1)",
    )
    .bind(id)
    .bind(id.to_string())
    .fetch_one(&mut *connection)
    .await
    .map_err(of_database)?;
    let (shared, cases, sessions, asked, imports, notices) = counts;
    let traces = Traces {
        entries,
        shared: number(shared)?,
        declared,
        undecided,
        cases: number(cases)?,
        sessions: number(sessions)?,
        asked: asked > 0,
        imports: number(imports)?,
        notices: number(notices)?,
    };
    snapshot.commit().await.map_err(of_database)?;
    Ok(traces)
}

async fn entries(connection: &mut PgConnection, id: Uuid) -> Result<Places, sqlx::Error> {
    let indices: Vec<i64> = query_scalar(ENTRIES).bind(id).fetch_all(connection).await?;
    Ok(Places::of(indices.into_iter().filter_map(|index| u64::try_from(index).ok()).collect()))
}

/// Rows that are somebody's, or about nothing but them and what they did.
const THEIRS: [&str; 13] = [
    "DELETE FROM sessions WHERE account = $1",
    "DELETE FROM devices WHERE person = $1",
    "DELETE FROM operations WHERE person = $1",
    "DELETE FROM help_requests WHERE account = $1",
    "DELETE FROM notices WHERE account = $1 OR about = $1",
    "DELETE FROM reports WHERE account = $1",
    // The key of a count is made from the address.
    "DELETE FROM throttle WHERE account = $1",
    "DELETE FROM cases WHERE target = $1 OR opener = $1 OR position($1::text in body) > 0",
    "DELETE FROM import_people WHERE account = $1 OR import IN (SELECT id FROM imports WHERE importer = $1)",
    "DELETE FROM imports WHERE importer = $1",
    "DELETE FROM removed_accounts WHERE id = $1",
    "DELETE FROM memberships WHERE account = $1",
    "DELETE FROM people WHERE account = $1",
];

/// Entries that are emptied by one statement.
const PART: usize = 1_000;

/// Lets go of a person, once what was said of their entries still holds.
pub(super) async fn erase(work: &mut Work<'_>, erase: &Erase) -> Result<(), CommitError> {
    let id = erase.account.0;
    // Every entry there is has its number before it is looked which are theirs. Whoever holds the head waits for nothing that
    // this commit has locked so far.
    work.number_all().await?;
    if entries(work.connection, id).await.map_err(of_commit)? != erase.entries {
        return Err(CommitError::Conflict);
    }
    for statement in THEIRS {
        run(work.connection, query(statement).bind(id)).await?;
    }
    let removed = query("DELETE FROM accounts WHERE id = $1").bind(id).execute(&mut *work.connection).await.map_err(of_commit)?;
    if removed.rows_affected() != 1 {
        return Err(CommitError::Conflict);
    }
    rename(work.connection, erase.account).await?;
    let indices: Vec<i64> = erase.entries.ranges().iter().cloned().flatten().filter_map(|index| i64::try_from(index).ok()).collect();
    for part in indices.chunks(PART) {
        let emptied = "UPDATE journal SET actor = NULL, subject = NULL, persons = NULL, persons_key = NULL WHERE idx = ANY($1)";
        run(work.connection, query(emptied).bind(part)).await?;
        for _ in part {
            work.steps.step(1)?;
        }
    }
    Ok(())
}

/// Where records that stay name them, nobody stands from now on.
async fn rename(connection: &mut PgConnection, person: AccountId) -> Result<(), CommitError> {
    for mut token in naming::<Token>(connection, "SELECT body FROM tokens WHERE position($1 in body) > 0 FOR UPDATE", person).await? {
        let (held, brought) = (token.last_holder == Some(person), token.imported_by == person);
        // Seeds that they once brought are called as they called them.
        let free = matches!(token.state, TokenState::Free | TokenState::Retired);
        if token.origin == Origin::Brought && free && (held || brought) {
            run(connection, query("DELETE FROM tokens WHERE id = $1").bind(token.id.0)).await?;
            continue;
        }
        if held {
            token.last_holder = None;
        }
        if brought {
            token.imported_by = ERASED;
        }
        replace(connection, "UPDATE tokens SET version = version + 1, body = $2 WHERE id = $1", token.id.0, &token).await?;
    }
    for mut device in naming::<Device>(connection, "SELECT body FROM devices WHERE position($1 in body) > 0 FOR UPDATE", person).await? {
        device.invited_by = device.invited_by.map(|by| if by == person { ERASED } else { by });
        if let State::Revoked { by, .. } = &mut device.state
            && *by == Some(person)
        {
            *by = Some(ERASED);
        }
        device.forget(person);
        replace(connection, "UPDATE devices SET version = version + 1, body = $2 WHERE id = $1", device.id.0, &device).await?;
    }
    for mut report in naming::<Report>(connection, "SELECT body FROM reports WHERE position($1 in body) > 0 FOR UPDATE", person).await? {
        report.settled = report.settled.map(|(by, at)| (if by == person { ERASED } else { by }, at));
        replace(connection, "UPDATE reports SET version = version + 1, body = $2 WHERE account = $1", report.account.0, &report).await?;
    }
    for mut batch in naming::<Batch>(connection, "SELECT body FROM imports WHERE position($1 in body) > 0 FOR UPDATE", person).await? {
        batch.undone = batch.undone.map(|undone| Undone { by: if undone.by == person { ERASED } else { undone.by }, ..undone });
        replace(connection, "UPDATE imports SET version = version + 1, body = $2 WHERE id = $1", batch.id.0, &batch).await?;
    }
    Ok(())
}

async fn naming<T: DeserializeOwned>(connection: &mut PgConnection, asked: &'static str, person: AccountId) -> Result<Vec<T>, CommitError> {
    let found: Vec<String> = query_scalar(asked).bind(person.to_string()).fetch_all(connection).await.map_err(of_commit)?;
    Ok(found.iter().map(|body| record(body)).collect::<Result<_, _>>()?)
}

async fn replace(connection: &mut PgConnection, statement: &'static str, id: Uuid, to: &impl Serialize) -> Result<(), CommitError> {
    run(connection, query(statement).bind(id).bind(body(to)?)).await
}
