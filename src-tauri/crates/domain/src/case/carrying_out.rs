//! What becomes of the target once a case is carried out.

use super::{Bringing, Case, CaseAct, CaseState, over, second, stands};
use crate::{
    Change, Decision, Event, EventKind, NoticeKind, Refusal,
    account::Account,
    address,
    effect::{self, Effect},
    password_code::{PASSWORD_CODE_VALIDITY, PasswordCode},
    policy::Policy,
    recovery::close_until_recovered,
    secret_hash::Hashed,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    suspension,
    time::Moment,
    token,
    workspace::Workspace,
};

/// Whether this person could carry the case out now, as far as the case itself goes.
///
/// # Errors
/// Why not.
pub fn may_carry_out(actor: &Account, case: &Case, now: Moment) -> Result<(), Refusal> {
    if actor.id != case.opener {
        return Err(Refusal::NotAllowed);
    }
    match case.state {
        CaseState::Approved { .. } if !case.is_expired(now) => Ok(()),
        CaseState::Open if !case.is_expired(now) => Err(Refusal::CaseUnapproved),
        _ => Err(over(case, now)),
    }
}

/// A case to be carried out.
#[derive(Debug)]
pub struct CarryingOut<'a> {
    /// The case.
    pub case: Case,
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Who approved. `None` when it was the kit, or once their account is gone.
    pub approver: Option<&'a Account>,
    /// Whose way in is changed.
    pub target: Account,
    /// What it brings, as it is now.
    pub bringing: Bringing,
    /// The code that the opener is shown: a password code where the case gives nothing else, or else a recovery code.
    /// Taken only where the case gives any.
    pub code: Hashed,
    /// How long a recovery code of the target is valid, in seconds.
    pub recovery_validity: i64,
}

/// Carries a case out. Answers when the opener's code dies, where there is one. A case whose opener or approver lost the
/// role is void, and so is one whose target it no longer fits.
#[must_use]
pub fn carry_out(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    carrying_out: CarryingOut<'_>,
    proof: &Proof,
    now: Moment,
) -> Decision<Option<Moment>> {
    let CarryingOut { mut case, workspace, approver, mut target, bringing, code, recovery_validity } = carrying_out;
    if let Err(refusal) = may_carry_out(&actor, &case, now) {
        return Decision::refuse(refusal);
    }
    let CaseState::Approved { by, at: approved_at, password } = case.state.clone() else {
        return Decision::refuse(Refusal::CaseUnapproved);
    };
    let approver_stands = by.is_none_or(|by| {
        approver.is_some_and(|approver| {
            approver.id == by
                && stands(approver, &target, case.act, now)
                && second::unseasoned_until(workspace, approver, &target, case.act, now).is_none()
        })
    });
    if !approver_stands || !stands(&actor, &target, case.act, now) || case.act.fits(&target).is_err() {
        return case.void(actor.id, &target, now);
    }
    // Another address or token than was approved is none.
    let fits = if bringing.is(&case.brings) { bringing.fits(case.act, &actor, &target) } else { Err(Refusal::CaseVoid) };
    if let Err(refusal) = fits {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FactorNow, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    case.state = CaseState::CarriedOut { at: now };
    let done = case.event(EventKind::CaseCarriedOut, actor.id, &target);
    let given = match (case.act.reopens(), bringing) {
        (Some(how), _) => reopen(&actor, &mut target, how, now),
        (None, Bringing::Email(new)) => codeless(address::put(actor.id, &mut target, new.email, now)),
        (None, Bringing::Token(token)) => codeless(token::give(actor.id, *token, &mut target, now)),
        (None, Bringing::Nothing) => give_codes(&actor, &mut target, &case, (password, approved_at), (code, recovery_validity), now),
    };
    let mut decision = given.change(Change::Case(Box::new(case))).account(actor).account(target);
    decision.events.insert(0, done);
    decision.after(trail)
}

fn codeless(decision: Decision<()>) -> Decision<Option<Moment>> {
    Decision { changes: decision.changes, events: decision.events, notices: decision.notices, verdict: decision.verdict.map(|()| None) }
}

fn reopen(actor: &Account, target: &mut Account, how: suspension::Closing, now: Moment) -> Decision<Option<Moment>> {
    let Some(kind) = suspension::reopen(target, how, now) else { return Decision::accept(None) };
    Decision::accept(None).event(Event::on(kind, actor.id, target)).notice(target.id, NoticeKind::Reactivated)
}

/// `approved` is the code that the approver was shown, and when; `own` the opener's, and how long a recovery code is valid.
fn give_codes(
    actor: &Account,
    target: &mut Account,
    case: &Case,
    approved: (Option<Hashed>, Moment),
    own: (Hashed, i64),
    now: Moment,
) -> Decision<Option<Moment>> {
    let ((approvers, approved_at), (code, recovery_validity)) = (approved, own);
    let password_code = |hash: Hashed, issued_at: Moment| Some(PasswordCode { hash, issued_at, by_mail: false });
    let expires_at = if case.act == CaseAct::Password {
        target.password_code = password_code(code, now);
        now.plus(PASSWORD_CODE_VALIDITY)
    } else {
        if let Some(hash) = approvers {
            target.password_code = password_code(hash, approved_at);
        }
        close_until_recovered(target, code, recovery_validity, now)
    };
    let mut decision = Decision::accept(Some(expires_at));
    if case.act != CaseAct::SecondFactor {
        effect::mark(target, Effect::Password, now);
        decision = decision
            .event(case.note.on(Event::on(EventKind::PasswordCodeIssued, actor.id, target)))
            .notice(target.id, NoticeKind::PasswordCodeIssued);
    }
    if case.act != CaseAct::Password {
        effect::mark(target, Effect::SecondFactor, now);
        decision = decision
            .change(Change::EndSessions(target.id, None))
            .event(case.note.on(Event::on(EventKind::SecondFactorReset, actor.id, target)))
            .notice(target.id, NoticeKind::SecondFactorReset);
    }
    decision
}
