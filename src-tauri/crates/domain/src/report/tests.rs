use uuid::Uuid;

use super::*;
use crate::{
    gate::Role,
    id::MailId,
    mail::outbox::{Answer, MailState},
    testing::{NOW, person, session},
};

fn noticed() -> (Mail, Account) {
    let account = person(3, Some(Role::Member));
    let notice = Notice::new(account.id, NoticeKind::PasswordChanged);
    let mut mail = Mail::of(&notice, &account, (account.email.clone(), MailState::Sent), MailId(Uuid::from_u128(7)), NOW);
    mail.answer = Some(Answer { hash: [1; 32], spent_at: None });
    (mail, account)
}

fn tried() -> ReportTry {
    ReportTry { key: [9; 32], failures: Failures::default() }
}

fn written(decision: &Decision<()>) -> Option<Report> {
    decision.changes.iter().find_map(|change| if let Change::Report(report) = change { Some((**report).clone()) } else { None })
}

#[test]
fn a_code_is_read_however_it_is_typed() {
    let code = ReportCode::of(&[7; 32]);
    let shown = code.grouped().expose_secret().to_owned();
    assert_eq!(shown.len(), 11);
    for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', " "), format!("  {} ", shown.replace('-', ""))] {
        assert_eq!(ReportCode::read(&typed).expect("its form").canonical().expose_secret(), code.canonical().expose_secret(), "{typed}");
    }
    let wrong = shown.replace(&shown[..1], if shown.starts_with('9') { "8" } else { "9" });
    assert!(matches!(ReportCode::read(&wrong), Err(FormError::Mistyped)));
    assert!(matches!(ReportCode::read(" - "), Err(FormError::Empty)));
    assert!(matches!(ReportCode::read("12345"), Err(FormError::Length { symbols: 5 })));
    assert!(!format!("{code:?}").contains(&shown[..5]));
}

/// It marks the account and tells those who administer it, once; and nothing of the account is written.
#[test]
fn a_code_marks_the_account_and_changes_nothing_else() {
    let (mail, account) = noticed();
    let staff = [person(1, None).id, person(2, Some(Role::Administrator)).id, account.id];
    let first = by_code(tried(), Some((mail.clone(), account.clone())), None, &staff, NOW.plus(5));
    assert_eq!(first.verdict, Ok(()));
    let report = written(&first).expect("a report");
    assert_eq!((report.count, report.pointed, report.signed_in), (1, Pointed::Notice(NoticeKind::PasswordChanged), false));
    assert_eq!(
        first.notices.iter().map(|notice| (notice.to, notice.kind)).collect::<Vec<_>>(),
        [(staff[0], NoticeKind::ReportedNotMe), (staff[1], NoticeKind::ReportedNotMe)]
    );
    assert!(first.notices.iter().all(|notice| notice.about == Some(account.id)));
    let [event] = &*first.events else { panic!("one entry") };
    assert_eq!((event.actor, event.subject), (None, Some(account.id)), "whoever has the code need not be the person");
    for change in &first.changes {
        assert!(matches!(change, Change::Report(_) | Change::Mail(_)), "a lever: {change:?}");
    }

    let second = by_code(tried(), Some((mail, account)), Some(report), &staff, NOW.plus(9));
    assert!(second.notices.is_empty(), "they know");
    let report = written(&second).expect("a report");
    assert_eq!((report.count, report.first_at, report.last_at), (2, NOW.plus(5), NOW.plus(9)));
}

#[test]
fn unknown_spent_and_late_codes_are_answered_and_counted_alike() {
    let (mail, account) = noticed();
    let spent = Mail { answer: Some(Answer { hash: [1; 32], spent_at: Some(NOW) }), ..mail.clone() };
    let cases = [(None, 5), (Some((spent, account.clone())), 5), (Some((mail.clone(), account.clone())), REPORT_VALIDITY)];
    for (found, after) in cases {
        let refused = by_code(tried(), found, None, &[], NOW.plus(after));
        assert_eq!(refused.verdict, Err(Refusal::ReportCodeWrong));
        assert!(refused.events.is_empty() && refused.notices.is_empty());
        assert!(matches!(&*refused.changes, [Change::Throttle(_, failures)] if failures.in_a_row() == 1));
    }
    let in_time = by_code(tried(), Some((mail, account)), None, &[], NOW.plus(REPORT_VALIDITY - 1));
    assert!(in_time.verdict.is_ok());
}

#[test]
fn whoever_guesses_waits_and_a_right_code_is_not_looked_at_meanwhile() {
    let (mail, account) = noticed();
    let mut tried = tried();
    for n in 0..5 {
        let refused = by_code(ReportTry { key: tried.key, failures: tried.failures.clone() }, None, None, &[], NOW.plus(n));
        let [Change::Throttle(_, failures)] = &*refused.changes else { panic!("counted") };
        tried.failures = failures.clone();
    }
    let good = by_code(
        ReportTry { key: tried.key, failures: tried.failures.clone() },
        Some((mail.clone(), account.clone())),
        None,
        &[],
        NOW.plus(5),
    );
    assert!(matches!(good.verdict, Err(Refusal::Wait(_))) && good.changes.is_empty(), "{:?}", good.verdict);
    let later = by_code(tried, Some((mail, account)), None, &[], NOW.plus(3600));
    assert!(later.verdict.is_ok());
    assert!(later.changes.iter().any(|change| matches!(change, Change::Throttle(_, failures) if failures.is_empty())));
}

#[test]
fn an_entry_is_pointed_at_once_and_only_one_of_ones_own() {
    let account = person(3, Some(Role::Member));
    let full = session(&account, Stage::Full);
    let staff = [person(1, None).id];
    let first = by_entry(&account, &full, (7, true), None, &staff, NOW);
    let report = written(&first).expect("a report");
    assert_eq!((report.pointed, report.signed_in, first.notices.len()), (Pointed::Entry(7), true, 1));
    let again = by_entry(&account, &full, (7, true), Some(report.clone()), &staff, NOW);
    assert!(again.verdict.is_ok() && again.changes.is_empty() && again.events.is_empty());
    assert_eq!(by_entry(&account, &full, (8, false), None, &staff, NOW).verdict, Err(Refusal::EntryNotOwn));
    for stage in [Stage::SecondFactor, Stage::Locked, Stage::Enrol { by_recovery: false }] {
        assert_eq!(by_entry(&account, &session(&account, stage), (7, true), None, &staff, NOW).verdict, Err(Refusal::SessionStage));
    }
    let other = by_entry(&account, &full, (8, true), Some(report), &staff, NOW);
    assert_eq!(written(&other).map(|report| (report.count, report.entries)), Some((2, vec![7, 8])));
}

#[test]
fn staff_who_reach_the_person_settle_it_once_and_a_new_one_tells_again() {
    let (mail, account) = noticed();
    let note = Name::read("It was her new phone, she forgot").expect("a note");
    let owner = person(1, None);
    let report = written(&by_code(tried(), Some((mail.clone(), account.clone())), None, &[], NOW)).expect("a report");
    let settle =
        |actor: &Account, report: Option<Report>| settle(actor, &session(actor, Stage::Full), &account, report, &note, NOW.plus(60));
    assert_eq!(settle(&account, Some(report.clone())).verdict, Err(Refusal::OnSelf));
    assert_eq!(settle(&person(5, Some(Role::Member)), Some(report.clone())).verdict, Err(Refusal::NotAllowed));
    let done = settle(&owner, Some(report));
    assert_eq!(done.events[0].words["note"], note.as_str());
    let settled = written(&done).expect("a report");
    assert!(!settled.waits());
    assert_eq!(settle(&owner, Some(settled.clone())).verdict, Err(Refusal::NothingReported));
    assert_eq!(settle(&owner, None).verdict, Err(Refusal::NothingReported));
    let anew = by_code(tried(), Some((mail, account)), Some(settled), &[owner.id], NOW.plus(90));
    assert_eq!((written(&anew).map(|report| report.count), anew.notices.len()), (Some(1), 1));
}
