use super::*;
use crate::{code::Code, gate::Role, oath::STEP_SECONDS, policy::Policy, secret_hash::Recipe, testing::*, time::HOUR};

fn policy() -> Policy {
    Policy::default()
}

fn at_the_second_door(account: &Account) -> Session {
    session(account, Stage::SecondFactor)
}

fn try_code(account: Account, tried: &CodeTry, now: Moment) -> Decision<Next> {
    let session = at_the_second_door(&account);
    with_code(&policy(), account, session, tried, now)
}

fn steps(n: i64) -> i64 {
    n * STEP_SECONDS.cast_signed()
}

#[test]
fn unknown_address_and_wrong_password_are_answered_and_counted_alike() {
    let unknown = with_password(&policy(), None, password_try(false), session_id(1), NOW);
    let wrong = with_password(&policy(), Some(person(1, None)), password_try(false), session_id(1), NOW);
    for decision in [&unknown, &wrong] {
        assert_eq!(decision.verdict, Err(Refusal::WrongCredentials));
        assert!(matches!(decision.changes[..], [Change::Throttle(..)]));
    }
}

#[test]
fn an_unknown_address_never_opens_even_if_a_comparison_says_so() {
    let decision = with_password(&policy(), None, password_try(true), session_id(1), NOW);
    assert_eq!(decision.verdict, Err(Refusal::WrongCredentials));
}

#[test]
fn during_a_wait_even_the_right_password_is_not_looked_at() {
    let mut tried = password_try(true);
    for _ in 0..5 {
        tried.failures.fail(&policy().limits, NOW);
    }
    let decision = with_password(&policy(), Some(person(1, None)), tried, session_id(1), NOW.plus(60));
    assert_eq!(decision.verdict, Err(Refusal::Wait(NOW.plus(1800))));
    assert!(decision.changes.is_empty());
}

#[test]
fn where_each_account_goes_after_the_first_door() {
    let mut short = person(1, Some(Role::Member));
    short.password.as_mut().expect("a password").stands_alone = false;
    let table = [
        (person(1, Some(Role::Member)), Next::In),
        (short, Next::Enrol),
        (person(1, None), Next::Enrol),
        (enrolled(person(1, None)).account, Next::Code),
    ];
    for (account, next) in table {
        assert_eq!(with_password(&policy(), Some(account), password_try(true), session_id(1), NOW).verdict, Ok(next));
    }
}

#[test]
fn a_time_step_is_accepted_once() {
    let held = enrolled(person(1, None));
    let later = NOW.plus(steps(2));
    let tried = digits(&held.account, &held.secret, held.secret.code_at(later));
    let first = try_code(held.account, &tried, later);
    assert_eq!(first.verdict, Ok(Next::In));
    let second = try_code(written(&first).expect("written"), &tried, later.plus(1));
    assert_eq!(second.verdict, Err(Refusal::CodeUsed));
}

#[test]
fn the_code_that_verified_the_enrolment_does_not_sign_in() {
    let held = enrolled(person(1, None));
    let tried = digits(&held.account, &held.secret, held.secret.code_at(NOW));
    assert_eq!(try_code(held.account, &tried, NOW.plus(1)).verdict, Err(Refusal::CodeUsed));
}

#[test]
fn a_clock_set_back_an_hour_does_not_make_spent_steps_good_again() {
    let held = enrolled(person(1, None));
    let back = NOW.plus(-HOUR);
    let tried = digits(&held.account, &held.secret, held.secret.code_at(back));
    assert!(try_code(held.account, &tried, back).verdict.is_err());
}

#[test]
fn drift_is_told_only_after_two_different_codes_at_the_same_offset() {
    let held = enrolled(person(1, None));
    let (late, start) = (steps(-5), NOW.plus(steps(40)));
    let first = try_code(held.account.clone(), &digits(&held.account, &held.secret, held.secret.code_at(start.plus(late))), start);
    assert_eq!(first.verdict, Err(Refusal::CodeWrong));
    let account = written(&first).expect("counted");

    let same = digits(&account, &held.secret, held.secret.code_at(start.plus(late)));
    assert_eq!(try_code(account.clone(), &same, start.plus(1)).verdict, Err(Refusal::CodeWrong), "the same code twice proves nothing");

    let next = start.plus(steps(1));
    let second = try_code(account.clone(), &digits(&account, &held.secret, held.secret.code_at(next.plus(late))), next);
    assert_eq!(second.verdict, Err(Refusal::ClockDrift(late)));
    let SecondFactor::Active(factors) = &written(&second).expect("counted").second_factor else { panic!("active") };
    assert_eq!(factors.failures.in_a_row(), 2, "both count as failures");
}

#[test]
fn a_late_code_is_spent_even_if_the_clock_is_set_to_its_time() {
    let held = enrolled(person(1, None));
    let (start, ahead) = (NOW.plus(steps(40)), steps(4));
    let tried = digits(&held.account, &held.secret, held.secret.code_at(start.plus(ahead)));
    let first = try_code(held.account, &tried, start);
    assert_eq!(first.verdict, Err(Refusal::CodeWrong));
    assert_eq!(try_code(written(&first).expect("counted"), &tried, start.plus(ahead)).verdict, Err(Refusal::CodeUsed));
}

#[test]
fn a_backup_code_opens_once() {
    let held = enrolled(person(1, None));
    let tried = lookup(&held.account, &held.codes[3]);
    let first = try_code(held.account, &tried, NOW.plus(60));
    assert_eq!(first.verdict, Ok(Next::In));
    let account = written(&first).expect("written");
    assert_eq!(try_code(account.clone(), &tried, NOW.plus(61)).verdict, Err(Refusal::CodeUsed));
    let SecondFactor::Active(factors) = &account.second_factor else { panic!("active") };
    assert_eq!(factors.backup.left(), 9);
}

#[test]
fn a_code_of_another_kind_costs_nothing() {
    let held = enrolled(person(1, None));
    let decision = try_code(held.account.clone(), &lookup(&held.account, &recovery_code(1)), NOW);
    assert_eq!(decision.verdict, Err(Refusal::CodeKind));
    assert!(decision.changes.is_empty());
}

#[test]
fn five_wrong_codes_within_a_minute_close_the_door_and_the_right_one_waits() {
    let held = enrolled(person(1, None));
    let mut account = held.account;
    let start = NOW.plus(steps(40));
    let wrong = Code::random(Kind::Backup, &mut Counting(4242));
    for n in 0..5 {
        let decision = try_code(account.clone(), &lookup(&account, &wrong), start.plus(n));
        let expected = if n < 4 { Refusal::CodeWrong } else { Refusal::Wait(start.plus(4 + 1800)) };
        assert_eq!(decision.verdict, Err(expected));
        account = written(&decision).expect("counted");
    }
    let right = digits(&account, &held.secret, held.secret.code_at(start.plus(30)));
    let decision = try_code(account.clone(), &right, start.plus(30));
    assert_eq!(decision.verdict, Err(Refusal::Wait(start.plus(1804))));
    assert!(decision.changes.is_empty(), "nothing is evaluated during a wait");
    let after = start.plus(1804);
    assert_eq!(try_code(account.clone(), &digits(&account, &held.secret, held.secret.code_at(after)), after).verdict, Ok(Next::In));
}

#[test]
fn a_session_that_is_not_at_the_second_door_takes_no_code() {
    let held = enrolled(person(1, None));
    let tried = lookup(&held.account, &held.codes[0]);
    for stage in [Stage::Full, Stage::Locked, Stage::Enrol { by_recovery: false }] {
        let session = session(&held.account, stage);
        assert_eq!(with_code(&policy(), held.account.clone(), session, &tried, NOW).verdict, Err(Refusal::SessionStage));
    }
}

#[test]
fn the_same_person_returns_to_a_locked_session_with_the_password_alone() {
    let held = enrolled(person(1, None));
    let locked = written_session(&lock(&held.account, session(&held.account, Stage::Full))).expect("locked");
    assert_eq!(locked.stage, Stage::Locked);
    assert!(lock(&held.account, locked.clone()).changes.is_empty(), "locking twice keeps it");
    let wrong = unlock(&policy(), held.account.clone(), locked.clone(), &proof(false, None), NOW);
    assert_eq!(wrong.verdict, Err(Refusal::WrongPassword));
    assert!(written_session(&wrong).is_none());
    assert_eq!(written_session(&unlock(&policy(), held.account, locked, &proof(true, None), NOW)).expect("back").stage, Stage::Full);
}

#[test]
fn locking_half_way_through_the_doors_ends_the_session() {
    let account = person(1, None);
    let decision = lock(&account, at_the_second_door(&account));
    assert!(matches!(decision.changes[..], [Change::EndSession(_)]));
}

#[test]
fn a_sensitive_change_asks_for_a_factor_given_within_five_minutes() {
    let held = enrolled(person(1, None));
    let mut fresh = session(&held.account, Stage::Full);
    fresh.factor_at = Some(NOW);
    let mut ask = |asks, now| {
        confirm(&policy(), &mut held.account.clone(), &mut fresh, &proof(true, None), asks, now).map(|_| ()).map_err(|(r, _)| r)
    };
    assert_eq!(ask(Asks::FreshFactor, NOW.plus(299)), Ok(()));
    assert_eq!(ask(Asks::FreshFactor, NOW.plus(300)), Err(Refusal::FactorNeeded));
    assert_eq!(ask(Asks::FreshFactor, NOW.plus(-HOUR)), Err(Refusal::FactorNeeded), "a clock set back does not make it fresh");
    assert_eq!(ask(Asks::FactorNow, NOW.plus(1)), Err(Refusal::FactorNeeded));
    assert_eq!(ask(Asks::PasswordAlone, NOW.plus(9999)), Ok(()));
}

#[test]
fn a_wrong_password_spends_no_backup_code() {
    let held = enrolled(person(1, None));
    let mut account = held.account.clone();
    let tried = proof(false, Some(lookup(&held.account, &held.codes[0])));
    let result = confirm(&policy(), &mut account, &mut session(&held.account, Stage::Full), &tried, Asks::FactorNow, NOW);
    assert!(matches!(result, Err((Refusal::WrongPassword, _))));
    let SecondFactor::Active(factors) = &account.second_factor else { panic!("active") };
    assert_eq!(factors.backup.left(), 10);
}

#[test]
fn a_password_hashed_at_a_lower_cost_is_hashed_anew_at_sign_in() {
    let account = person(1, Some(Role::Member));
    let dearer = Recipe::random(crate::secret_hash::Cost { memory: 16, ..CHEAP }, &mut Counting(3));
    assert!(account.password.as_ref().expect("a password").hash.recipe().is_below(crate::secret_hash::Cost { memory: 16, ..CHEAP }));
    let tried = PasswordTry { rehashed: Some(dearer.hash(&"password".into())), ..password_try(true) };
    let account = written(&with_password(&policy(), Some(account), tried, session_id(1), NOW)).expect("written");
    assert_eq!(account.password.expect("a password").hash.recipe(), &dearer);
}

/// Types wrong codes as soon as that is let, until so many have failed in a row. Answers with the account, the moment
/// and what was said of each.
fn fail_in_a_row(mut account: Account, count: usize) -> (Account, Moment, Vec<Decision<Next>>) {
    let wrong = Code::random(Kind::Backup, &mut Counting(4242));
    let (mut now, mut decisions) = (NOW.plus(steps(40)), Vec::new());
    while decisions.len() < count {
        let decision = try_code(account.clone(), &lookup(&account, &wrong), now);
        if decision.changes.is_empty() {
            let Err(Refusal::Wait(until)) = decision.verdict else { panic!("disabled too soon") };
            now = until;
            continue;
        }
        account = written(&decision).expect("counted");
        decisions.push(decision);
        now = now.plus(20);
    }
    (account, now.plus(48 * HOUR), decisions)
}

#[test]
fn ninety_nine_failures_in_a_row_are_forgotten_with_a_right_code_and_a_hundred_are_not() {
    let held = enrolled(person(1, None));
    let (account, later, _) = fail_in_a_row(held.account.clone(), 99);
    let right = digits(&account, &held.secret, held.secret.code_at(later));
    assert_eq!(try_code(account, &right, later).verdict, Ok(Next::In));

    let (account, later, decisions) = fail_in_a_row(held.account, 100);
    assert_eq!(decisions[99].verdict, Err(Refusal::MethodDisabled), "told at once");
    let disabled =
        |decision: &Decision<Next>| decision.events.iter().any(|event| event.words.get("how").is_some_and(|how| how == "disabled"));
    assert_eq!(decisions.iter().map(disabled).filter(|told| *told).count(), 1, "journalled once");
    for tried in [digits(&account, &held.secret, held.secret.code_at(later)), lookup(&account, &held.codes[0])] {
        let decision = try_code(account.clone(), &tried, later);
        assert_eq!(decision.verdict, Err(Refusal::MethodDisabled), "backup codes are no way around");
        assert!(decision.changes.is_empty(), "nothing is evaluated");
        let tried = Proof { password: password_try(true), code: Some(tried) };
        let proven = confirm(&policy(), &mut account.clone(), &mut session(&account, Stage::Full), &tried, Asks::FactorNow, later);
        assert!(matches!(proven, Err((Refusal::MethodDisabled, _))));
    }
}

#[test]
fn after_a_hundred_failures_a_reset_binds_anew_and_its_code_passes_the_lock() {
    let held = enrolled(person(2, Some(Role::Member)));
    let (account, later, _) = fail_in_a_row(held.account, 100);
    let (owner, code) = (person(1, None), recovery_code(1));
    let hash = Recipe::random(CHEAP, &mut Counting(8)).hash(code.canonical());
    let session = Session { started_at: later, seen_at: later, ..session(&owner, Stage::Full) };
    let reset = crate::recovery::reset(&policy(), owner, session, account, &proof(true, None), (hash, &note()), later);
    let account = written(&reset).expect("the target is written last");
    assert_eq!(try_code(account.clone(), &lookup(&account, &code), later).verdict, Ok(Next::Enrol));
}

#[test]
fn failures_of_recovery_codes_count_apart_and_wait_too() {
    let held = enrolled(person(2, Some(Role::Member)));
    let (owner, code) = (person(1, None), recovery_code(1));
    let hash = Recipe::random(CHEAP, &mut Counting(8)).hash(code.canonical());
    let session = session(&owner, Stage::Full);
    let mut account =
        written(&crate::recovery::reset(&policy(), owner, session, held.account, &proof(true, None), (hash, &note()), NOW)).expect("reset");
    for n in 0..5 {
        let decision = try_code(account.clone(), &lookup(&account, &recovery_code(2)), NOW.plus(n));
        account = written(&decision).expect("counted");
    }
    let right = lookup(&account, &code);
    assert_eq!(try_code(account.clone(), &right, NOW.plus(60)).verdict, Err(Refusal::Wait(NOW.plus(4 + 1800))));
    assert_eq!(try_code(account, &right, NOW.plus(1804)).verdict, Ok(Next::Enrol));
}
