//! What can go wrong, in closed sets, and how the faults of files and of SQLite are sorted into them.

use std::io::{Error as IoError, ErrorKind};

use authority::StoreError;

/// Why a vault does not open. Nothing in its folder was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// No slot opens with this passphrase. A slot that was changed or moved from another vault looks the same.
    #[error("the passphrase does not open this vault")]
    PassphraseWrong,
    /// The code is not that of this vault's recovery kit, or it has none.
    #[error("the recovery kit does not open this vault")]
    KitWrong,
    /// No keyring answers on this computer, or none is set up.
    #[error("there is no keyring on this computer")]
    KeyringMissing,
    /// The keyring is open, and what opens this vault is not in it.
    #[error("the keyring holds no key that opens this vault")]
    KeyringEntryMissing,
    /// The keyring is locked.
    #[error("the keyring is locked")]
    KeyringLocked,
    /// The keyring did not answer in time.
    #[error("the keyring does not answer")]
    KeyringSilent,
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

/// Why the keyring did not do what was asked of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// No keyring answers on this computer, or none is set up.
    #[error("there is no keyring on this computer")]
    Missing,
    /// The keyring is open, and the entry is not in it.
    #[error("the keyring holds no such entry")]
    EntryMissing,
    /// The keyring is locked.
    #[error("the keyring is locked")]
    Locked,
    /// The keyring did not answer in time.
    #[error("the keyring does not answer")]
    Silent,
    /// Anything else.
    #[error("the keyring failed: {0}")]
    Failed(String),
}

impl From<KeyringError> for OpenError {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::Missing => Self::KeyringMissing,
            KeyringError::EntryMissing => Self::KeyringEntryMissing,
            KeyringError::Locked => Self::KeyringLocked,
            KeyringError::Silent => Self::KeyringSilent,
            KeyringError::Failed(_) => Self::Failed(error.to_string()),
        }
    }
}

/// Why an open vault could not be changed or backed up. It is as it was, unless the reason says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// No slot opens with this passphrase.
    #[error("the passphrase does not open this vault")]
    PassphraseWrong,
    /// The code is not that of this vault's recovery kit.
    #[error("the recovery kit does not open this vault")]
    KitWrong,
    /// There is a recovery kit already: a new one takes its place by rotation.
    #[error("this vault has a recovery kit already")]
    KitThere,
    /// No such slot, or one that cannot be removed: the passphrase is changed, never removed.
    #[error("there is no such way in that could be removed")]
    NoSuchSlot,
    /// No such older copy.
    #[error("there is no such copy")]
    NoSuchCopy,
    /// No more slots fit.
    #[error("this vault has as many ways in as it can have")]
    Full,
    /// The keyring did not do its part.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// Whoever watched it asked to stop.
    #[error("it was stopped")]
    Cancelled,
    /// The disk or the folder cannot be written.
    #[error("the folder cannot be written")]
    ReadOnly,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// What was read cannot be copied: the vault is damaged.
    #[error("this vault is damaged: {0}")]
    Damaged(String),
    /// The vault is closed. After a rotation that says this, the change was made, and opening the vault again finds it.
    #[error("the vault is closed")]
    Closed,
    /// Anything else.
    #[error("the vault could not be changed: {0}")]
    Failed(String),
}

/// Why a backup could not be read or restored. Nothing is left of what was begun.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// The file is something else.
    #[error("this file is no backup")]
    NotABackup,
    /// A newer version of the program wrote it.
    #[error("this backup was written by a newer version of the program")]
    Newer,
    /// It is cut short, or was changed.
    #[error("this backup is damaged: {0}")]
    Damaged(String),
    /// The passphrase is not the one that the vault had when the backup was taken.
    #[error("the passphrase does not open this backup")]
    PassphraseWrong,
    /// The code is not that of the kit that the vault had when the backup was taken, or it had none.
    #[error("the recovery kit does not open this backup")]
    KitWrong,
    /// Whoever watched it asked to stop.
    #[error("it was stopped")]
    Cancelled,
    /// The disk or the folder for workspaces cannot be written.
    #[error("the folder for workspaces cannot be written")]
    ReadOnly,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// Anything else.
    #[error("the backup could not be restored: {0}")]
    Failed(String),
}

impl From<VaultError> for RestoreError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::ReadOnly => Self::ReadOnly,
            VaultError::DiskFull => Self::DiskFull,
            VaultError::Failed(why) => Self::Failed(why),
        }
    }
}

/// Why a copy of a database came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CopyError {
    #[error("it was stopped")]
    Cancelled,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<IoError> for CopyError {
    fn from(error: IoError) -> Self {
        Self::Store(of_file(&error))
    }
}

impl From<CopyError> for ChangeError {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Cancelled => Self::Cancelled,
            CopyError::Store(error) => error.into(),
        }
    }
}

impl From<CopyError> for RestoreError {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Cancelled => Self::Cancelled,
            CopyError::Store(StoreError::DiskFull) => Self::DiskFull,
            CopyError::Store(StoreError::ReadOnly) => Self::ReadOnly,
            CopyError::Store(StoreError::Damaged(what)) => Self::Damaged(what),
            CopyError::Store(StoreError::Failed(why)) => Self::Failed(why),
        }
    }
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            StoreError::ReadOnly => Self::ReadOnly,
            StoreError::Damaged(what) => Self::Damaged(what),
            StoreError::Failed(why) => Self::Failed(why),
        }
    }
}

impl From<IoError> for ChangeError {
    fn from(error: IoError) -> Self {
        of_file(&error).into()
    }
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
