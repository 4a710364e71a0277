//! From a change in the workspace to the mailbox: each notice once, whatever breaks between.

use std::{net::TcpListener, sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use mail::{Patience, Post, Stop, Trust};
use sallyport_tests::smtp::{MailServer, PASSWORD as MAIL_PASSWORD, Setup, USER};
use wire::{
    Refusal,
    delivery::{Due, Outbox},
    mail::{MailFailure, MailSecurity, MailState, NoticeKind, OutboxRow, ReadMail, ReadOutbox, ResendNotice, SendTestMail, SetMail},
    people::{ResetSecondFactor, RoleName},
    sign_in::Lock,
};

use crate::played::{Person, Played, secret, support};

const HOUR: i64 = 3600;

impl Played {
    async fn mail_through(&self, by: &Person, port: u16, password: &str) -> Result<(), Refusal> {
        let request = SetMail {
            host: "localhost".into(),
            port,
            security: MailSecurity::Starttls,
            user: Some(USER.into()),
            password: Some(secret(password)),
            sender: "sallyport@example.org".into(),
            sender_name: "Harbour".into(),
            contact: Some("desk@example.org".into()),
            on: true,
            proof: self.proof(by),
        };
        self.call(Some(&by.session), request).await.map(drop)
    }

    fn poster(&self, server: Option<&MailServer>) -> Post {
        let also = server.map(|server| server.authority().expect("an authority").0);
        let clock = self.clock.clone();
        Post {
            trust: Trust { also: also.into_iter().collect() },
            patience: Patience::default(),
            zone: TimeZone::UTC,
            now: Box::new(move || clock.now().0),
        }
    }

    async fn deliver_by(&self, post: &Post) -> Option<i64> {
        let (_asks, stop) = Stop::new();
        post.deliver_due(&*self.authority, &stop).await.expect("the outbox is read")
    }

    /// The same person, signed in anew: hours have gone by.
    async fn back_again(&self, person: Person) -> Person {
        let session = self.sign_in_with_phone(&person).await.expect("in again");
        Person { session, ..person }
    }

    /// The reset of a person, as the outbox has it.
    async fn reset_row(&self, by: &Person) -> OutboxRow {
        let page = self.call(Some(&by.session), ReadOutbox { state: None, person: None, after: None }).await.expect("the outbox");
        let mut rows: Vec<OutboxRow> = page.rows.into_iter().filter(|row| row.kind == NoticeKind::FactorReset).collect();
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }
}

fn server() -> MailServer {
    MailServer::start(Setup::default()).expect("a server")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_is_told_to_its_person_once_and_never_the_code() {
    let (played, owner) = Played::begin().await;
    let (id, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let server = server();
    let post = played.poster(Some(&server));
    played.mail_through(&owner, server.port, MAIL_PASSWORD).await.expect("set");
    let proof = played.proof(&owner);
    let issued = played.call(Some(&owner.session), ResetSecondFactor { account: id, support: support(), proof }).await.expect("reset");
    assert_eq!(server.calls(), 0, "it is written with the change, and sent later");

    assert_eq!(played.deliver_by(&post).await, None, "nothing else waits");
    let delivered = server.delivered().expect("read back");
    assert_eq!(delivered.len(), 1, "{}", server.log());
    let mail = &delivered[0];
    assert_eq!(mail.one("Envelope-to"), mia.email);
    assert_eq!(mail.one("From"), "Harbour <sallyport@example.org>");
    assert_eq!(mail.one("Reply-To"), "desk@example.org");
    assert_eq!(mail.one("Subject"), "Your two-factor authentication was reset – Harbour");
    let whole = format!("{mail:?}");
    assert!(mail.parts[0].1.contains("If this was not you") && !whole.contains(issued.code.expose()), "{whole}");
    let row = played.reset_row(&owner).await;
    assert_eq!((row.state, row.attempts, row.failure), (MailState::Sent, 1, None));
    played.clock.turn(30 * 24 * HOUR);
    assert_eq!(played.deliver_by(&post).await, None);
    assert_eq!(server.calls(), 1, "sent once, and asked for no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_password_is_seen_and_once_it_is_mended_the_notice_arrives() {
    let (played, owner) = Played::begin().await;
    let (id, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let server = server();
    let post = played.poster(Some(&server));
    played.mail_through(&owner, server.port, "not the password").await.expect("set");
    played.reset(&owner, id).await.expect("reset");
    let next = played.deliver_by(&post).await.expect("tried again later");
    let minute = next - played.clock.now().0;
    assert!((1..=60).contains(&minute), "{minute}");
    let counts = played.call(Some(&owner.session), ReadMail {}).await.expect("mail").counts;
    let refused = counts.iter().find(|count| count.failure == Some(MailFailure::RefusedPassword)).expect("it is counted");
    assert_eq!((refused.state, refused.count), (MailState::Waiting, 1));
    assert_eq!(server.delivered().expect("read back").len(), 0);

    played.mail_through(&owner, server.port, MAIL_PASSWORD).await.expect("mended");
    played.deliver_by(&post).await;
    assert_eq!(server.delivered().expect("read back").len(), 1, "at once, without the wait: {}", server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_server_is_away_the_waits_grow_and_afterwards_it_arrives_once() {
    let (played, owner) = Played::begin().await;
    let (id, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    played.mail_through(&owner, closed, MAIL_PASSWORD).await.expect("set");
    played.reset(&owner, id).await.expect("reset");
    let nowhere = played.poster(None);
    let mut waits = Vec::new();
    for _ in 0..4 {
        let next = played.deliver_by(&nowhere).await.expect("tried again later");
        waits.push(next - played.clock.now().0);
        played.clock.turn(waits[waits.len() - 1]);
    }
    assert!(waits.is_sorted() && waits[0] < waits[3], "{waits:?}");
    let owner = played.back_again(owner).await;
    let row = played.reset_row(&owner).await;
    assert_eq!((row.state, row.attempts, row.failure), (MailState::Waiting, 4, Some(MailFailure::CannotReach)));

    let server = server();
    played.mail_through(&owner, server.port, MAIL_PASSWORD).await.expect("another server");
    played.deliver_by(&played.poster(Some(&server))).await;
    let subjects: Vec<String> = server
        .delivered()
        .expect("read back")
        .iter()
        .map(|mail| mail.one("Subject").to_owned())
        .filter(|one| one.contains("reset"))
        .collect();
    assert_eq!(subjects.len(), 1, "{subjects:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_uncertain_is_never_sent_again_by_itself_and_by_hand_under_the_same_name() {
    let (played, owner) = Played::begin().await;
    let (id, _) = played.join(&owner, "dies-at-end@example.org", RoleName::Member).await;
    let server = server();
    let post = played.poster(Some(&server));
    played.mail_through(&owner, server.port, MAIL_PASSWORD).await.expect("set");
    played.reset(&owner, id).await.expect("reset");
    played.deliver_by(&post).await;
    assert_eq!(played.reset_row(&owner).await.state, MailState::Uncertain, "{}", server.log());
    let calls = server.calls();
    for _ in 0..10 {
        played.clock.turn(HOUR);
        played.deliver_by(&post).await;
    }
    assert_eq!(server.calls(), calls, "nothing was tried");

    let owner = played.back_again(owner).await;
    let row = played.reset_row(&owner).await;
    assert!(row.may_resend);
    played.call(Some(&owner.session), ResendNotice { id: row.id }).await.expect("a person decides");
    played.deliver_by(&post).await;
    assert_eq!(server.calls(), calls + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_between_claim_and_answer_leaves_it_uncertain() {
    let (played, owner) = Played::begin().await;
    let (id, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let server = server();
    played.mail_through(&owner, server.port, MAIL_PASSWORD).await.expect("set");
    played.reset(&owner, id).await.expect("reset");
    let Due::Now(claimed) = played.authority.next_due().await.expect("the outbox") else { panic!("it is due") };
    assert!(matches!(played.authority.next_due().await.expect("the outbox"), Due::Nothing), "claimed once");
    drop(claimed);

    let played = played.reopen().await;
    let post = played.poster(Some(&server));
    let (asks, stop) = Stop::new();
    let authority = played.authority.clone();
    let running = tokio::spawn(async move { post.run(&*authority, 0, stop).await });
    let reads = async {
        while played.reset_row(&owner).await.state != MailState::Uncertain {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(15), reads).await.expect("given up at the start");
    asks.send(true).expect("it listens");
    running.await.expect("no panic");
    assert_eq!(server.calls(), 0, "nothing left the new process");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_wakes_whoever_delivers_also_while_the_workspace_is_locked() {
    let (played, owner) = Played::begin().await;
    let (id, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let server = server();
    played.mail_through(&owner, server.port, MAIL_PASSWORD).await.expect("set");
    let post = played.poster(Some(&server));
    let (asks, stop) = Stop::new();
    let authority: Arc<_> = played.authority.clone();
    let running = tokio::spawn(async move { post.run(&*authority, 0, stop).await });
    // No clock is turned from here on, and nobody rings.
    played.reset(&owner, id).await.expect("reset");
    played.call(Some(&owner.session), Lock {}).await.expect("locked");
    let arrived = async {
        while server.calls() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), arrived).await.expect("it is sent");
    assert_eq!(tokio::task::block_in_place(|| server.delivered()).expect("read back").len(), 1, "{}", server.log());
    asks.send(true).expect("it listens");
    running.await.expect("it ends when it is asked to");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_arrives_or_says_why_not() {
    let (played, owner) = Played::begin().await;
    let server = server();
    let post = played.poster(Some(&server));
    for (password, state, failure) in
        [("not the password", MailState::Failed, Some(MailFailure::RefusedPassword)), (MAIL_PASSWORD, MailState::Sent, None)]
    {
        played.mail_through(&owner, server.port, password).await.expect("set");
        let begun = played.call(Some(&owner.session), SendTestMail {}).await.expect("begun");
        assert_eq!(begun.address, owner.email);
        played.deliver_by(&post).await;
        let test = played.call(Some(&owner.session), ReadMail {}).await.expect("mail").test.expect("a test");
        assert_eq!((test.state, test.failure), (state, failure), "{}", server.log());
        played.clock.turn(60);
    }
    let delivered = server.delivered().expect("read back");
    assert_eq!(delivered.len(), 1);
    assert_eq!(delivered[0].one("Subject"), "Test – Harbour");
}
