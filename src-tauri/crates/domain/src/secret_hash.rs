//! Argon2id for passwords and for sets of look-up secrets, with one salt a set.

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::{Entropy, draw};

/// What one evaluation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// OWASP Password Storage: 19 MiB, two passes, one lane.
    pub const ONLINE: Self = Self { memory: 19 * 1024, passes: 2, lanes: 1 };
}

/// An opaque byte string that is written as Base64 and never shown by Debug.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Opaque<const N: usize>(pub [u8; N]);

impl<const N: usize> std::fmt::Debug for Opaque<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl<const N: usize> Serialize for Opaque<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Opaque<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let bytes = BASE64.decode(text.as_bytes()).map_err(D::Error::custom)?;
        bytes.try_into().map(Self).map_err(|_| D::Error::custom("wrong length"))
    }
}

/// The salt and the cost that a candidate is hashed under, before it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    cost: Cost,
    salt: Opaque<16>,
}

impl Recipe {
    /// Of hashes that a replica does not have.
    const BLANK: Self = Self { cost: Cost { memory: 8, passes: 1, lanes: 1 }, salt: Opaque([0; 16]) };

    /// A fresh salt at the given cost.
    pub fn random(cost: Cost, entropy: &mut dyn Entropy) -> Self {
        Self { cost, salt: Opaque(draw(entropy)) }
    }

    /// Hashes one secret. Slow on purpose: tens of milliseconds, and as much memory as the cost says.
    ///
    /// # Panics
    /// Never for costs of this crate: they are within the bounds of RFC 9106 §3.1.
    #[must_use]
    pub fn hash(&self, secret: &SecretString) -> Hashed {
        let Cost { memory, passes, lanes } = self.cost;
        let params = Params::new(memory, passes, lanes, Some(32)).expect("a cost of ours");
        let mut out = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(secret.expose_secret().as_bytes(), &self.salt.0, &mut out)
            .expect("a cost of ours");
        Hashed { recipe: *self, hash: Opaque(out) }
    }

    /// Whether a newer, higher cost is in force than when this was made.
    #[must_use]
    pub fn is_below(&self, cost: Cost) -> bool {
        self.cost.memory < cost.memory || self.cost.passes < cost.passes
    }
}

/// One hashed secret, with the recipe it was hashed under.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Hashed {
    recipe: Recipe,
    hash: Opaque<32>,
}

impl Hashed {
    /// What to hash a candidate with.
    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Stands where a replica has no hash: no password is known that it is of.
    pub(crate) fn blank() -> Self {
        Self { recipe: Recipe::BLANK, hash: Opaque([0; 32]) }
    }

    /// Compares in constant time. Hashes under different recipes never match.
    #[must_use]
    pub fn matches(&self, candidate: &Self) -> bool {
        self.recipe == candidate.recipe && bool::from(self.hash.0.ct_eq(&candidate.hash.0))
    }
}

/// Several secrets hashed under one recipe, so that one evaluation tells all of them apart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HashedSet {
    recipe: Recipe,
    hashes: Vec<Opaque<32>>,
}

impl HashedSet {
    /// A set without members: nothing is in it.
    pub(crate) fn blank() -> Self {
        Self { recipe: Recipe::BLANK, hashes: Vec::new() }
    }

    /// Hashes each secret of a set, in order.
    #[must_use]
    pub fn new<'a>(recipe: Recipe, secrets: impl IntoIterator<Item = &'a SecretString>) -> Self {
        Self { recipe, hashes: secrets.into_iter().map(|secret| recipe.hash(secret).hash).collect() }
    }

    /// What to hash a candidate with.
    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Where the candidate stands in the set. All members are compared, in constant time.
    #[must_use]
    pub fn position(&self, candidate: &Hashed) -> Option<usize> {
        if candidate.recipe != self.recipe {
            return None;
        }
        let mut found = Choice::from(0);
        let mut at = 0u32;
        for (index, hash) in (0u32..).zip(&self.hashes) {
            let same = hash.0.ct_eq(&candidate.hash.0);
            at.conditional_assign(&index, same);
            found |= same;
        }
        bool::from(found).then_some(at as usize)
    }
}
