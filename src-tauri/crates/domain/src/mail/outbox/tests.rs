use secrecy::ExposeSecret;
use uuid::Uuid;

use super::*;
use crate::{
    account::Invitation,
    code::{Code, Kind},
    secret_hash::Recipe,
    testing::{CHEAP, Counting, NOW, person},
};

const WAITING: MailState = MailState::Waiting { next: NOW };
const REACH: Outcome = Outcome::Failed { failure: Failure::CannotReach, for_good: false };

fn mail(kind: NoticeKind, state: MailState) -> (Mail, Account) {
    let account = person(3, None);
    let mail = Mail::of(&Notice::new(account.id, kind), &account, (account.email.clone(), state), MailId(Uuid::from_u128(7)), NOW);
    (mail, account)
}

/// As many seconds from [`NOW`] as each attempt came at, when every one of them fails as soon as it may be made.
fn attempts(mail: &mut Mail, account: &Account) -> Vec<i64> {
    let (mut at, mut made) = (NOW, Vec::new());
    while let Some(due) = mail.due_at(Moment(0)) {
        at = at.max(due);
        if mail.claim(Some(account), true, at) != Claim::Send {
            break;
        }
        made.push(at.since(NOW));
        at = at.plus(1);
        mail.settle(REACH, at);
    }
    made
}

#[test]
fn waits_rise_to_six_hours_and_end_after_seven_days() {
    assert_eq!([0, 1, 2, 3, 4, 5, 6, 1000].map(wait_after), [60, 60, 300, 900, 3600, 21600, 21600, 21600]);
    let (mut mail, account) = mail(NoticeKind::PasswordChanged, WAITING);
    let made = attempts(&mut mail, &account);
    assert_eq!(made[..6], [0, 61, 362, 1263, 4864, 26465]);
    assert!(made.last().is_some_and(|last| *last <= TRIED_FOR && TRIED_FOR - last < 6 * HOUR), "{made:?}");
    assert_eq!((mail.state, mail.failure), (MailState::Failed, Some(Failure::CannotReach)), "and it says what was in the way");
}

/// What each outcome makes of a notice that is being sent; one that is not is never changed by it.
#[test]
fn outcomes_lead_where_the_table_says() {
    let failed = |failure, for_good| Outcome::Failed { failure, for_good };
    let later = MailState::Waiting { next: NOW.plus(60) };
    let cases = [
        (Outcome::Sent, MailState::Sent, None),
        (Outcome::Uncertain, MailState::Uncertain, Some(Failure::BrokeOff)),
        (failed(Failure::CannotReach, true), later, Some(Failure::CannotReach)),
        (failed(Failure::Tls, true), later, Some(Failure::Tls)),
        (failed(Failure::RefusedPassword, true), later, Some(Failure::RefusedPassword)),
        (failed(Failure::RefusedSender, true), later, Some(Failure::RefusedSender)),
        (failed(Failure::Busy, false), later, Some(Failure::Busy)),
        (failed(Failure::BrokeOff, false), later, Some(Failure::BrokeOff)),
        (failed(Failure::PasswordUnreadable, false), later, Some(Failure::PasswordUnreadable)),
        (failed(Failure::RefusedAddress, false), later, Some(Failure::RefusedAddress)),
        (failed(Failure::RefusedAddress, true), MailState::Failed, Some(Failure::RefusedAddress)),
        (failed(Failure::RefusedMessage, true), MailState::Failed, Some(Failure::RefusedMessage)),
        (failed(Failure::Full, false), later, Some(Failure::Full)),
        (failed(Failure::Full, true), MailState::Failed, Some(Failure::Full)),
    ];
    for (outcome, state, failure) in cases {
        let (mut sending, account) = mail(NoticeKind::PasswordChanged, WAITING);
        assert_eq!(sending.claim(Some(&account), true, NOW), Claim::Send);
        assert!(sending.settle(outcome, NOW), "{outcome:?}");
        assert_eq!((sending.state, sending.failure), (state, failure), "{outcome:?}");
        for other in [WAITING, MailState::Sent, MailState::Uncertain, MailState::Failed, MailState::Letter] {
            let (mut other, _) = mail(NoticeKind::PasswordChanged, other);
            let before = other.state;
            assert!(!other.settle(outcome, NOW) && other.state == before, "{outcome:?} of {before:?}");
        }
    }
}

#[test]
fn a_test_is_tried_once() {
    let (mut test, account) = mail(NoticeKind::Test, WAITING);
    assert_eq!(test.claim(Some(&account), true, NOW), Claim::Send);
    test.settle(REACH, NOW);
    assert_eq!((test.state, test.failure), (MailState::Failed, Some(Failure::CannotReach)));
    assert_eq!(test.may_resend(true), Err(Refusal::NoticeMoved));
}

/// Nothing but waiting is ever claimed, and nothing waits any more once it was.
#[test]
fn only_what_waits_is_claimed_and_only_once() {
    let by = person(4, None).id;
    for state in
        [MailState::Sending, MailState::Sent, MailState::Uncertain, MailState::Failed, MailState::Letter, MailState::HandedOver { by }]
    {
        let (mut mail, account) = mail(NoticeKind::PasswordChanged, state);
        assert_eq!(mail.claim(Some(&account), true, NOW.plus(DAY)), Claim::Not, "{state:?}");
        assert_eq!(mail.due_at(Moment(i64::MAX)), None);
    }
    let (mut mail, account) = mail(NoticeKind::PasswordChanged, WAITING);
    assert_eq!(mail.claim(Some(&account), true, NOW), Claim::Send);
    assert_eq!((mail.claim(Some(&account), true, NOW), mail.attempts), (Claim::Not, 1));
}

#[test]
fn what_was_half_sent_is_uncertain_and_waits_for_nobody() {
    let (mut mail, account) = mail(NoticeKind::PasswordChanged, WAITING);
    assert!(!mail.give_up(NOW), "it was not being sent");
    mail.claim(Some(&account), true, NOW);
    assert!(mail.give_up(NOW.plus(60)));
    assert_eq!((mail.state, mail.due_at(Moment(i64::MAX))), (MailState::Uncertain, None));
    assert!(!mail.settle(Outcome::Sent, NOW.plus(61)), "whoever gave it up has settled it");
}

#[test]
fn without_mail_what_waits_becomes_a_letter_and_stays_one() {
    let (mut notice, account) = mail(NoticeKind::PasswordChanged, WAITING);
    assert_eq!(notice.claim(Some(&account), false, NOW), Claim::Put);
    assert_eq!(notice.state, MailState::Letter);
    assert_eq!(notice.claim(Some(&account), true, NOW.plus(60)), Claim::Not, "mail was set up again");
    let (mut test, account) = mail(NoticeKind::Test, WAITING);
    assert_eq!(test.claim(Some(&account), false, NOW), Claim::Put);
    assert_eq!((test.state, test.failure), (MailState::Failed, Some(Failure::MailOff)));
}

#[test]
fn seven_days_without_an_attempt_are_over_too() {
    for (days, claim) in [(7 * DAY - 1, Claim::Send), (7 * DAY, Claim::Put)] {
        let (mut mail, account) = mail(NoticeKind::PasswordChanged, WAITING);
        assert_eq!(mail.claim(Some(&account), true, NOW.plus(days)), claim);
        assert_eq!(mail.failure, (claim == Claim::Put).then_some(Failure::TooLate));
    }
}

fn invited() -> (Mail, Account) {
    let (mut mail, mut account) = mail(NoticeKind::Invitation, WAITING);
    let code = Code::random(Kind::Invitation, &mut Counting(3));
    account.invitation = Some(Invitation::new(Recipe::random(CHEAP, &mut Counting(4)).hash(code.canonical()), NOW));
    mail.code = Some(Carried { sealed: Sealed(vec![1]), until: NOW.plus(DAY) });
    (mail, account)
}

/// A code goes out only as long as it opens something, and is wiped whatever becomes of it.
#[test]
fn a_code_is_sent_while_it_is_in_force_and_wiped_after() {
    let (mut good, account) = invited();
    assert_eq!(good.claim(Some(&account), true, NOW), Claim::Send);
    assert!(good.code.is_some(), "it is needed now");
    for outcome in [Outcome::Sent, Outcome::Uncertain, Outcome::Failed { failure: Failure::RefusedAddress, for_good: true }] {
        let mut mail = good.clone();
        mail.settle(outcome, NOW);
        assert!(mail.code.is_none(), "{outcome:?}");
        assert_eq!(mail.may_resend(true), Err(Refusal::NoticeCodeGone));
        assert!(!mail.may_hand_over());
    }
    good.settle(REACH, NOW);
    assert!(good.code.is_some(), "it will be tried again");

    type Meanwhile = fn(&mut Mail, &mut Account);
    let ends: [(&str, Meanwhile, i64, bool, Failure); 5] = [
        ("accepted", |_, account| account.invitation = None, 1, true, Failure::Overtaken),
        ("renewed", |_, account| account.invitation.as_mut().expect("one").issued_at = NOW.plus(1), 1, true, Failure::Overtaken),
        ("lost", |mail, _| mail.code = None, 1, true, Failure::Overtaken),
        ("too late", |_, _| (), DAY, true, Failure::TooLate),
        ("mail is off", |_, _| (), 1, false, Failure::MailOff),
    ];
    for (name, change, after, on, failure) in ends {
        let (mut mail, mut account) = invited();
        change(&mut mail, &mut account);
        assert_eq!(mail.claim(Some(&account), on, NOW.plus(after)), Claim::Put, "{name}");
        assert_eq!((mail.state, mail.failure, mail.code.is_none()), (MailState::Failed, Some(failure), true), "{name}");
    }
    let (mut nobodys, _) = invited();
    assert_eq!(nobodys.claim(None, true, NOW), Claim::Put);
}

#[test]
fn a_notice_goes_to_both_addresses_and_a_code_to_the_first_alone() {
    let mut account = person(3, None);
    account.second_email = Some(Email::read("second@example.org").expect("an address"));
    let old = Email::read("old@example.org").expect("an address");
    let places = |notice: &Notice, on| -> Vec<(String, &'static str)> {
        plan(notice, &account, on, NOW).into_iter().map(|(email, state)| (email.as_str().to_owned(), state.as_str())).collect()
    };
    let (first, second) = (account.email.as_str().to_owned(), "second@example.org".to_owned());
    let changed = Notice::new(account.id, NoticeKind::PasswordChanged);
    assert_eq!(places(&changed, true), [(first.clone(), "waiting"), (second, "waiting")]);
    assert_eq!(places(&changed, false), [(first.clone(), "letter")], "one letter");
    let moved = Notice::new(account.id, NoticeKind::EmailChanged).at(vec![old, account.email.clone()]);
    assert_eq!(places(&moved, true), [("old@example.org".to_owned(), "waiting"), (first.clone(), "waiting")]);
    let mut invitation = Notice::new(account.id, NoticeKind::Invitation);
    assert!(places(&invitation, true).is_empty(), "without its code it is worth nothing");
    invitation.code = Some(("NAAAA".into(), NOW.plus(DAY)));
    assert_eq!(places(&invitation, true), [(first.clone(), "waiting")]);
    assert!(places(&invitation, false).is_empty(), "a code is never a letter by itself");
    assert_eq!(places(&Notice::new(account.id, NoticeKind::Test), false), [(first, "waiting")]);
}

#[test]
fn sending_again_begins_anew_and_is_said_to_be_the_same_message() {
    let (mut mail, account) = mail(NoticeKind::PasswordChanged, WAITING);
    let id = mail.named(&Email::read("desk@Example.org").expect("an address"));
    assert_eq!(id, "<00000000-0000-0000-0000-000000000007@example.org>");
    attempts(&mut mail, &account);
    assert_eq!((mail.may_resend(false), mail.may_resend(true)), (Err(Refusal::MailNotSetUp), Ok(())));
    let later = NOW.plus(10 * DAY);
    mail.resend(later);
    assert_eq!((mail.attempts, mail.failure, mail.due_at(Moment(0))), (0, None, Some(later)));
    assert_eq!(mail.claim(Some(&account), true, later), Claim::Send);
    assert_eq!(mail.named(&Email::read("other@example.com").expect("an address")), id);
    assert_eq!(mail.may_resend(true), Err(Refusal::NoticeMoved), "it is on its way");
    mail.settle(Outcome::Uncertain, later);
    assert_eq!(mail.may_resend(true), Ok(()), "a person may decide so");
}

#[test]
fn what_was_tried_under_other_settings_is_due_at_once() {
    let (mut mail, account) = mail(NoticeKind::PasswordChanged, WAITING);
    mail.claim(Some(&account), true, NOW);
    mail.settle(REACH, NOW);
    assert_eq!(mail.due_at(NOW), Some(NOW.plus(60)));
    assert_eq!(mail.due_at(NOW.plus(1)), Some(NOW));
}

#[test]
fn a_restored_backup_sends_nothing_that_waited_in_it() {
    let by = person(4, None).id;
    let all = [
        WAITING,
        MailState::Sending,
        MailState::Sent,
        MailState::Uncertain,
        MailState::Failed,
        MailState::Letter,
        MailState::HandedOver { by },
    ];
    let after = all.map(|state| {
        let (mut mail, _) = mail(NoticeKind::PasswordChanged, state);
        mail.renew(NOW);
        mail.state.as_str()
    });
    assert_eq!(after, ["uncertain", "uncertain", "sent", "uncertain", "failed", "letter", "handed-over"]);
}

#[test]
fn records_and_texts_come_back_as_they_were_kept() {
    let (mut mail, account) = invited();
    mail.claim(Some(&account), true, NOW);
    let text = serde_json::to_string(&mail).expect("written");
    let read: Mail = serde_json::from_str(&text).expect("read");
    assert_eq!(format!("{read:?}"), format!("{mail:?}"));
    assert!(text.contains(r#""kind":"invitation""#), "{text}");
    for kind in NoticeKind::ALL {
        assert_eq!(serde_json::to_string(kind).expect("text"), format!("\"{}\"", kind.as_str()));
    }
    for (failure, text) in Failure::ALL {
        assert_eq!((serde_json::to_string(&failure).expect("text"), failure.as_str()), (format!("\"{text}\""), text));
    }
    let mut decision = crate::Decision::accept(()).notice(account.id, NoticeKind::Invitation).notice(account.id, NoticeKind::Unlocked);
    let code = Code::random(Kind::Invitation, &mut Counting(3));
    decision = decision.carrying(&code, NOW);
    assert!(!format!("{decision:?}").contains(code.grouped().expose_secret()), "no log shows it");
    assert_eq!(decision.notices.iter().map(|notice| notice.code.is_some()).collect::<Vec<_>>(), [true, false]);
}
