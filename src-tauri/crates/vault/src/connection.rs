//! Connections to the database: one that writes and a few that read, all of them keyed.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use authority::StoreError;
use secrecy::{ExposeSecret, SecretBox};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, SqlitePool,
    migrate::Migrator,
    raw_sql,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use zeroize::Zeroizing;

use crate::{ending::outlive_connections, failure::of_database};

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");
const READERS: u32 = 4;
/// Without locks: the vault's own lock is held, and a lock taken here would need the file open for writing.
const VFS_WITHOUT_LOCKS: &str = if cfg!(windows) { "win32-none" } else { "unix-none" };

/// SQLCipher's own default, which no file of ours departs from.
pub(crate) const PAGE: u64 = 4096;

/// What a look at the database before opening it found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Schema {
    /// All migrations have run.
    Current,
    /// Some have yet to run.
    Older,
    /// Some have run that this program does not know.
    Newer,
}

/// The key of a database, as every connection to it is given it.
pub(crate) type Key = Arc<SecretBox<[u8; 32]>>;

/// What SQLCipher takes for a raw key: `x'…'`.
pub(crate) fn raw(key: &SecretBox<[u8; 32]>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(67));
    text.push_str("x'");
    for byte in key.expose_secret() {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
        }
    }
    text.push('\'');
    text
}

fn quiet() -> SqliteConnectOptions {
    outlive_connections();
    // The library would log the statement with the key like any other.
    SqliteConnectOptions::new().disable_statement_logging()
}

/// Options without the key: the library would keep it as plain text for as long as the pool lives.
pub(crate) fn unkeyed(file: &Path) -> SqliteConnectOptions {
    quiet().filename(file).foreign_keys(false).busy_timeout(Duration::from_secs(5))
}

const EVERYWHERE: &str = "
    PRAGMA cipher_log_level = NONE; -- Faults are returned as errors; standard error is nobody's.
    PRAGMA temp_store = MEMORY;";
const WORKING: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA foreign_keys = ON;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON; -- As SQLCipher has it: whoever has the key finds no erased person in free pages.
    PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = 4000; -- Whoever writes people by the thousand changes the same pages of the indexes again and again.";
/// For going through everything once.
const READING_THROUGH: &str = "
    PRAGMA query_only = ON;
    PRAGMA cache_size = -4096;";

/// Gives a new connection its key, and then what else is set for it. Nothing of the file is read before.
pub(crate) async fn set_up(connection: &mut SqliteConnection, key: &Key, settings: &'static str) -> Result<(), sqlx::Error> {
    // First of all, though it is not about this database: from here on SQLite wipes what it frees, the text of the next
    // statement included.
    raw_sql("PRAGMA cipher_memory_security = ON").execute(&mut *connection).await?;
    let mut statement = String::with_capacity(90);
    statement.extend(["PRAGMA key = \"", &raw(key), "\""]);
    raw_sql(AssertSqlSafe(statement)).execute(&mut *connection).await?;
    raw_sql(EVERYWHERE).execute(&mut *connection).await?;
    if !settings.is_empty() {
        raw_sql(settings).execute(&mut *connection).await?;
    }
    Ok(())
}

/// One connection, outside the pools.
pub(crate) async fn connect(options: SqliteConnectOptions, key: &Key, settings: &'static str) -> Result<SqliteConnection, sqlx::Error> {
    let mut connection = options.connect().await?;
    match set_up(&mut connection, key, settings).await {
        Ok(()) => Ok(connection),
        Err(error) => {
            // What kept it from being set up is what is told.
            let _closed = connection.close().await;
            Err(error)
        }
    }
}

/// Fails unless this program was linked with SQLCipher: stock SQLite takes a key and writes plain text.
pub(crate) async fn require_cipher() -> Result<(), StoreError> {
    let mut connection = quiet().in_memory(true).connect().await.map_err(of_database)?;
    let version: Option<String> = sqlx::query_scalar("PRAGMA cipher_version").fetch_optional(&mut connection).await.map_err(of_database)?;
    connection.close().await.map_err(of_database)?;
    match version {
        Some(version) if !version.is_empty() => Ok(()),
        _ => Err(StoreError::Failed("the program was built without encryption".into())),
    }
}

/// Whether a process that died left changes which are not in the database yet.
pub(crate) fn has_log(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// Looks at a database without writing a byte: not to it, not beside it.
///
/// Opening it in the ordinary way would make the files of a write-ahead log, and closing it would empty one that is
/// there into the database, before anybody knew whether the schema is one that this program may touch.
pub(crate) async fn examine(file: &Path, key: &Key) -> Result<Schema, StoreError> {
    let has_log = has_log(file);
    let options = unkeyed(file).read_only(true);
    let (options, settings) = if has_log {
        // Exclusive mode keeps the index of the log in memory, so that no file of it appears.
        (options.vfs(VFS_WITHOUT_LOCKS), "PRAGMA locking_mode = EXCLUSIVE")
    } else {
        (options.immutable(true), "")
    };
    let mut connection = connect(options, key, settings).await.map_err(of_database)?;
    let found = schema(&mut connection).await;
    let closed = connection.close().await;
    // Closing tries to empty the log, which a file open for reading refuses: that is the intention.
    if let (false, Err(error)) = (has_log, closed) {
        return Err(of_database(error));
    }
    found
}

async fn schema(connection: &mut SqliteConnection) -> Result<Schema, StoreError> {
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'")
        .fetch_one(&mut *connection)
        .await
        .map_err(of_database)?;
    if tables == 0 {
        return Err(StoreError::Damaged("the database is empty".into()));
    }
    let applied: Vec<(i64, Vec<u8>, bool)> = sqlx::query_as("SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version")
        .fetch_all(&mut *connection)
        .await
        .map_err(of_database)?;
    for (version, checksum, success) in &applied {
        let Some(ours) = MIGRATIONS.iter().find(|migration| migration.version == *version) else { return Ok(Schema::Newer) };
        if !success || *ours.checksum != **checksum {
            return Err(StoreError::Damaged("the database has another schema than its version says".into()));
        }
    }
    Ok(if applied.len() < MIGRATIONS.iter().count() { Schema::Older } else { Schema::Current })
}

/// The connections of an open vault.
pub(crate) struct Connections {
    /// For connections that are yet to be opened. Whoever still holds a closed vault must not hold its key by that.
    key: Arc<Mutex<Option<Key>>>,
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
}

/// What can read the whole database beside the pools of an open vault.
#[derive(Clone)]
pub(crate) struct Source {
    key: Arc<Mutex<Option<Key>>>,
    options: Arc<SqliteConnectOptions>,
    pub(crate) writer: SqlitePool,
}

impl Source {
    /// A connection that only reads, with a small cache. Whoever takes it closes it before the vault is closed.
    pub(crate) async fn connect(&self) -> Result<SqliteConnection, StoreError> {
        let key = self.key.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let key = key.ok_or_else(|| of_database(sqlx::Error::PoolClosed))?;
        connect((*self.options).clone(), &key, READING_THROUGH).await.map_err(of_database)
    }
}

impl Connections {
    /// What reads the whole database beside the pools.
    pub(crate) fn source(&self) -> Source {
        Source { key: Arc::clone(&self.key), options: self.readers.connect_options(), writer: self.writer.clone() }
    }

    /// Makes the database and its tables.
    pub(crate) async fn create(file: &Path, key: &Key) -> Result<Self, StoreError> {
        require_cipher().await?;
        let connections = Self::connect(file, key, true).await.map_err(of_database)?;
        connections.migrate().await?;
        Ok(connections)
    }

    /// Opens a database that was [examined](examine).
    pub(crate) async fn open(file: &Path, key: &Key) -> Result<Self, sqlx::Error> {
        Self::connect(file, key, false).await
    }

    async fn connect(file: &Path, key: &Key, create: bool) -> Result<Self, sqlx::Error> {
        let options = unkeyed(file).create_if_missing(create);
        // A pool would try again for half a minute: what is wrong is found out before, on a connection of its own.
        let first = connect(options.clone(), key, WORKING).await?;
        let held = Arc::new(Mutex::new(Some(Arc::clone(key))));
        let pool = |settings: &'static str| {
            let held = Arc::clone(&held);
            // No connection is given up for its age: opening another one takes longer than a query.
            let pool = SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None).test_before_acquire(false);
            pool.after_connect(move |connection, _| {
                let key = held.lock().unwrap_or_else(PoisonError::into_inner).clone();
                Box::pin(async move {
                    set_up(connection, &key.ok_or(sqlx::Error::PoolClosed)?, WORKING).await?;
                    raw_sql(settings).execute(connection).await.map(drop)
                })
            })
        };
        let writer = pool("PRAGMA query_only = OFF").max_connections(1).connect_with(options.clone()).await;
        // Only now: the last connection to leave would take the log's files with it.
        first.close().await?;
        let options = options.create_if_missing(false);
        let readers = pool("PRAGMA query_only = ON").max_connections(READERS).connect_lazy_with(options);
        Ok(Self { key: held, writer: writer?, readers })
    }

    /// Brings the tables up to date, and the log into the database.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        MIGRATIONS.run(&self.writer).await.map_err(|error| match error {
            sqlx::migrate::MigrateError::Execute(error) | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => of_database(error),
            other => StoreError::Failed(other.to_string()),
        })?;
        self.checkpoint().await
    }

    /// Empties the write-ahead log into the database.
    pub(crate) async fn checkpoint(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await.map(drop).map_err(of_database)
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        if let Err(error) = self.checkpoint().await {
            // Nothing is lost: the log stays, and is replayed when the vault is opened again.
            tracing::warn!(%error, "the write-ahead log could not be emptied");
        }
        self.writer.close().await;
        drop(self.key.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
