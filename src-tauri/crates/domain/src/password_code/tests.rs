use super::*;
use crate::{
    code::{Code, Kind},
    effect::{APART, Mark},
    gate::Role,
    recovery,
    secret_hash::Recipe,
    session::Stage,
    testing::*,
};

fn policy() -> Policy {
    Policy::default()
}

fn code(number: u64) -> Code {
    Code::random(Kind::Password, &mut Counting(number))
}

fn hashed(code: &Code) -> Hashed {
    Recipe::random(CHEAP, &mut Counting(8)).hash(code.canonical())
}

fn member() -> Account {
    enrolled(person(2, Some(Role::Member))).account
}

fn issue_by(actor: Account, target: Account, proof: &Proof, now: Moment) -> Decision<Moment> {
    let session = Session { seen_at: now, ..session(&actor, Stage::Full) };
    issue(&policy(), actor, session, target, proof, (hashed(&code(1)), &note()), now)
}

fn issued(target: Account) -> Account {
    written(&issue_by(person(1, None), target, &proof(true, None), NOW)).expect("the target is written last")
}

fn redeemed(code: &Code) -> Redeemed {
    let password = Password { hash: Recipe::random(CHEAP, &mut Counting(6)).hash(&"new".into()), stands_alone: true };
    Redeemed {
        code: hashed(code),
        password,
        session: session_id(9),
        key: [1; 32],
        failures: Failures::default(),
        password_key: [2; 32],
        asked_key: [3; 32],
    }
}

fn try_redeem(account: Option<Account>, code: &Code, now: Moment) -> Decision<Next> {
    redeem(&policy(), account, redeemed(code), now)
}

#[test]
fn a_code_changes_the_password_ends_every_session_and_opens_no_second_door() {
    let target = issued(member());
    let (id, before) = (target.id, target.password.clone().expect("a password"));
    let decision = try_redeem(Some(target), &code(1), NOW.plus(60));
    assert_eq!(decision.verdict, Ok(Next::Code));
    assert!(matches!(decision.changes[0], Change::EndSessions(ended, None) if ended == id), "before the new session is written");
    assert_eq!(written_session(&decision).expect("a session").stage, Stage::SecondFactor);
    let account = written(&decision).expect("written");
    assert!(!account.password.expect("a password").hash.matches(&before.hash));
    assert!(matches!(account.second_factor, SecondFactor::Active(_)), "nothing else");
    assert!(account.signed_in_at.is_none_or(|at| at <= NOW));
    assert_eq!(decision.events.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::PasswordReset]);
}

#[test]
fn it_reaches_as_far_as_a_password_alone_reaches() {
    let mut short = redeemed(&code(1));
    short.password.stands_alone = false;
    let bare = issued(person(2, Some(Role::Member)));
    assert_eq!(try_redeem(Some(bare.clone()), &code(1), NOW).verdict, Ok(Next::In));
    assert_eq!(redeem(&policy(), Some(bare.clone()), short, NOW).verdict, Ok(Next::Enrol));
    let everyone = Policy { required: crate::policy::Required::Everyone, grace_days: 0, ..policy() };
    assert_eq!(redeem(&everyone, Some(bare), redeemed(&code(1)), NOW).verdict, Ok(Next::Enrol));
}

#[test]
fn it_is_good_once_for_a_day_and_until_the_next() {
    let target = issued(member());
    let used = written(&try_redeem(Some(target.clone()), &code(1), NOW)).expect("used");
    assert_eq!(try_redeem(Some(used), &code(1), NOW).verdict, Err(Refusal::PasswordCodeWrong));
    for (now, expected) in [
        (NOW.plus(PASSWORD_CODE_VALIDITY - 1), Ok(Next::Code)),
        (NOW.plus(PASSWORD_CODE_VALIDITY), Err(Refusal::PasswordCodeExpired)),
        (NOW.plus(-PASSWORD_CODE_VALIDITY), Err(Refusal::PasswordCodeExpired)),
    ] {
        let decision = try_redeem(Some(target.clone()), &code(1), now);
        assert_eq!(decision.verdict, expected);
        assert_eq!(decision.changes.is_empty(), expected.is_err());
    }
    assert_eq!(
        try_redeem(Some(target.clone()), &code(2), NOW.plus(PASSWORD_CODE_VALIDITY)).verdict,
        Err(Refusal::PasswordCodeWrong),
        "a guess learns nothing"
    );
    let owner = person(1, None);
    let session = session(&owner, Stage::Full);
    let again =
        written(&issue(&policy(), owner, session, target, &proof(true, None), (hashed(&code(2)), &note()), NOW.plus(60))).expect("again");
    assert_eq!(try_redeem(Some(again.clone()), &code(1), NOW.plus(61)).verdict, Err(Refusal::PasswordCodeWrong));
    assert_eq!(try_redeem(Some(again), &code(2), NOW.plus(61)).verdict, Ok(Next::Code));
}

#[test]
fn an_unknown_address_one_without_a_code_and_a_wrong_code_are_told_and_counted_alike() {
    for account in [None, Some(member()), Some(issued(member()))] {
        let mut failures = Failures::default();
        for n in 1..=5 {
            let tried = Redeemed { failures: failures.clone(), ..redeemed(&code(7)) };
            let decision = redeem(&policy(), account.clone(), tried, NOW);
            let expected = if n < 5 { Refusal::PasswordCodeWrong } else { Refusal::Wait(NOW.plus(1800)) };
            assert_eq!(decision.verdict, Err(expected));
            let [Change::Throttle(key, counted)] = &decision.changes[..] else { panic!("one counter and nothing else") };
            assert_eq!(*key, [1; 32]);
            assert!(decision.events.is_empty() && decision.notices.is_empty());
            failures = counted.clone();
        }
        let waiting = redeem(&policy(), account, Redeemed { failures, ..redeemed(&code(1)) }, NOW.plus(60));
        assert_eq!(waiting.verdict, Err(Refusal::Wait(NOW.plus(1800))), "the right one waits too");
        assert!(waiting.changes.is_empty());
    }
}

#[test]
fn a_used_code_forgets_the_failures_of_the_forgotten_password() {
    let decision = try_redeem(Some(issued(member())), &code(1), NOW);
    let forgotten: Vec<_> = decision
        .changes
        .iter()
        .filter_map(|change| if let Change::Throttle(key, left) = change { Some((*key, left.is_empty())) } else { None })
        .collect();
    assert_eq!(forgotten, [([1; 32], true), ([2; 32], true), ([3; 32], true)]);
}

#[test]
fn whoever_issues_it_proves_to_be_themselves_now() {
    let administrator = enrolled(person(1, Some(Role::Administrator)));
    let try_issue = |proof: &Proof| issue_by(administrator.account.clone(), member(), proof, NOW);
    assert_eq!(try_issue(&proof(false, None)).verdict, Err(Refusal::WrongPassword));
    assert_eq!(try_issue(&proof(true, None)).verdict, Err(Refusal::FactorNeeded));
    let good = try_issue(&proof(true, Some(lookup(&administrator.account, &administrator.codes[0]))));
    assert_eq!(good.verdict, Ok(NOW.plus(PASSWORD_CODE_VALIDITY)));
    assert_eq!(good.notices.len(), 1);
    assert!(written(&try_issue(&proof(false, None))).is_none(), "nobody was given a code");
}

#[test]
fn who_may_be_given_one() {
    let elsewhere = |mut account: Account| {
        account.memberships.iter_mut().for_each(|held| held.community = crate::id::CommunityId(uuid::Uuid::from_u128(2)));
        account
    };
    let staff = |role| person(1, role);
    let table = [
        (staff(Some(Role::Support)), member(), Ok(())),
        (staff(Some(Role::Administrator)), member(), Ok(())),
        (staff(Some(Role::Administrator)), person(2, Some(Role::Support)), Ok(())),
        (staff(None), member(), Ok(())),
        (staff(Some(Role::Member)), member(), Err(Refusal::NotAllowed)),
        (staff(Some(Role::Support)), person(2, Some(Role::Support)), Err(Refusal::NotAllowed)),
        (staff(Some(Role::Support)), person(2, Some(Role::Administrator)), Err(Refusal::NotAllowed)),
        (staff(Some(Role::Administrator)), person(2, Some(Role::Administrator)), Err(Refusal::TakesTwo)),
        (staff(None), person(2, None), Err(Refusal::TakesTwo)),
        (staff(None), person(2, Some(Role::Administrator)), Err(Refusal::TakesTwo)),
        (staff(Some(Role::Administrator)), staff(Some(Role::Administrator)), Err(Refusal::OnSelf)),
        (staff(None), staff(None), Err(Refusal::OnSelf)),
        (staff(Some(Role::Administrator)), elsewhere(member()), Err(Refusal::NotAllowed)),
        (staff(None), Account { password: None, ..member() }, Err(Refusal::NeverSignedIn)),
    ];
    for (n, (actor, target, expected)) in table.into_iter().enumerate() {
        assert_eq!(may_issue(&actor, &target, NOW), expected, "row {n}");
        let decision = issue_by(actor, target, &proof(true, None), NOW);
        assert_eq!(decision.verdict.map(|_| ()), expected, "row {n}");
    }
}

fn reset(target: Account, now: Moment) -> Decision<Moment> {
    let owner = person(1, None);
    let session = session(&owner, Stage::Full);
    recovery::reset(&policy(), owner, session, target, &proof(true, None), (hashed(&recovery_code(1)), &note()), now)
}

#[test]
fn a_reset_and_a_password_code_are_never_one_persons_work() {
    // A code first, then a reset.
    let target = issued(member());
    let refused = Refusal::SecondEffect(Mark { effect: Effect::Password, at: NOW });
    assert_eq!(reset(target.clone(), NOW.plus(APART - 1)).verdict, Err(refused));
    assert!(reset(target.clone(), NOW.plus(APART)).verdict.is_ok());
    // Using the code counts anew: what it gave is no older than its use.
    let used_at = NOW.plus(PASSWORD_CODE_VALIDITY - 1);
    let used = written(&try_redeem(Some(target), &code(1), used_at)).expect("used");
    assert!(matches!(reset(used.clone(), NOW.plus(APART)).verdict, Err(Refusal::SecondEffect(_))));
    assert!(reset(used, used_at.plus(APART)).verdict.is_ok());

    // A reset first: until they have enrolled again both are lost, however long that takes.
    let closed = written(&reset(member(), NOW)).expect("reset");
    for now in [NOW.plus(60), NOW.plus(APART * 9)] {
        assert_eq!(issue_by(person(1, None), closed.clone(), &proof(true, None), now).verdict, Err(Refusal::DoubleLoss));
    }
    // Enrolled again, they wait from then.
    let mut again = Account { second_factor: member().second_factor, ..closed };
    effect::mark(&mut again, Effect::SecondFactor, NOW.plus(500));
    let refused = Refusal::SecondEffect(Mark { effect: Effect::SecondFactor, at: NOW.plus(500) });
    assert_eq!(issue_by(person(1, None), again.clone(), &proof(true, None), NOW.plus(APART)).verdict, Err(refused));
    assert!(issue_by(person(1, None), again, &proof(true, None), NOW.plus(500 + APART)).verdict.is_ok());
}

#[test]
fn enrolling_after_a_reset_counts_as_the_reset() {
    let closed = written(&reset(member(), NOW)).expect("reset");
    let later = NOW.plus(HOUR);
    let at_door = Session { id: session_id(4), ..session(&closed, Stage::SecondFactor) };
    let tried = lookup(&closed, &recovery_code(1));
    let claimed = crate::sign_in::with_code(&policy(), closed, at_door, &tried, later);
    let session = written_session(&claimed).expect("claimed");
    let begun = crate::enrolment::begin(
        &policy(),
        written(&claimed).expect("claimed"),
        session.clone(),
        None,
        begun_enrolment(&session, later),
        later,
    );
    let secret = crate::oath::OathSecret::random(&mut Counting(3));
    let verified = crate::enrolment::verify(
        &policy(),
        written(&begun).expect("begun"),
        session,
        &secret,
        &secret.code_at(later),
        hashed_set(&[]),
        later,
    );
    assert_eq!(written(&verified).expect("enrolled").way_in_changed.last(Effect::SecondFactor), Some(later));
}

#[test]
fn a_changed_password_kills_the_code() {
    let target = issued(member());
    let session = Session { factor_at: Some(NOW), ..session(&target, Stage::Full) };
    let password = redeemed(&code(1)).password;
    let changed = crate::profile::change_password(&policy(), target, session, &proof(true, None), password, false, NOW);
    assert_eq!(try_redeem(written(&changed), &code(1), NOW).verdict, Err(Refusal::PasswordCodeWrong));
}

#[test]
fn a_deactivated_account_takes_no_code_and_is_given_none() {
    let closed = Account { deactivated_at: Some(NOW), ..issued(member()) };
    let refused = try_redeem(Some(closed.clone()), &code(1), NOW);
    assert_eq!(refused.verdict, Err(Refusal::AccountDeactivated));
    assert!(refused.changes.is_empty(), "nor is the password changed");
    assert_eq!(may_issue(&person(1, None), &closed, NOW), Err(Refusal::AccountDeactivated));
    assert_eq!(try_redeem(Some(closed), &code(2), NOW).verdict, Err(Refusal::PasswordCodeWrong), "a guess learns nothing");
}
