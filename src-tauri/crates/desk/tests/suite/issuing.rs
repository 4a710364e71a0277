//! Codes that a desk issues over its replica, with a server that grants or does not.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use desk::{
    Reading,
    offline::{Boots, Offline, Uptime},
    replica::Replica,
    sync::{Feed, Pages},
};
use domain::{
    code,
    id::AccountId,
    offline::{Claimed, EpochKey, Issuer, IssuerNumber, IssuingKey, KeyEpoch, Way},
};
use tempfile::TempDir;
use vault::Vault;
use wire::{
    Refusal, RefusalCode, Request, Response,
    offline::{GrantRenewed, IssueOffline, IssuingGrant, RenewGrant},
    support::{Channel, SupportAnswers},
};
use zeroize::Zeroizing;

use crate::{
    schedule::{current, settled},
    world::{Clock, Desktop, Dice, NOW, Vaults, World},
};

const PASSPHRASE: &str = "seven quiet lanterns at the desk";

/// A server that grants, or refuses; and what it was told.
struct Grants {
    refuses: Option<RefusalCode>,
    /// As it travels.
    grant: String,
    asked: Mutex<Vec<RenewGrant>>,
}

impl Grants {
    fn asked(&self) -> Vec<usize> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|asked| asked.issued.len()).collect()
    }
}

impl Feed for Grants {
    async fn ask(&self, request: Request) -> Result<Response, Refusal> {
        let Request::RenewGrant(asked) = request else { panic!("only this is asked") };
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
        match self.refuses {
            Some(code) => Err(code.into()),
            None => {
                Ok(Response::RenewGrant(GrantRenewed { grant: serde_json::from_str(&self.grant).expect("read"), refused: None, now: NOW }))
            }
        }
    }
}

struct Running(AtomicI64);

impl Boots for Running {
    fn up(&self) -> Option<Uptime> {
        Some(Uptime { boot: "first".into(), seconds: self.0.load(Ordering::SeqCst) })
    }
}

struct Stage {
    world: World<Vault>,
    desktop: Desktop,
    offline: Offline,
    staff: [AccountId; 3],
    _root: TempDir,
}

/// The desk of one of the three: owner, support, administrator.
async fn stage(which: usize) -> Stage {
    let (vaults, root) = (Vaults::new().await, tempfile::tempdir().expect("a folder"));
    let mut dice = Dice(5);
    let world = World::founded(vaults.copy(&root.path().join("server")).await, Clock::at(NOW)).await;
    let staff = settled(&world, &mut dice).await;
    let paired = world.pair(&mut dice, staff[which]).await;
    let desktop = Desktop::begin(&vaults, root.path().join("desk"), &world, paired, Pages::default()).await;
    let offline = offline(&world, &desktop).await;
    Stage { world, desktop, offline, staff, _root: root }
}

async fn offline(world: &World<Vault>, desktop: &Desktop) -> Offline {
    let desk = (world.workspace().await.id, desktop.paired.device);
    Offline::new(desktop.vault().clone(), desk, Arc::new(desktop.clock.clone()), Arc::new(Running(AtomicI64::new(100))))
}

impl Stage {
    async fn key(&self) -> IssuingKey {
        let (epoch, number) = (KeyEpoch::new(1).expect("an epoch"), IssuerNumber::new(9).expect("a number"));
        let issuer = Issuer { way: Way::Grant, epoch, number, device: self.desktop.paired.device, staff: self.desktop.paired.person };
        EpochKey::new(Zeroizing::new([6; 32])).issuing(self.world.workspace().await.id, &issuer)
    }

    async fn grants(&self) -> Grants {
        let key = secrecy::SecretString::from(data_encoding::BASE64.encode(self.key().await.expose())).into();
        let (from, until) = (NOW, NOW + 7 * 24 * 3600);
        let grant = IssuingGrant { epoch: 1, issuer: 9, key, first: 0, count: 20, from, until, budget: 20, validity: 14_400 };
        Grants { refuses: None, grant: serde_json::to_string(&grant).expect("written"), asked: Mutex::default() }
    }

    fn replica(&self) -> &Replica {
        &self.desktop.replica
    }

    async fn asks(&self, account: AccountId) -> IssueOffline {
        let checked = self.world.workspace().await.checklist().entries().take(1).map(str::to_owned).collect();
        let support = SupportAnswers { asked_by: "By phone".into(), checked, reason: "4711".into(), channel: Channel::Phone };
        IssueOffline { account: account.0, support, passphrase: PASSPHRASE.into() }
    }

    /// A member whom this person may help, and a person whom nobody here was told of.
    async fn member(&self) -> AccountId {
        let mut dice = Dice(77);
        let mine = self.world.account(self.desktop.paired.person).await.expect("there").memberships[0].community;
        let person = self.world.somebody(&mut dice, "Mia Member", Some((mine, domain::gate::Role::Member)));
        let event = domain::Event::on(domain::EventKind::PersonInvited, self.staff[0], &person).word("name", "Mia Member");
        let id = person.id;
        assert!(self.world.write(vec![domain::Change::Account(Box::new(person))], &[event]).await);
        id
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_is_granted_issues_over_its_replica_and_tells_the_server() {
    let stage = stage(1).await;
    let (member, server) = (stage.member().await, stage.grants().await);
    stage.offline.renew(stage.replica(), &server).await.expect("not yet");
    current(&stage.world, &stage.desktop).await;
    stage.offline.renew(stage.replica(), &server).await.expect("not yet");
    assert_eq!(server.asked(), [0; 0], "nothing was synced, and then nobody typed the passphrase");
    stage.offline.entrusted(&PASSPHRASE.into()).await.expect("an identity");
    assert_eq!(
        stage.offline.desk(stage.replica()).await.expect("staff").refused.map(|refusal| refusal.code),
        Some(RefusalCode::OfflineNoGrant)
    );
    stage.offline.renew(stage.replica(), &server).await.expect("granted");
    stage.offline.renew(stage.replica(), &server).await.expect("no news");
    assert_eq!(server.asked(), [0], "once");

    let issued = stage.offline.issue_for(stage.replica(), stage.asks(member).await).await.expect("issued");
    assert_eq!(issued.person.name, "Mia Member");
    let code::Typed::Code(code) = code::read(issued.code.expose()).expect("a form") else { panic!("a code") };
    let claimed = Claimed::of(&code).expect("of these");
    let workspace = stage.world.workspace().await.id;
    assert!(claimed.issued(&stage.key().await, workspace, member, stage.world.now()).is_some(), "the server knows it as its own");
    let desk = stage.offline.desk(stage.replica()).await.expect("staff");
    assert_eq!((desk.left, desk.issued[0].person.name.as_str(), desk.issued[0].told), (19, "Mia Member", false));
    stage.offline.renew(stage.replica(), &server).await.expect("told");
    assert_eq!(server.asked(), [0, 1]);
    assert!(stage.offline.desk(stage.replica()).await.expect("staff").issued[0].told);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_replica_says_whom_a_desk_issues_codes_for() {
    let stage = stage(1).await;
    let member = stage.member().await;
    stage.offline.entrusted(&PASSPHRASE.into()).await.expect("an identity");
    current(&stage.world, &stage.desktop).await;
    stage.offline.renew(stage.replica(), &stage.grants().await).await.expect("granted");
    let unknown = AccountId(uuid::Uuid::from_u128(4));
    for (target, expected) in [
        (stage.staff[0], RefusalCode::NotAllowed),
        (stage.staff[2], RefusalCode::NotAllowed),
        (stage.staff[1], RefusalCode::OnSelf),
        (unknown, RefusalCode::NotAllowed),
    ] {
        let refused = stage.offline.issue_for(stage.replica(), stage.asks(target).await).await.expect_err("refused");
        assert_eq!(refused.code, expected);
    }
    let wrong = IssueOffline { passphrase: "another one of somebody".into(), ..stage.asks(member).await };
    assert_eq!(stage.offline.issue_for(stage.replica(), wrong).await.expect_err("refused").code, RefusalCode::DeskPassphraseWrong);
    assert_eq!(stage.offline.desk(stage.replica()).await.expect("staff").left, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_grant_takes_nothing_away_and_is_asked_again_later() {
    let stage = stage(0).await;
    stage.offline.entrusted(&PASSPHRASE.into()).await.expect("an identity");
    current(&stage.world, &stage.desktop).await;
    stage.offline.renew(stage.replica(), &stage.grants().await).await.expect("granted");
    let server = Grants { refuses: Some(RefusalCode::OnlyOnServer), ..stage.grants().await };
    stage.desktop.clock.set(NOW + 3600);
    for _ in 0..3 {
        let _refused = stage.offline.renew(stage.replica(), &server).await;
    }
    assert_eq!(server.asked(), [0], "not at every round");
    stage.desktop.clock.set(NOW + 2 * 3600);
    assert_eq!(stage.offline.renew(stage.replica(), &server).await.expect_err("still").code, RefusalCode::OnlyOnServer);
    assert_eq!(stage.offline.desk(stage.replica()).await.expect("staff").left, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_issues_with_is_wiped_with_its_replica_and_the_pairing_is_not() {
    let stage = stage(1).await;
    let vault = stage.desktop.vault();
    vault.keep_desk_record("pairing", "{}").await.expect("kept");
    stage.offline.entrusted(&PASSPHRASE.into()).await.expect("an identity");
    current(&stage.world, &stage.desktop).await;
    stage.offline.renew(stage.replica(), &stage.grants().await).await.expect("granted");
    assert!(vault.desk_record("offline").await.expect("reads").is_some());
    let (workspace, key) = (stage.world.workspace().await.id.0, stage.world.journal_key().await);
    let reading = Reading::open(vault.clone(), workspace, key, Arc::new(stage.desktop.clock.clone())).await.expect("opens");
    stage.offline.apart(reading.forget()).await;
    assert_eq!(vault.desk_record("offline").await.expect("reads"), None);
    assert!(vault.desk_record("pairing").await.expect("reads").is_some());
}
