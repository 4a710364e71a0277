//! Secrets on their way out.

use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};

/// A secret that is shown once. The only secret type that can be written out, because showing it is what it is for.
#[derive(Clone, Debug)]
pub struct ShownOnce(SecretString);

impl ShownOnce {
    /// The secret, to be put on a screen, a clipboard or into a file that its owner asked for.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Keeps it as a secret, unwritable.
    #[must_use]
    pub fn into_inner(self) -> SecretString {
        self.0
    }
}

impl From<SecretString> for ShownOnce {
    fn from(secret: SecretString) -> Self {
        Self(secret)
    }
}

impl Serialize for ShownOnce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}
