//! Forgotten passwords: staff issue a code, its holder chooses a new password, and nothing else is opened by it.

use serde::{Deserialize, Serialize};

use crate::{
    Change, Decision, Event, EventKind, NoticeKind, Refusal,
    account::{Account, Password},
    decision::ThrottleKey,
    effect::{self, Effect},
    factor::SecondFactor,
    gate::{self, Act},
    policy::Policy,
    secret_hash::Hashed,
    session::{Session, SessionId},
    sign_in::{Asks, Next, Proof, confirm, through_first_door},
    support::SupportNote,
    throttle::Failures,
    time::{HOUR, MINUTE, Moment},
};

pub mod mailed;

/// How long a password code is valid, in seconds.
pub const PASSWORD_CODE_VALIDITY: i64 = 24 * HOUR;

/// What lets somebody who forgot their password choose another. Single-use, valid for 24 hours.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasswordCode {
    /// The code, hashed.
    pub hash: Hashed,
    /// When it was issued.
    pub issued_at: Moment,
    /// Whether it was mailed to whoever asked for it, rather than issued by staff.
    #[serde(default)]
    pub by_mail: bool,
}

impl PasswordCode {
    /// Whether its day has passed. A clock set back by more than a day counts as passed: nobody can tell how old it is.
    #[must_use]
    pub fn is_expired(&self, now: Moment) -> bool {
        now.since(self.issued_at) >= PASSWORD_CODE_VALIDITY || self.issued_at.since(now) >= PASSWORD_CODE_VALIDITY
    }
}

/// Whether a code could be issued, asked before the dialog opens and again inside the decision.
///
/// # Errors
/// Why not.
pub fn may_issue(actor: &Account, target: &Account, now: Moment) -> Result<(), Refusal> {
    gate::may(&actor.standing(), Act::IssuePasswordCode(target.standing_at(now)))?;
    target.admits()?;
    if target.password.is_none() {
        return Err(Refusal::NeverSignedIn);
    }
    if matches!(target.second_factor, SecondFactor::Reset(_)) {
        return Err(Refusal::DoubleLoss);
    }
    effect::may_follow(target, Effect::Password, now)
}

/// Issues a code; one issued earlier is dead from then on. The password stands until the code is used. Answers when
/// the code dies.
#[must_use]
pub fn issue(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    mut target: Account,
    proof: &Proof,
    issuing: (Hashed, &SupportNote),
    now: Moment,
) -> Decision<Moment> {
    let (hash, note) = issuing;
    if let Err(refusal) = may_issue(&actor, &target, now) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FactorNow, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    target.password_code = Some(PasswordCode { hash, issued_at: now, by_mail: false });
    effect::mark(&mut target, Effect::Password, now);
    Decision::accept(now.plus(PASSWORD_CODE_VALIDITY))
        .event(note.on(Event::on(EventKind::PasswordCodeIssued, actor.id, &target)))
        .notice(target.id, NoticeKind::PasswordCodeIssued)
        .account(actor)
        .account(target)
        .after(trail)
}

/// A code that was typed with an address, and the password that came with it.
#[derive(Debug)]
pub struct Redeemed {
    /// The typed code, hashed under the recipe of the account's code, or of none.
    pub code: Hashed,
    /// The chosen password, hashed.
    pub password: Password,
    /// The session to open.
    pub session: SessionId,
    /// Under which failures for this address are counted, whether it is known or not.
    pub key: ThrottleKey,
    /// Failures so far.
    pub failures: Failures,
    /// The counter of the forgotten password.
    pub password_key: ThrottleKey,
    /// The counter of questions for a code by mail.
    pub asked_key: ThrottleKey,
}

/// Whether a code may be evaluated at all for this address; asked before anything slow is done for it.
///
/// # Errors
/// The wait.
pub fn open(policy: &Policy, failures: &Failures, now: Moment) -> Result<(), Refusal> {
    Ok(failures.open(&policy.limits.for_passwords(), now)?)
}

/// Changes a forgotten password: every session of the account ends, and one begins that reaches as far as the password
/// alone reaches. An unknown address, an address without a code and a wrong code are answered and counted alike.
#[must_use]
pub fn redeem(policy: &Policy, account: Option<Account>, mut redeemed: Redeemed, now: Moment) -> Decision<Next> {
    if let Err(refusal) = open(policy, &redeemed.failures, now) {
        return Decision::refuse(refusal);
    }
    let holder = account.filter(|account| account.password_code.as_ref().is_some_and(|code| code.hash.matches(&redeemed.code)));
    let Some(mut account) = holder else {
        let closed = redeemed.failures.fail(&policy.limits.for_passwords(), now);
        return Decision::refuse(closed.map_or(Refusal::PasswordCodeWrong, Refusal::from))
            .change(Change::Throttle(redeemed.key, redeemed.failures));
    };
    // Only the holder of the right code learns that it is too old, or that the account is closed.
    if let Err(refusal) = account.admits() {
        return Decision::refuse(refusal);
    }
    let code = account.password_code.take();
    // What happened since it was mailed may not be composed with it.
    let may = |code: &PasswordCode| !code.by_mail || mailed::may_have(&account, now).is_ok();
    if code.is_none_or(|code| code.is_expired(now) || !may(&code)) {
        return Decision::refuse(Refusal::PasswordCodeExpired);
    }
    account.password = Some(redeemed.password);
    account.pending = None;
    effect::mark(&mut account, Effect::Password, now);
    let (ended, event) = (Change::EndSessions(account.id, None), Event::own(EventKind::PasswordReset, &account));
    let id = account.id;
    let mut decision = through_first_door(policy, account, redeemed.session, now).notice(id, NoticeKind::PasswordChanged);
    let forgotten = [redeemed.key, redeemed.password_key, redeemed.asked_key].map(|key| Change::Throttle(key, Failures::default()));
    decision.changes.splice(0..0, std::iter::once(ended).chain(forgotten));
    decision.events.insert(0, event);
    decision
}

#[cfg(test)]
mod tests;
