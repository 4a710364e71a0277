//! Cases that bring something: an address, a token.

use super::*;
use crate::{
    address::NewEmail,
    factor::{Clock, Counter, Sealed},
    id::{BatchId, TokenId},
    oath::Parameters,
    testing::{COMMUNITY, Counting, NOW, workspace},
    token::{Origin, Token, TokenState, may_give},
    words::{Email, Name},
};

fn new(text: &str) -> Bringing {
    Bringing::Email(NewEmail { email: Email::read(text).expect("an address"), taken: false })
}

fn taken(text: &str) -> Bringing {
    Bringing::Email(NewEmail { email: Email::read(text).expect("an address"), taken: true })
}

fn free() -> Token {
    Token {
        id: TokenId::random(&mut Counting(40)),
        origin: Origin::Hardware,
        community: Some(COMMUNITY),
        serial: Some(Name::read("0012345").expect("a name")),
        label: None,
        maker: Some(Name::read("Harbour Keys").expect("a name")),
        parameters: Parameters::default(),
        sealed: Some(Sealed(vec![1])),
        fingerprint: [4; 32],
        batch: BatchId::random(&mut Counting(41)),
        imported_at: NOW,
        imported_by: person(9, None).id,
        state: TokenState::Free,
        since: NOW,
        last_holder: None,
        used: false,
        clock: Clock::default(),
        counter: Counter::at(5),
    }
}

fn box_of(token: &Token) -> Bringing {
    Bringing::Token(Box::new(token.clone()))
}

fn approved_bringing(played: &Played, asked: CaseAct, bringing: Bringing) -> Case {
    let case = written_case(&opened_bringing(&played.opener, &played.target, (asked, bringing), LATER));
    let approved = approved_by(&played.approver, &played.opener.account, &played.target, &case, LATER);
    assert_eq!(approved.verdict, Ok(None), "nobody is shown a code");
    written_case(&approved)
}

fn done(played: &Played, case: &Case, bringing: Bringing) -> Decision<Option<Moment>> {
    carried_out_bringing(&played.opener, Some(&played.approver.account), &played.target, (case, bringing), LATER)
}

#[test]
fn two_people_change_the_address_of_an_administrator() {
    let played = played();
    let alone = crate::address::may_change(&played.opener.account, &played.target, LATER);
    assert_eq!(alone, Err(Refusal::TakesTwo));
    let case = approved_bringing(&played, CaseAct::Email, new("ada@new.example"));
    let decision = done(&played, &case, new("ada@new.example"));
    assert_eq!(decision.verdict, Ok(None));
    assert_eq!(kinds(&decision), [EventKind::CaseCarriedOut, EventKind::EmailChanged]);
    let after = written(&decision).expect("the target is written last");
    assert_eq!(after.email.as_str(), "ada@new.example");
    assert!(after.way_in_changed.lately(Effect::Email, LATER));
    assert!(matches!(after.second_factor, SecondFactor::Active(_)) && after.password_code.is_none());
    let notice = &decision.notices[0];
    let told: Vec<&str> = notice.addresses.iter().flatten().map(Email::as_str).collect();
    assert_eq!((notice.kind, told), (NoticeKind::EmailChanged, vec![played.target.email.as_str(), "ada@new.example"]));
}

#[test]
fn another_address_than_was_approved_is_none_and_neither_is_one_that_was_taken_meanwhile() {
    let played = played();
    let case = approved_bringing(&played, CaseAct::Email, new("ada@new.example"));
    for (bringing, refusal) in [
        (new("mallory@new.example"), Refusal::CaseVoid),
        (Bringing::Nothing, Refusal::CaseVoid),
        (box_of(&free()), Refusal::CaseVoid),
        (taken("ada@new.example"), Refusal::EmailTaken),
    ] {
        let decision = done(&played, &case, bringing);
        assert_eq!(decision.verdict, Err(refusal));
        assert!(decision.changes.is_empty() && decision.notices.is_empty());
    }
    // A case of another act brings no address.
    let reset = approved_case(&played, CaseAct::SecondFactor);
    assert_eq!(done(&played, &reset, new("ada@new.example")).verdict, Err(Refusal::CaseVoid));
}

#[test]
fn a_case_is_opened_with_what_it_is_about() {
    let played = played();
    let open = |target: &Account, asked, bringing| opened_bringing(&played.opener, target, (asked, bringing), LATER).verdict;
    assert_eq!(open(&played.target, CaseAct::Email, Bringing::Nothing), Err(Refusal::CaseIncomplete));
    assert_eq!(open(&played.target, CaseAct::Token, new("a@b.example")), Err(Refusal::CaseIncomplete));
    assert_eq!(open(&played.target, CaseAct::Email, taken("a@b.example")), Err(Refusal::EmailTaken));
    let unsigned = Account { password: None, ..played.target.clone() };
    assert_eq!(open(&unsigned, CaseAct::Email, new("a@b.example")), Err(Refusal::NeverSignedIn), "one person corrects that");
    let assigned = Token { state: TokenState::Assigned { to: played.approver.account.id, wrong: 0 }, ..free() };
    assert_eq!(open(&played.target, CaseAct::Token, box_of(&assigned)), Err(Refusal::TokenNotFree));
    let brought = Token { origin: Origin::Brought, ..free() };
    assert_eq!(open(&played.target, CaseAct::Token, box_of(&brought)), Err(Refusal::TokenNotFree));
    for asked in [CaseAct::Email, CaseAct::Token] {
        let own = played.opener.account.clone();
        assert_eq!(may_open(&own, &own, asked, &[], LATER), Err(Refusal::OnSelf));
        let support = enrolled_person(5, Some(Role::Support)).account;
        let member = enrolled_person(6, Some(Role::Member)).account;
        assert_eq!(may_open(&support, &member, asked, &[], LATER), Err(Refusal::NotAllowed));
    }
}

#[test]
fn two_people_give_an_administrator_a_token() {
    let played = played();
    assert_eq!(may_give(&played.opener.account, &played.target, LATER), Err(Refusal::TakesTwo));
    let token = free();
    let case = approved_bringing(&played, CaseAct::Token, box_of(&token));
    let decision = done(&played, &case, box_of(&token));
    assert_eq!(decision.verdict, Ok(None));
    assert_eq!(kinds(&decision), [EventKind::CaseCarriedOut, EventKind::TokenAssigned]);
    let given = decision.changes.iter().find_map(|change| if let Change::Token(token) = change { Some(token.state) } else { None });
    assert_eq!(given, Some(TokenState::Assigned { to: played.target.id, wrong: 0 }), "it opens nothing yet");
    assert!(written(&decision).expect("written").way_in_changed.lately(Effect::Token, LATER));
    assert!(matches!(decision.notices[..], [crate::Notice { kind: NoticeKind::TokenAssigned, .. }]));
    // Somebody else has it by then, or it was taken from the stock that the opener keeps.
    let gone = Token { state: TokenState::Retired, ..token.clone() };
    assert_eq!(done(&played, &case, box_of(&gone)).verdict, Err(Refusal::TokenNotFree));
    let other = Token { id: TokenId::random(&mut Counting(77)), ..token };
    assert_eq!(done(&played, &case, box_of(&other)).verdict, Err(Refusal::CaseVoid));
}

/// A reset and a token are one way in; a password code and a token are two, and a case gives the second.
#[test]
fn a_second_act_on_a_member_is_given_by_two() {
    let played = played();
    let mut member = enrolled_person(6, Some(Role::Member)).account;
    effect::mark(&mut member, Effect::Password, LATER);
    assert!(matches!(may_give(&played.opener.account, &member, LATER), Err(Refusal::SecondEffect(_))));
    let opened = opened_bringing(&played.opener, &member, (CaseAct::Token, box_of(&free())), LATER);
    assert_eq!(opened.verdict, Ok(CaseAct::Token));
}

#[test]
fn an_approver_who_lost_the_role_voids_it_and_a_case_ends_after_a_day() {
    let played = played();
    let case = approved_bringing(&played, CaseAct::Email, new("ada@new.example"));
    let demoted = Account { owner: false, ..played.approver.account.clone() };
    let bringing = || new("ada@new.example");
    let void = carried_out_bringing(&played.opener, Some(&demoted), &played.target, (&case, bringing()), LATER);
    assert_eq!(void.verdict, Err(Refusal::CaseVoid));
    assert!(matches!(written_case(&void).state, CaseState::Void { .. }));
    let late = LATER.plus(CASE_VALIDITY);
    let expired = carried_out_bringing(&played.opener, Some(&played.approver.account), &played.target, (&case, bringing()), late);
    assert_eq!(expired.verdict, Err(Refusal::CaseExpired));
    let once = written_case(&done(&played, &case, bringing()));
    assert_eq!(done(&played, &once, bringing()).verdict, Err(Refusal::CaseOver));
}

/// An administrator of the community is a second person for it; support staff are none.
#[test]
fn who_could_be_the_second_person() {
    let played = played();
    let member = enrolled_person(6, Some(Role::Member)).account;
    let case =
        Case { target: member.id, ..written_case(&opened_bringing(&played.opener, &member, (CaseAct::Email, new("a@b.example")), LATER)) };
    let (administrator, support) = (enrolled_person(7, Some(Role::Administrator)).account, enrolled_person(8, Some(Role::Support)).account);
    let among = |staff: &[Account]| second_person(&workspace(policy()), staff, &case, &member, LATER);
    assert_eq!(among(std::slice::from_ref(&support)), SecondPerson::OnlyTheKit);
    assert_eq!(among(&[support, administrator.clone()]), SecondPerson::Eligible(vec![administrator.id]));
}

#[test]
fn a_case_of_before_brings_nothing_and_the_words_at_rest_are_frozen() {
    let played = played();
    let case = open_case(&played, CaseAct::SecondFactor);
    let mut record = serde_json::to_value(&case).expect("a record");
    assert_eq!(record["brings"], "nothing");
    record.as_object_mut().expect("an object").remove("brings");
    assert!(matches!(serde_json::from_value::<Case>(record).expect("still read").brings, Brings::Nothing));
    let email = written_case(&opened_bringing(&played.opener, &played.target, (CaseAct::Email, new("a@b.example")), LATER));
    assert_eq!(serde_json::to_value(&email.brings).expect("text"), serde_json::json!({ "email": "a@b.example" }));
}
