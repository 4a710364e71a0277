use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    oath::{STEP_SECONDS, step_at},
    testing::*,
};

const WINDOW: u8 = 1;
/// Far enough from the code that verified the enrolment.
const START: i64 = 100;

fn at(step: i64) -> Moment {
    NOW.plus(step * STEP_SECONDS.cast_signed())
}

fn secret(number: u64) -> OathSecret {
    OathSecret::random(&mut Counting(number))
}

fn begun() -> Clock {
    Clock::start(step_at(NOW), step_at(NOW))
}

/// An authenticator that shows the code of one step while it is another, or what nobody's authenticator shows.
#[derive(Clone, Copy, Debug)]
enum Shown {
    Off(i64),
    Nonsense,
}
use Shown::{Nonsense, Off};

impl Shown {
    fn code(self, secret: &OathSecret, step: i64) -> SecretString {
        match self {
            Off(offset) => secret.code_at(at(step + offset)),
            Nonsense => {
                (0u32..).map(|n| format!("{n:06}").into()).find(|code| secret.matching_steps(code, at(step), 25).is_empty()).expect("one")
            }
        }
    }
}

#[test]
fn drift_is_told_of_the_second_of_two_late_codes_in_a_row_and_of_nothing_less() {
    use CodeVerdict::{Accepted, Drifted, Wrong};
    type Attempt = (i64, Shown, CodeVerdict);
    let table: &[(&str, &[Attempt])] = &[
        ("two in a row, behind", &[(0, Off(-5), Wrong), (1, Off(-5), Drifted(-150))]),
        ("two in a row, ahead, at the end of the reach", &[(0, Off(20), Wrong), (1, Off(20), Drifted(600))]),
        ("beyond the reach", &[(0, Off(21), Wrong), (1, Off(21), Wrong), (2, Off(21), Wrong)]),
        ("one alone", &[(0, Off(7), Wrong)]),
        ("the same code twice", &[(0, Off(-5), Wrong), (0, Off(-5), Wrong)]),
        ("the same code again a step later", &[(0, Off(-5), Wrong), (1, Off(-6), Wrong)]),
        ("different offsets", &[(0, Off(-5), Wrong), (1, Off(-7), Wrong), (2, Off(-9), Wrong)]),
        ("opposite offsets", &[(0, Off(5), Wrong), (1, Off(-5), Wrong)]),
        ("a wrong one between", &[(0, Off(-5), Wrong), (1, Nonsense, Wrong), (2, Off(-5), Wrong)]),
        ("an accepted one between", &[(0, Off(-5), Wrong), (1, Off(0), Accepted), (2, Off(-5), Wrong)]),
        ("after another offset, two in a row", &[(0, Off(9), Wrong), (1, Off(-5), Wrong), (2, Off(-5), Drifted(-150))]),
        ("told again for every further one", &[(0, Off(3), Wrong), (1, Off(3), Drifted(90)), (2, Off(3), Drifted(90))]),
        ("long between, but in a row", &[(0, Off(-9), Wrong), (500, Off(-9), Drifted(-270))]),
        ("within the window nothing is late", &[(0, Off(-1), Accepted), (3, Off(1), Accepted)]),
    ];
    for (what, attempts) in table {
        let (secret, mut clock) = (secret(1), begun());
        for (n, (step, shown, expected)) in attempts.iter().enumerate() {
            let step = START + step;
            let verdict = clock.judge(&secret, &shown.code(&secret, step), WINDOW, at(step));
            assert_eq!(verdict, *expected, "{what}: attempt {n}");
        }
    }
}

#[test]
fn codes_seen_before_prove_no_drift_when_they_are_typed_again() {
    let (secret, mut clock) = (secret(1), begun());
    for step in START..START + 3 {
        assert_eq!(clock.judge(&secret, &secret.code_at(at(step)), WINDOW, at(step)), CodeVerdict::Accepted);
    }
    for step in START..START + 2 {
        let later = at(step + 10);
        assert_eq!(clock.judge(&secret, &secret.code_at(at(step)), WINDOW, later), CodeVerdict::Wrong);
    }
    assert_eq!(clock.drift, 0, "nothing was learnt");
}

#[test]
fn drift_is_recorded_when_it_is_told_and_when_a_code_is_accepted() {
    let (secret, mut clock) = (secret(1), begun());
    let mut judge = |step: i64, shown: Shown| {
        clock.judge(&secret, &shown.code(&secret, step), WINDOW, at(step));
        clock.drift
    };
    assert_eq!(judge(START, Off(-8)), 0, "one late code is not yet known to be drift");
    assert_eq!(judge(START + 1, Off(-8)), -8);
    assert_eq!(judge(START + 2, Nonsense), -8);
    assert_eq!(judge(START + 40, Off(1)), 1);
}

fn two(owner: Held) -> (Factors, Vec<(AuthenticatorId, OathSecret)>) {
    let SecondFactor::Active(mut factors) = owner.account.second_factor else { panic!("active") };
    let second = Authenticator {
        id: AuthenticatorId::random(&mut Counting(600)),
        name: Name::read("Tablet").expect("a name"),
        clock: begun(),
        ..factors.authenticators[0].clone()
    };
    let secrets = vec![(factors.authenticators[0].id, owner.secret), (second.id, secret(2))];
    factors.authenticators.push(second);
    (factors, secrets)
}

#[test]
fn drift_is_not_put_together_from_two_authenticators_nor_around_another_way_in() {
    use CodeVerdict::{Accepted, Drifted, Wrong};
    /// Which of two, and what it shows; or a backup code.
    type Attempt = (Option<usize>, Shown, CodeVerdict);
    let table: &[(&str, &[Attempt])] = &[
        ("one of each", &[(Some(0), Off(-5), Wrong), (Some(1), Off(-5), Wrong)]),
        ("the other late between", &[(Some(0), Off(-5), Wrong), (Some(1), Off(-5), Wrong), (Some(0), Off(-5), Wrong)]),
        ("the other accepted between", &[(Some(1), Off(-5), Wrong), (Some(0), Off(0), Accepted), (Some(1), Off(-5), Wrong)]),
        ("a backup code between", &[(Some(1), Off(-5), Wrong), (None, Nonsense, Wrong), (Some(1), Off(-5), Wrong)]),
        ("two of the second", &[(Some(1), Off(-5), Wrong), (Some(1), Off(-5), Drifted(-150))]),
    ];
    for (what, attempts) in table {
        let (mut factors, secrets) = two(enrolled(person(1, None)));
        for (n, (which, shown, expected)) in attempts.iter().enumerate() {
            let step = START + i64::try_from(n).expect("few");
            let verdict = match which {
                Some(which) => factors.judge_digits(&secrets, &shown.code(&secrets[*which].1, step), WINDOW, at(step)),
                None => factors.judge_backup(None, at(step)),
            };
            assert_eq!(verdict, *expected, "{what}: attempt {n}");
        }
    }
}

#[test]
fn any_authenticator_opens_and_only_the_one_that_did_was_used() {
    let (mut factors, secrets) = two(enrolled(person(1, None)));
    let before = factors.authenticators[0].used_at;
    let verdict = factors.judge_digits(&secrets, &secrets[1].1.code_at(at(START)), WINDOW, at(START));
    assert_eq!(verdict, CodeVerdict::Accepted);
    assert_eq!([factors.authenticators[0].used_at, factors.authenticators[1].used_at], [before, Some(at(START))]);
}

proptest! {
    /// Whatever is typed, and whenever: drift is told only right after a late code of the same offset, and no step that
    /// ever matched is accepted.
    #[test]
    fn nothing_is_told_sooner_and_nothing_is_accepted_twice(attempts in prop::collection::vec((0i64..3, -23i64..24, any::<bool>()), 1..25), seed: u64) {
        let (secret, mut clock) = (OathSecret::random(&mut Counting(seed)), begun());
        let (mut step, mut matched, mut late) = (START, BTreeSet::new(), None);
        for (wait, offset, nonsense) in attempts {
            step += wait;
            let shown = if nonsense { Nonsense } else { Off(offset) };
            let code = shown.code(&secret, step);
            let own: Vec<u64> = if nonsense || offset.abs() > DRIFT_REACH { vec![] } else { vec![step_at(at(step + offset))] };
            // Two steps in a million share their code; this is about the rule, not about that.
            prop_assume!(secret.matching_steps(&code, at(step), DRIFT_REACH) == own);
            let fresh = own.first().is_some_and(|step| !matched.contains(step));
            match clock.judge(&secret, &code, WINDOW, at(step)) {
                CodeVerdict::Accepted => {
                    prop_assert!(fresh && offset.abs() <= i64::from(WINDOW));
                    late = None;
                }
                CodeVerdict::Drifted(told) => {
                    prop_assert!(fresh && told == offset * STEP_SECONDS.cast_signed() && late == Some(offset));
                }
                CodeVerdict::InStepAgain | CodeVerdict::OutOfStep => prop_assert!(false, "a clock has no counter"),
                CodeVerdict::Wrong | CodeVerdict::Replayed | CodeVerdict::Void => late = fresh.then_some(offset).filter(|offset| offset.abs() > i64::from(WINDOW)),
            }
            matched.extend(own);
        }
    }
}
