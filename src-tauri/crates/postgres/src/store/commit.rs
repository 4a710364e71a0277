//! Committing: all of a decision in one transaction, or nothing.

use std::{
    collections::HashSet,
    ops::ControlFlow,
    sync::atomic::{AtomicUsize, Ordering},
};

use authority::{
    Commit, CommitError, StoreError,
    store::{Placing, RecordKey, Steps, Watch, apart},
};
use domain::Change;
use journal::Draft;
use serde::Serialize;
use sqlx::{PgConnection, Postgres, postgres::PgArguments, query::QueryScalar};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{
    brief::{Brief, is_brief},
    numbering::{self, Head, head_if_free, put_off, wait_for_head},
    versions::{Locks, Mark, begin, mark},
};
use crate::{Inner, failure::of_commit, writing::Writing};

/// Counts the commits that go on.
struct Going<'a>(&'a AtomicUsize);

impl<'a> Going<'a> {
    fn one_more(counter: &'a AtomicUsize) -> Self {
        counter.fetch_add(1, Ordering::AcqRel);
        Self(counter)
    }

    fn is_alone(&self) -> bool {
        self.0.load(Ordering::Acquire) == 1
    }
}

impl Drop for Going<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What became of the entries of a commit.
enum Entered {
    Nothing,
    /// The number of the first.
    At(u64),
    /// They wait, under this.
    Later(i64),
}

/// Commits. Only who `asks` for the number of the first entry waits until it has one.
pub(super) async fn commit(store: &Inner, commit: Commit, asks: bool) -> Result<Option<u64>, CommitError> {
    if is_brief(&commit) {
        let going = Going::one_more(&store.going);
        // Who asks and is alone is answered soonest by numbering there and then.
        if !asks || commit.entries.is_empty() || !going.is_alone() {
            let batch = Brief::of(commit)?.commit(store).await?;
            drop(going);
            return Ok(match batch {
                Some(batch) if asks => store.sequencer.number(batch).await,
                _ => None,
            });
        }
    }
    at_length(store, commit, &|_, _| ControlFlow::Continue(()), asks).await
}

/// As [`commit()`], whatever is in it.
pub(super) async fn at_length(store: &Inner, commit: Commit, watch: Watch<'_>, asks: bool) -> Result<Option<u64>, CommitError> {
    let entered = {
        let going = Going::one_more(&store.going);
        let mut locks = Locks::of(&commit);
        let mut writing = Writing::begin(&store.pool, &store.gate, std::mem::take(&mut locks.begin)).await?;
        match write(store, &mut writing, commit, locks, (watch, &going)).await {
            Ok(entered) => {
                writing.commit().await?;
                entered
            }
            Err(error) => {
                writing.undo().await;
                return Err(error);
            }
        }
    };
    Ok(match entered {
        Entered::Nothing => None,
        Entered::At(first) => Some(first),
        Entered::Later(_) if !asks => None,
        Entered::Later(batch) => store.sequencer.number(batch).await,
    })
}

/// A part of a move, alone: nothing else is written before there is a workspace.
pub(super) async fn place(store: &Inner, placing: Placing) -> Result<(), CommitError> {
    let Placing { at, read, arrival, entries, changes, removed, imported, drafts } = placing;
    let commit = Commit { at, read: Vec::new(), changes, entries: drafts, notices: Vec::new() };
    let going = Going::one_more(&store.going);
    let mut locks = Locks::of(&commit);
    locks.begin = begin(Some(true), Vec::new());
    let mut writing = Writing::begin(&store.pool, &store.gate, std::mem::take(&mut locks.begin)).await?;
    let written = async {
        super::moving::note(writing.connection(), read, &arrival).await?;
        numbering::place(writing.connection(), arrival.workspace.0, &entries).await?;
        write(store, &mut writing, commit, locks, (&|_, _| ControlFlow::Continue(()), &going)).await?;
        super::moving::place_beside(writing.connection(), &removed, &imported).await
    };
    match written.await {
        Ok(()) => writing.commit().await,
        Err(error) => {
            writing.undo().await;
            Err(error)
        }
    }
}

/// A commit that is being written.
pub(super) struct Work<'a> {
    pub(super) connection: &'a mut PgConnection,
    pub(super) steps: Steps<'a>,
    absent: HashSet<Mark>,
    workspace: &'a OnceCell<Uuid>,
    /// Once it is held.
    pub(super) head: Option<Head>,
}

impl Work<'_> {
    /// Numbers every entry that is committed. No other is numbered until this commit has ended.
    pub(super) async fn number_all(&mut self) -> Result<(), CommitError> {
        loop {
            let head = wait_for_head(self.connection).await?;
            let (numbered, _) = numbering::number(self.connection, self.workspace, head, Vec::new(), &mut || Ok(())).await?;
            if numbered.len() < numbering::BATCHES {
                break;
            }
        }
        self.head = Some(wait_for_head(self.connection).await?);
        Ok(())
    }

    /// Makes or replaces a record. One that was read as absent must be made by this.
    pub(super) async fn put(&mut self, key: RecordKey, statement: QueryScalar<'_, Postgres, i64, PgArguments>) -> Result<(), CommitError> {
        self.put_unless(key, statement, of_commit).await
    }

    /// As [`Self::put`], where another record may have what there is but once.
    pub(super) async fn put_unless(
        &mut self,
        key: RecordKey,
        statement: QueryScalar<'_, Postgres, i64, PgArguments>,
        taken: impl FnOnce(sqlx::Error) -> CommitError,
    ) -> Result<(), CommitError> {
        let version = statement.fetch_one(&mut *self.connection).await.map_err(taken)?;
        if !self.absent.is_empty() && self.absent.remove(&mark(&key)) && version != 1 {
            return Err(CommitError::Conflict);
        }
        Ok(())
    }
}

async fn write(
    store: &Inner,
    writing: &mut Writing,
    commit: Commit,
    locks: Locks,
    (watch, going): (Watch<'_>, &Going<'_>),
) -> Result<Entered, CommitError> {
    let emptied: u64 = commit.changes.iter().map(|change| if let Change::Erase(erase) = change { erase.entries.count() } else { 0 }).sum();
    let steps = Steps::of((commit.changes.len() + commit.entries.len()) as u64 + emptied, watch);
    locks.hold(writing.connection(), &commit.read).await?;
    // What this commit founds is not known for good before it has ended.
    let founded = OnceCell::new();
    let founds = commit.changes.iter().any(|change| matches!(change, Change::Workspace(_)));
    let workspace = if founds { &founded } else { &*store.workspace };
    let mut work = Work { connection: writing.connection(), steps, absent: locks.absent, workspace, head: None };
    let (operations, changes) = apart(commit.changes);
    for change in changes {
        let counted = if let Change::Throttle(key, _) = &change { Some(*key) } else { None };
        super::records::apply(&mut work, change).await?;
        work.steps.step(1)?;
        if let Some(key) = counted {
            super::throttle::forget(work.connection, &key, commit.at).await?;
        }
    }
    for notice in commit.notices {
        super::mail::write(&mut work, &notice).await?;
    }
    if operations.is_empty() {
        return enter(&mut work, commit.entries, going.is_alone()).await;
    }
    // A verdict is kept with the place of its entry: that is numbered now, after all that waits.
    if !commit.entries.is_empty() && work.head.is_none() {
        work.number_all().await?;
    }
    let entered = enter(&mut work, commit.entries, true).await?;
    let first = if let Entered::At(first) = entered { Some(first) } else { None };
    super::operations::write(&mut work, operations, first, commit.at).await?;
    Ok(entered)
}

/// Numbers the entries now, if nobody else could be held up by it; or leaves them to wait.
async fn enter(work: &mut Work<'_>, entries: Vec<Draft>, alone: bool) -> Result<Entered, CommitError> {
    if entries.is_empty() {
        return Ok(Entered::Nothing);
    }
    let head = match work.head.take() {
        Some(head) => Some(head),
        None if alone => head_if_free(work.connection).await?,
        None => None,
    };
    let Some(head) = head else {
        let workspace = numbering::workspace(work.connection, work.workspace).await?;
        return Ok(Entered::Later(put_off(work.connection, workspace, entries).await?));
    };
    let steps = &mut work.steps;
    let (_, first) = numbering::number(work.connection, work.workspace, head, entries, &mut || steps.step(1)).await?;
    Ok(first.map_or(Entered::Nothing, Entered::At))
}

pub(super) fn body(record: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|_| StoreError::Failed("a record could not be written".into()))
}
