//! Operations among the changes of a commit: they are written once its entries have their places.

use domain::{Change, operation::Operation};

/// An operation, and which of the entries of its commit tells of it.
pub type Decided = (Box<Operation>, Option<u64>);

/// The operations of a commit, and all that is written before them.
#[must_use]
pub fn apart(changes: Vec<Change>) -> (Vec<Decided>, Vec<Change>) {
    let (mut operations, mut others) = (Vec::new(), Vec::with_capacity(changes.len()));
    for change in changes {
        match change {
            Change::Operation(operation, place) => operations.push((operation, place)),
            other => others.push(other),
        }
    }
    (operations, others)
}
