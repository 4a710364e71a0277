//! Key slots: the vault's two keys, wrapped under a key derived from a passphrase, kept in the keyring or printed
//! (FORMATS.md, "Key slot").

use argon2::{Algorithm, Argon2, Params, Version};
use authority::wiping_stack;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::{Entropy, draw, secret_hash::Opaque, time::Moment, words::normalise_password};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{connection::Key, failure::OpenError};

const VAULT: &[u8] = b"sallyport/key-slot/v1\0";
const BACKUP: &[u8] = b"sallyport/backup-slot/v1\0";
const KEY: usize = 32;
const TAG: usize = 16;

/// What a slot opens: the key of the database and the key that seals secrets inside it.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) database: Key,
    pub(crate) sealing: Key,
}

impl Keys {
    pub(crate) fn random(entropy: &mut dyn Entropy) -> Self {
        Self { database: draw_key(entropy), sealing: draw_key(entropy) }
    }

    /// Another key for the database. Secrets inside stay sealed as they are.
    pub(crate) fn with_database(&self, database: Key) -> Self {
        Self { database, sealing: Arc::clone(&self.sealing) }
    }
}

pub(crate) fn draw_key(entropy: &mut dyn Entropy) -> Key {
    Arc::new(SecretBox::init_with_mut(|bytes: &mut [u8; KEY]| entropy.fill(bytes)))
}

/// Where a slot belongs. One moved elsewhere does not open.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In the header of a vault, for one generation of it.
    Vault { vault: Uuid, generation: u64 },
    /// In a backup, for a body of so many bytes.
    Backup { backup: Uuid, vault: Uuid, made: Moment, length: u64 },
}

impl Place {
    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Vault { vault, generation } => [VAULT, vault.as_bytes(), &generation.to_be_bytes()].concat(),
            Self::Backup { backup, vault, made, length } => {
                [BACKUP, backup.as_bytes(), vault.as_bytes(), &made.0.to_be_bytes(), &length.to_be_bytes()].concat()
            }
        }
    }
}

/// How a passphrase becomes a key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kdf {
    name: Argon2id,
    memory: u32,
    passes: u32,
    lanes: u32,
    salt: Opaque<16>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Argon2id {
    #[serde(rename = "argon2id")]
    Argon2id,
}

impl Kdf {
    /// 64 MiB, three passes, four lanes: the second recommendation of RFC 9106 §4.
    pub(crate) fn random(entropy: &mut dyn Entropy) -> Self {
        Self { name: Argon2id::Argon2id, memory: 64 * 1024, passes: 3, lanes: 4, salt: Opaque(draw(entropy)) }
    }

    /// A header is read before anything proves who wrote it: it must not be able to ask for all memory, or for hours.
    pub(crate) fn check(&self) -> Result<(), OpenError> {
        let bearable = (8 * 1024..=1024 * 1024).contains(&self.memory) && (1..=16).contains(&self.passes) && (1..=16).contains(&self.lanes);
        if bearable { Ok(()) } else { Err(OpenError::Damaged("the cost of a key slot is out of bounds".into())) }
    }

    /// Slow on purpose. The cost must have been [checked](Self::check).
    pub(crate) fn derive(&self, passphrase: &SecretString) -> Zeroizing<[u8; KEY]> {
        let mut key = Zeroizing::new([0; KEY]);
        let params = Params::new(self.memory, self.passes, self.lanes, Some(KEY)).expect("a checked cost");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let typed = normalise_password(passphrase);
        wiping_stack(|| argon2.hash_password_into(typed.expose_secret().as_bytes(), &self.salt.0, &mut *key)).expect("a checked cost");
        key
    }

    /// As whatever is wrapped under its key is bound to it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let costs = [self.memory, self.passes, self.lanes].map(u32::to_be_bytes).concat();
        [&b"argon2id\0"[..], &costs, &self.salt.0].concat()
    }
}

/// A slot opened by a passphrase.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PassphraseSlot {
    pub(crate) id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) made: Option<i64>,
    pub(crate) kdf: Kdf,
    nonce: Opaque<24>,
    wrapped: Opaque<{ 2 * KEY + TAG }>,
}

/// A slot with its salt and nonce drawn, and nothing in it yet: drawing is quick, filling is slow.
pub(crate) struct Blank {
    id: Uuid,
    made: Option<i64>,
    kdf: Kdf,
    nonce: Opaque<24>,
}

impl Blank {
    pub(crate) fn random(made: Option<Moment>, entropy: &mut dyn Entropy) -> Self {
        Self { id: draw_id(entropy), made: made.map(|made| made.0), kdf: Kdf::random(entropy), nonce: Opaque(draw(entropy)) }
    }

    /// Wraps the keys. Slow on purpose.
    pub(crate) fn fill(self, keys: &Keys, place: Place, passphrase: &SecretString) -> PassphraseSlot {
        let aad = passphrase_data(place, self.id, self.made, &self.kdf);
        let wrapped = Opaque(wrap(&self.kdf.derive(passphrase), self.nonce, keys, &aad));
        PassphraseSlot { id: self.id, made: self.made, kdf: self.kdf, nonce: self.nonce, wrapped }
    }
}

impl PassphraseSlot {
    /// Opens the slot. Slow on purpose. `None` when the passphrase is another one, or when anything that the slot is
    /// bound to has changed.
    pub(crate) fn open(&self, place: Place, passphrase: &SecretString) -> Option<Keys> {
        let aad = passphrase_data(place, self.id, self.made, &self.kdf);
        unwrap(&self.kdf.derive(passphrase), self.nonce, &self.wrapped, &aad)
    }
}

fn passphrase_data(place: Place, slot: Uuid, made: Option<i64>, kdf: &Kdf) -> Vec<u8> {
    let mut data = place.bytes();
    data.extend(slot.as_bytes());
    data.extend(b"passphrase\0");
    data.extend(kdf.bytes());
    if let Some(made) = made {
        data.extend(made.to_be_bytes());
    }
    data
}

/// What kind of key a [`KeyedSlot`] is opened by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyed {
    Keyring,
    Kit,
    Vault,
}

impl Keyed {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::Kit => "recovery-kit",
            Self::Vault => "vault",
        }
    }
}

/// A slot opened by a key of 32 bytes that nobody has to remember.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyedSlot {
    pub(crate) id: Uuid,
    pub(crate) made: i64,
    nonce: Opaque<24>,
    wrapped: Opaque<{ 2 * KEY + TAG }>,
}

impl KeyedSlot {
    /// Wraps the keys.
    pub(crate) fn fill(blank: BlankKeyed, kind: Keyed, keys: &Keys, place: Place, key: &[u8; KEY]) -> Self {
        let BlankKeyed { id, made, nonce } = blank;
        let wrapped = Opaque(wrap(key, nonce, keys, &keyed_data(place, id, kind, made)));
        Self { id, made, nonce, wrapped }
    }

    /// Opens the slot. `None` when the key is another one, or when anything that the slot is bound to has changed.
    pub(crate) fn open(&self, kind: Keyed, place: Place, key: &[u8; KEY]) -> Option<Keys> {
        unwrap(key, self.nonce, &self.wrapped, &keyed_data(place, self.id, kind, self.made))
    }

    /// The same slot, to be filled with other keys.
    pub(crate) fn emptied(&self, nonce: Opaque<24>) -> BlankKeyed {
        BlankKeyed { id: self.id, made: self.made, nonce }
    }
}

/// A slot with its nonce drawn, and nothing in it yet.
pub(crate) struct BlankKeyed {
    pub(crate) id: Uuid,
    pub(crate) made: i64,
    pub(crate) nonce: Opaque<24>,
}

impl BlankKeyed {
    pub(crate) fn random(made: Moment, entropy: &mut dyn Entropy) -> Self {
        Self { id: draw_id(entropy), made: made.0, nonce: Opaque(draw(entropy)) }
    }
}

pub(crate) fn draw_id(entropy: &mut dyn Entropy) -> Uuid {
    uuid::Builder::from_random_bytes(draw(entropy)).into_uuid()
}

fn keyed_data(place: Place, slot: Uuid, kind: Keyed, made: i64) -> Vec<u8> {
    [&place.bytes(), &slot.as_bytes()[..], kind.name().as_bytes(), b"\0", &made.to_be_bytes()].concat()
}

fn wrap(key: &[u8; KEY], nonce: Opaque<24>, keys: &Keys, aad: &[u8]) -> [u8; 2 * KEY + TAG] {
    let mut plain = Zeroizing::new([0; 2 * KEY]);
    plain[..KEY].copy_from_slice(keys.database.expose_secret());
    plain[KEY..].copy_from_slice(keys.sealing.expose_secret());
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = wiping_stack(|| cipher.encrypt(&XNonce::from(nonce.0), Payload { msg: &*plain, aad }));
    let wrapped = sealed.expect("a short message");
    wrapped.try_into().expect("two keys and a tag")
}

fn unwrap(key: &[u8; KEY], nonce: Opaque<24>, wrapped: &Opaque<{ 2 * KEY + TAG }>, aad: &[u8]) -> Option<Keys> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let plain = wiping_stack(|| cipher.decrypt(&XNonce::from(nonce.0), Payload { msg: &wrapped.0, aad })).ok()?;
    let plain = Zeroizing::new(plain);
    let part = |from: usize| Arc::new(SecretBox::init_with_mut(|key: &mut [u8; KEY]| key.copy_from_slice(&plain[from..from + KEY])));
    (plain.len() == 2 * KEY).then(|| Keys { database: part(0), sealing: part(KEY) })
}
