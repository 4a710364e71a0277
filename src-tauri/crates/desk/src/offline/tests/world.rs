//! A desk whose vault and clocks a test sets.

use std::sync::{Arc, Mutex};

use authority::{Drawing, StoreError, Surroundings, System};
use domain::{
    account::{Account, Password},
    code,
    factor::{Recovery, SecondFactor},
    gate::{Membership, Role},
    id::{AccountId, CommunityId, DeviceId, WorkspaceId},
    invitation::NewPerson,
    offline::{Claimed, EpochKey, Issuer, IssuerNumber, IssuingKey, KeyEpoch, Tick, Way},
    policy::Policy,
    secret_hash::{Cost, Recipe},
    time::{HOUR, Moment},
    words::{Email, Language, Name},
    workspace::Workspace,
};
use secrecy::SecretString;
use wire::{
    Refusal, RefusalCode,
    offline::{GrantRenewed, IssuingGrant, OfflineDesk, RenewGrant},
    people::{IssuedCode, PersonName},
    support::{Channel, SupportAnswers},
};
use zeroize::Zeroizing;

use crate::offline::{Asked, Belongs, Boots, Keeps, Offline, Uptime};

pub(super) const NOW: i64 = 1_800_000_000;
pub(super) const PASSPHRASE: &str = "seven quiet lanterns at the desk";

/// What the next write does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Fails {
    #[default]
    Not,
    /// Nothing is written.
    Before,
    /// It is written, and nobody hears of it.
    After,
}

#[derive(Clone, Default)]
pub(super) struct Drawer(Arc<Mutex<(Option<String>, Fails)>>);

impl Drawer {
    pub(super) fn body(&self) -> Option<String> {
        self.0.lock().expect("a lock").0.clone()
    }

    pub(super) fn fail(&self, fails: Fails) {
        self.0.lock().expect("a lock").1 = fails;
    }
}

impl Keeps for Drawer {
    async fn read(&self) -> Result<Option<String>, StoreError> {
        Ok(self.body())
    }

    async fn write(&self, body: &str) -> Result<(), StoreError> {
        let mut drawer = self.0.lock().expect("a lock");
        let fails = drawer.1;
        if fails != Fails::Before {
            drawer.0 = Some(body.to_owned());
        }
        if fails == Fails::Not { Ok(()) } else { Err(StoreError::Failed("the disk".into())) }
    }
}

/// What the clocks show.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) wall: i64,
    pub(super) boot: &'static str,
    pub(super) up: i64,
}

impl Default for At {
    fn default() -> Self {
        Self { wall: NOW, boot: "first", up: 1_000 }
    }
}

impl At {
    pub(super) fn later(seconds: i64) -> Self {
        Self { wall: NOW + seconds, up: 1_000 + seconds, ..Self::default() }
    }
}

#[derive(Clone, Default)]
struct Clocks(Arc<Mutex<At>>);

impl Surroundings for Clocks {
    fn now(&self) -> Moment {
        Moment(self.0.lock().expect("a lock").wall)
    }

    fn fill(&self, bytes: &mut [u8]) {
        System.fill(bytes);
    }
}

impl Boots for Clocks {
    fn up(&self) -> Option<Uptime> {
        let At { boot, up, .. } = *self.0.lock().expect("a lock");
        Some(Uptime { boot: boot.into(), seconds: up })
    }
}

pub(super) struct World {
    pub(super) offline: Offline<Drawer>,
    pub(super) keeps: Drawer,
    clocks: Clocks,
    belongs: Belongs,
    community: CommunityId,
    workspace: Workspace,
    pub(super) staff: Account,
    pub(super) target: Account,
    pub(super) support: SupportAnswers,
}

fn person(name: &str, community: CommunityId, role: Option<Role>) -> Account {
    let mut entropy = Drawing(&System);
    let id = AccountId::random(&mut entropy);
    let elsewhere = CommunityId::random(&mut entropy);
    let membership =
        Membership { community: if role.is_some() { community } else { elsewhere }, role: role.unwrap_or(Role::Member), since: Moment(0) };
    let new = NewPerson {
        id,
        name: Name::read(name).expect("a name"),
        email: Email::read(&format!("p{}@example.org", id.0.simple())).expect("an address"),
        language: Language::En,
        membership: Some(membership),
    };
    let hash = Recipe::random(Cost { memory: 8, passes: 1, lanes: 1 }, &mut entropy).hash(&"secret".into());
    let recovery = Recovery {
        hash,
        issued_at: Moment(0),
        expires_at: Moment(0),
        claims: 0,
        claimed_by: None,
        failures: domain::throttle::Failures::default(),
        out_of_reach: None,
    };
    Account {
        password: Some(Password { hash, stands_alone: true }),
        second_factor: SecondFactor::Reset(recovery),
        ..new.account(None, Moment(0))
    }
}

impl World {
    /// A desk that nobody opened by its passphrase.
    pub(super) fn without_passphrase() -> Self {
        let mut entropy = Drawing(&System);
        let (keeps, clocks, community) = (Drawer::default(), Clocks::default(), CommunityId::random(&mut entropy));
        let belongs = Belongs { workspace: WorkspaceId::random(&mut entropy), device: DeviceId::random(&mut entropy) };
        let name = Name::read("Harbour").expect("a name");
        let workspace = Workspace::new(belongs.workspace, name, Language::En, Policy::default(), Moment(0));
        let checked = workspace.checklist().entries().take(1).map(str::to_owned).collect();
        let support =
            SupportAnswers { asked_by: "Tom Target, by phone".into(), checked, reason: "Ticket 4711".into(), channel: Channel::Phone };
        let offline = Offline::new(keeps.clone(), (belongs.workspace, belongs.device), Arc::new(clocks.clone()), Arc::new(clocks.clone()));
        let (staff, target) = (person("Sam", community, Some(Role::Support)), person("Tom", community, Some(Role::Member)));
        Self { offline, keeps, clocks, belongs, community, workspace, staff, target, support }
    }

    /// A desk without a grant.
    pub(super) async fn new() -> Self {
        let world = Self::without_passphrase();
        world.offline.entrusted(&PASSPHRASE.into()).await.expect("an identity");
        world
    }

    pub(super) async fn granted(count: u16) -> Self {
        Self::granted_with(|grant| grant.count = count).await
    }

    pub(super) async fn granted_with(change: impl FnOnce(&mut IssuingGrant)) -> Self {
        let world = Self::new().await;
        world.renew(world.grant(change)).await;
        world
    }

    /// As a program that was ended and started again.
    pub(super) fn restarted(mut self) -> Self {
        let Belongs { workspace, device } = self.belongs;
        self.offline = Offline::new(self.keeps.clone(), (workspace, device), Arc::new(self.clocks.clone()), Arc::new(self.clocks.clone()));
        self
    }

    pub(super) fn with_other_staff(mut self) -> Self {
        self.staff = self.person("Other", Some(Role::Support));
        self
    }

    pub(super) fn person(&self, name: &str, role: Option<Role>) -> Account {
        person(name, self.community, role)
    }

    pub(super) fn at(&self, at: At) {
        *self.clocks.0.lock().expect("a lock") = at;
    }

    pub(super) fn key(&self, issuer: u16) -> IssuingKey {
        let (epoch, number) = (KeyEpoch::new(3).expect("an epoch"), IssuerNumber::new(issuer % 4096).expect("a number"));
        let issuer = Issuer { way: Way::Grant, epoch, number, device: self.belongs.device, staff: self.staff.id };
        EpochKey::new(Zeroizing::new([5; 32])).issuing(self.belongs.workspace, &issuer)
    }

    /// As the server answers: five numbers from 100 on, for seven days.
    pub(super) fn grant(&self, change: impl FnOnce(&mut IssuingGrant)) -> GrantRenewed {
        let key = |issuer| SecretString::from(data_encoding::BASE64.encode(self.key(issuer).expose())).into();
        let (first, count, budget, validity) = (100, 5, 20, 4 * HOUR);
        let mut grant =
            IssuingGrant { epoch: 3, issuer: 7, key: key(7), first, count, from: NOW, until: NOW + 7 * 24 * HOUR, budget, validity };
        change(&mut grant);
        if grant.issuer != 7 {
            grant.key = key(grant.issuer);
        }
        GrantRenewed { grant: Some(grant), refused: None, now: self.clocks.now().0 }
    }

    pub(super) async fn renew(&self, answer: GrantRenewed) {
        self.offline.renewed(self.staff.id.0, &RenewGrant::default(), answer).await.expect("kept");
    }

    pub(super) async fn issue(&self) -> Result<IssuedCode, Refusal> {
        self.issue_by(PASSPHRASE).await
    }

    pub(super) async fn issue_by(&self, passphrase: &str) -> Result<IssuedCode, Refusal> {
        let Self { staff, target, workspace, .. } = self;
        let asked = Asked { staff, target, workspace, communities: &[], known: Some(NOW) };
        self.offline.issue(asked, self.support.clone(), &passphrase.into()).await
    }

    pub(super) async fn desk(&self) -> OfflineDesk {
        let target = &self.target;
        let name =
            |id| async move { (id == target.id.0).then(|| PersonName { id, name: "Tom".into(), email: target.email.as_str().into() }) };
        self.offline.read(self.staff.id.0, Some(NOW), name).await.expect("reads")
    }

    pub(super) async fn left(&self) -> Result<u16, RefusalCode> {
        let desk = self.desk().await;
        desk.refused.map_or(Ok(desk.left), |refusal| Err(refusal.code))
    }

    /// As the server reads it, with the key of the number that the code says.
    pub(super) fn read(&self, issued: &IssuedCode) -> Option<(Claimed, Tick)> {
        let code::Typed::Code(code) = code::read(issued.code.expose()).expect("a form") else { return None };
        let claimed = Claimed::of(&code)?;
        let key = self.key(claimed.number().issuer.get());
        let tick = claimed.issued(&key, self.belongs.workspace, self.target.id, self.clocks.now().max(Moment(NOW)))?;
        Some((claimed, tick))
    }

    pub(super) async fn change(&self, present: &str, new: &str, becomes: Result<(), RefusalCode>) -> Result<(), Refusal> {
        self.offline.change(&present.into(), &new.into(), async { becomes.map_err(Refusal::from) }).await
    }

    /// The program ends while the vault is changed.
    pub(super) async fn change_and_die(&self, present: &str, new: &str) {
        let (begun, ended) = tokio::sync::oneshot::channel();
        let dying = async {
            let _heard = begun.send(());
            std::future::pending().await
        };
        let (present, new) = (present.into(), new.into());
        tokio::select! {
            _never = self.offline.change(&present, &new, dying) => {}
            _begun = ended => {}
        }
    }
}
