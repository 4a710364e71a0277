//! Reading the journal back against its leaves.

use std::collections::{BTreeMap, BTreeSet};

use authority::{
    StoreError,
    store::{JournalFound, JournalLine, JournalQuery, JournalSearch, NamedPerson},
};
use domain::id::{AccountId, CommunityId};
use journal::{Entry, Stored};
use sqlx::{FromRow, PgConnection, PgPool, Postgres, QueryBuilder, query_as};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{evidence::stored, number, numbering::workspace, snapshot};
use crate::failure::of_database;

#[derive(FromRow)]
struct Row {
    idx: i64,
    actor: Option<Uuid>,
    subject: Option<Uuid>,
    facts: String,
    facts_key: Vec<u8>,
    persons: Option<String>,
    persons_key: Option<Vec<u8>>,
    leaf: Vec<u8>,
}

const COLUMNS: &str = "SELECT idx, actor, subject, facts, facts_key, persons, persons_key, leaf FROM journal WHERE ";

pub(super) async fn page(pool: &PgPool, known: &OnceCell<Uuid>, query: &JournalQuery) -> Result<Vec<JournalLine>, StoreError> {
    if query.communities.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let mut snapshot = snapshot(pool).await?;
    let rows: Vec<Row> = selection(query).build_query_as().fetch_all(&mut *snapshot).await.map_err(of_database)?;
    let lines = named(&mut snapshot, known, rows).await?;
    snapshot.commit().await.map_err(of_database)?;
    Ok(lines)
}

pub(super) async fn search(pool: &PgPool, known: &OnceCell<Uuid>, search: &JournalSearch) -> Result<JournalFound, StoreError> {
    let mut snapshot = snapshot(pool).await?;
    let size = super::evidence::size(&mut *snapshot).await?;
    let end = search.end.map_or(size, |end| end.min(size));
    if search.communities.as_ref().is_some_and(Vec::is_empty) {
        return Ok(JournalFound { lines: Vec::new(), total: 0, end });
    }
    let (total, rows) = if everything(search) {
        // Numbers have no gaps: the place of a page is its number.
        let mut sql = QueryBuilder::<Postgres>::new(COLUMNS);
        sql.push("idx < ").push_bind(stored(end.saturating_sub(search.from)));
        sql.push(" ORDER BY idx DESC LIMIT ").push_bind(i64::from(search.limit));
        (end, sql.build_query_as().fetch_all(&mut *snapshot).await.map_err(of_database)?)
    } else {
        let mut counting = QueryBuilder::<Postgres>::new("SELECT count(*) FROM journal WHERE ");
        matching(&mut counting, search, end);
        let total: i64 = counting.build_query_scalar().fetch_one(&mut *snapshot).await.map_err(of_database)?;
        let mut sql = QueryBuilder::<Postgres>::new(COLUMNS);
        matching(&mut sql, search, end);
        sql.push(" ORDER BY idx DESC LIMIT ").push_bind(i64::from(search.limit)).push(" OFFSET ").push_bind(stored(search.from));
        (number(total)?, sql.build_query_as().fetch_all(&mut *snapshot).await.map_err(of_database)?)
    };
    let lines = named(&mut snapshot, known, rows).await?;
    snapshot.commit().await.map_err(of_database)?;
    Ok(JournalFound { lines, total, end })
}

/// Nothing is asked but which page.
fn everything(search: &JournalSearch) -> bool {
    let JournalSearch { person, actor, kinds, communities, since, until, end: _, from: _, limit: _ } = search;
    person.is_none() && actor.is_none() && kinds.is_empty() && communities.is_none() && since.is_none() && until.is_none()
}

fn matching(sql: &mut QueryBuilder<Postgres>, search: &JournalSearch, end: u64) {
    sql.push("idx < ").push_bind(stored(end));
    if let Some(person) = search.person {
        sql.push(" AND (actor = ").push_bind(person.0).push(" OR subject = ").push_bind(person.0).push(")");
    }
    if let Some(actor) = search.actor {
        sql.push(" AND actor = ").push_bind(actor.0);
    }
    if !search.kinds.is_empty() {
        // No entry is of a kind with a NUL, which the database does not take.
        let kinds: Vec<_> = search.kinds.iter().filter(|kind| !kind.contains('\0')).cloned().collect();
        sql.push(" AND kind = ANY(").push_bind(kinds).push(")");
    }
    if let Some(since) = search.since {
        sql.push(" AND at >= ").push_bind(since.0);
    }
    if let Some(until) = search.until {
        sql.push(" AND at < ").push_bind(until.0);
    }
    if let Some(communities) = &search.communities {
        sql.push(" AND ");
        filed(sql, "journal", communities);
    }
}

/// That an entry concerns one of these communities.
fn filed(sql: &mut QueryBuilder<Postgres>, entry: &str, communities: &[CommunityId]) {
    let ids: Vec<Uuid> = communities.iter().map(|id| id.0).collect();
    sql.push("EXISTS (SELECT 1 FROM journal_communities AS filed WHERE filed.idx = ").push(entry);
    sql.push(".idx AND filed.community = ANY(").push_bind(ids).push("))");
}

/// Opens entries, and gives them the names of their persons.
async fn named(connection: &mut PgConnection, known: &OnceCell<Uuid>, rows: Vec<Row>) -> Result<Vec<JournalLine>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let workspace = workspace(&mut *connection, known).await?;
    let entries: Vec<Entry> = rows.iter().map(|row| opened(workspace, row)).collect::<Result<_, _>>()?;
    let people: BTreeSet<Uuid> = entries.iter().flat_map(|entry| [entry.actor(), entry.subject()]).flatten().collect();
    let names = names(connection, &people).await?;
    let name = |id: Option<Uuid>| names.get(&id?).cloned();
    Ok(entries.into_iter().map(|entry| JournalLine { actor: name(entry.actor()), subject: name(entry.subject()), entry }).collect())
}

fn opened(workspace: Uuid, row: &Row) -> Result<Entry, StoreError> {
    let stored = Stored {
        index: number(row.idx)?,
        facts: &row.facts,
        facts_key: &row.facts_key,
        persons: row.persons.as_deref(),
        persons_key: row.persons_key.as_deref(),
        leaf: &row.leaf,
    };
    let entry = journal::open(workspace, stored).map_err(|error| StoreError::Damaged(error.to_string()))?;
    // Filters go by these columns: they must say what the leaf says.
    if row.actor == entry.actor() && row.subject == entry.subject() {
        Ok(entry)
    } else {
        Err(StoreError::Damaged("a journal entry is filed under another person".into()))
    }
}

/// What these are called. Whoever is not there any more is called as they were.
async fn names(connection: &mut PgConnection, people: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, NamedPerson>, StoreError> {
    let people: Vec<Uuid> = people.iter().copied().collect();
    // Those who are there come last, and stay.
    let found: Vec<(Uuid, String, String)> = query_as(
        "SELECT id, name, email FROM removed_accounts WHERE id = ANY($1)
         UNION ALL SELECT account, name, email FROM people WHERE account = ANY($1)",
    )
    .bind(people)
    .fetch_all(connection)
    .await
    .map_err(of_database)?;
    Ok(found.into_iter().map(|(id, name, email)| (id, NamedPerson { id: AccountId(id), name, email })).collect())
}

/// Each filter is answered by an index that already has the order, and stops after a page.
fn selection(query: &JournalQuery) -> QueryBuilder<Postgres> {
    let page = Page { before: query.before.map_or(i64::MAX, stored), limit: i64::from(query.limit.max(1)) };
    let mut sql = QueryBuilder::new(COLUMNS);
    match (&query.person, &query.communities) {
        (None, None) => {
            sql.push("TRUE");
        }
        (Some(person), communities) => {
            for (column, join) in
                [("actor", "idx IN ((SELECT idx FROM journal AS own WHERE "), ("subject", ") UNION (SELECT idx FROM journal AS own WHERE ")]
            {
                sql.push(join).push(column).push(" = ").push_bind(person.0);
                if let Some(communities) = communities {
                    sql.push(" AND ");
                    filed(&mut sql, "own", communities);
                }
                page.push(&mut sql);
            }
            sql.push("))");
        }
        (None, Some(communities)) => {
            let ids: Vec<Uuid> = communities.iter().map(|id| id.0).collect();
            // A page of each: a list of communities has no one order in the index.
            sql.push("idx IN (SELECT filed.idx FROM unnest(").push_bind(ids);
            sql.push("::uuid[]) AS named (id), LATERAL (SELECT idx FROM journal_communities WHERE community = named.id");
            page.push(&mut sql);
            sql.push(") AS filed)");
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
    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        sql.push(" AND idx < ").push_bind(self.before).push(" ORDER BY idx DESC LIMIT ").push_bind(self.limit);
    }
}
