//! Commitments: HMAC-SHA-256 (RFC 2104, FIPS 180-4) over a label and the exact bytes that are stored.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The random key under which one half of an entry is committed to.
///
/// Without it a commitment says nothing about what it covers, not even to someone who guesses right. So each half of
/// each entry needs 32 fresh random bytes, and erasing a half means deleting its key.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct CommitmentKey([u8; 32]);

impl CommitmentKey {
    /// The bytes, for the store to keep beside the text.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for CommitmentKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for CommitmentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CommitmentKey([redacted])")
    }
}

/// Which half of an entry is committed to. The label keeps one from ever passing for the other.
#[derive(Clone, Copy)]
pub(crate) enum Half {
    Facts,
    Persons,
}

impl Half {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Facts => b"sallyport/journal/facts/v1",
            Self::Persons => b"sallyport/journal/persons/v1",
        }
    }
}

/// A commitment: 32 bytes that may be shown to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment([u8; 32]);

impl Commitment {
    pub(crate) fn new(half: Half, key: &CommitmentKey, bytes: &[u8]) -> Self {
        Self(mac(half, key, bytes).finalize().into_bytes().into())
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Whether this commits to `bytes` under `key`. Compares in constant time.
    pub(crate) fn holds(&self, half: Half, key: &CommitmentKey, bytes: &[u8]) -> bool {
        mac(half, key, bytes).verify_slice(&self.0).is_ok()
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

fn mac(half: Half, key: &CommitmentKey, bytes: &[u8]) -> Hmac<Sha256> {
    // 32 bytes are shorter than the block of SHA-256 (64), so the key is taken as it is (RFC 2104 §2).
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("HMAC takes a key of any length");
    mac.update(half.label());
    // The labels have no zero byte, so where one ends is never in doubt.
    mac.update(&[0]);
    mac.update(bytes);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_shows_in_debug_output() {
        let key = CommitmentKey::from([0xAB; 32]);
        assert_eq!(format!("{key:?}"), "CommitmentKey([redacted])");
    }

    #[test]
    fn a_commitment_to_one_half_is_none_to_the_other() {
        let key = CommitmentKey::from([7; 32]);
        let commitment = Commitment::new(Half::Facts, &key, b"{}");
        assert!(commitment.holds(Half::Facts, &key, b"{}"));
        assert!(!commitment.holds(Half::Persons, &key, b"{}"));
    }

    #[test]
    fn the_same_text_under_two_keys_cannot_be_told_to_be_the_same() {
        let one = Commitment::new(Half::Persons, &CommitmentKey::from([1; 32]), b"{}");
        let two = Commitment::new(Half::Persons, &CommitmentKey::from([2; 32]), b"{}");
        assert_ne!(one, two);
    }
}
