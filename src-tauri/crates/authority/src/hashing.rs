//! Slow hashing, kept from becoming a lever: as many evaluations at once as there are cores, a short queue, then "busy".

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use tokio::sync::Semaphore;
use wire::{Refusal, RefusalCode};

use crate::stack::wiping_stack;

const QUEUE: usize = 32;

/// The one place where Argon2id is evaluated for people at the door.
#[derive(Debug)]
pub(crate) struct Hashing {
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    begun: AtomicU64,
}

impl Hashing {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { permits: Arc::new(Semaphore::new(cores)), waiting: AtomicUsize::new(0), begun: AtomicU64::new(0) }
    }

    /// How many were begun.
    pub(crate) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Runs one slow piece of work off the asynchronous threads.
    ///
    /// # Errors
    /// [`RefusalCode::Busy`] when too many wait already.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let place = Place::take(&self.waiting).ok_or(RefusalCode::Busy)?;
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| RefusalCode::Busy)?;
        drop(place);
        self.begun.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(move || {
            let done = wiping_stack(work);
            drop(permit);
            done
        })
        .await
        .map_err(|_| RefusalCode::Unexpected.into())
    }
}

/// A place in the queue. Given back also when the one who waited goes away.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Option<Self> {
        let before = waiting.fetch_add(1, Ordering::Relaxed);
        let place = Self(waiting);
        (before < QUEUE).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
