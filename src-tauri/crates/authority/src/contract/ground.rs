//! What the cases build on: a founded workspace, people, commits.

use domain::{
    Change, EventKind,
    account::Account,
    gate::{Membership, Role},
    id::{AccountId, CommunityId, WorkspaceId},
    invitation::NewPerson,
    policy::{Policy, Tightening},
    secret_hash::Opaque,
    session::{Session, Stage},
    time::Moment,
    words::{Email, Language, Name},
    workspace::{Community, Workspace},
};
use journal::{CommitmentKey, Draft};
use uuid::Uuid;

use crate::store::{Commit, CommitError, RecordKey, Store};

pub(super) const NOW: Moment = Moment(1_790_000_000);
/// Two communities, in the order of their names.
pub(super) const NORTH: CommunityId = CommunityId(Uuid::from_u128(0xa1));
pub(super) const SOUTH: CommunityId = CommunityId(Uuid::from_u128(0xa2));

pub(super) fn workspace() -> Workspace {
    let (id, name) = (WorkspaceId(Uuid::from_u128(0xa0)), Name::read("Workspace").expect("a name"));
    Workspace::new(id, name, Language::En, Policy::default(), NOW)
}

pub(super) fn community(id: CommunityId, name: &str) -> Community {
    Community { id, name: Name::read(name).expect("a name"), tightening: Tightening::default() }
}

/// Commits the workspace and its two communities, the later one first.
pub(super) async fn found(store: &impl Store) {
    let changes = vec![
        Change::Workspace(Box::new(workspace())),
        Change::Community(community(SOUTH, "south")),
        Change::Community(community(NORTH, "North")),
    ];
    write(store, changes).await;
}

pub(super) fn account_id(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(0x1000 + number))
}

pub(super) fn person(number: u128, name: &str, communities: &[CommunityId]) -> Account {
    let person = NewPerson {
        id: account_id(number),
        name: Name::read(name).expect("a name"),
        email: Email::read(&format!("person{number}@example.org")).expect("an address"),
        language: Language::En,
        membership: None,
    };
    let memberships = communities.iter().map(|community| Membership { community: *community, role: Role::Member, since: NOW }).collect();
    Account { owner: false, memberships, ..person.account(None, NOW) }
}

pub(super) fn session(number: u8, account: AccountId) -> Session {
    Session::begin(Opaque([number; 32]), account, Stage::Full, NOW)
}

pub(super) fn draft(actor: Option<AccountId>, subject: Option<AccountId>, communities: &[CommunityId]) -> Draft {
    Draft {
        at: NOW.0,
        kind: EventKind::PersonInvited.as_str().into(),
        communities: communities.iter().map(|community| community.0).collect(),
        actor: actor.map(|id| id.0),
        subject: subject.map(|id| id.0),
        words: [("name".to_owned(), "Zoë 🦀".to_owned())].into(),
        facts_key: CommitmentKey::from([1; 32]),
        persons_key: CommitmentKey::from([2; 32]),
    }
}

pub(super) fn change(account: Account) -> Change {
    Change::Account(Box::new(account))
}

pub(super) fn commit_of(changes: Vec<Change>) -> Commit {
    Commit { at: NOW, read: Vec::new(), changes, entries: Vec::new(), notices: Vec::new() }
}

pub(super) fn commit_after(read: Vec<(RecordKey, Option<u64>)>, changes: Vec<Change>) -> Commit {
    Commit { read, ..commit_of(changes) }
}

pub(super) async fn write(store: &impl Store, changes: Vec<Change>) {
    store.commit(commit_of(changes)).await.expect("nothing was read that could have changed");
}

pub(super) async fn record(store: &impl Store, entries: Vec<Draft>) {
    store.commit(Commit { entries, ..commit_of(Vec::new()) }).await.expect("nothing was read that could have changed");
}

pub(super) async fn version(store: &impl Store, account: AccountId) -> Option<u64> {
    store.account(account).await.expect("a store that reads").map(|found| found.version)
}

pub(super) fn is_conflict<T>(outcome: &Result<T, CommitError>) -> bool {
    matches!(outcome, Err(CommitError::Conflict))
}
