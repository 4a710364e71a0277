//! A password code that somebody asks for at sign-in, and that is mailed to them. Whoever asks learns nothing by it: an address
//! that is nobody's, one whose holder may have no such code, and one that it is mailed to are answered alike.
//!
//! It never composes with what staff do: nothing is mailed within 72 hours of an act of another kind, and a code that lies in
//! a mailbox opens nothing once there was one. Asking alone hinders nobody: only a code that was used leaves a mark.

use crate::throttle::Limits;

use super::*;

/// For how long after one was mailed none is mailed again, in seconds: it may be on its way, and another would end it.
pub const MAILED_APART: i64 = 15 * MINUTE;
/// How often an address may be asked about from one place. Each question counts: there is nothing to get wrong.
const ASKED: Limits = Limits { per_minute: 3, wait: 15 * MINUTE, in_a_row: u32::MAX };

/// Whether somebody may have a code by mail. Administrators and owners may not: theirs takes two people.
///
/// # Errors
/// Why not. It is told to nobody.
pub fn may_have(account: &Account, now: Moment) -> Result<(), Refusal> {
    account.admits()?;
    if account.standing_at(now).takes_two() {
        return Err(Refusal::TakesTwo);
    }
    if account.password.is_none() {
        return Err(Refusal::NeverSignedIn);
    }
    if matches!(account.second_factor, SecondFactor::Reset(_)) {
        return Err(Refusal::DoubleLoss);
    }
    effect::may_follow(account, Effect::Password, now)
}

/// A question at sign-in.
#[derive(Debug)]
pub struct Asked {
    /// Under which questions about this address are counted, whether it is known or not.
    pub key: ThrottleKey,
    /// Questions so far.
    pub failures: Failures,
    /// The code that would be mailed, hashed.
    pub hash: Hashed,
}

/// Whether a question may be looked at; asked before anything slow is done for it.
///
/// # Errors
/// The wait.
pub fn open(failures: &Failures, now: Moment) -> Result<(), Refusal> {
    Ok(failures.open(&ASKED, now)?)
}

/// Mails a code, or not: only the decision's notices tell which. One that staff issued stands, and so does one that was mailed
/// moments ago.
#[must_use]
pub fn ask(account: Option<Account>, mut asked: Asked, now: Moment) -> Decision<()> {
    if let Err(refusal) = open(&asked.failures, now) {
        return Decision::refuse(refusal);
    }
    let _ = asked.failures.fail(&ASKED, now);
    let counted = Decision::accept(()).change(Change::Throttle(asked.key, asked.failures));
    let has_one = |account: &Account| {
        let code = account.password_code.as_ref().filter(|code| !code.is_expired(now));
        code.is_some_and(|code| !code.by_mail || now.since(code.issued_at) < MAILED_APART)
    };
    let Some(mut account) = account.filter(|account| may_have(account, now).is_ok() && !has_one(account)) else { return counted };
    account.password_code = Some(PasswordCode { hash: asked.hash, issued_at: now, by_mail: true });
    // Nobody knows who asked.
    let event = Event { actor: None, ..Event::own(EventKind::PasswordCodeMailed, &account) };
    counted.event(event).notice(account.id, NoticeKind::PasswordCode).account(account)
}

#[cfg(test)]
mod tests;
