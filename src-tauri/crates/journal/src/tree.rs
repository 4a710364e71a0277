//! The Merkle tree over the leaves (RFC 9162 §2.1): growing it, and proving with it.
//!
//! A proof is planned first, as [`Span`]s of leaves whose hashes it is made of, so that a store can fetch what it kept of
//! them without this crate knowing how. Proofs of any size are at most 64 hashes for each side.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::LeafHash;

/// The hash of a subtree: of one leaf, or of two subtrees.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TreeHash([u8; 32]);

impl TreeHash {
    /// The root of the tree that has no leaf: SHA-256 of nothing.
    pub fn empty() -> Self {
        Self(Sha256::digest([]).into())
    }

    /// SHA-256(0x01 ‖ left ‖ right).
    fn of(left: &Self, right: &Self) -> Self {
        let mut hash = Sha256::new();
        hash.update([1]);
        hash.update(left.0);
        hash.update(right.0);
        Self(hash.finalize().into())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for TreeHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl From<LeafHash> for TreeHash {
    fn from(leaf: LeafHash) -> Self {
        Self(*leaf.as_bytes())
    }
}

impl fmt::Debug for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TreeHash(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// A tree that only grows: what is needed of it to add leaves and to tell the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The complete subtrees that the leaves so far fall into, largest first.
    peaks: Vec<TreeHash>,
}

impl Frontier {
    /// Takes up where a tree was left: `peaks` are the hashes of [`Span::subtrees`] of all `size` leaves. `None` when their
    /// number is not that of the size.
    pub fn resumed(size: u64, peaks: Vec<TreeHash>) -> Option<Self> {
        (u64::from(size.count_ones()) == peaks.len() as u64).then_some(Self { size, peaks })
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What it can be [taken up](Self::resumed) from again.
    pub fn peaks(&self) -> &[TreeHash] {
        &self.peaks
    }

    /// Adds the next leaf.
    pub fn push(&mut self, leaf: LeafHash) {
        self.join(TreeHash::from(leaf), 0);
    }

    /// Adds a complete subtree of 2^`level` leaves. `None`, and nothing is added, unless the tree's size is a multiple of that.
    pub fn push_subtree(&mut self, hash: TreeHash, level: u32) -> Option<()> {
        let leaves = 1u64.checked_shl(level)?;
        self.size.is_multiple_of(leaves).then(|| self.join(hash, level))
    }

    fn join(&mut self, hash: TreeHash, level: u32) {
        let mut hash = hash;
        let mut above = self.size >> level;
        while above & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = TreeHash::of(&left, &hash);
            above >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1 << level;
    }

    /// The root over all leaves so far.
    pub fn root(&self) -> TreeHash {
        fold(&self.peaks).unwrap_or_else(TreeHash::empty)
    }
}

/// A complete subtree: the 2^`level` leaves from `index` · 2^`level` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subtree {
    /// How many times two such subtrees were joined to make it; a leaf is 0.
    pub level: u32,
    /// How many of the same level lie before it.
    pub index: u64,
}

/// The leaves from `start` up to, and without, `end`, where the tree joins them under one hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    start: u64,
    end: u64,
}

impl Span {
    /// The first `size` leaves.
    pub fn first(size: u64) -> Self {
        Self { start: 0, end: size }
    }

    /// The complete subtrees that it is made of, from the left: no two of one level.
    pub fn subtrees(self) -> Vec<Subtree> {
        let mut from = self.start;
        let mut rest = self.end - self.start;
        let mut found = Vec::with_capacity(rest.count_ones() as usize);
        while rest > 0 {
            let level = rest.ilog2();
            found.push(Subtree { level, index: from >> level });
            from += 1 << level;
            rest -= 1 << level;
        }
        found
    }

    /// Its hash, from those of its [subtrees](Self::subtrees). `None` when `hash` knows one of them not.
    pub fn hash(self, mut hash: impl FnMut(Subtree) -> Option<TreeHash>) -> Option<TreeHash> {
        let hashes: Option<Vec<TreeHash>> = self.subtrees().into_iter().map(&mut hash).collect();
        fold(&hashes?)
    }

    /// Where RFC 9162 §2.1.1 divides it: the left part is the largest power of two below its length.
    fn halves(self) -> Option<(Self, Self)> {
        let length = self.end - self.start;
        if length < 2 {
            return None;
        }
        let middle = self.start + (1 << (length - 1).ilog2());
        Some((Self { start: self.start, end: middle }, Self { start: middle, end: self.end }))
    }
}

fn fold(hashes: &[TreeHash]) -> Option<TreeHash> {
    let (last, before) = hashes.split_last()?;
    Some(before.iter().rev().fold(*last, |right, left| TreeHash::of(left, &right)))
}

/// What proves that the leaf at `index` is in the tree of `size` leaves, in the order of RFC 9162 §2.1.3.1. `None` when there
/// is no such leaf.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Span>> {
    if index >= size {
        return None;
    }
    let mut spans = Vec::new();
    let mut here = Span::first(size);
    while let Some((left, right)) = here.halves() {
        let (within, beside) = if index < left.end { (left, right) } else { (right, left) };
        spans.push(beside);
        here = within;
    }
    spans.reverse();
    Some(spans)
}

/// What proves that the tree of `new` leaves begins with that of `old`, in the order of RFC 9162 §2.1.4.1. Empty where both
/// are the same tree, or the old one is empty. `None` when the old one is the larger.
pub fn consistency(old: u64, new: u64) -> Option<Vec<Span>> {
    if old > new {
        return None;
    }
    if old == 0 || old == new {
        return Some(Vec::new());
    }
    let mut spans = Vec::new();
    let mut here = Span::first(new);
    // A left edge all of whose leaves are old is known to whoever holds the old root, as long as it begins the tree.
    while here.end != old {
        let (left, right) = here.halves()?;
        let (within, beside) = if old <= left.end { (left, right) } else { (right, left) };
        spans.push(beside);
        here = within;
    }
    if here.start > 0 {
        spans.push(here);
    }
    spans.reverse();
    Some(spans)
}

/// Whether `proof` shows that `leaf` stands at `index` in the tree of `size` leaves with this root (RFC 9162 §2.1.3.2).
pub fn includes(root: &TreeHash, size: u64, index: u64, leaf: LeafHash, proof: &[TreeHash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut here, mut last) = (index, size - 1);
    let mut hash = TreeHash::from(leaf);
    for beside in proof {
        if last == 0 {
            return false;
        }
        if here & 1 == 1 || here == last {
            hash = TreeHash::of(beside, &hash);
            while here & 1 == 0 && here != 0 {
                (here, last) = (here >> 1, last >> 1);
            }
        } else {
            hash = TreeHash::of(&hash, beside);
        }
        (here, last) = (here >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

/// Whether `proof` shows that the tree `new` begins with the tree `old` (RFC 9162 §2.1.4.2). Each is a root with its size. Every
/// tree begins with the empty one.
pub fn consistent(old: (&TreeHash, u64), new: (&TreeHash, u64), proof: &[TreeHash]) -> bool {
    let ((old_root, old_size), (new_root, new_size)) = (old, new);
    if old_size == 0 {
        return proof.is_empty() && *old_root == TreeHash::empty();
    }
    if old_size >= new_size {
        return old_size == new_size && proof.is_empty() && old_root == new_root;
    }
    // Where the old tree is one complete subtree, its root is the first hash and is left out of the proof.
    let mut hashes = old_size.is_power_of_two().then_some(old_root).into_iter().chain(proof);
    let Some(first) = hashes.next() else { return false };
    let (mut old_rest, mut new_rest) = (old_size - 1, new_size - 1);
    while old_rest & 1 == 1 {
        (old_rest, new_rest) = (old_rest >> 1, new_rest >> 1);
    }
    let (mut from_old, mut from_new) = (*first, *first);
    for beside in hashes {
        if new_rest == 0 {
            return false;
        }
        if old_rest & 1 == 1 || old_rest == new_rest {
            from_old = TreeHash::of(beside, &from_old);
            from_new = TreeHash::of(beside, &from_new);
            while old_rest & 1 == 0 && old_rest != 0 {
                (old_rest, new_rest) = (old_rest >> 1, new_rest >> 1);
            }
        } else {
            from_new = TreeHash::of(&from_new, beside);
        }
        (old_rest, new_rest) = (old_rest >> 1, new_rest >> 1);
    }
    new_rest == 0 && from_old == *old_root && from_new == *new_root
}

#[cfg(test)]
mod tests;
