//! The outbox, and what people say was not them.

use authority::{
    CommitError, StoreError,
    store::{MailCounted, OutboxQuery, RecordKey, ReportsQuery, Versioned},
};
use domain::{
    NoticeKind,
    id::CommunityId,
    mail::outbox::{Failure, Mail, MailState},
    report::Report,
    time::Moment,
};
use sqlx::{PgPool, Postgres, QueryBuilder, query_scalar};

use super::{
    Row,
    commit::{Work, body},
    number, of_communities, versioned,
};
use crate::failure::{of_database, unless_taken};

/// Makes or replaces a notice.
pub(super) async fn write(work: &mut Work<'_>, mail: &Mail) -> Result<(), CommitError> {
    let due = match mail.state {
        MailState::Waiting { next } => Some(next.0),
        _ => None,
    };
    let statement = query_scalar(
        "INSERT INTO notices (id, version, at, account, about, kind, state, since, failure, due_at, queued_at, tried_at, answer, body)
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (id) DO UPDATE SET version = notices.version + 1, state = excluded.state, since = excluded.since,
            failure = excluded.failure, due_at = excluded.due_at, queued_at = excluded.queued_at, tried_at = excluded.tried_at,
            body = excluded.body
         RETURNING version",
    );
    let statement = statement
        .bind(mail.id.0)
        .bind(mail.at.0)
        .bind(mail.to.0)
        .bind(mail.about.map(|about| about.0))
        .bind(mail.kind.as_str())
        .bind(mail.state.as_str())
        .bind(mail.since.0)
        .bind(mail.failure.map(Failure::as_str))
        .bind(due)
        .bind(mail.queued_at.0)
        .bind(mail.tried_at.map(|at| at.0))
        .bind(mail.answer.as_ref().map(|answer| answer.hash.to_vec()))
        .bind(body(mail)?);
    work.put_unless(RecordKey::Mail(mail.id), statement, |error| unless_taken(error, CommitError::Conflict)).await
}

pub(super) async fn write_report(work: &mut Work<'_>, report: &Report) -> Result<(), CommitError> {
    let statement = query_scalar(
        "INSERT INTO reports (account, version, first_at, waits, body) VALUES ($1, 1, $2, $3, $4)
         ON CONFLICT (account) DO UPDATE SET version = reports.version + 1, first_at = excluded.first_at, waits = excluded.waits,
            body = excluded.body
         RETURNING version",
    );
    let statement = statement.bind(report.account.0).bind(report.first_at.0).bind(report.waits()).bind(body(report)?);
    work.put(RecordKey::Report(report.account), statement).await
}

/// Those that wait, the first due one first, tests before all others.
pub(super) async fn waiting(pool: &PgPool, set_at: Moment, limit: u32) -> Result<Vec<Versioned<Mail>>, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT version, body FROM notices WHERE state = 'waiting' ORDER BY kind <> ");
    sql.push_bind(NoticeKind::Test.as_str()).push(", CASE WHEN tried_at < ").push_bind(set_at.0);
    sql.push(" THEN queued_at ELSE due_at END, id LIMIT ").push_bind(i64::from(limit));
    all(sql.build_query_as().fetch_all(pool).await.map_err(of_database)?)
}

/// Those that somebody began to send, at this moment or before.
pub(super) async fn half_sent(pool: &PgPool, until: Moment, limit: u32) -> Result<Vec<Versioned<Mail>>, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT version, body FROM notices WHERE state = 'sending' AND since <= ");
    sql.push_bind(until.0).push(" ORDER BY at, id LIMIT ").push_bind(i64::from(limit));
    all(sql.build_query_as().fetch_all(pool).await.map_err(of_database)?)
}

pub(super) async fn outbox(pool: &PgPool, query: &OutboxQuery) -> Result<Vec<Versioned<Mail>>, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT version, body FROM notices WHERE kind ");
    sql.push(if query.tests { "= " } else { "<> " }).push_bind(NoticeKind::Test.as_str());
    if let Some(state) = query.state {
        sql.push(" AND state = ").push_bind(state);
    }
    if let Some(person) = query.person {
        sql.push(" AND account = ").push_bind(person.0);
    }
    bounded(&mut sql, query.communities.as_deref(), "notices.account");
    if let Some((at, id)) = query.after {
        sql.push(" AND (at, id) < (").push_bind(at.0).push(", ").push_bind(id.0).push(")");
    }
    sql.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(i64::from(query.limit));
    all(sql.build_query_as().fetch_all(pool).await.map_err(of_database)?)
}

type Counted = (String, Option<String>, i64);

pub(super) async fn count(pool: &PgPool, communities: Option<&[CommunityId]>) -> Result<Vec<MailCounted>, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new(
        "SELECT state, failure, count(*) FROM notices WHERE state NOT IN ('sent', 'handed-over') AND kind <> ",
    );
    sql.push_bind(NoticeKind::Test.as_str());
    bounded(&mut sql, communities, "notices.account");
    sql.push(" GROUP BY state, failure ORDER BY state, failure NULLS FIRST");
    let rows: Vec<Counted> = sql.build_query_as().fetch_all(pool).await.map_err(of_database)?;
    let counted = |(state, failure, count): Counted| Ok(MailCounted { state, failure, count: number(count)? });
    rows.into_iter().map(counted).collect()
}

pub(super) async fn reports(pool: &PgPool, query: &ReportsQuery) -> Result<Vec<Versioned<Report>>, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT version, body FROM reports WHERE waits");
    bounded(&mut sql, query.communities.as_deref(), "reports.account");
    sql.push(" ORDER BY first_at, account LIMIT ").push_bind(i64::from(query.limit));
    let rows: Vec<Row> = sql.build_query_as().fetch_all(pool).await.map_err(of_database)?;
    rows.into_iter().map(versioned).collect()
}

/// Only what is of people of these communities.
fn bounded(sql: &mut QueryBuilder<Postgres>, communities: Option<&[CommunityId]>, person: &str) {
    let Some(communities) = communities else { return };
    sql.push(" AND ");
    of_communities(sql, person, communities);
}

fn all(rows: Vec<Row>) -> Result<Vec<Versioned<Mail>>, StoreError> {
    rows.into_iter().map(versioned).collect()
}
