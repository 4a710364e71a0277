//! The inventory of tokens.

use authority::{
    CommitError, StoreError,
    store::{TokenQuery, Tokens, Versioned, folded, known_as},
};
use domain::{
    id::TokenId,
    token::{Origin, Token},
    words::Name,
};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool};

use super::{number, rows, versioned};
use crate::failure::of_database;

pub(super) async fn page(readers: &SqlitePool, query: &TokenQuery) -> Result<Tokens, StoreError> {
    if query.stocks.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Tokens { rows: Vec::new(), total: 0, next: None });
    }
    // Both are read in one transaction, so that the count is the count of this list.
    let mut transaction = readers.begin().await.map_err(of_database)?;
    let mut counting = QueryBuilder::new("SELECT count(*) FROM tokens WHERE 1 = 1");
    filter(&mut counting, query);
    let total: i64 = counting.build_query_scalar().fetch_one(&mut *transaction).await.map_err(of_database)?;
    let mut listing = QueryBuilder::new("SELECT serial_folded, version, body FROM tokens WHERE 1 = 1");
    filter(&mut listing, query);
    if let Some((serial, id)) = &query.after {
        listing.push(" AND (serial_folded, id) > (").push_bind(serial.clone()).push(", ").push_bind(id.to_string()).push(")");
    }
    let limit = query.limit.max(1) as usize;
    listing.push(" ORDER BY serial_folded, id LIMIT ").push_bind(i64::from(query.limit.max(1)) + 1);
    let mut found: Vec<(String, i64, String)> = listing.build_query_as().fetch_all(&mut *transaction).await.map_err(of_database)?;
    transaction.commit().await.map_err(of_database)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().map(|(serial, ..)| serial.clone());
    let rows = found.into_iter().map(|(_, version, body)| versioned((version, body))).collect::<Result<Vec<Versioned<Token>>, _>>()?;
    let next = last.zip(rows.last().map(|last| last.record.id)).filter(|_: &(String, TokenId)| more);
    Ok(Tokens { rows, total: number(total)?, next })
}

fn filter(sql: &mut QueryBuilder<Sqlite>, query: &TokenQuery) {
    if let Some(stocks) = &query.stocks {
        sql.push(" AND community IN (");
        let mut list = sql.separated(", ");
        for community in stocks {
            list.push_bind(community.to_string());
        }
        sql.push(")");
    }
    if let Some(origin) = query.origin {
        sql.push(" AND origin = ").push_bind(word(origin));
    }
    if let Some(state) = query.state {
        sql.push(" AND state = ").push_bind(state);
    }
    if let Some(holder) = query.holder {
        sql.push(" AND holder = ").push_bind(holder.to_string());
    }
    if let Some(batch) = query.batch {
        sql.push(" AND batch = ").push_bind(batch.to_string());
    }
    // A search is written as names are: the same accents in the same form, the same white space.
    let Ok(search) = Name::read(&query.search) else { return };
    let pattern = format!("%{}%", escaped(&folded(search.as_str())));
    for (column, glue) in [("serial_folded", " AND ("), ("maker_folded", " OR ")] {
        sql.push(glue).push(column).push(" LIKE ").push_bind(pattern.clone()).push(r" ESCAPE '\'");
    }
    sql.push(" OR EXISTS (SELECT 1 FROM accounts WHERE accounts.id = tokens.holder AND (accounts.name_folded LIKE ");
    sql.push_bind(pattern.clone()).push(r" ESCAPE '\' OR accounts.email_folded LIKE ").push_bind(pattern).push(r" ESCAPE '\')))");
}

fn word(origin: Origin) -> &'static str {
    match origin {
        Origin::Hardware => "hardware",
        Origin::Brought => "brought",
    }
}

/// Makes or replaces tokens, in this order.
pub(super) async fn write(connection: &mut SqliteConnection, tokens: &[Token]) -> Result<(), CommitError> {
    let fold = |name: &Option<Name>| name.as_ref().map(|name| folded(name.as_str())).unwrap_or_default();
    let mut documents = Vec::with_capacity(tokens.len());
    for token in tokens {
        documents.push((token, super::commit::body(token)?));
    }
    let written = rows::write(
        connection,
        "INSERT INTO tokens (id, version, origin, community, serial_folded, maker_folded, known_as, fingerprint, state, holder, batch, body) ",
        &documents,
        |row, (token, body)| {
            row.push_bind(token.id.to_string()).push("1").push_bind(word(token.origin));
            row.push_bind(token.community.map(|community| community.to_string()));
            row.push_bind(fold(&token.serial)).push_bind(fold(&token.maker)).push_bind(known_as(token));
            row.push_bind(token.fingerprint.to_vec()).push_bind(token.state.as_str());
            row.push_bind(token.state.holder().map(|holder| holder.to_string())).push_bind(token.batch.to_string());
            row.push_bind(body.as_str());
        },
        " ON CONFLICT (id) DO UPDATE SET version = tokens.version + 1, state = excluded.state, holder = excluded.holder, body = excluded.body",
    );
    written.await.map_err(|error| {
        let here = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if here { CommitError::Conflict } else { of_database(error).into() }
    })
}

/// Takes their meaning from the wildcards of LIKE.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
        escaped
    })
}
