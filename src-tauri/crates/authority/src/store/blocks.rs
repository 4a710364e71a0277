//! What a store remembers of the journal's tree: the hash over each block, a complete run of 256 leaves. Entries never change, so
//! neither do these; of what lies above them nothing is kept.

use std::ops::Range;

use journal::{
    LeafHash,
    tree::{Frontier, TreeHash},
};

use crate::StoreError;

/// A block is a complete subtree of this level.
pub const BLOCK: u32 = 8;

/// The leaves of these blocks.
#[must_use]
pub fn leaves_of(blocks: Range<u64>) -> Range<u64> {
    blocks.start << BLOCK..blocks.end << BLOCK
}

/// The hash over these leaves: all of them, in order, as they are kept.
///
/// # Errors
/// [`StoreError::Damaged`] where some are missing.
pub fn over_leaves(leaves: Range<u64>, kept: &[Vec<u8>]) -> Result<TreeHash, StoreError> {
    if kept.len() as u64 != leaves.end - leaves.start {
        return Err(StoreError::Damaged("an entry of the journal is missing".into()));
    }
    let mut tree = Frontier::default();
    kept.iter().for_each(|leaf| tree.push(LeafHash::of(leaf)));
    Ok(tree.root())
}

/// A tree over complete blocks.
pub struct Blocks {
    tree: Frontier,
    next: u64,
}

impl Blocks {
    /// Begins with those that are remembered, in order, the first of which is `first`: number and hash, as they are kept.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where one is missing or has no hash.
    pub fn remembered(first: u64, kept: Vec<(i64, Vec<u8>)>) -> Result<Self, StoreError> {
        let mut blocks = Self { tree: Frontier::default(), next: first };
        for (block, hash) in kept {
            let hash: [u8; 32] = hash.try_into().map_err(|_| StoreError::Damaged("a block of the journal has no hash".into()))?;
            if u64::try_from(block) != Ok(blocks.next) {
                return Err(StoreError::Damaged("a block of the journal is missing".into()));
            }
            blocks.push(hash.into())?;
        }
        Ok(blocks)
    }

    /// The number of the first block that is not in it yet.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Adds that one.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where it does not fit, which no block does not.
    pub fn push(&mut self, hash: TreeHash) -> Result<(), StoreError> {
        self.tree.push_subtree(hash, BLOCK).ok_or_else(|| StoreError::Failed("a block does not fit into the tree".into()))?;
        self.next += 1;
        Ok(())
    }

    /// The hash over all of them.
    #[must_use]
    pub fn root(&self) -> TreeHash {
        self.tree.root()
    }
}
