//! Entries as frozen canonical leaves.
//!
//! What the domain decided becomes a [`Draft`]; the store gives it its numbers inside the transaction that commits the
//! change, with [`seal`]; reading it back, [`open`] checks it against the leaf. `FORMATS.md`, "Journal leaf", has every
//! byte. Nothing here reads a file, a clock or a source of randomness.
//!
//! An entry has two halves, each committed to under a key of its own: *facts* (when, what kind, which communities) and
//! *persons* (who, about whom, and the words of a sentence). Erasing a person deletes the second half with its key:
//! the leaf stays as it was, tells nothing about them, and still proves the first.

mod canonical;
mod checkpoint;
mod commitment;
mod entry;
mod error;
pub mod export;
mod leaf;
pub mod note;
mod open;
pub mod tree;
#[cfg(test)]
mod vectors;
pub mod verify;

pub use canonical::{Facts, Named, Persons};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use commitment::{Commitment, CommitmentKey};
pub use entry::{Draft, Entry, seal};
pub use error::{OpenError, SealError};
pub use leaf::{Leaf, LeafHash};
pub use open::{Stored, open};
