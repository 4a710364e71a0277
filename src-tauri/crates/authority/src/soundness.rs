//! Whether the journal is whole: every entry against its leaf, the leaves against the tree, the tree against every checkpoint.

use journal::{
    LeafHash,
    tree::{Frontier, Span},
};
use wire::{Refusal, RefusalCode};

use crate::{
    epoch::Told,
    evidence::public_keys,
    local::Authority,
    refusals,
    store::{KeptQuery, Store},
};

/// Entries read together.
const PAGE: u32 = 1_000;
/// So many findings are kept at most; all are counted.
const FINDINGS: usize = 100;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Soundness {
    /// How many entries there are.
    pub entries: u64,
    /// How many checkpoints they were held against.
    pub checkpoints: u64,
    /// How much is wrong.
    pub wrong: u64,
    /// What is: the first hundred.
    pub findings: Vec<Finding>,
}

/// Something that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// This entry is not what was sealed.
    Entry(u64),
    /// This entry is not there.
    Missing(u64),
    /// What the store remembers of the tree does not come from its entries.
    Tree,
    /// The checkpoint of so many entries was signed by no key of this workspace, or says something else.
    Checkpoint(u64),
}

impl Soundness {
    fn found(&mut self, finding: Finding) {
        self.wrong += 1;
        if self.findings.len() < FINDINGS {
            self.findings.push(finding);
        }
    }
}

impl<S: Store> Authority<S> {
    /// Reads the whole journal and holds it against everything that was ever said of it. Nothing is changed.
    ///
    /// # Errors
    /// [`RefusalCode::Stopped`] when it was told to; else a refusal of the store.
    pub async fn examine_journal(&self, told: Told<'_>) -> Result<Soundness, Refusal> {
        let workspace = self.ground().workspace().await?;
        let (id, keys) = (workspace.id.0, public_keys(&workspace));
        // In this order, so that no checkpoint is of entries that are not counted yet.
        let mut checkpoints = self.store.checkpoints(u32::MAX).await.map_err(refusals::store)?;
        let size = self.store.journal_size().await.map_err(refusals::store)?;
        checkpoints.sort_by_key(|checkpoint| checkpoint.size);
        let mut checkpoints = checkpoints.into_iter().peekable();
        let mut sound = Soundness { entries: size, ..Soundness::default() };
        let mut tree = Frontier::default();
        loop {
            while let Some(checkpoint) = checkpoints.next_if(|checkpoint| checkpoint.size <= tree.size()) {
                sound.checkpoints += 1;
                let signed = journal::Checkpoint::open(&checkpoint.note, &keys);
                let holds =
                    signed.is_ok_and(|signed| signed.size == checkpoint.size && signed.size == tree.size() && signed.root == tree.root());
                if !holds {
                    sound.found(Finding::Checkpoint(checkpoint.size));
                }
            }
            if tree.size() >= size {
                break;
            }
            let start = tree.size();
            // Up to the next checkpoint, where the tree is looked at.
            let end = checkpoints.peek().map_or(size, |next| next.size.min(size)).min(start + u64::from(PAGE));
            let query = KeptQuery { person: None, from: None, until: None, start, end, limit: PAGE };
            let mut kept = self.store.kept_entries(&query).await.map_err(refusals::store)?.into_iter().peekable();
            for index in start..end {
                match kept.next_if(|entry| entry.index == index) {
                    Some(entry) => {
                        if journal::open(id, entry.stored()).is_err() {
                            sound.found(Finding::Entry(index));
                        }
                        tree.push(LeafHash::of(&entry.leaf));
                    }
                    None => {
                        sound.found(Finding::Missing(index));
                        tree.push(LeafHash::of(&[]));
                    }
                }
            }
            if told(end, size).is_break() {
                return Err(RefusalCode::Stopped.into());
            }
        }
        // Of more entries than there are.
        for beyond in checkpoints {
            sound.checkpoints += 1;
            sound.found(Finding::Checkpoint(beyond.size));
        }
        if self.tree_hash(Span::first(size)).await? != tree.root() {
            sound.found(Finding::Tree);
        }
        Ok(sound)
    }
}
