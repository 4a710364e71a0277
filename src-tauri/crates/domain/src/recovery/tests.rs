use super::*;
use crate::{
    code::Code,
    gate::Role,
    secret_hash::Recipe,
    session::Stage,
    sign_in::{Next, with_code, with_password},
    testing::*,
    time::HOUR,
};

fn policy() -> Policy {
    Policy::default()
}

fn hashed(code: &Code) -> Hashed {
    Recipe::random(CHEAP, &mut Counting(8)).hash(code.canonical())
}

fn reset_by_owner(target: Account, code: &Code, now: Moment) -> Decision<Moment> {
    let owner = person(1, None);
    let session = session(&owner, Stage::Full);
    reset(&policy(), owner, session, target, &proof(true, None), (hashed(code), &note()), now)
}

fn target_of(decision: &Decision<Moment>) -> Account {
    written(decision).expect("the target is written last")
}

fn claim(account: Account, code: &Code, number: u8, now: Moment) -> Decision<Next> {
    let session = Session { id: session_id(number), ..session(&account, Stage::SecondFactor) };
    let tried = lookup(&account, code);
    with_code(&policy(), account, session, &tried, now)
}

#[test]
fn a_reset_takes_everything_away_in_one_decision() {
    let held = enrolled(person(2, Some(Role::Member)));
    let id = held.account.id;
    let decision = reset_by_owner(held.account, &recovery_code(1), NOW);
    assert_eq!(decision.verdict, Ok(NOW.plus(24 * HOUR)));
    let target = target_of(&decision);
    assert!(matches!(target.second_factor, SecondFactor::Reset(_)) && target.pending.is_none());
    assert!(ends_sessions_of(&decision, id));
    assert_eq!(decision.notices.iter().map(|notice| notice.to).collect::<Vec<_>>(), [id]);
}

#[test]
fn until_it_is_used_password_and_recovery_code_are_the_only_way_in() {
    let held = enrolled(person(2, Some(Role::Member)));
    let code = recovery_code(1);
    let target = target_of(&reset_by_owner(held.account, &code, NOW));
    assert_eq!(with_password(&policy(), Some(target.clone()), password_try(true), session_id(3), NOW).verdict, Ok(Next::RecoveryCode));
    let backup = claim(target.clone(), &held.codes[0], 3, NOW);
    assert_eq!(backup.verdict, Err(Refusal::CodeKind));
    let claimed = claim(target, &code, 3, NOW);
    assert_eq!(claimed.verdict, Ok(Next::Enrol));
    assert_eq!(written_session(&claimed).expect("session").stage, Stage::Enrol { by_recovery: true });
}

#[test]
fn a_second_reset_replaces_the_first_code() {
    let held = enrolled(person(2, Some(Role::Member)));
    let (first, second) = (recovery_code(1), recovery_code(2));
    let target = target_of(&reset_by_owner(held.account, &first, NOW));
    let target = target_of(&reset_by_owner(target, &second, NOW.plus(1)));
    assert_eq!(claim(target.clone(), &first, 3, NOW.plus(2)).verdict, Err(Refusal::CodeWrong));
    assert_eq!(claim(target, &second, 3, NOW.plus(2)).verdict, Ok(Next::Enrol));
}

#[test]
fn after_a_day_the_right_code_is_told_as_expired_and_a_wrong_one_is_not() {
    let held = enrolled(person(2, Some(Role::Member)));
    let code = recovery_code(1);
    let target = target_of(&reset_by_owner(held.account, &code, NOW));
    let late = NOW.plus(24 * HOUR);
    assert_eq!(claim(target.clone(), &code, 3, late).verdict, Err(Refusal::RecoveryExpired));
    assert_eq!(claim(target.clone(), &recovery_code(2), 3, late).verdict, Err(Refusal::CodeWrong));
    assert_eq!(
        with_password(&policy(), Some(target), password_try(true), session_id(3), late).verdict,
        Ok(Next::RecoveryCode),
        "still closed"
    );
}

#[test]
fn at_most_five_claims_and_each_ends_the_one_before() {
    let held = enrolled(person(2, Some(Role::Member)));
    let code = recovery_code(1);
    let mut target = target_of(&reset_by_owner(held.account, &code, NOW));
    for number in 1..=5 {
        let decision = claim(target, &code, number, NOW);
        assert_eq!(decision.verdict, Ok(Next::Enrol));
        let ended: Vec<_> = decision.changes.iter().filter_map(|c| if let Change::EndSession(id) = c { Some(*id) } else { None }).collect();
        assert_eq!(ended, if number == 1 { vec![] } else { vec![session_id(number - 1)] });
        target = written(&decision).expect("claimed");
    }
    assert_eq!(claim(target, &code, 6, NOW).verdict, Err(Refusal::RecoveryExhausted));
}

#[test]
fn only_the_last_claim_may_enrol_and_enrolling_spends_the_code() {
    let held = enrolled(person(2, Some(Role::Member)));
    let code = recovery_code(1);
    let target = target_of(&reset_by_owner(held.account, &code, NOW));
    let first = claim(target, &code, 3, NOW);
    let second = claim(written(&first).expect("claimed"), &code, 4, NOW);
    let (earlier, last) = (written_session(&first).expect("session"), written_session(&second).expect("session"));
    let target = written(&second).expect("claimed");
    let try_begin =
        |session: &Session| crate::enrolment::begin(&policy(), target.clone(), session.clone(), None, begun_enrolment(session, NOW), NOW);
    assert_eq!(try_begin(&earlier).verdict, Err(Refusal::SessionStage));
    let begun = written(&try_begin(&last)).expect("begun");
    let secret = crate::oath::OathSecret::random(&mut Counting(3));
    let decision = crate::enrolment::verify(&policy(), begun, last, &secret, &secret.code_at(NOW), hashed_set(&[]), NOW);
    let enrolled = written(&decision).expect("enrolled");
    assert!(matches!(enrolled.second_factor, SecondFactor::Active(_)));
    assert_eq!(claim(enrolled, &code, 5, NOW).verdict, Err(Refusal::CodeKind));
}

#[test]
fn the_administrator_gives_a_code_of_their_own_when_enrolled() {
    let administrator = enrolled(person(1, Some(Role::Administrator)));
    let target = enrolled(person(2, Some(Role::Member))).account;
    let mut session = session(&administrator.account, Stage::Full);
    session.factor_at = Some(NOW);
    let try_reset = |proof: &Proof| {
        reset(&policy(), administrator.account.clone(), session.clone(), target.clone(), proof, (hashed(&recovery_code(1)), &note()), NOW)
    };
    assert_eq!(try_reset(&proof(true, None)).verdict, Err(Refusal::FactorNeeded), "one given earlier does not count");
    let with_code = proof(true, Some(lookup(&administrator.account, &administrator.codes[0])));
    assert!(try_reset(&with_code).verdict.is_ok());
    let wrong = try_reset(&proof(false, None));
    assert_eq!(wrong.verdict, Err(Refusal::WrongPassword));
    assert!(written(&wrong).is_none(), "nobody is reset");
}

#[test]
fn there_is_nothing_to_reset_where_nothing_is_enrolled() {
    assert_eq!(reset_by_owner(person(2, Some(Role::Member)), &recovery_code(1), NOW).verdict, Err(Refusal::NothingToReset));
}
