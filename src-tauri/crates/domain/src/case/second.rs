//! The second person: who may be one, and what stands in for them where there is nobody.

use crate::{Change, Decision, EventKind, Refusal, code::Code, kit::OwnerVerifier};

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

/// Who could approve, among the staff of the target's communities and the owners.
#[must_use]
pub fn second_person(workspace: &Workspace, staff: &[Account], opener: AccountId, target: &Account, now: Moment) -> SecondPerson {
    let candidates: Vec<&Account> =
        staff.iter().filter(|one| one.id != opener && one.password.is_some() && stands(one, target, now)).collect();
    let seasoned = |one: &&&Account| unseasoned_until(workspace, one, target, now).is_none();
    let eligible: Vec<AccountId> = candidates.iter().filter(seasoned).map(|one| one.id).collect();
    if !eligible.is_empty() {
        return SecondPerson::Eligible(eligible);
    }
    match candidates.iter().filter_map(|one| unseasoned_until(workspace, one, target, now)).min() {
        Some(when) => SecondPerson::NobodyYet(when),
        None => SecondPerson::OnlyTheKit,
    }
}

/// Until when somebody's role over the target is too young to approve with; `None` when it is not. In a workspace younger
/// than 72 hours nobody waits.
#[must_use]
pub fn unseasoned_until(workspace: &Workspace, approver: &Account, target: &Account, now: Moment) -> Option<Moment> {
    if workspace.created_at <= now && now.since(workspace.created_at) < SEASONING {
        return None;
    }
    let until = held_since(approver, target).map_or(now, |since| since).plus(SEASONING);
    (now < until).then_some(until)
}

/// Since when somebody has held, without a break, a role that reaches the target. Roles of vaults made before this was
/// written down count from when the account was made.
fn held_since(approver: &Account, target: &Account) -> Option<Moment> {
    let from = |since: Moment| since.max(approver.created_at);
    let as_owner = approver.owner.then(|| from(approver.owner_since.unwrap_or_default()));
    let shared = approver.memberships.iter().filter(|held| {
        let reaches = held.role == Role::Administrator || (held.role == Role::Support && !target.standing().is_staff());
        reaches && target.memberships.iter().any(|theirs| theirs.community == held.community)
    });
    shared.map(|held| from(held.since)).chain(as_owner).min()
}

/// Approves with the owner key of the recovery kit, where there is nobody else. The opener holds it, and is shown the
/// password code too where the case gives two: the kit is the other person.
#[must_use]
pub fn approve_with_kit(
    actor: &Account,
    mut case: Case,
    target: &Account,
    second: &SecondPerson,
    kit: (Option<&OwnerVerifier>, &Code),
    password: Hashed,
    now: Moment,
) -> Decision<Option<Moment>> {
    if let Err(refusal) = reach(actor, target, now) {
        return Decision::refuse(refusal);
    }
    match case.state {
        CaseState::Open if !case.is_expired(now) => {}
        _ => return Decision::refuse(over(&case, now)),
    }
    if actor.id != case.opener {
        return Decision::refuse(Refusal::NotAllowed);
    }
    let (Some(verifier), SecondPerson::OnlyTheKit | SecondPerson::NobodyYet(_)) = (kit.0, second) else {
        return Decision::refuse(Refusal::TakesTwo);
    };
    if !verifier.is_proved_by(kit.1) {
        return Decision::refuse(Refusal::CodeWrong);
    }
    let gives_two = case.act == CaseAct::Both;
    case.state = CaseState::Approved { by: None, at: now, password: gives_two.then_some(password) };
    let event = case.event(EventKind::CaseApproved, actor.id, target).word("how", "kit");
    let shown_until = gives_two.then(|| now.plus(crate::password_code::PASSWORD_CODE_VALIDITY));
    Decision::accept(shown_until).change(Change::Case(Box::new(case))).event(event)
}
