//! How far a commit of thousands of records has come.

use super::{CommitError, Watch};

/// Counts records that were written, and now and then tells whoever watches.
pub struct Steps<'a> {
    watch: Watch<'a>,
    done: u64,
    total: u64,
}

impl<'a> Steps<'a> {
    /// Records between two words with whoever watches, at least.
    pub const STRIDE: u64 = 100;

    /// None yet, of so many.
    #[must_use]
    pub fn of(total: u64, watch: Watch<'a>) -> Self {
        Self { watch, done: 0, total }
    }

    /// So many more.
    ///
    /// # Errors
    /// [`CommitError::Stopped`], where whoever watches says so.
    pub fn step(&mut self, records: u64) -> Result<(), CommitError> {
        let before = self.done / Self::STRIDE;
        self.done += records;
        let stopped = self.done / Self::STRIDE > before && (self.watch)(self.done, self.total).is_break();
        if stopped { Err(CommitError::Stopped) } else { Ok(()) }
    }
}
