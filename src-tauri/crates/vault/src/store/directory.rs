//! The directory: what lists of people need of every account, kept in memory beside the database.
//!
//! Read from the database once, in the background from when the vault is opened, and changed with every commit from then
//! on. Whoever reads it holds its lock until the records of the page are read too; whoever commits takes it before the
//! transaction ends and lets it go once the directory says the same. So the two are never seen apart.

mod book;
mod found;
mod loading;
mod order;
mod search;
mod sketch;
#[cfg(test)]
mod tests;
mod text;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use authority::{
    StoreError,
    store::{Counts, PeopleQuery},
};
use domain::{
    id::{AccountId, CommunityId},
    readiness::Hour,
};
use tokio::{
    sync::{Mutex as AsyncMutex, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock},
    task::spawn_blocking,
};

use book::Book;
pub(crate) use book::Effects;
use found::Kept;
pub(crate) use found::Page;
pub(crate) use loading::waits_until;

use crate::connection::{Connections, Source};

#[derive(Default)]
pub(crate) struct Directory {
    state: Arc<RwLock<State>>,
    /// Held by whoever reads the database for it.
    loading: AsyncMutex<()>,
    kept: Arc<Mutex<Kept>>,
    /// The vault is being closed: nothing more is read.
    stopped: AtomicBool,
}

#[derive(Default)]
enum State {
    /// Nothing is known.
    #[default]
    Absent,
    /// It is being read; meanwhile commits wait here to be taken in.
    Loading(Vec<Effects>),
    Loaded(Box<Loaded>),
}

struct Loaded {
    book: Book,
    /// Who was written by commits of which nobody knows how they ended. They are read again before anything is told.
    doubtful: Vec<AccountId>,
}

/// Somebody who reads the directory, and keeps it from changing.
pub(crate) struct Reading(OwnedRwLockReadGuard<State>);

impl Reading {
    fn book(&self) -> &Book {
        match &*self.0 {
            State::Loaded(loaded) => &loaded.book,
            State::Absent | State::Loading(_) => unreachable!("only a directory that is there is read"),
        }
    }
}

/// A commit that is about to end. Unless it is told how it ended, those it wrote are doubtful.
pub(crate) struct Settling {
    state: OwnedRwLockWriteGuard<State>,
    effects: Option<Effects>,
}

impl Settling {
    /// The transaction was committed.
    pub(crate) fn committed(mut self) {
        let Some(effects) = self.effects.take().filter(|effects| !effects.is_empty()) else { return };
        match &mut *self.state {
            State::Absent => {}
            State::Loading(waiting) => waiting.push(effects),
            State::Loaded(loaded) => loaded.book.apply(effects),
        }
    }
}

impl Drop for Settling {
    fn drop(&mut self) {
        let Some(effects) = self.effects.take() else { return };
        match &mut *self.state {
            State::Absent => {}
            // Whatever was read of the database may be from before or after it.
            loading @ State::Loading(_) => *loading = State::Absent,
            State::Loaded(loaded) => loaded.doubtful.extend(effects.people()),
        }
    }
}

impl Directory {
    /// Reads the database in the background, so that the first list need not wait for it.
    pub(crate) fn begin(self: &Arc<Self>, connections: &Connections) {
        let (directory, source) = (Arc::clone(self), connections.source());
        tokio::spawn(async move {
            // Whoever lists people is told; here nobody waits.
            if let Err(error) = directory.reading(&source).await
                && !directory.stopped.load(Ordering::Acquire)
            {
                tracing::warn!(%error, "the directory of people could not be read");
            }
        });
    }

    /// Ends what it reads: before that the connections cannot be closed.
    pub(crate) async fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        drop(self.loading.lock().await);
    }

    /// Forgets everything, and wipes it.
    pub(crate) async fn close(&self) {
        *self.state.write().await = State::Absent;
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Asked for by a commit before it ends, with what it did.
    pub(crate) async fn settle(&self, effects: Effects) -> Settling {
        Settling { state: Arc::clone(&self.state).write_owned().await, effects: Some(effects) }
    }

    /// A page, and the reading that it is true for.
    pub(crate) async fn page(&self, reading: Reading, words: Option<String>, query: &PeopleQuery) -> Result<(Page, Reading), StoreError> {
        let (kept, query) = (Arc::clone(&self.kept), query.clone());
        // Milliseconds, with a million people: too long for a thread that others wait for.
        let work = spawn_blocking(move || {
            let page = kept.lock().unwrap_or_else(PoisonError::into_inner).page(reading.book(), words, &query);
            (page, reading)
        });
        work.await.map_err(|_| StoreError::Failed("the people could not be listed".into()))
    }

    /// Of how many people each state holds.
    pub(crate) async fn count(&self, reading: Reading, communities: Option<&[CommunityId]>, hour: &Hour) -> Result<Counts, StoreError> {
        let (communities, hour) = (communities.map(<[_]>::to_vec), hour.clone());
        let work = spawn_blocking(move || Counts(search::count(reading.book(), communities.as_deref(), &hour)));
        work.await.map_err(|_| StoreError::Failed("the people could not be counted".into()))
    }

    /// Waits until the directory says what the database says, and reads it.
    pub(crate) async fn reading(&self, source: &Source) -> Result<Reading, StoreError> {
        loop {
            if let Some(reading) = self.there().await {
                return Ok(reading);
            }
            let _loading = self.loading.lock().await;
            if let Some(reading) = self.there().await {
                return Ok(reading);
            }
            if self.stopped.load(Ordering::Acquire) {
                return Err(StoreError::Failed("the vault is closed".into()));
            }
            self.bring_up(source).await?;
        }
    }

    async fn there(&self) -> Option<Reading> {
        let state = Arc::clone(&self.state).read_owned().await;
        matches!(&*state, State::Loaded(loaded) if loaded.doubtful.is_empty()).then(|| Reading(state))
    }

    async fn bring_up(&self, source: &Source) -> Result<(), StoreError> {
        let doubtful = match &*self.state.read().await {
            State::Loaded(loaded) => Some(loaded.doubtful.clone()),
            State::Absent | State::Loading(_) => None,
        };
        if let Some(doubtful) = doubtful {
            // A commit that nobody waits for any more may still be ending: whoever may write comes after it.
            let mut connection = source.writer.acquire().await.map_err(crate::failure::of_database)?;
            let effects = loading::again(&mut connection, &doubtful).await?;
            let mut state = self.state.write().await;
            if let State::Loaded(loaded) = &mut *state {
                loaded.book.apply(effects);
                loaded.doubtful.retain(|id| !doubtful.contains(id));
            }
            return Ok(());
        }
        // From here on commits are kept, so that none is missed between what is read and what comes after it. One that is
        // in what was read already changes nothing when it is taken in once more. A commit that nobody waits for any more
        // may still be ending, and is kept by nobody: whoever may write comes after it.
        let nobody_writes = source.writer.acquire().await.map_err(crate::failure::of_database)?;
        *self.state.write().await = State::Loading(Vec::new());
        drop(nobody_writes);
        let loaded = loading::load(source, &self.stopped).await;
        let mut state = self.state.write().await;
        let State::Loading(waiting) = std::mem::take(&mut *state) else { return loaded.map(drop) };
        let mut book = loaded?;
        waiting.into_iter().for_each(|effects| book.apply(effects));
        *state = State::Loaded(Box::new(Loaded { book, doubtful: Vec::new() }));
        Ok(())
    }
}
