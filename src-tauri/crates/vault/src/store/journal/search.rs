//! Finding entries: by the columns which, and then those of the page from the database.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use authority::{
    StoreError,
    store::{JournalFound, JournalSearch},
};
use sqlx::{Connection, QueryBuilder, SqliteConnection, query_as};
use tokio::{
    sync::{OwnedRwLockReadGuard, RwLock},
    task::spawn_blocking,
};
use uuid::Uuid;

use super::{
    Row,
    columns::{Columns, Searched},
};
use crate::{
    connection::{Connections, Source},
    failure::of_database,
};

/// Entries that are read at once into the columns.
const BATCH: u64 = 8_192;
/// From so many entries on a connection of its own reads them: the caches of those that stay are for others.
const MANY: u64 = 65_536;

/// What the journal is searched by, of one open vault.
#[derive(Default)]
pub(crate) struct Finder {
    columns: Arc<RwLock<Columns>>,
    /// The last search: a list is asked for page by page.
    last: Mutex<Option<Last>>,
    stopped: AtomicBool,
}

struct Last {
    search: JournalSearch,
    end: u32,
    matches: Arc<Vec<u32>>,
}

impl Finder {
    /// Ends what is read: before that the connections cannot be closed.
    pub(crate) async fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        drop(self.columns.write().await);
    }

    /// Forgets everything: the vault is closed, or somebody was erased from entries.
    pub(crate) async fn forget(&self) {
        *self.columns.write().await = Columns::default();
        *self.last() = None;
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Option<Last>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn search(self: &Arc<Self>, connections: &Connections, search: &JournalSearch) -> Result<JournalFound, StoreError> {
        let size = super::super::evidence::size(&connections.readers).await?;
        let end = search.end.map_or(size, |end| end.min(size));
        if search.communities.as_ref().is_some_and(Vec::is_empty) {
            return Ok(JournalFound { lines: Vec::new(), total: 0, end });
        }
        if everything(search) {
            self.begin(connections, end);
            let places: Vec<u64> = (0..end).rev().skip(whole(search.from)).take(search.limit as usize).collect();
            return Ok(JournalFound { lines: super::lines(&connections.readers, &places).await?, total: end, end });
        }
        let end = u32::try_from(end).map_err(|_| StoreError::Failed("the journal is too long to be searched".into()))?;
        let matches = self.matches(connections, search, end).await?;
        let places = page(&matches, search);
        let lines = super::lines(&connections.readers, &places).await?;
        if lines.iter().all(|line| super::is_by(&line.entry, search)) {
            return Ok(JournalFound { lines, total: matches.len() as u64, end: u64::from(end) });
        }
        // Since the columns were read somebody was erased from entries that the columns still give them.
        self.forget().await;
        let matches = self.matches(connections, search, end).await?;
        let lines = super::lines(&connections.readers, &page(&matches, search)).await?;
        Ok(JournalFound { lines, total: matches.len() as u64, end: u64::from(end) })
    }

    /// Whoever looks at the journal is about to search it: reads the columns meanwhile.
    fn begin(self: &Arc<Self>, connections: &Connections, end: u64) {
        let Ok(end) = u32::try_from(end) else { return };
        if self.columns.try_read().is_ok_and(|columns| u64::from(end.saturating_sub(columns.len())) >= MANY) {
            let (finder, source) = (Arc::clone(self), connections.source());
            tokio::spawn(async move {
                // Whoever searches is told; here nobody waits.
                if let Err(error) = finder.read_all(&source, end).await
                    && !finder.stopped.load(Ordering::Acquire)
                {
                    tracing::warn!(%error, "the journal could not be read through");
                }
            });
        }
    }

    async fn read_all(&self, source: &Source, end: u32) -> Result<(), StoreError> {
        let mut columns = self.columns.write().await;
        if self.stopped.load(Ordering::Acquire) || columns.len() >= end {
            return Ok(());
        }
        let mut connection = source.connect().await?;
        let read = self.read(&mut connection, &mut columns, end).await;
        connection.close().await.map_err(of_database)?;
        read
    }

    async fn matches(&self, connections: &Connections, search: &JournalSearch, end: u32) -> Result<Arc<Vec<u32>>, StoreError> {
        // Which page is asked for changes nothing.
        let search = JournalSearch { from: 0, limit: 0, end: None, ..search.clone() };
        if let Some(last) = &*self.last()
            && last.end == end
            && last.search == search
        {
            return Ok(Arc::clone(&last.matches));
        }
        let columns = self.columns(connections, end).await?;
        // Milliseconds, with a million entries: too long for a thread that others wait for.
        let work = spawn_blocking(move || {
            let matches = Arc::new(columns.matches(&search, end));
            (matches, search)
        });
        let (matches, search) = work.await.map_err(|_| StoreError::Failed("the journal could not be searched".into()))?;
        *self.last() = Some(Last { search, end, matches: Arc::clone(&matches) });
        Ok(matches)
    }

    /// The columns, up to this entry at least.
    async fn columns(&self, connections: &Connections, end: u32) -> Result<OwnedRwLockReadGuard<Columns>, StoreError> {
        loop {
            let columns = Arc::clone(&self.columns).read_owned().await;
            if columns.len() >= end {
                return Ok(columns);
            }
            let behind = u64::from(end - columns.len());
            drop(columns);
            if behind >= MANY {
                self.read_all(&connections.source(), end).await?;
            } else {
                let mut columns = self.columns.write().await;
                let mut connection = connections.readers.acquire().await.map_err(of_database)?;
                self.read(&mut connection, &mut columns, end).await?;
            }
            if self.stopped.load(Ordering::Acquire) {
                return Err(StoreError::Failed("the vault is closed".into()));
            }
        }
    }

    async fn read(&self, connection: &mut SqliteConnection, columns: &mut Columns, end: u32) -> Result<(), StoreError> {
        while columns.len() < end {
            if self.stopped.load(Ordering::Acquire) {
                return Err(StoreError::Failed("the vault is closed".into()));
            }
            let from = u64::from(columns.len());
            batch(connection, columns, from, u64::from(end).min(from + BATCH)).await?;
        }
        Ok(())
    }
}

/// Nothing is asked but which page.
fn everything(search: &JournalSearch) -> bool {
    let JournalSearch { person, actor, kinds, communities, since, until, end: _, from: _, limit: _ } = search;
    person.is_none() && actor.is_none() && kinds.is_empty() && communities.is_none() && since.is_none() && until.is_none()
}

/// The entries of the page that is asked for, newest first.
fn page(matches: &[u32], search: &JournalSearch) -> Vec<u64> {
    matches.iter().rev().skip(whole(search.from)).take(search.limit as usize).map(|index| u64::from(*index)).collect()
}

fn whole(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// One text for thousands of entries: handing over row by row would take several times as long as reading them. Of a list that
/// is in order already, because its index is: an order asked of `group_concat` itself is made by sorting.
const ENTRIES: &str = "
    SELECT group_concat(line, char(10)) FROM (
        SELECT idx || ' ' || at || ' ' || kind || ' ' || coalesce(actor, '-') || ' ' || coalesce(subject, '-') AS line
        FROM journal WHERE idx >= $1 AND idx < $2 ORDER BY idx)";
const FILED: &str = "
    SELECT group_concat(line, char(10)) FROM (
        SELECT idx || ' ' || community AS line FROM journal_communities WHERE idx >= $1 AND idx < $2)";

async fn batch(connection: &mut SqliteConnection, columns: &mut Columns, from: u64, end: u64) -> Result<(), StoreError> {
    let bound = |index: u64| i64::try_from(index).unwrap_or(i64::MAX);
    let mut transaction = connection.begin().await.map_err(of_database)?;
    let (entries,): (Option<String>,) =
        query_as(ENTRIES).bind(bound(from)).bind(bound(end)).fetch_one(&mut *transaction).await.map_err(of_database)?;
    let (filed,): (Option<String>,) =
        query_as(FILED).bind(bound(from)).bind(bound(end)).fetch_one(&mut *transaction).await.map_err(of_database)?;
    // A replica has no entries that its person may not read.
    let (sparse,): (bool,) = query_as("SELECT EXISTS (SELECT 1 FROM replica)").fetch_one(&mut *transaction).await.map_err(of_database)?;
    transaction.rollback().await.map_err(of_database)?;
    let damaged = || StoreError::Damaged("the journal is not in order".into());
    let mut sets: BTreeMap<u64, Vec<Uuid>> = BTreeMap::new();
    for line in filed.as_deref().unwrap_or_default().lines() {
        let (index, community) = line.split_once(' ').ok_or_else(damaged)?;
        sets.entry(index.parse().map_err(|_| damaged())?).or_default().push(community.parse().map_err(|_| damaged())?);
    }
    let mut next = from;
    let skip = |columns: &mut Columns, place: u64| {
        columns.skip_to(u32::try_from(place).unwrap_or(u32::MAX));
    };
    for line in entries.as_deref().unwrap_or_default().lines() {
        let mut parts = line.split(' ');
        let mut part = || parts.next().ok_or_else(damaged);
        let index: u64 = part()?.parse().map_err(|_| damaged())?;
        // Places are what entries are found by.
        if index != next {
            if !sparse || index < next {
                return Err(damaged());
            }
            skip(columns, index);
            next = index;
        }
        let at = part()?.parse().map_err(|_| damaged())?;
        let kind = part()?.to_owned();
        let person = |text: &str| if text == "-" { Ok(None) } else { text.parse().map(Some).map_err(|_| damaged()) };
        let (actor, subject) = (person(part()?)?, person(part()?)?);
        let mut communities = sets.remove(&index).unwrap_or_default();
        communities.sort_unstable();
        columns.push(Searched { at, kind, actor, subject, communities })?;
        next += 1;
    }
    if sparse {
        skip(columns, end);
        next = end;
    }
    if next == end { Ok(()) } else { Err(damaged()) }
}

/// The rows of these entries, in any order.
pub(super) async fn rows(connection: &mut SqliteConnection, places: &[u64]) -> Result<Vec<Row>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::new("SELECT idx, actor, subject, facts, facts_key, persons, persons_key, leaf FROM journal WHERE idx IN (");
    let mut list = sql.separated(", ");
    for place in places {
        list.push_bind(i64::try_from(*place).unwrap_or(i64::MAX));
    }
    sql.push(")");
    sql.build_query_as().fetch_all(connection).await.map_err(of_database)
}
