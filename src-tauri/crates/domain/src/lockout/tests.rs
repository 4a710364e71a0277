use super::*;
use crate::{
    account::Invitation,
    factor::Recovery,
    gate::Role,
    secret_hash::Recipe,
    session::Stage,
    testing::*,
    throttle::Limits,
    time::{HOUR, MINUTE},
};

fn failed(times: u32, from: Moment) -> Failures {
    let (limits, mut failures) = (Limits::default(), Failures::default());
    for _ in 0..times {
        failures.fail(&limits, from);
    }
    failures
}

fn why_now(account: &Account, must_enrol: bool, passwords: &[Failures], now: Moment) -> Why {
    why(account, &Policy::default(), must_enrol, passwords, now)
}

fn member() -> Account {
    person(2, Some(Role::Member))
}

fn reset(claims: u8) -> Account {
    let hash = Recipe::random(CHEAP, &mut Counting(3)).hash(&"code".into());
    let recovery = Recovery {
        hash,
        issued_at: NOW,
        expires_at: NOW.plus(24 * HOUR),
        claims,
        claimed_by: None,
        failures: Failures::default(),
        out_of_reach: None,
    };
    Account { second_factor: SecondFactor::Reset(recovery), ..member() }
}

fn failing(times: u32) -> Account {
    let mut account = enrolled(member()).account;
    let SecondFactor::Active(factors) = &mut account.second_factor else { panic!("active") };
    factors.failures = failed(times, NOW);
    account
}

#[test]
fn one_sentence_says_why() {
    let hash = || Recipe::random(CHEAP, &mut Counting(3)).hash(&"code".into());
    let invited = Account { password: None, invitation: Some(Invitation::new(hash(), NOW)), ..member() };
    let enrolled = enrolled(member()).account;
    let begun = Account { pending: Some(begun_enrolment(&session(&member(), Stage::Full), NOW)), ..member() };
    let half_hour = NOW.plus(30 * MINUTE);
    let (day, week) = (NOW.plus(24 * HOUR), NOW.plus(7 * 24 * HOUR));
    let mut drifting = enrolled.clone();
    let SecondFactor::Active(factors) = &mut drifting.second_factor else { panic!("active") };
    factors.authenticators[0].clock.drift = -3;
    let table = [
        (Account { deactivated_at: Some(NOW), ..failing(5) }, false, NOW, Why::Deactivated(NOW)),
        (Account { elsewhere: true, ..member() }, true, NOW, Why::SignsInElsewhere),
        (invited.clone(), true, NOW, Why::Invited(day)),
        (invited.clone(), true, week, Why::InvitationExpired(day)),
        (Account { invitation: None, ..invited }, true, NOW, Why::NotInvited),
        (enrolled, true, NOW, Why::Nothing),
        (failing(4), true, NOW, Why::Nothing),
        (failing(5), true, NOW, Why::CodeWait(half_hour)),
        (failing(5), true, half_hour, Why::Nothing),
        (failing(100), true, week, Why::MethodDisabled),
        (drifting, true, NOW, Why::ClockOff(-90)),
        (reset(0), true, NOW, Why::RecoveryWaits(day)),
        (reset(1), true, NOW, Why::RecoveryClaimed(day)),
        (reset(5), true, NOW, Why::RecoveryExhausted),
        (reset(0), true, day, Why::RecoveryExpired(day)),
        (begun.clone(), true, NOW, Why::EnrolmentBegun(NOW)),
        (begun, true, NOW.plus(10 * MINUTE), Why::MustEnrol),
        (member(), false, NOW, Why::Nothing),
    ];
    for (account, must_enrol, now, expected) in table {
        assert_eq!(why_now(&account, must_enrol, &[Failures::default()], now), expected);
    }
    assert_eq!(why_now(&member(), false, &[Failures::default(), failed(5, NOW)], NOW), Why::PasswordWait(half_hour), "any source");
}

#[test]
fn unlocking_ends_the_waits_of_password_and_codes_and_forgets_no_failure() {
    let (support, locked) = (person(1, Some(Role::Support)), failing(5));
    let (key, policy) = ([7; 32], Policy::default());
    let decision = unlock(&support, locked.clone(), &policy, vec![(key, failed(5, NOW)), ([8; 32], Failures::default())], NOW);
    assert_eq!(decision.verdict, Ok(()));
    let account = written(&decision).expect("written");
    assert_eq!(account.second_factor.open(&policy.limits, NOW), Ok(()));
    assert_eq!(account.second_factor.failures().map(Failures::in_a_row), Some(5), "the hundred still counts");
    let throttles: Vec<_> = decision.changes.iter().filter(|change| matches!(change, Change::Throttle(..))).collect();
    let [Change::Throttle(written, failures)] = throttles[..] else { panic!("{throttles:?}") };
    assert_eq!((*written, failures.open(&policy.limits, NOW), failures.in_a_row()), (key, Ok(()), 5));
    assert_eq!(decision.events[0].kind, EventKind::Unlocked);
    assert_eq!(decision.notices[0].to, locked.id);
}

/// However often staff unlock, a hundred wrong codes in a row end it.
#[test]
fn unlocking_over_and_over_lets_nobody_guess_more_than_a_hundred_times() {
    let (support, policy) = (person(1, Some(Role::Support)), Policy::default());
    let mut account = failing(0);
    let mut guesses = 0;
    loop {
        let SecondFactor::Active(factors) = &mut account.second_factor else { panic!("active") };
        match factors.failures.open(&policy.limits, NOW) {
            Ok(()) => {
                factors.failures.fail(&policy.limits, NOW);
                guesses += 1;
            }
            Err(Closed::Until(_)) => account = written(&unlock(&support, account, &policy, Vec::new(), NOW)).expect("unlocked"),
            Err(Closed::Disabled) => break,
        }
    }
    assert_eq!(guesses, 100);
    assert_eq!(unlock(&support, account, &policy, Vec::new(), NOW).verdict, Err(Refusal::ResetNeeded));
}

#[test]
fn unlocking_follows_the_gate_and_needs_a_wait() {
    let policy = Policy::default();
    let attempt = |actor: &Account, target: Account| unlock(actor, target, &policy, Vec::new(), NOW).verdict;
    let support = person(1, Some(Role::Support));
    assert_eq!(attempt(&support, member()), Err(Refusal::NothingToUnlock));
    let colleague = Account { memberships: support.memberships.clone(), ..failing(5) };
    assert_eq!(attempt(&support, colleague), Err(Refusal::NotAllowed));
    assert_eq!(attempt(&person(3, Some(Role::Member)), failing(5)), Err(Refusal::NotAllowed));
    let oneself = Account { id: support.id, ..failing(5) };
    assert_eq!(attempt(&support, oneself), Err(Refusal::OnSelf));
}

#[test]
fn whoever_had_the_right_password_is_told_that_staff_can_help() {
    let until = NOW.plus(HOUR);
    assert_eq!(told(Decision::<()>::refuse(Refusal::Wait(until))).verdict, Err(Refusal::LockedOut(until)));
    assert_eq!(told(Decision::<()>::refuse(Refusal::CodeWrong)).verdict, Err(Refusal::CodeWrong));
}
