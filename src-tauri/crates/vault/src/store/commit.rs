//! Committing: all of a decision in one transaction, or nothing.

mod gathered;

use authority::{
    Commit, CommitError, StoreError,
    store::{Placing, Steps, Watch, apart, folded},
};
use domain::{
    Change,
    case::CaseState,
    id::{AccountId, CommunityId},
    session::SessionId,
};
use gathered::Gathered;
use serde::Serialize;
use sqlx::{Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection, query};

use super::{
    counts,
    directory::{Directory, Effects},
    versions,
};
use crate::failure::of_database;

/// The connection that writes, inside a transaction. Unless that came to a known end, the connection is closed and not
/// used again: SQLite may have ended the transaction by itself, or whoever waited for it may have gone away.
pub(super) struct Writing {
    pub(super) connection: PoolConnection<Sqlite>,
    ended: bool,
}

impl Writing {
    pub(super) async fn begin(writer: &SqlitePool) -> Result<Self, StoreError> {
        let mut writing = Self { connection: writer.acquire().await.map_err(of_database)?, ended: false };
        writing.run("BEGIN IMMEDIATE").await?;
        Ok(writing)
    }

    pub(super) async fn end(mut self, statement: &'static str) -> Result<(), StoreError> {
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
    let written = write(&mut writing.connection, commit, watch).await;
    settled(writing, directory, written).await
}

/// A part of a move.
pub(super) async fn place(writer: &SqlitePool, directory: &Directory, placing: Placing) -> Result<(), CommitError> {
    let mut writing = Writing::begin(writer).await?;
    let written = placed(&mut writing.connection, placing).await;
    settled(writing, directory, written).await
}

/// Everything that a move has brought so far, as long as it is not whole.
pub(super) async fn discard(writer: &SqlitePool, directory: &Directory) -> Result<(), CommitError> {
    let mut writing = Writing::begin(writer).await?;
    let mut effects = Effects::default();
    let written = super::moving::discard(&mut writing.connection).await.map(|gone| {
        gone.into_iter().for_each(|account| effects.remove(account));
        (effects, ())
    });
    settled(writing, directory, written).await
}

async fn settled<T>(writing: Writing, directory: &Directory, written: Result<(Effects, T), CommitError>) -> Result<T, CommitError> {
    match written {
        Ok((effects, answer)) => {
            // Nobody lists people from here until both say the same.
            let settling = directory.settle(effects).await;
            writing.end("COMMIT").await?;
            settling.committed();
            Ok(answer)
        }
        Err(error @ (CommitError::Conflict | CommitError::EmailTaken | CommitError::Stopped)) => {
            writing.end("ROLLBACK").await?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

async fn placed(connection: &mut SqliteConnection, placing: Placing) -> Result<(Effects, ()), CommitError> {
    let Placing { at, read, arrival, entries, changes, removed, imported, drafts } = placing;
    super::moving::rests_on(connection, read).await?;
    super::moving::place_entries(connection, arrival.workspace, &entries).await?;
    let commit = Commit { at, read: Vec::new(), changes, entries: drafts, notices: Vec::new() };
    let (effects, _) = write(connection, commit, &|_, _| std::ops::ControlFlow::Continue(())).await?;
    super::moving::place_beside(connection, &removed, &imported).await?;
    super::moving::note(connection, &arrival).await?;
    Ok((effects, ()))
}

async fn write(connection: &mut SqliteConnection, commit: Commit, watch: Watch<'_>) -> Result<(Effects, Option<u64>), CommitError> {
    let emptied: u64 = commit.changes.iter().map(|change| if let Change::Erase(erase) = change { erase.entries.count() } else { 0 }).sum();
    let mut steps = Steps::of((commit.changes.len() + commit.entries.len()) as u64 + emptied, watch);
    if versions::changed(connection, &commit.read).await? {
        return Err(CommitError::Conflict);
    }
    let (mut effects, mut gathered) = (Effects::default(), Gathered::default());
    let (operations, changes) = apart(commit.changes);
    for change in changes {
        let Some(change) = gathered.take(change) else { continue };
        gathered.write(connection, &mut effects, &mut steps).await?;
        let Some(change) = gathered.take(change) else { continue };
        let counted = if let Change::Throttle(key, _) = &change { Some(*key) } else { None };
        if let Change::Erase(erase) = &change {
            effects.remove(erase.account);
        }
        apply(connection, change, &mut steps).await?;
        steps.step(1)?;
        if let Some(key) = counted {
            counts::forget(connection, &key, commit.at).await?;
        }
    }
    gathered.write(connection, &mut effects, &mut steps).await?;
    let first = super::journal::append(connection, commit.entries, &mut steps).await?;
    super::operations::write(connection, operations, first, commit.at).await?;
    super::mail::write(connection, &commit.notices).await?;
    Ok((effects, first))
}

/// One change, of a kind that stands alone.
pub(super) async fn apply_one(connection: &mut SqliteConnection, change: Change) -> Result<(), StoreError> {
    let watch = |_, _| std::ops::ControlFlow::Continue(());
    apply(connection, change, &mut Steps::of(1, &watch)).await.map_err(|error| StoreError::Failed(error.to_string()))
}

async fn apply(connection: &mut SqliteConnection, change: Change, steps: &mut Steps<'_>) -> Result<(), CommitError> {
    let statement = match change {
        Change::Account(_) | Change::RemoveAccount(_) | Change::ImportItem(..) | Change::CountsOf(..) | Change::Token(_) => {
            unreachable!("they are gathered")
        }
        Change::Operation(..) => unreachable!("they are written last"),
        Change::Mail(mail) => return super::mail::write(connection, std::slice::from_ref(&*mail)).await,
        Change::Report(report) => return Ok(super::mail::write_report(connection, &report).await?),
        Change::RemoveToken(token) => query("DELETE FROM tokens WHERE id = $1").bind(token.to_string()),
        Change::Device(device) => return super::devices::write(connection, &device).await,
        Change::Issuer(issuer) => return super::issuers::write(connection, &issuer).await,
        Change::EndSessionsThrough(device) => return Ok(super::devices::end_sessions(connection, device).await?),
        Change::EndSessions(account, keep) => return Ok(end_sessions(connection, account, keep).await?),
        Change::Checkpoint(checkpoint) => return Ok(super::evidence::keep(connection, &checkpoint).await?),
        Change::RemoveCommunity(community) => return remove_community(connection, community).await,
        Change::Erase(erase) => return super::erasure::erase(connection, &erase, steps).await,
        Change::Import(batch) => return Ok(super::import::write_batch(connection, &batch).await?),
        Change::Session(session) => query(
            "INSERT INTO sessions (id, version, account, device, body) VALUES ($1, 1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET version = sessions.version + 1, account = excluded.account, device = excluded.device,
                body = excluded.body",
        )
        .bind(session.id.0.to_vec())
        .bind(session.account.to_string())
        .bind(session.device.map(|device| device.to_string()))
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
