use super::*;
use crate::{
    code::{Code, Kind},
    effect::APART,
    gate::Role,
    recovery,
    secret_hash::Recipe,
    session::Stage,
    testing::*,
    throttle::Failures,
    time::HOUR,
};

fn code(number: u64) -> Code {
    Code::random(Kind::Password, &mut Counting(number))
}

fn hashed(code: &Code) -> Hashed {
    Recipe::random(CHEAP, &mut Counting(8)).hash(code.canonical())
}

fn member() -> Account {
    enrolled(person(2, Some(Role::Member))).account
}

fn asked(failures: Failures, number: u64) -> Asked {
    Asked { key: [9; 32], failures, hash: hashed(&code(number)) }
}

fn ask_for(account: Option<Account>, now: Moment) -> Decision<()> {
    ask(account, asked(Failures::default(), 1), now)
}

fn mails(account: &Account, now: Moment) -> bool {
    !ask_for(Some(account.clone()), now).notices.is_empty()
}

fn redeemed(number: u64) -> Redeemed {
    let password = Password { hash: Recipe::random(CHEAP, &mut Counting(6)).hash(&"new".into()), stands_alone: true };
    let failures = Failures::default();
    Redeemed {
        code: hashed(&code(number)),
        password,
        session: session_id(9),
        key: [1; 32],
        failures,
        password_key: [2; 32],
        asked_key: [9; 32],
    }
}

#[test]
fn a_code_is_mailed_to_somebody_who_asks_and_changes_the_password_and_nothing_else() {
    let decision = ask_for(Some(member()), NOW);
    assert_eq!(decision.verdict, Ok(()));
    assert!(
        matches!(decision.notices[..], [crate::Notice { kind: NoticeKind::PasswordCode, addresses: None, .. }]),
        "to their first address"
    );
    let event = &decision.events[0];
    assert_eq!((event.kind, event.actor), (EventKind::PasswordCodeMailed, None), "nobody knows who asked");
    let account = written(&decision).expect("written");
    assert_eq!(account.way_in_changed, member().way_in_changed, "asking alone hinders nobody");
    let used = redeem(&Policy::default(), Some(account), redeemed(1), NOW.plus(60));
    assert_eq!(used.verdict, Ok(Next::Code), "the second factor is still asked");
    assert!(written(&used).expect("written").way_in_changed.lately(Effect::Password, NOW.plus(60)));
}

/// Whoever asks is answered alike, and counted alike.
#[test]
fn nobody_learns_whether_a_code_was_mailed() {
    let ada = person(3, Some(Role::Administrator));
    let cases = [
        None,
        Some(ada.clone()),
        Some(person(3, None)),
        Some(Account { privileged_until: Some(NOW.plus(-HOUR)), ..member() }),
        Some(Account { password: None, ..member() }),
        Some(Account { deactivated_at: Some(NOW), ..member() }),
        Some(Account { elsewhere: true, ..member() }),
        Some(Account { password_code: Some(PasswordCode { hash: hashed(&code(4)), issued_at: NOW, by_mail: false }), ..member() }),
    ];
    for account in cases {
        let decision = ask_for(account.clone(), NOW);
        assert_eq!(decision.verdict, Ok(()));
        assert!(matches!(decision.changes[..], [Change::Throttle(key, _)] if key == [9; 32]), "{account:?}");
        assert!(decision.notices.is_empty() && decision.events.is_empty());
    }
    let mut failures = [Failures::default(), Failures::default()];
    for _ in 0..4 {
        let verdicts = [None, Some(member())].into_iter().zip(&mut failures).map(|(account, failures)| {
            let decision = ask(account, asked(failures.clone(), 1), NOW);
            if let Some(Change::Throttle(_, counted)) = decision.changes.first() {
                *failures = counted.clone();
            }
            decision.verdict
        });
        let verdicts: Vec<_> = verdicts.collect();
        assert_eq!(verdicts[0], verdicts[1]);
    }
    assert!(matches!(open(&failures[0], NOW), Err(Refusal::Wait(_))), "three questions a minute");
}

#[test]
fn another_is_not_mailed_for_a_quarter_of_an_hour_and_then_ends_the_first() {
    let account = written(&ask_for(Some(member()), NOW)).expect("mailed");
    assert!(!mails(&account, NOW.plus(MAILED_APART - 1)));
    let again = ask(Some(account), asked(Failures::default(), 2), NOW.plus(MAILED_APART));
    let account = written(&again).expect("mailed again");
    let wrong = redeem(&Policy::default(), Some(account.clone()), redeemed(1), NOW.plus(HOUR));
    assert_eq!(wrong.verdict, Err(Refusal::PasswordCodeWrong));
    assert_eq!(redeem(&Policy::default(), Some(account), redeemed(2), NOW.plus(HOUR)).verdict, Ok(Next::Code));
}

/// What one person of the staff did, or the account's own, and then the code by mail; and the other way round.
#[test]
fn it_composes_with_nothing_within_72_hours() {
    for effect in [Effect::SecondFactor, Effect::Reactivation, Effect::Email, Effect::Token] {
        let mut account = member();
        effect::mark(&mut account, effect, NOW);
        assert!(!mails(&account, NOW), "{effect:?}");
        assert!(!mails(&account, NOW.plus(APART - 1)), "{effect:?}");
        assert!(!mails(&account, NOW.plus(-HOUR)), "{effect:?}: a clock set back");
        assert!(mails(&account, NOW.plus(APART)), "{effect:?}");
        // Mailed first, and then that.
        let mut account = written(&ask_for(Some(member()), NOW)).expect("mailed");
        effect::mark(&mut account, effect, NOW.plus(60));
        let used = redeem(&Policy::default(), Some(account), redeemed(1), NOW.plus(120));
        assert_eq!(used.verdict, Err(Refusal::PasswordCodeExpired), "{effect:?}");
    }
    // Used, it stands in the way of a reset by one.
    let account = written(&ask_for(Some(member()), NOW)).expect("mailed");
    assert_eq!(recovery::may_reset(&person(1, None), &account, NOW.plus(60)), Ok(()), "unused it does not");
    let used = written(&redeem(&Policy::default(), Some(account), redeemed(1), NOW.plus(60))).expect("used");
    assert!(matches!(recovery::may_reset(&person(1, None), &used, NOW.plus(60)), Err(Refusal::SecondEffect(_))));
}

#[test]
fn a_reset_that_is_not_finished_and_a_new_role_shut_it_out() {
    let actor = person(1, None);
    let reset = recovery::reset(
        &Policy::default(),
        actor.clone(),
        session(&actor, Stage::Full),
        member(),
        &proof(true, None),
        (hashed(&code(3)), &note()),
        NOW,
    );
    let account = written(&reset).expect("reset");
    assert!(!mails(&account, NOW.plus(APART)), "both lost: two people");
    let mut promoted = written(&ask_for(Some(member()), NOW)).expect("mailed");
    promoted.memberships[0].role = Role::Administrator;
    let used = redeem(&Policy::default(), Some(promoted), redeemed(1), NOW.plus(60));
    assert_eq!(used.verdict, Err(Refusal::PasswordCodeExpired));
}

#[test]
fn it_dies_after_a_day_and_is_used_once() {
    let account = written(&ask_for(Some(member()), NOW)).expect("mailed");
    let late = redeem(&Policy::default(), Some(account.clone()), redeemed(1), NOW.plus(PASSWORD_CODE_VALIDITY));
    assert_eq!(late.verdict, Err(Refusal::PasswordCodeExpired));
    let used = written(&redeem(&Policy::default(), Some(account), redeemed(1), NOW.plus(60))).expect("used");
    assert_eq!(redeem(&Policy::default(), Some(used), redeemed(1), NOW.plus(61)).verdict, Err(Refusal::PasswordCodeWrong));
}
