//! The second person: who may be one, and what stands in for them where there is nobody.

use crate::{
    code::Code,
    decision::ThrottleKey,
    kit::record::{self, Concerned, HeldKit},
    throttle::Failures,
};

use super::*;

/// How long somebody holds a role before they may approve with it, in seconds: otherwise whoever can give roles makes
/// their own second person.
pub const SEASONING: i64 = 72 * HOUR;

/// Who could approve a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondPerson {
    /// Any of these.
    Eligible(Vec<AccountId>),
    /// Nobody before then. Until then the owner key of the recovery kit is the second person.
    NobodyYet(Moment),
    /// Nobody, as things are: the owner key of the recovery kit is the second person.
    OnlyTheKit,
}

/// Who could approve, among the staff of the target's communities and the owners. Somebody without a second factor of
/// their own could not, and stands in nobody's way.
#[must_use]
pub fn second_person(workspace: &Workspace, staff: &[Account], case: &Case, target: &Account, now: Moment) -> SecondPerson {
    let (opener, act) = (case.opener, case.act);
    let could = |one: &&Account| one.id != opener && matches!(one.second_factor, SecondFactor::Active(_)) && stands(one, target, act, now);
    let candidates: Vec<&Account> = staff.iter().filter(could).collect();
    let seasoned = |one: &&&Account| unseasoned_until(workspace, one, target, act, now).is_none();
    let eligible: Vec<AccountId> = candidates.iter().filter(seasoned).map(|one| one.id).collect();
    if !eligible.is_empty() {
        return SecondPerson::Eligible(eligible);
    }
    match candidates.iter().filter_map(|one| unseasoned_until(workspace, one, target, act, now)).min() {
        Some(when) => SecondPerson::NobodyYet(when),
        None => SecondPerson::OnlyTheKit,
    }
}

/// Until when somebody's role over the target is too young to approve with; `None` when it is not. In a workspace younger
/// than 72 hours nobody waits.
#[must_use]
pub fn unseasoned_until(workspace: &Workspace, approver: &Account, target: &Account, act: CaseAct, now: Moment) -> Option<Moment> {
    seasoned_from(workspace, held_since(approver, target, act).unwrap_or(now), now)
}

/// Until when a kit is too young to stand for the second person: whoever can draw one would make their own.
fn kit_unseasoned_until(workspace: &Workspace, held: &HeldKit, now: Moment) -> Option<Moment> {
    seasoned_from(workspace, held.made_at, now)
}

/// Until when somebody is too young an owner to stand for the workspace beside another; `None` when they are not.
pub(crate) fn owner_unseasoned_until(workspace: &Workspace, owner: &Account, now: Moment) -> Option<Moment> {
    seasoned_from(workspace, owner.owner_since.unwrap_or_default().max(owner.created_at), now)
}

fn seasoned_from(workspace: &Workspace, since: Moment, now: Moment) -> Option<Moment> {
    let workspace_is_young = workspace.created_at <= now && now.since(workspace.created_at) < SEASONING;
    let until = since.plus(SEASONING);
    (!workspace_is_young && now < until).then_some(until)
}

/// Since when somebody has held, without a break, a role that reaches the target. Roles of vaults made before this was
/// written down count from when the account was made.
fn held_since(approver: &Account, target: &Account, act: CaseAct) -> Option<Moment> {
    let from = |since: Moment| since.max(approver.created_at);
    let as_owner = approver.owner.then(|| from(approver.owner_since.unwrap_or_default()));
    let shared = approver
        .memberships
        .iter()
        .filter(|held| act.reaches_as(held.role, target) && target.memberships.iter().any(|theirs| theirs.community == held.community));
    shared.map(|held| from(held.since)).chain(as_owner).min()
}

/// Whether this person could approve with the recovery kit: their own case, and nobody else who may approve it now.
/// Answers the kit in force.
///
/// # Errors
/// Why not. [`Refusal::NotAllowed`] comes first, and says nothing of the case.
pub fn may_use_kit<'a>(
    actor: &Account,
    case: &Case,
    workspace: &'a Workspace,
    target: &Account,
    second: &SecondPerson,
    now: Moment,
) -> Result<&'a HeldKit, Refusal> {
    case.act.reach(actor, target, now)?;
    if actor.id != case.opener {
        return Err(Refusal::NotAllowed);
    }
    waits_for_approval(case, now)?;
    if let SecondPerson::Eligible(_) = second {
        return Err(Refusal::KitNotNeeded);
    }
    let held = workspace.kits.held.as_ref().ok_or(Refusal::KitMissing)?;
    match kit_unseasoned_until(workspace, held, now) {
        Some(until) => Err(Refusal::KitTooYoung(until)),
        None => Ok(held),
    }
}

/// An approval with the owner key of the recovery kit.
#[derive(Debug)]
pub struct KitApproving<'a> {
    /// The case.
    pub case: Case,
    /// The workspace, which keeps the kits and their uses.
    pub workspace: Workspace,
    /// Whose way in is changed.
    pub target: &'a Account,
    /// Who else could approve.
    pub second: &'a SecondPerson,
    /// The typed code.
    pub code: &'a Code,
    /// Under which failures with kits are counted for the opener's address, here as at the door.
    pub key: ThrottleKey,
    /// Failures so far.
    pub failures: Failures,
    /// The password code that is shown once it is approved. Taken only where the case gives two codes.
    pub password: Hashed,
    /// Whom a use of the kit concerns.
    pub concerned: &'a Concerned,
}

/// Approves with the owner key of the recovery kit, where there is nobody else. The opener holds it, and is shown the
/// password code too where the case gives two: the kit is the other person. A use of the kit like any other: it is told to
/// everybody whom that concerns, and asks for a new kit.
#[must_use]
pub fn approve_with_kit(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    approving: KitApproving<'_>,
    proof: &Proof,
    now: Moment,
) -> Decision<Option<Moment>> {
    let KitApproving { mut case, workspace, target, second, code, key, mut failures, password, concerned } = approving;
    let verifier = match may_use_kit(&actor, &case, &workspace, target, second, now) {
        Ok(held) => held.verifier,
        Err(refusal) => return Decision::refuse(refusal),
    };
    let limits = workspace.policy.limits.for_passwords();
    if let Err(closed) = failures.open(&limits, now) {
        return Decision::refuse(closed);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    if !verifier.is_proved_by(code) {
        let locked = failures.fail(&limits, now);
        let mut decision = Decision::refuse(locked.map_or(Refusal::CaseKitWrong, Refusal::from));
        decision.events.extend(locked.map(|_| Event::own(EventKind::FailuresLocked, &actor)));
        return decision.change(Change::Throttle(key, failures)).account(actor).after(trail);
    }
    failures.succeed();
    let shown_until = case.approve(None, password, now);
    let event = case.event(EventKind::CaseApproved, actor.id, target).word("how", "kit");
    let decision = Decision::accept(shown_until).change(Change::Case(Box::new(case))).change(Change::Throttle(key, failures)).event(event);
    record::approved_case(decision, workspace, &actor, target.id, concerned, now).account(actor).after(trail)
}
