//! Addresses and names: the address that somebody signs in with, the second one that notices go to, and how they are called.

use uuid::Uuid;

use crate::{people::IssuedCode, proof::Proof};

requests! {
    /// Changes the address that somebody else signs in with.
    struct ChangeEmail {
        /// Whose.
        pub account: Uuid,
        /// The new one.
        pub email: String,
        /// Who asks.
        pub proof: Proof,
    }
    /// Changes the address that one signs in with.
    struct ChangeOwnEmail {
        /// The new one.
        pub email: String,
        /// Who asks.
        pub proof: Proof,
    }
    /// Sets or removes the second address of somebody else.
    struct SetSecondEmail {
        /// Whose.
        pub account: Uuid,
        /// The address; empty to remove it.
        pub email: String,
        /// Who asks.
        pub proof: Proof,
    }
    /// Sets or removes one's own second address.
    struct SetOwnSecondEmail {
        /// The address; empty to remove it.
        pub email: String,
        /// Who asks.
        pub proof: Proof,
    }
    /// Corrects how somebody is called.
    struct CorrectName {
        /// Who.
        pub account: Uuid,
        /// The name.
        pub name: String,
        /// The name that was corrected. Where it is given and they are no longer called so, nothing is changed.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub was: Option<String>,
    }
    /// Reads, at sign-in, how somebody who forgot their password comes by a code.
    struct ReadForgotten {}
    /// Asks, at sign-in, for a code by mail to choose another password with. Answered alike whether the address is known or not.
    struct AskPasswordCode {
        /// The address, as typed.
        pub email: String,
    }
}

shapes! {
    /// How somebody who forgot their password comes by a code.
    struct Forgotten {
        /// Whether one can be mailed. Otherwise staff issue it.
        pub by_mail: bool,
    }
}

/// An address was changed.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EmailChanged {
    /// A new invitation, where the person never signed in.
    pub invitation: Option<IssuedCode>,
}
