//! The ways into an open vault: listing them, adding them, and changing the passphrase.

use std::{future::Future, sync::PoisonError};

use domain::{
    Entropy,
    code::Code,
    kit::{self, Purpose},
    time::Moment,
};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    Kit, Vault,
    failure::ChangeError,
    folder,
    header::{Header, Slot},
    keyring::Entry,
    slot::{Blank, BlankKeyed, Keyed, KeyedSlot, draw_key},
};

/// What opens a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// The passphrase.
    Passphrase,
    /// The keyring of a desktop, this one or another.
    Keyring,
    /// The code of the recovery kit.
    Kit,
    /// Something that this version of the program does not know.
    Unknown,
}

/// A way into a vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotView {
    /// Its identifier; none where the kind is unknown.
    pub id: Option<Uuid>,
    /// What opens it.
    pub kind: SlotKind,
    /// When it was made, where that is known: the first passphrase of a vault carries no time.
    pub made_at: Option<Moment>,
}

impl From<&Slot> for SlotView {
    fn from(slot: &Slot) -> Self {
        let keyed = |kind, slot: &KeyedSlot| Self { id: Some(slot.id), kind, made_at: Some(Moment(slot.made)) };
        match slot {
            Slot::Passphrase(slot) => Self { id: Some(slot.id), kind: SlotKind::Passphrase, made_at: slot.made.map(Moment) },
            Slot::Keyring(slot) => keyed(SlotKind::Keyring, slot),
            Slot::Kit(slot) => keyed(SlotKind::Kit, slot),
            Slot::Other(_) => Self { id: None, kind: SlotKind::Unknown, made_at: None },
        }
    }
}

impl Vault {
    /// The ways in, as they stand in the header.
    #[must_use]
    pub fn slots(&self) -> Vec<SlotView> {
        self.header().slots.iter().map(SlotView::from).collect()
    }

    /// Lets the keyring of this desktop open the vault from now on. Its entry is written first, and deleted again when
    /// the slot could not be.
    ///
    /// All randomness is drawn before this returns; the same holds for every change below.
    ///
    /// # Errors
    /// [`ChangeError`]; the vault and the keyring are as they were.
    pub fn add_keyring_slot(
        &self,
        now: Moment,
        entropy: &mut dyn Entropy,
    ) -> impl Future<Output = Result<SlotView, ChangeError>> + Send + use<> {
        let (vault, blank, key) = (self.clone(), BlankKeyed::random(now, entropy), draw_key(entropy));
        to_the_end(async move {
            let _changing = vault.0.changing.lock().await;
            let (mut header, keys) = (vault.header_with_room()?, vault.keys()?);
            let entry = Entry { vault: header.vault, slot: blank.id };
            entry.write(&header.name, Zeroizing::new(*key.expose_secret())).await?;
            let slot = Slot::Keyring(KeyedSlot::fill(blank, Keyed::Keyring, &keys, header.place(), key.expose_secret()));
            let view = SlotView::from(&slot);
            header.slots.push(slot);
            match vault.replace_header(header).await {
                Ok(()) => Ok(view),
                Err(error) => {
                    if let Err(error) = entry.delete().await {
                        tracing::warn!(%error, "an entry that opens nothing stays in the keyring");
                    }
                    Err(error)
                }
            }
        })
    }

    /// Lets a recovery kit open the vault from now on, where there was none. A kit takes the place of another by
    /// [rotation](Self::rotate): else whoever has the old one and an old copy would still get in.
    ///
    /// # Errors
    /// [`ChangeError`]; the vault is as it was.
    pub fn add_kit(
        &self,
        kit: &Kit,
        now: Moment,
        entropy: &mut dyn Entropy,
    ) -> impl Future<Output = Result<SlotView, ChangeError>> + Send + use<> {
        let (vault, blank) = (self.clone(), BlankKeyed { id: kit.slot(), ..BlankKeyed::random(now, entropy) });
        let key = kit::key(kit.code(), Purpose::Vault);
        to_the_end(async move {
            let _changing = vault.0.changing.lock().await;
            let (mut header, keys) = (vault.header_with_room()?, vault.keys()?);
            if header.kit_slot().is_some() {
                return Err(ChangeError::KitThere);
            }
            let key = key.ok_or(ChangeError::KitWrong)?;
            let slot = Slot::Kit(KeyedSlot::fill(blank, Keyed::Kit, &keys, header.place(), &key));
            let view = SlotView::from(&slot);
            header.slots.push(slot);
            vault.replace_header(header).await.map(|()| view)
        })
    }

    /// Puts another passphrase in the place of this one. The keys stay: a copy of the vault from before still opens
    /// with the passphrase from before. [`rotate`](Self::rotate) after, where that matters.
    ///
    /// # Errors
    /// [`ChangeError`]; the passphrase is the one it was.
    pub fn change_passphrase(
        &self,
        present: &SecretString,
        new: &SecretString,
        now: Moment,
        entropy: &mut dyn Entropy,
    ) -> impl Future<Output = Result<(), ChangeError>> + Send + use<> {
        let present = present.clone();
        self.put_passphrase(
            move |header| header.open_by_passphrase(&present).map(drop).ok_or(ChangeError::PassphraseWrong),
            new,
            now,
            entropy,
        )
    }

    /// Puts another passphrase in the place of one that nobody knows any more: the recovery kit proves that it may be done.
    ///
    /// # Errors
    /// [`ChangeError`]; the passphrase is the one it was.
    pub fn change_passphrase_by_kit(
        &self,
        kit: &Code,
        new: &SecretString,
        now: Moment,
        entropy: &mut dyn Entropy,
    ) -> impl Future<Output = Result<(), ChangeError>> + Send + use<> {
        let kit = kit.clone();
        self.put_passphrase(move |header| header.open_by_kit(&kit).map(drop).ok_or(ChangeError::KitWrong), new, now, entropy)
    }

    fn put_passphrase<P: FnOnce(&Header) -> Result<(), ChangeError> + Send + 'static>(
        &self,
        proof: P,
        new: &SecretString,
        now: Moment,
        entropy: &mut dyn Entropy,
    ) -> impl Future<Output = Result<(), ChangeError>> + Send + use<P> {
        let (vault, blank) = (self.clone(), Blank::random(Some(now), entropy));
        let new = new.clone();
        to_the_end(async move {
            let _changing = vault.0.changing.lock().await;
            let keys = vault.keys()?;
            let header = vault.header();
            let header = slowly(move || {
                proof(&header)?;
                let filled = Slot::Passphrase(blank.fill(&keys, header.place(), &new));
                let others = header.slots.iter().filter(|slot| !matches!(slot, Slot::Passphrase(_))).cloned();
                Ok(Header { slots: std::iter::once(filled).chain(others).collect(), ..header.clone() })
            })
            .await?;
            vault.replace_header(header).await
        })
    }

    /// Whether this passphrase opens the vault. Slow on purpose.
    ///
    /// # Errors
    /// [`ChangeError::PassphraseWrong`] when it does not.
    pub async fn check_passphrase(&self, passphrase: &SecretString) -> Result<(), ChangeError> {
        let (header, passphrase) = (self.header(), passphrase.clone());
        slowly(move || header.open_by_passphrase(&passphrase).map(drop).ok_or(ChangeError::PassphraseWrong)).await
    }

    /// Whether this is the code of the recovery kit that opens the vault.
    ///
    /// # Errors
    /// [`ChangeError::KitWrong`] when it is not.
    pub fn check_kit(&self, kit: &Code) -> Result<(), ChangeError> {
        self.header().open_by_kit(kit).map(drop).ok_or(ChangeError::KitWrong)
    }

    /// The slot of the recovery kit that opens the vault.
    #[must_use]
    pub fn kit_slot(&self) -> Option<Uuid> {
        self.header().kit_slot().map(|slot| slot.id)
    }

    fn header_with_room(&self) -> Result<Header, ChangeError> {
        let header = self.header();
        if header.is_full() { Err(ChangeError::Full) } else { Ok(header) }
    }

    pub(crate) async fn replace_header(&self, header: Header) -> Result<(), ChangeError> {
        let vault = self.clone();
        slowly(move || {
            folder::replace_header(&vault.0.folder, &header)?;
            *vault.0.header.lock().unwrap_or_else(PoisonError::into_inner) = header;
            Ok(())
        })
        .await
    }
}

/// Runs a change to its end, also when nobody waits for it any more: half of it must never be left.
pub(crate) async fn to_the_end<T: Send + 'static>(
    change: impl Future<Output = Result<T, ChangeError>> + Send + 'static,
) -> Result<T, ChangeError> {
    tokio::spawn(change).await.unwrap_or_else(|_| Err(ChangeError::Failed("the change did not finish".into())))
}

pub(crate) async fn slowly<T: Send + 'static>(work: impl FnOnce() -> Result<T, ChangeError> + Send + 'static) -> Result<T, ChangeError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(ChangeError::Failed("the change did not finish".into())))
}
