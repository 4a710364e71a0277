//! The everyday commit in one statement: it reads the workspace, one account and one session, writes no more than those two, and
//! leaves its entries to the sequencer. It locks as every other commit does, in the same order: the workspace and its communities,
//! the account, the session.
//!
//! Each part of the statement goes on from the row of the one before it. Where one finds its record with another version, none
//! after it finds anything, and the statement is undone. A lock that had to be waited for is followed by another look at the
//! version: for rows PostgreSQL sees to that itself, for the rest a function that looks after the lock.

use authority::{
    Commit, CommitError, StoreError,
    store::{Projection, RecordKey},
};
use domain::{
    Change,
    account::Account,
    readiness::Traits,
    session::{Session, SessionId},
};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{
    commit::body,
    numbering::{self, Put},
    records::{LISTED, roles, searched},
};
use crate::{Inner, failure::unless_taken, writing::Writing};

/// A record that is read, and written or not.
struct Part<K, R> {
    key: K,
    version: i64,
    written: Option<R>,
}

/// A commit of this kind.
pub(super) struct Brief {
    workspace: Option<i64>,
    communities: Vec<(Uuid, i64)>,
    account: Option<Part<Uuid, Box<Account>>>,
    session: Option<Part<SessionId, Session>>,
    entries: Vec<journal::Draft>,
}

/// Whether it is one.
pub(super) fn is_brief(commit: &Commit) -> bool {
    let (mut accounts, mut sessions) = (None, None);
    // What is asked for twice in one decision was read once, or it is not of this kind.
    let only = |seen: &mut Option<(RecordKey, u64)>, key: RecordKey, version: u64| {
        let same = seen.get_or_insert((key, version));
        *same == (key, version)
    };
    let reads = commit.read.iter().all(|(key, version)| match (key, version) {
        (RecordKey::Workspace | RecordKey::Community(_), Some(_)) => true,
        (RecordKey::Account(_), Some(version)) => only(&mut accounts, *key, *version),
        (RecordKey::Session(_), Some(version)) => only(&mut sessions, *key, *version),
        _ => false,
    });
    let (mut written_accounts, mut written_sessions) = (0, 0);
    let writes = commit.changes.iter().all(|change| match change {
        Change::Account(account) => {
            written_accounts += 1;
            written_accounts == 1 && accounts.is_some_and(|(key, _)| key == RecordKey::Account(account.id))
        }
        Change::Session(session) => {
            written_sessions += 1;
            written_sessions == 1 && sessions.is_some_and(|(key, _)| key == RecordKey::Session(session.id))
        }
        _ => false,
    });
    reads && writes && commit.notices.is_empty() && (accounts.is_some() || sessions.is_some())
}

fn stored(version: u64) -> Result<i64, StoreError> {
    i64::try_from(version).map_err(|_| StoreError::Failed("a version is too large".into()))
}

impl Brief {
    /// Only of one that [is](is_brief).
    pub(super) fn of(commit: Commit) -> Result<Self, StoreError> {
        let mut brief = Self { workspace: None, communities: Vec::new(), account: None, session: None, entries: commit.entries };
        for (key, version) in commit.read {
            let Some(version) = version.map(stored).transpose()? else { continue };
            match key {
                RecordKey::Workspace => brief.workspace = Some(version),
                RecordKey::Community(id) => brief.communities.push((id.0, version)),
                RecordKey::Account(id) => brief.account = Some(Part { key: id.0, version, written: None }),
                RecordKey::Session(id) => brief.session = Some(Part { key: id, version, written: None }),
                _ => {}
            }
        }
        for change in commit.changes {
            match (change, &mut brief.account, &mut brief.session) {
                (Change::Account(account), Some(part), _) => part.written = Some(account),
                (Change::Session(session), _, Some(part)) => part.written = Some(session),
                _ => {}
            }
        }
        brief.communities.sort_unstable();
        brief.communities.dedup();
        Ok(brief)
    }

    /// Commits it. Answers under what its entries wait, if there are any.
    pub(super) async fn commit(self, store: &Inner) -> Result<Option<i64>, CommitError> {
        let mut writing = Writing::of_one_statement(&store.pool, &store.gate).await?;
        let mut statement = match self.statement(writing.connection(), &store.workspace).await {
            Ok(statement) => statement,
            Err(error) => {
                writing.over(true);
                return Err(error);
            }
        };
        let outcome = statement.build_query_scalar().fetch_one(writing.connection()).await;
        // One that PostgreSQL refused has undone itself.
        writing.over(matches!(outcome, Ok(_) | Err(sqlx::Error::Database(_))));
        outcome.map_err(|error| unless_taken(error, CommitError::EmailTaken))
    }

    async fn statement(self, connection: &mut PgConnection, workspace: &OnceCell<Uuid>) -> Result<QueryBuilder<Postgres>, CommitError> {
        let entries =
            if self.entries.is_empty() { None } else { Some(Put::of(numbering::workspace(connection, workspace).await?, self.entries)?) };
        let mut sql = QueryBuilder::<Postgres>::new("WITH ground AS MATERIALIZED (SELECT 1 AS found WHERE hold_ground(");
        let (ids, versions): (Vec<Uuid>, Vec<i64>) = self.communities.into_iter().unzip();
        sql.push_bind(self.workspace).push(", ").push_bind(ids).push(", ").push_bind(versions).push("))");
        let mut last = "ground";
        if let Some(part) = self.account {
            write_account(&mut sql, part, last)?;
            last = "account";
        }
        if let Some(part) = self.session {
            write_session(&mut sql, part, last)?;
            last = "session";
        }
        let waits = entries.is_some();
        if let Some(entries) = entries {
            sql.push(", batch AS MATERIALIZED (SELECT nextval('journal_batches') AS number FROM ").push(last);
            sql.push("), put AS (INSERT INTO journal_pending (batch, place, draft, facts_key, persons_key) SELECT batch.number, entry.* FROM batch, unnest(");
            sql.push_bind(entries.places).push(", ").push_bind(entries.drafts).push(", ").push_bind(entries.facts_keys);
            sql.push(", ").push_bind(entries.persons_keys).push(") AS entry)");
        }
        sql.push(if waits { " SELECT (SELECT number FROM batch)" } else { " SELECT NULL::int8" });
        sql.push(" FROM conflict_unless(EXISTS (SELECT 1 FROM ").push(last).push("))");
        Ok(sql)
    }
}

/// The account, what lists say of it and the roles in it. The latter two are as they were read: their account is.
fn write_account(sql: &mut QueryBuilder<Postgres>, part: Part<Uuid, Box<Account>>, after: &'static str) -> Result<(), CommitError> {
    let Some(account) = part.written else {
        sql.push(", account AS MATERIALIZED (SELECT accounts.id FROM accounts, ").push(after);
        sql.push(" WHERE accounts.id = ").push_bind(part.key).push(" AND accounts.version = ").push_bind(part.version);
        sql.push(" FOR SHARE OF accounts)");
        return Ok(());
    };
    let (columns, traits) = (Projection::from(&*account), Traits::from(&*account));
    let searched = searched(&account, &columns);
    let (communities, roles) = roles(&account);
    sql.push(", account AS (UPDATE accounts SET version = accounts.version + 1, email_folded = ").push_bind(columns.email.clone());
    sql.push(", body = ").push_bind(body(&account)?).push(" FROM ").push(after);
    sql.push(" WHERE accounts.id = ").push_bind(part.key).push(" AND accounts.version = ").push_bind(part.version);
    sql.push(" RETURNING accounts.id), listed AS (UPDATE people SET (");
    sql.push(LISTED).push(") = (SELECT now_listed.*) FROM account, (SELECT ");
    let mut values = sql.separated(", ");
    values.push_bind(account.name.as_str().to_owned());
    values.push_bind(account.email.as_str().to_owned());
    values.push_bind(columns.name);
    values.push_bind(columns.email);
    values.push_bind(searched);
    values.push_bind(columns.owner);
    values.push_bind(columns.state.as_str());
    values.push_bind(i16::from(columns.state.rank()));
    values.push_bind(account.created_at.0);
    values.push_bind(account.signed_in_at.map(|at| at.0));
    values.push_bind(traits.few_codes);
    values.push_bind(traits.unsaved_codes);
    values.push_bind(traits.one_authenticator);
    values.push_bind(i64::from(traits.in_a_row));
    values.push_bind(traits.waits_until.map(|at| at.0));
    values.push_bind(traits.begun_at.map(|at| at.0));
    sql.push(") AS now_listed WHERE people.account = account.id AND ROW(").push(LISTED);
    sql.push(
        ") IS DISTINCT FROM ROW(now_listed.*)), left_ AS (DELETE FROM memberships USING account WHERE memberships.account = account.id",
    );
    sql.push(" AND memberships.community <> ALL(").push_bind(communities.clone());
    sql.push(")), held AS (INSERT INTO memberships (account, community, role) SELECT account.id, given.* FROM account, unnest(");
    sql.push_bind(communities).push(", ").push_bind(roles).push(") AS given (community, role) WHERE NOT EXISTS (");
    sql.push("SELECT 1 FROM memberships AS held WHERE held.account = account.id AND held.community = given.community AND held.role = given.role)");
    sql.push(" ON CONFLICT (account, community) DO UPDATE SET role = excluded.role)");
    Ok(())
}

fn write_session(sql: &mut QueryBuilder<Postgres>, part: Part<SessionId, Session>, after: &'static str) -> Result<(), CommitError> {
    let (id, version) = (part.key.0.to_vec(), part.version);
    match part.written {
        None => {
            sql.push(", session AS MATERIALIZED (SELECT sessions.id FROM sessions, ").push(after);
            sql.push(" WHERE sessions.id = ").push_bind(id).push(" AND sessions.version = ").push_bind(version);
            sql.push(" FOR SHARE OF sessions)");
        }
        Some(session) => {
            sql.push(", session AS (UPDATE sessions SET version = sessions.version + 1, account = ").push_bind(session.account.0);
            sql.push(", body = ").push_bind(body(&session)?).push(" FROM ").push(after);
            sql.push(" WHERE sessions.id = ").push_bind(id).push(" AND sessions.version = ").push_bind(version);
            sql.push(" RETURNING sessions.id)");
        }
    }
    Ok(())
}
