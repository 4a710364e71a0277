//! Key slots: the vault's two keys, wrapped under a key derived from a passphrase (FORMATS.md, "Key slot").

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::{Entropy, draw, secret_hash::Opaque, words::normalise_password};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::failure::OpenError;

const LABEL: &[u8] = b"sallyport/key-slot/v1\0";
const KIND: &[u8] = b"passphrase\0";
const KEY: usize = 32;
const TAG: usize = 16;

/// What a slot opens: the key of the database and the key that seals secrets inside it.
pub(crate) struct Keys {
    pub(crate) database: SecretBox<[u8; KEY]>,
    pub(crate) sealing: SecretBox<[u8; KEY]>,
}

impl Keys {
    pub(crate) fn random(entropy: &mut dyn Entropy) -> Self {
        let mut key = || SecretBox::init_with_mut(|bytes: &mut [u8; KEY]| entropy.fill(bytes));
        Self { database: key(), sealing: key() }
    }
}

/// Which vault a slot belongs to. One moved elsewhere does not open.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) vault: Uuid,
    pub(crate) generation: u64,
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
    fn random(entropy: &mut dyn Entropy) -> Self {
        Self { name: Argon2id::Argon2id, memory: 64 * 1024, passes: 3, lanes: 4, salt: Opaque(draw(entropy)) }
    }

    /// A header is read before anything proves who wrote it: it must not be able to ask for all memory, or for hours.
    pub(crate) fn check(&self) -> Result<(), OpenError> {
        let bearable = (8 * 1024..=1024 * 1024).contains(&self.memory) && (1..=16).contains(&self.passes) && (1..=16).contains(&self.lanes);
        if bearable { Ok(()) } else { Err(OpenError::Damaged("the cost of a key slot is out of bounds".into())) }
    }

    /// Slow on purpose. The cost must have been [checked](Self::check).
    fn derive(&self, passphrase: &SecretString) -> Zeroizing<[u8; KEY]> {
        let mut key = Zeroizing::new([0; KEY]);
        let params = Params::new(self.memory, self.passes, self.lanes, Some(KEY)).expect("a checked cost");
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(normalise_password(passphrase).expose_secret().as_bytes(), &self.salt.0, &mut *key)
            .expect("a checked cost");
        key
    }
}

/// A slot opened by a passphrase.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PassphraseSlot {
    id: Uuid,
    pub(crate) kdf: Kdf,
    nonce: Opaque<24>,
    wrapped: Opaque<{ 2 * KEY + TAG }>,
}

/// A slot with its salt and nonce drawn, and nothing in it yet: drawing is quick, filling is slow.
pub(crate) struct Blank {
    id: Uuid,
    kdf: Kdf,
    nonce: Opaque<24>,
}

impl Blank {
    pub(crate) fn random(entropy: &mut dyn Entropy) -> Self {
        let id = uuid::Builder::from_random_bytes(draw(entropy)).into_uuid();
        Self { id, kdf: Kdf::random(entropy), nonce: Opaque(draw(entropy)) }
    }

    /// Wraps the keys. Slow on purpose.
    pub(crate) fn fill(self, keys: &Keys, place: Place, passphrase: &SecretString) -> PassphraseSlot {
        let mut plain = Zeroizing::new([0; 2 * KEY]);
        plain[..KEY].copy_from_slice(keys.database.expose_secret());
        plain[KEY..].copy_from_slice(keys.sealing.expose_secret());
        let aad = associated_data(place, self.id, &self.kdf);
        let cipher = XChaCha20Poly1305::new((&*self.kdf.derive(passphrase)).into());
        let wrapped = cipher.encrypt(&XNonce::from(self.nonce.0), Payload { msg: &*plain, aad: &aad }).expect("a short message");
        let wrapped = Opaque(wrapped.try_into().expect("two keys and a tag"));
        PassphraseSlot { id: self.id, kdf: self.kdf, nonce: self.nonce, wrapped }
    }
}

impl PassphraseSlot {
    /// Opens the slot. Slow on purpose. `None` when the passphrase is another one, or when anything that the slot is
    /// bound to has changed.
    pub(crate) fn open(&self, place: Place, passphrase: &SecretString) -> Option<Keys> {
        let cipher = XChaCha20Poly1305::new((&*self.kdf.derive(passphrase)).into());
        let aad = associated_data(place, self.id, &self.kdf);
        let plain = cipher.decrypt(&XNonce::from(self.nonce.0), Payload { msg: &self.wrapped.0, aad: &aad }).ok()?;
        let plain = Zeroizing::new(plain);
        let part = |from: usize| SecretBox::init_with_mut(|key: &mut [u8; KEY]| key.copy_from_slice(&plain[from..from + KEY]));
        (plain.len() == 2 * KEY).then(|| Keys { database: part(0), sealing: part(KEY) })
    }
}

fn associated_data(place: Place, slot: Uuid, kdf: &Kdf) -> Vec<u8> {
    let mut data = LABEL.to_vec();
    data.extend(place.vault.as_bytes());
    data.extend(place.generation.to_be_bytes());
    data.extend(slot.as_bytes());
    data.extend(KIND);
    data.extend(b"argon2id\0");
    for cost in [kdf.memory, kdf.passes, kdf.lanes] {
        data.extend(cost.to_be_bytes());
    }
    data.extend(kdf.salt.0);
    data
}
