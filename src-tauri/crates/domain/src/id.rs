//! Identifiers. Each kind is a type of its own, so that one cannot stand in for another.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Entropy, draw};

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new random identifier (UUID version 4).
            pub fn random(entropy: &mut dyn Entropy) -> Self {
                Self(uuid::Builder::from_random_bytes(draw(entropy)).into_uuid())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

identifiers! {
    /// One organisation's installation.
    WorkspaceId,
    /// A part of a workspace in which roles are held.
    CommunityId,
    /// A person's account.
    AccountId,
    /// One enrolled authenticator of an account.
    AuthenticatorId,
    /// What two people do together.
    CaseId,
    /// A notice of the outbox.
    MailId,
    /// People who were imported together.
    ImportId,
    /// A token of the inventory.
    TokenId,
    /// Tokens that were imported together.
    BatchId,
    /// A program that asks whether codes are right.
    ClientId,
    /// A desktop that is paired with a server.
    DeviceId,
}
