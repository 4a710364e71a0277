//! Numbers what was committed without a number: one task a process, which does so for all who wait at once.

use std::{sync::Arc, time::Duration};

use authority::{CommitError, StoreError};
use sqlx::{PgPool, query_as, query_scalar};
use tokio::{
    sync::{Mutex, OnceCell, mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};
use uuid::Uuid;

use crate::{
    failure::of_database,
    store::numbering::{self, Batches, number},
    writing::{Gate, Writing},
};

/// So often it is looked whether something waits that nobody in this process asked for: entries of a process that died.
const EVERY: Duration = Duration::from_millis(500);
/// So long somebody waits for a number. After that the entry is there all the same, and is numbered later.
const PATIENCE: Duration = Duration::from_secs(4);
/// Another process that numbers is waited for.
const BEGIN: &str = "BEGIN; SET LOCAL lock_timeout = '3s'";

/// Somebody who waits: for the first number of a batch, or until nothing waits that was there before they asked.
struct Asked {
    batch: Option<i64>,
    answer: oneshot::Sender<Option<u64>>,
}

pub(crate) struct Sequencer {
    asking: Mutex<Option<mpsc::UnboundedSender<Asked>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Sequencer {
    pub(crate) fn start(pool: PgPool, workspace: Arc<OnceCell<Uuid>>) -> Self {
        let (asking, asked) = mpsc::unbounded_channel();
        let task = tokio::spawn(Task { pool, gate: Arc::default(), workspace, failing: false }.run(asked));
        Self { asking: Mutex::new(Some(asking)), task: Mutex::new(Some(task)) }
    }

    /// The number of the first entry of a batch; `None` if it has none yet after a while.
    pub(crate) async fn number(&self, batch: i64) -> Option<u64> {
        self.ask(Some(batch)).await
    }

    /// Has everything numbered that is committed now.
    pub(crate) async fn settle(&self) {
        self.ask(None).await;
    }

    async fn ask(&self, batch: Option<i64>) -> Option<u64> {
        let asking = self.asking.lock().await.clone()?;
        let (answer, answered) = oneshot::channel();
        asking.send(Asked { batch, answer }).ok()?;
        timeout(PATIENCE, answered).await.ok()?.ok()?
    }

    pub(crate) async fn stop(&self) {
        drop(self.asking.lock().await.take());
        if let Some(task) = self.task.lock().await.take() {
            // It ends by itself once nobody can ask.
            let _ended = task.await;
        }
    }
}

struct Task {
    pool: PgPool,
    gate: Arc<Gate>,
    workspace: Arc<OnceCell<Uuid>>,
    failing: bool,
}

impl Task {
    async fn run(mut self, mut asked: mpsc::UnboundedReceiver<Asked>) {
        loop {
            let mut waiting = Vec::new();
            match timeout(EVERY, asked.recv()).await {
                Ok(None) => break,
                Ok(Some(first)) => waiting.push(first),
                Err(_) => {}
            }
            while let Ok(more) = asked.try_recv() {
                waiting.push(more);
            }
            let outcome = self.turn(&waiting).await;
            let numbers = match outcome {
                Ok(numbers) => {
                    self.failing = false;
                    numbers
                }
                Err(error) => {
                    // Said once, not twice a second while a database is away.
                    if !std::mem::replace(&mut self.failing, true) {
                        tracing::warn!(%error, "entries of the journal wait for their numbers");
                    }
                    Batches::new()
                }
            };
            for Asked { batch, answer } in waiting {
                // Whoever does not wait any more has nothing to be told.
                let _gone = answer.send(batch.and_then(|batch| numbers.get(&batch).copied()));
            }
        }
        // What nobody asked for would wait for another process.
        if let Err(error) = self.turn(&[]).await {
            tracing::warn!(%error, "entries of the journal wait for their numbers");
        }
        self.pool.close().await;
    }

    async fn turn(&self, waiting: &[Asked]) -> Result<Batches, StoreError> {
        if waiting.is_empty() {
            let any: bool =
                query_scalar("SELECT EXISTS (SELECT 1 FROM journal_pending)").fetch_one(&self.pool).await.map_err(of_database)?;
            if !any {
                return Ok(Batches::new());
            }
        }
        let mut numbers = Batches::new();
        loop {
            let numbered = self.once().await.map_err(|error| match error {
                CommitError::Store(error) => error,
                _ => StoreError::Failed("somebody else numbers the journal".into()),
            })?;
            let more = numbered.len() >= numbering::BATCHES;
            numbers.extend(numbered);
            if !more {
                break;
            }
        }
        // Another process was quicker.
        let missing: Vec<i64> = waiting.iter().filter_map(|asked| asked.batch).filter(|batch| !numbers.contains_key(batch)).collect();
        if !missing.is_empty() {
            let found: Vec<(i64, i64)> = query_as("SELECT batch, min(idx) FROM journal WHERE batch = ANY($1) GROUP BY batch")
                .bind(missing)
                .fetch_all(&self.pool)
                .await
                .map_err(of_database)?;
            for (batch, first) in found {
                numbers.insert(batch, crate::store::number(first)?);
            }
        }
        Ok(numbers)
    }

    async fn once(&self) -> Result<Batches, CommitError> {
        let mut writing = Writing::begin(&self.pool, &self.gate, BEGIN.into()).await?;
        match self.numbered(&mut writing).await {
            Ok(numbers) => {
                writing.commit().await?;
                Ok(numbers)
            }
            Err(error) => {
                writing.undo().await;
                Err(error)
            }
        }
    }

    async fn numbered(&self, writing: &mut Writing) -> Result<Batches, CommitError> {
        let head = numbering::wait_for_head(writing.connection()).await?;
        let (numbered, _) = number(writing.connection(), &self.workspace, head, Vec::new(), &mut || Ok(())).await?;
        Ok(numbered)
    }
}
