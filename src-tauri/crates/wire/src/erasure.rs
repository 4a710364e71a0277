//! Erasing a person: what it comes to, said beforehand, and doing it.

use uuid::Uuid;

use crate::{Refusal, import::Told, people::PersonName, proof::Proof};

shapes! {
    /// What would go with a person.
    struct ErasureView {
        /// Whom.
        pub person: PersonName,
        /// Why it cannot be done; absent where it can.
        pub refused: Option<Refusal>,
        /// Their authenticators, software and hardware.
        pub authenticators: u32,
        /// Their backup codes that still open.
        pub codes: u32,
        /// Their sessions.
        pub sessions: u64,
        /// Tokens of the stock that go back to it, and seeds they brought, which go.
        pub tokens: u64,
        /// Whether they asked staff for help.
        pub asked: bool,
        /// Cases about them, opened or approved by them.
        pub cases: u64,
        /// Lists of people that they imported.
        pub imports: u64,
        /// What was written to be sent to them.
        pub notices: u64,
        /// Entries by or about them.
        pub entries: u64,
        /// Of these, how many name somebody else too.
        pub shared: u64,
    }
    /// A person was erased.
    struct Erased {
        /// How many entries were emptied.
        pub entries: u64,
    }
}

requests! {
    /// Asks what would go with a person. Nothing is changed.
    struct ReadErasure {
        /// Whom.
        pub account: Uuid,
    }
    /// Erases a person.
    struct ErasePerson {
        /// Whom.
        pub account: Uuid,
        /// Their name, typed to confirm.
        pub name: String,
        /// Who asks.
        pub proof: Proof,
        /// Told of progress.
        #[serde(skip)]
        #[cfg_attr(feature = "bindings", ts(skip))]
        pub told: Told,
    }
}
