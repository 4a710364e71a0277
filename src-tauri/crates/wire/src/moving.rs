//! Moving a workspace of this computer to a server.

use secrecy::SecretString;

use crate::proof::Proof;

requests! {
    /// Moves the open workspace to a server, or goes on with that.
    struct MoveToServer {
        /// The server's address, as typed.
        pub address: String,
        /// The moving code that it shows, as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        #[serde(serialize_with = "crate::secret::sent")]
        pub code: SecretString,
        /// Who asks.
        pub proof: Proof,
    }
    /// Calls the move off: the workspace stays.
    struct CallOffMove {
        /// Whether whoever asks is certain that it did not arrive.
        pub certain: bool,
        /// Who asks.
        pub proof: Proof,
    }
    /// Reads what arrived.
    struct ReadMoved {}
}

shapes! {
    /// Where the open workspace went, or is going.
    #[derive(Clone, PartialEq, Eq)]
    struct Away {
        /// The server, as people call it.
        pub to: String,
        /// When the move began.
        pub since: i64,
        /// Whether the server was told that this is all: from then on it may be there.
        pub told: bool,
        /// When it had arrived.
        pub arrived_at: Option<i64>,
    }
    /// What was on both sides, and agreed.
    struct Moved {
        /// The server, as people call it.
        pub to: String,
        /// People.
        pub people: u64,
        /// Communities.
        pub communities: u64,
        /// Tokens.
        pub tokens: u64,
        /// Messages, sent and unsent.
        pub messages: u64,
        /// Cases, requests, reports, imports and checkpoints.
        pub others: u64,
        /// Entries of the journal.
        pub entries: u64,
        /// The root of their tree, in hexadecimal.
        pub root: String,
    }
}
