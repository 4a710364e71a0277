//! A folder with one published vault in it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::SystemTime,
};

use authority::{Commit, CommitError, Store, store::JournalQuery};
use domain::{
    Change, Entropy, EventKind,
    account::Account,
    id::{AccountId, CommunityId, WorkspaceId},
    invitation::NewPerson,
    policy::Policy,
    time::Moment,
    words::{Email, Language, Name},
    workspace::{Community, Workspace},
};
use journal::{CommitmentKey, Draft};
use secrecy::SecretString;
use tempfile::TempDir;
use uuid::Uuid;
use vault::{OpenError, Vault};

/// Typed with an accent in its decomposed form.
pub(crate) const PASSPHRASE: &str = "cafe\u{301} au lait, sans sucre";
/// What must never be found outside the encryption.
pub(crate) const NEEDLE: &str = "Needle-In-A-Haystack";
pub(crate) const NAME: &str = "Atelier";

/// Bytes that tests can tell apart, never the same twice in a process.
pub(crate) struct Sequence(u64);

impl Entropy for Sequence {
    fn fill(&mut self, bytes: &mut [u8]) {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        for chunk in bytes.chunks_mut(8) {
            self.0 = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&self.0.to_le_bytes()[..chunk.len()]);
        }
    }
}

pub(crate) fn entropy() -> Sequence {
    Sequence(0)
}

pub(crate) struct Place {
    pub(crate) root: TempDir,
    pub(crate) id: Uuid,
}

/// Every file of a folder: its bytes and when it was written.
pub(crate) type Files = BTreeMap<PathBuf, (Vec<u8>, SystemTime)>;

impl Place {
    /// Makes a vault and closes it.
    pub(crate) async fn new() -> Self {
        let root = TempDir::new().expect("a temporary folder");
        let unpublished = vault::prepare(root.path(), NAME, &PASSPHRASE.into(), &mut entropy()).await.expect("a vault");
        let vault = unpublished.publish().await.expect("published");
        vault.close().await;
        Self { root, id: vault.id() }
    }

    /// Makes so many vaults beside each other, and closes them.
    pub(crate) async fn with_neighbours(count: usize) -> Self {
        let place = Self::new().await;
        for _ in 1..count {
            let unpublished = vault::prepare(place.root.path(), NAME, &PASSPHRASE.into(), &mut entropy()).await.expect("a vault");
            unpublished.publish().await.expect("published").close().await;
        }
        place
    }

    /// Makes a vault with a workspace and a person in it.
    pub(crate) async fn founded() -> Self {
        let place = Self::new().await;
        let vault = place.vault().await;
        found(&vault).await;
        vault.close().await;
        place
    }

    pub(crate) async fn open(&self, passphrase: &str) -> Result<Vault, OpenError> {
        vault::open(self.root.path(), self.id, &SecretString::from(passphrase)).await
    }

    pub(crate) async fn vault(&self) -> Vault {
        self.open(PASSPHRASE).await.expect("an untouched vault")
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join(self.id.to_string())
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// Asserts that opening fails in this way and changes no file.
    pub(crate) async fn refuses(&self, passphrase: &str) -> OpenError {
        let before = files(&self.folder());
        let error = self.open(passphrase).await.expect_err("this must not open");
        let after = files(&self.folder());
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{error}: files came or went");
        // Readers of a process that has it open leave their marks in the shared index, which nothing is kept in.
        let kept = |path: &Path| !path.to_string_lossy().ends_with("-shm");
        let changed: Vec<_> = before.iter().filter(|(path, held)| kept(path) && after[*path] != **held).map(|(path, _)| path).collect();
        assert!(changed.is_empty(), "{error}: a file was changed: {changed:?}");
        error
    }
}

pub(crate) fn files(folder: &Path) -> Files {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let content = |path: &PathBuf| {
        let written = path.metadata().expect("a file").modified().expect("a time");
        (std::fs::read(path).expect("a file"), written)
    };
    entries.map(|path| (path.clone(), content(&path))).collect()
}

/// The names in a folder, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.into_string().expect("text")).collect();
    names.sort();
    names
}

/// Commits a workspace, a community, an owner and an entry, all of which carry the needle.
pub(crate) async fn found(vault: &Vault) {
    let at = Moment(1_790_000_000);
    let named = |what: &str| Name::read(&format!("{NEEDLE} {what}")).expect("a name");
    let id = WorkspaceId(vault.id());
    let workspace = Workspace::new(id, named("workspace"), Language::En, Policy::default(), at);
    let community =
        Community { id: CommunityId(Uuid::from_u128(2)), name: named("community"), tightening: domain::policy::Tightening::default() };
    let owner: Account = NewPerson {
        id: AccountId(Uuid::from_u128(3)),
        name: named("owner"),
        email: Email::read(&format!("{NEEDLE}@example.org")).expect("an address"),
        language: Language::En,
        membership: None,
    }
    .account(None, at);
    let entry = entry(at);
    let changes = vec![Change::Workspace(Box::new(workspace)), Change::Community(community), Change::Account(Box::new(owner))];
    vault.commit(Commit { at, read: Vec::new(), changes, entries: vec![entry], notices: Vec::new() }).await.expect("a commit");
}

fn entry(at: Moment) -> Draft {
    Draft {
        at: at.0,
        kind: EventKind::WorkspaceCreated.as_str().into(),
        communities: vec![Uuid::from_u128(2)],
        actor: Some(Uuid::from_u128(3)),
        subject: Some(Uuid::from_u128(3)),
        words: [("name".to_owned(), NEEDLE.to_owned())].into(),
        facts_key: CommitmentKey::from([3; 32]),
        persons_key: CommitmentKey::from([4; 32]),
    }
}

/// Commits so many more entries.
pub(crate) async fn found_again(vault: &Vault, count: usize) -> Result<(), CommitError> {
    let at = Moment(1_790_000_000);
    let entries = (0..count).map(|_| entry(at)).collect();
    vault.commit(Commit { at, read: Vec::new(), changes: Vec::new(), entries, notices: Vec::new() }).await.map(drop)
}

/// Commits so many people, with an entry each.
pub(crate) async fn found_people(vault: &Vault, count: u128) {
    let at = Moment(1_790_000_000);
    for numbers in (0..count).collect::<Vec<_>>().chunks(500) {
        let person = |number: &u128| {
            let person = NewPerson {
                id: AccountId(Uuid::from_u128(1_000 + number)),
                name: Name::read(&format!("Person {number}")).expect("a name"),
                email: Email::read(&format!("person-{number}@example.org")).expect("an address"),
                language: Language::En,
                membership: None,
            };
            Change::Account(Box::new(person.account(None, at)))
        };
        let (changes, entries) = (numbers.iter().map(person).collect(), numbers.iter().map(|_| entry(at)).collect());
        vault.commit(Commit { at, read: Vec::new(), changes, entries, notices: Vec::new() }).await.expect("a commit");
    }
}

/// How many entries there are.
pub(crate) async fn entries(vault: &Vault) -> usize {
    let all = JournalQuery { person: None, communities: None, before: None, limit: u32::MAX };
    vault.journal(&all).await.expect("a journal").len()
}

/// Whether the workspace that was [founded](found) is there.
pub(crate) async fn is_founded(vault: &Vault) -> bool {
    vault.workspace().await.expect("a read").is_some_and(|found| found.record.name.as_str().starts_with(NEEDLE))
}
