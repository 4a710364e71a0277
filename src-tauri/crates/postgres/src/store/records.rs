//! Writing the records of a decision.

use authority::{
    CommitError,
    store::{Projection, RecordKey, folded},
};
use domain::{
    Change,
    account::Account,
    case::CaseState,
    id::{AccountId, CommunityId},
    readiness::Traits,
    session::SessionId,
};
use sqlx::{PgConnection, query, query_scalar};
use uuid::Uuid;

use super::commit::{Work, body};
use crate::failure::{of_commit, unless_taken};

pub(super) async fn apply(work: &mut Work<'_>, change: Change) -> Result<(), CommitError> {
    match change {
        Change::Account(account) => write_account(work, &account).await,
        Change::Token(token) => super::tokens::write(work, &token).await,
        Change::Mail(mail) => super::mail::write(work, &mail).await,
        Change::Report(report) => super::mail::write_report(work, &report).await,
        Change::Import(batch) => super::import::write_batch(work, &batch).await,
        Change::Throttle(key, failures) => super::throttle::write(work, key, &failures).await,
        Change::RemoveToken(token) => run(work.connection, query("DELETE FROM tokens WHERE id = $1").bind(token.0)).await,
        Change::EndSession(id) => run(work.connection, query("DELETE FROM sessions WHERE id = $1").bind(id.0.to_vec())).await,
        Change::Device(device) => super::devices::write(work, &device).await,
        Change::Issuer(issuer) => super::issuers::write(work, &issuer).await,
        Change::Operation(..) => unreachable!("they are written last"),
        Change::EndSessionsThrough(device) => super::devices::end_sessions(work.connection, device).await,
        Change::EndSessions(account, keep) => end_sessions(work.connection, account, keep).await,
        Change::Checkpoint(checkpoint) => super::evidence::keep(work.connection, &checkpoint).await,
        Change::CountsOf(account, keys) => super::throttle::name(work.connection, account, keys).await,
        Change::RemoveCommunity(community) => remove_community(work.connection, community).await,
        Change::RemoveAccount(account) => super::import::remove_account(work.connection, account).await,
        Change::ImportItem(import, item) => super::import::write_item(work.connection, import, &item).await,
        Change::Erase(erase) => super::erasure::erase(work, &erase).await,
        Change::Session(session) => {
            let statement = query_scalar(
                "INSERT INTO sessions (id, version, account, device, body) VALUES ($1, 1, $2, $3, $4)
                 ON CONFLICT (id) DO UPDATE SET version = sessions.version + 1, account = excluded.account, device = excluded.device,
                    body = excluded.body
                 RETURNING version",
            );
            let statement = statement.bind(session.id.0.to_vec()).bind(session.account.0);
            let statement = statement.bind(session.device.map(|device| device.0)).bind(body(&session)?);
            work.put(RecordKey::Session(session.id), statement).await
        }
        Change::Workspace(workspace) => {
            let statement = query_scalar(
                "INSERT INTO workspace (id, version, body) VALUES (1, 1, $1)
                 ON CONFLICT (id) DO UPDATE SET version = workspace.version + 1, body = excluded.body RETURNING version",
            );
            work.put(RecordKey::Workspace, statement.bind(body(&workspace)?)).await
        }
        Change::Case(case) => {
            let statement = query_scalar(
                "INSERT INTO cases (id, version, target, opener, opened_at, undecided, body) VALUES ($1, 1, $2, $3, $4, $5, $6)
                 ON CONFLICT (id) DO UPDATE SET version = cases.version + 1, undecided = excluded.undecided, body = excluded.body
                 RETURNING version",
            );
            let undecided = matches!(case.state, CaseState::Open | CaseState::Approved { .. });
            let statement = statement.bind(case.id.0).bind(case.target.0).bind(case.opener.0).bind(case.opened_at.0).bind(undecided);
            work.put(RecordKey::Case(case.id), statement.bind(body(&case)?)).await
        }
        Change::HelpRequest(request) => {
            let statement = query_scalar(
                "INSERT INTO help_requests (account, version, asked_at, undecided, body) VALUES ($1, 1, $2, $3, $4)
                 ON CONFLICT (account) DO UPDATE SET version = help_requests.version + 1, asked_at = excluded.asked_at,
                    undecided = excluded.undecided, body = excluded.body
                 RETURNING version",
            );
            let statement = statement.bind(request.account.0).bind(request.asked_at.0).bind(request.dismissed_at.is_none());
            work.put(RecordKey::HelpRequest(request.account), statement.bind(body(&request)?)).await
        }
        Change::Community(community) => {
            let statement = query_scalar(
                "INSERT INTO communities (id, version, name_folded, body) VALUES ($1, 1, $2, $3)
                 ON CONFLICT (id) DO UPDATE SET version = communities.version + 1, name_folded = excluded.name_folded,
                    body = excluded.body
                 RETURNING version",
            );
            let statement = statement.bind(community.id.0).bind(folded(community.name.as_str())).bind(body(&community)?);
            work.put(RecordKey::Community(community.id), statement).await
        }
    }
}

type Statement<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

pub(super) async fn run(connection: &mut PgConnection, statement: Statement<'_>) -> Result<(), CommitError> {
    statement.execute(connection).await.map(drop).map_err(of_commit)
}

/// The record, what lists say of it and the roles in it: one statement, which writes of the latter two only what changed.
const ACCOUNT: &str = "
    WITH listed AS (
        INSERT INTO people (account, name, email, name_folded, email_folded, searched, owner, state, rank, created_at, signed_in_at,
                            few_codes, unsaved_codes, one_authenticator, in_a_row, waits_until, begun_at)
        VALUES ($1, $4, $5, $6, $2, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        ON CONFLICT (account) DO UPDATE SET name = excluded.name, email = excluded.email, name_folded = excluded.name_folded,
            email_folded = excluded.email_folded, searched = excluded.searched, owner = excluded.owner, state = excluded.state,
            rank = excluded.rank, created_at = excluded.created_at, signed_in_at = excluded.signed_in_at,
            few_codes = excluded.few_codes, unsaved_codes = excluded.unsaved_codes, one_authenticator = excluded.one_authenticator,
            in_a_row = excluded.in_a_row, waits_until = excluded.waits_until, begun_at = excluded.begun_at
        WHERE (people.*) IS DISTINCT FROM (excluded.*)),
    left_ AS (DELETE FROM memberships WHERE account = $1 AND community <> ALL($19::uuid[])),
    held AS (
        INSERT INTO memberships (account, community, role) SELECT $1, * FROM unnest($19::uuid[], $20::text[])
        ON CONFLICT (account, community) DO UPDATE SET role = excluded.role WHERE memberships.role <> excluded.role)
    INSERT INTO accounts (id, version, email_folded, body) VALUES ($1, 1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET version = accounts.version + 1, email_folded = excluded.email_folded, body = excluded.body
    RETURNING version";

/// What lists say of an account, but for whose it is.
pub(super) const LISTED: &str = "name, email, name_folded, email_folded, searched, owner, state, rank, created_at, signed_in_at, \
    few_codes, unsaved_codes, one_authenticator, in_a_row, waits_until, begun_at";

/// What a person is searched by: folded, a line each.
pub(super) fn searched(account: &Account, columns: &Projection) -> String {
    let mut searched = format!("{}\n{}", columns.name, columns.email);
    if let Some(second) = &account.second_email {
        searched.push('\n');
        searched.push_str(&second.folded());
    }
    searched
}

/// The communities of an account, and the role in each.
pub(super) fn roles(account: &Account) -> (Vec<Uuid>, Vec<&'static str>) {
    account.memberships.iter().map(|membership| (membership.community.0, membership.role.as_str())).unzip()
}

async fn write_account(work: &mut Work<'_>, account: &Account) -> Result<(), CommitError> {
    let (columns, traits) = (Projection::from(account), Traits::from(account));
    let searched = searched(account, &columns);
    let (communities, roles) = roles(account);
    let statement = query_scalar(ACCOUNT)
        .bind(account.id.0)
        .bind(columns.email)
        .bind(body(account)?)
        .bind(account.name.as_str())
        .bind(account.email.as_str())
        .bind(columns.name)
        .bind(searched)
        .bind(columns.owner)
        .bind(columns.state.as_str())
        .bind(i16::from(columns.state.rank()))
        .bind(account.created_at.0)
        .bind(account.signed_in_at.map(|at| at.0))
        .bind(traits.few_codes)
        .bind(traits.unsaved_codes)
        .bind(traits.one_authenticator)
        .bind(i64::from(traits.in_a_row))
        .bind(traits.waits_until.map(|at| at.0))
        .bind(traits.begun_at.map(|at| at.0))
        .bind(communities)
        .bind(roles);
    work.put_unless(RecordKey::Account(account.id), statement, |error| unless_taken(error, CommitError::EmailTaken)).await
}

/// Whoever counted the people of a community before this transaction may have counted too few. Somebody who is being given a
/// role in it at this moment is found when either commit ends.
async fn remove_community(connection: &mut PgConnection, community: CommunityId) -> Result<(), CommitError> {
    let removed = query("DELETE FROM communities WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM memberships WHERE community = $1)")
        .bind(community.0)
        .execute(connection)
        .await
        .map_err(of_commit)?;
    if removed.rows_affected() == 1 { Ok(()) } else { Err(CommitError::Conflict) }
}

async fn end_sessions(connection: &mut PgConnection, account: AccountId, keep: Option<SessionId>) -> Result<(), CommitError> {
    let statement = match keep {
        None => query("DELETE FROM sessions WHERE account = $1").bind(account.0),
        Some(keep) => query("DELETE FROM sessions WHERE account = $1 AND id <> $2").bind(account.0).bind(keep.0.to_vec()),
    };
    run(connection, statement).await
}
