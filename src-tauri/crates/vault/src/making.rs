//! Making a vault: everything is written first, and the header makes it count.

use std::{
    fs::{self, File},
    future::Future,
    path::{Path, PathBuf},
};

use authority::{SealingKey, StoreError};
use domain::{Entropy, draw};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::{
    Vault,
    connection::Connections,
    failure::{OpenError, VaultError},
    folder,
    header::{Header, Slot},
    slot::{Blank, Keys, Place},
};

const FIRST_GENERATION: u64 = 1;

/// A vault that is whole but for its header. Nobody finds it until it is [published](Self::publish); dropped before,
/// it is swept away by a later [`prepare`].
#[derive(Debug)]
pub struct Unpublished {
    vault: Vault,
    root: PathBuf,
}

/// Makes a vault in a folder of its own under `root`, which is made too where it is missing.
///
/// All randomness is drawn before this returns; the future is the slow part.
///
/// # Errors
/// [`VaultError`]; what was made until then is removed again.
pub fn prepare(
    root: &Path,
    name: &str,
    passphrase: &SecretString,
    entropy: &mut dyn Entropy,
) -> impl Future<Output = Result<Unpublished, VaultError>> + Send + use<> {
    let keys = Keys::random(entropy);
    let plan = Plan {
        id: uuid::Builder::from_random_bytes(draw(entropy)).into_uuid(),
        root: root.to_owned(),
        name: name.to_owned(),
        passphrase: passphrase.expose_secret().into(),
        blank: Blank::random(entropy),
    };
    async move {
        let (root, folder, id) = (plan.root.clone(), folder::path(&plan.root, plan.id), plan.id);
        let name = plan.name.clone();
        let laying = tokio::task::spawn_blocking(move || plan.lay(&keys).map(|laid| (laid, keys)));
        let laid = laying.await.map_err(|_| VaultError::Failed("the passphrase could not be used".into()))?;
        let made = match laid {
            Ok(((lock, database), keys)) => {
                let connections = Connections::create(&folder.join(database), &keys.database).await;
                connections
                    .map(|connections| Vault::new(id, name, folder.clone(), connections, keys.sealing, lock))
                    .map_err(VaultError::from)
            }
            Err(error) => Err(error),
        };
        match made {
            Ok(vault) => Ok(Unpublished { vault, root }),
            Err(error) => {
                remove(&folder);
                Err(error)
            }
        }
    }
}

struct Plan {
    id: Uuid,
    root: PathBuf,
    name: String,
    passphrase: SecretString,
    blank: Blank,
}

impl Plan {
    /// Makes the folder, takes its lock and writes the header to be. Says what the database is to be called.
    fn lay(self, keys: &Keys) -> Result<(File, String), VaultError> {
        fs::create_dir_all(&self.root)?;
        folder::sweep(&self.root);
        let folder = folder::path(&self.root, self.id);
        folder::make(&folder)?;
        let lock = folder::lock(&folder).map_err(|error| match error {
            OpenError::ReadOnly => VaultError::ReadOnly,
            OpenError::DiskFull => VaultError::DiskFull,
            other => VaultError::Failed(other.to_string()),
        })?;
        let place = Place { vault: self.id, generation: FIRST_GENERATION };
        let slot = self.blank.fill(keys, place, &self.passphrase);
        let header = Header { vault: self.id, name: self.name, generation: FIRST_GENERATION, slots: vec![Slot::Passphrase(slot)] };
        folder::write_new(&folder.join(folder::HEADER_TO_BE), &header.write())?;
        Ok((lock, header.database()))
    }
}

impl Unpublished {
    /// The store, to be filled before anybody can find it. It stays the same vault once published.
    #[must_use]
    pub fn store(&self) -> &Vault {
        &self.vault
    }

    /// A copy of the key that seals authenticator secrets.
    ///
    /// # Panics
    /// When the vault was closed through [`store`](Self::store).
    #[must_use]
    pub fn sealing_key(&self) -> SealingKey {
        self.vault.sealing_key().expect("an unpublished vault is open")
    }

    /// Makes it count: from here on it is found and opened, whatever happens.
    ///
    /// # Errors
    /// [`VaultError`]; the vault is closed, and was not published.
    pub async fn publish(self) -> Result<Vault, VaultError> {
        let published = match self.vault.0.connections.checkpoint().await {
            Ok(()) => {
                let (folder, root) = (self.vault.folder().to_owned(), self.root.clone());
                let renaming = tokio::task::spawn_blocking(move || rename(&folder, &root));
                renaming.await.map_err(|_| StoreError::Failed("the header could not be written".into())).and_then(|done| done)
            }
            Err(error) => Err(error),
        };
        match published {
            Ok(()) => Ok(self.vault),
            Err(error) => {
                self.discard().await;
                Err(error.into())
            }
        }
    }

    /// Closes it and removes it.
    pub async fn discard(self) {
        let folder = self.vault.folder().to_owned();
        self.vault.0.connections.close().await;
        // While the lock is held: nobody else begins to sweep the same folder.
        remove(&folder);
        self.vault.close().await;
    }
}

fn rename(folder: &Path, root: &Path) -> Result<(), StoreError> {
    let steps = || {
        folder::sync(folder)?;
        fs::rename(folder.join(folder::HEADER_TO_BE), folder.join(folder::HEADER))?;
        folder::sync(folder)?;
        folder::sync(root)
    };
    steps().map_err(|error: std::io::Error| crate::failure::of_file(&error))
}

fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder) {
        tracing::warn!(kind = %error.kind(), "a vault that was not finished could not be removed");
    }
}
