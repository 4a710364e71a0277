use super::*;
use crate::{
    code::{Code, Kind},
    gate::Role,
    secret_hash::Recipe,
    testing::*,
    time::HOUR,
};

fn code(number: u64) -> Code {
    Code::random(Kind::Invitation, &mut Counting(number))
}

fn hashed(code: &Code) -> Hashed {
    Recipe::random(CHEAP, &mut Counting(8)).hash(code.canonical())
}

fn invited(code: &Code) -> Account {
    let person = NewPerson {
        id: AccountId::random(&mut Counting(40)),
        name: Name::read("Grace").expect("a name"),
        email: Email::read("grace@example.org").expect("an address"),
        language: Language::En,
        membership: Some(Membership { community: COMMUNITY, role: Role::Member, since: NOW }),
    };
    written(&invite(&person_who_invites(), person, false, hashed(code), NOW)).expect("invited")
}

fn person_who_invites() -> Account {
    person(1, Some(Role::Administrator))
}

fn try_accept(account: Account, code: &Code, stands_alone: bool, now: Moment) -> Decision<Next> {
    let password = Password { hash: Recipe::random(CHEAP, &mut Counting(6)).hash(&"x".into()), stands_alone };
    accept(&Policy::default(), Some(account), Acceptance { code: hashed(code), password, session: session_id(1) }, now)
}

#[test]
fn an_invitation_opens_once_within_its_day() {
    let code = code(1);
    let decision = try_accept(invited(&code), &code, true, NOW.plus(24 * HOUR - 1));
    assert_eq!(decision.verdict, Ok(Next::In));
    let again = try_accept(written(&decision).expect("accepted"), &code, true, NOW);
    assert_eq!(again.verdict, Err(Refusal::CodeWrong));
    assert_eq!(try_accept(invited(&code), &code, true, NOW.plus(24 * HOUR)).verdict, Err(Refusal::InvitationExpired));
}

#[test]
fn a_short_password_must_be_followed_by_a_second_factor() {
    let code = code(1);
    assert_eq!(try_accept(invited(&code), &code, false, NOW).verdict, Ok(Next::Enrol));
}

#[test]
fn a_new_invitation_kills_the_earlier_one() {
    let (first, second) = (code(1), code(2));
    let renewed = written(&invite_again(&person_who_invites(), invited(&first), hashed(&second), NOW)).expect("renewed");
    assert_eq!(try_accept(renewed.clone(), &first, true, NOW).verdict, Err(Refusal::CodeWrong));
    assert_eq!(try_accept(renewed, &second, true, NOW).verdict, Ok(Next::In));
}

#[test]
fn an_unknown_address_is_answered_like_a_wrong_code() {
    let password = Password { hash: Recipe::random(CHEAP, &mut Counting(6)).hash(&"x".into()), stands_alone: true };
    let acceptance = Acceptance { code: hashed(&code(1)), password, session: session_id(1) };
    assert_eq!(accept(&Policy::default(), None, acceptance, NOW).verdict, Err(Refusal::CodeWrong));
}

#[test]
fn nobody_is_invited_who_has_signed_in() {
    let decision = invite_again(&person(1, None), person(2, Some(Role::Member)), hashed(&code(1)), NOW);
    assert_eq!(decision.verdict, Err(Refusal::AlreadySignedIn));
}

#[test]
fn members_and_support_invite_nobody() {
    for role in [Role::Member, Role::Support] {
        let new = NewPerson {
            id: AccountId::random(&mut Counting(41)),
            name: Name::read("Mallory").expect("a name"),
            email: Email::read("m@example.org").expect("an address"),
            language: Language::En,
            membership: Some(Membership { community: COMMUNITY, role: Role::Member, since: NOW }),
        };
        assert_eq!(invite(&person(1, Some(role)), new, false, hashed(&code(1)), NOW).verdict, Err(Refusal::NotAllowed));
    }
}

#[test]
fn handing_over_the_keyboard_ends_the_administrators_session_and_a_refusal_does_not() {
    let administrator = person_who_invites();
    let session = session(&administrator, Stage::Full);
    let done = hand_over(&administrator, &session, invited(&code(1)), hashed(&code(2)), NOW);
    assert!(done.changes.iter().any(|change| matches!(change, Change::EndSession(id) if *id == session.id)));
    let refused = hand_over(&administrator, &session, person(2, Some(Role::Member)), hashed(&code(2)), NOW);
    assert!(refused.changes.is_empty());
}
