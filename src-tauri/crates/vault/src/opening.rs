//! Opening a vault. Whatever goes wrong, its files stay as they were.

use std::{
    fs::{File, OpenOptions},
    io::ErrorKind,
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::{
    Vault,
    connection::{Connections, PAGE, Schema, examine, has_log},
    failure::{CANNOT_OPEN, OpenError, code, of_database},
    folder,
    header::{Header, Slot},
    slot::{Keys, Place},
};

/// Opens a vault with its passphrase. Slow on purpose: the passphrase is put through Argon2id, off the async threads.
///
/// # Errors
/// [`OpenError`]: the first that holds, in the order header, lock, passphrase, database.
pub async fn open(root: &Path, id: Uuid, passphrase: &SecretString) -> Result<Vault, OpenError> {
    let folder = folder::path(root, id);
    let passphrase: SecretString = passphrase.expose_secret().into();
    let unlocking = tokio::task::spawn_blocking(move || unlock(folder, id, &passphrase));
    let unlocked = unlocking.await.map_err(|_| OpenError::Failed("the passphrase could not be tried".into()))??;
    unlocked.enter().await
}

struct Unlocked {
    folder: PathBuf,
    header: Header,
    keys: Keys,
    lock: File,
}

fn unlock(folder: PathBuf, id: Uuid, passphrase: &SecretString) -> Result<Unlocked, OpenError> {
    folder::header(&folder, id)?;
    let lock = folder::lock(&folder)?;
    // Read again: before the lock was ours, somebody may have replaced it.
    let header = folder::header(&folder, id)?;
    let place = Place { vault: header.vault, generation: header.generation };
    let keys = header.slots.iter().find_map(|slot| match slot {
        Slot::Passphrase(slot) => slot.open(place, passphrase),
        Slot::Other(_) => None,
    });
    let keys = keys.ok_or(OpenError::PassphraseWrong)?;
    let database = folder.join(header.database());
    match OpenOptions::new().read(true).write(true).open(&database).and_then(|file| file.metadata()) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(OpenError::Damaged("the database is missing".into())),
        Err(error) => return Err(error.into()),
        // SQLite takes an empty file for a new database, and fills half a page up with zeros. A log may hold the page
        // that a process died in the middle of.
        Ok(metadata) if metadata.len() == 0 || (metadata.len() % PAGE != 0 && !has_log(&database)) => {
            return Err(OpenError::Damaged("the database is cut short".into()));
        }
        Ok(_) => {}
    }
    Ok(Unlocked { folder, header, keys, lock })
}

impl Unlocked {
    async fn enter(self) -> Result<Vault, OpenError> {
        let Self { folder, header, keys, lock } = self;
        let database = folder.join(header.database());
        let schema = examine(&database, &keys.database).await?;
        if schema == Schema::Newer {
            return Err(OpenError::Newer);
        }
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
        Ok(Vault::new(header.vault, header.name, folder, connections, keys.sealing, lock))
    }
}
