use super::{
    super::{EpochKey, GRANT_VALIDITY, Issuer, IssuerNumber, KeyEpoch, Number, OfflineCode, Report, Sequence, Told, Way, tell, void},
    *,
};
use crate::{
    account::OutOfReach,
    code::{Code, Kind, Typed},
    device::{PublicKey, State},
    effect::Effect,
    gate::Role,
    id::{CommunityId, DeviceId},
    policy::DAY,
    secret_hash::Recipe,
    sign_in::{CodeTry, with_code},
    testing::*,
    time::{HOUR, MINUTE},
    words::Name,
};
use zeroize::Zeroizing;

const WORKSPACE: WorkspaceId = WorkspaceId(uuid::Uuid::from_u128(9));

/// A desk with a grant, its support person, and somebody who lost their phone.
struct Scene {
    key: EpochKey,
    record: IssuerRecord,
    device: Device,
    staff: Account,
    user: Account,
    policy: Policy,
}

impl Scene {
    fn new() -> Self {
        let key = EpochKey::new(Zeroizing::new([7; 32]));
        let staff = person(1, Some(Role::Support));
        let device = DeviceId(uuid::Uuid::from_u128(77));
        let issuer = Issuer {
            way: Way::Grant,
            epoch: KeyEpoch::new(0).expect("an epoch"),
            number: IssuerNumber::new(3).expect("a number"),
            device,
            staff: staff.id,
        };
        let mut record = IssuerRecord::new(issuer, key.id(), NOW);
        assert!(record.renew(20, NOW));
        let paired = ed25519_dalek::SigningKey::from_bytes(&[5; 32]).verifying_key();
        let shown = PublicKey::read(&data_encoding::BASE64.encode(paired.as_bytes())).expect("a key");
        let device = Device {
            id: device,
            name: Name::read("Quay").expect("a name"),
            state: State::Paired { key: shown, paired_at: NOW },
            invited_by: None,
            invited_at: NOW,
            person: Some(staff.id),
            seen_at: None,
            signed_in: Vec::new(),
            told: Vec::new(),
        };
        // Long before any of it.
        let user = Account { out_of_reach: OutOfReach::default(), ..enrolled(person(2, Some(Role::Member))).account };
        Self { key, record, device, staff, user, policy: Policy::default() }
    }

    fn issue(&self, sequence: u16, at: Moment) -> Code {
        self.issue_for(self.user.id, sequence, at)
    }

    fn issue_for(&self, person: AccountId, sequence: u16, at: Moment) -> Code {
        let key = self.key.issuing(WORKSPACE, &self.record.issuer());
        key.issue(Way::Grant, self.number(sequence), WORKSPACE, person, Tick::of(at))
    }

    fn number(&self, sequence: u16) -> Number {
        Number { epoch: self.record.epoch, issuer: self.record.number, sequence: Sequence::new(sequence).expect("a number") }
    }

    fn tried(&self, code: &Code) -> CodeTry {
        let claimed = Claimed::of(code).expect("of this kind");
        let known = claimed.number().issuer == self.record.number;
        let hashed = Some(Recipe::random(CHEAP, &mut Counting(4)).hash(code.canonical()));
        let tried = OfflineTry {
            claimed,
            workspace: WORKSPACE,
            key: if known { self.key.issuing(WORKSPACE, &self.record.issuer()) } else { IssuingKey::of_nobody() },
            record: known.then(|| self.record.clone()),
            device: known.then(|| self.device.clone()),
            staff: known.then(|| self.staff.clone()),
            hashed,
            administrators: vec![AccountId(uuid::Uuid::from_u128(500)), self.staff.id],
            owners: vec![AccountId(uuid::Uuid::from_u128(501))],
        };
        CodeTry { typed: Typed::Code(code.clone()), secrets: Vec::new(), hashed: None, out_of_reach: Some(tried) }
    }

    fn type_in(&self, code: &Code, now: Moment) -> Decision<Next> {
        let mut session = session(&self.user, Stage::SecondFactor);
        session.seen_at = now;
        with_code(&self.policy, self.user.clone(), session, &self.tried(code), now)
    }

    /// Types it in, and keeps what came of it.
    fn comes_in(&mut self, code: &Code, now: Moment) -> Decision<Next> {
        let decision = self.type_in(code, now);
        for change in &decision.changes {
            match change {
                Change::Account(account) if account.id == self.user.id => self.user = (**account).clone(),
                Change::Issuer(record) => self.record = (**record).clone(),
                _ => {}
            }
        }
        decision
    }

    fn report(&self, sequence: u16, at: Moment) -> Report {
        Report { number: self.number(sequence), tick: Tick::of(at), person: self.user.clone(), note: note() }
    }

    fn tells(&mut self, report: &Report, now: Moment) -> (Told, Decision<()>) {
        tell(
            &mut self.record,
            report,
            Desktop { device: "Quay", staff: "Sam" },
            &[AccountId(uuid::Uuid::from_u128(501))],
            now,
            Decision::accept(()),
        )
    }
}

fn kinds<T>(decision: &Decision<T>) -> Vec<EventKind> {
    decision.events.iter().map(|event| event.kind).collect()
}

#[test]
fn a_code_that_the_server_never_heard_of_does_the_whole_reset_at_once() {
    let mut scene = Scene::new();
    let code = scene.issue(0, NOW.plus(HOUR));
    let decision = scene.comes_in(&code, NOW.plus(2 * HOUR));
    assert_eq!(decision.verdict, Ok(Next::Enrol));
    assert_eq!(kinds(&decision), [EventKind::OfflineCodeUsed, EventKind::RecoveryClaimed]);
    let used = &decision.events[0];
    assert_eq!((used.actor, used.subject), (Some(scene.staff.id), Some(scene.user.id)), "who issued it, and for whom");
    assert_eq!(used.words["device"], "Quay");
    let SecondFactor::Reset(recovery) = &scene.user.second_factor else { panic!("every second factor is gone") };
    assert_eq!(recovery.expires_at, Tick::of(NOW.plus(HOUR)).begins().plus(DAY), "counted from when it was issued, not used");
    assert!(scene.user.way_in_changed.lately(Effect::SecondFactor, NOW.plus(2 * HOUR)));
    let session = written_session(&decision).expect("written");
    assert_eq!(session.stage, Stage::Enrol { by_recovery: true });
    assert!(
        decision
            .changes
            .iter()
            .any(|change| matches!(change, Change::EndSessions(id, Some(kept)) if *id == scene.user.id && *kept == session.id))
    );
    let told: Vec<_> = decision.notices.iter().map(|notice| (notice.to, notice.kind)).collect();
    let administrator = AccountId(uuid::Uuid::from_u128(500));
    assert_eq!(
        told,
        [
            (scene.user.id, NoticeKind::SecondFactorReset),
            (scene.staff.id, NoticeKind::OfflineCodeUsed),
            (administrator, NoticeKind::OfflineCodeUsed),
        ],
        "each of them once"
    );
}

#[test]
fn typed_again_it_is_an_ordinary_claim_of_the_same_reset() {
    let mut scene = Scene::new();
    let code = scene.issue(0, NOW);
    assert_eq!(scene.comes_in(&code, NOW).verdict, Ok(Next::Enrol));
    for n in 2..=6 {
        let again = CodeTry {
            out_of_reach: None,
            hashed: scene.user.second_factor.recipe(Kind::Granted).map(|r| r.hash(code.canonical())),
            ..scene.tried(&code)
        };
        let decision = with_code(&scene.policy, scene.user.clone(), session(&scene.user, Stage::SecondFactor), &again, NOW);
        if n <= 5 {
            assert_eq!(decision.verdict, Ok(Next::Enrol), "claim {n}");
            scene.user = written(&decision).expect("written");
        } else {
            assert_eq!(decision.verdict, Err(Refusal::RecoveryExhausted));
        }
    }
}

#[test]
fn used_once_it_opens_nothing_any_more() {
    let mut scene = Scene::new();
    let (code, before) = (scene.issue(0, NOW), scene.user.clone());
    assert_eq!(scene.comes_in(&code, NOW).verdict, Ok(Next::Enrol));
    // Whatever became of the account: here as if it had enrolled again long ago by its own clock.
    scene.user = before;
    let again = scene.comes_in(&code, NOW.plus(60));
    assert_eq!(again.verdict, Err(Refusal::CodeUsed));
    assert!(again.changes.is_empty() && again.events.is_empty());
}

#[test]
fn nobody_else_comes_in_by_it_and_a_changed_symbol_is_a_failure_of_its_own_count() {
    let mut scene = Scene::new();
    let for_another = scene.issue_for(AccountId(uuid::Uuid::from_u128(4)), 0, NOW);
    for n in 1..=5 {
        let expected = if n < 5 { Refusal::CodeWrong } else { Refusal::Wait(NOW.plus(5 + 30 * MINUTE)) };
        assert_eq!(scene.comes_in(&for_another, NOW.plus(n)).verdict, Err(expected));
    }
    let code = scene.issue(0, NOW);
    assert!(matches!(scene.type_in(&code, NOW.plus(9)).verdict, Err(Refusal::Wait(_))), "nothing is evaluated during the wait");
    let SecondFactor::Active(factors) = &scene.user.second_factor else { panic!("untouched") };
    assert_eq!(factors.failures.in_a_row(), 0, "authenticators are not locked by it");
    assert_eq!(scene.type_in(&code, NOW.plus(5 + 31 * MINUTE)).verdict, Ok(Next::Enrol));
}

#[test]
fn an_issuer_that_there_is_not_is_as_wrong_as_a_wrong_proof() {
    let mut scene = Scene::new();
    let code = scene.issue(0, NOW);
    scene.record.number = IssuerNumber::new(4).expect("a number");
    assert_eq!(scene.type_in(&code, NOW).verdict, Err(Refusal::CodeWrong));
    // Whoever knows that the key of nobody is zeros makes nothing of it.
    let forged = IssuingKey::of_nobody().issue(
        Way::Grant,
        Number { issuer: IssuerNumber::new(9).expect("a number"), ..scene.number(0) },
        WORKSPACE,
        scene.user.id,
        Tick::of(NOW),
    );
    assert_eq!(scene.type_in(&forged, NOW).verdict, Err(Refusal::CodeWrong));
}

#[test]
fn what_the_rules_forbid_now_is_refused_with_the_reason_and_written_down() {
    let at = NOW.plus(HOUR);
    let later = at.plus(MINUTE);
    type Change = fn(&mut Scene);
    let cases: [(&str, Change, Moment, Refusal, &str); 12] = [
        (
            "the desktop was taken back",
            |s| s.device.state = State::Revoked { at: NOW, by: None, paired: None },
            later,
            Refusal::OfflineCodeUnfit,
            "unfit",
        ),
        ("its person was demoted", |s| s.staff.memberships[0].role = Role::Member, later, Refusal::OfflineCodeUnfit, "unfit"),
        (
            "its person is of another community",
            |s| s.staff.memberships[0].community = CommunityId(uuid::Uuid::from_u128(2)),
            later,
            Refusal::OfflineCodeUnfit,
            "unfit",
        ),
        ("its person left", |s| s.staff.deactivated_at = Some(NOW), later, Refusal::OfflineCodeUnfit, "unfit"),
        ("the target is staff by now", |s| s.user.memberships[0].role = Role::Support, later, Refusal::OfflineCodeUnfit, "unfit"),
        ("the target is privileged", |s| s.user.owner = true, later, Refusal::OfflineCodeUnfit, "unfit"),
        ("the policy forbids it", |s| s.policy.offline_budget = 0, later, Refusal::OfflineCodeUnfit, "unfit"),
        (
            "a second act of another kind",
            |s| crate::effect::mark(&mut s.user, Effect::Password, NOW),
            later,
            Refusal::OfflineCodeUnfit,
            "unfit",
        ),
        ("beyond the budget", |s| s.record.window.count = 0, later, Refusal::OfflineCodeUnfit, "unfit"),
        ("after the grant", |s| s.record.window.until = NOW.plus(-HOUR), later, Refusal::OfflineCodeUnfit, "unfit"),
        ("too old", |s| s.policy.recovery_validity = HOUR, at.plus(HOUR + 10 * MINUTE), Refusal::RecoveryExpired, "expired"),
        ("overtaken by a reset", |s| s.user.void_out_of_reach(NOW.plus(HOUR)), later, Refusal::OfflineCodeVoid, "void"),
    ];
    for (what, change, now, refusal, why) in cases {
        let mut scene = Scene::new();
        let code = scene.issue(0, at);
        assert_eq!(scene.type_in(&code, later).verdict, Ok(Next::Enrol), "good before: {what}");
        change(&mut scene);
        let decision = scene.comes_in(&code, now);
        assert_eq!(decision.verdict, Err(refusal), "{what}");
        assert_eq!(kinds(&decision), [EventKind::OfflineCodeRefused], "{what}");
        assert_eq!(decision.events[0].words["why"], why, "{what}");
        assert!(decision.changes.is_empty(), "{what}: neither counted nor spent");
    }
}

#[test]
fn a_code_of_a_clock_that_is_ahead_is_told_when_it_will_do() {
    let scene = Scene::new();
    let code = scene.issue(0, NOW.plus(3 * HOUR));
    let begins = Tick::of(NOW.plus(3 * HOUR)).begins();
    assert_eq!(scene.type_in(&code, NOW).verdict, Err(Refusal::OfflineCodeAhead(begins)));
    assert_eq!(scene.type_in(&code, begins.plus(-600)).verdict, Ok(Next::Enrol), "one tick is forgiven");
}

#[test]
fn what_was_done_before_a_code_was_issued_does_not_harm_it() {
    let mut scene = Scene::new();
    scene.user.void_out_of_reach(NOW);
    let soon = scene.issue(0, NOW.plus(10 * MINUTE));
    assert_eq!(scene.type_in(&soon, NOW.plus(20 * MINUTE)).verdict, Err(Refusal::OfflineCodeVoid), "within a tick nobody can tell");
    let code = scene.issue(1, NOW.plus(20 * MINUTE));
    assert_eq!(scene.type_in(&code, NOW.plus(20 * MINUTE)).verdict, Ok(Next::Enrol));
}

#[test]
fn of_two_desks_that_issue_for_one_person_the_first_that_is_used_wins() {
    let mut one = Scene::new();
    let mut other = Scene::new();
    other.record.number = IssuerNumber::new(4).expect("a number");
    let (first, second) = (one.issue(0, NOW), other.issue(0, NOW));
    assert_eq!(one.comes_in(&first, NOW.plus(60)).verdict, Ok(Next::Enrol));
    other.user = one.user;
    assert_eq!(other.comes_in(&second, NOW.plus(120)).verdict, Err(Refusal::OfflineCodeVoid));
}

#[test]
fn a_number_that_comes_twice_is_refused_and_told_to_the_owners() {
    let mut scene = Scene::new();
    let first = scene.issue_for(AccountId(uuid::Uuid::from_u128(4)), 0, NOW);
    drop(first);
    let (told, _) = scene.tells(&Report { person: person(4, Some(Role::Member)), ..scene.report(0, NOW) }, NOW);
    assert_eq!(told, Told::Noted);
    let again = scene.issue(0, NOW.plus(DAY));
    let decision = scene.comes_in(&again, NOW.plus(DAY));
    assert_eq!(decision.verdict, Err(Refusal::CodeUsed));
    assert_eq!(decision.events[0].words["why"], "repeated");
    assert_eq!(decision.notices.iter().map(|notice| notice.kind).collect::<Vec<_>>(), [NoticeKind::OfflineCodeRepeated]);
}

#[test]
fn told_afterwards_the_case_is_joined_once_and_the_window_moves_on() {
    let mut scene = Scene::new();
    let code = scene.issue(0, NOW);
    assert_eq!(scene.comes_in(&code, NOW).verdict, Ok(Next::Enrol));
    let report = scene.report(0, NOW);
    let (told, decision) = scene.tells(&report, NOW.plus(HOUR));
    assert_eq!((told, kinds(&decision)), (Told::Noted, vec![EventKind::OfflineCodeTold]));
    assert!(decision.events[0].words.contains_key("reason"), "the case is in the entry");
    let (told, decision) = scene.tells(&report, NOW.plus(HOUR));
    assert_eq!((told, decision.events.len()), (Told::Before, 0), "told again it changes nothing");
    assert!(scene.record.renew(20, NOW.plus(HOUR)));
    assert_eq!((scene.record.window.first, scene.record.window.count), (1, 19), "one of twenty within 24 hours");
    assert_eq!(scene.record.window.until, NOW.plus(HOUR + GRANT_VALIDITY));
    assert!(scene.record.renew(20, NOW.plus(2 * DAY)));
    assert_eq!((scene.record.window.first, scene.record.window.count), (1, 20), "no number is given twice");
}

#[test]
fn a_code_told_of_before_it_is_used_stays_good_when_the_window_has_moved_on() {
    let mut scene = Scene::new();
    let code = scene.issue(0, NOW);
    let (told, _) = scene.tells(&scene.report(0, NOW).clone(), NOW.plus(HOUR));
    assert_eq!(told, Told::Noted);
    assert!(scene.record.renew(20, NOW.plus(HOUR)));
    assert_eq!(scene.comes_in(&code, NOW.plus(2 * HOUR)).verdict, Ok(Next::Enrol));
}

#[test]
fn what_could_not_have_been_issued_is_not_noted() {
    let mut scene = Scene::new();
    for (sequence, at) in [(20, NOW), (0, NOW.plus(8 * DAY)), (0, NOW.plus(-2 * HOUR))] {
        let (told, decision) = scene.tells(&scene.report(sequence, at), NOW);
        assert_eq!((told, kinds(&decision)), (Told::Uncovered, vec![EventKind::OfflineCodeRefused]), "{sequence} {at:?}");
        assert!(scene.record.codes.is_empty());
    }
}

#[test]
fn a_code_taken_back_lets_nobody_in_and_only_whoever_reaches_its_person_takes_it_back() {
    let mut scene = Scene::new();
    let code = scene.issue(0, NOW);
    let (told, _) = scene.tells(&scene.report(0, NOW), NOW);
    assert_eq!(told, Told::Noted);
    let sequence = Sequence::new(0).expect("a number");
    let stranger = person(9, Some(Role::Member));
    let refused = void(&stranger, Some(scene.record.clone()), sequence, Some(&scene.user), NOW);
    assert_eq!(refused.verdict, Err(Refusal::NotAllowed));
    let administrator = person(8, Some(Role::Administrator));
    let decision = void(&administrator, Some(scene.record.clone()), sequence, Some(&scene.user), NOW);
    assert_eq!((decision.verdict, decision.events[0].kind), (Ok(()), EventKind::OfflineCodeVoided));
    let Some(Change::Issuer(record)) = decision.changes.first() else { panic!("written") };
    scene.record = (**record).clone();
    assert_eq!(scene.comes_in(&code, NOW).verdict, Err(Refusal::OfflineCodeVoid));
}

#[test]
fn who_is_erased_is_no_longer_named_and_their_number_stays_spent() {
    let mut scene = Scene::new();
    let (told, _) = scene.tells(&scene.report(0, NOW), NOW);
    assert_eq!(told, Told::Noted);
    let without = scene.record.without(scene.user.id).expect("they were named");
    assert_eq!(without.codes[0].person, None);
    assert!(without.without(scene.user.id).is_none());
    let code: &OfflineCode = without.code(Sequence::new(0).expect("a number")).expect("kept");
    assert!(code.told_at.is_some());
    assert!(!without.covers(code.sequence, code.tick, scene.user.id));
    let nobodys = scene.record.without(scene.staff.id).expect("they issued");
    assert!(nobodys.codes.is_empty() && nobodys.window.count == 0 && nobodys.staff != scene.staff.id);
    assert_eq!(nobodys.id(), scene.record.id(), "the number stays theirs, whoever they were");
}
