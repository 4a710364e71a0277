//! The outbox, and what people say was not them.

use authority::{
    CommitError, StoreError,
    store::{MailCounted, OutboxQuery, ReportsQuery, Versioned},
};
use domain::{
    NoticeKind,
    id::CommunityId,
    mail::outbox::{Failure, Mail, MailState},
    report::Report,
    time::Moment,
};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool, query};

use super::{Row, commit::body, number, rows, versioned};
use crate::failure::of_database;

/// Makes or replaces notices, in this order.
pub(super) async fn write(connection: &mut SqliteConnection, mails: &[Mail]) -> Result<(), CommitError> {
    let mut documents = Vec::with_capacity(mails.len());
    for mail in mails {
        documents.push((mail, body(mail)?));
    }
    let written = rows::write(
        connection,
        "INSERT INTO notices (id, version, at, account, about, kind, state, since, failure, due_at, queued_at, tried_at, answer, body) ",
        &documents,
        |row, (mail, body)| {
            let due = match mail.state {
                MailState::Waiting { next } => Some(next.0),
                _ => None,
            };
            row.push_bind(mail.id.to_string()).push("1").push_bind(mail.at.0).push_bind(mail.to.to_string());
            row.push_bind(mail.about.map(|about| about.to_string())).push_bind(mail.kind.as_str()).push_bind(mail.state.as_str());
            row.push_bind(mail.since.0).push_bind(mail.failure.map(Failure::as_str)).push_bind(due).push_bind(mail.queued_at.0);
            row.push_bind(mail.tried_at.map(|at| at.0)).push_bind(mail.answer.as_ref().map(|answer| answer.hash.to_vec()));
            row.push_bind(body.as_str());
        },
        " ON CONFLICT (id) DO UPDATE SET version = notices.version + 1, state = excluded.state, since = excluded.since,
            failure = excluded.failure, due_at = excluded.due_at, queued_at = excluded.queued_at, tried_at = excluded.tried_at,
            body = excluded.body",
    );
    written.await.map_err(|error| {
        let taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if taken { CommitError::Conflict } else { of_database(error).into() }
    })
}

pub(super) async fn write_report(connection: &mut SqliteConnection, report: &Report) -> Result<(), StoreError> {
    query(
        "INSERT INTO reports (account, version, first_at, waits, body) VALUES ($1, 1, $2, $3, $4)
         ON CONFLICT (account) DO UPDATE SET version = reports.version + 1, first_at = excluded.first_at, waits = excluded.waits,
            body = excluded.body",
    )
    .bind(report.account.to_string())
    .bind(report.first_at.0)
    .bind(i64::from(report.waits()))
    .bind(body(report)?)
    .execute(connection)
    .await
    .map(drop)
    .map_err(of_database)
}

/// Those that wait, the first due one first, tests before all others.
pub(super) async fn waiting(readers: &SqlitePool, set_at: Moment, limit: u32) -> Result<Vec<Versioned<Mail>>, StoreError> {
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT version, body FROM notices WHERE state = 'waiting' ORDER BY kind <> ");
    sql.push_bind(NoticeKind::Test.as_str()).push(", CASE WHEN tried_at < ").push_bind(set_at.0);
    sql.push(" THEN queued_at ELSE due_at END, id LIMIT ").push_bind(i64::from(limit));
    all(sql.build_query_as().fetch_all(readers).await.map_err(of_database)?)
}

/// Those that somebody began to send, at this moment or before.
pub(super) async fn half_sent(readers: &SqlitePool, until: Moment, limit: u32) -> Result<Vec<Versioned<Mail>>, StoreError> {
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT version, body FROM notices WHERE state = 'sending' AND since <= ");
    sql.push_bind(until.0).push(" ORDER BY at, id LIMIT ").push_bind(i64::from(limit));
    all(sql.build_query_as().fetch_all(readers).await.map_err(of_database)?)
}

pub(super) async fn outbox(readers: &SqlitePool, query: &OutboxQuery) -> Result<Vec<Versioned<Mail>>, StoreError> {
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT version, body FROM notices WHERE kind ");
    sql.push(if query.tests { "= " } else { "<> " }).push_bind(NoticeKind::Test.as_str());
    if let Some(state) = query.state {
        sql.push(" AND state = ").push_bind(state);
    }
    if let Some(person) = query.person {
        sql.push(" AND account = ").push_bind(person.to_string());
    }
    bounded(&mut sql, query.communities.as_deref(), "notices.account");
    if let Some((at, id)) = query.after {
        sql.push(" AND (at, id) < (").push_bind(at.0).push(", ").push_bind(id.to_string()).push(")");
    }
    sql.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(i64::from(query.limit));
    all(sql.build_query_as().fetch_all(readers).await.map_err(of_database)?)
}

type Counted = (String, Option<String>, i64);

pub(super) async fn count(readers: &SqlitePool, communities: Option<&[CommunityId]>) -> Result<Vec<MailCounted>, StoreError> {
    let mut sql =
        QueryBuilder::<Sqlite>::new("SELECT state, failure, count(*) FROM notices WHERE state NOT IN ('sent', 'handed-over') AND kind <> ");
    sql.push_bind(NoticeKind::Test.as_str());
    bounded(&mut sql, communities, "notices.account");
    sql.push(" GROUP BY state, failure ORDER BY state, failure");
    let rows: Vec<Counted> = sql.build_query_as().fetch_all(readers).await.map_err(of_database)?;
    let counted = |(state, failure, count): Counted| Ok(MailCounted { state, failure, count: number(count)? });
    rows.into_iter().map(counted).collect()
}

pub(super) async fn reports(readers: &SqlitePool, query: &ReportsQuery) -> Result<Vec<Versioned<Report>>, StoreError> {
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT version, body FROM reports WHERE waits = 1");
    bounded(&mut sql, query.communities.as_deref(), "reports.account");
    sql.push(" ORDER BY first_at, account LIMIT ").push_bind(i64::from(query.limit));
    let rows: Vec<Row> = sql.build_query_as().fetch_all(readers).await.map_err(of_database)?;
    rows.into_iter().map(versioned).collect()
}

/// Only what is of people of these communities.
fn bounded(sql: &mut QueryBuilder<Sqlite>, communities: Option<&[CommunityId]>, person: &str) {
    let Some(communities) = communities else { return };
    sql.push(" AND EXISTS (SELECT 1 FROM memberships WHERE memberships.account = ").push(person).push(" AND memberships.community IN (");
    let mut list = sql.separated(", ");
    for community in communities {
        list.push_bind(community.to_string());
    }
    sql.push("))");
}

fn all(rows: Vec<Row>) -> Result<Vec<Versioned<Mail>>, StoreError> {
    rows.into_iter().map(versioned).collect()
}
