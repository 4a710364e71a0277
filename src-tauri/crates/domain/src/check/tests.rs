use uuid::Uuid;

use super::*;
use crate::{
    NoticeKind, Refusal,
    code::{self, FormError},
    gate::Role,
    id::CommunityId,
    oath::OathSecret,
    secret_hash::Opaque,
    session::Stage,
    sign_in,
    testing::*,
    words::Name,
};

const KEY: ThrottleKey = [3; 32];

fn client(number: u8) -> Client {
    let id = ClientId(Uuid::from_u128(number.into()));
    Client {
        id,
        name: Name::read("VPN").expect("a name"),
        key: Opaque([number; 32]),
        realms: Realms::Workspace,
        made_at: NOW,
        used_at: None,
    }
}

fn held() -> Held {
    enrolled(person(1, Some(Role::Member)))
}

/// As the authority goes about it.
fn asked(client: &Client, person: Account, tried: &CodeTry, failures: Failures, now: Moment) -> Decision<bool> {
    let policy = Policy::default();
    let counted = is_counted(Some(&person), client.id);
    let mut judged = person.clone();
    match judge(&policy, &mut judged, tried, now) {
        Some(right) => accept(client, judged, right, counted.then_some(KEY)),
        None => refuse(&policy, client, Some(judged), (KEY, failures), now),
    }
}

fn counted(decision: &Decision<bool>) -> Option<Failures> {
    decision.changes.iter().find_map(|change| if let Change::Throttle(KEY, failures) = change { Some(failures.clone()) } else { None })
}

fn wrong(held: &Held, account: &Account) -> CodeTry {
    let other = OathSecret::from_bytes(&[9; 20]).expect("a secret");
    digits(account, &held.secret, other.code_at(NOW.plus(9_000)))
}

fn in_a_row(account: &Account) -> u32 {
    account.second_factor.failures().expect("a factor").in_a_row()
}

#[test]
fn a_code_is_right_once_and_told_with_the_client() {
    let held = held();
    let later = NOW.plus(60);
    let tried = digits(&held.account, &held.secret, held.secret.code_at(later));
    let first = asked(&client(1), held.account.clone(), &tried, Failures::default(), later);
    assert_eq!(first.verdict, Ok(true));
    assert_eq!((first.events[0].kind, first.events[0].words["client"].as_str()), (EventKind::CheckedAuthenticator, "VPN"));
    assert!(counted(&first).is_none() && first.changes.len() == 1, "one record, and nothing that was not counted is forgotten");
    let spent = written(&first).expect("written");
    for asker in [client(1), client(2)] {
        let again = asked(&asker, spent.clone(), &tried, Failures::default(), later);
        assert_eq!(again.verdict, Ok(false));
        assert_eq!(counted(&again).map(|failures| failures.in_a_row()), Some(1));
    }
    let session = session(&spent, Stage::SecondFactor);
    assert_eq!(sign_in::with_code(&Policy::default(), spent, session, &tried, later).verdict, Err(Refusal::CodeUsed), "nor in the window");
}

#[test]
fn a_backup_code_is_right_once_and_the_last_few_are_told() {
    let mut account = held().account;
    let codes = held().codes;
    let mut told = 0;
    for (used, code) in codes.iter().enumerate() {
        let decision = asked(&client(1), account.clone(), &lookup(&account, code), Failures::default(), NOW);
        assert_eq!((decision.verdict.clone(), decision.events[0].kind), (Ok(true), EventKind::CheckedBackupCode), "code {used}");
        told += decision.notices.iter().filter(|notice| notice.kind == NoticeKind::BackupCodesFew).count();
        account = written(&decision).expect("written");
        let again = asked(&client(1), account.clone(), &lookup(&account, code), Failures::default(), NOW);
        assert_eq!(again.verdict, Ok(false), "code {used}");
    }
    assert_eq!(told, 1);
    let off = Policy { backup_codes: false, ..Policy::default() };
    let fresh = held();
    assert!(judge(&off, &mut fresh.account.clone(), &lookup(&fresh.account, &fresh.codes[0]), NOW).is_none());
}

#[test]
fn codes_of_other_kinds_are_not_for_here() {
    for kind in [Kind::Recovery, Kind::Invitation, Kind::Password, Kind::Kit] {
        let code = Code::random(kind, &mut Counting(4));
        let typed = code::read(code.grouped().expose_secret()).expect("a code");
        assert!(!is_for_here(&typed), "{kind:?}");
        assert!(
            judge(&Policy::default(), &mut held().account, &CodeTry { typed, secrets: Vec::new(), hashed: None, out_of_reach: None }, NOW)
                .is_none()
        );
    }
    let backup = Code::random(Kind::Backup, &mut Counting(4));
    assert!(is_for_here(&Typed::Code(backup)) && is_for_here(&Typed::Totp("123456".into())));
    assert_eq!(code::read("").err(), Some(FormError::Empty));
}

#[test]
fn only_somebody_with_a_method_who_may_come_in_and_is_of_the_realm_answers() {
    let (policy, account) = (Policy::default(), held().account);
    let may = |account: &Account, realms: &Realms| may_answer(&policy, account, realms);
    assert!(may(&account, &Realms::Workspace) && may(&account, &Realms::Communities(vec![COMMUNITY])));
    assert!(!may(&account, &Realms::Communities(vec![CommunityId(Uuid::from_u128(2))])));
    assert!(!may(&person(1, Some(Role::Member)), &Realms::Workspace), "no method");
    assert!(!may(&Account { deactivated_at: Some(NOW), ..account.clone() }, &Realms::Workspace));
    assert!(!may(&Account { elsewhere: true, ..account }, &Realms::Workspace));
}

#[test]
fn failures_at_a_client_wait_there_and_neither_in_the_window_nor_at_another() {
    let held = held();
    let (policy, mut account, mut failures) = (Policy::default(), held.account.clone(), Failures::default());
    let mut locked = 0;
    for _ in 0..policy.limits.per_minute {
        let decision = asked(&client(1), account.clone(), &wrong(&held, &account), failures, NOW);
        assert_eq!(decision.verdict, Ok(false));
        locked += decision.events.iter().filter(|event| event.kind == EventKind::CheckLocked).count();
        (account, failures) = (written(&decision).expect("written"), counted(&decision).expect("counted"));
    }
    assert_eq!(locked, 1, "told once");
    assert!(failures.open(&policy.limits.for_passwords(), NOW.plus(60)).is_err(), "a wait at this client");
    assert!(is_counted(Some(&account), client(1).id) && !is_counted(Some(&account), client(2).id));
    assert_eq!(account.second_factor.open(&policy.limits, NOW), Ok(()), "none in the window");
    assert_eq!(in_a_row(&account), u32::from(policy.limits.per_minute));

    let after = NOW.plus(3_000);
    let right = digits(&account, &held.secret, held.secret.code_at(after));
    let decision = asked(&client(1), account, &right, failures, after);
    assert_eq!((decision.verdict.clone(), counted(&decision)), (Ok(true), Some(Failures::default())), "and a right code forgets it");
    let account = written(&decision).expect("written");
    assert!(account.failed_at.is_empty() && in_a_row(&account) == 0);
}

#[test]
fn what_failed_in_the_window_is_not_forgotten_at_a_client() {
    let held = held();
    let (policy, mut account) = (Policy::default(), held.account.clone());
    for _ in 0..policy.limits.per_minute {
        let session = session(&account, Stage::SecondFactor);
        account = written(&sign_in::with_code(&policy, account.clone(), session, &wrong(&held, &account), NOW)).expect("written");
    }
    assert!(account.second_factor.open(&policy.limits, NOW).is_err());
    let right = digits(&account, &held.secret, held.secret.code_at(NOW.plus(60)));
    let decision = asked(&client(1), account, &right, Failures::default(), NOW.plus(60));
    assert_eq!(decision.verdict, Ok(true), "whoever tries in the window closes no VPN");
    assert!(written(&decision).expect("written").second_factor.open(&policy.limits, NOW).is_err(), "nor does a VPN open the window");
}

#[test]
fn a_hundred_in_a_row_close_the_method_wherever_they_were_typed() {
    let held = held();
    let (policy, mut account) = (Policy::default(), held.account.clone());
    let mut told = 0;
    for number in 0..policy.limits.in_a_row {
        assert!(may_answer(&policy, &account, &Realms::Workspace), "after {number}");
        let asker = client(u8::try_from(number % 50).expect("few"));
        let decision = asked(&asker, account.clone(), &wrong(&held, &account), Failures::default(), NOW);
        told += decision.events.iter().filter(|event| event.kind == EventKind::FailuresLocked).count();
        account = written(&decision).expect("written");
    }
    assert!(!may_answer(&policy, &account, &Realms::Workspace));
    assert_eq!((told, account.second_factor.open(&policy.limits, NOW)), (1, Err(Closed::Disabled)));
    let session = session(&account, Stage::SecondFactor);
    let right = digits(&account, &held.secret, held.secret.code_at(NOW.plus(60)));
    assert_eq!(sign_in::with_code(&policy, account, session, &right, NOW.plus(60)).verdict, Err(Refusal::MethodDisabled));
}

#[test]
fn nobody_is_counted_like_somebody() {
    let held = held();
    let policy = Policy::default();
    let somebody = asked(&client(1), held.account.clone(), &wrong(&held, &held.account), Failures::default(), NOW);
    let nobody = refuse(&policy, &client(1), None, (KEY, Failures::default()), NOW);
    assert_eq!(nobody.verdict, somebody.verdict);
    assert_eq!(counted(&nobody), counted(&somebody));
    assert!(nobody.events.is_empty() && nobody.notices.is_empty(), "and what is nobody's is told to nobody");
}

#[test]
fn staff_end_a_wait_at_a_client_too() {
    let held = held();
    let (policy, mut failures) = (Policy::default(), Failures::default());
    let mut account = held.account.clone();
    for _ in 0..policy.limits.per_minute {
        let decision = asked(&client(1), account.clone(), &wrong(&held, &account), failures, NOW);
        (account, failures) = (written(&decision).expect("written"), counted(&decision).expect("counted"));
    }
    // What unlocking does.
    account.failed_at.clear();
    assert!(!is_counted(Some(&account), client(1).id), "nothing stands before a right code");
    let decision = asked(&client(1), account.clone(), &wrong(&held, &account), failures, NOW.plus(1));
    let failures = counted(&decision).expect("counted");
    assert_eq!(failures.open(&policy.limits.for_passwords(), NOW.plus(1)), Ok(()), "one more failure is one");
}
