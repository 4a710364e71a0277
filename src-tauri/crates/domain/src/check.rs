//! A program asks whether a code is somebody's. The rules are those of the second door: a step is spent once, backup codes count,
//! recovery codes open nothing here, and a hundred failures in a row close the method wherever they were typed. Waits are counted
//! per client and address, so that nobody who tries at a VPN locks its user out of the window, nor the other way round.
//!
//! No password was given: so who asks is told "yes" or "no" and nothing else. Somebody unknown, somebody inactive, somebody of
//! another realm and somebody without a method are one and the same.

use secrecy::ExposeSecret;

use crate::{
    Change, Decision, Event, EventKind,
    account::Account,
    client::{Client, Realms},
    code::{Code, Kind, Typed},
    decision::ThrottleKey,
    factor::{CodeVerdict, SecondFactor},
    id::ClientId,
    policy::Policy,
    sign_in::{CodeTry, few_left},
    throttle::{Closed, Failures},
    time::Moment,
};

/// Whether what was typed could be judged here at all: digits, or a backup code. Told by its form alone.
#[must_use]
pub fn is_for_here(typed: &Typed) -> bool {
    match typed {
        Typed::Totp(digits) => !digits.expose_secret().is_empty(),
        Typed::Code(code) => Code::kind(code) == Kind::Backup,
    }
}

/// Whether a code of theirs could be right, asked in these realms.
#[must_use]
pub fn may_answer(policy: &Policy, account: &Account, realms: &Realms) -> bool {
    let SecondFactor::Active(factors) = &account.second_factor else { return false };
    realms.hold(account) && account.admits().is_ok() && !factors.failures.is_disabled(&policy.limits)
}

/// Whether failures at this client are counted for them, and must be looked at before anything is evaluated.
#[must_use]
pub fn is_counted(account: Option<&Account>, client: ClientId) -> bool {
    account.is_none_or(|account| account.failed_at.contains(&client))
}

/// Judges a code of somebody who [may answer](may_answer), and spends what it matched. Says what was right, if anything was.
#[must_use]
pub fn judge(policy: &Policy, person: &mut Account, tried: &CodeTry, now: Moment) -> Option<EventKind> {
    let SecondFactor::Active(factors) = &mut person.second_factor else { return None };
    let (verdict, kind) = match &tried.typed {
        Typed::Totp(digits) => (factors.judge_digits(&tried.secrets, digits, policy.totp_window, now), EventKind::CheckedAuthenticator),
        Typed::Code(code) if code.kind() == Kind::Backup && policy.backup_codes => {
            (factors.judge_backup(tried.hashed.as_ref(), now), EventKind::CheckedBackupCode)
        }
        Typed::Code(_) => return None,
    };
    (verdict == CodeVerdict::Accepted).then_some(kind)
}

/// The code was right. Forgets what was counted at this client, which stands under the key where anything was. What was counted in
/// the window stays: it was counted after a right password.
#[must_use]
pub fn accept(client: &Client, mut person: Account, right: EventKind, counted: Option<ThrottleKey>) -> Decision<bool> {
    person.failed_at.retain(|id| *id != client.id);
    if let SecondFactor::Active(factors) = &mut person.second_factor {
        factors.failures.succeed_elsewhere();
    }
    let event = Event::own(right, &person).word("client", client.name.as_str());
    let few = few_left(&person, right);
    let mut decision = Decision::accept(true).event(event).account(person);
    decision.notices.extend(few);
    decision.changes.extend(counted.map(|key| Change::Throttle(key, Failures::default())));
    decision
}

/// The code was wrong, or there is nobody who could answer. It is counted for the address whoever has it, and for the person.
#[must_use]
pub fn refuse(
    policy: &Policy,
    client: &Client,
    person: Option<Account>,
    (key, mut failures): (ThrottleKey, Failures),
    now: Moment,
) -> Decision<bool> {
    if !is_counted(person.as_ref(), client.id) {
        // What is left of waits that staff ended.
        failures.lift();
    }
    let waits = failures.fail(&policy.limits.for_passwords(), now);
    let decision = Decision::accept(false).change(Change::Throttle(key, failures));
    let Some(mut person) = person else { return decision };
    if !person.failed_at.contains(&client.id) {
        person.failed_at.push(client.id);
    }
    let SecondFactor::Active(factors) = &mut person.second_factor else { return decision };
    let closed = factors.failures.fail_elsewhere(&policy.limits);
    let mut decision = decision;
    if closed == Some(Closed::Disabled) {
        decision = decision.event(Event::own(EventKind::FailuresLocked, &person).word("how", "disabled"));
    } else if waits.is_some() {
        decision = decision.event(Event::own(EventKind::CheckLocked, &person).word("client", client.name.as_str()));
    }
    decision.account(person)
}

#[cfg(test)]
mod tests;
