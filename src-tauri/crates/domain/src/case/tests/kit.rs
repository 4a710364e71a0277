//! The recovery kit as the second person.

use super::*;
use crate::{
    case::second::{KitApproving, approve_with_kit},
    kit::{
        OwnerVerifier,
        record::{self, Concerned, HeldKit},
    },
    throttle::Failures,
};

/// A kit of long ago, in a workspace of longer ago.
fn kept_kit(made_at: Moment) -> (Code, Workspace) {
    let kit = Code::random(Kind::Kit, &mut Counting(1));
    let verifier = OwnerVerifier::of(&kit).expect("a kit");
    let mut workspace = workspace(policy());
    workspace.kits.held = Some(HeldKit::drawn(uuid::Uuid::from_u128(7), verifier, made_at));
    (kit, workspace)
}

/// A try of the kit: all of it but what the test is about is right.
struct Try<'a> {
    actor: &'a Held,
    case: Case,
    workspace: Workspace,
    second: SecondPerson,
    typed: &'a Code,
    failures: Failures,
    proof: Proof,
}

fn with_kit(
    target: &Account,
    Try { actor, case, workspace, second, typed, failures, proof }: Try<'_>,
    now: Moment,
) -> Decision<Option<Moment>> {
    let concerned = Concerned { people: vec![actor.account.id, target.id], communities: vec![CommunityId(uuid::Uuid::from_u128(9))] };
    let approving = KitApproving {
        case,
        workspace,
        target,
        second: &second,
        code: typed,
        key: [3; 32],
        failures,
        password: hashed(51),
        concerned: &concerned,
    };
    approve_with_kit(&policy(), actor.account.clone(), full(&actor.account), approving, &proof, now)
}

#[test]
fn the_kit_approves_its_openers_case_and_its_use_is_told() {
    let played = played();
    let (kit, workspace) = kept_kit(NOW);
    let right = |act| Try {
        actor: &played.opener,
        case: open_case(&played, act),
        workspace: workspace.clone(),
        second: SecondPerson::OnlyTheKit,
        typed: &kit,
        failures: Failures::default(),
        proof: proves(&played.opener, 3),
    };
    let approved = with_kit(&played.target, right(CaseAct::SecondFactor), LATER);
    assert_eq!(approved.verdict, Ok(None));
    assert_eq!(kinds(&approved), [EventKind::CaseApproved, EventKind::KitApprovedCase]);
    assert_eq!(approved.events[0].words["how"], "kit");
    assert_eq!(approved.events[1].subject, None, "other communities learn of nobody by it");
    let told: Vec<_> = approved.notices.iter().map(|notice| (notice.to, notice.kind)).collect();
    assert_eq!(told, [played.opener.account.id, played.target.id].map(|to| (to, NoticeKind::KitUsed)));
    let kits =
        approved.changes.iter().find_map(|change| if let Change::Workspace(workspace) = change { Some(&workspace.kits) } else { None });
    let last = kits.and_then(|kits| kits.last_use.clone()).expect("written");
    assert_eq!((last.owner, last.case_of), (Some(played.opener.account.id), Some(played.target.id)));
    assert_eq!(kits.and_then(record::Kits::trouble), Some(record::Trouble::Used), "a new one is asked for");
    let done = carried_out_by(&played.opener, None, &played.target, &written_case(&approved), LATER);
    assert!(done.verdict.is_ok(), "{:?}", done.verdict);

    let both = with_kit(&played.target, right(CaseAct::Both), LATER);
    assert_eq!(both.verdict, Ok(Some(LATER.plus(24 * HOUR))), "the opener is shown the password code too");
    let yet = Try { second: SecondPerson::NobodyYet(LATER.plus(HOUR)), ..right(CaseAct::SecondFactor) };
    assert_eq!(with_kit(&played.target, yet, LATER).verdict, Ok(None));
}

#[test]
fn the_kit_approves_nothing_else() {
    let played = played();
    let (kit, workspace) = kept_kit(NOW);
    let other = Code::random(Kind::Kit, &mut Counting(2));
    let none = Workspace { kits: record::Kits::default(), ..workspace.clone() };
    let (_, young) = kept_kit(LATER.plus(-HOUR));
    let mut waiting = Failures::default();
    for _ in 0..5 {
        waiting.fail(&policy().limits.for_passwords(), LATER);
    }
    let right = || Try {
        actor: &played.opener,
        case: open_case(&played, CaseAct::Both),
        workspace: workspace.clone(),
        second: SecondPerson::OnlyTheKit,
        typed: &kit,
        failures: Failures::default(),
        proof: proves(&played.opener, 3),
    };
    let target = Held { account: played.target.clone(), secret: OathSecret::random(&mut Counting(1)), codes: Vec::new() };
    let closed = proof(false, None);
    let table = [
        (Try { actor: &played.approver, ..right() }, Refusal::NotAllowed),
        (Try { actor: &target, ..right() }, Refusal::OnSelf),
        (Try { second: SecondPerson::Eligible(vec![played.approver.account.id]), ..right() }, Refusal::KitNotNeeded),
        (Try { case: approved_case(&played, CaseAct::Both), ..right() }, Refusal::CaseOver),
        (Try { workspace: none, ..right() }, Refusal::KitMissing),
        (Try { workspace: young, ..right() }, Refusal::KitTooYoung(LATER.plus(71 * HOUR))),
        (Try { proof: closed, ..right() }, Refusal::WrongPassword),
        (Try { proof: proof(true, None), ..right() }, Refusal::FactorNeeded),
        (Try { typed: &other, ..right() }, Refusal::CaseKitWrong),
        (Try { failures: waiting, ..right() }, Refusal::Wait(LATER.plus(1800))),
    ];
    for (n, (attempt, refused)) in table.into_iter().enumerate() {
        let decision = with_kit(&played.target, attempt, LATER);
        assert_eq!(decision.verdict, Err(refused), "row {n}");
        assert!(!decision.changes.iter().any(|change| matches!(change, Change::Case(_) | Change::Workspace(_))), "row {n}");
        assert!(decision.notices.is_empty(), "row {n}");
    }
    assert_eq!(with_kit(&played.target, right(), LATER.plus(CASE_VALIDITY)).verdict, Err(Refusal::CaseExpired));
    // A wrong kit is counted, and the wait is journalled.
    let mut failures = Failures::default();
    for number in 0..5 {
        let wrong = with_kit(&played.target, Try { typed: &other, failures: failures.clone(), ..right() }, LATER);
        let counted =
            wrong.changes.iter().find_map(|change| if let Change::Throttle(_, failures) = change { Some(failures) } else { None });
        failures = counted.expect("counted").clone();
        assert_eq!(kinds(&wrong).contains(&EventKind::FailuresLocked), number == 4, "{number}");
    }
    assert_eq!(with_kit(&played.target, Try { failures, ..right() }, LATER).verdict, Err(Refusal::Wait(LATER.plus(1800))));
}
