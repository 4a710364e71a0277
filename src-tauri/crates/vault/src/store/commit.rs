//! Committing: all of a decision in one transaction, or nothing.

use authority::{
    Commit, CommitError, StoreError,
    store::{Projection, RecordKey, Steps, Watch, folded},
};
use domain::{
    Change,
    account::Account,
    case::CaseState,
    decision::ThrottleKey,
    id::{AccountId, CommunityId},
    session::SessionId,
    throttle::Failures,
    time::Moment,
};
use serde::Serialize;
use sqlx::{Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection, query, query_as, query_scalar};
use uuid::Uuid;

use super::directory::{Directory, Effects, waits_until};
use crate::failure::of_database;

/// The connection that writes, inside a transaction. Unless that came to a known end, the connection is closed and not
/// used again: SQLite may have ended the transaction by itself, or whoever waited for it may have gone away.
struct Writing {
    connection: PoolConnection<Sqlite>,
    ended: bool,
}

impl Writing {
    async fn begin(writer: &SqlitePool) -> Result<Self, StoreError> {
        let mut writing = Self { connection: writer.acquire().await.map_err(of_database)?, ended: false };
        writing.run("BEGIN IMMEDIATE").await?;
        Ok(writing)
    }

    async fn end(mut self, statement: &'static str) -> Result<(), StoreError> {
        self.run(statement).await?;
        self.ended = true;
        Ok(())
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), StoreError> {
        query(statement).execute(&mut *self.connection).await.map(drop).map_err(of_database)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.ended {
            self.connection.close_on_drop();
        }
    }
}

pub(super) async fn commit(
    writer: &SqlitePool,
    directory: &Directory,
    commit: Commit,
    watch: Watch<'_>,
) -> Result<Option<u64>, CommitError> {
    let mut writing = Writing::begin(writer).await?;
    match write(&mut writing.connection, commit, watch).await {
        Ok((effects, first)) => {
            // Nobody lists people from here until both say the same.
            let settling = directory.settle(effects).await;
            writing.end("COMMIT").await?;
            settling.committed();
            Ok(first)
        }
        Err(error @ (CommitError::Conflict | CommitError::EmailTaken | CommitError::Stopped)) => {
            writing.end("ROLLBACK").await?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

async fn write(connection: &mut SqliteConnection, commit: Commit, watch: Watch<'_>) -> Result<(Effects, Option<u64>), CommitError> {
    let emptied: u64 = commit.changes.iter().map(|change| if let Change::Erase(erase) = change { erase.entries.count() } else { 0 }).sum();
    let mut steps = Steps::of((commit.changes.len() + commit.entries.len()) as u64 + emptied, watch);
    for (key, read) in &commit.read {
        if version(connection, key).await? != *read {
            return Err(CommitError::Conflict);
        }
    }
    let mut effects = Effects::default();
    for change in commit.changes {
        let (mut counted, mut named) = (None, Vec::new());
        match &change {
            Change::Throttle(key, _) => counted = Some(*key),
            Change::Account(account) => effects.put(account),
            Change::RemoveAccount(account) => effects.remove(*account),
            Change::Erase(erase) => effects.remove(erase.account),
            Change::CountsOf(account, keys) => {
                named = named_by(connection, keys).await?;
                named.push(account.unwrap_or(NOBODY));
            }
            _ => {}
        }
        apply(connection, change, &mut steps).await?;
        for account in named {
            effects.wait(account, waits_until(connection, account).await?);
        }
        steps.step()?;
        if let Some(key) = counted {
            forget(connection, &key, commit.at).await?;
        }
    }
    let first = super::journal::append(connection, commit.entries, &mut steps).await?;
    for notice in commit.notices {
        super::mail::write(connection, &notice).await?;
    }
    Ok((effects, first))
}

/// Stands for whoever an address that is nobody's might be: the same statements run, and find nobody.
const NOBODY: AccountId = AccountId(Uuid::nil());

/// Whose counts these were said to be.
async fn named_by(connection: &mut SqliteConnection, keys: &[ThrottleKey; 2]) -> Result<Vec<AccountId>, StoreError> {
    let [first, second] = keys.map(|key| key.to_vec());
    let named: Vec<String> = query_scalar("SELECT account FROM throttle WHERE id IN ($1, $2) AND account IS NOT NULL")
        .bind(first)
        .bind(second)
        .fetch_all(connection)
        .await
        .map_err(of_database)?;
    let id = |text: String| text.parse().map(AccountId).map_err(|_| StoreError::Damaged("a count names nobody".into()));
    named.into_iter().map(id).collect()
}

/// Says whose counts these are, and that no others are theirs.
async fn name_counts(connection: &mut SqliteConnection, account: Option<AccountId>, keys: [ThrottleKey; 2]) -> Result<(), StoreError> {
    let [first, second] = keys.map(|key| key.to_vec());
    query("UPDATE throttle SET account = NULL WHERE account = $1 AND id NOT IN ($2, $3)")
        .bind(account.unwrap_or(NOBODY).to_string())
        .bind(first.clone())
        .bind(second.clone())
        .execute(&mut *connection)
        .await
        .map_err(of_database)?;
    query("UPDATE throttle SET account = $1 WHERE id IN ($2, $3)")
        .bind(account.map(|account| account.to_string()))
        .bind(first)
        .bind(second)
        .execute(&mut *connection)
        .await
        .map(drop)
        .map_err(of_database)
}

async fn version(connection: &mut SqliteConnection, key: &RecordKey) -> Result<Option<u64>, StoreError> {
    let asked = match key {
        RecordKey::Workspace => query_scalar("SELECT version FROM workspace WHERE id = 1"),
        RecordKey::Community(id) => query_scalar("SELECT version FROM communities WHERE id = $1").bind(id.to_string()),
        RecordKey::Account(id) => query_scalar("SELECT version FROM accounts WHERE id = $1").bind(id.to_string()),
        RecordKey::Session(id) => query_scalar("SELECT version FROM sessions WHERE id = $1").bind(id.0.to_vec()),
        RecordKey::Throttle(key) => query_scalar("SELECT version FROM throttle WHERE id = $1").bind(key.to_vec()),
        RecordKey::Case(id) => query_scalar("SELECT version FROM cases WHERE id = $1").bind(id.to_string()),
        RecordKey::Import(id) => query_scalar("SELECT version FROM imports WHERE id = $1").bind(id.to_string()),
        RecordKey::Mail(id) => query_scalar("SELECT version FROM notices WHERE id = $1").bind(id.to_string()),
        RecordKey::Report(id) => query_scalar("SELECT version FROM reports WHERE account = $1").bind(id.to_string()),
        RecordKey::Token(id) => query_scalar("SELECT version FROM tokens WHERE id = $1").bind(id.to_string()),
        RecordKey::HelpRequest(id) => query_scalar("SELECT version FROM help_requests WHERE account = $1").bind(id.to_string()),
    };
    let version: Option<i64> = asked.fetch_optional(connection).await.map_err(of_database)?;
    version.map(super::number).transpose()
}

async fn apply(connection: &mut SqliteConnection, change: Change, steps: &mut Steps<'_>) -> Result<(), CommitError> {
    let statement = match change {
        Change::Account(account) => return write_account(connection, &account).await,
        Change::Token(token) => return super::tokens::write(connection, &token).await,
        Change::Mail(mail) => return super::mail::write(connection, &mail).await,
        Change::Report(report) => return Ok(super::mail::write_report(connection, &report).await?),
        Change::RemoveToken(token) => query("DELETE FROM tokens WHERE id = $1").bind(token.to_string()),
        Change::EndSessions(account, keep) => return Ok(end_sessions(connection, account, keep).await?),
        Change::Checkpoint(checkpoint) => return Ok(super::evidence::keep(connection, &checkpoint).await?),
        Change::CountsOf(account, keys) => return Ok(name_counts(connection, account, keys).await?),
        Change::RemoveCommunity(community) => return remove_community(connection, community).await,
        Change::Erase(erase) => return super::erasure::erase(connection, &erase, steps).await,
        Change::RemoveAccount(account) => return super::import::remove_account(connection, account).await,
        Change::Import(batch) => return Ok(super::import::write_batch(connection, &batch).await?),
        Change::ImportItem(import, item) => return Ok(super::import::write_item(connection, import, &item).await?),
        Change::Session(session) => query(
            "INSERT INTO sessions (id, version, account, body) VALUES ($1, 1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET version = sessions.version + 1, account = excluded.account, body = excluded.body",
        )
        .bind(session.id.0.to_vec())
        .bind(session.account.to_string())
        .bind(body(&session)?),
        Change::EndSession(id) => query("DELETE FROM sessions WHERE id = $1").bind(id.0.to_vec()),
        Change::Throttle(key, failures) => query(
            "INSERT INTO throttle (id, version, body) VALUES ($1, 1, $2)
             ON CONFLICT (id) DO UPDATE SET version = throttle.version + 1, body = excluded.body",
        )
        .bind(key.to_vec())
        .bind(body(&failures)?),
        Change::Workspace(workspace) => query(
            "INSERT INTO workspace (id, version, body) VALUES (1, 1, $1)
             ON CONFLICT (id) DO UPDATE SET version = workspace.version + 1, body = excluded.body",
        )
        .bind(body(&workspace)?),
        Change::Case(case) => query(
            "INSERT INTO cases (id, version, target, opener, opened_at, undecided, body) VALUES ($1, 1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET version = cases.version + 1, undecided = excluded.undecided, body = excluded.body",
        )
        .bind(case.id.to_string())
        .bind(case.target.to_string())
        .bind(case.opener.to_string())
        .bind(case.opened_at.0)
        .bind(i64::from(matches!(case.state, CaseState::Open | CaseState::Approved { .. })))
        .bind(body(&case)?),
        Change::HelpRequest(request) => query(
            "INSERT INTO help_requests (account, version, asked_at, undecided, body) VALUES ($1, 1, $2, $3, $4)
             ON CONFLICT (account) DO UPDATE SET version = help_requests.version + 1, asked_at = excluded.asked_at,
                undecided = excluded.undecided, body = excluded.body",
        )
        .bind(request.account.to_string())
        .bind(request.asked_at.0)
        .bind(i64::from(request.dismissed_at.is_none()))
        .bind(body(&request)?),
        Change::Community(community) => query(
            "INSERT INTO communities (id, version, name_folded, body) VALUES ($1, 1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET version = communities.version + 1, name_folded = excluded.name_folded, body = excluded.body",
        )
        .bind(community.id.to_string())
        .bind(folded(community.name.as_str()))
        .bind(body(&community)?),
    };
    statement.execute(connection).await.map_err(of_database)?;
    Ok(())
}

/// How many neighbours of a count are looked at when it is written.
const NEIGHBOURS: i64 = 8;

/// Lets go of dead counts among the neighbours of one that was written. The keys are as good as random, so that every count
/// is looked at sooner or later, and no write ever looks at many.
async fn forget(connection: &mut SqliteConnection, key: &[u8; 32], now: Moment) -> Result<(), StoreError> {
    let mut found: Vec<(Vec<u8>, String)> = query_as("SELECT id, body FROM throttle WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(key.to_vec())
        .bind(NEIGHBOURS)
        .fetch_all(&mut *connection)
        .await
        .map_err(of_database)?;
    let left = NEIGHBOURS - i64::try_from(found.len()).unwrap_or(NEIGHBOURS);
    // Around the end, to the first.
    let first: Vec<(Vec<u8>, String)> = query_as("SELECT id, body FROM throttle WHERE id < $1 ORDER BY id LIMIT $2")
        .bind(key.to_vec())
        .bind(left)
        .fetch_all(&mut *connection)
        .await
        .map_err(of_database)?;
    found.extend(first);
    for (id, body) in found {
        // One that cannot be read stays: whoever asks for it is told.
        if serde_json::from_str::<Failures>(&body).is_ok_and(|failures| failures.is_dead(now)) {
            query("DELETE FROM throttle WHERE id = $1").bind(id).execute(&mut *connection).await.map_err(of_database)?;
        }
    }
    Ok(())
}

async fn write_account(connection: &mut SqliteConnection, account: &Account) -> Result<(), CommitError> {
    let (id, columns) = (account.id.to_string(), Projection::from(account));
    let statement = query(
        "INSERT INTO accounts (id, version, name, name_folded, email, email_folded, state, created_at, body, owner)
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET version = accounts.version + 1, name = excluded.name, name_folded = excluded.name_folded,
            email = excluded.email, email_folded = excluded.email_folded, state = excluded.state, body = excluded.body, owner = excluded.owner",
    )
    .bind(&id)
    .bind(account.name.as_str())
    .bind(columns.name)
    .bind(account.email.as_str())
    .bind(columns.email)
    .bind(columns.state.as_str())
    .bind(account.created_at.0)
    .bind(body(account)?)
    .bind(i64::from(columns.owner));
    statement.execute(&mut *connection).await.map_err(|error| {
        let taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if taken { CommitError::EmailTaken } else { of_database(error).into() }
    })?;
    query("DELETE FROM memberships WHERE account = $1").bind(&id).execute(&mut *connection).await.map_err(of_database)?;
    for membership in &account.memberships {
        query("INSERT INTO memberships (account, community, role) VALUES ($1, $2, $3)")
            .bind(&id)
            .bind(membership.community.to_string())
            .bind(membership.role.as_str())
            .execute(&mut *connection)
            .await
            .map_err(of_database)?;
    }
    Ok(())
}

/// Whoever counted the people of a community before this transaction may have counted too few.
async fn remove_community(connection: &mut SqliteConnection, community: CommunityId) -> Result<(), CommitError> {
    let removed = query("DELETE FROM communities WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM memberships WHERE community = $1)")
        .bind(community.to_string())
        .execute(connection)
        .await
        .map_err(of_database)?;
    if removed.rows_affected() == 1 { Ok(()) } else { Err(CommitError::Conflict) }
}

async fn end_sessions(connection: &mut SqliteConnection, account: AccountId, keep: Option<SessionId>) -> Result<(), StoreError> {
    let statement = match keep {
        None => query("DELETE FROM sessions WHERE account = $1").bind(account.to_string()),
        Some(keep) => query("DELETE FROM sessions WHERE account = $1 AND id <> $2").bind(account.to_string()).bind(keep.0.to_vec()),
    };
    statement.execute(connection).await.map(drop).map_err(of_database)
}

pub(super) fn body(record: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|_| StoreError::Failed("a record could not be written".into()))
}
