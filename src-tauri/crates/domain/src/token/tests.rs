use proptest::prelude::*;
use secrecy::SecretString;

use super::{proving::*, *};
use crate::{
    account::AccountState,
    enrolment::Enrolled,
    factor::{CodeVerdict, LOOK_AHEAD, RESYNC_AHEAD},
    gate::Role,
    oath::{Algorithm, Digits, OathSecret},
    secret_hash::HashedSet,
    sign_in::{self, CodeTry},
    testing::*,
    time::HOUR,
};

const COUNTED: Parameters = Parameters { moving: Moving::Counter, digits: Digits::Six, algorithm: Algorithm::Sha1 };
const TIMED: Parameters = Parameters { moving: Moving::Time(60), digits: Digits::Eight, algorithm: Algorithm::Sha256 };

fn secret(parameters: Parameters) -> OathSecret {
    OathSecret::of(b"12345678901234567890123456789012", parameters).expect("256 bits")
}

fn token(parameters: Parameters, state: TokenState) -> Token {
    Token {
        id: TokenId::random(&mut Counting(40)),
        origin: Origin::Hardware,
        community: Some(COMMUNITY),
        serial: Some(Name::read("0012345").expect("a name")),
        label: None,
        maker: Some(Name::read("Harbour Keys").expect("a name")),
        parameters,
        sealed: Some(Sealed(vec![1])),
        fingerprint: [4; 32],
        batch: BatchId::random(&mut Counting(41)),
        imported_at: NOW,
        imported_by: person(9, None).id,
        state,
        since: NOW,
        last_holder: None,
        used: false,
        clock: Clock::default(),
        counter: Counter::at(5),
    }
}

fn assigned(parameters: Parameters, to: &Account) -> Token {
    token(parameters, TokenState::Assigned { to: to.id, wrong: 0 })
}

fn token_of<T>(decision: &Decision<T>) -> Option<Token> {
    decision.changes.iter().rev().find_map(|change| if let Change::Token(token) = change { Some((**token).clone()) } else { None })
}

fn set() -> HashedSet {
    hashed_set(&crate::code::Code::backup_set(&mut Counting(8)))
}

/// Proves so many codes from this counter on, or from the step of now.
fn proved(account: &Account, stage: Stage, token: Token, codes: &[u64], now: Moment) -> Decision<Enrolled> {
    let secret = secret(token.parameters);
    let codes: Vec<SecretString> = codes.iter().map(|moving| secret.code_of(*moving)).collect();
    let sealed = (AuthenticatorId::random(&mut Counting(44)), Sealed(vec![2]));
    let proving = Proving { token, secret: &secret, sealed, code: &codes[0], following: codes.get(1) };
    let proof = (stage == Stage::Full).then(|| proof(true, None));
    prove(&Policy::default(), account.clone(), session(account, stage), proving, proof.as_ref(), set(), now)
}

#[test]
fn a_token_is_in_use_once_its_holder_proved_a_code_and_opens_nothing_before() {
    for (parameters, code) in [(COUNTED, 7), (TIMED, TIMED.step_at(NOW))] {
        let holder = person(1, Some(Role::Member));
        let decision = proved(&holder, Stage::Full, assigned(parameters, &holder), &[code], NOW);
        assert_eq!(decision.verdict, Ok(Enrolled { backup_codes: true }));
        let (account, token) = (written(&decision).expect("written"), token_of(&decision).expect("written"));
        assert!(account.state() == AccountState::Protected && token.used);
        let SecondFactor::Active(factors) = &account.second_factor else { panic!("active") };
        let own = &factors.authenticators[0];
        assert_eq!(token.state, TokenState::Active { account: account.id, authenticator: own.id });
        assert_eq!((own.token, own.name.as_str()), (Some(token.id), "Harbour Keys 0012345"));
        assert_eq!(own.sealed, Sealed(vec![2]), "sealed for its account");
        assert_eq!(decision.events[0].kind, EventKind::TokenActivated);

        // The code that proved it opens nothing again; the next one does.
        let session = session(&account, Stage::SecondFactor);
        let tried = |moving| {
            let (secret, id) = (secret(parameters), own.id);
            CodeTry {
                typed: crate::code::Typed::Totp(secret.code_of(moving)),
                secrets: vec![(id, secret)],
                hashed: None,
                out_of_reach: None,
            }
        };
        let sign_in = |moving, now| sign_in::with_code(&Policy::default(), account.clone(), session.clone(), &tried(moving), now).verdict;
        assert_eq!(sign_in(code, NOW), Err(Refusal::CodeUsed));
        assert_eq!(sign_in(code + 1, NOW.plus(60)), Ok(sign_in::Next::In));
    }
}

#[test]
fn only_the_holder_proves_and_only_what_is_assigned() {
    let (holder, other) = (person(1, Some(Role::Member)), person(2, Some(Role::Member)));
    let states = [
        TokenState::Free,
        TokenState::Retired,
        TokenState::Assigned { to: other.id, wrong: 0 },
        TokenState::Active { account: holder.id, authenticator: AuthenticatorId::random(&mut Counting(3)) },
    ];
    for state in states {
        let decision = proved(&holder, Stage::Full, token(COUNTED, state), &[5], NOW);
        assert_eq!(decision.verdict, Err(Refusal::TokenGone), "{state:?}");
        assert!(decision.changes.is_empty());
    }
    for stage in [Stage::SecondFactor, Stage::Locked, Stage::Enrol { by_recovery: true }] {
        let verdict = proved(&holder, stage, assigned(COUNTED, &holder), &[5], NOW).verdict;
        assert!(matches!(verdict, Err(Refusal::SessionStage | Refusal::WrongPassword)), "{stage:?}: {verdict:?}");
    }
    assert!(proved(&holder, Stage::Enrol { by_recovery: false }, assigned(COUNTED, &holder), &[5], NOW).verdict.is_ok());
}

#[test]
fn one_code_reaches_the_look_ahead_and_two_in_a_row_further_and_ten_wrong_ones_end_it() {
    let holder = person(1, Some(Role::Member));
    let verdict = |codes: &[u64]| proved(&holder, Stage::Full, assigned(COUNTED, &holder), codes, NOW).verdict.map(drop);
    assert_eq!((LOOK_AHEAD, RESYNC_AHEAD), (10, 1_000), "a wider reach makes guessing easier: not by the way");
    assert_eq!(verdict(&[5 + LOOK_AHEAD - 1]), Ok(()));
    assert_eq!(verdict(&[5 + LOOK_AHEAD]), Err(Refusal::TokenCodeWrong));
    assert_eq!(verdict(&[4]), Err(Refusal::TokenCodeWrong), "spent before it came here");
    assert_eq!(verdict(&[5 + LOOK_AHEAD, 6 + LOOK_AHEAD]), Ok(()));
    assert_eq!(verdict(&[6 + LOOK_AHEAD, 5 + LOOK_AHEAD]), Err(Refusal::TokenCodeWrong), "not in their order");
    assert_eq!(verdict(&[5 + RESYNC_AHEAD, 6 + RESYNC_AHEAD]), Err(Refusal::TokenCodeWrong));

    let mut at = assigned(COUNTED, &holder);
    for wrong in 1..WRONG_CODES {
        let decision = proved(&holder, Stage::Full, at, &[2], NOW);
        assert_eq!(decision.verdict, Err(Refusal::TokenCodeWrong));
        at = token_of(&decision).expect("counted");
        assert_eq!(at.state, TokenState::Assigned { to: holder.id, wrong });
    }
    let decision = proved(&holder, Stage::Full, at, &[2], NOW);
    assert_eq!((decision.verdict.clone(), token_of(&decision).map(|token| token.state)), (Err(Refusal::TokenGone), Some(TokenState::Free)));
}

#[test]
fn a_code_of_another_length_costs_nothing() {
    let holder = person(1, Some(Role::Member));
    let (six, eight) = (secret(COUNTED), secret(TIMED));
    let proving = Proving {
        token: assigned(TIMED, &holder),
        secret: &eight,
        sealed: (AuthenticatorId::random(&mut Counting(44)), Sealed(vec![2])),
        code: &six.code_of(5),
        following: None,
    };
    let decision = prove(&Policy::default(), holder.clone(), session(&holder, Stage::Full), proving, Some(&proof(true, None)), set(), NOW);
    assert_eq!(decision.verdict.map(drop), Err(Refusal::CodeDigits(6)));
    assert!(decision.changes.is_empty());
}

#[test]
fn what_is_let_go_of_or_restored_takes_two_codes_in_a_row_and_never_an_old_one() {
    let holder = person(1, Some(Role::Member));
    let active = TokenState::Active { account: holder.id, authenticator: AuthenticatorId::random(&mut Counting(3)) };
    let Change::Token(free) = token(COUNTED, active).let_go(Clock::default(), Counter::at(50), NOW) else { panic!("kept") };
    assert_eq!((free.state, free.last_holder), (TokenState::Free, Some(holder.id)));
    let Some(Change::Token(renewed)) = token(COUNTED, TokenState::Assigned { to: holder.id, wrong: 0 }).renew(NOW) else { panic!("kept") };
    assert_eq!(renewed.state, TokenState::Free, "whoever it was to be given to is asked anew");
    for (token, next) in [(*free, 50), (*renewed, 5)] {
        let again = Token { state: TokenState::Assigned { to: holder.id, wrong: 0 }, ..token };
        let verdict = |codes: &[u64]| proved(&holder, Stage::Full, again.clone(), codes, NOW).verdict.map(drop);
        assert_eq!(verdict(&[next]), Err(Refusal::TokenOutOfStep));
        assert_eq!(verdict(&[next - 1, next]), Err(Refusal::TokenCodeWrong));
        assert_eq!(verdict(&[next, next + 1]), Ok(()));
    }
    let brought = Token { origin: Origin::Brought, ..token(COUNTED, active) };
    assert!(matches!(brought.let_go(Clock::default(), Counter::at(50), NOW), Change::RemoveToken(_)), "nobody else's, ever");
    let Change::Token(timed) = token(TIMED, active).let_go(Clock::default(), Counter::default(), NOW) else { panic!("kept") };
    let again = Token { state: TokenState::Assigned { to: holder.id, wrong: 0 }, ..*timed };
    assert_eq!(proved(&holder, Stage::Full, again.clone(), &[TIMED.step_at(NOW) + 1], NOW).verdict.map(drop), Err(Refusal::TokenCodeWrong));
    assert!(proved(&holder, Stage::Full, again, &[TIMED.step_at(NOW) + 2], NOW.plus(120)).verdict.is_ok());
}

#[test]
fn one_person_gives_a_token_to_no_administrator_but_themselves_and_to_nobody_after_a_password_code() {
    let (administrator, member) = (person(1, Some(Role::Administrator)), person(2, Some(Role::Member)));
    let given = |actor: &Account, target: &Account, token: Token| {
        let target = (actor.id != target.id).then(|| target.clone());
        assign(&Policy::default(), actor.clone(), session(actor, Stage::Full), token, target, &proof(true, None), NOW)
    };
    let free = || token(COUNTED, TokenState::Free);
    let decision = given(&administrator, &member, free());
    assert_eq!(decision.verdict, Ok(()));
    assert_eq!(token_of(&decision).map(|token| token.state), Some(TokenState::Assigned { to: member.id, wrong: 0 }));
    let marked = decision.changes.iter().find_map(|change| match change {
        Change::Account(account) if account.id == member.id => Some((**account).clone()),
        _ => None,
    });
    let marked = marked.expect("marked");
    assert!(effect::may_follow(&marked, Effect::Password, NOW.plus(71 * HOUR)).is_err(), "password and token are a take-over");
    assert!(effect::may_follow(&marked, Effect::SecondFactor, NOW).is_ok(), "a reset and a token are both the second factor");

    let second = person(3, Some(Role::Administrator));
    assert_eq!(given(&administrator, &second, free()).verdict, Err(Refusal::TakesTwo));
    assert_eq!(given(&administrator, &administrator, free()).verdict, Ok(()));
    assert_eq!(given(&person(4, Some(Role::Support)), &member, free()).verdict, Err(Refusal::NotAllowed));
    assert_eq!(given(&person(4, Some(Role::Support)), &person(4, Some(Role::Support)), free()).verdict, Err(Refusal::NotAllowed));
    let elsewhere = Token { community: None, ..free() };
    assert_eq!(given(&administrator, &member, elsewhere).verdict, Err(Refusal::NotAllowed), "the workspace's stock is the owner's");
    assert_eq!(given(&administrator, &member, assigned(COUNTED, &second)).verdict, Err(Refusal::TokenNotFree));
    assert_eq!(given(&administrator, &member, token(COUNTED, TokenState::Retired)).verdict, Err(Refusal::TokenNotFree));
    let brought = Token { origin: Origin::Brought, ..free() };
    assert_eq!(given(&administrator, &member, brought).verdict, Err(Refusal::TokenNotFree));
    let mut reissued = member;
    effect::mark(&mut reissued, Effect::Password, NOW);
    assert!(matches!(given(&administrator, &reissued, free()).verdict, Err(Refusal::SecondEffect(_))));
}

#[test]
fn what_is_in_use_is_neither_taken_back_nor_retired_nor_undone() {
    let (administrator, holder) = (person(1, Some(Role::Administrator)), person(2, Some(Role::Member)));
    let active = token(COUNTED, TokenState::Active { account: holder.id, authenticator: AuthenticatorId::random(&mut Counting(3)) });
    assert_eq!(unassign(&administrator, active.clone(), &holder, NOW).verdict, Err(Refusal::TokenInUse));
    assert_eq!(retire(&administrator, active.clone(), Some(&holder), NOW).verdict, Err(Refusal::TokenInUse));
    assert_eq!(
        undo_import(&administrator, &[token(COUNTED, TokenState::Free), Token { used: true, ..active }]).verdict,
        Err(Refusal::TokenInUse)
    );
    assert_eq!(undo_import(&holder, &[token(COUNTED, TokenState::Free)]).verdict, Err(Refusal::NotAllowed));
    assert_eq!(undo_import(&administrator, &[token(COUNTED, TokenState::Free)]).verdict, Ok(()));

    let retired = token_of(&retire(&administrator, assigned(COUNTED, &holder), Some(&holder), NOW)).expect("written");
    assert!(retired.state == TokenState::Retired && retired.sealed.is_none(), "its secret is gone");
    assert_eq!(retire(&holder, assigned(COUNTED, &holder), Some(&holder), NOW).verdict, Err(Refusal::NotAllowed));
    let stranger = person(3, Some(Role::Member));
    assert_eq!(unassign(&stranger, assigned(COUNTED, &holder), &holder, NOW).verdict, Err(Refusal::NotAllowed));
    assert_eq!(unassign(&holder, assigned(COUNTED, &holder), &holder, NOW).verdict, Ok(()), "its holder does not want it");
}

/// Somebody whose only authenticator is a token in use, with the counter at 8.
fn with_token(parameters: Parameters) -> (Account, AuthenticatorId) {
    let holder = person(1, Some(Role::Member));
    let code = if parameters == COUNTED { 7 } else { parameters.step_at(NOW) };
    let account = written(&proved(&holder, Stage::Full, assigned(parameters, &holder), &[code], NOW)).expect("proved");
    let SecondFactor::Active(factors) = &account.second_factor else { panic!("active") };
    let id = factors.authenticators[0].id;
    (account, id)
}

#[test]
fn a_token_comes_back_into_step_by_two_codes_its_holder_types_or_reads_out_and_by_nothing_less() {
    for (parameters, at) in [(COUNTED, 400), (TIMED, TIMED.step_at(NOW) + 90)] {
        let (account, id) = with_token(parameters);
        let secret = secret(parameters);
        let by = |actor: &Account, first: u64, second: u64, at: &Account| {
            let codes = [&secret.code_of(first), &secret.code_of(second)];
            resync(&Policy::default(), actor, &session(actor, Stage::Full), at.clone(), (id, &secret), codes, NOW)
        };
        let decision = by(&account, at, at + 1, &account);
        assert_eq!(decision.verdict, Ok(()));
        assert_eq!(decision.events[0].kind, EventKind::TokenResynchronised);
        let back = written(&decision).expect("written");
        assert_eq!(by(&account, at, at + 1, &back).verdict, Err(Refusal::TokenCodeWrong), "both are spent");
        let (support, stranger) = (person(5, Some(Role::Support)), person(6, Some(Role::Member)));
        assert_eq!(by(&support, at, at + 1, &account).verdict, Ok(()));
        assert_eq!(by(&stranger, at, at + 1, &account).verdict, Err(Refusal::NotAllowed));

        let mut failing = account.clone();
        for (first, second) in [(at, at + 2), (at + 1, at), (at, at), (1, 2)] {
            let decision = by(&account, first, second, &failing);
            assert_eq!(decision.verdict, Err(Refusal::TokenCodeWrong));
            failing = written(&decision).expect("counted");
        }
        assert!(matches!(by(&account, at, at + 2, &failing).verdict, Err(Refusal::Wait(_))), "they are throttled like any code");
    }
}

#[test]
fn what_is_remembered_of_a_clock_moves_the_window_and_no_drift_is_told_of_it() {
    let (account, id) = with_token(TIMED);
    let secret = secret(TIMED);
    let ahead = TIMED.step_at(NOW) + 90;
    let codes = [&secret.code_of(ahead), &secret.code_of(ahead + 1)];
    let decision = resync(&Policy::default(), &account, &session(&account, Stage::Full), account.clone(), (id, &secret), codes, NOW);
    let SecondFactor::Active(mut factors) = written(&decision).expect("written").second_factor else { panic!("active") };
    let clock = &mut factors.authenticators[0].clock;
    assert_eq!(clock.judge(&secret, &secret.code_of(ahead + 3), 1, NOW.plus(120)), CodeVerdict::Accepted);
    assert_eq!(
        clock.judge(&secret, &secret.code_of(TIMED.step_at(NOW) + 4), 1, NOW.plus(240)),
        CodeVerdict::Wrong,
        "the time itself is off now"
    );
    assert_eq!(factors.authenticators[0].drift_seconds(), 0);
}

#[test]
fn a_counter_far_ahead_is_brought_back_at_the_door_by_two_codes_that_open_nothing() {
    let secret = secret(COUNTED);
    let mut counter = Counter::at(8);
    assert_eq!(counter.judge(&secret, &secret.code_of(300)), CodeVerdict::Wrong);
    assert_eq!(counter.judge(&secret, &secret.code_of(301)), CodeVerdict::InStepAgain);
    assert_eq!(counter.judge(&secret, &secret.code_of(301)), CodeVerdict::Replayed);
    assert_eq!(counter.judge(&secret, &secret.code_of(302)), CodeVerdict::Accepted);
    // Something else between two is something else.
    let mut counter = Counter::at(8);
    assert_eq!(counter.judge(&secret, &secret.code_of(300)), CodeVerdict::Wrong);
    assert_eq!(counter.judge(&secret, &"000000".into()), CodeVerdict::Wrong);
    assert_eq!(counter.judge(&secret, &secret.code_of(301)), CodeVerdict::Wrong);
    // After a restored backup not even the next one opens.
    let mut counter = Counter::at(8);
    counter.lose();
    assert_eq!(counter.judge(&secret, &secret.code_of(8)), CodeVerdict::OutOfStep);
    assert_eq!(counter.judge(&secret, &secret.code_of(9)), CodeVerdict::InStepAgain);
    assert_eq!(counter.judge(&secret, &secret.code_of(10)), CodeVerdict::Accepted);
}

#[test]
fn an_authenticator_of_before_is_read_as_an_app() {
    let held = enrolled(person(1, None));
    let mut record = serde_json::to_value(&held.account).expect("a record");
    let authenticator = record.pointer_mut("/second_factor/active/authenticators/0").and_then(serde_json::Value::as_object_mut);
    let authenticator = authenticator.expect("an object");
    for name in ["parameters", "counter", "token"] {
        assert!(authenticator.remove(name).is_some(), "{name}");
    }
    authenticator["clock"].as_object_mut().expect("an object").remove("allowed").expect("there");
    let account: Account = serde_json::from_value(record).expect("still read");
    let SecondFactor::Active(factors) = &account.second_factor else { panic!("active") };
    assert_eq!(factors.authenticators[0].parameters, Parameters::default());
    assert_eq!(factors.authenticators[0].token, None);
}

proptest! {
    // Every attempt looks a thousand counters ahead.
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever is typed, in whatever order: no counter is accepted twice, none behind one that was, none beyond the look-ahead.
    #[test]
    fn a_counter_is_accepted_once_and_only_forwards(attempts in prop::collection::vec((0u64..60, any::<bool>()), 1..12), lost: bool) {
        let secret = secret(COUNTED);
        let mut counter = Counter::at(20);
        if lost {
            counter.lose();
        }
        for (shown, again) in attempts {
            let next = counter.next();
            let code = secret.code_of(shown);
            // Two counters in a million share their code; this is about the rule, not about that.
            prop_assume!(secret.matching_counters(&code, 0, 1100) == vec![shown]);
            let was_lost = counter.is_lost();
            match counter.judge(&secret, &code) {
                CodeVerdict::Accepted => {
                    prop_assert!(!was_lost && (next..next + LOOK_AHEAD).contains(&shown));
                    prop_assert_eq!(counter.next(), shown + 1);
                }
                CodeVerdict::InStepAgain => prop_assert!(shown > next && counter.next() == shown + 1),
                _ => prop_assert_eq!(counter.next(), next),
            }
            if again {
                prop_assert!(counter.judge(&secret, &code) != CodeVerdict::Accepted);
            }
        }
    }
}
