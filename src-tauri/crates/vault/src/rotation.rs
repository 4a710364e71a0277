//! Rotation: the database under a new key, in a new generation, and one header that makes it count.

use std::future::Future;

use domain::{
    Entropy,
    code::Code,
    draw,
    kit::{self, Purpose},
    secret_hash::Opaque,
    time::Moment,
};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    Kit, SlotKind, SlotView, Vault, Watch,
    connection::{Connections, Key},
    copying::{self, copy},
    failure::{ChangeError, KeyringError, of_database},
    folder::{self, stop_at},
    header::{Header, MOST_SLOTS, Slot},
    keyring::Entry,
    slot::{Blank, BlankKeyed, Keyed, KeyedSlot, Keys, Place, draw_key},
    slots::{slowly, to_the_end},
};

/// What becomes of the recovery kit in a rotation. The vault cannot keep it by itself: its key is on paper alone.
#[derive(Clone, Debug)]
pub enum KitAfter {
    /// It stays, and was typed in for that.
    Same(Code),
    /// This one takes its place.
    New(Kit),
    /// There is none any more.
    None,
}

/// What a rotation is to do beside changing the key.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The passphrase, which stays.
    pub passphrase: SecretString,
    /// The slots to remove, all at once: of keyrings, or of the recovery kit (`kit` must then not be [`KitAfter::Same`]).
    pub without: Vec<Uuid>,
    /// What becomes of the recovery kit.
    pub kit: KitAfter,
}

/// All that is random about a rotation.
struct Drawn {
    database: Key,
    passphrase: Blank,
    kit: BlankKeyed,
    nonces: Vec<Opaque<24>>,
}

impl Vault {
    /// Changes the key of the database, and with it the ways in. Other slots than these cannot follow: those of other
    /// computers' keyrings and those of unknown kinds. They are dropped and returned; they can be added again.
    ///
    /// Reading goes on meanwhile, commits wait. Killed at any moment, the vault is the old one or the new one. It can be
    /// stopped by its watch until the new header is written, and needs as much disk as the database takes.
    ///
    /// # Errors
    /// [`ChangeError`]; the vault is as it was, but for [`ChangeError::Closed`].
    pub fn rotate(
        &self,
        rotation: Rotation,
        now: Moment,
        entropy: &mut dyn Entropy,
        watch: Watch,
    ) -> impl Future<Output = Result<Vec<SlotView>, ChangeError>> + Send + use<> {
        let vault = self.clone();
        let drawn = Drawn {
            database: draw_key(entropy),
            passphrase: Blank::random(Some(now), entropy),
            kit: BlankKeyed::random(now, entropy),
            // As many as there can be: slots may come until it is this change's turn.
            nonces: (0..MOST_SLOTS).map(|_| Opaque(draw(entropy))).collect(),
        };
        to_the_end(async move {
            let _changing = vault.0.changing.lock().await;
            vault.rotated(rotation, drawn, &watch).await
        })
    }

    /// Takes a way in away for good, by [rotation](Self::rotate). The passphrase cannot be removed, only changed.
    ///
    /// # Errors
    /// As for [`rotate`](Self::rotate).
    pub fn remove_slot(
        &self,
        slot: Uuid,
        passphrase: &SecretString,
        kit: KitAfter,
        now: Moment,
        entropy: &mut dyn Entropy,
        watch: Watch,
    ) -> impl Future<Output = Result<Vec<SlotView>, ChangeError>> + Send + use<> {
        self.rotate(Rotation { passphrase: passphrase.clone(), without: vec![slot], kit }, now, entropy, watch)
    }

    async fn rotated(&self, rotation: Rotation, drawn: Drawn, watch: &Watch) -> Result<Vec<SlotView>, ChangeError> {
        let (old, keys) = (self.header(), self.keys()?);
        let new_keys = keys.with_database(drawn.database.clone());
        let generation = old.generation.checked_add(1).ok_or_else(|| ChangeError::Failed("there are no more generations".into()))?;
        let removed: Vec<SlotView> =
            rotation.without.iter().map(|id| removable(&old, *id).ok_or(ChangeError::NoSuchSlot)).collect::<Result<_, _>>()?;
        let place = Place::Vault { vault: old.vault, generation };
        let (header, dropped) = next(old.clone(), place, generation, rotation, drawn, &new_keys).await?;

        let database =
            |header: &Header, keys: &Keys| copying::Keyed { file: self.0.folder.join(header.database()), key: keys.database.clone() };
        let (from, to) = (database(&old, &keys), database(&header, &new_keys));
        // What a rotation left that was killed, and whose vault has not been opened since.
        folder::remove_database(&to.file)?;
        let gate = self.0.gate.write().await;
        copy(&from, &to, watch).await?;
        // Its name must be on the disk before a header names it.
        folder::sync(&self.0.folder)?;
        stop_at("database copied");
        if let Err(error) = self.replace_header(header).await {
            // It may be the new one that lies there now, and only the folder could not be put on the disk.
            let ours = folder::header(&self.0.folder, old.vault).is_ok_and(|found| found.generation == old.generation);
            if ours {
                let _gone = folder::remove_database(&to.file);
                return Err(error);
            }
            drop(gate);
            self.shut().await;
            return Err(ChangeError::Closed);
        }
        // From here on the new generation counts, and nothing may be written to the old one.
        let opened = Connections::open(&to.file, &to.key).await.map_err(of_database);
        let mut connections = self.0.connections.write().await;
        match opened {
            Ok(opened) => {
                let before = std::mem::replace(&mut *connections, opened);
                *self.0.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(new_keys);
                drop(connections);
                drop(gate);
                before.close().await;
            }
            Err(error) => {
                tracing::warn!(%error, "the new generation could not be opened");
                drop(connections);
                drop(gate);
                self.shut().await;
                return Err(ChangeError::Closed);
            }
        }
        stop_at("new generation open");
        if let Err(error) = folder::remove_database(&from.file) {
            tracing::warn!(kind = %error.kind(), "the generation before could not be removed");
        }
        for slot in removed.into_iter().filter(|slot| slot.kind == SlotKind::Keyring).filter_map(|slot| slot.id) {
            // A keyring of another computer keeps its entry.
            match (Entry { vault: old.vault, slot }).delete().await {
                Ok(()) | Err(KeyringError::Missing | KeyringError::EntryMissing) => {}
                Err(error) => tracing::warn!(%error, "an entry that opens nothing stays in the keyring"),
            }
        }
        Ok(dropped)
    }
}

fn removable(header: &Header, id: Uuid) -> Option<SlotView> {
    let slots = header.slots.iter().filter(|slot| matches!(slot, Slot::Keyring(_) | Slot::Kit(_)));
    slots.map(SlotView::from).find(|slot| slot.id == Some(id))
}

/// The header of the next generation, and the slots that could not follow.
async fn next(
    old: Header,
    place: Place,
    generation: u64,
    rotation: Rotation,
    drawn: Drawn,
    keys: &Keys,
) -> Result<(Header, Vec<SlotView>), ChangeError> {
    let Rotation { passphrase, without, kit } = rotation;
    let (mut slots, mut dropped) = (Vec::new(), Vec::new());
    let mut entries = Vec::new();
    for (slot, nonce) in old.slots.iter().zip(drawn.nonces) {
        match slot {
            _ if SlotView::from(slot).id.is_some_and(|id| without.contains(&id)) => {}
            Slot::Keyring(keyring) => match (Entry { vault: old.vault, slot: keyring.id }).read().await {
                Ok(key) if keyring.open(Keyed::Keyring, old.place(), &key).is_some() => entries.push((keyring.emptied(nonce), key)),
                Ok(_) | Err(KeyringError::EntryMissing | KeyringError::Missing) => dropped.push(SlotView::from(slot)),
                Err(error) => return Err(error.into()),
            },
            Slot::Other(_) => dropped.push(SlotView::from(slot)),
            Slot::Passphrase(_) | Slot::Kit(_) => {}
        }
    }
    let keys = keys.clone();
    slowly(move || {
        old.open_by_passphrase(&passphrase).ok_or(ChangeError::PassphraseWrong)?;
        slots.push(Slot::Passphrase(drawn.passphrase.fill(&keys, place, &passphrase)));
        for (blank, key) in entries {
            slots.push(Slot::Keyring(KeyedSlot::fill(blank, Keyed::Keyring, &keys, place, &key)));
        }
        let kit = match &kit {
            KitAfter::None => None,
            KitAfter::New(kit) => Some((kit.code(), BlankKeyed { id: kit.slot(), ..drawn.kit })),
            KitAfter::Same(code) => {
                // Only the kit of this vault stays, not one that is removed in the same breath.
                let slot = old.kit_slot().filter(|slot| !without.contains(&slot.id) && old.open_by_kit(code).is_some());
                Some((code, slot.ok_or(ChangeError::KitWrong)?.emptied(drawn.kit.nonce)))
            }
        };
        if let Some((code, blank)) = kit {
            let key = kit::key(code, Purpose::Vault).ok_or(ChangeError::KitWrong)?;
            slots.push(Slot::Kit(KeyedSlot::fill(blank, Keyed::Kit, &keys, place, &key)));
        }
        Ok((Header { generation, slots, ..old }, dropped))
    })
    .await
}
