//! Versions of what a commit read, looked at under locks that last until it ends.
//!
//! Records of one table are locked in the order of their keys and the tables in the order of [`TABLES`], so that two commits
//! never wait for each other. A table of which the commit writes anything is locked as for writing throughout: a lock that had to
//! be raised later could be waited for in a circle.

use std::collections::{HashMap, HashSet};

use authority::{Commit, CommitError, store::RecordKey};
use domain::Change;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::failure::of_commit;

/// Locks of ours in a database that others may share: "SALY", and what is locked.
const CLASS: i32 = 0x5341_4c59;

/// Tables whose rows are locked: what it is called, and its key.
const TABLES: [(&str, &str); 12] = [
    ("accounts", "id"),
    // Before sessions: whoever revokes a device ends sessions that others use through it.
    ("devices", "id"),
    ("sessions", "id"),
    ("cases", "id"),
    ("help_requests", "account"),
    ("tokens", "id"),
    ("imports", "id"),
    ("notices", "id"),
    ("reports", "account"),
    ("throttle", "id"),
    ("operations", "id"),
    ("issuers", "id"),
];
/// Those whose keys are bytes; all others are identifiers.
const OF_BYTES: [&str; 4] = ["sessions", "throttle", "operations", "issuers"];

/// Where the versions of a kind of record are looked up.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Workspace,
    Community,
    Table(usize),
}

/// What tells a record from all others.
pub(super) type Mark = (Place, Vec<u8>);

pub(super) fn mark(key: &RecordKey) -> Mark {
    let (place, key) = match key {
        RecordKey::Workspace => return (Place::Workspace, Vec::new()),
        RecordKey::Community(id) => return (Place::Community, id.0.as_bytes().to_vec()),
        RecordKey::Account(id) => (0, id.0.as_bytes().to_vec()),
        RecordKey::Device(id) => (1, id.0.as_bytes().to_vec()),
        RecordKey::Session(id) => (2, id.0.to_vec()),
        RecordKey::Case(id) => (3, id.0.as_bytes().to_vec()),
        RecordKey::HelpRequest(id) => (4, id.0.as_bytes().to_vec()),
        RecordKey::Token(id) => (5, id.0.as_bytes().to_vec()),
        RecordKey::Import(id) => (6, id.0.as_bytes().to_vec()),
        RecordKey::Mail(id) => (7, id.0.as_bytes().to_vec()),
        RecordKey::Report(id) => (8, id.0.as_bytes().to_vec()),
        RecordKey::Throttle(key) => (9, key.to_vec()),
        RecordKey::Operation(key) => (10, key.bytes().to_vec()),
        RecordKey::Issuer(id) => (11, id.bytes().to_vec()),
    };
    (Place::Table(place), key)
}

/// Which record a change makes or replaces, if it is one.
fn written(change: &Change) -> Option<RecordKey> {
    Some(match change {
        Change::Account(account) => RecordKey::Account(account.id),
        Change::Session(session) => RecordKey::Session(session.id),
        Change::Throttle(key, _) => RecordKey::Throttle(*key),
        Change::Workspace(_) => RecordKey::Workspace,
        Change::Community(community) => RecordKey::Community(community.id),
        Change::Case(case) => RecordKey::Case(case.id),
        Change::HelpRequest(request) => RecordKey::HelpRequest(request.account),
        Change::Mail(mail) => RecordKey::Mail(mail.id),
        Change::Report(report) => RecordKey::Report(report.account),
        Change::Token(token) => RecordKey::Token(token.id),
        Change::Import(batch) => RecordKey::Import(batch.id),
        Change::Device(device) => RecordKey::Device(device.id),
        Change::Issuer(issuer) => RecordKey::Issuer(issuer.id()),
        Change::Operation(operation, _) => RecordKey::Operation(operation.id),
        Change::EndSession(id) => RecordKey::Session(*id),
        Change::RemoveToken(id) => RecordKey::Token(*id),
        Change::RemoveCommunity(id) => RecordKey::Community(*id),
        Change::RemoveAccount(id) => RecordKey::Account(*id),
        Change::Erase(erase) => RecordKey::Account(erase.account),
        Change::EndSessions(..) | Change::EndSessionsThrough(_) | Change::CountsOf(..) | Change::Checkpoint(_) | Change::ImportItem(..) => {
            return None;
        }
    })
}

/// What a commit locks.
pub(super) struct Locks {
    /// `BEGIN`, with the locks that are taken before anything is seen.
    pub(super) begin: String,
    /// Of each table, the keys, and whether any row is written.
    tables: [(Vec<Vec<u8>>, bool); TABLES.len()],
    communities: Vec<Vec<u8>>,
    /// Records of which it rests on there being none.
    pub(super) absent: HashSet<Mark>,
}

impl Locks {
    pub(super) fn of(commit: &Commit) -> Self {
        let mut tables: [(Vec<Vec<u8>>, bool); TABLES.len()] = Default::default();
        let (mut communities, mut absent) = (Vec::new(), HashSet::new());
        // Of the workspace and its communities together: whether it is held, and whether for writing.
        let mut ground = None;
        let mut named: Vec<(i32, bool)> = Vec::new();
        for (key, read) in &commit.read {
            let (place, bytes) = mark(key);
            match place {
                Place::Workspace => ground = ground.or(Some(false)),
                Place::Community => {
                    ground = ground.or(Some(false));
                    communities.push(bytes);
                }
                Place::Table(table) => {
                    // What is not there has no row to lock, and may be made by others if its key is not of this commit's making.
                    if read.is_none()
                        && let Some(name) = name(key)
                    {
                        named.push((name, false));
                    }
                    tables[table].0.push(bytes);
                }
            }
            if read.is_none() {
                absent.insert(mark(key));
            }
        }
        for key in commit.changes.iter().filter_map(written) {
            match mark(&key).0 {
                Place::Workspace | Place::Community => ground = Some(true),
                Place::Table(table) => {
                    tables[table].1 = true;
                    if let Some(name) = name(&key)
                        && !commit.read.iter().any(|(read, version)| *read == key && version.is_some())
                    {
                        named.push((name, true));
                    }
                }
            }
        }
        for (keys, _) in &mut tables {
            keys.sort_unstable();
            keys.dedup();
        }
        Self { begin: begin(ground, named), tables, communities, absent }
    }

    /// Locks what was read, and refuses if any of it has another version by now.
    pub(super) async fn hold(&self, connection: &mut PgConnection, read: &[(RecordKey, Option<u64>)]) -> Result<(), CommitError> {
        if read.is_empty() {
            return Ok(());
        }
        let mut sql = QueryBuilder::<Postgres>::new("SELECT -2 AS place, ''::bytea AS key, version FROM workspace");
        if !self.communities.is_empty() {
            sql.push(" UNION ALL SELECT -1, uuid_send(id), version FROM communities WHERE id = ANY(");
            sql.push_bind(identifiers(&self.communities)).push(")");
        }
        for (at, ((table, key), (keys, writes))) in
            TABLES.iter().zip(&self.tables).enumerate().filter(|(_, (_, (keys, _)))| !keys.is_empty())
        {
            let bytes = OF_BYTES.contains(table);
            let shown = if bytes { (*key).to_owned() } else { format!("uuid_send({key})") };
            sql.push(format_args!(" UNION ALL SELECT * FROM (SELECT {at}, {shown}, version FROM {table} WHERE {key} = ANY("));
            if bytes {
                sql.push_bind(keys);
            } else {
                sql.push_bind(identifiers(keys));
            }
            let mode = if *writes { "NO KEY UPDATE" } else { "SHARE" };
            sql.push(format_args!(") ORDER BY {key} FOR {mode}) AS locked_{at}"));
        }
        let found: Vec<(i32, Vec<u8>, i64)> = sql.build_query_as().fetch_all(connection).await.map_err(of_commit)?;
        let versions: HashMap<(i32, &[u8]), i64> = found.iter().map(|(at, key, version)| ((*at, key.as_slice()), *version)).collect();
        for (key, read) in read {
            let (place, bytes) = mark(key);
            let place = match place {
                Place::Workspace => -2,
                Place::Community => -1,
                Place::Table(at) => i32::try_from(at).unwrap_or(i32::MAX),
            };
            if versions.get(&(place, bytes.as_slice())).copied().map(super::number).transpose()? != *read {
                return Err(CommitError::Conflict);
            }
        }
        Ok(())
    }
}

fn identifiers(keys: &[Vec<u8>]) -> Vec<Uuid> {
    keys.iter().filter_map(|key| Uuid::from_slice(key).ok()).collect()
}

/// By what a record is locked that may not be there. Others cannot make one of the other kinds: its identifier is drawn by
/// whoever makes it.
fn name(key: &RecordKey) -> Option<i32> {
    let of = |kind: i32, bytes: &[u8]| {
        let last = bytes.last_chunk().copied().unwrap_or_default();
        Some(i32::from_be_bytes(last).wrapping_add(kind))
    };
    match key {
        RecordKey::Throttle(key) => of(0, key),
        RecordKey::HelpRequest(id) => of(1, id.0.as_bytes()),
        RecordKey::Report(id) => of(2, id.0.as_bytes()),
        // Its key is drawn by a desktop, which may send it to two servers.
        RecordKey::Operation(key) => of(3, &key.bytes()),
        // Two desktops may be given a number at once.
        RecordKey::Issuer(id) => of(4, &id.bytes()),
        _ => None,
    }
}

/// The locks of a commit that are no rows, in one order for everybody. They are held until it has ended and is seen by all.
pub(super) fn begin(ground: Option<bool>, mut named: Vec<(i32, bool)>) -> String {
    // The one for writing first, which is the one that stays.
    named.sort_unstable_by_key(|(name, writes)| (*name, !*writes));
    named.dedup_by_key(|(name, _)| *name);
    let locks =
        ground.map(|writes| (CLASS, 0, writes)).into_iter().chain(named.into_iter().map(|(name, writes)| (CLASS + 1, name, writes)));
    let mut begin = String::from("BEGIN ISOLATION LEVEL READ COMMITTED");
    for (at, (class, name, writes)) in locks.enumerate() {
        let (glue, shared) = (if at == 0 { "; SELECT" } else { "," }, if writes { "" } else { "_shared" });
        begin.push_str(&format!("{glue} pg_advisory_xact_lock{shared}({class}, {name})"));
    }
    begin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_are_taken_in_one_order_and_for_writing_where_anything_is_written() {
        assert_eq!(begin(None, Vec::new()), "BEGIN ISOLATION LEVEL READ COMMITTED");
        let (first, second) = (CLASS, CLASS + 1);
        assert_eq!(
            begin(Some(false), vec![(7, false), (-3, false), (7, true)]),
            format!(
                "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock_shared({first}, 0), \
                 pg_advisory_xact_lock_shared({second}, -3), pg_advisory_xact_lock({second}, 7)"
            )
        );
    }
}
