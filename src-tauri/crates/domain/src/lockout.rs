//! Why somebody cannot come in, in one sentence; and ending the waits that their failures began.

use crate::{
    Change, Decision, Event, EventKind, NoticeKind, Refusal,
    account::Account,
    decision::ThrottleKey,
    factor::{Factors, SecondFactor},
    gate::{self, Act},
    policy::{ENROLMENT_VALIDITY, INVITATION_VALIDITY, Policy, RECOVERY_CLAIMS},
    throttle::{Closed, Failures},
    time::Moment,
};

/// Why somebody cannot come in, or what they are in the middle of. The first that holds is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The account was deactivated then.
    Deactivated(Moment),
    /// They sign in elsewhere.
    SignsInElsewhere,
    /// Too many wrong passwords: nothing is looked at until then.
    PasswordWait(Moment),
    /// Never signed in; the invitation is good until then.
    Invited(Moment),
    /// Never signed in; the invitation expired then.
    InvitationExpired(Moment),
    /// Never signed in, and there is no invitation.
    NotInvited,
    /// Too many wrong codes: nothing is looked at until then.
    CodeWait(Moment),
    /// A hundred wrong codes in a row: a new authenticator is needed.
    MethodDisabled,
    /// The second factor was reset, and the recovery code not used; it ends then.
    RecoveryWaits(Moment),
    /// The recovery code was used, and no authenticator set up with it; it ends then.
    RecoveryClaimed(Moment),
    /// The recovery code ended then.
    RecoveryExpired(Moment),
    /// The recovery code was used five times, and no authenticator set up with it.
    RecoveryExhausted,
    /// An enrolment begun then is not finished.
    EnrolmentBegun(Moment),
    /// They must set up a second factor before anything else.
    MustEnrol,
    /// Their phone's clock is off by so many seconds, further than is forgiven; positive when it is ahead.
    ClockOff(i64),
    /// Nothing is wrong here.
    Nothing,
}

/// Why this person cannot come in. `passwords` are the failures of their password, one for each source;
/// `must_enrol` says whether they may go nowhere before they have a second factor.
#[must_use]
pub fn why(account: &Account, policy: &Policy, must_enrol: bool, passwords: &[Failures], now: Moment) -> Why {
    if let Some(at) = account.deactivated_at {
        return Why::Deactivated(at);
    }
    if account.elsewhere {
        return Why::SignsInElsewhere;
    }
    if let Some(until) = waits_until(policy, passwords, now) {
        return Why::PasswordWait(until);
    }
    if account.password.is_none() {
        return match &account.invitation {
            None => Why::NotInvited,
            Some(invitation) if invitation.is_expired(now) => Why::InvitationExpired(invitation.issued_at.plus(INVITATION_VALIDITY)),
            Some(invitation) => match invitation.failures.open(&policy.limits, now) {
                Err(Closed::Until(until)) => Why::CodeWait(until),
                Err(Closed::Disabled) => Why::NotInvited,
                Ok(()) => Why::Invited(invitation.issued_at.plus(INVITATION_VALIDITY)),
            },
        };
    }
    let begun = account.pending.as_ref().filter(|pending| now.since(pending.begun_at) < ENROLMENT_VALIDITY).map(|pending| pending.begun_at);
    match &account.second_factor {
        SecondFactor::Active(factors) => match factors.failures.open(&policy.limits, now) {
            Err(Closed::Until(until)) => Why::CodeWait(until),
            Err(Closed::Disabled) => Why::MethodDisabled,
            Ok(()) => clock_off(factors, policy).map_or(Why::Nothing, Why::ClockOff),
        },
        SecondFactor::Reset(recovery) => {
            if recovery.is_expired(now) {
                return Why::RecoveryExpired(recovery.expires_at);
            }
            if let Some(at) = begun {
                return Why::EnrolmentBegun(at);
            }
            if recovery.claims >= RECOVERY_CLAIMS {
                return Why::RecoveryExhausted;
            }
            match recovery.failures.open(&policy.limits, now) {
                Err(Closed::Until(until)) => Why::CodeWait(until),
                Err(Closed::Disabled) => Why::RecoveryExhausted,
                Ok(()) if recovery.claims > 0 => Why::RecoveryClaimed(recovery.expires_at),
                Ok(()) => Why::RecoveryWaits(recovery.expires_at),
            }
        }
        SecondFactor::None => match begun {
            Some(at) => Why::EnrolmentBegun(at),
            None if must_enrol => Why::MustEnrol,
            None => Why::Nothing,
        },
    }
}

/// How somebody is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locked {
    /// Nothing they type is looked at until then.
    Until(Moment),
    /// A hundred wrong codes in a row: no code is looked at until staff act.
    UntilStaffAct,
}

/// Until when nothing of this person is looked at: of the password or of codes, whichever is later.
#[must_use]
pub fn locked_until(account: &Account, policy: &Policy, passwords: &[Failures], now: Moment) -> Option<Moment> {
    let codes = match account.second_factor.open(&policy.limits, now) {
        Err(Closed::Until(until)) => Some(until),
        _ => None,
    };
    codes.max(waits_until(policy, passwords, now))
}

fn waits_until(policy: &Policy, passwords: &[Failures], now: Moment) -> Option<Moment> {
    let limits = policy.limits.for_passwords();
    passwords
        .iter()
        .filter_map(|failures| match failures.open(&limits, now) {
            Err(Closed::Until(until)) => Some(until),
            _ => None,
        })
        .max()
}

/// The clock of the authenticator that was used last, where it is off by more than is forgiven.
fn clock_off(factors: &Factors, policy: &Policy) -> Option<i64> {
    let last = factors.authenticators.iter().max_by_key(|authenticator| authenticator.used_at)?;
    let reach = i64::from(policy.totp_window) * last.parameters.step_seconds().cast_signed();
    Some(last.drift_seconds()).filter(|seconds| seconds.abs() > reach)
}

/// Whether unlocking would help.
///
/// # Errors
/// Why not: [`Refusal::ResetNeeded`] when a hundred failures in a row closed the method, which only a new
/// authenticator opens; [`Refusal::NothingToUnlock`] when nothing waits.
pub fn may_unlock(actor: &Account, target: &Account, policy: &Policy, passwords: &[Failures], now: Moment) -> Result<(), Refusal> {
    gate::may(&actor.standing(), Act::Unlock(target.standing()))?;
    if locked_until(target, policy, passwords, now).is_some() {
        return Ok(());
    }
    let disabled = matches!(target.second_factor.open(&policy.limits, now), Err(Closed::Disabled));
    Err(if disabled { Refusal::ResetNeeded } else { Refusal::NothingToUnlock })
}

/// Ends the waits of somebody's password, from every source, and of their codes. What was counted in a row stays
/// counted: staff who were talked into it a hundred times have still let nobody guess more than a hundred times.
#[must_use]
pub fn unlock(actor: &Account, mut target: Account, policy: &Policy, passwords: Vec<(ThrottleKey, Failures)>, now: Moment) -> Decision<()> {
    let counted: Vec<Failures> = passwords.iter().map(|(_, failures)| failures.clone()).collect();
    if let Err(refusal) = may_unlock(actor, &target, policy, &counted, now) {
        return Decision::refuse(refusal);
    }
    match &mut target.second_factor {
        SecondFactor::Active(factors) => factors.failures.lift(),
        SecondFactor::Reset(recovery) => recovery.failures.lift(),
        SecondFactor::None => {}
    }
    target.out_of_reach.failures.lift();
    target.failed_at.clear();
    let event = Event::on(EventKind::Unlocked, actor.id, &target);
    let mut decision = Decision::accept(()).event(event).notice(target.id, NoticeKind::Unlocked).account(target);
    for (key, mut failures) in passwords.into_iter().filter(|(_, failures)| !failures.is_empty()) {
        failures.lift();
        decision = decision.change(Change::Throttle(key, failures));
    }
    decision
}

/// What somebody is told at the second door, whose password was right: that staff can end the wait.
#[must_use]
pub fn told<T>(mut decision: Decision<T>) -> Decision<T> {
    if let Err(Refusal::Wait(until)) = decision.verdict {
        decision.verdict = Err(Refusal::LockedOut(until));
    }
    decision
}

#[cfg(test)]
mod tests;
