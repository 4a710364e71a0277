//! Enrolling an authenticator.

use secrecy::SecretString;

use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::Account,
    decision::Trail,
    effect::{self, Effect},
    factor::{Authenticator, BackupSet, Clock, Counter, Factors, PendingEnrolment, SecondFactor},
    oath::OathSecret,
    policy::{ENROLMENT_VALIDITY, Policy},
    secret_hash::HashedSet,
    session::{Session, Stage},
    sign_in::{Asks, Proof, confirm},
    time::Moment,
};

const WRONG_CODES: u8 = 10;

/// Begins an enrolment; it replaces one that was begun before. Nothing else of the account changes until it is verified.
///
/// Somebody who may only enrol has just given their password, and is not asked again.
#[must_use]
pub fn begin(
    policy: &Policy,
    mut account: Account,
    mut session: Session,
    proof: Option<&Proof>,
    pending: PendingEnrolment,
    now: Moment,
) -> Decision<()> {
    let trail = match may_enrol(policy, &mut account, &mut session, proof, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    if names_twice(&account, &pending) {
        return Decision::refuse(Refusal::AuthenticatorNameTaken).account(account).after(trail);
    }
    account.pending = Some(pending);
    Decision::accept(()).account(account).after(trail)
}

/// Whether whoever acts may add an authenticator now: on the way in, where they must, or else after proving themselves.
pub(crate) fn may_enrol(
    policy: &Policy,
    account: &mut Account,
    session: &mut Session,
    proof: Option<&Proof>,
    now: Moment,
) -> Result<Trail, (Refusal, Trail)> {
    let refused = |refusal| Err((refusal, Trail::default()));
    match session.stage {
        Stage::Enrol { by_recovery } => match &account.second_factor {
            SecondFactor::Reset(recovery) if by_recovery && recovery.claimed_by == Some(session.id) => {
                if recovery.is_expired(now) {
                    refused(Refusal::RecoveryExpired)
                } else {
                    Ok(Trail::default())
                }
            }
            SecondFactor::None if !by_recovery => Ok(Trail::default()),
            _ => refused(Refusal::SessionStage),
        },
        _ => match proof {
            Some(proof) => confirm(policy, account, session, proof, Asks::FreshFactor, now),
            None => refused(Refusal::WrongPassword),
        },
    }
}

fn names_twice(account: &Account, pending: &PendingEnrolment) -> bool {
    matches!(&account.second_factor, SecondFactor::Active(factors) if factors.has_name(&pending.name, None))
}

/// Whether an enrolment is still there to be verified by this session.
///
/// # Errors
/// [`Refusal::EnrolmentGone`].
pub fn pending<'a>(account: &'a Account, session: &Session, now: Moment) -> Result<&'a PendingEnrolment, Refusal> {
    let alive = |p: &&PendingEnrolment| {
        p.session == session.id && now.since(p.begun_at) < ENROLMENT_VALIDITY && p.begun_at.since(now) < ENROLMENT_VALIDITY
    };
    account.pending.as_ref().filter(alive).ok_or(Refusal::EnrolmentGone)
}

/// What a verified enrolment brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Whether a set of backup codes came with it, as it does with the first authenticator.
    pub backup_codes: bool,
}

/// Verifies an enrolment with a code of the new authenticator. `backup` is a fresh set of ten, used when this is the
/// account's first; it is empty where the policy has no backup codes.
#[must_use]
pub fn verify(
    policy: &Policy,
    mut account: Account,
    session: Session,
    secret: &OathSecret,
    digits: &SecretString,
    backup: HashedSet,
    now: Moment,
) -> Decision<Enrolled> {
    let mut pending = match pending(&account, &session, now) {
        Ok(pending) => pending.clone(),
        Err(refusal) => return Decision::refuse(refusal),
    };
    // Another may have been given its name since.
    if names_twice(&account, &pending) {
        return Decision::refuse(Refusal::AuthenticatorNameTaken);
    }
    let Some(step) = secret.matching_steps(digits, now, i64::from(policy.totp_window)).first().copied() else {
        pending.wrong += 1;
        let gone = pending.wrong >= WRONG_CODES;
        account.pending = (!gone).then_some(pending);
        return Decision::refuse(if gone { Refusal::EnrolmentGone } else { Refusal::EnrolmentCodeWrong }).account(account);
    };
    let authenticator = Authenticator {
        id: pending.id,
        name: pending.name,
        sealed: pending.sealed,
        added_at: now,
        used_at: Some(now),
        clock: Clock::start(step, secret.step_at(now)),
        parameters: secret.parameters(),
        counter: Counter::default(),
        token: None,
    };
    add(policy, account, session, authenticator, backup, now)
}

/// Adds an authenticator that was proved. Whoever was on the way in is in.
pub(crate) fn add(
    policy: &Policy,
    mut account: Account,
    mut session: Session,
    authenticator: Authenticator,
    backup: HashedSet,
    now: Moment,
) -> Decision<Enrolled> {
    account.pending = None;
    account.void_out_of_reach(now);
    if matches!(account.second_factor, SecondFactor::Reset(_)) {
        effect::mark(&mut account, Effect::SecondFactor, now);
    }
    let name = authenticator.name.as_str().to_owned();
    let first = match &mut account.second_factor {
        SecondFactor::Active(factors) => {
            factors.authenticators.push(authenticator);
            false
        }
        inactive => {
            *inactive = SecondFactor::Active(Factors {
                preferred: authenticator.id,
                authenticators: vec![authenticator],
                backup: BackupSet::new(backup, now),
                failures: crate::throttle::Failures::default(),
            });
            true
        }
    };
    if matches!(session.stage, Stage::Enrol { .. }) {
        session.stage = Stage::Full;
        account.signed_in_at = Some(now);
    }
    session.seen_at = now;
    session.factor_at = Some(now);
    let kind = if first { NoticeKind::SecondFactorEnabled } else { NoticeKind::AuthenticatorAdded };
    let notice = Notice::new(account.id, kind).word("name", name.clone());
    Decision::accept(Enrolled { backup_codes: first && policy.backup_codes })
        .change(Change::Session(session))
        .event(Event::own(EventKind::AuthenticatorAdded, &account).word("authenticator", name))
        .notify(notice)
        .account(account)
}

#[cfg(test)]
mod tests;
