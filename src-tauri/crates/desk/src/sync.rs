//! Keeping the replica as its person may see the workspace: what to ask the server next, and what to make of the answer.
//!
//! [`engine`] decides, without I/O; [`Sync`] asks and has the replica write.

mod engine;
mod pages;

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Mutex;
use wire::{Refusal, RefusalCode, Request, Response};

pub use engine::{Pages, SyncStop};
pub(crate) use engine::{State, Written};

use crate::replica::{Replica, ReplicaError};
use engine::{Ask, Taken};

/// Where pages come from: the server, for the session of the replica's person.
pub trait Feed: Send + std::marker::Sync {
    /// Asks for one page.
    fn ask(&self, request: Request) -> impl Future<Output = Result<Response, Refusal>> + Send;
}

/// How far a replica is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more to be asked for.
    Going {
        /// How many entries of the journal it knows.
        done: u64,
        /// Of how many.
        of: u64,
    },
    /// It says what the server said when this was asked.
    Current {
        /// How many entries the journal had.
        size: u64,
    },
}

/// Why a step was not done. The replica is as it was before it.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The server was not reached, or did not answer with a page.
    #[error("the server did not give a page: {0:?}")]
    Refused(Refusal),
    /// The server is not to be believed any more. Nothing is asked of it again; what is here is read as it is.
    #[error("the server is not to be believed: {0:?}")]
    Stopped(SyncStop),
    /// The replica could not be written.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}

/// Pages that are read ahead while others are written, at most: they are in memory, and then in one transaction.
const AHEAD: usize = 4;

/// Syncs one replica, one step at a time.
pub struct Sync {
    replica: Replica,
    pages: Pages,
    /// Held while pages are asked for and written.
    going: Mutex<Going>,
}

#[derive(Default)]
struct Going {
    /// The number of the last question: no page is made of an answer to another.
    question: u64,
    /// What was read ahead. It goes on from what the replica keeps.
    ahead: Vec<Taken>,
}

impl Sync {
    /// Of this replica.
    #[must_use]
    pub fn new(replica: Replica) -> Self {
        Self::in_pages(replica, Pages::default())
    }

    /// Of this replica, in pages of this size.
    #[must_use]
    pub fn in_pages(replica: Replica, pages: Pages) -> Self {
        Self { replica, pages, going: Mutex::default() }
    }

    /// Asks for a page, and writes what it says. While it writes it reads ahead, and writes that with the next step, in one
    /// transaction. To be done until it is [current](Step::Current).
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn step(&self, feed: &impl Feed) -> Result<Step, SyncError> {
        let mut going = self.going.lock().await;
        let state = self.replica.state();
        if let Some(stop) = state.stopped {
            return Err(SyncError::Stopped(stop));
        }
        let Going { question, ahead } = &mut *going;
        let mut taken = std::mem::take(ahead);
        if taken.is_empty() {
            taken.push(self.ask(feed, &state, question).await?);
        }
        let mut written = Vec::with_capacity(taken.len());
        let mut last = None;
        for one in taken {
            match one {
                Taken::Page { page, state, step } => {
                    last = Some((state.clone(), step));
                    written.push((*page, *state));
                }
                Taken::Stop(stop) => {
                    self.replica.write(written).await?;
                    self.replica.stop(stop).await?;
                    return Err(SyncError::Stopped(stop));
                }
                Taken::Nothing => break,
            }
        }
        let Some((state, step)) = last else { return Err(SyncError::Refused(RefusalCode::ServerDiffers.into())) };
        match step {
            Step::Current { .. } => self.replica.write(written).await?,
            Step::Going { .. } => {
                let over = AtomicBool::new(false);
                let writes = async {
                    let done = self.replica.write(written).await;
                    over.store(true, Ordering::Relaxed);
                    done
                };
                let (done, read) = tokio::join!(writes, self.read_ahead(feed, *state, question, &over));
                done?;
                *ahead = read;
            }
        }
        Ok(step)
    }

    /// Pages after this state, until it is `over`. What fails is asked for again by the next step, which tells; so is the page with
    /// which the replica would be current: it must not say of a later moment what was so before.
    async fn read_ahead(&self, feed: &impl Feed, mut state: State, question: &mut u64, over: &AtomicBool) -> Vec<Taken> {
        let mut ahead = Vec::new();
        while ahead.len() < AHEAD && !over.load(Ordering::Relaxed) {
            match self.ask(feed, &state, question).await {
                Ok(Taken::Page { step: Step::Current { .. }, .. } | Taken::Nothing) | Err(_) => break,
                Ok(stop @ Taken::Stop(_)) => {
                    ahead.push(stop);
                    break;
                }
                Ok(page) => {
                    if let Taken::Page { state: next, .. } = &page {
                        state.clone_from(next);
                    }
                    ahead.push(page);
                }
            }
        }
        ahead
    }

    async fn ask(&self, feed: &impl Feed, state: &State, question: &mut u64) -> Result<Taken, SyncError> {
        *question += 1;
        let request = match state.ask(self.pages, *question) {
            Ask::People(request) => request.into(),
            Ask::Entries(request) => request.into(),
        };
        let response = feed.ask(request).await.map_err(SyncError::Refused)?;
        let strange = || SyncError::Refused(RefusalCode::ServerDiffers.into());
        match response {
            Response::ReadSnapshot(page) if page.question == *question => {
                Ok(state.take_people(pages::people(state, page).ok_or_else(strange)?))
            }
            Response::ReadFeed(page) if page.question == *question => {
                Ok(state.take_entries(pages::entries(state, page).ok_or_else(strange)?))
            }
            _ => Ok(Taken::Nothing),
        }
    }
}
