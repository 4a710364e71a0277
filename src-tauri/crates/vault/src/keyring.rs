//! The keyring of the desktop (Secret Service): one entry of 32 random bytes for each slot that is opened by it.
//!
//! No call prompts: a locked keyring is told as locked. Each is given up on after five seconds, and leaves no thread
//! behind that would keep the program from ending.

use std::{collections::HashMap, future::Future, time::Duration};

use secret_service::{EncryptionType, Error, Item, SecretService};
use tokio::{sync::oneshot, time::timeout};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::failure::KeyringError;

const SERVICE: &str = "Sallyport";
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether a keyring answers, which may be locked. `false` where there is none, and where none is set up.
pub async fn is_there() -> bool {
    bounded(async {
        let service = connect().await?;
        service.get_default_collection().await.map(drop).map_err(sorted)
    })
    .await
    .is_ok()
}

/// Deletes every entry of a vault, as when it is removed from this computer. No entry at all is no error.
///
/// # Errors
/// [`KeyringError`]; some may be left.
pub async fn forget(vault: Uuid) -> Result<(), KeyringError> {
    let vault = vault.to_string();
    bounded(delete_all(HashMap::from([("service", SERVICE), ("vault", &*vault)]))).await
}

/// Which entry: the slot of a vault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) vault: Uuid,
    pub(crate) slot: Uuid,
}

impl Entry {
    fn user(self) -> String {
        format!("{}/{}", self.vault, self.slot)
    }

    /// The key in it.
    pub(crate) async fn read(self) -> Result<Zeroizing<[u8; 32]>, KeyringError> {
        bounded(self.find()).await
    }

    async fn find(self) -> Result<Zeroizing<[u8; 32]>, KeyringError> {
        let service = connect().await?;
        let user = self.user();
        let found = service.search_items(HashMap::from([("service", SERVICE), ("username", &*user)])).await.map_err(sorted)?;
        let Some(item) = found.unlocked.first() else {
            // Some keyrings do not say what is in them while they are locked.
            let locked = !found.locked.is_empty() || is_locked(&service).await?;
            return Err(if locked { KeyringError::Locked } else { KeyringError::EntryMissing });
        };
        let secret = Zeroizing::new(item.get_secret().await.map_err(sorted)?);
        // Somebody has changed it: it is not the entry that was made.
        let key: &[u8; 32] = secret.as_slice().try_into().map_err(|_| KeyringError::EntryMissing)?;
        Ok(Zeroizing::new(*key))
    }

    /// Makes it. When the keyring answers after it was given up on, what it made is deleted again.
    pub(crate) async fn write(self, name: &str, key: Zeroizing<[u8; 32]>) -> Result<(), KeyringError> {
        let label = format!("{SERVICE}: {name}");
        let (told, mut awaited) = oneshot::channel();
        tokio::spawn(async move {
            let made = self.make(&label, key).await;
            if let Err(Ok(())) = told.send(made)
                && let Err(error) = bounded(self.remove()).await
            {
                tracing::warn!(%error, "an entry that came too late stays in the keyring");
            }
        });
        if let Ok(made) = timeout(PATIENCE, &mut awaited).await {
            return made.unwrap_or_else(|_| Err(KeyringError::Failed("it did not finish".into())));
        }
        awaited.close();
        awaited.try_recv().unwrap_or(Err(KeyringError::Silent))
    }

    async fn make(self, label: &str, key: Zeroizing<[u8; 32]>) -> Result<(), KeyringError> {
        let service = connect().await?;
        let collection = service.get_default_collection().await.map_err(sorted)?;
        if collection.is_locked().await.map_err(sorted)? {
            return Err(KeyringError::Locked);
        }
        let (user, vault) = (self.user(), self.vault.to_string());
        let attributes = HashMap::from([("service", SERVICE), ("username", &*user), ("vault", &*vault)]);
        collection.create_item(label, attributes, &*key, true, "application/octet-stream").await.map(drop).map_err(sorted)
    }

    /// Deletes it. One that is not there is no error.
    pub(crate) async fn delete(self) -> Result<(), KeyringError> {
        bounded(self.remove()).await
    }

    async fn remove(self) -> Result<(), KeyringError> {
        let user = self.user();
        delete_all(HashMap::from([("service", SERVICE), ("username", &*user)])).await
    }
}

async fn delete_all(attributes: HashMap<&str, &str>) -> Result<(), KeyringError> {
    let service = connect().await?;
    let found = service.search_items(attributes).await.map_err(sorted)?;
    if !found.locked.is_empty() {
        return Err(KeyringError::Locked);
    }
    for item in &found.unlocked {
        Item::delete(item).await.map_err(sorted)?;
    }
    Ok(())
}

async fn connect() -> Result<SecretService<'static>, KeyringError> {
    // The session's bus or the service is not there, or will not come up: the same to whoever wants a key.
    SecretService::connect(EncryptionType::Dh).await.map_err(|_| KeyringError::Missing)
}

async fn is_locked(service: &SecretService<'_>) -> Result<bool, KeyringError> {
    match service.get_default_collection().await {
        Ok(collection) => collection.is_locked().await.map_err(sorted),
        Err(Error::NoResult) => Ok(false),
        Err(error) => Err(sorted(error)),
    }
}

async fn bounded<T>(asking: impl Future<Output = Result<T, KeyringError>>) -> Result<T, KeyringError> {
    timeout(PATIENCE, asking).await.unwrap_or(Err(KeyringError::Silent))
}

/// Sorts a fault. The words of the keyring are not passed on: they may name what is in it.
#[allow(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn sorted(error: Error) -> KeyringError {
    match error {
        Error::Locked | Error::Prompt => KeyringError::Locked,
        Error::Unavailable | Error::NoResult => KeyringError::Missing,
        _ => KeyringError::Failed("it refused".into()),
    }
}
