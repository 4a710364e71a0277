//! A workspace moves from a vault to a server and back: all of it or nothing, wherever it is cut, and never to be in two places.

use std::{
    ops::ControlFlow,
    sync::atomic::{AtomicU64, Ordering},
};

use authority::{
    Authority, Drawing, SealingKey, Store, System,
    moving::{End, Leaving, Mover, Part, Progress, Records, arriving},
    sample::{Arrival, Figure, Past, Plan, Sample},
    seal::Place,
    store::{KeptQuery, PeopleQuery},
};
use domain::{
    Change,
    factor::{Clock, Counter},
    id::{BatchId, TokenId},
    moving::Kind,
    oath::OathSecret,
    readiness::Hour,
    token::{Origin, Token, TokenState},
};
use postgres::Postgres;
use sallyport_tests::{Cluster, Database};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use tempfile::TempDir;
use uuid::Uuid;
use vault::{Unpublished, Vault};
use wire::{
    Refusal, RefusalCode, SessionToken, UseCase, Workspace,
    communities::MakeCommunity,
    people::{ListPeople, RoleName},
    proof::Proof,
    sign_in::{GiveCode, SignIn, WhoAmI},
};

use crate::ground::{NOW, commit_of, open};

const ALL: KeptQuery = KeptQuery { person: None, from: None, until: None, start: 0, end: u64::MAX, limit: u32::MAX };
const HARBOUR: &str = "harbour.example.org";
const FIGURES: &[Figure] = &[
    Figure { name: "Ines Moreau", email: "ines@harbour.example", elsewhere: true, role: RoleName::Member, arrival: Arrival::Password },
    Figure {
        name: "Helen Castle",
        email: "helen@harbour.example",
        elsewhere: false,
        role: RoleName::Administrator,
        arrival: Arrival::Enrolled,
    },
    Figure { name: "Li Wei", email: "li@harbour.example", elsewhere: false, role: RoleName::Member, arrival: Arrival::Invited },
];

/// A local workspace with its people, a token in stock and somebody who waits.
pub(crate) struct Local {
    pub(crate) authority: Authority<Vault>,
    key: SealingKey,
    pub(crate) sample: Sample,
    session: SessionToken,
    _made: Unpublished,
    _folder: TempDir,
}

fn key(byte: u8) -> SealingKey {
    SealingKey::new(SecretBox::new(Box::new([byte; 32])))
}

async fn vault_of(folder: &TempDir) -> Unpublished {
    let passphrase: SecretString = "nobody knows it".into();
    vault::prepare(folder.path(), "Harbour", &passphrase, &mut Drawing(&System)).await.expect("a vault")
}

fn secret() -> OathSecret {
    OathSecret::from_bytes(&[5; 20]).expect("160 bits")
}

impl Local {
    pub(crate) async fn begin() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let made = vault_of(&folder).await;
        let past = Past::default();
        let authority = Authority::new(made.store().clone(), made.sealing_key(), past.clone(), "test");
        let plan = Plan {
            french: false,
            name: "Harbour",
            community: "Yard",
            device: "Phone",
            owner: ("Ruth Okafor", "ruth@harbour.example"),
            staff: ("Sam Whitfield", "sam@harbour.example"),
            figures: FIGURES,
            caller: 1,
            locked: true,
        };
        let (sample, _) = authority.make_sample(&past, &plan).await.expect("a sample");
        let key = made.sealing_key();
        let workspace = authority.store().workspace().await.expect("a read").expect("founded").record;
        let id = TokenId(Uuid::from_u128(0x70));
        let sealed = key.seal(&secret(), Place::Token { workspace: workspace.id, token: id }, &mut Drawing(&System));
        let token = Token {
            id,
            origin: Origin::Hardware,
            community: None,
            serial: None,
            label: None,
            maker: None,
            parameters: secret().parameters(),
            sealed: Some(sealed),
            fingerprint: key.fingerprint(&[5; 20]),
            batch: BatchId(Uuid::from_u128(7)),
            imported_at: NOW,
            imported_by: domain::id::AccountId(sample.owner.person.id),
            state: TokenState::Free,
            since: NOW,
            last_holder: None,
            used: false,
            clock: Clock::default(),
            counter: Counter::at(0),
        };
        authority.store().commit(commit_of(vec![Change::Token(Box::new(token))])).await.expect("a token");
        let session = authority.sign_in_sample(&sample.owner, 0).await.expect("the owner");
        Self { authority, key, sample, session, _made: made, _folder: folder }
    }

    fn proof(&self) -> Proof {
        Proof { password: self.sample.owner.password.clone(), code: None }
    }

    pub(crate) async fn let_go(&self) {
        self.authority.begin_move(Some(&self.session), HARBOUR, &self.proof()).await.expect("let go");
    }

    pub(crate) async fn make(&self, name: &str) -> Result<(), Refusal> {
        call(&self.authority, Some(&self.session), MakeCommunity { name: name.into() }).await.map(drop)
    }
}

async fn call<S: Store, U: UseCase>(authority: &Authority<S>, session: Option<&SessionToken>, request: U) -> Result<U::Reply, Refusal> {
    U::reply(authority.call(session, request.into()).await?.response)
}

pub(crate) fn watched(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// An empty vault that a workspace moves to.
struct Empty {
    made: Unpublished,
    _folder: TempDir,
}

impl Empty {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { made: vault_of(&folder).await, _folder: folder }
    }

    fn receiving(&self, leaving: &Leaving) -> Authority<Vault> {
        Authority::receiving(self.made.store().clone(), self.made.sealing_key(), leaving, System)
    }

    async fn opened(&self) -> Authority<Vault> {
        Authority::over(self.made.store().clone(), self.made.sealing_key(), System, "test").await.expect("its own key")
    }
}

async fn fresh() -> (Postgres, Database<'static>) {
    let database = Cluster::shared().database();
    (open(&database).await, database)
}

/// What people see of it, and what nobody may have touched.
pub(crate) async fn seen(store: &impl Store, size: u64) -> Vec<String> {
    let mut seen = Vec::new();
    let people = store.people(&PeopleQuery::everybody(Hour::plain(NOW), 1_000)).await.expect("a list");
    for account in people.rows {
        let second = format!("{:?} {:?} {:?}", account.memberships, account.way_in_changed, account.created_at);
        seen.push(format!("{} {} {:?} {second}", account.name.as_str(), account.email.as_str(), account.password.is_some()));
    }
    for entry in store.kept_entries(&KeptQuery { end: size, ..ALL }).await.expect("entries") {
        seen.push(format!("{} {} {:?} {:?}", entry.index, entry.facts, entry.persons, (entry.facts_key, entry.persons_key, entry.leaf)));
    }
    for kind in Kind::ALL.into_iter().filter(|kind| !matches!(kind, Kind::Entries | Kind::Checkpoints)) {
        seen.push(format!("{kind:?} {}", store.count_records(kind).await.expect("a count")));
    }
    let mut earlier = store.checkpoints(100).await.expect("checkpoints");
    earlier.retain(|checkpoint| checkpoint.size <= size);
    seen.extend(earlier.into_iter().map(|checkpoint| checkpoint.note));
    seen
}

/// Everything opens under the one key, every entry and every checkpoint holds.
async fn assert_sound<S: Store>(authority: &Authority<S>, key: &SealingKey) {
    let journal = authority.examine_journal(&watched).await.expect("a look");
    assert_eq!((journal.wrong, journal.checkpoints > 1), (0, true), "{journal:?}");
    let seals = authority.try_seals(&watched).await.expect("a look");
    assert_eq!((seals.broken, seals.keys.into_keys().collect::<Vec<_>>()), (0, vec![key.id()]), "nothing rests under another key");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_moves_to_a_server_and_back_and_nothing_is_lost() {
    let local = Local::begin().await;
    local.let_go().await;
    let leaving = local.authority.leaving().await.expect("let go");
    let size = leaving.journal.size;
    let (store, _database) = fresh().await;
    let server = Authority::receiving(store.clone(), key(3), &leaving, System);
    local.authority.move_to(&server, &watched).await.expect("moved");
    drop(server);

    let server = Authority::open(store.clone(), key(3), System).await.expect("the key beside it, and no other");
    assert_eq!(seen(&store, size).await, seen(local.authority.store(), size).await);
    assert_sound(&server, &key(3)).await;
    let token = store.token(TokenId(Uuid::from_u128(0x70))).await.expect("a read").expect("there").record;
    assert_eq!(token.fingerprint, local.key.fingerprint(&[5; 20]), "known again by what names things, which came along");

    // Sessions ended; codes shown before are spent; whoever has a phone comes in.
    assert_eq!(call(&server, Some(&local.session), WhoAmI {}).await.expect_err("ended").code, RefusalCode::SessionEnded);
    let session = server.sign_in_sample(&local.sample.owner, 60).await;
    assert_eq!(session.expect_err("two steps ahead is too far").code, RefusalCode::CodeWrong);
    let owner = domain::id::AccountId(local.sample.owner.person.id);
    let record = store.account(owner).await.expect("a read").expect("there").record;
    assert!(record.pending.is_none() && record.invitation.is_none());
    let li = store.account_by_email("li@harbour.example").await.expect("a read").expect("there").record;
    assert!(li.invitation.is_none(), "an invitation from before opens nothing");
    let workspace = store.workspace().await.expect("a read").expect("there").record;
    assert_eq!((workspace.epoch, workspace.away.is_none(), workspace.naming_key.is_some()), (1, true, true));

    // And back: the server's workspace is let go in its own record, as two people at its console do.
    let away = domain::moving::Away { to: "a file".into(), by: owner, second: None, at: NOW, journal: None, told: false, arrived_at: None };
    let gone = domain::workspace::Workspace { away: Some(away), ..workspace };
    store.commit(commit_of(vec![Change::Workspace(Box::new(gone))])).await.expect("let go");
    let leaving = server.leaving().await.expect("let go");
    let home = Empty::new().await;
    server.move_to(&home.receiving(&leaving), &watched).await.expect("moved back");
    let size = leaving.journal.size;
    assert_eq!(seen(home.made.store(), size).await, seen(&store, size).await);
    let home_authority = home.opened().await;
    assert_sound(&home_authority, &home.made.sealing_key()).await;
    assert!(store.workspace().await.expect("a read").expect("there").record.away.is_some_and(|away| away.arrived_at.is_some()));
    let workspace = home.made.store().workspace().await.expect("a read").expect("there").record;
    assert_eq!((workspace.epoch, workspace.journal_keys.iter().filter(|key| key.sealed.is_some()).count()), (2, 1), "one key signs");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_changes_where_it_leaves_and_reading_goes_on() {
    let local = Local::begin().await;
    local.let_go().await;
    assert_eq!(local.make("Dock").await.expect_err("it moves").code, RefusalCode::WorkspaceMoving);
    let people = call(&local.authority, Some(&local.session), ListPeople::default()).await.expect("a list").total;
    local.authority.call_off_move(Some(&local.session), false, &local.proof()).await.expect("called off");
    local.make("Dock").await.expect("it stays");
    local.let_go().await;
    let elsewhere = local.authority.begin_move(Some(&local.session), "elsewhere", &local.proof()).await;
    assert_eq!(elsewhere.expect_err("it goes to the harbour").code, RefusalCode::WorkspaceMoving);
    let leaving = local.authority.leaving().await.expect("let go");
    let home = Empty::new().await;
    local.authority.move_to(&home.receiving(&leaving), &watched).await.expect("moved");

    assert_eq!(local.make("Quay").await.expect_err("it moved").code, RefusalCode::WorkspaceMoved);
    let off = local.authority.call_off_move(Some(&local.session), true, &local.proof()).await;
    assert_eq!(off.expect_err("it moved").code, RefusalCode::WorkspaceMoved);
    assert_eq!(local.authority.leaving().await.expect_err("it moved").code, RefusalCode::WorkspaceMoved);
    let journal = local.authority.store().journal_size().await.expect("a size");
    assert_eq!(journal, leaving.journal.size, "nothing was written that is not there");
    // Whoever opens the old file comes in and reads; what they wrote by it is signed by nobody.
    let (email, password) = (local.sample.staff.person.email.clone(), local.sample.staff.password.clone());
    let outcome = local.authority.call(None, SignIn { email, password }.into()).await.expect("the first door");
    let session = outcome.opened.expect("a session");
    let code = local.sample.staff.code_at(authority::Surroundings::now(&System).0 + 30);
    call(&local.authority, Some(&session), GiveCode { code }).await.expect("the second door");
    assert!(call(&local.authority, Some(&session), ListPeople::default()).await.expect("a list").total > 1);
    assert_eq!(call(&local.authority, Some(&local.session), ListPeople::default()).await.expect("a list").total, people);
    let kept = local.authority.keep_checkpoint().await.expect("the last one");
    assert_eq!(kept.size, leaving.journal.size);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_owner_with_their_own_factor_lets_it_go() {
    let local = Local::begin().await;
    let staff = local.authority.sign_in_sample(&local.sample.staff, 30).await.expect("staff");
    let proof = |password: &str| Proof { password: password.into(), code: None };
    let theirs = proof(local.sample.staff.password.expose_secret());
    assert_eq!(local.authority.begin_move(Some(&staff), HARBOUR, &theirs).await.expect_err("no owner").code, RefusalCode::NotAllowed);
    let wrong = local.authority.begin_move(Some(&local.session), HARBOUR, &proof("not the password")).await;
    assert_eq!(wrong.expect_err("wrong").code, RefusalCode::WrongPassword);
    assert!(local.authority.begin_move(None, HARBOUR, &local.proof()).await.is_err());
    assert_eq!(local.authority.leaving().await.expect_err("nobody let it go").code, RefusalCode::NotAllowed);
    local.make("Dock").await.expect("it is here");
}

/// A line that is cut at one place: before what was sent arrives, or before its answer does.
pub(crate) struct Cut<'a> {
    to: &'a Authority<Vault>,
    at: u64,
    lost: bool,
    calls: AtomicU64,
}

impl<'a> Cut<'a> {
    /// After so many answers; the last of them comes, or `lost` is what was to be answered.
    pub(crate) fn new(to: &'a Authority<Vault>, at: u64, lost: bool) -> Self {
        Self { to, at, lost, calls: AtomicU64::new(0) }
    }
}

impl Cut<'_> {
    async fn sent(&self, call: impl Future<Output = Result<Progress, Refusal>> + Send) -> Result<Progress, Refusal> {
        let cut = self.calls.fetch_add(1, Ordering::SeqCst) == self.at;
        if cut && self.lost {
            return Err(RefusalCode::Unexpected.into());
        }
        let answer = call.await;
        if cut { Err(RefusalCode::Unexpected.into()) } else { answer }
    }
}

impl Mover for Cut<'_> {
    async fn begin(&self, leaving: Leaving) -> Result<Progress, Refusal> {
        self.sent(self.to.begin(leaving)).await
    }

    async fn part(&self, part: Part) -> Result<Progress, Refusal> {
        self.sent(self.to.take_part(part)).await
    }

    async fn end(&self, end: End) -> Result<Progress, Refusal> {
        self.sent(self.to.end(end)).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_anywhere_it_goes_on() {
    let local = Local::begin().await;
    local.let_go().await;
    let leaving = local.authority.leaving().await.expect("let go");
    let size = leaving.journal.size;
    let before = seen(local.authority.store(), size).await;
    let home = Empty::new().await;
    let mut cuts = 0;
    loop {
        // A process of its own each time: whatever it knew is gone.
        let receiving = home.receiving(&leaving);
        let cut = Cut::new(&receiving, 1, cuts % 2 == 0);
        if local.authority.move_to(&cut, &watched).await.is_ok() {
            break;
        }
        assert_eq!(local.make("Dock").await.expect_err("it moves").code, RefusalCode::WorkspaceMoving, "after {cuts} cuts");
        cuts += 1;
        assert!(cuts < 100, "it comes to no end");
    }
    assert!(cuts > 20, "every part was cut off twice: {cuts}");
    assert_eq!(seen(home.made.store(), size).await, before);
    assert_sound(&home.opened().await, &home.made.sealing_key()).await;
    assert_eq!(local.make("Dock").await.expect_err("it moved").code, RefusalCode::WorkspaceMoved);
}

/// Somebody who changes what goes by.
struct Forger<'a> {
    to: &'a Authority<Vault>,
    forge: fn(&mut Part),
}

impl Mover for Forger<'_> {
    async fn begin(&self, leaving: Leaving) -> Result<Progress, Refusal> {
        self.to.begin(leaving).await
    }

    async fn part(&self, mut part: Part) -> Result<Progress, Refusal> {
        (self.forge)(&mut part);
        self.to.take_part(part).await
    }

    async fn end(&self, end: End) -> Result<Progress, Refusal> {
        self.to.end(end).await
    }
}

/// What whoever is between changes of a part.
type Forgery = fn(&mut Part);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_left_does_not_arrive() {
    let local = Local::begin().await;
    local.let_go().await;
    let leaving = local.authority.leaving().await.expect("let go");
    let home = Empty::new().await;
    let forgeries: [(Forgery, RefusalCode); 6] = [
        (
            |part| {
                if let Records::Tokens(tokens) = &mut part.records {
                    tokens.clear()
                }
            },
            RefusalCode::MoveDiffers,
        ),
        (
            |part| {
                if let Records::Checkpoints(all) = &mut part.records {
                    all.clear()
                }
            },
            RefusalCode::MoveDiffers,
        ),
        (
            |part| {
                if let Records::Entries(all) = &mut part.records {
                    all[2].0.facts.push(' ')
                }
            },
            RefusalCode::MoveDiffers,
        ),
        (
            |part| {
                if let Records::Entries(all) = &mut part.records {
                    all[2].0 = all[1].0.clone()
                }
            },
            RefusalCode::MoveOutOfOrder,
        ),
        (
            |part| {
                if let Records::Tokens(all) = &mut part.records {
                    all[0].sealed.as_mut().expect("sealed").0[40] ^= 1
                }
            },
            RefusalCode::MoveDiffers,
        ),
        (|part| part.number += 1, RefusalCode::MoveOutOfOrder),
    ];
    for (number, (forge, why)) in forgeries.into_iter().enumerate() {
        let receiving = home.receiving(&leaving);
        let outcome = local.authority.move_to(&Forger { to: &receiving, forge }, &watched).await;
        assert_eq!(outcome.expect_err("forged").code, why, "forgery {number}");
        assert!(home.made.store().workspace().await.expect("a read").is_none(), "forgery {number}");
        assert!(arriving::is_unfinished(home.made.store()).await.expect("a read"));
        arriving::discard(home.made.store()).await.expect("emptied");
    }
    // The other side had been told that this was all: only somebody who knows better calls it off.
    let off = local.authority.call_off_move(Some(&local.session), false, &local.proof()).await;
    assert_eq!(off.expect_err("it may be there").code, RefusalCode::MoveMayHaveArrived);
    // What was begun before it was called off is another move.
    let receiving = home.receiving(&leaving);
    receiving.begin(leaving.clone()).await.expect("begun");
    local.authority.call_off_move(Some(&local.session), true, &local.proof()).await.expect("called off");
    local.let_go().await;
    let again = local.authority.leaving().await.expect("let go");
    assert!(again.journal.size > leaving.journal.size);
    let taken = local.authority.move_to(&home.receiving(&again), &watched).await;
    assert_eq!(taken.expect_err("another is unfinished").code, RefusalCode::MoveTaken);
    arriving::discard(home.made.store()).await.expect("emptied");
    local.authority.move_to(&home.receiving(&again), &watched).await.expect("moved");
    assert_eq!(arriving::discard(home.made.store()).await.expect_err("it is there").code, RefusalCode::MoveTaken);
    let newer = Leaving { version: "9.0.0".into(), ..again };
    assert_eq!(home.receiving(&newer).begin(newer.clone()).await.expect_err("newer").code, RefusalCode::MoveOtherVersion);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_carry_it_at_once_make_one_of_it() {
    let local = Local::begin().await;
    local.let_go().await;
    let leaving = local.authority.leaving().await.expect("let go");
    let before = seen(local.authority.store(), leaving.journal.size).await;
    let home = Empty::new().await;
    let (one, two) = (home.receiving(&leaving), home.receiving(&leaving));
    let outcomes = tokio::join!(local.authority.move_to(&one, &watched), local.authority.move_to(&two, &watched));
    let refused: Vec<RefusalCode> = [outcomes.0, outcomes.1].into_iter().filter_map(Result::err).map(|refusal| refusal.code).collect();
    if refused.len() == 2 {
        local.authority.move_to(&home.receiving(&leaving), &watched).await.expect("one alone");
    }
    assert!(refused.iter().all(|code| matches!(code, RefusalCode::MoveOutOfOrder | RefusalCode::WorkspaceMoved)), "{refused:?}");
    assert_eq!(seen(home.made.store(), leaving.journal.size).await, before);
    assert_sound(&home.opened().await, &home.made.sealing_key()).await;
}

/// Every table of either store goes over, is made of what goes over, or stays behind for a reason. A new one is put where it belongs.
#[test]
fn of_every_table_it_is_known_whether_it_goes_over() {
    const GO: &[&str] = &[
        "workspace",
        "communities",
        "accounts",
        "removed_accounts",
        "tokens",
        "cases",
        "help_requests",
        "reports",
        "imports",
        "import_people",
        "notices",
        "journal",
        "checkpoints",
    ];
    const MADE: &[&str] = &["people", "memberships", "journal_communities", "journal_blocks", "journal_head", "journal_pending", "ground"];
    // Of an epoch, or of one place: sessions, failures, devices with their desks, replicas, operations and issuers, and how far a move
    // has come.
    const STAY: &[&str] =
        &["sessions", "throttle", "devices", "desk", "replica", "desk_operations", "operations", "issuers", "cases_of_now", "arrival"];
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/crates");
    let mut found = std::collections::BTreeSet::new();
    for store in ["vault", "postgres"] {
        for file in std::fs::read_dir(crates.join(store).join("migrations")).expect("migrations") {
            let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
            let names = text.split("CREATE TABLE ").skip(1).filter_map(|rest| rest.split([' ', '(']).next().map(str::to_owned));
            found.extend(names);
        }
    }
    let known: std::collections::BTreeSet<String> = [GO, MADE, STAY].concat().into_iter().map(str::to_owned).collect();
    assert_eq!(found, known, "does it go over, or not?");
}
