use super::*;
use crate::{gate::Role, testing::*};

fn policy() -> Policy {
    Policy::default()
}

fn begun(account: Account, session: &Session) -> Account {
    let decision = begin(&policy(), account, session.clone(), Some(&proof(true, None)), begun_enrolment(session, NOW), NOW);
    assert_eq!(decision.verdict, Ok(()));
    written(&decision).expect("written")
}

fn empty_set() -> HashedSet {
    hashed_set(&[])
}

#[test]
fn a_half_finished_enrolment_changes_nothing_and_dies_after_ten_minutes() {
    let account = person(1, Some(Role::Member));
    let session = session(&account, Stage::Full);
    let account = begun(account, &session);
    assert!(matches!(account.second_factor, SecondFactor::None));
    assert!(super::pending(&account, &session, NOW.plus(599)).is_ok());
    assert_eq!(super::pending(&account, &session, NOW.plus(600)).err(), Some(Refusal::EnrolmentGone));
}

#[test]
fn another_session_cannot_finish_it() {
    let account = person(1, Some(Role::Member));
    let account = begun(account.clone(), &session(&account, Stage::Full));
    let other = Session { id: session_id(2), ..session(&account, Stage::Full) };
    assert_eq!(super::pending(&account, &other, NOW).err(), Some(Refusal::EnrolmentGone));
}

#[test]
fn ten_wrong_codes_end_it() {
    let account = person(1, Some(Role::Member));
    let session = session(&account, Stage::Full);
    let secret = OathSecret::random(&mut Counting(1));
    let foreign = OathSecret::random(&mut Counting(2)).code_at(NOW);
    let mut account = begun(account, &session);
    for n in 1..=10 {
        let decision = verify(&policy(), account, session.clone(), &secret, &foreign, empty_set(), NOW);
        let expected = if n < 10 { Refusal::EnrolmentCodeWrong } else { Refusal::EnrolmentGone };
        assert_eq!(decision.verdict, Err(expected));
        account = written(&decision).expect("counted");
    }
    assert!(account.pending.is_none());
}

#[test]
fn the_first_authenticator_brings_ten_unsaved_codes_and_a_second_one_keeps_them() {
    let held = enrolled(person(1, None));
    let SecondFactor::Active(factors) = &held.account.second_factor else { panic!("active") };
    assert_eq!((factors.backup.left(), factors.backup.saved), (10, None));
    let preferred = factors.preferred;

    let mut session = session(&held.account, Stage::Full);
    session.factor_at = Some(NOW);
    let mut other = begun_enrolment(&session, NOW);
    other.id = crate::id::AuthenticatorId::random(&mut Counting(99));
    other.name = crate::words::Name::read("Tablet").expect("a name");
    let account = written(&begin(&policy(), held.account, session.clone(), Some(&proof(true, None)), other, NOW)).expect("begun");
    let secret = OathSecret::random(&mut Counting(3));
    let decision = verify(&policy(), account, session, &secret, &secret.code_at(NOW), empty_set(), NOW);
    assert_eq!(decision.verdict, Ok(Enrolled { backup_codes: false }));
    let SecondFactor::Active(factors) = written(&decision).expect("written").second_factor else { panic!("active") };
    assert_eq!((factors.authenticators.len(), factors.backup.left(), factors.preferred), (2, 10, preferred));
}

#[test]
fn enrolling_lets_a_session_through_that_could_only_enrol() {
    let account = person(1, None);
    let session = session(&account, Stage::Enrol { by_recovery: false });
    let decision = begin(&policy(), account, session.clone(), None, begun_enrolment(&session, NOW), NOW);
    assert_eq!(decision.verdict, Ok(()));
    let secret = OathSecret::random(&mut Counting(3));
    let decision = verify(&policy(), written(&decision).expect("begun"), session, &secret, &secret.code_at(NOW), empty_set(), NOW);
    assert_eq!(written_session(&decision).expect("session").stage, Stage::Full);
}

#[test]
fn a_full_session_begins_only_with_the_password() {
    let account = person(1, Some(Role::Member));
    let session = session(&account, Stage::Full);
    for proof in [None, Some(proof(false, None))] {
        let decision = begin(&policy(), account.clone(), session.clone(), proof.as_ref(), begun_enrolment(&session, NOW), NOW);
        assert_eq!(decision.verdict, Err(Refusal::WrongPassword));
        assert!(written(&decision).is_none());
    }
}

#[test]
fn a_session_at_the_second_door_or_locked_enrols_nothing() {
    let account = enrolled(person(1, None)).account;
    for stage in [Stage::SecondFactor, Stage::Locked, Stage::Enrol { by_recovery: true }, Stage::Enrol { by_recovery: false }] {
        let session = session(&account, stage);
        let decision = begin(&policy(), account.clone(), session.clone(), Some(&proof(true, None)), begun_enrolment(&session, NOW), NOW);
        assert_eq!(decision.verdict, Err(Refusal::SessionStage), "{stage:?}");
    }
}
