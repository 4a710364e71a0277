use super::*;
use crate::{gate::Role, secret_hash::Recipe, sign_in::with_code, testing::*};

fn policy() -> Policy {
    Policy::default()
}

fn fresh(account: &Account) -> Session {
    Session { factor_at: Some(NOW), ..session(account, Stage::Full) }
}

fn password(stands_alone: bool) -> Password {
    Password { hash: Recipe::random(CHEAP, &mut Counting(6)).hash(&"another".into()), stands_alone }
}

#[test]
fn new_codes_kill_the_old_ones_at_that_instant() {
    let held = enrolled(person(1, Some(Role::Member)));
    let new = crate::code::Code::backup_set(&mut Counting(500));
    let decision = renew_backup_codes(&policy(), held.account.clone(), fresh(&held.account), &proof(true, None), hashed_set(&new), NOW);
    let account = written(&decision).expect("renewed");
    let door = session(&account, Stage::SecondFactor);
    let old = with_code(&policy(), account.clone(), door.clone(), &lookup(&account, &held.codes[0]), NOW);
    assert_eq!(old.verdict, Err(Refusal::CodeWrong));
    assert!(with_code(&policy(), account.clone(), door, &lookup(&account, &new[0]), NOW).verdict.is_ok());
}

#[test]
fn a_wrong_password_renews_nothing() {
    let held = enrolled(person(1, Some(Role::Member)));
    let decision = renew_backup_codes(&policy(), held.account.clone(), fresh(&held.account), &proof(false, None), hashed_set(&[]), NOW);
    assert_eq!(decision.verdict, Err(Refusal::WrongPassword));
    assert!(written(&decision).is_none());
}

#[test]
fn codes_are_saved_once() {
    let held = enrolled(person(1, Some(Role::Member)));
    let first = note_saved(held.account.clone(), &fresh(&held.account), Saved::TextFile, NOW);
    assert_eq!(first.events.len(), 1);
    let second = note_saved(written(&first).expect("noted"), &fresh(&held.account), Saved::Copied, NOW);
    assert!(second.events.is_empty() && second.changes.is_empty());
}

#[test]
fn disabling_ends_every_session_and_tells() {
    let held = enrolled(person(1, Some(Role::Member)));
    let decision = disable(&policy(), held.account.clone(), fresh(&held.account), &proof(true, None), NOW);
    assert!(matches!(written(&decision).expect("disabled").second_factor, SecondFactor::None));
    assert!(ends_sessions_of(&decision, held.account.id));
    assert_eq!(decision.notices.len(), 1);
}

#[test]
fn policy_and_short_passwords_forbid_disabling() {
    let administrator = enrolled(person(1, Some(Role::Administrator)));
    assert_eq!(may_disable(&policy(), &administrator.account), Err(Refusal::DisableForbidden));
    let mut short = enrolled(person(1, Some(Role::Member))).account;
    assert_eq!(may_disable(&Policy { may_disable: false, ..policy() }, &short), Err(Refusal::DisableForbidden));
    short.password.as_mut().expect("a password").stands_alone = false;
    assert_eq!(may_disable(&policy(), &short), Err(Refusal::PasswordCannotStandAlone));
}

#[test]
fn changing_the_password_asks_for_the_present_one_and_ends_every_session() {
    let account = person(1, Some(Role::Member));
    let try_change = |matched, new: Password, unchanged| {
        change_password(&policy(), account.clone(), session(&account, Stage::Full), &proof(matched, None), new, unchanged, NOW)
    };
    assert_eq!(try_change(false, password(true), false).verdict, Err(Refusal::WrongPassword));
    assert_eq!(try_change(true, password(true), true).verdict, Err(Refusal::PasswordUnchanged));
    assert_eq!(try_change(true, password(false), false).verdict, Err(Refusal::PasswordCannotStandAlone));
    let changed = try_change(true, password(true), false);
    assert_eq!(changed.verdict, Ok(()));
    assert!(ends_sessions_of(&changed, account.id));
}
