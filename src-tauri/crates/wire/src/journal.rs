//! The journal, as it is read.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::people::{CommunityName, PersonName};

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
    /// Finds entries of the journal, newest first. What is said holds of each of them.
    #[derive(Default)]
    struct SearchJournal {
        /// By or about this person.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub person: Option<Uuid>,
        /// By this person.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub actor: Option<Uuid>,
        /// Of one of these kinds, as their frozen texts; empty for all.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, as = "Option<Vec<String>>"))]
        pub kinds: Vec<String>,
        /// That concerns this community.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub community: Option<Uuid>,
        /// Of this moment or later.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub since: Option<i64>,
        /// Before this moment.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub until: Option<i64>,
        /// Before this entry: `end` of the first answer, so that the list stands still while the journal grows.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub end: Option<u64>,
        /// The position of the first row that is asked for, from 0. Past the end there are no rows.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, as = "Option<u64>"))]
        pub from: u64,
        /// Rows at most: 1 to 100, and 50 where nothing is said.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub limit: Option<u32>,
    }
    /// Asks for the entry that tells of what was done last, and has not been asked for.
    struct ReadReceipt {}
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
    /// What was done was written down.
    struct Receipt {
        /// As which entry; absent where nothing was.
        pub index: Option<u64>,
    }
    /// What was found.
    struct JournalFound {
        /// The entries of this page, newest first.
        pub rows: Vec<JournalRow>,
        /// The position of the first, from 0.
        pub from: u64,
        /// How many were found in all.
        pub total: u64,
        /// How many entries the journal had.
        pub end: u64,
        /// Whose entries were asked for.
        pub person: Option<PersonName>,
        /// The communities within reach, by name.
        pub communities: Vec<CommunityName>,
    }
    /// One entry.
    struct JournalRow {
        /// Its place.
        pub index: u64,
        /// When.
        pub at: i64,
        /// What, as its frozen text: `factor.reset`.
        pub kind: String,
        /// The communities that it concerns.
        pub communities: Vec<Uuid>,
        /// Who did it.
        pub actor: Option<PersonName>,
        /// To whom.
        pub subject: Option<PersonName>,
        /// Whether its persons part was erased: nobody is named, and there are no words.
        pub erased: bool,
        /// Words for the sentence.
        pub words: BTreeMap<String, String>,
    }
}
