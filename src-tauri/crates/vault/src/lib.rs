//! The encrypted store on SQLCipher and the key slots that open it.
//!
//! A vault is a folder named by its identifier: a header with key slots, a lock file, and one database a generation
//! (FORMATS.md, "Vault folder and header"). The header is the commit point: a folder without one was never finished.

mod connection;
mod failure;
mod folder;
mod header;
mod making;
mod opening;
mod slot;
mod store;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use authority::SealingKey;
use secrecy::{ExposeSecret, SecretBox};
use uuid::Uuid;

pub use failure::{OpenError, VaultError};
pub use folder::{Known, known};
pub use making::{Unpublished, prepare};
pub use opening::open;

use connection::Connections;

/// An open vault. Clones share it: closing one closes all.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    id: Uuid,
    name: String,
    folder: PathBuf,
    connections: Connections,
    sealing: Mutex<Option<SecretBox<[u8; 32]>>>,
    lock: Mutex<Option<File>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("id", &self.0.id).finish_non_exhaustive()
    }
}

impl Vault {
    fn new(id: Uuid, name: String, folder: PathBuf, connections: Connections, sealing: SecretBox<[u8; 32]>, lock: File) -> Self {
        Self(Arc::new(Inner { id, name, folder, connections, sealing: Mutex::new(Some(sealing)), lock: Mutex::new(Some(lock)) }))
    }

    /// The vault's identifier, which names its folder.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.0.id
    }

    /// The name in the header, as the start list shows it. The workspace's own record has the name that counts.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// A copy of the key that seals authenticator secrets. `None` once the vault is closed.
    #[must_use]
    pub fn sealing_key(&self) -> Option<SealingKey> {
        let sealing = self.0.sealing.lock().unwrap_or_else(PoisonError::into_inner);
        sealing.as_ref().map(|key| SealingKey::new(SecretBox::init_with_mut(|copy: &mut [u8; 32]| *copy = *key.expose_secret())))
    }

    /// Closes the vault: waits for what is running, empties the write-ahead log into the database, wipes the sealing
    /// key and lets the lock go. Whatever is asked of the store after fails. Closing twice does nothing.
    pub async fn close(&self) {
        drop(self.0.sealing.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.0.connections.close().await;
        drop(self.0.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
