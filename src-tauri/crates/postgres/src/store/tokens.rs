//! The inventory of tokens.

use authority::{
    CommitError, StoreError,
    store::{RecordKey, TokenQuery, Tokens, Versioned, folded, known_as},
};
use domain::{
    id::TokenId,
    token::{Origin, Token},
    words::Name,
};
use sqlx::{PgPool, Postgres, QueryBuilder, query_scalar};
use uuid::Uuid;

use super::{
    commit::{Work, body},
    containing, number, snapshot, versioned,
};
use crate::failure::{of_database, unless_taken};

pub(super) async fn page(pool: &PgPool, query: &TokenQuery) -> Result<Tokens, StoreError> {
    if query.stocks.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Tokens { rows: Vec::new(), total: 0, next: None });
    }
    // The count is the count of this list.
    let mut snapshot = snapshot(pool).await?;
    let mut counting = QueryBuilder::new("SELECT count(*) FROM tokens WHERE TRUE");
    filter(&mut counting, query);
    let total: i64 = counting.build_query_scalar().fetch_one(&mut *snapshot).await.map_err(of_database)?;
    let mut listing = QueryBuilder::new("SELECT serial_folded, version, body FROM tokens WHERE TRUE");
    filter(&mut listing, query);
    if let Some((serial, id)) = &query.after {
        listing.push(" AND (serial_folded, id) > (").push_bind(serial.clone()).push(", ").push_bind(id.0).push(")");
    }
    let limit = query.limit.max(1) as usize;
    listing.push(" ORDER BY serial_folded, id LIMIT ").push_bind(i64::from(query.limit.max(1)) + 1);
    let mut found: Vec<(String, i64, String)> = listing.build_query_as().fetch_all(&mut *snapshot).await.map_err(of_database)?;
    snapshot.commit().await.map_err(of_database)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().map(|(serial, ..)| serial.clone());
    let rows = found.into_iter().map(|(_, version, body)| versioned((version, body))).collect::<Result<Vec<Versioned<Token>>, _>>()?;
    let next = last.zip(rows.last().map(|last| last.record.id)).filter(|_: &(String, TokenId)| more);
    Ok(Tokens { rows, total: number(total)?, next })
}

fn filter(sql: &mut QueryBuilder<Postgres>, query: &TokenQuery) {
    if let Some(stocks) = &query.stocks {
        let stocks: Vec<Uuid> = stocks.iter().map(|id| id.0).collect();
        sql.push(" AND community = ANY(").push_bind(stocks).push(")");
    }
    if let Some(origin) = query.origin {
        sql.push(" AND origin = ").push_bind(word(origin));
    }
    if let Some(state) = query.state {
        sql.push(" AND state = ").push_bind(state);
    }
    if let Some(holder) = query.holder {
        sql.push(" AND holder = ").push_bind(holder.0);
    }
    if let Some(batch) = query.batch {
        sql.push(" AND batch = ").push_bind(batch.0);
    }
    // A search is written as names are: the same accents in the same form, the same white space.
    let Ok(search) = Name::read(&query.search) else { return };
    let pattern = containing(&folded(search.as_str()));
    for (column, glue) in [("serial_folded", " AND ("), ("maker_folded", " OR ")] {
        sql.push(glue).push(column).push(" LIKE ").push_bind(pattern.clone());
    }
    sql.push(" OR EXISTS (SELECT 1 FROM people WHERE people.account = tokens.holder AND (people.name_folded LIKE ");
    sql.push_bind(pattern.clone()).push(" OR people.email_folded LIKE ").push_bind(pattern).push(")))");
}

fn word(origin: Origin) -> &'static str {
    match origin {
        Origin::Hardware => "hardware",
        Origin::Brought => "brought",
    }
}

pub(super) async fn write(work: &mut Work<'_>, token: &Token) -> Result<(), CommitError> {
    let fold = |name: &Option<Name>| name.as_ref().map(|name| folded(name.as_str())).unwrap_or_default();
    let statement = query_scalar(
        "INSERT INTO tokens (id, version, origin, community, serial_folded, maker_folded, known_as, fingerprint, state, holder, batch, body)
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO UPDATE SET version = tokens.version + 1, state = excluded.state, holder = excluded.holder, body = excluded.body
         RETURNING version",
    );
    let statement = statement
        .bind(token.id.0)
        .bind(word(token.origin))
        .bind(token.community.map(|community| community.0))
        .bind(fold(&token.serial))
        .bind(fold(&token.maker))
        .bind(known_as(token))
        .bind(token.fingerprint.to_vec())
        .bind(token.state.as_str())
        .bind(token.state.holder().map(|holder| holder.0))
        .bind(token.batch.0)
        .bind(body(token)?);
    work.put_unless(RecordKey::Token(token.id), statement, |error| unless_taken(error, CommitError::Conflict)).await
}
