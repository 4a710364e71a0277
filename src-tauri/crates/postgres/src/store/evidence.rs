//! The journal's tree and its checkpoints. The tree is not grown with every entry: its leaves are the entries, and of what
//! lies above them only blocks are remembered, from one checkpoint to the next.

use std::ops::Range;

use authority::{
    CommitError, StoreError,
    store::{
        KeptEntry, KeptQuery,
        blocks::{BLOCK, Blocks, leaves_of, over_leaves},
    },
};
use domain::{evidence::Checkpoint, time::Moment};
use journal::tree::{Subtree, TreeHash};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool, Postgres, QueryBuilder, query, query_as, query_scalar};

use super::{number, records::run, snapshot};
use crate::failure::{of_commit, of_database};

#[derive(FromRow)]
struct Row {
    idx: i64,
    facts: String,
    facts_key: Vec<u8>,
    persons: Option<String>,
    persons_key: Option<Vec<u8>>,
    leaf: Vec<u8>,
}

pub(super) async fn size(from: impl PgExecutor<'_>) -> Result<u64, StoreError> {
    let next: i64 = query_scalar("SELECT next FROM journal_head WHERE id = 1").fetch_one(from).await.map_err(of_database)?;
    number(next)
}

pub(super) async fn kept(pool: &PgPool, asked: &KeptQuery) -> Result<Vec<KeptEntry>, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT idx, facts, facts_key, persons, persons_key, leaf FROM journal WHERE idx >= ");
    sql.push_bind(stored(asked.start)).push(" AND idx < ").push_bind(stored(asked.end));
    if let Some(person) = asked.person {
        sql.push(" AND (actor = ").push_bind(person.0).push(" OR subject = ").push_bind(person.0).push(")");
    }
    if let Some(from) = asked.from {
        sql.push(" AND at >= ").push_bind(from.0);
    }
    if let Some(until) = asked.until {
        sql.push(" AND at < ").push_bind(until.0);
    }
    sql.push(" ORDER BY idx LIMIT ").push_bind(i64::from(asked.limit));
    let rows: Vec<Row> = sql.build_query_as().fetch_all(pool).await.map_err(of_database)?;
    rows.into_iter().map(KeptEntry::try_from).collect()
}

impl TryFrom<Row> for KeptEntry {
    type Error = StoreError;

    fn try_from(Row { idx, facts, facts_key, persons, persons_key, leaf }: Row) -> Result<Self, StoreError> {
        Ok(Self { index: number(idx)?, facts, facts_key, persons, persons_key, leaf })
    }
}

/// These entries, in order, as far as they are there.
pub(super) async fn between(connection: &mut PgConnection, places: Range<u64>) -> Result<Vec<KeptEntry>, StoreError> {
    let rows: Vec<Row> =
        query_as("SELECT idx, facts, facts_key, persons, persons_key, leaf FROM journal WHERE idx >= $1 AND idx < $2 ORDER BY idx")
            .bind(stored(places.start))
            .bind(stored(places.end))
            .fetch_all(connection)
            .await
            .map_err(of_database)?;
    rows.into_iter().map(KeptEntry::try_from).collect()
}

pub(super) async fn checkpoints(pool: &PgPool, limit: u32) -> Result<Vec<Checkpoint>, StoreError> {
    let rows: Vec<(i64, i64, String)> = query_as("SELECT at, size, note FROM checkpoints ORDER BY id DESC LIMIT $1")
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .map_err(of_database)?;
    rows.into_iter().map(|(at, size, note)| Ok(Checkpoint { at: Moment(at), size: number(size)?, note })).collect()
}

/// Writes a checkpoint, and remembers the blocks that were completed since the last one.
pub(super) async fn keep(connection: &mut PgConnection, checkpoint: &Checkpoint) -> Result<(), CommitError> {
    let known: i64 =
        query_scalar("SELECT coalesce(max(idx) + 1, 0) FROM journal_blocks").fetch_one(&mut *connection).await.map_err(of_commit)?;
    for block in number(known)?..checkpoint.size >> BLOCK {
        let hash = grown(connection, leaves_of(block..block + 1)).await?;
        // Somebody else may remember the same at this moment.
        let remembered = query("INSERT INTO journal_blocks (idx, hash) VALUES ($1, $2) ON CONFLICT (idx) DO NOTHING");
        run(connection, remembered.bind(stored(block)).bind(hash.as_bytes().as_slice())).await?;
    }
    let kept = query("INSERT INTO checkpoints (at, size, note) VALUES ($1, $2, $3)");
    run(connection, kept.bind(checkpoint.at.0).bind(stored(checkpoint.size)).bind(&checkpoint.note)).await
}

pub(super) async fn subtrees(pool: &PgPool, wanted: &[Subtree]) -> Result<Vec<TreeHash>, StoreError> {
    let mut snapshot = snapshot(pool).await?;
    let mut hashes = Vec::with_capacity(wanted.len());
    for subtree in wanted {
        let leaves = subtree.index << subtree.level..(subtree.index + 1) << subtree.level;
        let hash = match subtree.level.checked_sub(BLOCK) {
            None => grown(&mut snapshot, leaves).await?,
            Some(_) => joined(&mut snapshot, leaves.start >> BLOCK..leaves.end >> BLOCK).await?,
        };
        hashes.push(hash);
    }
    snapshot.commit().await.map_err(of_database)?;
    Ok(hashes)
}

/// The hash over complete blocks: those that are remembered, and after them those that are not yet.
async fn joined(connection: &mut PgConnection, blocks: Range<u64>) -> Result<TreeHash, StoreError> {
    let remembered: Vec<(i64, Vec<u8>)> = query_as("SELECT idx, hash FROM journal_blocks WHERE idx >= $1 AND idx < $2 ORDER BY idx")
        .bind(stored(blocks.start))
        .bind(stored(blocks.end))
        .fetch_all(&mut *connection)
        .await
        .map_err(of_database)?;
    let mut tree = Blocks::remembered(blocks.start, remembered)?;
    for block in tree.next()..blocks.end {
        tree.push(grown(connection, leaves_of(block..block + 1)).await?)?;
    }
    Ok(tree.root())
}

/// The hash over these leaves, from the entries themselves.
async fn grown(connection: &mut PgConnection, leaves: Range<u64>) -> Result<TreeHash, StoreError> {
    let found: Vec<Vec<u8>> = query_scalar("SELECT leaf FROM journal WHERE idx >= $1 AND idx < $2 ORDER BY idx")
        .bind(stored(leaves.start))
        .bind(stored(leaves.end))
        .fetch_all(connection)
        .await
        .map_err(of_database)?;
    over_leaves(leaves, &found)
}

/// Indices beyond what PostgreSQL counts to are beyond every journal.
pub(super) fn stored(index: u64) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}
