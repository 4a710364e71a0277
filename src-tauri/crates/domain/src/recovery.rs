//! Resetting somebody else's second factor.

use crate::{
    Change, Decision, Event, EventKind, NoticeKind, Refusal,
    account::Account,
    effect::{self, Effect},
    factor::{Recovery, SecondFactor},
    gate::{self, Act},
    policy::Policy,
    secret_hash::Hashed,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    support::SupportNote,
    throttle::Failures,
    time::Moment,
};

/// Whether a reset could be done, asked before the dialog opens and again inside the decision.
///
/// # Errors
/// Why not.
pub fn may_reset(actor: &Account, target: &Account, now: Moment) -> Result<(), Refusal> {
    gate::may(&actor.standing(), Act::ResetSecondFactor(target.standing_at(now)))?;
    if target.password.is_none() || matches!(target.second_factor, SecondFactor::None) {
        return Err(Refusal::NothingToReset);
    }
    effect::may_follow(target, Effect::SecondFactor, now)
}

/// Resets a person's second factor: authenticators, backup codes, earlier recovery codes and sessions are gone, and
/// the account is closed until the recovery code, hashed here, is used. Answers when that code dies.
#[must_use]
pub fn reset(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    mut target: Account,
    proof: &Proof,
    issuing: (Hashed, &SupportNote),
    now: Moment,
) -> Decision<Moment> {
    let (hash, note) = issuing;
    if let Err(refusal) = may_reset(&actor, &target, now) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FactorNow, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let expires_at = close_until_recovered(&mut target, hash, policy.recovery_validity, now);
    effect::mark(&mut target, Effect::SecondFactor, now);
    Decision::accept(expires_at)
        .change(Change::EndSessions(target.id, None))
        .event(note.on(Event::on(EventKind::SecondFactorReset, actor.id, &target)))
        .notice(target.id, NoticeKind::SecondFactorReset)
        .account(actor)
        .account(target)
        .after(trail)
}

/// Takes every second factor away: until the recovery code is used, password and code are the only way in.
pub(crate) fn close_until_recovered(target: &mut Account, hash: Hashed, validity: i64, now: Moment) -> Moment {
    let expires_at = now.plus(validity);
    target.second_factor = SecondFactor::Reset(Recovery {
        hash,
        issued_at: now,
        expires_at,
        claims: 0,
        claimed_by: None,
        failures: Failures::default(),
        out_of_reach: None,
    });
    target.pending = None;
    target.void_out_of_reach(now);
    target.out_of_reach.failures.succeed();
    expires_at
}

#[cfg(test)]
mod tests;
