use super::*;
use crate::{
    effect::{APART, Mark},
    gate::Role,
    password_code::PasswordCode,
    secret_hash::Recipe,
    testing::*,
    time::HOUR,
};

fn policy() -> Policy {
    Policy::default()
}

fn email(text: &str) -> Email {
    Email::read(text).expect("an address")
}

fn new(text: &str) -> NewEmail {
    NewEmail { email: email(text), taken: false }
}

fn hashed(number: u64) -> Hashed {
    Recipe::random(CHEAP, &mut Counting(number)).hash(recovery_code(number).canonical())
}

fn full(account: &Account) -> Session {
    session(account, Stage::Full)
}

fn changed_by(actor: &Account, target: &Account, new: NewEmail, now: Moment) -> Decision<bool> {
    change(&policy(), actor.clone(), full(actor), (target.clone(), new), &proof(true, None), hashed(7), now)
}

/// The addresses that a decision tells, by kind.
fn told<T>(decision: &Decision<T>) -> Vec<(NoticeKind, Vec<String>)> {
    let addresses = |notice: &Notice| notice.addresses.iter().flatten().map(|email| email.as_str().to_owned()).collect();
    decision.notices.iter().map(|notice| (notice.kind, addresses(notice))).collect()
}

fn member() -> Account {
    person(2, Some(Role::Member))
}

#[test]
fn the_old_and_the_new_address_are_told_and_a_code_in_the_old_mailbox_is_void() {
    let code = PasswordCode { hash: hashed(1), issued_at: NOW, by_mail: true };
    let target = Account { password_code: Some(code), second_email: Some(email("home@example.org")), ..member() };
    let decision = changed_by(&person(1, None), &target, new("mia@example.org"), NOW);
    assert_eq!(decision.verdict, Ok(false));
    let after = written(&decision).expect("the target is written last");
    assert_eq!((after.email.as_str(), after.password_code.is_none()), ("mia@example.org", true));
    assert!(after.way_in_changed.lately(Effect::Email, NOW));
    let all = ["p2@example.org", "mia@example.org", "home@example.org"].map(str::to_owned).to_vec();
    assert_eq!(told(&decision), [(NoticeKind::EmailChanged, all)]);
    assert_eq!(decision.notices[0].words["email"], "mia@example.org");
    let event = &decision.events[0];
    assert_eq!(
        (event.kind, &*event.words["before"], &*event.words["after"]),
        (EventKind::EmailChanged, "p2@example.org", "mia@example.org")
    );
}

#[test]
fn an_address_counts_as_an_act_of_its_own_kind() {
    let (owner, mut target) = (person(1, None), member());
    effect::mark(&mut target, Effect::Password, NOW);
    let at = |now: Moment| changed_by(&owner, &target, new("mia@example.org"), now).verdict;
    let refused = Err(Refusal::SecondEffect(Mark { effect: Effect::Password, at: NOW }));
    assert_eq!(at(NOW.plus(APART - 1)), refused);
    assert_eq!(at(NOW.plus(-HOUR)), refused, "a clock set back shortens nothing");
    assert_eq!(at(NOW.plus(APART)), Ok(false));
    // The other way round, and again within the same kind.
    let after = written(&changed_by(&owner, &member(), new("mia@example.org"), NOW)).expect("changed");
    for other in [Effect::Password, Effect::SecondFactor, Effect::Reactivation, Effect::Token] {
        assert!(effect::may_follow(&after, other, NOW.plus(APART - 1)).is_err(), "{other:?}");
    }
    assert_eq!(changed_by(&owner, &after, new("mia2@example.org"), NOW.plus(60)).verdict, Ok(false), "a typing error is mended");
}

#[test]
fn administrators_and_owners_take_two_and_support_reaches_nobody() {
    let target = |role| person(2, role);
    let verdict = |actor: Option<Role>, of: &Account| changed_by(&person(1, actor), of, new("new@example.org"), NOW).verdict;
    for privileged in [target(Some(Role::Administrator)), target(None), Account { privileged_until: Some(NOW), ..member() }] {
        assert_eq!(verdict(None, &privileged), Err(Refusal::TakesTwo));
    }
    for by in [Role::Support, Role::Member] {
        assert_eq!(verdict(Some(by), &member()), Err(Refusal::NotAllowed));
        let unsigned = Account { password: None, ..member() };
        assert_eq!(verdict(Some(by), &unsigned), Err(Refusal::NotAllowed));
    }
    let own = person(1, None);
    assert_eq!(changed_by(&own, &own, new("new@example.org"), NOW).verdict, Err(Refusal::OnSelf));
    let wrong = proof(false, None);
    let unproved = change(&policy(), own.clone(), full(&own), (member(), new("new@example.org")), &wrong, hashed(7), NOW);
    assert_eq!(unproved.verdict, Err(Refusal::WrongPassword));
    assert!(unproved.notices.is_empty() && unproved.events.is_empty());
}

#[test]
fn whoever_never_signed_in_is_corrected_and_invited_anew() {
    let target = Account { password: None, invitation: Some(Invitation::new(hashed(1), NOW)), ..member() };
    let decision = changed_by(&person(1, Some(Role::Administrator)), &target, new("mia@example.org"), NOW.plus(60));
    assert_eq!(decision.verdict, Ok(true));
    let after = written(&decision).expect("written");
    let invitation = after.invitation.as_ref().expect("another");
    assert!(invitation.issued_at == NOW.plus(60) && invitation.hash.matches(&hashed(7)));
    assert!(!after.way_in_changed.lately(Effect::Email, NOW.plus(60)), "there was nothing to take over");
    assert_eq!(told(&decision), [(NoticeKind::Invitation, Vec::new())], "a stranger at the wrong address is told nothing");
    // An owner to be, and somebody to whom the account is closed.
    let owner_to_be = Account { owner: true, ..target.clone() };
    assert_eq!(
        changed_by(&person(1, Some(Role::Administrator)), &owner_to_be, new("x@example.org"), NOW).verdict,
        Err(Refusal::NotAllowed)
    );
    assert_eq!(changed_by(&person(1, None), &owner_to_be, new("x@example.org"), NOW).verdict, Ok(true));
    let closed = Account { deactivated_at: Some(NOW), invitation: None, ..target };
    let decision = changed_by(&person(1, None), &closed, new("x@example.org"), NOW);
    assert_eq!(decision.verdict, Ok(false));
    assert!(written(&decision).expect("written").invitation.is_none());
}

#[test]
fn a_taken_address_and_the_same_one_are_refused() {
    let (owner, target) = (person(1, None), member());
    let taken = NewEmail { taken: true, ..new("ada@example.org") };
    assert_eq!(changed_by(&owner, &target, taken.clone(), NOW).verdict, Err(Refusal::EmailTaken));
    assert_eq!(changed_by(&owner, &target, new("p2@example.org"), NOW).verdict, Err(Refusal::EmailUnchanged));
    assert_eq!(changed_by(&owner, &target, new("P2@example.org"), NOW).verdict, Ok(false), "as its owner writes it");
    // Of one's own only whoever gave the password learns it.
    let own = |matched, new| change_own(&policy(), target.clone(), full(&target), new, &proof(matched, None), NOW).verdict;
    assert_eq!(own(false, taken.clone()), Err(Refusal::WrongPassword));
    assert_eq!(own(true, taken), Err(Refusal::EmailTaken));
}

#[test]
fn ones_own_takes_password_and_fresh_factor_and_counts_too() {
    let held = enrolled(member());
    let change = |proof: &Proof, now| change_own(&policy(), held.account.clone(), full(&held.account), new("mia@example.org"), proof, now);
    assert_eq!(change(&proof(true, None), NOW.plus(HOUR)).verdict, Err(Refusal::FactorNeeded));
    let code = || proof(true, Some(lookup(&held.account, &held.codes[0])));
    let decision = change(&code(), NOW.plus(HOUR));
    assert_eq!(decision.verdict, Ok(()));
    let after = written(&decision).expect("written");
    assert!(after.way_in_changed.lately(Effect::Email, NOW.plus(HOUR)));
    assert_eq!(told(&decision)[0].1, ["p2@example.org", "mia@example.org"]);
    let locked = session(&held.account, Stage::Locked);
    let refused = change_own(&policy(), held.account.clone(), locked, new("mia@example.org"), &code(), NOW);
    assert_eq!(refused.verdict, Err(Refusal::SessionStage));
}

#[test]
fn a_second_address_is_told_when_it_comes_and_when_it_goes_and_is_no_way_in() {
    let target = member();
    let set = |account: &Account, second: Option<&str>| {
        set_own_second(&policy(), account.clone(), full(account), second.map(email), &proof(true, None), NOW)
    };
    let decision = set(&target, Some("home@example.org"));
    assert_eq!(told(&decision), [(NoticeKind::SecondEmailSet, vec!["p2@example.org".to_owned(), "home@example.org".to_owned()])]);
    let with = written(&decision).expect("written");
    assert_eq!(with.way_in_changed, target.way_in_changed, "no act on a way in");
    let replaced = set(&with, Some("other@example.org"));
    assert_eq!(told(&replaced)[0].1, ["p2@example.org", "home@example.org", "other@example.org"]);
    let removed = set(&with, None);
    assert_eq!(told(&removed), [(NoticeKind::SecondEmailRemoved, vec!["p2@example.org".to_owned(), "home@example.org".to_owned()])]);
    assert!(written(&removed).expect("written").second_email.is_none());
    for (account, second) in [(&target, Some("P2@example.org")), (&with, Some("home@example.org")), (&target, None)] {
        assert_eq!(set(account, second).verdict, Err(Refusal::EmailUnchanged), "{second:?}");
    }
    // The second that becomes the first is not told twice.
    let first = changed_by(&person(1, None), &with, new("HOME@example.org"), NOW);
    assert!(written(&first).expect("written").second_email.is_none());
    assert_eq!(told(&first)[0].1, ["p2@example.org", "HOME@example.org"]);
}

#[test]
fn staff_set_a_second_address_by_the_table_and_names_are_corrected_by_it() {
    let second = |actor: &Account, target: &Account| {
        let to = (target.clone(), Some(email("home@example.org")));
        set_second(&policy(), actor.clone(), full(actor), to, &proof(true, None), NOW).verdict
    };
    let name = || Name::read("Mia Müller").expect("a name");
    let correct = |actor: &Account, target: &Account| correct_name(actor, &full(actor), target.clone(), name(), None).verdict;
    let (owner, administrator, support) = (person(1, None), person(1, Some(Role::Administrator)), person(1, Some(Role::Support)));
    for (actor, target, expected) in [
        (&owner, person(2, Some(Role::Administrator)), Ok(())),
        (&administrator, member(), Ok(())),
        (&administrator, person(2, None), Err(Refusal::NotAllowed)),
        (&support, member(), Err(Refusal::NotAllowed)),
    ] {
        assert_eq!(second(actor, &target), expected);
        assert_eq!(correct(actor, &target), expected);
    }
    assert_eq!(second(&owner, &owner), Err(Refusal::OnSelf));
    assert_eq!(correct(&owner, &owner), Ok(()), "there may be nobody else to do it");
    let decision = correct_name(&owner, &full(&owner), member(), name(), None);
    assert_eq!((decision.events[0].kind, &*decision.events[0].words["before"]), (EventKind::NameCorrected, "Ada"));
    let same = correct_name(&owner, &full(&owner), member(), Name::read(" Ada ").expect("a name"), None);
    assert!(same.verdict.is_ok() && same.changes.is_empty() && same.events.is_empty());
}

#[test]
fn an_account_of_before_has_no_second_address() {
    let mut record = serde_json::to_value(member()).expect("a record");
    record.as_object_mut().expect("an object").remove("second_email");
    let account: Account = serde_json::from_value(record).expect("still read");
    assert!(account.second_email.is_none());
}

#[test]
fn a_name_that_is_no_longer_what_it_was_is_left_as_it_is() {
    let owner = person(1, None);
    let correct = |was, name: &str| {
        let name = Name::read(name).expect("a name");
        correct_name(&owner, &full(&owner), member(), name, Some(was))
    };
    let now = member().name.as_str().to_owned();
    assert_eq!(correct(&now, "Ada King").verdict, Ok(()));
    let late = correct("Adda", "Ada King");
    assert_eq!((late.verdict, late.changes.len(), late.events.len()), (Err(Refusal::ChangedMeanwhile), 0, 0));
    assert_eq!(correct("Adda", &now).verdict, Ok(()), "somebody else corrected it alike");
    let outsider = person(9, Some(Role::Member));
    let refused = correct_name(&outsider, &full(&outsider), member(), Name::read("X").expect("a name"), Some("Adda"));
    assert_eq!(refused.verdict, Err(Refusal::NotAllowed), "and whoever may not is told nothing of it");
}
