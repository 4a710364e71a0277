//! The journal, as it is read.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::people::PersonName;

requests! {
    /// Reads the journal, newest first.
    struct ReadJournal {
        /// Only entries by or about this person.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub person: Option<Uuid>,
        /// Only entries before this one.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub before: Option<u64>,
    }
    /// Reads one's own entries, newest first.
    struct ReadMyActivity {
        /// Only entries before this one.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub before: Option<u64>,
    }
}

shapes! {
    /// A page of entries.
    struct JournalPage {
        /// The entries, newest first.
        pub rows: Vec<JournalRow>,
        /// What `before` is for the next page; absent on the last.
        pub next: Option<u64>,
    }
    /// One entry.
    struct JournalRow {
        /// Its place.
        pub index: u64,
        /// When.
        pub at: i64,
        /// What, as its frozen text: `factor.reset`.
        pub kind: String,
        /// Who did it.
        pub actor: Option<PersonName>,
        /// To whom.
        pub subject: Option<PersonName>,
        /// Words for the sentence.
        pub words: BTreeMap<String, String>,
    }
}
