//! From what the server sent to what the replica writes. A page that does not read is no page: nothing of it is believed.

use authority::store::{NamedPerson, Versioned, feed::FedPerson};
use data_encoding::BASE64;
use domain::{
    erasure::Places,
    id::AccountId,
    workspace::{Community, Workspace},
};
use journal::{Entry, LeafHash, Stored};
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wire::feed::{FeedCommon, FeedEntry, FeedLeaf, FeedPage, FeedPerson, FeedRecord, SnapshotPage};

use super::engine::State;

/// What goes with every page.
pub(super) struct Common {
    pub(super) workspace: Option<Versioned<Workspace>>,
    pub(super) communities: Option<Vec<Versioned<Community>>>,
    pub(super) scope: String,
    pub(super) size: u64,
    pub(super) now: i64,
}

/// A page of people.
pub(super) struct People {
    pub(super) after: Option<Uuid>,
    pub(super) common: Common,
    pub(super) people: Vec<FedPerson>,
    pub(super) next: Option<Uuid>,
}

/// A leaf of the journal.
pub(super) struct Leaf {
    pub(super) hash: LeafHash,
    pub(super) entry: Option<Entry>,
}

/// A page of the journal.
pub(super) struct Entries {
    pub(super) from: u64,
    pub(super) common: Common,
    pub(super) leaves: Vec<Leaf>,
    pub(super) people: Vec<FedPerson>,
    pub(super) gone: Vec<AccountId>,
    pub(super) beside: Option<(String, Vec<AccountId>)>,
    pub(super) names: Vec<NamedPerson>,
    pub(super) erased: Vec<Places>,
    pub(super) again: bool,
    pub(super) checkpoint: Option<String>,
}

pub(super) fn people(state: &State, page: SnapshotPage) -> Option<People> {
    let people: Vec<FedPerson> = page.people.into_iter().map(person).collect::<Option<_>>()?;
    // A page says who is gone by whom it leaves out: it must be in order, and within what it says it covers.
    let ids: Vec<Uuid> = people.iter().map(|one| one.account.record.id.0).collect();
    let ordered = ids.is_sorted_by(|one, other| one < other);
    let within = ids.iter().all(|id| page.after.is_none_or(|after| *id > after) && page.next.is_none_or(|next| *id <= next));
    let onwards = page.next.is_none_or(|next| page.after.is_none_or(|after| next > after));
    let common = common(state, page.common)?;
    (ordered && within && onwards).then_some(People { after: page.after, common, people, next: page.next })
}

pub(super) fn entries(state: &State, page: FeedPage) -> Option<Entries> {
    let leaves = (page.from..).zip(page.leaves).map(|(index, one)| leaf(state.workspace, index, one)).collect::<Option<_>>()?;
    Some(Entries {
        from: page.from,
        common: common(state, page.common)?,
        leaves,
        people: page.people.into_iter().map(person).collect::<Option<_>>()?,
        gone: page.gone.into_iter().map(AccountId).collect(),
        beside: page.beside.map(|beside| (beside.digest, beside.people.into_iter().map(AccountId).collect())),
        names: page.names.into_iter().map(|one| NamedPerson { id: AccountId(one.id), name: one.name, email: one.email }).collect(),
        erased: page.erased.iter().map(|places| Places::read(places)).collect(),
        again: page.again,
        checkpoint: page.checkpoint,
    })
}

fn common(state: &State, common: FeedCommon) -> Option<Common> {
    let workspace: Option<Versioned<Workspace>> = each(common.workspace)?;
    if workspace.as_ref().is_some_and(|found| found.record.id.0 != state.workspace) {
        return None;
    }
    let communities = match common.communities {
        None => None,
        Some(all) => Some(all.into_iter().map(record).collect::<Option<_>>()?),
    };
    Some(Common { workspace, communities, scope: common.scope, size: common.size, now: common.now })
}

fn record<T: DeserializeOwned>(record: FeedRecord) -> Option<Versioned<T>> {
    Some(Versioned { record: serde_json::from_str(&record.body).ok()?, version: record.version })
}

fn person(person: FeedPerson) -> Option<FedPerson> {
    let account = record::<domain::account::Account>(person.account)?;
    let found = FedPerson {
        failures: person.failures.map(|failures| serde_json::from_str(&failures)).transpose().ok()?,
        request: each(person.request)?,
        report: each(person.report)?,
        cases: person.cases.into_iter().map(record).collect::<Option<_>>()?,
        account,
    };
    let id = AccountId(person.id);
    let theirs = found.account.record.id == id
        && found.request.as_ref().is_none_or(|request: &Versioned<domain::request::HelpRequest>| request.record.account == id)
        && found.report.as_ref().is_none_or(|report: &Versioned<domain::report::Report>| report.record.account == id)
        && found.cases.iter().all(|case| case.record.target == id);
    theirs.then_some(found)
}

/// A record that may be absent, but not unreadable.
fn each<T: DeserializeOwned>(found: Option<FeedRecord>) -> Option<Option<Versioned<T>>> {
    match found {
        None => Some(None),
        Some(found) => record(found).map(Some),
    }
}

fn leaf(workspace: Uuid, index: u64, leaf: FeedLeaf) -> Option<Leaf> {
    match leaf {
        FeedLeaf::Hash(hash) => {
            let hash: [u8; 32] = BASE64.decode(hash.as_bytes()).ok()?.try_into().ok()?;
            Some(Leaf { hash: LeafHash::from(hash), entry: None })
        }
        FeedLeaf::Entry(FeedEntry { facts, facts_key, persons, persons_key, leaf }) => {
            let facts_key = BASE64.decode(facts_key.as_bytes()).ok()?;
            let persons_key = persons_key.map(|key| BASE64.decode(key.as_bytes())).transpose().ok()?;
            let leaf = BASE64.decode(leaf.as_bytes()).ok()?;
            let persons_key = persons_key.as_deref();
            let stored = Stored { index, facts: &facts, facts_key: &facts_key, persons: persons.as_deref(), persons_key, leaf: &leaf };
            let entry = journal::open(workspace, stored).ok()?;
            Some(Leaf { hash: entry.leaf().hash(), entry: Some(entry) })
        }
    }
}
