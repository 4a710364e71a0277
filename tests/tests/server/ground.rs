//! What the tests of the store build on.

use authority::{Commit, Store};
use domain::{
    Change, EventKind,
    account::Account,
    id::{AccountId, CommunityId, WorkspaceId},
    invitation::NewPerson,
    policy::{Policy, Tightening},
    time::Moment,
    words::{Email, Language, Name},
    workspace::{Community, Workspace},
};
use journal::{CommitmentKey, Draft};
use postgres::{Postgres, Settings};
use sallyport_tests::Database;
use uuid::Uuid;

pub(crate) const NOW: Moment = Moment(1_790_000_000);
pub(crate) const NORTH: CommunityId = CommunityId(Uuid::from_u128(0xa1));
pub(crate) const SOUTH: CommunityId = CommunityId(Uuid::from_u128(0xa2));
pub(crate) const WORKSPACE: Uuid = Uuid::from_u128(0xa0);

/// As one more process would.
pub(crate) async fn open(database: &Database<'_>) -> Postgres {
    let settings = Settings { connections: 8, ..Settings::default() };
    Postgres::open(&database.url().into(), &settings).await.expect("a database")
}

pub(crate) fn commit_of(changes: Vec<Change>) -> Commit {
    Commit { at: NOW, read: Vec::new(), changes, entries: Vec::new(), notices: Vec::new() }
}

pub(crate) async fn found(store: &Postgres) {
    let name = |text: &str| Name::read(text).expect("a name");
    let workspace = Workspace::new(WorkspaceId(WORKSPACE), name("Workspace"), Language::En, Policy::default(), NOW);
    let community = |id, text| Change::Community(Community { id, name: name(text), tightening: Tightening::default() });
    let changes = vec![Change::Workspace(Box::new(workspace)), community(NORTH, "North"), community(SOUTH, "South")];
    store.commit(commit_of(changes)).await.expect("founded");
}

pub(crate) fn account_id(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(0x1000 + number))
}

pub(crate) fn person(number: u128, name: &str) -> Account {
    let person = NewPerson {
        id: account_id(number),
        name: Name::read(name).expect("a name"),
        email: Email::read(&format!("person{number}@example.org")).expect("an address"),
        language: Language::En,
        membership: None,
    };
    person.account(None, NOW)
}

pub(crate) fn change(account: Account) -> Change {
    Change::Account(Box::new(account))
}

/// An entry that can be told from all others by its word.
pub(crate) fn draft(word: &str, actor: Option<AccountId>, communities: &[CommunityId]) -> Draft {
    Draft {
        at: NOW.0,
        kind: EventKind::PersonInvited.as_str().into(),
        communities: communities.iter().map(|community| community.0).collect(),
        actor: actor.map(|id| id.0),
        subject: None,
        words: [("name".to_owned(), word.to_owned())].into(),
        facts_key: CommitmentKey::from([1; 32]),
        persons_key: CommitmentKey::from([2; 32]),
    }
}

pub(crate) fn entering(entries: Vec<Draft>) -> Commit {
    Commit { entries, ..commit_of(Vec::new()) }
}
