use super::*;
use crate::{
    Refusal,
    account::Invitation,
    code::{Code, Kind},
    factor::Factors,
    oath::step_at,
    policy::Policy,
    recovery,
    secret_hash::Recipe,
    session::{Session, Stage},
    sign_in::{self, Next},
    testing::*,
};

const CODES: [BackupCodes; 2] = [BackupCodes::Void, BackupCodes::Kept];

fn renewed(account: &Account, codes: BackupCodes) -> Account {
    written(&renew(account.clone(), codes, NOW)).unwrap_or_else(|| account.clone())
}

fn factors(account: &Account) -> &Factors {
    match &account.second_factor {
        SecondFactor::Active(factors) => factors,
        other => panic!("no active factor: {other:?}"),
    }
}

fn at_the_second_door(account: &Account, now: Moment, tried: &sign_in::CodeTry) -> Result<Next, Refusal> {
    let session = Session::begin(session_id(2), account.id, Stage::SecondFactor, now);
    sign_in::with_code(&Policy::default(), account.clone(), session, tried, now).verdict
}

#[test]
fn sessions_invitations_and_unfinished_enrolments_are_void() {
    let mut invited = person(1, None);
    invited.password = None;
    invited.invitation = Some(Invitation::new(Recipe::random(CHEAP, &mut Counting(3)).hash(&"code".into()), NOW));
    let mut half = person(2, None);
    half.pending = Some(begun_enrolment(&session(&half, Stage::Full), NOW));
    for account in [invited, half, person(3, None), enrolled(person(4, None)).account] {
        for codes in CODES {
            let decision = renew(account.clone(), codes, NOW);
            assert!(ends_sessions_of(&decision, account.id));
            let after = renewed(&account, codes);
            assert!(after.invitation.is_none() && after.pending.is_none());
            assert!(decision.events.is_empty(), "the journal tells it once, for all");
        }
    }
}

#[test]
fn no_time_step_that_can_have_been_used_by_now_opens_again_and_the_next_ones_do() {
    let held = enrolled(person(1, None));
    let after = renewed(&held.account, BackupCodes::Void);
    for step in -20..=1 {
        let moment = NOW.plus(30 * step);
        let code = held.secret.code_at(moment);
        for now in [NOW, moment, NOW.plus(30)] {
            let verdict = at_the_second_door(&after, now, &digits(&after, &held.secret, code.clone()));
            assert!(verdict.is_err(), "the code of step {step}, tried at {now:?}");
        }
    }
    let later = NOW.plus(60);
    let fresh = digits(&after, &held.secret, held.secret.code_at(later));
    assert_eq!(at_the_second_door(&after, later, &fresh), Ok(Next::In));
}

#[test]
fn a_step_spent_ahead_of_now_stays_spent() {
    let held = enrolled(person(1, None));
    let ahead = NOW.plus(600);
    let mut account = held.account.clone();
    let SecondFactor::Active(factors) = &mut account.second_factor else { panic!("enrolled") };
    factors.authenticators[0].clock.spend_until(step_at(ahead));
    let after = renewed(&account, BackupCodes::Void);
    let code = digits(&after, &held.secret, held.secret.code_at(ahead));
    assert_eq!(at_the_second_door(&after, ahead, &code), Err(Refusal::CodeUsed));
}

#[test]
fn backup_codes_are_void_unless_they_are_kept_knowingly() {
    let held = enrolled(person(1, None));
    let void = renew(held.account.clone(), BackupCodes::Void, NOW);
    let after = written(&void).expect("written");
    assert_eq!(factors(&after).backup.left(), 0);
    assert!(matches!(&*void.notices, [notice] if notice.to == held.account.id && notice.kind == NoticeKind::BackupCodesVoid));
    for code in &held.codes {
        assert_eq!(at_the_second_door(&after, NOW, &lookup(&after, code)), Err(Refusal::CodeVoid));
    }
    let kept = renew(held.account.clone(), BackupCodes::Kept, NOW);
    let after = written(&kept).expect("written");
    assert_eq!(factors(&after).backup.left(), 10);
    assert!(kept.notices.is_empty());
    assert_eq!(at_the_second_door(&after, NOW, &lookup(&after, &held.codes[0])), Ok(Next::In));
    assert!(renew(renewed(&held.account, BackupCodes::Void), BackupCodes::Void, NOW).notices.is_empty(), "nothing was left to be void");
}

/// Whoever has a void code was given it: a guess is counted as ever, and one used before the backup is told as used.
#[test]
fn a_void_code_costs_no_attempt_and_a_guess_does() {
    let mut held = enrolled(person(1, None));
    let spent = lookup(&held.account, &held.codes[0]);
    if let SecondFactor::Active(factors) = &mut held.account.second_factor {
        factors.judge_backup(spent.hashed.as_ref(), NOW.plus(-60));
    }
    let after = renewed(&held.account, BackupCodes::Void);
    let session = || Session::begin(session_id(2), after.id, Stage::SecondFactor, NOW);
    let tried = |code: &Code| {
        let decision = sign_in::with_code(&Policy::default(), after.clone(), session(), &lookup(&after, code), NOW);
        (decision.verdict.clone().err(), written(&decision).is_some_and(|account| factors(&account).failures.in_a_row() == 1))
    };
    assert_eq!(tried(&held.codes[1]), (Some(Refusal::CodeVoid), false));
    assert_eq!(tried(&held.codes[0]), (Some(Refusal::CodeUsed), true));
    assert_eq!(tried(&Code::random(Kind::Backup, &mut Counting(77))), (Some(Refusal::CodeWrong), true));
    // A set that was made void before this was written down is told as used, and opens nothing either.
    let mut record = serde_json::to_value(&after).expect("a record");
    let backup = &mut record["second_factor"]["active"]["backup"];
    assert!(backup.as_object_mut().expect("a set").remove("voided_at").is_some());
    let before: Account = serde_json::from_value(record).expect("still read");
    assert_eq!(at_the_second_door(&before, NOW, &lookup(&before, &held.codes[1])), Err(Refusal::CodeUsed));
}

#[test]
fn somebody_who_was_reset_stays_closed_until_reset_again() {
    let (owner, member) = (person(1, None), enrolled(person(2, Some(crate::gate::Role::Member))).account);
    let code = recovery_code(5);
    let hash = || Recipe::random(CHEAP, &mut Counting(6)).hash(code.canonical());
    let reset = |target: Account| {
        let session = session(&owner, Stage::Full);
        recovery::reset(&Policy::default(), owner.clone(), session, target, &proof(true, None), (hash(), &note()), NOW)
    };
    let account = written(&reset(member)).expect("reset");
    assert_eq!(at_the_second_door(&account, NOW, &lookup(&account, &code)), Ok(Next::Enrol), "it was good before");
    for codes in CODES {
        let after = renewed(&account, codes);
        for seconds in [-86_400 * 400, -1, 0, 1, 86_400] {
            let now = NOW.plus(seconds);
            assert_eq!(at_the_second_door(&after, now, &lookup(&after, &code)), Err(Refusal::RecoveryExpired), "{seconds}");
        }
        let first = sign_in::with_password(&Policy::default(), Some(after.clone()), password_try(true), session_id(3), NOW);
        assert_eq!(first.verdict, Ok(Next::RecoveryCode), "a password alone never opens");
        let again = written(&reset(after)).expect("reset again");
        assert_eq!(at_the_second_door(&again, NOW, &lookup(&again, &code)), Ok(Next::Enrol));
    }
}

#[test]
fn renewing_twice_is_renewing_once() {
    for account in [person(1, None), enrolled(person(2, None)).account] {
        for codes in CODES {
            let (once, twice) = (renewed(&account, codes), renewed(&renewed(&account, codes), codes));
            let text = |account: &Account| serde_json::to_string(account).expect("a record");
            assert_eq!(text(&once), text(&twice));
        }
    }
}

#[test]
fn the_journal_says_where_the_restored_part_ends_and_the_epoch_grows() {
    let restored =
        Restored { backup: "b".into(), taken_at: NOW, head: Some(Head { index: 41, leaf: [0xab; 32] }), codes: BackupCodes::Kept };
    let decision = begin(workspace(Policy::default()), &restored);
    let Change::Workspace(after) = &decision.changes[0] else { panic!("no workspace") };
    assert_eq!((after.epoch, after.backed_up_at), (1, Some(NOW)));
    let words = &decision.events[0].words;
    assert_eq!((&*words["head"], &*words["head-leaf"], &*words["how"], &*words["epoch"]), ("41", &*"ab".repeat(32), "codes-kept", "1"));
    let Change::Workspace(again) = &begin((**after).clone(), &restored).changes[0] else { panic!("no workspace") };
    assert_eq!(again.epoch, 2);
}

#[test]
fn no_program_asks_with_a_key_of_the_epoch_before() {
    let mut held = workspace(Policy::default());
    let name = crate::words::Name::read("VPN").expect("a name");
    let (id, key) = (crate::id::ClientId(uuid::Uuid::nil()), crate::secret_hash::Opaque([1; 32]));
    held.clients.push(crate::client::Client { id, name, key, realms: crate::client::Realms::Workspace, made_at: NOW, used_at: None });
    let restored = Restored { backup: "b".into(), taken_at: NOW, head: None, codes: BackupCodes::Kept };
    let Change::Workspace(after) = &begin(held, &restored).changes[0] else { panic!("no workspace") };
    assert!(after.clients.is_empty());
}
