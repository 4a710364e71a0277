//! The outbox of the open workspace, which remembers that something in it moved until the window was told.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use authority::Authority;
use uuid::Uuid;
use vault::Vault;
use wire::delivery::{Coming, Due, Outbox, Outcome, Woken};

/// Whether something in the outbox moved since the window was told last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moved(Arc<AtomicBool>);

impl Moved {
    /// Whether it did; once.
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }

    fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The outbox, watched.
pub(crate) struct Watched {
    pub(crate) authority: Arc<Authority<Vault>>,
    pub(crate) moved: Moved,
}

impl Outbox for Watched {
    fn give_up_half_sent(&self, older_than: i64) -> Coming<'_, u64> {
        self.authority.give_up_half_sent(older_than)
    }

    fn next_due(&self) -> Coming<'_, Due> {
        self.authority.next_due()
    }

    fn woken(&self) -> Woken<'_> {
        self.authority.woken()
    }

    fn settle(&self, id: Uuid, outcome: Outcome) -> Coming<'_, ()> {
        Box::pin(async move {
            let settled = self.authority.settle(id, outcome).await;
            self.moved.note();
            settled
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_something_moved_is_told_once() {
        let moved = Moved::default();
        assert!(!moved.take());
        moved.clone().note();
        moved.note();
        assert!(moved.take() && !moved.take());
    }
}
