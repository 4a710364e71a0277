//! Mail: how it is set up, and what becomes of notices from the change that owes them until they are sent, or handed over.

use std::sync::Arc;

use authority::Authority;
use secrecy::ExposeSecret;
use vault::Vault;
use wire::{
    Refusal, RefusalCode, SessionToken,
    delivery::{Delivery, Due, Outbox, Outcome},
    mail::{
        HandOverLetter, MailFailure, MailSecurity, MailState, NoticeKind, OutboxRow, ReadLetter, ReadMail, ReadOutbox, RemoveMail,
        ResendNotice, SendTestMail, SetMail,
    },
    people::{InviteAgain, RoleName},
    sign_in::AcceptInvitation,
};

use crate::{
    communities::{join_in, south},
    epoch::Taken,
    played::{PASSWORD, Person, Played, secret},
};

pub(crate) const REACH: Outcome = Outcome::Failed { failure: MailFailure::CannotReach, for_good: false };
const DAY: i64 = 24 * 3600;

impl Played {
    pub(crate) fn mail_settings(&self, by: &Person) -> SetMail {
        SetMail {
            host: "Mail.example.org".into(),
            port: 587,
            security: MailSecurity::Starttls,
            user: Some("desk".into()),
            password: Some(secret("hunter2")),
            sender: "desk@example.org".into(),
            sender_name: String::new(),
            contact: Some("help@example.org".into()),
            on: true,
            proof: self.proof(by),
        }
    }

    pub(crate) async fn set_up_mail(&self, owner: &Person) {
        self.call(Some(&owner.session), self.mail_settings(owner)).await.expect("mail is set up");
    }

    /// What is due now.
    pub(crate) async fn due(&self) -> Option<Delivery> {
        match self.authority.next_due().await.expect("a look") {
            Due::Now(delivery) => Some(*delivery),
            Due::At(_) | Due::Nothing => None,
        }
    }

    /// Everything that is due now, taken by the server.
    pub(crate) async fn deliver_all(&self) -> Vec<Delivery> {
        let mut all = Vec::new();
        while let Some(delivery) = self.due().await {
            self.authority.settle(delivery.id, Outcome::Sent).await.expect("settled");
            all.push(delivery);
        }
        all
    }

    pub(crate) async fn outbox(&self, reader: &Person, state: Option<MailState>) -> Vec<OutboxRow> {
        self.call(Some(&reader.session), ReadOutbox { state, person: None, after: None }).await.expect("an outbox").rows
    }

    async fn settings(&self, reader: &Person) -> wire::mail::MailView {
        self.call(Some(&reader.session), ReadMail {}).await.expect("settings")
    }
}

/// A workspace with mail and a member, to whom nothing waits yet.
async fn with_mail() -> (Played, Person, uuid::Uuid, Person) {
    let (played, owner) = Played::begin().await;
    played.set_up_mail(&owner).await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.deliver_all().await;
    (played, owner, id, member)
}

fn code<T>(outcome: Result<T, Refusal>) -> RefusalCode {
    outcome.map(drop).expect_err("it must be refused").code
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_handed_out_once_with_all_that_is_needed_to_send_it() {
    let (played, owner, id, _) = with_mail().await;
    let recovery = played.reset(&owner, id).await.expect("reset");
    let delivery = played.due().await.expect("due at once");
    assert_eq!((delivery.kind, delivery.address.as_str(), delivery.attempt), (NoticeKind::FactorReset, "mia@example.org", 1));
    assert_eq!((delivery.workspace.as_str(), delivery.person.as_str(), delivery.at), ("Harbour", "Mia Member", played.clock.now().0));
    assert!(delivery.code.is_none() && delivery.report.is_some(), "it can be answered, and never carries the recovery code");
    let server = &delivery.server;
    assert_eq!((server.host.as_str(), server.port, server.user.as_deref()), ("mail.example.org", 587, Some("desk")));
    assert_eq!(server.password.as_ref().map(ExposeSecret::expose_secret), Some("hunter2"));
    assert_eq!((server.sender_name.as_str(), server.contact.as_deref()), ("Harbour", Some("help@example.org")));
    let said = format!("{delivery:?}");
    assert!(
        !said.contains("hunter2") && !said.contains(&recovery) && !said.contains(delivery.report.as_ref().expect("one").expose_secret())
    );

    assert!(played.due().await.is_none(), "it is being sent");
    assert_eq!(played.outbox(&owner, Some(MailState::Sending)).await.len(), 1);
    played.authority.settle(delivery.id, Outcome::Sent).await.expect("settled");
    assert!(played.due().await.is_none());
    // Whoever is late with another outcome changes nothing.
    played.authority.settle(delivery.id, REACH).await.expect("left as it is");
    played.clock.turn(DAY);
    assert!(played.due().await.is_none());
}

/// Two processes over one store, eight looks at once, four notices: each is handed out once.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_deliverers_one_has_each_notice() {
    let (played, owner, id, _) = with_mail().await;
    played.reset(&owner, id).await.expect("reset");
    for n in 0..3 {
        played.invite(&owner, &format!("new{n}@example.org"), RoleName::Member).await;
    }
    let vault: &Vault = played.authority.store();
    let key = vault.sealing_key().expect("open");
    let other = Arc::new(Authority::new(vault.clone(), key, played.clock.clone(), "test"));
    let looks = (0..8).map(|n| {
        let authority = Arc::clone(if n % 2 == 0 { &played.authority } else { &other });
        tokio::spawn(async move {
            match authority.next_due().await.expect("a look") {
                Due::Now(delivery) => Some(delivery.id),
                Due::At(_) | Due::Nothing => None,
            }
        })
    });
    let mut had = Vec::new();
    for look in looks.collect::<Vec<_>>() {
        had.extend(look.await.expect("no panic"));
    }
    let all = had.len();
    had.sort();
    had.dedup();
    assert_eq!((had.len(), all), (4, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_process_was_sending_is_uncertain_and_goes_again_only_by_a_person() {
    let (played, owner, id, _) = with_mail().await;
    played.reset(&owner, id).await.expect("reset");
    let before = played.due().await.expect("due");
    let played = played.reopen().await;
    assert!(played.due().await.is_none());
    assert_eq!(played.authority.give_up_half_sent(600).await.expect("a look"), 0, "another process may still be at it");
    assert_eq!(played.authority.give_up_half_sent(0).await.expect("given up"), 1);
    assert_eq!(played.authority.give_up_half_sent(0).await.expect("nothing left"), 0);
    let uncertain = played.outbox(&owner, Some(MailState::Uncertain)).await;
    assert!(matches!(&*uncertain, [row] if row.may_resend && row.next_at.is_none() && row.failure == Some(MailFailure::BrokeOff)));
    played.clock.turn(60);
    assert!(played.due().await.is_none(), "never by itself");

    played.call(Some(&owner.session), ResendNotice { id: before.id }).await.expect("sent again");
    let again = played.due().await.expect("due");
    assert_eq!((again.id, &again.message_id), (before.id, &before.message_id), "a server can tell that it is the same");
    assert_eq!(code(played.call(Some(&owner.session), ResendNotice { id: before.id }).await), RefusalCode::NoticeMoved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_tried_for_seven_days_and_holds_up_the_others() {
    let (played, owner, id, _) = with_mail().await;
    played.reset(&owner, id).await.expect("reset");
    let first = played.due().await.expect("due");
    played.authority.settle(first.id, REACH).await.expect("settled");
    played.invite(&owner, "new@example.org", RoleName::Member).await;
    let Due::At(next) = played.authority.next_due().await.expect("a look") else { panic!("the server is away for every message") };
    assert_eq!(next, played.clock.now().0 + 60);
    let rows = played.outbox(&owner, Some(MailState::Waiting)).await;
    assert!(rows.iter().all(|row| row.next_at == Some(next)), "{rows:?}");

    let (began, mut attempts) = (played.clock.now().0, 1);
    loop {
        match played.authority.next_due().await.expect("a look") {
            Due::Now(delivery) => {
                attempts += 1;
                played.authority.settle(delivery.id, REACH).await.expect("settled");
            }
            Due::At(at) => played.clock.turn((at - played.clock.now().0).max(1)),
            Due::Nothing => break,
        }
    }
    let took = played.clock.now().0 - began;
    assert!((6 * DAY..=7 * DAY + 3600).contains(&took), "{took}");
    assert!((28..80).contains(&attempts), "{attempts} attempts");
    let owner = Person { session: played.sign_in_with_phone(&owner).await.expect("in"), ..owner };
    let failed = played.outbox(&owner, Some(MailState::Failed)).await;
    let reasons: Vec<_> = failed.iter().map(|row| (row.kind, row.failure, row.may_resend, row.may_hand_over)).collect();
    assert!(reasons.contains(&(NoticeKind::FactorReset, Some(MailFailure::CannotReach), true, true)), "{reasons:?}");
    assert!(
        reasons.contains(&(NoticeKind::Invitation, Some(MailFailure::TooLate), false, false)),
        "its code died long before: {reasons:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn other_settings_are_tried_at_once() {
    let (played, owner, id, _) = with_mail().await;
    played.reset(&owner, id).await.expect("reset");
    let refused = Outcome::Failed { failure: MailFailure::RefusedPassword, for_good: true };
    for _ in 0..4 {
        let Due::Now(delivery) = played.authority.next_due().await.expect("a look") else { panic!("due") };
        played.authority.settle(delivery.id, refused).await.expect("settled");
        played.clock.turn(7200);
        if !played.is_signed_in(&owner.session).await {
            break;
        }
    }
    let owner = Person { session: played.sign_in_with_phone(&owner).await.expect("in"), ..owner };
    let page = played.call(Some(&owner.session), ReadOutbox { state: None, person: None, after: None }).await.expect("an outbox");
    let counts: Vec<_> = page.counts.iter().map(|count| (count.state, count.failure, count.count)).collect();
    assert!(counts.contains(&(MailState::Waiting, Some(MailFailure::RefusedPassword), 1)), "it says why nothing arrives: {counts:?}");
    drop(played.due().await);
    played.authority.give_up_half_sent(0).await.expect("given up");
    played.invite(&owner, "new@example.org", RoleName::Member).await;
    let held = played.due().await;
    if let Some(held) = held {
        played.authority.settle(held.id, refused).await.expect("settled");
    }
    played.clock.turn(1);
    assert!(played.due().await.is_none(), "held up");
    played.set_up_mail(&owner).await;
    assert!(played.due().await.is_some(), "tried at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_mail_notices_are_letters_and_stay_letters() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.reset(&owner, id).await.expect("reset");
    let letters = played.outbox(&owner, None).await;
    assert!(letters.iter().all(|row| row.state == MailState::Letter && row.may_hand_over && !row.may_resend), "{letters:?}");
    assert!(letters.iter().all(|row| row.kind != NoticeKind::Invitation), "the code is handed over by whoever invited");
    assert_eq!(played.desk(&owner).await.letters, Some(letters.len() as u64));
    let reset = letters.iter().find(|row| row.kind == NoticeKind::FactorReset).expect("a letter").id;
    let letter = played.call(Some(&owner.session), ReadLetter { id: reset }).await.expect("a letter");
    assert!(letter.report.is_some() && letter.person.email == member.email);

    played.set_up_mail(&owner).await;
    assert!(played.due().await.is_none(), "nothing of before goes out by itself");
    played.call(Some(&owner.session), HandOverLetter { id: reset }).await.expect("handed over");
    assert_eq!(code(played.call(Some(&owner.session), HandOverLetter { id: reset }).await), RefusalCode::NoticeMoved);
    assert_eq!(code(played.call(Some(&owner.session), ReadLetter { id: reset }).await), RefusalCode::NoticeMoved);
    assert_eq!(played.desk(&owner).await.letters, Some(letters.len() as u64 - 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_is_removed_while_a_message_is_on_its_way_makes_letters_of_the_rest() {
    let (played, owner, id, _) = with_mail().await;
    played.reset(&owner, id).await.expect("reset");
    played.clock.turn(1);
    played.invite(&owner, "new@example.org", RoleName::Member).await;
    let sending = played.due().await.expect("due");
    let proof = played.proof(&owner);
    played.call(Some(&owner.session), RemoveMail { proof }).await.expect("removed");
    played.authority.settle(sending.id, REACH).await.expect("settled");
    assert!(played.due().await.is_none());
    let rows: Vec<_> = played.outbox(&owner, None).await.into_iter().map(|row| (row.kind, row.state, row.failure)).collect();
    assert!(rows.contains(&(NoticeKind::FactorReset, MailState::Letter, Some(MailFailure::CannotReach))), "{rows:?}");
    assert!(rows.contains(&(NoticeKind::Invitation, MailState::Failed, Some(MailFailure::MailOff))), "no code becomes a letter: {rows:?}");
    assert!(played.settings(&owner).await.server.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_carries_its_code_while_that_is_good() {
    let (played, owner, ..) = with_mail().await;
    let (id, shown) = played.invite(&owner, "new@example.org", RoleName::Member).await;
    let first = played.due().await.expect("due");
    assert_eq!(first.code.as_ref().map(ExposeSecret::expose_secret), Some(shown.as_str()), "the same that is shown");
    assert!(first.report.is_none());
    played.authority.settle(first.id, Outcome::Failed { failure: MailFailure::Busy, for_good: false }).await.expect("settled");
    played.clock.turn(1);
    let again = played.call(Some(&owner.session), InviteAgain { account: id }).await.expect("invited").code.expose().to_owned();
    played.clock.turn(120);
    let sent = played.deliver_all().await;
    let codes: Vec<_> = sent.iter().filter_map(|each| each.code.as_ref().map(|code| code.expose_secret().to_owned())).collect();
    assert_eq!(codes, std::slice::from_ref(&again), "the code that died is not sent");
    let mut stale = played.outbox(&owner, Some(MailState::Failed)).await;
    stale.retain(|row| row.address == "new@example.org");
    assert!(matches!(&*stale, [row] if row.failure == Some(MailFailure::Overtaken)), "{stale:?}");
    let accept = AcceptInvitation { email: "new@example.org".into(), code: secret(&again), password: secret(PASSWORD) };
    played.call(None, accept).await.expect("it opens");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_is_sent_while_mail_is_off_and_says_how_it_came_out() {
    let (played, owner) = Played::begin().await;
    assert_eq!(code(played.call(Some(&owner.session), SendTestMail {}).await), RefusalCode::MailNotSetUp);
    let off = SetMail { on: false, ..played.mail_settings(&owner) };
    played.call(Some(&owner.session), off).await.expect("set up, and off");
    assert!(played.settings(&owner).await.test.is_none());
    let begun = played.call(Some(&owner.session), SendTestMail {}).await.expect("begun");
    assert_eq!(begun.address, "olive@example.org");
    let test = played.due().await.expect("due");
    assert_eq!((test.kind, test.address.as_str()), (NoticeKind::Test, "olive@example.org"));
    played.authority.settle(test.id, Outcome::Failed { failure: MailFailure::Tls, for_good: false }).await.expect("settled");
    let shown = played.settings(&owner).await.test.expect("a test");
    assert_eq!((shown.state, shown.failure), (MailState::Failed, Some(MailFailure::Tls)));
    assert!(played.due().await.is_none(), "once");
    assert!(played.outbox(&owner, None).await.iter().all(|row| row.kind != NoticeKind::Test), "no notice to anybody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_never_shown_and_never_goes_to_another_server() {
    let (played, owner) = Played::begin().await;
    played.set_up_mail(&owner).await;
    let view = played.settings(&owner).await;
    let said = serde_json::to_string(&view).expect("text");
    assert!(said.contains(r#""hasPassword":true"#) && !said.contains("hunter2"), "{said}");
    let change = |change: fn(&mut SetMail)| {
        let mut request = SetMail { password: None, ..played.mail_settings(&owner) };
        change(&mut request);
        played.call(Some(&owner.session), request)
    };
    change(|request| request.sender = "other@example.org".into()).await.expect("the password stays");
    for elsewhere in [
        (|request: &mut SetMail| request.host = "evil.example.com".into()) as fn(&mut SetMail),
        |request: &mut SetMail| request.port = 2525,
        |request: &mut SetMail| request.user = Some("other".into()),
        |request: &mut SetMail| request.security = MailSecurity::Tls,
    ] {
        assert_eq!(code(change(elsewhere).await), RefusalCode::MailPasswordNeeded);
    }
    assert_eq!(code(change(|request| request.host = "a b".into()).await), RefusalCode::MailHostInvalid);
    assert_eq!(code(change(|request| request.sender = "nobody".into()).await), RefusalCode::EmailInvalid);
    assert_eq!(code(change(|request| request.proof.password = secret("wrong")).await), RefusalCode::WrongPassword);
    played.invite(&owner, "new@example.org", RoleName::Member).await;
    let delivery = played.due().await.expect("due");
    assert_eq!(delivery.server.password.as_ref().map(ExposeSecret::expose_secret), Some("hunter2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_reach_as_far_as_the_table_says() {
    let (played, owner, id, member) = with_mail().await;
    let elsewhere = south(&played, &owner).await;
    let (_, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let (_, support) = played.join(&owner, "support@example.org", RoleName::Support).await;
    let (_, stranger) = join_in(&played, &owner, elsewhere, "sam@example.org", RoleName::Administrator).await;
    played.deliver_all().await;
    played.reset(&owner, id).await.expect("reset");
    let notice = played.outbox(&owner, Some(MailState::Waiting)).await[0].id;
    let no = |outcome: Result<_, Refusal>| assert_eq!(code(outcome), RefusalCode::NotAllowed);
    for other in [&administrator, &support, &stranger] {
        let session: Option<&SessionToken> = Some(&other.session);
        no(played.call(session, ReadMail {}).await.map(drop));
        no(played.call(session, played.mail_settings(other)).await.map(drop));
        let proof = played.proof(other);
        no(played.call(session, RemoveMail { proof }).await.map(drop));
        no(played.call(session, SendTestMail {}).await.map(drop));
    }
    for other in [&support, &stranger] {
        let session = Some(&other.session);
        no(played.call(session, ResendNotice { id: notice }).await.map(drop));
        no(played.call(session, ReadLetter { id: notice }).await.map(drop));
        no(played.call(session, HandOverLetter { id: notice }).await.map(drop));
        no(played.call(session, ResendNotice { id: uuid::Uuid::from_u128(9) }).await.map(drop));
    }
    no(played.call(Some(&support.session), ReadOutbox { state: None, person: None, after: None }).await.map(drop));
    no(played.call(Some(&stranger.session), ReadOutbox { state: None, person: Some(id), after: None }).await.map(drop));
    assert_eq!(code(played.call(Some(&member.session), ReadMail {}).await), RefusalCode::SessionEnded, "their reset ended it");
    assert!(played.outbox(&stranger, None).await.iter().all(|row| row.person.id != id), "nor is it listed");
    assert!(played.outbox(&administrator, None).await.iter().any(|row| row.id == notice));
    assert_eq!(played.desk(&support).await.letters, None);
    played.call(Some(&administrator.session), ResendNotice { id: notice }).await.expect("theirs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_sends_nothing_that_waited_in_it() {
    let (played, owner, id, _) = with_mail().await;
    played.reset(&owner, id).await.expect("reset");
    played.invite(&owner, "new@example.org", RoleName::Member).await;
    let sending = played.due().await.expect("due");
    let taken = Taken::of(&played).await;
    played.authority.settle(sending.id, Outcome::Sent).await.expect("sent after the backup was taken");
    played.clock.turn(60);
    let restored = taken.restored(&played, false).await;
    let due = restored.deliver_all().await;
    assert!(due.iter().all(|each| each.kind == NoticeKind::BackupCodesVoid), "{:?}", due.iter().map(|each| each.kind).collect::<Vec<_>>());
    assert!(!due.is_empty(), "what the restoring itself owes is sent");
    restored.clock.turn(60);
    let owner = Person { session: restored.sign_in_with_phone(&owner).await.expect("in"), ..owner };
    assert_eq!(restored.outbox(&owner, Some(MailState::Uncertain)).await.len(), 2);
}
