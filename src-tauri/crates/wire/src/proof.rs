//! Proving oneself again, before a sensitive change.

use secrecy::SecretString;

requests! {
    /// Proves that the person at the keyboard is still the account's own.
    struct Proof {
        /// Their password.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub password: SecretString,
        /// A code, where one is asked for.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(type = "string", optional))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<crate::secret::Typed>"))]
        pub code: Option<SecretString>,
    }
}
