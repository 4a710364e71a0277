//! Use cases: load, decide, commit. The one way anything changes.

pub mod store;
pub mod seal;

pub use seal::SealingKey;
pub use store::{Commit, CommitError, Store, StoreError};
