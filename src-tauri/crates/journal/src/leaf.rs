//! The leaf: what a Merkle tree is grown over. Outside an entry's communities, its hash is all that is told.

use std::fmt;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Commitment, OpenError};

pub(crate) const VERSION: u8 = 1;

/// A leaf of version 1: 81 bytes, frozen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Leaf([u8; Self::LEN]);

impl Leaf {
    /// How many bytes a leaf of version 1 has: version 1, workspace 16, facts 32, persons 32.
    pub const LEN: usize = 1 + 16 + 32 + 32;

    pub(crate) fn new(workspace: Uuid, facts: Commitment, persons: Commitment) -> Self {
        let mut bytes = [0; Self::LEN];
        bytes[0] = VERSION;
        bytes[1..17].copy_from_slice(workspace.as_bytes());
        bytes[17..49].copy_from_slice(facts.as_bytes());
        bytes[49..].copy_from_slice(persons.as_bytes());
        Self(bytes)
    }

    /// Reads a stored leaf.
    ///
    /// # Errors
    /// [`OpenError::UnknownVersion`] when the first byte is of another version, whatever the length;
    /// [`OpenError::LeafMalformed`] when it is empty or of a wrong length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OpenError> {
        match bytes.first() {
            None => Err(OpenError::LeafMalformed),
            Some(&VERSION) => bytes.try_into().map(Self).map_err(|_| OpenError::LeafMalformed),
            Some(_) => Err(OpenError::UnknownVersion),
        }
    }

    /// The bytes, exactly as they are stored, exported and hashed.
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The workspace that the entry belongs to.
    pub fn workspace(&self) -> Uuid {
        Uuid::from_bytes(self.part(1))
    }

    /// The commitment to the facts.
    pub fn facts(&self) -> Commitment {
        Commitment::from_bytes(self.part(17))
    }

    /// The commitment to the persons part. It stays after the part is erased.
    pub fn persons(&self) -> Commitment {
        Commitment::from_bytes(self.part(49))
    }

    /// The leaf's hash in the tree, SHA-256(0x00 ‖ leaf), RFC 9162 §2.1.1.
    pub fn hash(&self) -> LeafHash {
        LeafHash::of(&self.0)
    }

    fn part<const N: usize>(&self, from: usize) -> [u8; N] {
        let mut part = [0; N];
        part.copy_from_slice(&self.0[from..from + N]);
        part
    }
}

impl fmt::Debug for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Leaf({})", Hex(&self.0))
    }
}

/// The hash of a leaf in the tree.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LeafHash([u8; 32]);

impl LeafHash {
    /// Of any bytes that stand for a leaf, also damaged ones.
    pub fn of(leaf: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(leaf);
        Self(hash.finalize().into())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for LeafHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for LeafHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeafHash({})", Hex(&self.0))
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_of_a_newer_version_is_told_as_newer_whatever_its_length() {
        assert_eq!(Leaf::from_bytes(&[2; 200]), Err(OpenError::UnknownVersion));
        assert_eq!(Leaf::from_bytes(&[2]), Err(OpenError::UnknownVersion));
    }

    #[test]
    fn a_leaf_cut_short_or_too_long_is_malformed() {
        assert_eq!(Leaf::from_bytes(&[]), Err(OpenError::LeafMalformed));
        assert_eq!(Leaf::from_bytes(&[1; 80]), Err(OpenError::LeafMalformed));
        assert_eq!(Leaf::from_bytes(&[1; 82]), Err(OpenError::LeafMalformed));
    }
}
