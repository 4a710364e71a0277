//! The encrypted store on SQLCipher and the key slots that open it.
//!
//! A vault is a folder named by its identifier: a header with key slots, a lock file, and one database a generation
//! (FORMATS.md, "Vault folder and header"). The header is the commit point: a folder without one was never finished.

mod backup;
mod connection;
mod copying;
mod ending;
mod failure;
mod folder;
mod header;
pub mod keyring;
#[cfg(test)]
mod kills;
mod kit;
mod making;
mod older;
mod opening;
mod restoring;
mod rotation;
mod slot;
mod slots;
mod slotted;
#[cfg(test)]
mod stops;
mod store;
#[cfg(any(test, feature = "fuzz"))]
pub mod strangers;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
mod wrapped;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use authority::SealingKey;
use secrecy::{ExposeSecret, SecretBox};
use tokio::sync::{Mutex as AsyncMutex, RwLock};
use uuid::Uuid;

pub use backup::{BackupView, inspect};
pub use copying::{Progress, Stage, Watch, unwatched};
pub use failure::{ChangeError, KeyringError, OpenError, RestoreError, VaultError};
pub use folder::{Known, Removal, known, sweep};
pub use header::PairedWith;
pub use kit::Kit;
pub use making::{Unpublished, prepare, prepare_desk};
pub use older::OlderCopy;
pub use opening::{Unlock, open, open_with};
pub use restoring::{BackupKey, restore};
pub use rotation::{KitAfter, Rotation};
pub use slots::{SlotKind, SlotView};
pub use store::replica::{Beside, ReplicaPage, ReplicaPerson};
pub use wrapped::{BlankWrap, WrappedSecret};

use connection::Connections;
use header::Header;
use slot::Keys;
use store::{directory::Directory, journal::Finder};

/// An open vault. Clones share it: closing one closes all.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    id: Uuid,
    name: String,
    folder: PathBuf,
    /// Held by one at a time: whatever replaces the header, copies the database or closes it.
    changing: AsyncMutex<()>,
    /// Commits pass it together; a rotation holds it alone.
    gate: RwLock<()>,
    connections: RwLock<Connections>,
    header: Mutex<Header>,
    keys: Mutex<Option<Keys>>,
    lock: Mutex<Option<folder::Lock>>,
    older: Option<OlderCopy>,
    directory: Arc<Directory>,
    finder: Arc<Finder>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("id", &self.0.id).finish_non_exhaustive()
    }
}

impl Vault {
    fn new(header: Header, folder: PathBuf, connections: Connections, keys: Keys, lock: folder::Lock, older: Option<OlderCopy>) -> Self {
        let directory = Arc::new(Directory::default());
        directory.begin(&connections);
        Self(Arc::new(Inner {
            id: header.vault,
            name: header.name.clone(),
            folder,
            changing: AsyncMutex::new(()),
            gate: RwLock::new(()),
            connections: RwLock::new(connections),
            header: Mutex::new(header),
            keys: Mutex::new(Some(keys)),
            lock: Mutex::new(Some(lock)),
            older,
            directory,
            finder: Arc::new(Finder::default()),
        }))
    }

    /// The keys; none once the vault is closed.
    fn keys(&self) -> Result<Keys, ChangeError> {
        self.0.keys.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(ChangeError::Closed)
    }

    fn header(&self) -> Header {
        self.0.header.lock().unwrap_or_else(PoisonError::into_inner).clone()
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

    /// With which server it was paired; `None` for a workspace whose data lies in it.
    #[must_use]
    pub fn paired_with(&self) -> Option<PairedWith> {
        self.header().paired
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// A copy of the key that seals authenticator secrets. `None` once the vault is closed.
    #[must_use]
    pub fn sealing_key(&self) -> Option<SealingKey> {
        let keys = self.keys().ok()?;
        Some(SealingKey::new(SecretBox::init_with_mut(|copy: &mut [u8; 32]| *copy = *keys.sealing.expose_secret())))
    }

    /// Closes the vault: waits for what is running (a backup and a rotation too: stop them first), empties the
    /// write-ahead log into the database, wipes the keys and lets the lock go. Whatever is asked of the store after
    /// fails. Closing twice does nothing.
    pub async fn close(&self) {
        let _changing = self.0.changing.lock().await;
        self.shut().await;
    }

    /// Closes it, for whoever holds `changing` already.
    async fn shut(&self) {
        drop(self.0.keys.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.0.finder.stop().await;
        self.0.directory.stop().await;
        self.0.connections.read().await.close().await;
        self.0.directory.close().await;
        self.0.finder.forget().await;
        drop(self.0.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
