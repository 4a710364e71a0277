use super::*;
use crate::{effect, gate::Role, testing::*};

fn at_second_door(account: &Account) -> Session {
    session(account, Stage::SecondFactor)
}

fn asked(account: &Account) -> HelpRequest {
    HelpRequest { account: account.id, asked_at: NOW, dismissed_at: None }
}

#[test]
fn only_after_the_right_password_and_once_an_hour() {
    let mia = enrolled(person(2, Some(Role::Member))).account;
    for stage in [Stage::Full, Stage::Locked, Stage::Enrol { by_recovery: false }] {
        assert_eq!(ask(&mia, &session(&mia, stage), None, NOW).verdict, Err(Refusal::SessionStage));
    }
    let first = ask(&mia, &at_second_door(&mia), None, NOW);
    assert_eq!(first.verdict, Ok(()));
    assert!(matches!(&first.changes[..], [Change::HelpRequest(request)] if *request == asked(&mia)));
    let again = |earlier: &HelpRequest, now| ask(&mia, &at_second_door(&mia), Some(earlier), now).verdict;
    assert_eq!(again(&asked(&mia), NOW.plus(DAY)), Err(Refusal::AlreadyAsked(NOW)), "it still waits");
    let dismissed = HelpRequest { dismissed_at: Some(NOW.plus(60)), ..asked(&mia) };
    assert_eq!(again(&dismissed, NOW.plus(AGAIN - 1)), Err(Refusal::AlreadyAsked(NOW)));
    assert_eq!(again(&dismissed, NOW.plus(AGAIN)), Ok(()));
}

#[test]
fn it_waits_until_somebody_acts_or_they_come_in() {
    let mut mia = enrolled(person(2, Some(Role::Member))).account;
    mia.signed_in_at = Some(NOW.plus(-60));
    assert!(asked(&mia).waits(&mia, NOW.plus(60)));
    assert!(!asked(&mia).waits(&mia, NOW.plus(WAITS)), "forgotten after a week");
    let came_in = Account { signed_in_at: Some(NOW.plus(1)), ..mia.clone() };
    assert!(!asked(&mia).waits(&came_in, NOW.plus(60)));
    let mut reset = mia.clone();
    effect::mark(&mut reset, Effect::SecondFactor, NOW.plus(1));
    assert!(!asked(&mia).waits(&reset, NOW.plus(60)));
    let gone = Account { deactivated_at: Some(NOW), ..mia.clone() };
    assert!(!asked(&mia).waits(&gone, NOW.plus(60)));
}

#[test]
fn who_may_unlock_may_put_it_away() {
    let mia = enrolled(person(2, Some(Role::Member))).account;
    let put = |actor: &Account| dismiss(actor, &mia, Some(asked(&mia)), None, NOW.plus(60));
    assert_eq!(put(&person(3, Some(Role::Member))).verdict, Err(Refusal::NotAllowed));
    assert_eq!(put(&mia).verdict, Err(Refusal::OnSelf));
    let done = put(&person(3, Some(Role::Support)));
    assert_eq!(done.verdict, Ok(()));
    assert!(matches!(&done.changes[..], [Change::HelpRequest(request)] if request.dismissed_at == Some(NOW.plus(60))));
    assert!(dismiss(&person(3, Some(Role::Support)), &mia, None, None, NOW).changes.is_empty());
    // A later one than they saw stays.
    let seen = |at| dismiss(&person(3, Some(Role::Support)), &mia, Some(asked(&mia)), Some(at), NOW.plus(60)).verdict;
    assert_eq!((seen(NOW), seen(NOW.plus(-1))), (Ok(()), Err(Refusal::ChangedMeanwhile)));
}
