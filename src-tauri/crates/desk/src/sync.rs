//! Keeping the replica as its person may see the workspace: what to ask the server next, and what to make of the answer.
//!
//! [`engine`] decides, without I/O; [`Sync`] asks and has the replica write.

mod engine;
mod pages;

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

/// Syncs one replica, one step at a time.
pub struct Sync {
    replica: Replica,
    pages: Pages,
    /// The number of the last question. Held while a page is asked for and written: no page is made of an answer to another.
    going: Mutex<u64>,
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
        Self { replica, pages, going: Mutex::new(0) }
    }

    /// Asks for one page, and writes what it says in one transaction. To be done until it is [current](Step::Current).
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn step(&self, feed: &impl Feed) -> Result<Step, SyncError> {
        let mut question = self.going.lock().await;
        let state = self.replica.state();
        if let Some(stop) = state.stopped {
            return Err(SyncError::Stopped(stop));
        }
        *question += 1;
        let request = match state.ask(self.pages, *question) {
            Ask::People(request) => request.into(),
            Ask::Entries(request) => request.into(),
        };
        let response = feed.ask(request).await.map_err(SyncError::Refused)?;
        self.take(&state, response, *question).await
    }

    async fn take(&self, state: &State, response: Response, question: u64) -> Result<Step, SyncError> {
        let strange = || SyncError::Refused(RefusalCode::ServerDiffers.into());
        let taken = match response {
            Response::ReadSnapshot(page) if page.question == question => state.take_people(pages::people(state, page).ok_or_else(strange)?),
            Response::ReadFeed(page) if page.question == question => state.take_entries(pages::entries(state, page).ok_or_else(strange)?),
            _ => Taken::Nothing,
        };
        match taken {
            Taken::Nothing => Err(strange()),
            Taken::Page { page, state, step } => {
                self.replica.write(*page, *state).await?;
                Ok(step)
            }
            Taken::Stop(stop) => {
                self.replica.stop(stop).await?;
                Err(SyncError::Stopped(stop))
            }
        }
    }
}
