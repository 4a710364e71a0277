//! "This was not me": said with the code of a notice or of an entry, told to staff, and a lever for nobody.

use domain::{id::AccountId, report::ReportCode};
use secrecy::ExposeSecret;
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode,
    journal::{ReadJournal, ReadMyActivity},
    mail::{NoticeKind, ReportEntry, ReportNotMe, ReportView, SettleReport},
    people::RoleName,
    person::ReadPerson,
};

use crate::{
    communities::{join_in, south},
    played::{Person, Played, secret},
};

const DAY: i64 = 24 * 3600;

impl Played {
    async fn not_me(&self, code: &str) -> Result<(), Refusal> {
        self.call(None, ReportNotMe { code: secret(code) }).await.map(drop)
    }

    async fn reported(&self, reader: &Person) -> Vec<ReportView> {
        self.desk(reader).await.reports
    }
}

/// A workspace with mail; a member whose second factor was reset, and the code of the notice about it.
async fn reset_and_told() -> (Played, Person, Uuid, String) {
    let (played, owner) = Played::begin().await;
    played.set_up_mail(&owner).await;
    let (id, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.deliver_all().await;
    played.reset(&owner, id).await.expect("reset");
    let sent = played.deliver_all().await;
    let code = sent.iter().find(|each| each.kind == NoticeKind::FactorReset).and_then(|each| each.report.as_ref()).expect("a code");
    let code = code.expose_secret().to_owned();
    (played, owner, id, code)
}

fn code(outcome: Result<(), Refusal>) -> RefusalCode {
    outcome.expect_err("it must be refused").code
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_marks_the_account_for_staff_and_works_once() {
    let (played, owner, id, typed) = reset_and_told().await;
    let (_, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    played.deliver_all().await;
    let before = format!("{:?}", authority::Store::account(played.authority.store(), AccountId(id)).await.expect("a read").expect("there"));
    played.not_me(&typed.to_lowercase().replace('-', " ")).await.expect("said, without a session");
    let after = format!("{:?}", authority::Store::account(played.authority.store(), AccountId(id)).await.expect("a read").expect("there"));
    assert_eq!(before, after, "nothing of the account was written");

    let reports = played.reported(&owner).await;
    let [report] = &*reports else { panic!("{reports:?}") };
    assert_eq!((report.person.id, report.notice, report.signed_in, report.count), (id, Some(NoticeKind::FactorReset), false, 1));
    assert!(report.may_settle);
    let person = played.call(Some(&owner.session), ReadPerson { account: id }).await.expect("a person");
    assert_eq!(person.report.map(|report| report.count), Some(1));
    let mut told: Vec<_> = played.deliver_all().await.into_iter().map(|each| (each.kind, each.address, each.words)).collect();
    told.sort_by(|a, b| a.1.cmp(&b.1));
    let addresses: Vec<_> = told.iter().map(|(kind, address, _)| (*kind, address.as_str())).collect();
    assert_eq!(addresses, [(NoticeKind::ReportedNotMe, "admin@example.org"), (NoticeKind::ReportedNotMe, "olive@example.org")]);
    assert_eq!(told[0].2["email"], "mia@example.org");

    assert_eq!(code(played.not_me(&typed).await), RefusalCode::ReportCodeWrong, "spent");
    let page = played.call(Some(&owner.session), ReadJournal { person: Some(id), before: None }).await.expect("a page");
    let made = page.rows.iter().find(|row| row.kind == "report.made").expect("an entry");
    assert!(made.actor.is_none(), "nobody knows who typed it");

    let note = SettleReport { account: id, note: "Called her: it was her own new phone".into() };
    played.call(Some(&administrator.session), note).await.expect("settled");
    assert!(played.reported(&owner).await.is_empty());
    let again = SettleReport { account: id, note: "Once more".into() };
    assert_eq!(code(played.call(Some(&owner.session), again).await.map(drop)), RefusalCode::NothingReported);
}

#[tokio::test(flavor = "multi_thread")]
async fn late_and_unknown_codes_are_told_alike_and_guessing_waits() {
    let (played, _, id, typed) = reset_and_told().await;
    assert_eq!(code(played.not_me("12345").await), RefusalCode::CodeLength, "the form of no code costs nothing");
    played.clock.turn(30 * DAY - 60);
    let unknown = |n: u8| ReportCode::of(&[n; 32]).grouped().expose_secret().to_owned();
    for n in 0..4 {
        assert_eq!(code(played.not_me(&unknown(n)).await), RefusalCode::ReportCodeWrong);
    }
    played.clock.turn(60);
    assert_eq!(code(played.not_me(&typed).await), RefusalCode::ReportCodeWrong, "thirty days are over");
    for n in 4..9 {
        let refused = code(played.not_me(&unknown(n)).await);
        assert!(matches!(refused, RefusalCode::ReportCodeWrong | RefusalCode::Wait), "{refused:?}");
    }
    assert_eq!(code(played.not_me(&typed).await), RefusalCode::Wait);
    // Whoever guesses hinders nobody from coming in.
    assert!(played.first_door("mia@example.org").await.is_ok());
    assert!(authority::Store::report(played.authority.store(), AccountId(id)).await.expect("a read").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_ones_own_activity_is_pointed_at_and_no_other() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let mine = played.call(Some(&member.session), ReadMyActivity { before: None }).await.expect("a page").rows;
    let entry = mine[0].index;
    played.call(Some(&member.session), ReportEntry { entry }).await.expect("said");
    played.call(Some(&member.session), ReportEntry { entry }).await.expect("said already");
    let reports = played.reported(&owner).await;
    assert!(
        matches!(&*reports, [report] if report.person.id == id && report.entry == Some(entry) && report.signed_in && report.count == 1)
    );
    assert!(played.is_signed_in(&member.session).await, "it locks nobody out");

    let of_others = played.call(Some(&owner.session), ReadJournal { person: None, before: None }).await.expect("a page").rows;
    let foreign = of_others.iter().find(|row| row.kind == "workspace.created").expect("an entry of somebody else").index;
    for entry in [foreign, u64::MAX, 1_000_000] {
        let refused = played.call(Some(&member.session), ReportEntry { entry }).await.map(drop);
        assert!(matches!(code(refused), RefusalCode::EntryNotOwn), "{entry}");
    }
    assert_eq!(code(played.call(None, ReportEntry { entry }).await.map(drop)), RefusalCode::SessionEnded);
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_seen_and_settled_by_staff_who_reach_the_person() {
    let (played, owner, id, typed) = reset_and_told().await;
    let elsewhere = south(&played, &owner).await;
    let (_, stranger) = join_in(&played, &owner, elsewhere, "sam@example.org", RoleName::Administrator).await;
    let (_, support) = played.join(&owner, "support@example.org", RoleName::Support).await;
    let (_, other) = played.join(&owner, "other@example.org", RoleName::Member).await;
    played.not_me(&typed).await.expect("said");
    assert!(played.reported(&stranger).await.is_empty());
    assert_eq!(played.reported(&support).await.len(), 1);
    let settle = async |by: &Person, note: &str| played.call(Some(&by.session), SettleReport { account: id, note: note.into() }).await;
    for by in [&stranger, &other] {
        assert_eq!(code(settle(by, "I was here").await.map(drop)), RefusalCode::NotAllowed);
    }
    assert_eq!(code(settle(&support, "  ").await.map(drop)), RefusalCode::NoteEmpty);
    settle(&support, "Rang her back").await.expect("settled");
    let page = played.call(Some(&owner.session), ReadJournal { person: Some(id), before: None }).await.expect("a page");
    assert!(page.rows.iter().any(|row| row.kind == "report.settled" && row.words["note"] == "Rang her back"));
}
