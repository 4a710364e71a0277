//! Secrets on their way.

use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// A secret that is shown once. The only secret type that can be written out, because showing it is what it is for.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
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

#[cfg(feature = "schemas")]
impl schemars::JsonSchema for ShownOnce {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ShownOnce".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "A secret that is shown this once.", "type": "string" })
    }
}

impl Serialize for ShownOnce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

/// How a secret that a request carries is described.
#[cfg(feature = "schemas")]
pub(crate) struct Typed;

#[cfg(feature = "schemas")]
impl schemars::JsonSchema for Typed {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Typed".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "password", "writeOnly": true })
    }
}

/// A secret that a request carries, as it is written towards the server that is asked.
pub(crate) trait Sent {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;
}

impl Sent for SecretString {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.expose_secret())
    }
}

impl Sent for Option<SecretString> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(ExposeSecret::expose_secret).serialize(to)
    }
}

impl Sent for SecretSlice<u8> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.expose_secret().serialize(to)
    }
}

/// Writes a secret of a request.
pub(crate) fn sent<S: Serializer>(secret: &impl Sent, to: S) -> Result<S::Ok, S::Error> {
    secret.write(to)
}
