//! Opening a vault. Whatever goes wrong, its files stay as they were; an older one is copied before it is brought up to date.

use std::{
    fs::OpenOptions,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use domain::code::Code;
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    Vault,
    connection::{Connections, PAGE, Schema, examine, has_log},
    failure::{CANNOT_OPEN, KeyringError, OpenError, code, of_database},
    folder,
    header::Header,
    keyring::Entry,
    older,
    slot::{Keyed, Keys},
};

/// What opens a vault.
#[derive(Clone, Debug)]
pub enum Unlock {
    /// The passphrase. Slow on purpose: it is put through Argon2id, off the async threads.
    Passphrase(SecretString),
    /// A key that the keyring of this desktop holds.
    Keyring,
    /// The code of the recovery kit.
    Kit(Code),
}

/// Opens a vault with its passphrase.
///
/// # Errors
/// [`OpenError`]: the first that holds, in the order header, lock, passphrase, database.
pub async fn open(root: &Path, id: Uuid, passphrase: &SecretString) -> Result<Vault, OpenError> {
    open_with(root, id, Unlock::Passphrase(passphrase.clone())).await
}

/// Opens a vault.
///
/// # Errors
/// [`OpenError`]: the first that holds, in the order header, lock, way in, database.
pub async fn open_with(root: &Path, id: Uuid, unlock: Unlock) -> Result<Vault, OpenError> {
    let folder = folder::path(root, id);
    let held = blocking(move || hold(folder, id)).await??;
    let (held, keys) = match unlock {
        Unlock::Passphrase(passphrase) => {
            blocking(move || {
                let keys = held.header.open_by_passphrase(&passphrase);
                (held, keys.ok_or(OpenError::PassphraseWrong))
            })
            .await?
        }
        Unlock::Kit(code) => {
            let keys = held.header.open_by_kit(&code).ok_or(OpenError::KitWrong);
            (held, keys)
        }
        Unlock::Keyring => {
            let keys = by_keyring(&held.header).await;
            (held, keys)
        }
    };
    let keys = keys?;
    let held = blocking(move || held.look().map(|()| held)).await??;
    held.enter(keys).await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, OpenError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| OpenError::Failed("the vault could not be read".into()))
}

async fn by_keyring(header: &Header) -> Result<Keys, OpenError> {
    for slot in header.keyring_slots() {
        // A slot of another computer has its entry there.
        let key = match (Entry { vault: header.vault, slot: slot.id }).read().await {
            Err(KeyringError::EntryMissing) => continue,
            other => other?,
        };
        if let Some(keys) = slot.open(Keyed::Keyring, header.place(), &key) {
            return Ok(keys);
        }
    }
    Err(OpenError::KeyringEntryMissing)
}

/// A vault whose lock is ours.
struct Held {
    folder: PathBuf,
    header: Header,
    lock: folder::Lock,
}

fn hold(folder: PathBuf, id: Uuid) -> Result<Held, OpenError> {
    folder::header(&folder, id)?;
    let lock = folder::lock(&folder)?;
    // Read again: before the lock was ours, somebody may have replaced it.
    let header = folder::header(&folder, id)?;
    Ok(Held { folder, header, lock })
}

impl Held {
    /// Whether the file of the database can be what it should be.
    fn look(&self) -> Result<(), OpenError> {
        let database = self.folder.join(self.header.database());
        match OpenOptions::new().read(true).write(true).open(&database).and_then(|file| file.metadata()) {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(OpenError::Damaged("the database is missing".into())),
            Err(error) => Err(error.into()),
            // SQLite takes an empty file for a new database, and fills half a page up with zeros. A log may hold the page
            // that a process died in the middle of.
            Ok(metadata) if metadata.len() == 0 || (metadata.len() % PAGE != 0 && !has_log(&database)) => {
                Err(OpenError::Damaged("the database is cut short".into()))
            }
            Ok(_) => Ok(()),
        }
    }

    async fn enter(self, keys: Keys) -> Result<Vault, OpenError> {
        let Self { folder, header, lock } = self;
        let database = folder.join(header.database());
        let schema = examine(&database, &keys.database).await?;
        let older = match schema {
            Schema::Newer => return Err(OpenError::Newer),
            Schema::Current => None,
            Schema::Older => {
                let (folder, header) = (folder.clone(), header.clone());
                Some(blocking(move || older::keep(&folder, &header)).await??)
            }
        };
        let connections = Connections::open(&database, &keys.database).await.map_err(|error| match code(&error) {
            // The database itself was opened for writing a moment ago: it is the folder that takes no log.
            Some(code) if code & 0xff == CANNOT_OPEN => OpenError::ReadOnly,
            _ => of_database(error).into(),
        })?;
        if schema == Schema::Older
            && let Err(error) = connections.migrate().await
        {
            connections.close().await;
            return Err(error.into());
        }
        folder::tidy(&folder, &header);
        Ok(Vault::new(header, folder, connections, keys, lock, older))
    }
}
