//! The store on PostgreSQL.
//!
//! The database is the only state: any number of processes use one at the same time, and any of them may die. Secrets in it
//! are sealed by whoever calls, with a key that is not here.
//!
//! **Versions.** A commit locks the records that it read, in one order for everybody, and looks at their versions under those
//! locks; so what is spent once is spent once, from whichever process. The workspace and its communities, which nearly every
//! commit reads and nearly none writes, are held by one shared lock instead, so that reading them writes nothing.
//!
//! **The journal.** Entries are committed with their change. Who is alone numbers them there and then; with others at work they
//! wait without a number, and one sequencer a process numbers all that wait in one go. Whoever numbers holds the row of
//! `journal_head`, whichever process it is in. Whoever reads the journal has what waits numbered first.

mod connecting;
mod failure;
mod sequencer;
mod store;
mod writing;

use std::{
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use authority::StoreError;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{PgPool, query_scalar};
use tokio::sync::OnceCell;
use uuid::Uuid;

pub use failure::OpenError;

use failure::of_database;
use sequencer::Sequencer;
use store::standing::Remembered;
use writing::Gate;

/// How a database is used.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Connections at most, for records; one more numbers the journal.
    pub connections: u32,
    /// How long is waited for a free connection.
    pub patience: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { connections: 16, patience: Duration::from_secs(10) }
    }
}

/// A workspace's database. Clones are the same one.
#[derive(Clone)]
pub struct Postgres(Arc<Inner>);

pub(crate) struct Inner {
    pool: PgPool,
    gate: Arc<Gate>,
    sequencer: Sequencer,
    /// The workspace's identifier, once it was founded. It never changes.
    workspace: Arc<OnceCell<Uuid>>,
    remembered: Remembered,
    /// Commits that go on in this process.
    going: AtomicUsize,
}

impl Postgres {
    /// Connects, and brings the schema up to date; several processes may do so at once.
    ///
    /// `url` is libpq's: `postgres://user:password@host:port/database?sslmode=…`, also with the folder of a socket as `host`.
    /// Where it leaves the machine and does not say `sslmode`, the server's certificate must be trusted and bear the host's name.
    ///
    /// # Errors
    /// Why not. Nothing is changed then.
    pub async fn open(url: &SecretString, settings: &Settings) -> Result<Self, OpenError> {
        let options = connecting::options(url.expose_secret())?;
        connecting::bring_up(&options).await?;
        let pool = connecting::pool(&options, settings.connections, settings.patience);
        let workspace = Arc::new(OnceCell::new());
        // A connection of its own: those that wait for a number must not keep it from giving them.
        let numbering = connecting::pool(&options, 1, settings.patience);
        let sequencer = Sequencer::start(numbering, Arc::clone(&workspace));
        Ok(Self(Arc::new(Inner {
            pool,
            gate: Arc::default(),
            sequencer,
            workspace,
            remembered: Remembered::default(),
            going: AtomicUsize::new(0),
        })))
    }

    /// Whether the database answers, and nobody has brought it to a newer schema meanwhile.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn ready(&self) -> Result<(), StoreError> {
        let schema: i64 = query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&self.0.pool).await.map_err(of_database)?;
        if schema == connecting::schema() { Ok(()) } else { Err(StoreError::Failed("the database has another schema by now".into())) }
    }

    /// How many connections for records there are, and how many of them nobody uses.
    #[must_use]
    pub fn connections(&self) -> (u32, u32) {
        (self.0.pool.size(), u32::try_from(self.0.pool.num_idle()).unwrap_or(u32::MAX))
    }

    /// How many entries of the journal wait for their number.
    ///
    /// # Errors
    /// Whatever kept it from reading.
    pub async fn unnumbered(&self) -> Result<u64, StoreError> {
        let count: i64 = query_scalar("SELECT count(*) FROM journal_pending").fetch_one(&self.0.pool).await.map_err(of_database)?;
        store::number(count)
    }

    /// How many connections of others there were before the first of this one: whoever serves this database now.
    ///
    /// # Errors
    /// Whatever kept it from reading.
    pub async fn others(&self) -> Result<u64, StoreError> {
        let count: i64 = query_scalar(
            "SELECT count(*) FROM pg_stat_activity AS other, pg_stat_activity AS me
             WHERE me.pid = pg_backend_pid() AND other.datname = me.datname AND other.pid <> me.pid AND other.application_name = me.application_name
                AND other.backend_start < me.backend_start",
        )
        .fetch_one(&self.0.pool)
        .await
        .map_err(of_database)?;
        store::number(count)
    }

    /// Ends every connection once whatever goes on has ended. Nothing can be asked of it afterwards.
    pub async fn close(&self) {
        self.0.gate.settled().await;
        self.0.sequencer.stop().await;
        self.0.pool.close().await;
    }
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postgres")
    }
}
