//! What a move reads from one store and writes into another.

use domain::{
    Change,
    id::{AccountId, ImportId},
    import::Item,
    moving::Arrival,
    time::Moment,
};
use journal::Draft;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::KeptEntry;

/// A record just as the store keeps it.
#[derive(Clone)]
pub struct KeptRecord {
    /// What it is ordered by: its identifier; of what an import did to somebody, the import and the account.
    pub key: (Uuid, Uuid),
    /// The document.
    pub body: String,
    /// Of what an import did to somebody: whether their account was written since, or is gone.
    pub written_since: bool,
}

impl std::fmt::Debug for KeptRecord {
    /// Names and hashes do not belong in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptRecord").field("key", &self.key).finish_non_exhaustive()
    }
}

/// How somebody was called whose account was removed.
#[derive(Clone, Serialize, Deserialize)]
pub struct RemovedName {
    /// The account.
    pub id: AccountId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// What an import did to somebody.
#[derive(Clone, Serialize, Deserialize)]
pub struct ImportedItem {
    /// Which import.
    pub import: ImportId,
    /// What it did, and to whom.
    pub item: Item,
    /// Whether their account was written since, or is gone.
    pub written_since: bool,
}

/// A part of a move, as it is to be written.
pub struct Placing {
    /// When.
    pub at: Moment,
    /// The version of the arrival that it rests on; `None` where there must be none.
    pub read: Option<u64>,
    /// The arrival as it is afterwards.
    pub arrival: Arrival,
    /// Entries of the journal, verbatim and in order: they follow on from those that are here.
    pub entries: Vec<KeptEntry>,
    /// Records to write, in order.
    pub changes: Vec<Change>,
    /// Names of accounts that were removed.
    pub removed: Vec<RemovedName>,
    /// What imports did to people. After all of those.
    pub imported: Vec<ImportedItem>,
    /// New entries, to be numbered. After the workspace's record was written.
    pub drafts: Vec<Draft>,
}

impl Placing {
    /// An arrival and nothing beside it.
    #[must_use]
    pub fn of(arrival: Arrival, read: Option<u64>, at: Moment) -> Self {
        let (entries, changes, removed, imported, drafts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { at, read, arrival, entries, changes, removed, imported, drafts }
    }
}
