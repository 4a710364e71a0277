//! Who reads what a desk keeps, and when it stands in for the server.

use std::sync::Arc;

use authority::Store as _;
use authority::{Authority, store::PeopleQuery};
use desk::{
    Reading, Source,
    sync::{Feed, SyncStop},
};
use domain::{Change, Event, EventKind, id::AccountId, readiness::Hour};
use tempfile::TempDir;
use vault::Vault;
use wire::{
    Refusal, RefusalCode, Request, Response, UseCase, Workspace as _,
    people::ListPeople,
    policies::ReadPolicies,
    sign_in::{Me, Reach, SignIn, Touch, WhoAmI},
};

use crate::{
    schedule::settled,
    world::{Clock, Dice, Line, NOW, Paired, Vaults, World},
};

const CONNECTED: bool = true;
const AWAKE: bool = false;

struct Stage {
    world: World<Vault>,
    desk: Vault,
    reading: Reading,
    mine: Paired,
    other: AccountId,
    clock: Clock,
    dice: Dice,
    _root: TempDir,
}

fn people() -> Request {
    serde_json::from_str::<ListPeople>("{}").expect("a request").into()
}

fn policies() -> Request {
    serde_json::from_str::<ReadPolicies>("{}").expect("a request").into()
}

fn touch() -> Request {
    Touch {}.into()
}

fn sign_in() -> Request {
    SignIn { email: "olive@example.org".into(), password: "x".into() }.into()
}

async fn stage() -> Stage {
    let (vaults, root) = (Vaults::new().await, tempfile::tempdir().expect("a folder"));
    let mut dice = Dice(5);
    let world = World::founded(vaults.copy(&root.path().join("server")).await, Clock::at(NOW)).await;
    let staff = settled(&world, &mut dice).await;
    let mine = world.pair(&mut dice, staff[0]).await;
    let desk = vaults.copy(&root.path().join("desk")).await;
    let clock = Clock::at(NOW);
    let (workspace, key) = (world.workspace().await.id.0, world.journal_key().await);
    let reading = Reading::open(desk.clone(), workspace, key, Arc::new(clock.clone())).await.expect("opens");
    Stage { world, desk, reading, mine, other: staff[1], clock, dice, _root: root }
}

async fn me(authority: &Authority<Vault>, paired: &Paired) -> Me {
    WhoAmI::reply(authority.call(Some(&paired.token), WhoAmI {}.into()).await.expect("somebody").response).expect("them")
}

impl Stage {
    fn line(&self) -> Line<'_, Vault> {
        Line { authority: self.world.through(&self.mine), token: &self.mine.token }
    }

    async fn signed_in(&self) -> Me {
        let me = me(&self.world.through(&self.mine), &self.mine).await;
        self.reading.recognise(&self.mine.token, &me).await;
        me
    }

    async fn synced(&self) {
        while !self.reading.catch_up(|_| self.line()).await.expect("pages") {}
    }

    fn source(&self, request: &Request, connected: bool) -> Source {
        self.reading.source(request, Some(&self.mine.token), connected, AWAKE)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_read_here_online_and_all_that_reads_is_without_the_server() {
    let stage = stage().await;
    assert_eq!(stage.source(&people(), CONNECTED), Source::Server, "nobody is known to be signed in");
    assert_eq!(stage.source(&people(), !CONNECTED), Source::Server);
    assert!(stage.signed_in().await.own_device);
    assert_eq!(stage.source(&people(), CONNECTED), Source::Server, "nothing was synced");
    assert_eq!(stage.source(&people(), !CONNECTED), Source::Server);
    assert_eq!(stage.reading.stands().at, None);
    stage.synced().await;
    assert_eq!(stage.reading.stands().at, Some(NOW));

    assert_eq!(stage.source(&people(), CONNECTED), Source::Current);
    assert_eq!(stage.source(&policies(), CONNECTED), Source::Server, "nothing but lists");
    assert_eq!(stage.source(&touch(), CONNECTED), Source::Server);
    for request in [people(), policies(), WhoAmI {}.into()] {
        assert_eq!(stage.source(&request, !CONNECTED), Source::Kept);
    }
    assert_eq!(stage.source(&touch(), !CONNECTED), Source::Life);
    assert_eq!(stage.source(&sign_in(), !CONNECTED), Source::Server, "which is not reached");

    // Whoever gave no sign of life reads nothing.
    let idle = |request: &Request| stage.reading.source(request, Some(&stage.mine.token), !CONNECTED, true);
    assert_eq!(idle(&people()), Source::Refused(RefusalCode::SessionIdle));
    assert_eq!(idle(&touch()), Source::Refused(RefusalCode::SessionIdle));

    let Response::WhoAmI(me) = stage.reading.answer(WhoAmI {}.into()).await.expect("read").response else { panic!("another reply") };
    assert!(me.own_device && me.reach == Reach::Full && me.person.id == stage.mine.person.0);
    stage.reading.let_go(None);
    assert_eq!(stage.source(&people(), CONNECTED), Source::Server, "a session that is locked or over reads nothing here");
    assert_eq!(stage.source(&people(), !CONNECTED), Source::Server);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_what_is_kept_for_somebody_else() {
    let mut stage = stage().await;
    stage.signed_in().await;
    stage.synced().await;
    // Somebody else at the same window: through the same device, or through one of their own.
    let theirs = stage.world.pair(&mut stage.dice, stage.other).await;
    let them = me(&stage.world.through(&theirs), &theirs).await;
    for own_device in [false, true] {
        stage.reading.let_go(None);
        stage.reading.recognise(&theirs.token, &Me { own_device, ..serde_again(&them) }).await;
        for connected in [true, false] {
            assert_eq!(stage.reading.source(&people(), Some(&theirs.token), connected, AWAKE), Source::Server);
        }
    }
    // And not by the right person's name with another session.
    stage.signed_in().await;
    assert_eq!(stage.reading.source(&people(), Some(&theirs.token), CONNECTED, AWAKE), Source::Server);
    assert_eq!(stage.reading.source(&people(), None, !CONNECTED, AWAKE), Source::Server);
    assert_eq!(stage.source(&people(), CONNECTED), Source::Current);
}

fn serde_again(me: &Me) -> Me {
    serde_json::from_value(serde_json::to_value(me).expect("written")).expect("read")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_as_new_as_what_its_reader_did() {
    let stage = stage().await;
    stage.signed_in().await;
    stage.synced().await;
    assert!(stage.reading.is_news());
    stage.clock.set(NOW + 3);
    assert!(!stage.reading.is_news(), "others may have changed something since");
    stage.synced().await;
    assert!(stage.reading.is_news());

    let size = {
        let account = stage.world.account(stage.mine.person).await.expect("they");
        assert!(
            stage.world.write(vec![Change::Account(Box::new(account.clone()))], &[Event::own(EventKind::PasswordChanged, &account)]).await
        );
        stage.world.authority.store().journal_size().await.expect("a journal")
    };
    stage.reading.journalled(Some(&stage.mine.token), size - 1);
    assert!(!stage.reading.is_news(), "what they did is not here yet");
    stage.synced().await;
    assert!(stage.reading.is_news());
    stage.reading.journalled(Some(&stage.mine.token), size);
    assert!(!stage.reading.catch_up(|_| stage.line()).await.expect("a page"), "the server is to answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_is_no_sign_of_life() {
    let stage = stage().await;
    let me = stage.signed_in().await;
    stage.synced().await;
    for minute in 1.. {
        stage.world.clock.set(NOW + minute * 60);
        match stage.reading.catch_up(|_| stage.line()).await {
            Ok(_) => assert!(minute * 60 < me.idle_seconds, "the session goes on for ever"),
            Err(code) => {
                assert_eq!(code, RefusalCode::SessionIdle);
                assert!(minute * 60 >= me.idle_seconds);
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_alone_reads_and_nothing_else() {
    let stage = stage().await;
    assert_eq!(stage.reading.read_alone().await.expect_err("nothing").code, RefusalCode::Offline);
    stage.signed_in().await;
    assert_eq!(stage.reading.read_alone().await.expect_err("nothing yet").code, RefusalCode::Offline);
    stage.synced().await;
    stage.reading.let_go(None);
    assert_eq!(stage.reading.read_alone().await.expect("read").person.id, stage.mine.person.0);
    let source = |request: &Request, connected, idle| stage.reading.source(request, None, connected, idle);
    assert_eq!(source(&people(), !CONNECTED, AWAKE), Source::Kept);
    assert_eq!(source(&people(), CONNECTED, AWAKE), Source::Kept, "nobody is thrown out of what they read");
    assert_eq!(source(&touch(), !CONNECTED, AWAKE), Source::Life);
    assert_eq!(source(&sign_in(), !CONNECTED, AWAKE), Source::Refused(RefusalCode::Offline));
    assert_eq!(source(&sign_in(), CONNECTED, AWAKE), Source::Refused(RefusalCode::ReadingAlone));
    assert_eq!(source(&people(), !CONNECTED, true), Source::Refused(RefusalCode::SessionIdle));
    assert_eq!(source(&touch(), !CONNECTED, true), Source::Refused(RefusalCode::SessionIdle), "what is idle does not wake by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wiped_is_read_by_nobody_and_comes_back_only_anew() {
    let stage = stage().await;
    stage.signed_in().await;
    stage.synced().await;
    let query = PeopleQuery::everybody(Hour::plain(stage.world.now()), 1_000);
    assert!(stage.desk.people(&query).await.expect("reads").rows.len() > 3);
    stage.reading.forget().await;
    assert!(stage.desk.people(&query).await.expect("reads").rows.is_empty());
    assert_eq!(stage.desk.journal_size().await.expect("reads"), 0);
    assert!(stage.desk.workspace().await.expect("reads").is_none() && stage.desk.replica().await.expect("reads").is_none());
    assert_eq!((stage.reading.stands().at, stage.source(&people(), !CONNECTED)), (None, Source::Server));
    assert_eq!(stage.reading.read_alone().await.expect_err("nothing").code, RefusalCode::Offline);
    assert!(stage.reading.step(&|_| stage.line()).await.is_none(), "nothing is asked for any more");
    stage.signed_in().await;
    stage.synced().await;
    assert_eq!(stage.desk.people(&query).await.expect("reads").rows.len(), stage.world.people().await.len());
}

/// Signs nothing.
struct Unsigned<'a>(Line<'a, Vault>);

impl Feed for Unsigned<'_> {
    async fn ask(&self, request: Request) -> Result<Response, Refusal> {
        let mut response = self.0.ask(request).await?;
        if let Response::ReadFeed(page) = &mut response {
            page.checkpoint = None;
        }
        Ok(response)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_believed_answers_itself_and_nothing_of_it_is_taken_over() {
    let stage = stage().await;
    stage.signed_in().await;
    stage.synced().await;
    let taken = stage.reading.catch_up(|_| Unsigned(stage.line())).await;
    assert_eq!(taken, Ok(false));
    assert_eq!(stage.reading.stands().stopped, Some(SyncStop::OtherKey));
    assert_eq!(stage.source(&people(), CONNECTED), Source::Server);
    assert_eq!(stage.source(&people(), !CONNECTED), Source::Kept, "what was believed is read as it is");
    assert!(stage.reading.step(&|_| stage.line()).await.is_none(), "nothing more is asked for");
}
