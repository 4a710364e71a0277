//! The journal: numbering entries inside the transaction, and reading them back against their leaves.

mod columns;
mod search;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use authority::{
    CommitError, StoreError,
    store::{JournalLine, JournalQuery, JournalSearch, NamedPerson, Steps},
};
use domain::{id::AccountId, workspace::Workspace};
use journal::{Draft, Entry, Stored};
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection, SqlitePool, query_as, query_scalar};
use uuid::Uuid;

pub(crate) use search::Finder;

use super::rows;
use crate::failure::of_database;

/// Numbers entries and writes them. The numbers follow on from those committed, which only the holder of the write
/// lock can add to: so none is missing and none comes twice. Answers the first of them.
pub(super) async fn append(
    connection: &mut SqliteConnection,
    drafts: Vec<Draft>,
    steps: &mut Steps<'_>,
) -> Result<Option<u64>, CommitError> {
    if drafts.is_empty() {
        return Ok(None);
    }
    let workspace = workspace(connection).await?;
    let first: i64 =
        query_scalar("SELECT coalesce(max(idx) + 1, 0) FROM journal").fetch_one(&mut *connection).await.map_err(of_database)?;
    // Nobody else numbers meanwhile: what was given out once need not be asked for again.
    let mut next: BTreeMap<Uuid, u64> = BTreeMap::new();
    let first = super::number(first)?;
    let mut sealed = Vec::new();
    for (index, draft) in (first..).zip(drafts) {
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
        sealed.push(entry);
        if sealed.len() == rows::GATHERED {
            write(connection, &sealed).await?;
            steps.step(sealed.len() as u64)?;
            sealed.clear();
        }
    }
    write(connection, &sealed).await?;
    steps.step(sealed.len() as u64)?;
    Ok(Some(first))
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

pub(super) async fn write(connection: &mut SqliteConnection, entries: &[Entry]) -> Result<(), StoreError> {
    let stored = |number: u64| i64::try_from(number).map_err(|_| StoreError::Failed("the journal is full".into()));
    let (mut numbered, mut filed) = (Vec::with_capacity(entries.len()), Vec::new());
    for entry in entries {
        let index = stored(entry.index())?;
        numbered.push((index, entry));
        for (community, sequence) in entry.communities() {
            filed.push((*community, stored(*sequence)?, index));
        }
    }
    rows::write(
        connection,
        "INSERT OR FAIL INTO journal (idx, at, kind, actor, subject, facts, facts_key, persons, persons_key, leaf) ",
        &numbered,
        |row, (index, entry)| {
            row.push_bind(*index).push_bind(entry.at()).push_bind(entry.kind());
            row.push_bind(entry.actor().map(|id| id.to_string())).push_bind(entry.subject().map(|id| id.to_string()));
            row.push_bind(entry.facts_text()).push_bind(entry.facts_key().as_bytes().as_slice());
            row.push_bind(entry.persons_text()).push_bind(entry.persons_key().map(|key| key.as_bytes().as_slice()));
            row.push_bind(entry.leaf().as_bytes().as_slice());
        },
        "",
    )
    .await
    .map_err(of_database)?;
    rows::write(
        connection,
        "INSERT OR FAIL INTO journal_communities (community, sequence, idx) ",
        &filed,
        |row, (community, sequence, index)| {
            row.push_bind(community.to_string()).push_bind(*sequence).push_bind(*index);
        },
        "",
    )
    .await
    .map_err(of_database)
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
    let lines = named(&mut transaction, rows).await?;
    transaction.commit().await.map_err(of_database)?;
    Ok(lines)
}

/// These entries, newest first.
async fn lines(readers: &SqlitePool, places: &[u64]) -> Result<Vec<JournalLine>, StoreError> {
    let mut transaction = readers.begin().await.map_err(of_database)?;
    let mut rows = search::rows(&mut transaction, places).await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.idx));
    let lines = named(&mut transaction, rows).await?;
    transaction.commit().await.map_err(of_database)?;
    Ok(lines)
}

/// Whether an entry says of its persons what is searched for.
fn is_by(entry: &Entry, search: &JournalSearch) -> bool {
    let is = |id: Option<Uuid>, asked: AccountId| id == Some(asked.0);
    search.actor.is_none_or(|asked| is(entry.actor(), asked))
        && search.person.is_none_or(|asked| is(entry.actor(), asked) || is(entry.subject(), asked))
}

/// Opens entries, and gives them the names of their persons.
async fn named(connection: &mut SqliteConnection, rows: Vec<Row>) -> Result<Vec<JournalLine>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let workspace = workspace(&mut *connection).await?;
    let entries: Vec<Entry> = rows.iter().map(|row| opened(workspace, row)).collect::<Result<_, _>>()?;
    let people: BTreeSet<Uuid> = entries.iter().flat_map(|entry| [entry.actor(), entry.subject()]).flatten().collect();
    let names = names(connection, &people).await?;
    let name = |id: Option<Uuid>| names.get(&id?).cloned();
    Ok(entries.into_iter().map(|entry| JournalLine { actor: name(entry.actor()), subject: name(entry.subject()), entry }).collect())
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

/// People of one question: a statement has no room for more than some thirty thousand values.
const ASKED: usize = 8_192;

/// What these are called. Whoever is not there any more is called as they were.
async fn names(connection: &mut SqliteConnection, people: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, NamedPerson>, StoreError> {
    let people: Vec<Uuid> = people.iter().copied().collect();
    let mut names = BTreeMap::new();
    for part in people.chunks(ASKED) {
        for table in ["removed_accounts", "accounts"] {
            let mut sql = QueryBuilder::new("SELECT id, name, email FROM ");
            sql.push(table).push(" WHERE id IN ");
            texts(&mut sql, part);
            let found: Vec<(String, String, String)> = sql.build_query_as().fetch_all(&mut *connection).await.map_err(of_database)?;
            for (id, name, email) in found {
                let id: Uuid = id.parse().map_err(|_| StoreError::Damaged("an account has no identifier".into()))?;
                names.insert(id, NamedPerson { id: AccountId(id), name, email });
            }
        }
    }
    Ok(names)
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
    texts(sql, communities);
}

fn texts(sql: &mut QueryBuilder<Sqlite>, ids: impl IntoIterator<Item = impl ToString>) {
    sql.push("(");
    let mut list = sql.separated(", ");
    for id in ids {
        list.push_bind(id.to_string());
    }
    sql.push(")");
}
