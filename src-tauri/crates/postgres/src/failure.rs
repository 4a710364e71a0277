//! What can go wrong, and how the faults of PostgreSQL are sorted.

use authority::{CommitError, StoreError};
use sqlx::migrate::MigrateError;

/// Why a database cannot be used. Nothing in it was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The address is not one.
    #[error("the address of the database cannot be read")]
    Address,
    /// Nobody answers there, or not in TLS where that is asked for.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// Its certificate is not believed, or is another name's. Nothing was said to it.
    #[error("the certificate of the database is not good: {0}")]
    Certificate(String),
    /// User or password are not let in, or there is no such database.
    #[error("the database lets nobody in as this user: {0}")]
    NotAdmitted(String),
    /// The user lacks a right, such as that of making tables.
    #[error("the user of the database lacks a right: {0}")]
    NotAllowed(String),
    /// A newer version of the program wrote it.
    #[error("this database was written by a newer version of the program")]
    Newer,
    /// Its texts are not in UTF-8.
    #[error("the database does not keep its texts in UTF-8")]
    NotUnicode,
    /// It takes no writes: a standby, or set so.
    #[error("the database cannot be written")]
    ReadOnly,
    /// Its disk is full.
    #[error("the disk of the database is full")]
    DiskFull,
    /// Anything else.
    #[error("the database could not be opened: {0}")]
    Failed(String),
}

// SQLSTATE (PostgreSQL manual, appendix A).
const FOREIGN_KEY: &str = "23503";
const READ_ONLY: &str = "25006";
const SERIALIZATION: &str = "40001";
const DEADLOCK: &str = "40P01";
const LOCKED: &str = "55P03";
const DISK_FULL: &str = "53100";
const RIGHT: &str = "42501";
const DATA_CORRUPTED: &str = "XX001";
const INDEX_CORRUPTED: &str = "XX002";

pub(crate) fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error()?.code().map(|code| code.into_owned())
}

/// Sorts a fault of PostgreSQL. Its messages may quote what was to be written: only the code is told.
pub(crate) fn of_database(error: sqlx::Error) -> StoreError {
    match code(&error).as_deref() {
        Some(DISK_FULL) => return StoreError::DiskFull,
        Some(READ_ONLY) => return StoreError::ReadOnly,
        Some(DATA_CORRUPTED | INDEX_CORRUPTED) => return StoreError::Damaged("the database cannot be read".into()),
        Some(code) => return StoreError::Failed(format!("PostgreSQL answered {code}")),
        None => {}
    }
    match error {
        sqlx::Error::Io(error) => StoreError::Failed(format!("the database cannot be reached: {}", error.kind())),
        sqlx::Error::PoolClosed => StoreError::Failed("the database is closed".into()),
        sqlx::Error::PoolTimedOut => StoreError::Failed("the database is busy".into()),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StoreError::Damaged("a record cannot be read".into()),
        error => StoreError::Failed(error.to_string()),
    }
}

/// As [`of_database`], inside a commit: what only says that somebody else was first is a conflict.
pub(crate) fn of_commit(error: sqlx::Error) -> CommitError {
    match code(&error).as_deref() {
        // Whom a row refers to went away meanwhile, or a row that refers to this one came.
        Some(SERIALIZATION | DEADLOCK | LOCKED | FOREIGN_KEY) => CommitError::Conflict,
        _ => of_database(error).into(),
    }
}

/// Of writing a record of which there may be but one with some property: another has it.
pub(crate) fn unless_taken(error: sqlx::Error, taken: CommitError) -> CommitError {
    let is = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
    if is { taken } else { of_commit(error) }
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        let said = || error.as_database_error().map_or_else(String::new, |error| error.message().to_owned());
        match code(&error).as_deref() {
            Some(DISK_FULL) => Self::DiskFull,
            Some(READ_ONLY) => Self::ReadOnly,
            Some(RIGHT) => Self::NotAllowed(said()),
            // Invalid authorization, and no such database.
            Some(code) if code.starts_with("28") || code == "3D000" => Self::NotAdmitted(said()),
            Some(_) => Self::Failed(said()),
            None => match error {
                sqlx::Error::Configuration(_) => Self::Address,
                sqlx::Error::Io(error) => match certificate(&error) {
                    Some(why) => Self::Certificate(why),
                    None => Self::Unreachable(error.kind().to_string()),
                },
                sqlx::Error::Tls(error) => Self::Unreachable(error.to_string()),
                error => Self::Failed(error.to_string()),
            },
        }
    }
}

/// What is wrong with a certificate, if it is that.
fn certificate(error: &std::io::Error) -> Option<String> {
    let said = error.get_ref()?.to_string();
    said.strip_prefix("invalid peer certificate: ").map(str::to_owned)
}

impl From<MigrateError> for OpenError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => Self::Newer,
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            error => Self::Failed(error.to_string()),
        }
    }
}
