use super::*;
use crate::{
    factor::SecondFactor,
    gate::Role,
    id::AccountId,
    secret_hash::Recipe,
    session::Stage,
    sign_in::{Next, with_password},
    testing::*,
};

fn codes() -> Codes {
    let hashed = |number| Recipe::random(CHEAP, &mut Counting(number)).hash(recovery_code(number).canonical());
    Codes { invitation: hashed(1), password: hashed(2), recovery: hashed(3) }
}

fn concerned() -> Concerned {
    Concerned { people: vec![person(1, None).id, person(7, Some(Role::Administrator)).id], communities: vec![COMMUNITY] }
}

fn recover(account: Option<Account>) -> Decision<Given> {
    recover_owner(&Policy::default(), account, codes(), &concerned(), NOW)
}

#[test]
fn an_owner_who_lost_everything_is_let_in_by_two_codes_and_everybody_who_administers_is_told() {
    let owner = enrolled(person(1, None)).account;
    let decision = recover(Some(owner.clone()));
    let until = NOW.plus(Policy::default().recovery_validity);
    assert_eq!(decision.verdict, Ok(Given::Both(until)));
    let after = written(&decision).expect("the owner");
    assert!(matches!(after.second_factor, SecondFactor::Reset(_)) && after.password_code.is_some());
    assert!(ends_sessions_of(&decision, owner.id), "whoever was in is out");
    assert_eq!(decision.events.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::ConsoleRecoveredOwner]);
    assert_eq!((decision.events[0].actor, decision.events[0].subject), (None, Some(owner.id)), "nobody was signed in");
    let told: Vec<(AccountId, NoticeKind)> = decision.notices.iter().map(|notice| (notice.to, notice.kind)).collect();
    assert_eq!(told, concerned().people.into_iter().map(|to| (to, NoticeKind::OwnerRecovered)).collect::<Vec<_>>());
}

#[test]
fn the_password_alone_opens_nothing_after_it() {
    let owner = written(&recover(Some(enrolled(person(1, None)).account))).expect("the owner");
    let door = with_password(&Policy::default(), Some(owner), password_try(true), session_id(3), NOW);
    assert_eq!(door.verdict, Ok(Next::RecoveryCode));
    assert_eq!(written_session(&door).expect("a session").stage, Stage::SecondFactor);
}

#[test]
fn an_owner_who_never_came_in_is_invited_again() {
    let never = Account { password: None, ..person(1, None) };
    let decision = recover(Some(never));
    assert_eq!(decision.verdict, Ok(Given::Invitation));
    let after = written(&decision).expect("the owner");
    assert!(after.invitation.is_some() && after.password_code.is_none() && matches!(after.second_factor, SecondFactor::None));
}

#[test]
fn nobody_but_an_owner_who_may_sign_in_is_let_in() {
    let closed = Account { deactivated_at: Some(NOW), ..person(1, None) };
    let elsewhere = Account { elsewhere: true, ..person(1, None) };
    let others = [
        ("nobody", None),
        ("an administrator", Some(enrolled(person(2, Some(Role::Administrator))).account)),
        ("a member", Some(person(3, Some(Role::Member)))),
        ("deactivated", Some(closed)),
        ("elsewhere", Some(elsewhere)),
    ];
    for (who, account) in others {
        let decision = recover(account);
        assert_eq!(decision.verdict, Err(Refusal::NotAllowed), "{who}");
        assert!(decision.changes.is_empty() && decision.notices.is_empty(), "{who}");
    }
}
