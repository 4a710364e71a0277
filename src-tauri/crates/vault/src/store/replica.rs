//! A desktop's replica: the tables of a workspace, written by sync alone, a page of the server's feed in one transaction.
//!
//! Records have the server's versions. The journal has gaps: of entries that the replica's person may not read there is no row.

use std::collections::{HashMap, HashSet};

use authority::{
    StoreError,
    store::{NamedPerson, Versioned, feed::FedPerson},
};
use domain::{
    Change,
    account::Account,
    case::CaseState,
    decision::ThrottleKey,
    erasure::Places,
    gate::Role,
    id::AccountId,
    words::Name,
    workspace::{Community, Workspace},
};
use journal::Entry;
use sqlx::{SqliteConnection, query, query_as, query_scalar};

use super::{
    accounts,
    commit::{Writing, body},
    directory::{Effects, waits_until},
    erasure,
    evidence::stored,
    rows,
};
use crate::{Vault, failure::of_database};

/// Somebody, as the replica is to have them.
#[derive(Debug)]
pub struct ReplicaPerson {
    /// Their account and what there is about them.
    pub person: FedPerson,
    /// Under which failures of their password are kept, where there are some.
    pub key: Option<ThrottleKey>,
}

/// Whom a replica keeps although its person does not see them.
#[derive(Debug)]
pub struct Beside {
    /// Its person.
    pub reader: AccountId,
    /// Whom.
    pub people: Vec<AccountId>,
}

/// What one page changes.
#[derive(Debug, Default)]
pub struct ReplicaPage {
    /// Everything that was there goes first: its person sees another part of the workspace from now on.
    pub anew: bool,
    /// The workspace's own record.
    pub workspace: Option<Versioned<Workspace>>,
    /// Every community there is.
    pub communities: Option<Vec<Versioned<Community>>>,
    /// People, as they are now.
    pub people: Vec<ReplicaPerson>,
    /// Whoever is after the first and up to the second and not among them is gone. The ends may be open.
    pub whole: Option<(Option<AccountId>, Option<AccountId>)>,
    /// Whom the replica has no more.
    pub gone: Vec<AccountId>,
    /// Of those whom its person does not see, whoever is not among these is gone.
    pub beside: Option<Beside>,
    /// What those are called whom entries name and who are not there.
    pub names: Vec<NamedPerson>,
    /// Entries, at their places.
    pub entries: Vec<Entry>,
    /// Entries that lose their persons part.
    pub erased: Vec<Places>,
    /// How many leaves it knows from now on.
    pub cursor: u64,
    /// What sync keeps.
    pub state: String,
}

impl Vault {
    /// What sync kept; `None` in a vault that is no replica.
    ///
    /// # Errors
    /// Whatever kept it from reading.
    pub async fn replica(&self) -> Result<Option<String>, StoreError> {
        query_scalar("SELECT body FROM replica WHERE id = 1").fetch_optional(&self.open().await.readers).await.map_err(of_database)
    }

    /// What a desk keeps of itself under this name; `None` where it keeps nothing.
    ///
    /// # Errors
    /// Whatever kept it from reading.
    pub async fn desk_record(&self, name: &str) -> Result<Option<String>, StoreError> {
        let asked = query_scalar("SELECT body FROM desk WHERE name = $1").bind(name.to_owned());
        asked.fetch_optional(&self.open().await.readers).await.map_err(of_database)
    }

    /// Keeps this under a name, in place of what was there.
    ///
    /// # Errors
    /// Whatever kept it from writing.
    pub async fn keep_desk_record(&self, name: &str, body: &str) -> Result<(), StoreError> {
        let _gate = self.0.gate.read().await;
        query("INSERT INTO desk (name, body) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET body = excluded.body")
            .bind(name.to_owned())
            .bind(body.to_owned())
            .execute(&self.open().await.writer)
            .await
            .map(drop)
            .map_err(of_database)
    }

    /// Writes pages of the feed, in their order. What is deleted or emptied is wiped from the file, too.
    ///
    /// # Errors
    /// Whatever kept it from writing; nothing was written then.
    pub async fn write_replica(&self, pages: Vec<ReplicaPage>) -> Result<(), StoreError> {
        let _gate = self.0.gate.read().await;
        let open = self.open().await;
        let mut writing = Writing::begin(&open.writer).await?;
        let forgets = pages.iter().any(|page| page.anew || !page.erased.is_empty());
        let mut effects = Effects::default();
        let mut deleted = false;
        for page in pages {
            deleted |= write(&mut writing.connection, page, &mut effects).await?;
        }
        let settling = self.0.directory.settle(effects).await;
        writing.end("COMMIT").await?;
        settling.committed();
        if forgets {
            self.0.finder.forget().await;
        }
        if forgets || deleted {
            erasure::settle(&open).await;
        }
        Ok(())
    }

    /// Takes the replica out of the vault, with the outbox and the desk's issuing record: it holds none afterwards, and what was in
    /// them is wiped from the file.
    ///
    /// # Errors
    /// Whatever kept it from writing; everything is there then.
    pub async fn forget_replica(&self) -> Result<(), StoreError> {
        let _gate = self.0.gate.read().await;
        let open = self.open().await;
        let mut writing = Writing::begin(&open.writer).await?;
        let mut effects = Effects::default();
        write(&mut writing.connection, ReplicaPage { anew: true, ..ReplicaPage::default() }, &mut effects).await?;
        for statement in
            ["DELETE FROM workspace", "DELETE FROM replica", "DELETE FROM desk_operations", "DELETE FROM desk WHERE name = 'offline'"]
        {
            query(statement).execute(&mut *writing.connection).await.map_err(of_database)?;
        }
        let settling = self.0.directory.settle(effects).await;
        writing.end("COMMIT").await?;
        settling.committed();
        self.0.finder.forget().await;
        erasure::settle(&open).await;
        Ok(())
    }
}

/// Answers whether anything was deleted.
async fn write(connection: &mut SqliteConnection, page: ReplicaPage, effects: &mut Effects) -> Result<bool, StoreError> {
    let mut deleted = false;
    if page.anew {
        let everybody: Vec<String> = query_scalar("SELECT id FROM accounts").fetch_all(&mut *connection).await.map_err(of_database)?;
        deleted |= remove(connection, &ids(everybody)?, effects).await?;
        for statement in ANEW {
            query(statement).execute(&mut *connection).await.map_err(of_database)?;
        }
    }
    if let Some(Versioned { record, version }) = &page.workspace {
        query(
            "INSERT INTO workspace (id, version, body) VALUES (1, $1, $2)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body",
        )
        .bind(stored(*version))
        .bind(body(record)?)
        .execute(&mut *connection)
        .await
        .map_err(of_database)?;
    }
    for community in page.communities.iter().flatten() {
        put_community(connection, &community.record, community.version, true).await?;
    }
    let mut gone = page.gone;
    if let Some((after, upto)) = page.whole {
        let here: HashSet<AccountId> = page.people.iter().map(|one| one.person.account.record.id).collect();
        let held: Vec<String> = query_scalar("SELECT id FROM accounts WHERE id > $1 AND ($2 IS NULL OR id <= $2)")
            .bind(after.map(|id| id.to_string()).unwrap_or_default())
            .bind(upto.map(|id| id.to_string()))
            .fetch_all(&mut *connection)
            .await
            .map_err(of_database)?;
        gone.extend(ids(held)?.into_iter().filter(|id| !here.contains(id)));
    }
    keep_names(connection, &gone).await?;
    deleted |= remove(connection, &gone, effects).await?;
    put_people(connection, page.people, effects).await?;
    if let Some(beside) = &page.beside {
        let unseen = unseen(connection, beside).await?;
        keep_names(connection, &unseen).await?;
        deleted |= remove(connection, &unseen, effects).await?;
        gone.extend(unseen);
    }
    if let Some(communities) = &page.communities {
        // One in which somebody still seems to hold a role goes with a later page.
        let removed = query(
            "DELETE FROM communities WHERE id NOT IN (SELECT value FROM json_each($1))
                AND NOT EXISTS (SELECT 1 FROM memberships WHERE memberships.community = communities.id)",
        )
        .bind(rows::list(communities.iter().map(|one| one.record.id)))
        .execute(&mut *connection)
        .await
        .map_err(of_database)?;
        deleted |= removed.rows_affected() > 0;
    }
    for name in &page.names {
        query(
            "INSERT INTO removed_accounts (id, name, email) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email",
        )
        .bind(name.id.to_string())
        .bind(&name.name)
        .bind(&name.email)
        .execute(&mut *connection)
        .await
        .map_err(of_database)?;
    }
    super::journal::write(connection, &page.entries).await?;
    let erases = !page.erased.is_empty();
    for places in page.erased {
        empty(connection, &places, page.cursor).await?;
    }
    if erases || !gone.is_empty() {
        // Whom no entry names any more is not called anything either.
        let unnamed = query(
            "DELETE FROM removed_accounts WHERE NOT EXISTS (SELECT 1 FROM journal WHERE actor = removed_accounts.id)
                AND NOT EXISTS (SELECT 1 FROM journal WHERE subject = removed_accounts.id)",
        );
        deleted |= unnamed.execute(&mut *connection).await.map_err(of_database)?.rows_affected() > 0;
    }
    query("INSERT INTO replica (id, cursor, body) VALUES (1, $1, $2) ON CONFLICT (id) DO UPDATE SET cursor = excluded.cursor, body = excluded.body")
        .bind(stored(page.cursor))
        .bind(page.state)
        .execute(connection)
        .await
        .map_err(of_database)?;
    Ok(deleted)
}

/// What goes besides people where a replica begins anew.
const ANEW: [&str; 5] = [
    "DELETE FROM journal_communities",
    "DELETE FROM journal",
    "DELETE FROM removed_accounts",
    "DELETE FROM memberships",
    "DELETE FROM communities",
];

/// Rows that are of one person, or about them.
const THEIRS: [&str; 6] = [
    "DELETE FROM throttle WHERE account IN (SELECT value FROM json_each($1))",
    "DELETE FROM help_requests WHERE account IN (SELECT value FROM json_each($1))",
    "DELETE FROM reports WHERE account IN (SELECT value FROM json_each($1))",
    "DELETE FROM cases WHERE target IN (SELECT value FROM json_each($1))",
    "DELETE FROM memberships WHERE account IN (SELECT value FROM json_each($1))",
    "DELETE FROM accounts WHERE id IN (SELECT value FROM json_each($1))",
];

/// Whoever goes and is named by an entry is still called something: nobody says it again.
async fn keep_names(connection: &mut SqliteConnection, people: &[AccountId]) -> Result<(), StoreError> {
    query(
        "INSERT INTO removed_accounts (id, name, email)
         SELECT id, name, email FROM accounts WHERE id IN (SELECT value FROM json_each($1))
            AND (EXISTS (SELECT 1 FROM journal WHERE actor = accounts.id) OR EXISTS (SELECT 1 FROM journal WHERE subject = accounts.id))
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email",
    )
    .bind(rows::list(people))
    .execute(connection)
    .await
    .map(drop)
    .map_err(of_database)
}

async fn remove(connection: &mut SqliteConnection, people: &[AccountId], effects: &mut Effects) -> Result<bool, StoreError> {
    if people.is_empty() {
        return Ok(false);
    }
    let list = rows::list(people);
    let mut deleted = false;
    for statement in THEIRS {
        deleted |= query(statement).bind(&list).execute(&mut *connection).await.map_err(of_database)?.rows_affected() > 0;
    }
    people.iter().for_each(|id| effects.remove(*id));
    Ok(deleted)
}

/// Who is here, is not seen by its person and is not to be kept beside those who are.
async fn unseen(connection: &mut SqliteConnection, beside: &Beside) -> Result<Vec<AccountId>, StoreError> {
    let Beside { reader, people } = beside;
    let found: Option<String> = query_scalar("SELECT body FROM accounts WHERE id = $1")
        .bind(reader.to_string())
        .fetch_optional(&mut *connection)
        .await
        .map_err(of_database)?;
    let Some(found) = found else { return Ok(Vec::new()) };
    let Some(reach) = super::record::<Account>(&found)?.standing().reach(Role::Support) else { return Ok(Vec::new()) };
    let others: Vec<String> = query_scalar(
        "SELECT id FROM accounts WHERE id NOT IN (SELECT account FROM memberships WHERE community IN (SELECT value FROM json_each($1)))
            AND id NOT IN (SELECT value FROM json_each($2))",
    )
    .bind(rows::list(&reach))
    .bind(rows::list(people.iter().chain([reader])))
    .fetch_all(connection)
    .await
    .map_err(of_database)?;
    ids(others)
}

async fn put_community(connection: &mut SqliteConnection, community: &Community, version: u64, replaces: bool) -> Result<(), StoreError> {
    let statement = if replaces {
        "INSERT INTO communities (id, version, name_folded, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, name_folded = excluded.name_folded, body = excluded.body"
    } else {
        "INSERT INTO communities (id, version, name_folded, body) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING"
    };
    query(statement)
        .bind(community.id.to_string())
        .bind(stored(version))
        .bind(authority::store::folded(community.name.as_str()))
        .bind(body(community)?)
        .execute(connection)
        .await
        .map(drop)
        .map_err(of_database)
}

async fn put_people(connection: &mut SqliteConnection, people: Vec<ReplicaPerson>, effects: &mut Effects) -> Result<(), StoreError> {
    if people.is_empty() {
        return Ok(());
    }
    let list = rows::list(people.iter().map(|one| one.person.account.record.id));
    let held: Vec<(String, i64)> = query_as("SELECT id, version FROM accounts WHERE id IN (SELECT value FROM json_each($1))")
        .bind(&list)
        .fetch_all(&mut *connection)
        .await
        .map_err(of_database)?;
    let held: HashMap<String, i64> = held.into_iter().collect();
    // What is older than what is here says nothing.
    let older = |found: &Versioned<Account>| held.get(&found.record.id.to_string()).is_some_and(|held| stored(found.version) < *held);
    let people: Vec<ReplicaPerson> = people.into_iter().filter(|one| !older(&one.person.account)).collect();
    let records: Vec<_> = people.iter().map(|one| (one.person.account.record.clone(), stored(one.person.account.version))).collect();
    let there: HashSet<String> = records.iter().map(|(account, _)| account.id.to_string()).filter(|id| held.contains_key(id)).collect();
    let memberships = records.iter().flat_map(|(account, _)| &account.memberships);
    for id in memberships.map(|membership| membership.community).collect::<HashSet<_>>() {
        // A community that is told with a later page. Nobody sees it by this name.
        let unknown = Community { id, name: Name::read("—").expect("a name"), tightening: Default::default() };
        put_community(connection, &unknown, 0, false).await?;
    }
    // Somebody whose change comes with a later page may have given up the address of one of these.
    query(
        "UPDATE accounts SET email_folded = char(1) || id
         WHERE email_folded IN (SELECT value FROM json_each($1)) AND id NOT IN (SELECT value FROM json_each($2))",
    )
    .bind(rows::list(records.iter().map(|(account, _)| account.email.folded())))
    .bind(rows::list(records.iter().map(|(account, _)| account.id)))
    .execute(&mut *connection)
    .await
    .map_err(of_database)?;
    if !there.is_empty() {
        let list = rows::list(&there);
        let given_up = "UPDATE accounts SET email_folded = char(1) || id WHERE id IN (SELECT value FROM json_each($1))";
        for statement in [given_up].iter().chain(&THEIRS[..4]) {
            query(*statement).bind(&list).execute(&mut *connection).await.map_err(of_database)?;
        }
    }
    accounts::write_as(connection, &records, &there).await.map_err(|error| StoreError::Failed(error.to_string()))?;
    records.iter().for_each(|(account, _)| effects.put(account));
    for one in people {
        put_beside(connection, one, effects).await?;
    }
    Ok(())
}

/// What there is about somebody whose account was written.
async fn put_beside(connection: &mut SqliteConnection, one: ReplicaPerson, effects: &mut Effects) -> Result<(), StoreError> {
    let ReplicaPerson { person, key } = one;
    let id = person.account.record.id;
    if let (Some(failures), Some(key)) = (&person.failures, key) {
        query("INSERT OR REPLACE INTO throttle (id, version, account, body) VALUES ($1, 1, $2, $3)")
            .bind(key.to_vec())
            .bind(id.to_string())
            .bind(body(failures)?)
            .execute(&mut *connection)
            .await
            .map_err(of_database)?;
        effects.wait(id, waits_until(connection, id).await?);
    } else {
        effects.wait(id, None);
    }
    if let Some(Versioned { record, version }) = person.request {
        super::commit::apply_one(connection, Change::HelpRequest(record)).await?;
        versioned_as(connection, "UPDATE help_requests SET version = $1 WHERE account = $2", version, &id.to_string()).await?;
    }
    if let Some(Versioned { record, version }) = person.report {
        super::mail::write_report(connection, &record).await?;
        versioned_as(connection, "UPDATE reports SET version = $1 WHERE account = $2", version, &id.to_string()).await?;
    }
    for Versioned { record, version } in person.cases {
        debug_assert!(matches!(record.state, CaseState::Open | CaseState::Approved { .. }), "decided cases are not told");
        let case = record.id.to_string();
        super::commit::apply_one(connection, Change::Case(Box::new(record))).await?;
        versioned_as(connection, "UPDATE cases SET version = $1 WHERE id = $2", version, &case).await?;
    }
    Ok(())
}

async fn versioned_as(connection: &mut SqliteConnection, statement: &'static str, version: u64, id: &str) -> Result<(), StoreError> {
    query(statement).bind(stored(version)).bind(id).execute(connection).await.map(drop).map_err(of_database)
}

/// Empties the persons part of these entries, as far as they are here.
async fn empty(connection: &mut SqliteConnection, places: &Places, before: u64) -> Result<(), StoreError> {
    for range in places.ranges() {
        query("UPDATE journal SET actor = NULL, subject = NULL, persons = NULL, persons_key = NULL WHERE idx >= $1 AND idx <= $2 AND idx < $3")
            .bind(stored(*range.start()))
            .bind(stored(*range.end()))
            .bind(stored(before))
            .execute(&mut *connection)
            .await
            .map_err(of_database)?;
    }
    Ok(())
}

pub(super) fn ids(texts: Vec<String>) -> Result<Vec<AccountId>, StoreError> {
    let id = |text: String| text.parse().map(AccountId).map_err(|_| StoreError::Damaged("an account has no identifier".into()));
    texts.into_iter().map(id).collect()
}
