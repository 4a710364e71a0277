//! Lists of people: searched, filtered by community, paged by key.

use authority::{
    StoreError,
    store::{Being, People, PeopleQuery, folded},
};
use domain::{Refusal, account::Account, id::AccountId, words::Name};
use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use crate::failure::of_database;

pub(super) async fn page(readers: &SqlitePool, query: &PeopleQuery) -> Result<People, StoreError> {
    let nobody = || Ok(People { rows: Vec::new(), total: 0, next: None });
    if query.communities.as_ref().is_some_and(Vec::is_empty) {
        return nobody();
    }
    // A search is written as names are: the same accents in the same form, the same white space.
    let pattern = match Name::read(&query.search) {
        Ok(name) => Some(format!("%{}%", escaped(&folded(name.as_str())))),
        Err(Refusal::NameEmpty) => None,
        Err(_) => return nobody(),
    };
    // Both are read in one transaction, so that the count is the count of this list.
    let mut transaction = readers.begin().await.map_err(of_database)?;
    let mut counting = QueryBuilder::new("SELECT count(*) FROM accounts WHERE 1 = 1");
    filter(&mut counting, query, pattern.as_deref());
    let total: i64 = counting.build_query_scalar().fetch_one(&mut *transaction).await.map_err(of_database)?;

    let mut listing = QueryBuilder::new("SELECT id, name_folded, body FROM accounts WHERE 1 = 1");
    filter(&mut listing, query, pattern.as_deref());
    if let Some((name, id)) = &query.after {
        listing.push(" AND (name_folded, id) > (").push_bind(name).push(", ").push_bind(id.to_string()).push(")");
    }
    // With a search, walking the index of names to find few rows is slower than sorting them: the + keeps SQLite from it.
    listing.push(if pattern.is_some() { " ORDER BY +name_folded, +id" } else { " ORDER BY name_folded, id" });
    let limit = query.limit.max(1) as usize;
    listing.push(" LIMIT ").push_bind(i64::from(query.limit.max(1)) + 1);
    let mut found: Vec<(String, String, String)> = listing.build_query_as().fetch_all(&mut *transaction).await.map_err(of_database)?;
    transaction.commit().await.map_err(of_database)?;

    let more = found.len() > limit;
    found.truncate(limit);
    let rows = found.iter().map(|(_, _, body)| super::record(body)).collect::<Result<Vec<Account>, _>>()?;
    let last = found.pop().zip(rows.last()).map(|((_, name, _), account)| (name, account.id));
    Ok(People { rows, total: super::number(total)?, next: last.filter(|_: &(String, AccountId)| more) })
}

fn filter(sql: &mut QueryBuilder<Sqlite>, query: &PeopleQuery, pattern: Option<&str>) {
    if let Some(pattern) = pattern {
        sql.push(" AND (name_folded LIKE ").push_bind(pattern.to_owned()).push(r" ESCAPE '\' OR email_folded LIKE ");
        sql.push_bind(pattern.to_owned()).push(r" ESCAPE '\')");
    }
    let holding = match query.only.being {
        Some(Being::Holding(role)) => Some(role),
        Some(Being::Owner) => {
            sql.push(" AND owner = 1");
            None
        }
        None => None,
    };
    // The role is looked for among the memberships that the list is bounded by.
    if query.communities.is_some() || holding.is_some() {
        sql.push(" AND EXISTS (SELECT 1 FROM memberships WHERE memberships.account = accounts.id");
        if let Some(communities) = &query.communities {
            sql.push(" AND memberships.community IN (");
            let mut list = sql.separated(", ");
            for community in communities {
                list.push_bind(community.to_string());
            }
            sql.push(")");
        }
        if let Some(role) = holding {
            sql.push(" AND memberships.role = ").push_bind(role.as_str());
        }
        sql.push(")");
    }
    if let Some(state) = query.only.state {
        sql.push(" AND state = ").push_bind(state.as_str());
    }
}

/// Takes their meaning from the wildcards of LIKE.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
