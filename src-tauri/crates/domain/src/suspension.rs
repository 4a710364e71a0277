//! Who may come in at all: accounts that are deactivated, sign in elsewhere, or are signed out by staff.

use crate::{
    Change, Decision, Event, EventKind, NoticeKind, Refusal,
    account::Account,
    effect::{self, Effect},
    gate::{self, Act},
    policy::Policy,
    roles::another_owner,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    time::Moment,
    workspace::Workspace,
};

/// How somebody is kept from coming in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Not at all.
    Deactivated,
    /// Not here: they sign in elsewhere.
    Elsewhere,
}

/// Whether an account could be closed so. `owners` are all there are.
///
/// # Errors
/// Why not.
pub fn may_close(actor: &Account, target: &Account, owners: &[Account], how: Closing) -> Result<(), Refusal> {
    let act = match how {
        Closing::Deactivated => Act::Deactivate(target.standing()),
        Closing::Elsewhere => Act::MarkElsewhere(target.standing()),
    };
    gate::may(&actor.standing(), act)?;
    if target.owner && !another_owner(owners, target) { Err(Refusal::LastOwner) } else { Ok(()) }
}

/// Closes an account: its sessions end at once, half-finished enrolments and codes that lead in are gone.
#[must_use]
pub fn close(workspace: Workspace, actor: &Account, mut target: Account, owners: &[Account], how: Closing, now: Moment) -> Decision<()> {
    if let Err(refusal) = may_close(actor, &target, owners, how) {
        return Decision::refuse(refusal);
    }
    let kind = match how {
        Closing::Deactivated if target.deactivated_at.is_none() => {
            target.deactivated_at = Some(now);
            EventKind::Deactivated
        }
        Closing::Elsewhere if !target.elsewhere => {
            target.elsewhere = true;
            EventKind::MarkedElsewhere
        }
        _ => return Decision::accept(()),
    };
    target.pending = None;
    target.void_out_of_reach(now);
    target.invitation = None;
    target.password_code = None;
    let mut decision = Decision::accept(())
        .change(Change::EndSessions(target.id, None))
        .event(Event::on(kind, actor.id, &target))
        .notice(target.id, NoticeKind::Deactivated);
    // A rule across accounts: whoever decided at the same moment decides again.
    if target.owner {
        decision = decision.change(Change::Workspace(Box::new(workspace)));
    }
    decision.account(target)
}

/// Whether an account could be opened again.
///
/// # Errors
/// Why not.
pub fn may_open(actor: &Account, target: &Account, how: Closing, now: Moment) -> Result<(), Refusal> {
    let act = match how {
        Closing::Deactivated => Act::Reactivate(target.standing_at(now)),
        Closing::Elsewhere => Act::UnmarkElsewhere(target.standing_at(now)),
    };
    gate::may(&actor.standing(), act)?;
    effect::may_follow(target, Effect::Reactivation, now)
}

/// Opens an account again, with the password and the second factor that it had. That gives a way in, so that the
/// password of whoever does it is asked, and a fresh second factor.
#[must_use]
pub fn open(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    mut target: Account,
    how: Closing,
    proof: &Proof,
    now: Moment,
) -> Decision<()> {
    if let Err(refusal) = may_open(&actor, &target, how, now) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let Some(kind) = reopen(&mut target, how, now) else { return Decision::accept(()).account(actor).after(trail) };
    Decision::accept(())
        .event(Event::on(kind, actor.id, &target))
        .notice(target.id, NoticeKind::Reactivated)
        .account(actor)
        .account(target)
        .after(trail)
}

/// Opens the account, and says what the journal calls that; `None` where it was not closed so.
pub(crate) fn reopen(target: &mut Account, how: Closing, now: Moment) -> Option<EventKind> {
    let kind = match how {
        Closing::Deactivated if target.deactivated_at.take().is_some() => EventKind::Reactivated,
        Closing::Elsewhere if std::mem::take(&mut target.elsewhere) => EventKind::UnmarkedElsewhere,
        _ => return None,
    };
    effect::mark(target, Effect::Reactivation, now);
    Some(kind)
}

/// Ends every session of somebody else.
#[must_use]
pub fn sign_out(actor: &Account, target: &Account) -> Decision<()> {
    if let Err(denied) = gate::may(&actor.standing(), Act::SignOut(target.standing())) {
        return Decision::refuse(denied);
    }
    Decision::accept(())
        .change(Change::EndSessions(target.id, None))
        .event(Event::on(EventKind::SignedOutEverywhere, actor.id, target))
        .notice(target.id, NoticeKind::SignedOutEverywhere)
}

#[cfg(test)]
mod tests;
