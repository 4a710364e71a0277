//! Numbering entries of the journal, by whoever holds its head.

use std::collections::{BTreeMap, HashMap};

use authority::{CommitError, StoreError, store::KeptEntry};
use domain::workspace::Workspace;
use journal::{CommitmentKey, Draft, Entry};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, query, query_as, query_scalar};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{WORKSPACE, record};
use crate::failure::{of_commit, of_database};

/// Batches that are numbered at once. Those of one batch are never parted.
pub(crate) const BATCHES: usize = 1_024;

/// The row of the head, locked until the transaction ends: nobody else numbers. Holds the number of the next entry.
pub(crate) struct Head(u64);

/// The number of the first entry of each batch that had waited.
pub(crate) type Batches = HashMap<i64, u64>;

/// The head, unless somebody has it.
pub(crate) async fn head_if_free(connection: &mut PgConnection) -> Result<Option<Head>, CommitError> {
    let next: Option<i64> = query_scalar("SELECT next FROM journal_head WHERE id = 1 FOR UPDATE SKIP LOCKED")
        .fetch_optional(connection)
        .await
        .map_err(of_commit)?;
    Ok(next.map(super::number).transpose()?.map(Head))
}

/// The head, once nobody else has it.
pub(crate) async fn wait_for_head(connection: &mut PgConnection) -> Result<Head, CommitError> {
    let next: i64 = query_scalar("SELECT next FROM journal_head WHERE id = 1 FOR UPDATE").fetch_one(connection).await.map_err(of_commit)?;
    Ok(Head(super::number(next)?))
}

/// A draft as it waits. Its keys stand beside it.
#[derive(Serialize, Deserialize)]
struct Waiting {
    at: i64,
    kind: String,
    communities: Vec<Uuid>,
    actor: Option<Uuid>,
    subject: Option<Uuid>,
    words: BTreeMap<String, String>,
}

#[derive(FromRow)]
struct Row {
    batch: i64,
    place: i32,
    draft: String,
    facts_key: Vec<u8>,
    persons_key: Vec<u8>,
}

/// Entries as they are put off, a list a column.
#[derive(Default)]
pub(crate) struct Put {
    pub(crate) places: Vec<i32>,
    pub(crate) drafts: Vec<String>,
    pub(crate) facts_keys: Vec<Vec<u8>>,
    pub(crate) persons_keys: Vec<Vec<u8>>,
}

impl Put {
    pub(crate) fn of(workspace: Uuid, entries: Vec<Draft>) -> Result<Self, CommitError> {
        let mut put = Self::default();
        for (place, draft) in (0i32..).zip(entries) {
            put.facts_keys.push(draft.facts_key.as_bytes().to_vec());
            put.persons_keys.push(draft.persons_key.as_bytes().to_vec());
            let waiting = Waiting {
                at: draft.at,
                kind: draft.kind.clone(),
                communities: draft.communities.clone(),
                actor: draft.actor,
                subject: draft.subject,
                words: draft.words.clone(),
            };
            // What could not be numbered later is refused now, with the whole commit.
            let sequences: Vec<(Uuid, u64)> = BTreeMap::from_iter(draft.communities.iter().map(|id| (*id, 1))).into_iter().collect();
            journal::seal(draft, workspace, 0, &sequences).map_err(unfit)?;
            put.places.push(place);
            put.drafts.push(serde_json::to_string(&waiting).map_err(|_| StoreError::Failed("an entry could not be written".into()))?);
        }
        Ok(put)
    }
}

/// Commits entries without a number. Answers what they are asked for by.
pub(crate) async fn put_off(connection: &mut PgConnection, workspace: Uuid, entries: Vec<Draft>) -> Result<i64, CommitError> {
    let put = Put::of(workspace, entries)?;
    // One number for all of them, so that they stay together; it grows in the order in which commits see one another.
    query_scalar(
        "WITH batch AS MATERIALIZED (SELECT nextval('journal_batches') AS number), put AS (
             INSERT INTO journal_pending (batch, place, draft, facts_key, persons_key)
             SELECT batch.number, entry.* FROM batch, unnest($1::int4[], $2::text[], $3::bytea[], $4::bytea[]) AS entry)
         SELECT number FROM batch",
    )
    .bind(put.places)
    .bind(put.drafts)
    .bind(put.facts_keys)
    .bind(put.persons_keys)
    .fetch_one(connection)
    .await
    .map_err(of_commit)
}

fn unfit(error: journal::SealError) -> CommitError {
    StoreError::Failed(error.to_string()).into()
}

/// The identifier of the workspace, which is part of every leaf.
pub(crate) async fn workspace(connection: &mut PgConnection, known: &OnceCell<Uuid>) -> Result<Uuid, StoreError> {
    known
        .get_or_try_init(|| async move {
            let found: Option<super::Row> = query_as(WORKSPACE).fetch_optional(connection).await.map_err(of_database)?;
            let (_, body) = found.ok_or_else(|| StoreError::Failed("there is no workspace to keep a journal for".into()))?;
            Ok(record::<Workspace>(&body)?.id.0)
        })
        .await
        .copied()
}

/// Numbers what waits, and after it these entries. Answers what was numbered, and the number of the first of these.
/// Each entry is told of to `step`, which may end it.
pub(crate) async fn number(
    connection: &mut PgConnection,
    known: &OnceCell<Uuid>,
    head: Head,
    own: Vec<Draft>,
    step: &mut (dyn FnMut() -> Result<(), CommitError> + Send),
) -> Result<(Batches, Option<u64>), CommitError> {
    let mut next = head.0;
    let mut numbered = Batches::new();
    let mut sealed = Sealed::default();
    // Seen anew now that the head is held: whatever its last holder numbered is not there any more. Before these entries comes
    // all that was committed before they were decided, also where more waits than is numbered at once.
    let waiting = waiting(connection, own.is_empty()).await?;
    if waiting.is_empty() && own.is_empty() {
        return Ok((numbered, None));
    }
    let workspace = workspace(connection, known).await?;
    let mut drafts = Vec::with_capacity(waiting.len() + own.len());
    for row in waiting {
        sealed.gone.push((row.batch, row.place));
        drafts.push((Some(row.batch), draft(row)?));
    }
    let first = next + drafts.len() as u64;
    let own_are = !own.is_empty();
    drafts.extend(own.into_iter().map(|draft| (None, draft)));
    let mut sequences = sequences(connection, &drafts).await?;
    for (batch, draft) in drafts {
        let mut its: BTreeMap<Uuid, u64> = BTreeMap::new();
        for community in &draft.communities {
            its.entry(*community).or_insert_with(|| {
                let last = sequences.entry(*community).or_insert(0);
                *last += 1;
                *last
            });
        }
        let its: Vec<(Uuid, u64)> = its.into_iter().collect();
        let entry = journal::seal(draft, workspace, next, &its).map_err(unfit)?;
        if let Some(batch) = batch {
            numbered.entry(batch).or_insert(next);
        }
        sealed.push(&entry, batch)?;
        step()?;
        next += 1;
    }
    sealed.write(connection, next).await?;
    Ok((numbered, own_are.then_some(first)))
}

async fn waiting(connection: &mut PgConnection, bounded: bool) -> Result<Vec<Row>, CommitError> {
    let asked = if bounded {
        query_as(
            "SELECT batch, place, draft, facts_key, persons_key FROM journal_pending WHERE batch <= (
                 SELECT max(batch) FROM (SELECT DISTINCT batch FROM journal_pending ORDER BY batch LIMIT $1) AS first)
             ORDER BY batch, place",
        )
        .bind(i64::try_from(BATCHES).unwrap_or(i64::MAX))
    } else {
        query_as("SELECT batch, place, draft, facts_key, persons_key FROM journal_pending ORDER BY batch, place")
    };
    asked.fetch_all(connection).await.map_err(of_commit)
}

fn draft(row: Row) -> Result<Draft, CommitError> {
    let key = |bytes: Vec<u8>| {
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| StoreError::Damaged("an entry has no key".into()))?;
        Ok::<_, StoreError>(CommitmentKey::from(bytes))
    };
    let Waiting { at, kind, communities, actor, subject, words } = record(&row.draft)?;
    let (facts_key, persons_key) = (key(row.facts_key)?, key(row.persons_key)?);
    Ok(Draft { at, kind, communities, actor, subject, words, facts_key, persons_key })
}

/// The last number of each community's own count.
async fn sequences(connection: &mut PgConnection, drafts: &[(Option<i64>, Draft)]) -> Result<HashMap<Uuid, u64>, CommitError> {
    let mut communities: Vec<Uuid> = drafts.iter().flat_map(|(_, draft)| draft.communities.iter().copied()).collect();
    communities.sort_unstable();
    communities.dedup();
    if communities.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(Uuid, i64)> = query_as(
        "SELECT named.id, filed.sequence FROM unnest($1::uuid[]) AS named (id), LATERAL (
             SELECT sequence FROM journal_communities WHERE community = named.id ORDER BY sequence DESC LIMIT 1) AS filed",
    )
    .bind(communities)
    .fetch_all(connection)
    .await
    .map_err(of_commit)?;
    found.into_iter().map(|(id, last)| Ok((id, super::number(last)?))).collect()
}

/// Writes entries as another store numbered them.
pub(crate) async fn place(connection: &mut PgConnection, workspace: Uuid, entries: &[KeptEntry]) -> Result<(), CommitError> {
    if entries.is_empty() {
        return Ok(());
    }
    let Head(mut next) = wait_for_head(connection).await?;
    let mut sealed = Sealed::default();
    for entry in entries {
        if entry.index != next {
            return Err(CommitError::Conflict);
        }
        let entry = journal::open(workspace, entry.stored()).map_err(|error| StoreError::Failed(error.to_string()))?;
        sealed.push(&entry, None)?;
        next += 1;
    }
    sealed.write(connection, next).await
}

/// Entries as they are written, a list a column: one statement, however many they are.
#[derive(Default)]
struct Sealed {
    gone: Vec<(i64, i32)>,
    idx: Vec<i64>,
    at: Vec<i64>,
    kind: Vec<String>,
    actor: Vec<Option<Uuid>>,
    subject: Vec<Option<Uuid>>,
    facts: Vec<String>,
    facts_key: Vec<Vec<u8>>,
    persons: Vec<Option<String>>,
    persons_key: Vec<Option<Vec<u8>>>,
    leaf: Vec<Vec<u8>>,
    batch: Vec<Option<i64>>,
    filed_in: Vec<Uuid>,
    filed_as: Vec<i64>,
    filed: Vec<i64>,
}

fn stored(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Failed("the journal is full".into()))
}

impl Sealed {
    fn push(&mut self, entry: &Entry, batch: Option<i64>) -> Result<(), StoreError> {
        let index = stored(entry.index())?;
        for (community, sequence) in entry.communities() {
            self.filed_in.push(*community);
            self.filed_as.push(stored(*sequence)?);
            self.filed.push(index);
        }
        self.idx.push(index);
        self.at.push(entry.at());
        self.kind.push(entry.kind().to_owned());
        self.actor.push(entry.actor());
        self.subject.push(entry.subject());
        self.facts.push(entry.facts_text().to_owned());
        self.facts_key.push(entry.facts_key().as_bytes().to_vec());
        self.persons.push(entry.persons_text().map(str::to_owned));
        self.persons_key.push(entry.persons_key().map(|key| key.as_bytes().to_vec()));
        self.leaf.push(entry.leaf().as_bytes().to_vec());
        self.batch.push(batch);
        Ok(())
    }

    async fn write(self, connection: &mut PgConnection, next: u64) -> Result<(), CommitError> {
        let (batches, places): (Vec<i64>, Vec<i32>) = self.gone.into_iter().unzip();
        query(
            "WITH head AS (UPDATE journal_head SET next = $1 WHERE id = 1),
                 gone AS (DELETE FROM journal_pending AS pending USING unnest($2::int8[], $3::int4[]) AS numbered (batch, place)
                          WHERE pending.batch = numbered.batch AND pending.place = numbered.place),
                 filed AS (INSERT INTO journal_communities (community, sequence, idx)
                           SELECT * FROM unnest($4::uuid[], $5::int8[], $6::int8[]))
             INSERT INTO journal (idx, at, kind, actor, subject, facts, facts_key, persons, persons_key, leaf, batch)
             SELECT * FROM unnest($7::int8[], $8::int8[], $9::text[], $10::uuid[], $11::uuid[], $12::text[], $13::bytea[], $14::text[],
                                  $15::bytea[], $16::bytea[], $17::int8[])",
        )
        .bind(stored(next)?)
        .bind(batches)
        .bind(places)
        .bind(self.filed_in)
        .bind(self.filed_as)
        .bind(self.filed)
        .bind(self.idx)
        .bind(self.at)
        .bind(self.kind)
        .bind(self.actor)
        .bind(self.subject)
        .bind(self.facts)
        .bind(self.facts_key)
        .bind(self.persons)
        .bind(self.persons_key)
        .bind(self.leaf)
        .bind(self.batch)
        .execute(connection)
        .await
        .map(drop)
        .map_err(of_commit)
    }
}
