//! The recovery kit: one code on paper, and two keys out of it that say nothing about each other (FORMATS.md, "Recovery kit").

pub mod record;

use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use secrecy::ExposeSecret;

use crate::{
    code::{Code, Kind},
    secret_hash::Opaque,
};

const SALT: &[u8] = b"sallyport/recovery-kit/v1";
const VERIFIER: &[u8] = b"sallyport/owner-verifier/v1\0";

/// What one of the keys is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Opens the vault.
    Vault,
    /// Proves the owner.
    Owner,
}

/// The key for one purpose. `None` when the code is of another kind: codes that staff issue open no vault.
///
/// The code is drawn at random with 115 bits, so nothing slow stands between it and its keys.
///
/// # Panics
/// Never: HKDF gives far more than 32 bytes.
#[must_use]
pub fn key(kit: &Code, purpose: Purpose) -> Option<Zeroizing<[u8; 32]>> {
    if kit.kind() != Kind::Kit {
        return None;
    }
    let purpose: &[u8] = match purpose {
        Purpose::Vault => b"vault",
        Purpose::Owner => b"owner",
    };
    let mut key = Zeroizing::new([0; 32]);
    let hkdf = Hkdf::<Sha256>::new(Some(SALT), kit.canonical().expose_secret().as_bytes());
    hkdf.expand(purpose, &mut *key).expect("32 bytes");
    Some(key)
}

/// What is kept of a kit, to know its owner again: a hash of the owner key, from which no key follows.
///
/// It belongs among the workspace's own records: there it is encrypted, it changes in the same transaction as the
/// journal that tells of it, and whoever can write files alone cannot put theirs in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OwnerVerifier(Opaque<32>);

impl OwnerVerifier {
    /// The verifier of a kit. `None` when the code is of another kind.
    #[must_use]
    pub fn of(kit: &Code) -> Option<Self> {
        let key = key(kit, Purpose::Owner)?;
        Some(Self(Opaque(Sha256::new().chain_update(VERIFIER).chain_update(*key).finalize().into())))
    }

    /// As it is carried between crates that do not know what it is.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.0
    }

    /// The same again.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Opaque(bytes))
    }

    /// Whether this code is the kit that the verifier was made from. Takes the same time either way.
    #[must_use]
    pub fn is_proved_by(&self, typed: &Code) -> bool {
        Self::of(typed).is_some_and(|found| bool::from(found.0.0.ct_eq(&self.0.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Counting;

    #[test]
    fn its_owner_is_known_again_and_nobody_else() {
        let kit = Code::random(Kind::Kit, &mut Counting(1));
        let verifier = OwnerVerifier::of(&kit).expect("a kit");
        assert!(verifier.is_proved_by(&kit));
        assert!(!verifier.is_proved_by(&Code::random(Kind::Kit, &mut Counting(2))));
        let recovery = Code::random(Kind::Recovery, &mut Counting(1));
        assert!(!verifier.is_proved_by(&recovery));
        assert_eq!(OwnerVerifier::of(&recovery), None);
        assert!(key(&recovery, Purpose::Vault).is_none());
        assert_ne!(key(&kit, Purpose::Vault), key(&kit, Purpose::Owner));
        assert_eq!(format!("{verifier:?}"), "OwnerVerifier(…)");
        let written = serde_json::to_string(&verifier).expect("text");
        assert_eq!(serde_json::from_str::<OwnerVerifier>(&written).expect("a verifier"), verifier);
    }
}
