//! The change feed: what a desktop is told, so that its replica says what its person may see.
//!
//! The cursor is the leaf index of the journal. Records travel as the texts of their documents, redacted; nobody but a desktop's
//! replica reads them.

use uuid::Uuid;

requests! {
    /// Reads a page of the people whom the reader may see, in the order of their identifiers, with all that a replica keeps of them.
    struct ReadSnapshot {
        /// The last identifier of the page before.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub after: Option<Uuid>,
        /// People at most.
        pub limit: u32,
        /// Comes back with the answer, which is no answer to any other question.
        pub question: u64,
    }
    /// Reads the journal from a leaf on, and the records that its entries touched, as they are now.
    struct ReadFeed {
        /// The first leaf that is asked for: as many as the reader has.
        pub after: u64,
        /// Of entries before this one no records are asked for: a snapshot has them.
        pub records_from: u64,
        /// Leaves at most.
        pub limit: u32,
        /// The digest of those whom the reader keeps beside the people that they see, as it was last told.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub beside: Option<String>,
        /// Comes back with the answer, which is no answer to any other question.
        pub question: u64,
    }
}

shapes! {
    /// A record with the version that the server's has.
    struct FeedRecord {
        /// Its version.
        pub version: u64,
        /// Its document, redacted.
        pub body: String,
    }
    /// A person, and what there is about them.
    struct FeedPerson {
        /// Who.
        pub id: Uuid,
        /// Their account.
        pub account: FeedRecord,
        /// The failures of their password, from where there are most; none where nothing is counted.
        pub failures: Option<String>,
        /// Their request for help.
        pub request: Option<FeedRecord>,
        /// What they say was not them.
        pub report: Option<FeedRecord>,
        /// The undecided cases about them.
        pub cases: Vec<FeedRecord>,
    }
    /// What somebody is called who is named by an entry and not listed.
    struct FeedName {
        /// Who.
        pub id: Uuid,
        /// The name.
        pub name: String,
        /// The address.
        pub email: String,
    }
    /// Whom staff keep beside those whom they see, to read what waits on their desk: nobody else whom they do not see stays.
    struct FeedBeside {
        /// A digest of them: what the reader asks with from then on.
        pub digest: String,
        /// All of them.
        pub people: Vec<Uuid>,
    }
    /// An entry of the journal as it is kept. Byte strings are Base64.
    struct FeedEntry {
        /// The text of the facts.
        pub facts: String,
        /// Their key.
        pub facts_key: String,
        /// The text of the persons part; none once erased.
        pub persons: Option<String>,
        /// Its key.
        pub persons_key: Option<String>,
        /// The leaf.
        pub leaf: String,
    }
    /// A leaf: the entry where the reader may read it, its hash where not.
    enum FeedLeaf {
        /// The hash of the leaf, in Base64.
        Hash(String),
        /// The entry.
        Entry(FeedEntry),
    }
    /// Everything of a moment but people.
    struct FeedCommon {
        /// The workspace's own record, if it is told.
        pub workspace: Option<FeedRecord>,
        /// Every community, if they are told.
        pub communities: Option<Vec<FeedRecord>>,
        /// Which part of the workspace the reader sees. Where this is another than before, the replica begins anew.
        pub scope: String,
        /// How many entries the journal had.
        pub size: u64,
        /// The server's time.
        pub now: i64,
    }
    /// A page of people.
    struct SnapshotPage {
        /// Of the request.
        pub question: u64,
        /// The last identifier of the page before, as it was asked.
        pub after: Option<Uuid>,
        /// What goes with it.
        pub common: FeedCommon,
        /// The people, in the order of their identifiers.
        pub people: Vec<FeedPerson>,
        /// Where the next page begins; `None` on the last.
        pub next: Option<Uuid>,
    }
    /// A page of the feed.
    struct FeedPage {
        /// Of the request.
        pub question: u64,
        /// The first leaf.
        pub from: u64,
        /// What goes with it.
        pub common: FeedCommon,
        /// The leaves, in order.
        pub leaves: Vec<FeedLeaf>,
        /// The people whom the entries touched, as they are now.
        pub people: Vec<FeedPerson>,
        /// Who is touched, and is not seen any more.
        pub gone: Vec<Uuid>,
        /// Who is kept beside those who are seen, where it is not who the reader said.
        pub beside: Option<FeedBeside>,
        /// What those are called whom entries name and whom the reader does not see.
        pub names: Vec<FeedName>,
        /// Entries whose persons part was emptied, as lists of ranges such as `3,7-9`.
        pub erased: Vec<String>,
        /// Nobody can say whom some of the entries touched: the people are to be read again.
        pub again: bool,
        /// The journal of exactly these leaves and all before them, signed: with the last page there is.
        pub checkpoint: Option<String>,
    }
}
