//! Connections to the database: one that writes and a few that read, all of them keyed.

use std::{path::Path, time::Duration};

use authority::StoreError;
use secrecy::{ExposeSecret, SecretBox};
use sqlx::{
    ConnectOptions, Connection, SqliteConnection, SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePoolOptions, SqliteSynchronous},
};
use zeroize::Zeroizing;

use crate::failure::of_database;

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

fn keyed(file: &Path, key: &SecretBox<[u8; 32]>) -> SqliteConnectOptions {
    let hex = Zeroizing::new(key.expose_secret().iter().fold(String::with_capacity(64), |mut hex, byte| {
        for nibble in [byte >> 4, byte & 15] {
            hex.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
        }
        hex
    }));
    SqliteConnectOptions::new()
        .filename(file)
        // The library would log this statement with the others, and it must stay the first.
        .disable_statement_logging()
        .pragma("key", format!("\"x'{}'\"", hex.as_str()))
        // Faults are returned as errors; standard error is nobody's.
        .pragma("cipher_log_level", "NONE")
        .pragma("cipher_memory_security", "ON")
        .pragma("temp_store", "MEMORY")
        .busy_timeout(Duration::from_secs(5))
}

fn working(file: &Path, key: &SecretBox<[u8; 32]>) -> SqliteConnectOptions {
    keyed(file, key)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-65536")
}

/// Fails unless this program was linked with SQLCipher: stock SQLite takes a key and writes plain text.
pub(crate) async fn require_cipher() -> Result<(), StoreError> {
    let mut connection = SqliteConnectOptions::new().in_memory(true).disable_statement_logging().connect().await.map_err(of_database)?;
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
pub(crate) async fn examine(file: &Path, key: &SecretBox<[u8; 32]>) -> Result<Schema, StoreError> {
    let has_log = has_log(file);
    let options = keyed(file, key).read_only(true);
    let options = if has_log {
        // Exclusive mode keeps the index of the log in memory, so that no file of it appears.
        options.vfs(VFS_WITHOUT_LOCKS).locking_mode(SqliteLockingMode::Exclusive)
    } else {
        options.immutable(true)
    };
    let mut connection = options.connect().await.map_err(of_database)?;
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
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
}

impl Connections {
    /// Makes the database and its tables.
    pub(crate) async fn create(file: &Path, key: &SecretBox<[u8; 32]>) -> Result<Self, StoreError> {
        require_cipher().await?;
        let connections = Self::connect(file, key, true).await?;
        connections.migrate().await?;
        Ok(connections)
    }

    /// Opens a database that was [examined](examine).
    pub(crate) async fn open(file: &Path, key: &SecretBox<[u8; 32]>) -> Result<Self, sqlx::Error> {
        Self::try_connect(file, key, false).await
    }

    async fn connect(file: &Path, key: &SecretBox<[u8; 32]>, create: bool) -> Result<Self, StoreError> {
        Self::try_connect(file, key, create).await.map_err(of_database)
    }

    async fn try_connect(file: &Path, key: &SecretBox<[u8; 32]>, create: bool) -> Result<Self, sqlx::Error> {
        // No connection is given up for its age: opening another one takes longer than a query.
        let pool = || SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        let writer = pool().max_connections(1).connect_with(working(file, key).create_if_missing(create)).await?;
        let readers = pool().max_connections(READERS).connect_lazy_with(working(file, key).pragma("query_only", "ON"));
        Ok(Self { writer, readers })
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
    }
}
