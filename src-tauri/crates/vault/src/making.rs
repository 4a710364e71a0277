//! Making a vault: everything is written first, and the header makes it count.

use std::{
    fs,
    future::Future,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
};

use authority::{SealingKey, StoreError};
use domain::Entropy;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::{
    Vault,
    connection::Connections,
    failure::{OpenError, VaultError},
    folder,
    header::{Header, PairedWith, Slot},
    slot::{Blank, Keys, Place, draw_id},
};

pub(crate) const FIRST_GENERATION: u64 = 1;

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
    prepare_as(root, name, None, passphrase, entropy)
}

/// As [`prepare`], for what a desktop keeps of a workspace on a server.
///
/// # Errors
/// [`VaultError`]; what was made until then is removed again.
pub fn prepare_desk(
    root: &Path,
    name: &str,
    paired: PairedWith,
    passphrase: &SecretString,
    entropy: &mut dyn Entropy,
) -> impl Future<Output = Result<Unpublished, VaultError>> + Send + use<> {
    prepare_as(root, name, Some(paired), passphrase, entropy)
}

fn prepare_as(
    root: &Path,
    name: &str,
    paired: Option<PairedWith>,
    passphrase: &SecretString,
    entropy: &mut dyn Entropy,
) -> impl Future<Output = Result<Unpublished, VaultError>> + Send + use<> {
    let keys = Keys::random(entropy);
    let plan = Plan {
        id: draw_id(entropy),
        root: root.to_owned(),
        name: name.to_owned(),
        paired,
        passphrase: passphrase.expose_secret().into(),
        blank: Blank::random(None, entropy),
    };
    async move {
        let laying = tokio::task::spawn_blocking(move || {
            let place = Place::Vault { vault: plan.id, generation: FIRST_GENERATION };
            let slots = vec![Slot::Passphrase(plan.blank.fill(&keys, place, &plan.passphrase))];
            let header =
                Header { vault: plan.id, name: plan.name, generation: FIRST_GENERATION, restored: None, paired: plan.paired, slots };
            Site::lay(plan.root, header, keys)
        });
        let site = laying.await.map_err(|_| VaultError::Failed("the passphrase could not be used".into()))??;
        match Connections::create(&site.database(), &site.keys.database).await {
            Ok(connections) => Ok(site.occupy(connections)),
            Err(error) => {
                site.clear();
                Err(error.into())
            }
        }
    }
}

struct Plan {
    id: Uuid,
    root: PathBuf,
    name: String,
    paired: Option<PairedWith>,
    passphrase: SecretString,
    blank: Blank,
}

/// The folder of a vault that is being made: locked, with its header to be in it.
pub(crate) struct Site {
    root: PathBuf,
    pub(crate) folder: PathBuf,
    header: Header,
    pub(crate) keys: Keys,
    lock: folder::Lock,
}

impl Site {
    pub(crate) fn lay(root: PathBuf, header: Header, keys: Keys) -> Result<Self, VaultError> {
        fs::create_dir_all(&root)?;
        folder::sweep(&root);
        let folder = folder::path(&root, header.vault);
        folder::make(&folder)?;
        let begun = folder::lock(&folder)
            .map_err(|error| match error {
                OpenError::ReadOnly => VaultError::ReadOnly,
                OpenError::DiskFull => VaultError::DiskFull,
                other => VaultError::Failed(other.to_string()),
            })
            .and_then(|lock| Ok(folder::write_new(&folder.join(folder::HEADER_TO_BE), &header.write()).map(|()| lock)?));
        match begun {
            Ok(lock) => Ok(Self { root, folder, header, keys, lock }),
            Err(error) => {
                remove(&folder);
                Err(error)
            }
        }
    }

    /// Where its database is to be.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join(self.header.database())
    }

    pub(crate) fn occupy(self, connections: Connections) -> Unpublished {
        Unpublished { vault: Vault::new(self.header, self.folder, connections, self.keys, self.lock, None), root: self.root }
    }

    /// Removes it again.
    pub(crate) fn clear(self) {
        remove(&self.folder);
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

    /// Names it anew, for a workspace that says what it is called only while it is made.
    ///
    /// # Errors
    /// [`VaultError`]; the vault is closed and removed.
    pub async fn named(mut self, name: &str) -> Result<Self, VaultError> {
        let header = Header { name: name.to_owned(), ..self.vault.header() };
        let (folder, written) = (self.vault.folder().to_owned(), header.clone());
        let replacing = tokio::task::spawn_blocking(move || folder::replace_header(&folder, &written));
        let replaced = replacing.await.map_err(|_| VaultError::Failed("the header could not be written".into()));
        // Nobody else has it yet: whoever was given the store gave it back.
        let held = Arc::get_mut(&mut self.vault.0).ok_or_else(|| VaultError::Failed("the vault is in use".into()));
        match (replaced, held) {
            (Ok(Ok(())), Ok(held)) => {
                held.name = name.to_owned();
                *held.header.get_mut().unwrap_or_else(PoisonError::into_inner) = header;
                Ok(self)
            }
            (Ok(Err(error)), _) => {
                self.discard().await;
                Err(error.into())
            }
            (Err(error), _) | (_, Err(error)) => {
                self.discard().await;
                Err(error)
            }
        }
    }

    /// Makes it count: from here on it is found and opened, whatever happens.
    ///
    /// # Errors
    /// [`VaultError`]; the vault is closed, and was not published.
    pub async fn publish(self) -> Result<Vault, VaultError> {
        let published = match self.vault.0.connections.read().await.checkpoint().await {
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
        self.vault.0.finder.stop().await;
        self.vault.0.directory.stop().await;
        self.vault.0.connections.read().await.close().await;
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
