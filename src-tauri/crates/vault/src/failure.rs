//! What can go wrong, in closed sets, and how the faults of files and of SQLite are sorted into them.

use std::io::{Error as IoError, ErrorKind};

use authority::StoreError;

/// Why a vault does not open. Nothing in its folder was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// No slot opens with this passphrase. A slot that was changed or moved from another vault looks the same.
    #[error("the passphrase does not open this vault")]
    PassphraseWrong,
    /// Somebody has it open: another process, or this one.
    #[error("this vault is already open")]
    InUse,
    /// Its files are not what they were: missing, cut short, or changed.
    #[error("this vault is damaged: {0}")]
    Damaged(String),
    /// A newer version of the program wrote it.
    #[error("this vault was written by a newer version of the program")]
    Newer,
    /// The disk or the files cannot be written.
    #[error("this vault cannot be written")]
    ReadOnly,
    /// There is no such folder.
    #[error("there is no such vault here")]
    Missing,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// Anything else.
    #[error("the vault could not be opened: {0}")]
    Failed(String),
}

/// Why a vault could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The disk or the folder cannot be written.
    #[error("the folder for workspaces cannot be written")]
    ReadOnly,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// Anything else.
    #[error("the vault could not be made: {0}")]
    Failed(String),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            StoreError::ReadOnly => Self::ReadOnly,
            StoreError::Damaged(what) => Self::Damaged(what),
            StoreError::Failed(why) => Self::Failed(why),
        }
    }
}

impl From<StoreError> for VaultError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            StoreError::ReadOnly => Self::ReadOnly,
            StoreError::Damaged(what) | StoreError::Failed(what) => Self::Failed(what),
        }
    }
}

/// Sorts a fault of a file that was to be written.
pub(crate) fn of_file(error: &IoError) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::DiskFull,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => StoreError::ReadOnly,
        kind => StoreError::Failed(kind.to_string()),
    }
}

impl From<IoError> for OpenError {
    fn from(error: IoError) -> Self {
        of_file(&error).into()
    }
}

impl From<IoError> for VaultError {
    fn from(error: IoError) -> Self {
        of_file(&error).into()
    }
}

// Primary result codes of SQLite (sqlite.org/rescode.html) and a few extended ones.
const READ_ONLY: u32 = 8;
const IO: u32 = 10;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
pub(crate) const CANNOT_OPEN: u32 = 14;
const NOT_A_DATABASE: u32 = 26;
const IO_SHORT_READ: u32 = IO | 2 << 8;
const IO_SHARED_MEMORY_SIZE: u32 = IO | 19 << 8;
const IO_CORRUPT_FILE_SYSTEM: u32 = IO | 33 << 8;

/// The extended result code, where SQLite gave one.
pub(crate) fn code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse().ok()
}

/// Sorts a fault of SQLite. Its messages name tables and columns, never what is in them.
pub(crate) fn of_database(error: sqlx::Error) -> StoreError {
    match (&error, code(&error)) {
        (_, Some(IO_SHORT_READ | IO_CORRUPT_FILE_SYSTEM)) => StoreError::Damaged("the database cannot be read".into()),
        (_, Some(IO_SHARED_MEMORY_SIZE)) => StoreError::DiskFull,
        (_, Some(code)) => match code & 0xff {
            READ_ONLY => StoreError::ReadOnly,
            FULL => StoreError::DiskFull,
            CORRUPT | NOT_A_DATABASE => StoreError::Damaged("the database cannot be read".into()),
            _ => StoreError::Failed(error.to_string()),
        },
        (sqlx::Error::Io(error), _) => of_file(error),
        (sqlx::Error::PoolClosed, _) => StoreError::Failed("the vault is closed".into()),
        (sqlx::Error::PoolTimedOut, _) => StoreError::Failed("the vault is busy".into()),
        (sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_), _) => StoreError::Damaged("a record cannot be read".into()),
        _ => StoreError::Failed(error.to_string()),
    }
}
