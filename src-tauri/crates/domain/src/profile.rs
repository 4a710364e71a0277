//! What people do with their own account once they are in.

use crate::{
    Change, Decision, Event, EventKind, NoticeKind, Refusal,
    account::{Account, Password},
    factor::{BackupSet, Saved, SecondFactor},
    policy::Policy,
    secret_hash::HashedSet,
    session::{Session, Stage},
    sign_in::{Asks, Proof, confirm},
    time::Moment,
};

/// Replaces the backup codes: the old ones are dead from then on.
#[must_use]
pub fn renew_backup_codes(
    policy: &Policy,
    mut account: Account,
    mut session: Session,
    proof: &Proof,
    set: HashedSet,
    now: Moment,
) -> Decision<()> {
    if !matches!(account.second_factor, SecondFactor::Active(_)) {
        return Decision::refuse(Refusal::NoFactor);
    }
    if !policy.backup_codes {
        return Decision::refuse(Refusal::BackupCodesOff);
    }
    let mut trail = match confirm(policy, &mut account, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    // However few were left of the old ones.
    trail.notices.clear();
    if let SecondFactor::Active(factors) = &mut account.second_factor {
        factors.backup = BackupSet::new(set, now);
    }
    Decision::accept(())
        .event(Event::own(EventKind::BackupCodesRenewed, &account))
        .notice(account.id, NoticeKind::BackupCodesRenewed)
        .account(account)
        .after(trail)
}

/// Notes that the present backup codes were kept. Only the first time is an event.
#[must_use]
pub fn note_saved(mut account: Account, session: &Session, how: Saved, now: Moment) -> Decision<()> {
    if session.stage != Stage::Full {
        return Decision::refuse(Refusal::SessionStage);
    }
    let SecondFactor::Active(factors) = &mut account.second_factor else { return Decision::refuse(Refusal::NoFactor) };
    if factors.backup.saved.is_some() {
        return Decision::accept(());
    }
    factors.backup.saved = Some((how, now));
    Decision::accept(()).event(Event::own(EventKind::BackupCodesSaved, &account).word("how", how.as_str())).account(account)
}

/// Whether the second factor could be switched off, asked to explain the button and again inside the decision.
///
/// # Errors
/// Why not.
pub fn may_disable(policy: &Policy, account: &Account) -> Result<(), Refusal> {
    if !matches!(account.second_factor, SecondFactor::Active(_)) {
        return Err(Refusal::NoFactor);
    }
    if !policy.may_disable || account.policy_requires_factor(policy) {
        return Err(Refusal::DisableForbidden);
    }
    if !account.password.as_ref().is_some_and(|password| password.stands_alone) {
        return Err(Refusal::PasswordCannotStandAlone);
    }
    Ok(())
}

/// Switches the second factor off. Every session of the account ends.
#[must_use]
pub fn disable(policy: &Policy, mut account: Account, mut session: Session, proof: &Proof, now: Moment) -> Decision<()> {
    if let Err(refusal) = may_disable(policy, &account) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut account, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    account.second_factor = SecondFactor::None;
    account.pending = None;
    account.void_out_of_reach(now);
    Decision::accept(())
        .change(Change::EndSessions(account.id, None))
        .event(Event::own(EventKind::SecondFactorDisabled, &account))
        .notice(account.id, NoticeKind::SecondFactorDisabled)
        .account(account)
        .after(trail)
}

/// Changes the password. Every session of the account ends.
#[must_use]
pub fn change_password(
    policy: &Policy,
    mut account: Account,
    mut session: Session,
    proof: &Proof,
    password: Password,
    unchanged: bool,
    now: Moment,
) -> Decision<()> {
    let trail = match confirm(policy, &mut account, &mut session, proof, Asks::PasswordAlone, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    if unchanged {
        return Decision::refuse(Refusal::PasswordUnchanged).after(trail);
    }
    if !password.stands_alone && matches!(account.second_factor, SecondFactor::None) {
        return Decision::refuse(Refusal::PasswordCannotStandAlone).after(trail);
    }
    account.password = Some(password);
    account.password_code = None;
    account.pending = None;
    Decision::accept(())
        .change(Change::EndSessions(account.id, None))
        .event(Event::own(EventKind::PasswordChanged, &account))
        .notice(account.id, NoticeKind::PasswordChanged)
        .account(account)
        .after(trail)
}

#[cfg(test)]
mod tests;
