//! Keys that go along with a workspace that moves. They open what comes, which is sealed anew before it is written, and what names
//! things goes on naming them.

use domain::secret_hash::Opaque;
use secrecy::{ExposeSecret, SecretBox};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::{Key, SealingKey};

/// 32 bytes of a key on its way, in Base64. Debug never shows them.
#[derive(Clone)]
pub struct CarriedKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for CarriedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CarriedKey(…)")
    }
}

impl Serialize for CarriedKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Opaque(*self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for CarriedKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Zeroizing::new(Opaque::<32>::deserialize(deserializer)?.0)))
    }
}

impl CarriedKey {
    fn of(key: &Key) -> Self {
        Self(Zeroizing::new(*key.0.expose_secret()))
    }

    fn key(&self) -> Key {
        Key(SecretBox::new(Box::new(*self.0)))
    }
}

impl SealingKey {
    /// Every key that something may be sealed with, and the one that names things.
    pub(crate) fn carried(&self) -> (Vec<CarriedKey>, CarriedKey) {
        let all = std::iter::once(&self.present).chain(&self.earlier).map(CarriedKey::of).collect();
        (all, CarriedKey::of(self.naming.as_ref().unwrap_or(&self.present)))
    }

    /// The same with those of a workspace that moves here: they open, and seal nothing.
    #[must_use]
    pub fn receiving(mut self, keys: &[CarriedKey], naming: &CarriedKey) -> Self {
        self.earlier.extend(keys.iter().map(CarriedKey::key));
        Self { naming: Some(naming.key()), ..self }
    }
}
