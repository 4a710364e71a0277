//! Transactions that write, and what becomes of those that nobody waits for any more.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use authority::CommitError;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, pool::PoolConnection, raw_sql};
use tokio::{runtime::Handle, sync::Notify, time::timeout};

use crate::failure::of_commit;

/// How long is waited for the end of a transaction that nobody waits for.
const ENDING: Duration = Duration::from_secs(5);

/// Knows of the transactions that were given up and have not ended yet. Whoever commits in this process waits for them, so that
/// nothing that was given up happens after what came later.
#[derive(Default)]
pub(crate) struct Gate {
    ending: AtomicUsize,
    ended: Notify,
}

impl Gate {
    /// Waits until none is left.
    pub(crate) async fn settled(&self) {
        loop {
            let mut ended = std::pin::pin!(self.ended.notified());
            // Before the look, so that no end is missed between the two.
            ended.as_mut().enable();
            if self.ending.load(Ordering::Acquire) == 0 {
                return;
            }
            ended.await;
        }
    }
}

/// Held for as long as a given-up transaction has not ended.
struct Ending(Arc<Gate>);

impl Ending {
    fn of(gate: &Arc<Gate>) -> Self {
        gate.ending.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(gate))
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.ending.fetch_sub(1, Ordering::AcqRel);
        self.0.ended.notify_waiters();
    }
}

/// A connection inside a transaction.
pub(crate) struct Writing {
    /// What is said after a transaction that nobody waits for: nothing of it goes on then.
    end: &'static str,
    /// Until it is known how the transaction ended.
    connection: Option<PoolConnection<Postgres>>,
    gate: Arc<Gate>,
}

impl Writing {
    /// For a transaction of one statement, which begins and ends with it. [`Self::over`] says that it has.
    pub(crate) async fn of_one_statement(pool: &PgPool, gate: &Arc<Gate>) -> Result<Self, CommitError> {
        gate.settled().await;
        let connection = pool.acquire().await.map_err(of_commit)?;
        Ok(Self { end: "SELECT 1", connection: Some(connection), gate: Arc::clone(gate) })
    }

    /// Begins one. `begin` is its first statement, or several of which `BEGIN` is the first.
    pub(crate) async fn begin(pool: &PgPool, gate: &Arc<Gate>, begin: String) -> Result<Self, CommitError> {
        gate.settled().await;
        let connection = pool.acquire().await.map_err(of_commit)?;
        let mut writing = Self { end: "ROLLBACK", connection: Some(connection), gate: Arc::clone(gate) };
        match raw_sql(AssertSqlSafe(begin)).execute(writing.connection()).await {
            Ok(_) => Ok(writing),
            Err(error) => {
                writing.undo().await;
                Err(of_commit(error))
            }
        }
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("a transaction that ended is not used")
    }

    pub(crate) async fn commit(mut self) -> Result<(), CommitError> {
        let ended = raw_sql("COMMIT").execute(self.connection()).await;
        // One that PostgreSQL refused has undone the transaction.
        self.over(matches!(ended, Ok(_) | Err(sqlx::Error::Database(_))));
        ended.map(drop).map_err(of_commit)
    }

    /// Undoes all of it. That this fails changes nothing: without its connection no transaction goes on.
    pub(crate) async fn undo(mut self) {
        let ended = raw_sql("ROLLBACK").execute(self.connection()).await;
        self.over(ended.is_ok());
    }

    /// The transaction has ended. Unless that is known from PostgreSQL itself, the connection is not used again.
    pub(crate) fn over(&mut self, well: bool) {
        if let (Some(mut connection), false) = (self.connection.take(), well) {
            connection.close_on_drop();
        }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let (ending, end) = (Ending::of(&self.gate), self.end);
        let Ok(runtime) = Handle::try_current() else {
            connection.close_on_drop();
            return;
        };
        runtime.spawn(async move {
            // Whatever was asked of the connection is answered before this: a COMMIT that was on its way has happened.
            let ended = timeout(ENDING, raw_sql(end).execute(&mut *connection)).await;
            if !matches!(ended, Ok(Ok(_))) {
                connection.close_on_drop();
            }
            drop(ending);
        });
    }
}
