//! A server's workspace whose rules are really asked, and desktops that sync from it. Nobody types a password here: what a
//! proof proves is given, because hashing would be all that a schedule does.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use authority::{Authority, Commit, Drawing, Founding, SealingKey, Store, Surroundings, System};
use desk::{
    outbox::Outbox,
    replica::{Replica, Whose},
    sync::{Feed, Pages, Sync},
};
use domain::{
    Change, Decision, Entropy, Event,
    account::{Account, Password},
    gate::{Membership, Role},
    id::{AccountId, CommunityId, DeviceId},
    invitation::NewPerson,
    secret_hash::{Cost, Hashed, Opaque, Recipe},
    session::{Session, Stage},
    sign_in::{PasswordTry, Proof},
    throttle::Failures,
    time::Moment,
    words::{Email, Language, Name},
    workspace::{Community, Workspace},
};
use journal::{CommitmentKey, Draft};
use secrecy::SecretBox;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uuid::Uuid;
use vault::{Kit, Unlock, Vault};
use wire::{Refusal, Request, Response, SessionToken, Workspace as _};

pub(crate) const NOW: i64 = 1_800_000_000;

/// The system's randomness under a clock of the test's own.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn at(seconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(seconds)))
    }

    pub(crate) fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

impl Surroundings for Clock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }

    fn fill(&self, bytes: &mut [u8]) {
        System.fill(bytes);
    }
}

/// SplitMix64: the same seed gives the same schedule.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).expect("below a usize")
    }

    pub(crate) fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())) }
    }
}

impl Entropy for Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.next().to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

/// A hash that costs nothing.
pub(crate) fn cheap(dice: &mut Dice) -> Hashed {
    let secret = format!("secret {}", dice.next());
    Recipe::random(Cost { memory: 8, passes: 1, lanes: 1 }, dice).hash(&secret.as_str().into())
}

/// A proof of somebody who knows their password.
pub(crate) fn proof() -> Proof {
    Proof { password: PasswordTry { matched: true, key: [7; 32], failures: Failures::default(), rehashed: None }, code: None }
}

/// A server's workspace.
pub(crate) struct World<S> {
    pub(crate) authority: Authority<S>,
    pub(crate) clock: Clock,
}

impl<S: Store> World<S> {
    pub(crate) async fn founded(store: S, clock: Clock) -> Self {
        let key = SealingKey::new(SecretBox::new(Box::new([3; 32])));
        let authority = Authority::new(store, key, clock.clone(), "server");
        let password = "a password long enough alone".into();
        let founding = Founding::read(false, "Harbour", "Olive Owner", "olive@example.org", &password).expect("words");
        authority.found(founding).await.expect("founded");
        authority.keep_checkpoint().await.expect("a key that signs");
        Self { authority, clock }
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// As a program beside the desktops: a session that began through no device.
    pub(crate) async fn sign_in_without_device(&self, dice: &mut Dice, person: AccountId) -> SessionToken {
        let token = SessionToken::from(domain::draw::<32>(dice).to_vec());
        let id = Opaque(Sha256::digest(secrecy::ExposeSecret::expose_secret(&token)).into());
        assert!(self.write(vec![Change::Session(Session::begin(id, person, Stage::Full, self.now()))], &[]).await, "signed in");
        token
    }

    pub(crate) async fn workspace(&self) -> Workspace {
        self.authority.store().workspace().await.expect("reads").expect("founded").record
    }

    pub(crate) async fn communities(&self) -> Vec<Community> {
        self.authority.store().communities().await.expect("reads").into_iter().map(|found| found.record).collect()
    }

    pub(crate) async fn account(&self, id: AccountId) -> Option<Account> {
        self.authority.store().account(id).await.expect("reads").map(|found| found.record)
    }

    pub(crate) async fn owners(&self) -> Vec<Account> {
        self.authority.store().owners().await.expect("reads").into_iter().map(|found| found.record).collect()
    }

    pub(crate) async fn people(&self) -> Vec<Account> {
        let hour = domain::readiness::Hour::plain(self.now());
        let query = authority::store::PeopleQuery::everybody(hour, 100_000);
        self.authority.store().people(&query).await.expect("reads").rows
    }

    /// Commits what a rule decided. Whether it decided anything.
    pub(crate) async fn settle<T>(&self, decision: Decision<T>) -> bool {
        if decision.verdict.is_err() {
            return false;
        }
        self.write(decision.changes, &decision.events).await
    }

    pub(crate) async fn write(&self, changes: Vec<Change>, events: &[Event]) -> bool {
        // A record that is decided twice is written once, as it stands at the end.
        let mut written: Vec<Change> = Vec::new();
        for change in changes {
            if let Change::Account(later) = &change {
                written.retain(|earlier| !matches!(earlier, Change::Account(account) if account.id == later.id));
            }
            written.push(change);
        }
        let entries = events.iter().map(|event| self.draft(event)).collect();
        let commit = Commit { at: self.now(), read: Vec::new(), changes: written, entries, notices: Vec::new() };
        self.authority.store().commit(commit).await.is_ok()
    }

    fn draft(&self, event: &Event) -> Draft {
        let key = || {
            let mut bytes = [0; 32];
            System.fill(&mut bytes);
            CommitmentKey::from(bytes)
        };
        Draft {
            at: self.now().0,
            kind: event.kind.as_str().into(),
            communities: event.communities.iter().map(|community| community.0).collect(),
            actor: event.actor.map(|id| id.0),
            subject: event.subject.map(|id| id.0),
            words: event.words.clone(),
            facts_key: key(),
            persons_key: key(),
        }
    }

    /// Somebody who has come in once.
    pub(crate) fn somebody(&self, dice: &mut Dice, name: &str, membership: Option<(CommunityId, Role)>) -> Account {
        let since = self.now().plus(-400 * 24 * 3600);
        let id = AccountId::random(dice);
        let new = NewPerson {
            id,
            name: Name::read(name).expect("a name"),
            email: Email::read(&format!("p{}@example.org", id.0.simple())).expect("an address"),
            language: Language::En,
            membership: membership.map(|(community, role)| Membership { community, role, since }),
        };
        let account = new.account(None, since);
        Account {
            password: Some(Password { hash: cheap(dice), stands_alone: true }),
            second_factor: active(dice),
            signed_in_at: Some(since),
            first_in_at: Some(since),
            ..account
        }
    }

    /// Somebody at the keyboard, who gave everything that could be asked.
    pub(crate) fn session(&self, account: &Account) -> Session {
        let session = Session::begin(Opaque([0; 32]), account.id, Stage::Full, self.now());
        Session { factor_at: Some(self.now()), ..session }
    }

    /// Pairs a desktop of somebody, and signs them in through it.
    pub(crate) async fn pair(&self, dice: &mut Dice, person: AccountId) -> Paired {
        let device = DeviceId::random(dice);
        let key: [u8; 32] = {
            let signing = journal::note::SigningKey::from_seed(&[9; 32]).public("device").expect("a name");
            *signing.as_bytes()
        };
        let record = serde_json::json!({
            "id": device.0, "name": "Desk", "state": { "paired": { "key": data_encoding::BASE64.encode(&key), "paired_at": NOW } },
            "invited_by": null, "invited_at": NOW, "person": person.0, "seen_at": NOW,
        });
        let record: domain::device::Device = serde_json::from_value(record).expect("a device");
        let token = SessionToken::from(domain::draw::<32>(dice).to_vec());
        let id = Opaque(Sha256::digest(secrecy::ExposeSecret::expose_secret(&token)).into());
        let session = Session { device: Some(device), ..Session::begin(id, person, Stage::Full, self.now()) };
        assert!(self.write(vec![Change::Device(Box::new(record)), Change::Session(session)], &[]).await, "paired");
        Paired { device, token, person }
    }

    /// The authority as that desktop reaches it.
    pub(crate) fn through(&self, paired: &Paired) -> Authority<S> {
        let header = format!("{} {}", paired.device.0, data_encoding::BASE64.encode(&[0; 64]));
        self.authority.said_to_come_through(&header).expect("a header")
    }

    /// The key that its journal is signed with.
    pub(crate) async fn journal_key(&self) -> String {
        let workspace = self.workspace().await;
        domain::evidence::key(&workspace).expect("signs").public.clone()
    }
}

fn active(dice: &mut Dice) -> domain::factor::SecondFactor {
    let byte = u8::try_from(dice.below(250)).expect("a byte");
    let sealed: Vec<u8> = (0..48).map(|at| byte ^ at).collect();
    let authenticator = domain::id::AuthenticatorId::random(dice);
    let set: serde_json::Value = serde_json::to_value(cheap(dice)).expect("a hash");
    let hashes: Vec<_> = (0..10).map(|_| serde_json::to_value(Opaque(domain::draw::<32>(dice))).expect("a hash")).collect();
    serde_json::from_value(serde_json::json!({ "active": {
        "authenticators": [{ "id": authenticator.0, "name": "Phone", "sealed": sealed, "added_at": NOW, "used_at": null,
            "clock": { "accepted": 7, "spent_ahead": [], "late": null, "drift": 0 } }],
        "preferred": authenticator.0,
        "backup": { "set": { "recipe": set["recipe"], "hashes": hashes }, "used": [null, null, null, null, null, null, null, null, null, null], "made_at": NOW, "saved": null },
        "failures": { "recent": [], "in_a_row": 0, "locks": 0, "until": null },
    } }))
    .expect("a second factor")
}

/// A desktop that was paired, and its session.
#[derive(Clone)]
pub(crate) struct Paired {
    pub(crate) device: DeviceId,
    pub(crate) token: SessionToken,
    pub(crate) person: AccountId,
}

/// The way to a server without a network.
pub(crate) struct Line<'a, S> {
    pub(crate) authority: Authority<S>,
    pub(crate) token: &'a SessionToken,
}

impl<S: Store> Feed for Line<'_, S> {
    async fn ask(&self, request: Request) -> Result<Response, Refusal> {
        // As it travels: written and read.
        let name = request.name();
        let sent = serde_json::to_string(&request).expect("written");
        let request = name.read(&mut serde_json::Deserializer::from_str(&sent)).expect("read");
        let response = self.authority.call(Some(self.token), request).await?.response;
        let sent = serde_json::to_string(&response).expect("written");
        Ok(name.read_reply(&mut serde_json::Deserializer::from_str(&sent)).expect("read"))
    }
}

/// Vaults that are copied rather than made: opened by their kit, which hashes nothing.
pub(crate) struct Vaults {
    template: TempDir,
    id: Uuid,
    kit: Kit,
}

impl Vaults {
    pub(crate) async fn new() -> Self {
        let template = tempfile::tempdir().expect("a folder");
        let passphrase = "a passphrase for the vault".into();
        let unpublished = vault::prepare(template.path(), "Desk", &passphrase, &mut Drawing(&System)).await.expect("a vault");
        let kit = Kit::draw(&mut Drawing(&System));
        unpublished.store().add_kit(&kit, Moment(NOW), &mut Drawing(&System)).await.expect("a kit");
        let vault = unpublished.publish().await.expect("published");
        let id = vault.id();
        vault.close().await;
        Self { template, id, kit }
    }

    /// One of its own under this folder.
    pub(crate) async fn copy(&self, root: &Path) -> Vault {
        copy(self.template.path(), root);
        self.open(root).await
    }

    /// Opens it again.
    pub(crate) async fn open(&self, root: &Path) -> Vault {
        vault::open_with(root, self.id, Unlock::Kit(self.kit.code().clone())).await.expect("opens")
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target);
        } else {
            std::fs::copy(&source, &target).expect("copied");
        }
    }
}

/// A desktop.
pub(crate) struct Desktop {
    pub(crate) paired: Paired,
    pub(crate) replica: Replica,
    pub(crate) sync: Sync,
    pub(crate) outbox: Outbox,
    pub(crate) clock: Clock,
    pub(crate) root: PathBuf,
    vault: Vault,
    pages: Pages,
}

impl Desktop {
    pub(crate) async fn begin<S: Store>(vaults: &Vaults, root: PathBuf, world: &World<S>, paired: Paired, pages: Pages) -> Self {
        let vault = vaults.copy(&root).await;
        let whose = Whose { workspace: world.workspace().await.id.0, person: paired.person.0, journal_key: world.journal_key().await };
        let clock = Clock::at(world.now().0);
        let replica = Replica::begin(vault.clone(), whose, clock.clone()).await.expect("begun");
        let outbox = Outbox::open(vault.clone(), Arc::new(clock.clone())).await.expect("an outbox");
        Self { sync: Sync::in_pages(replica.clone(), pages), outbox, paired, replica, clock, root, vault, pages }
    }

    /// As a process that was killed and started again.
    pub(crate) async fn restart(self, vaults: &Vaults) -> Self {
        let Self { paired, clock, root, vault, pages, .. } = self;
        vault.close().await;
        drop(vault);
        let vault = vaults.open(&root).await;
        let replica = Replica::open(vault.clone(), clock.clone()).await.expect("reads").expect("a replica");
        let outbox = Outbox::open(vault.clone(), Arc::new(clock.clone())).await.expect("an outbox");
        Self { sync: Sync::in_pages(replica.clone(), pages), outbox, paired, replica, clock, root, vault, pages }
    }

    pub(crate) async fn close(&self) {
        self.vault.close().await;
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }
}
