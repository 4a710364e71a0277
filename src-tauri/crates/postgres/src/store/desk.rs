//! What waits on the support desk: cases and requests, oldest first.

use authority::{
    StoreError,
    store::{DeskQuery, Versioned, Waiting},
};
use domain::{case::Case, request::HelpRequest};
use serde::de::DeserializeOwned;
use sqlx::{PgPool, Postgres, QueryBuilder};

use super::{Row, of_communities, snapshot, versioned};
use crate::failure::of_database;

pub(super) async fn waiting(pool: &PgPool, query: &DeskQuery) -> Result<Waiting, StoreError> {
    // What is listed stood side by side.
    let mut snapshot = snapshot(pool).await?;
    let mut listing = QueryBuilder::new("SELECT version, body FROM cases WHERE undecided AND opened_at > ");
    listing.push_bind(query.cases_after.0);
    bounded(&mut listing, query, "cases.target", Some("cases.opener"));
    listing.push(" ORDER BY opened_at, id LIMIT ").push_bind(i64::from(query.limit));
    let cases: Vec<Row> = listing.build_query_as().fetch_all(&mut *snapshot).await.map_err(of_database)?;

    let mut listing = QueryBuilder::new("SELECT version, body FROM help_requests WHERE undecided AND asked_at > ");
    listing.push_bind(query.requests_after.0);
    bounded(&mut listing, query, "help_requests.account", None);
    listing.push(" ORDER BY asked_at, account LIMIT ").push_bind(i64::from(query.limit));
    let requests: Vec<Row> = listing.build_query_as().fetch_all(&mut *snapshot).await.map_err(of_database)?;
    snapshot.commit().await.map_err(of_database)?;
    Ok(Waiting { cases: all::<Case>(cases)?, requests: all::<HelpRequest>(requests)? })
}

fn all<T: DeserializeOwned>(rows: Vec<Row>) -> Result<Vec<Versioned<T>>, StoreError> {
    rows.into_iter().map(versioned).collect()
}

/// Only what is about people of these communities, or was opened by the reader.
fn bounded(sql: &mut QueryBuilder<Postgres>, query: &DeskQuery, person: &str, opener: Option<&str>) {
    let Some(communities) = &query.communities else { return };
    sql.push(" AND (");
    of_communities(sql, person, communities);
    if let Some(opener) = opener {
        sql.push(" OR ").push(opener).push(" = ").push_bind(query.reader.0);
    }
    sql.push(")");
}
