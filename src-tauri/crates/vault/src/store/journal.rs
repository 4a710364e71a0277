//! The journal: numbering entries inside the transaction, and reading them back against their leaves.

use std::collections::BTreeMap;

use authority::{
    CommitError, StoreError,
    store::{JournalLine, JournalQuery, NamedPerson},
};
use domain::{id::AccountId, workspace::Workspace};
use journal::{Draft, Entry, Stored};
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection, SqlitePool, query, query_as, query_scalar};
use uuid::Uuid;

use super::commit::Steps;
use crate::failure::of_database;

/// Numbers entries and writes them. The numbers follow on from those committed, which only the holder of the write
/// lock can add to: so none is missing and none comes twice.
pub(super) async fn append(connection: &mut SqliteConnection, drafts: Vec<Draft>, steps: &mut Steps<'_>) -> Result<(), CommitError> {
    if drafts.is_empty() {
        return Ok(());
    }
    let workspace = workspace(connection).await?;
    let first: i64 =
        query_scalar("SELECT coalesce(max(idx) + 1, 0) FROM journal").fetch_one(&mut *connection).await.map_err(of_database)?;
    // Nobody else numbers meanwhile: what was given out once need not be asked for again.
    let mut next: BTreeMap<Uuid, u64> = BTreeMap::new();
    for (index, draft) in (super::number(first)?..).zip(drafts) {
        let mut sequences = Vec::with_capacity(draft.communities.len());
        for community in &draft.communities {
            if !sequences.iter().any(|(known, _)| known == community) {
                let number = match next.get(community) {
                    Some(number) => *number,
                    None => next_in(connection, *community).await?,
                };
                next.insert(*community, number + 1);
                sequences.push((*community, number));
            }
        }
        let entry = journal::seal(draft, workspace, index, &sequences).map_err(|error| StoreError::Failed(error.to_string()))?;
        write(connection, &entry).await?;
        steps.step()?;
    }
    Ok(())
}

async fn workspace(connection: &mut SqliteConnection) -> Result<Uuid, StoreError> {
    let found: Option<(i64, String)> = query_as(super::WORKSPACE).fetch_optional(connection).await.map_err(of_database)?;
    let (_, body) = found.ok_or_else(|| StoreError::Failed("there is no workspace to keep a journal for".into()))?;
    Ok(super::record::<Workspace>(&body)?.id.0)
}

async fn next_in(connection: &mut SqliteConnection, community: Uuid) -> Result<u64, StoreError> {
    let next: i64 = query_scalar("SELECT coalesce(max(sequence), 0) + 1 FROM journal_communities WHERE community = $1")
        .bind(community.to_string())
        .fetch_one(connection)
        .await
        .map_err(of_database)?;
    super::number(next)
}

async fn write(connection: &mut SqliteConnection, entry: &Entry) -> Result<(), StoreError> {
    let stored = |number: u64| i64::try_from(number).map_err(|_| StoreError::Failed("the journal is full".into()));
    query(
        "INSERT INTO journal (idx, at, kind, actor, subject, facts, facts_key, persons, persons_key, leaf)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(stored(entry.index())?)
    .bind(entry.at())
    .bind(entry.kind())
    .bind(entry.actor().map(|id| id.to_string()))
    .bind(entry.subject().map(|id| id.to_string()))
    .bind(entry.facts_text())
    .bind(entry.facts_key().as_bytes().as_slice())
    .bind(entry.persons_text())
    .bind(entry.persons_key().map(|key| key.as_bytes().as_slice()))
    .bind(entry.leaf().as_bytes().as_slice())
    .execute(&mut *connection)
    .await
    .map_err(of_database)?;
    for (community, sequence) in entry.communities() {
        query("INSERT INTO journal_communities (community, sequence, idx) VALUES ($1, $2, $3)")
            .bind(community.to_string())
            .bind(stored(*sequence)?)
            .bind(stored(entry.index())?)
            .execute(&mut *connection)
            .await
            .map_err(of_database)?;
    }
    Ok(())
}

#[derive(FromRow)]
struct Row {
    idx: i64,
    actor: Option<String>,
    subject: Option<String>,
    facts: String,
    facts_key: Vec<u8>,
    persons: Option<String>,
    persons_key: Option<Vec<u8>>,
    leaf: Vec<u8>,
}

pub(super) async fn page(readers: &SqlitePool, query: &JournalQuery) -> Result<Vec<JournalLine>, StoreError> {
    if query.communities.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let mut transaction = readers.begin().await.map_err(of_database)?;
    let rows: Vec<Row> = selection(query).build_query_as().fetch_all(&mut *transaction).await.map_err(of_database)?;
    let mut lines = Vec::with_capacity(rows.len());
    if !rows.is_empty() {
        let workspace = workspace(&mut transaction).await?;
        let mut names = Names(BTreeMap::new());
        for row in rows {
            let entry = opened(workspace, &row)?;
            let actor = names.of(&mut transaction, entry.actor()).await?;
            let subject = names.of(&mut transaction, entry.subject()).await?;
            lines.push(JournalLine { entry, actor, subject });
        }
    }
    transaction.commit().await.map_err(of_database)?;
    Ok(lines)
}

fn opened(workspace: Uuid, row: &Row) -> Result<Entry, StoreError> {
    let stored = Stored {
        index: super::number(row.idx)?,
        facts: &row.facts,
        facts_key: &row.facts_key,
        persons: row.persons.as_deref(),
        persons_key: row.persons_key.as_deref(),
        leaf: &row.leaf,
    };
    let entry = journal::open(workspace, stored).map_err(|error| StoreError::Damaged(error.to_string()))?;
    // Filters go by these columns: they must say what the leaf says.
    let agrees = |column: &Option<String>, id: Option<Uuid>| *column == id.map(|id| id.to_string());
    if agrees(&row.actor, entry.actor()) && agrees(&row.subject, entry.subject()) {
        Ok(entry)
    } else {
        Err(StoreError::Damaged("a journal entry is filed under another person".into()))
    }
}

/// Whoever is not there any more is called as they were.
const NAMED: &str = "
    SELECT name, email FROM accounts WHERE id = $1
    UNION ALL SELECT name, email FROM removed_accounts WHERE id = $1
    LIMIT 1";

/// Names looked up so far: a page is mostly about few people.
struct Names(BTreeMap<Uuid, Option<NamedPerson>>);

impl Names {
    async fn of(&mut self, connection: &mut SqliteConnection, id: Option<Uuid>) -> Result<Option<NamedPerson>, StoreError> {
        let Some(id) = id else { return Ok(None) };
        if let Some(known) = self.0.get(&id) {
            return Ok(known.clone());
        }
        let found: Option<(String, String)> = query_as(NAMED).bind(id.to_string()).fetch_optional(connection).await.map_err(of_database)?;
        let person = found.map(|(name, email)| NamedPerson { id: AccountId(id), name, email });
        self.0.insert(id, person.clone());
        Ok(person)
    }
}

/// Each filter is answered by an index that already has the order, and stops after a page.
fn selection(query: &JournalQuery) -> QueryBuilder<Sqlite> {
    let page = Page {
        before: query.before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX),
        limit: i64::from(query.limit.max(1)),
    };
    let mut sql = QueryBuilder::new("SELECT idx, actor, subject, facts, facts_key, persons, persons_key, leaf FROM journal WHERE ");
    match (&query.person, &query.communities) {
        (None, None) => {
            sql.push("1 = 1");
        }
        (Some(person), communities) => {
            for (column, join) in [("actor", "idx IN (SELECT idx FROM ("), ("subject", ") UNION SELECT idx FROM (")] {
                sql.push(join).push("SELECT idx FROM journal AS own WHERE ").push(column).push(" = ").push_bind(person.to_string());
                if let Some(communities) = communities {
                    sql.push(" AND EXISTS (SELECT 1 FROM journal_communities AS filed WHERE filed.idx = own.idx AND filed.community IN ");
                    list(&mut sql, communities);
                    sql.push(")");
                }
                page.push(&mut sql);
            }
            sql.push("))");
        }
        (None, Some(communities)) => {
            sql.push("idx IN (SELECT DISTINCT idx FROM journal_communities WHERE community IN ");
            list(&mut sql, communities);
            page.push(&mut sql);
            sql.push(")");
        }
    }
    page.push(&mut sql);
    sql
}

struct Page {
    before: i64,
    limit: i64,
}

impl Page {
    fn push(&self, sql: &mut QueryBuilder<Sqlite>) {
        sql.push(" AND idx < ").push_bind(self.before).push(" ORDER BY idx DESC LIMIT ").push_bind(self.limit);
    }
}

fn list(sql: &mut QueryBuilder<Sqlite>, communities: &[domain::id::CommunityId]) {
    sql.push("(");
    let mut list = sql.separated(", ");
    for community in communities {
        list.push_bind(community.to_string());
    }
    sql.push(")");
}
