//! Coming in: password, then code. And proving again, later, that one is still oneself.

use secrecy::ExposeSecret;

use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::Account,
    code::{Kind, Typed},
    decision::{ThrottleKey, Trail},
    factor::{CodeVerdict, Factors, SecondFactor},
    id::AuthenticatorId,
    oath::OathSecret,
    offline::{self, OfflineTry},
    policy::{Obligation, Policy, RECOVERY_CLAIMS, obligation},
    readiness::FEW_CODES,
    secret_hash::Hashed,
    session::{Session, SessionId, Stage},
    throttle::{Closed, Failures},
    time::Moment,
};

/// A password that was compared, with the counter it stands under.
#[derive(Debug)]
pub struct PasswordTry {
    /// Whether it matched.
    pub matched: bool,
    /// Under which failures are counted.
    pub key: ThrottleKey,
    /// Failures so far.
    pub failures: Failures,
    /// The same password under today's cost, when it was hashed under a lower one.
    pub rehashed: Option<Hashed>,
}

/// A code that has the right form, with all that is needed to judge it.
#[derive(Debug)]
pub struct CodeTry {
    /// What was typed.
    pub typed: Typed,
    /// The secrets of the account's authenticators, out of their seals.
    pub secrets: Vec<(AuthenticatorId, OathSecret)>,
    /// A look-up secret hashed under the recipe of the set it would belong to.
    pub hashed: Option<Hashed>,
    /// What a code says that was issued out of reach, where it is not the one by which the account was reset.
    pub out_of_reach: Option<OfflineTry>,
}

/// What comes after a step that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A code of an authenticator, or a backup code.
    Code,
    /// The recovery code that staff issued.
    RecoveryCode,
    /// Enrolling an authenticator, and nothing else.
    Enrol,
    /// Nothing: they are in.
    In,
}

/// The first door. Unknown addresses take the same path as wrong passwords, with the same words.
#[must_use]
pub fn with_password(policy: &Policy, account: Option<Account>, tried: PasswordTry, session: SessionId, now: Moment) -> Decision<Next> {
    let mut trail = Trail::default();
    if let Err(refusal) = count_password(policy, account.as_ref(), &tried, Refusal::WrongCredentials, now, &mut trail) {
        return Decision::refuse(refusal).after(trail);
    }
    let Some(mut account) = account else { return Decision::refuse(Refusal::WrongCredentials).after(trail) };
    if let (Some(password), Some(hash)) = (&mut account.password, tried.rehashed) {
        password.hash = hash;
    }
    through_first_door(policy, account, session, now).after(trail)
}

/// What a right password opens, and no more: the second door, enrolling, or everything where nothing else is asked.
pub(crate) fn through_first_door(policy: &Policy, mut account: Account, session: SessionId, now: Moment) -> Decision<Next> {
    if let Err(refusal) = account.admits() {
        return Decision::refuse(refusal);
    }
    let (stage, next) = match &account.second_factor {
        SecondFactor::Active(_) => (Stage::SecondFactor, Next::Code),
        SecondFactor::Reset(_) => (Stage::SecondFactor, Next::RecoveryCode),
        SecondFactor::None if obligation(policy, &account, now) == Obligation::Now => (Stage::Enrol { by_recovery: false }, Next::Enrol),
        SecondFactor::None => (Stage::Full, Next::In),
    };
    let session = Session::begin(session, account.id, stage, now);
    let mut decision = Decision::accept(next).change(Change::Session(session));
    if next == Next::In {
        account.signed_in_at = Some(now);
        decision = decision.event(Event::own(EventKind::SignedInWithPassword, &account));
    }
    decision.account(account)
}

/// The second door.
#[must_use]
pub fn with_code(policy: &Policy, mut account: Account, mut session: Session, tried: &CodeTry, now: Moment) -> Decision<Next> {
    if session.stage != Stage::SecondFactor {
        return Decision::refuse(Refusal::SessionStage);
    }
    if let Some(tried) = &tried.out_of_reach {
        return offline::claim(policy, account, session, tried, now);
    }
    if let SecondFactor::Reset(_) = account.second_factor {
        return claim_recovery(policy, account, session, tried, now);
    }
    let SecondFactor::Active(factors) = &mut account.second_factor else { return Decision::refuse(Refusal::NoFactor) };
    match judge(policy, factors, tried, now) {
        Judged::Unlooked(refusal) => Decision::refuse(refusal),
        Judged::Failed { refusal, closed } => failed(account, refusal, closed),
        Judged::Accepted(kind) => {
            session.stage = Stage::Full;
            session.seen_at = now;
            session.factor_at = Some(now);
            account.signed_in_at = Some(now);
            let (event, few) = (Event::own(kind, &account), few_left(&account, kind));
            let mut decision = Decision::accept(Next::In).change(Change::Session(session)).event(event).account(account);
            decision.notices.extend(few);
            decision
        }
    }
}

fn claim_recovery(policy: &Policy, mut account: Account, mut session: Session, tried: &CodeTry, now: Moment) -> Decision<Next> {
    let SecondFactor::Reset(recovery) = &mut account.second_factor else { return Decision::refuse(Refusal::NoFactor) };
    if !matches!(&tried.typed, Typed::Code(code) if recovery.takes(code.kind())) {
        return Decision::refuse(Refusal::CodeKind);
    }
    if let Err(closed) = recovery.failures.open(&policy.limits, now) {
        return Decision::refuse(closed);
    }
    if !tried.hashed.as_ref().is_some_and(|hashed| recovery.hash.matches(hashed)) {
        let closed = recovery.failures.fail(&policy.limits, now);
        return failed(account, Refusal::CodeWrong, closed);
    }
    // Only the holder of the right code learns that it is too old.
    if recovery.is_expired(now) {
        return Decision::refuse(Refusal::RecoveryExpired);
    }
    if recovery.claims >= RECOVERY_CLAIMS {
        return Decision::refuse(Refusal::RecoveryExhausted);
    }
    recovery.claims += 1;
    recovery.failures.succeed();
    let ended = recovery.claimed_by.replace(session.id).filter(|earlier| *earlier != session.id);
    account.void_out_of_reach(now);
    session.stage = Stage::Enrol { by_recovery: true };
    session.seen_at = now;
    let event = Event::own(EventKind::RecoveryClaimed, &account);
    let notice = Notice::new(account.id, NoticeKind::RecoveryCodeUsed);
    let mut decision = Decision::accept(Next::Enrol).change(Change::Session(session)).event(event).notify(notice).account(account);
    decision.changes.extend(ended.map(Change::EndSession));
    decision
}

/// Told once: when the number falls to what counts as few.
pub(crate) fn few_left(account: &Account, used: EventKind) -> Option<Notice> {
    let SecondFactor::Active(factors) = &account.second_factor else { return None };
    let by_backup_code = matches!(used, EventKind::SignedInWithBackupCode | EventKind::CheckedBackupCode);
    let fell = by_backup_code && factors.backup.left() == FEW_CODES;
    fell.then(|| Notice::new(account.id, NoticeKind::BackupCodesFew).word("left", FEW_CODES.to_string()))
}

pub(crate) fn failed<T>(account: Account, refusal: Refusal, closed: Option<Closed>) -> Decision<T> {
    let Some(closed) = closed else { return Decision::refuse(refusal).account(account) };
    let event = closing(&account, closed);
    Decision::refuse(closed).event(event).account(account)
}

/// Failures closed a way in: for a while, or until staff bind a new authenticator.
fn closing(account: &Account, closed: Closed) -> Event {
    let event = Event::own(EventKind::FailuresLocked, account);
    match closed {
        Closed::Until(_) => event,
        Closed::Disabled => event.word("how", "disabled"),
    }
}

enum Judged {
    Accepted(EventKind),
    Failed { refusal: Refusal, closed: Option<Closed> },
    Unlooked(Refusal),
}

fn judge(policy: &Policy, factors: &mut Factors, tried: &CodeTry, now: Moment) -> Judged {
    if let Err(closed) = factors.failures.open(&policy.limits, now) {
        return Judged::Unlooked(closed.into());
    }
    let (verdict, kind) = match &tried.typed {
        Typed::Totp(digits) if !factors.takes(digits.expose_secret().len()) => {
            return Judged::Unlooked(Refusal::CodeDigits(digits.expose_secret().len()));
        }
        Typed::Totp(digits) => {
            (factors.judge_digits(&tried.secrets, digits, policy.totp_window, now), EventKind::SignedInWithAuthenticator)
        }
        Typed::Code(code) if code.kind() == Kind::Backup && !policy.backup_codes => return Judged::Unlooked(Refusal::BackupCodesOff),
        Typed::Code(code) if code.kind() == Kind::Backup => {
            (factors.judge_backup(tried.hashed.as_ref(), now), EventKind::SignedInWithBackupCode)
        }
        Typed::Code(_) => return Judged::Unlooked(Refusal::CodeKind),
    };
    let refusal = match verdict {
        CodeVerdict::Accepted => {
            factors.failures.succeed();
            return Judged::Accepted(kind);
        }
        CodeVerdict::Replayed => Refusal::CodeUsed,
        // Whoever has one was given it: no guess is counted, and none is helped.
        CodeVerdict::Void => return Judged::Unlooked(Refusal::CodeVoid),
        CodeVerdict::Drifted(seconds) => Refusal::ClockDrift(seconds),
        CodeVerdict::InStepAgain => Refusal::TokenInStepAgain,
        CodeVerdict::OutOfStep => Refusal::TokenOutOfStep,
        CodeVerdict::Wrong => Refusal::CodeWrong,
    };
    Judged::Failed { refusal, closed: factors.failures.fail(&policy.limits, now) }
}

/// Comes back to a locked session: the same person, with the password, and a code where the policy asks for one. Who must
/// enrol by now does that before anything else.
#[must_use]
pub fn unlock(policy: &Policy, mut account: Account, mut session: Session, proof: &Proof, now: Moment) -> Decision<()> {
    if session.stage != Stage::Locked {
        return Decision::refuse(Refusal::SessionStage);
    }
    session.stage = Stage::Full;
    let asks = if policy.unlock_asks_code { Asks::FactorNow } else { Asks::PasswordAlone };
    let trail = match confirm(policy, &mut account, &mut session, proof, asks, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    if obligation(policy, &account, now) == Obligation::Now {
        session.stage = Stage::Enrol { by_recovery: false };
    }
    session.seen_at = now;
    Decision::accept(())
        .event(Event::own(EventKind::SessionUnlocked, &account))
        .after(trail)
        .change(Change::Session(session))
        .account(account)
}

/// Ends a session until its owner returns. One that is not yet through both doors is simply over.
#[must_use]
pub fn lock(account: &Account, mut session: Session) -> Decision<()> {
    match session.stage {
        Stage::Full => session.stage = Stage::Locked,
        Stage::Locked => return Decision::accept(()),
        Stage::SecondFactor | Stage::Enrol { .. } => return Decision::accept(()).change(Change::EndSession(session.id)),
    }
    Decision::accept(()).change(Change::Session(session)).event(Event::own(EventKind::SessionLocked, account))
}

/// Signs out.
#[must_use]
pub fn sign_out(account: &Account, session: &Session) -> Decision<()> {
    Decision::accept(()).change(Change::EndSession(session.id)).event(Event::own(EventKind::SignedOut, account))
}

/// What a sensitive act asks for, beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing.
    PasswordAlone,
    /// A second factor given within the last five minutes, where one is enrolled.
    FreshFactor,
    /// A second factor given now, where one is enrolled.
    FactorNow,
}

/// Everything given to prove oneself again.
#[derive(Debug)]
pub struct Proof {
    /// The password.
    pub password: PasswordTry,
    /// A code, when one was typed.
    pub code: Option<CodeTry>,
}

/// Checks that the person at the keyboard is still the account's own.
///
/// The account and the session are changed in place (counters, spent steps). On success the caller writes the account;
/// everything else to write is in the trail.
///
/// # Errors
/// The refusal, with a trail that already holds all there is to write.
pub fn confirm(
    policy: &Policy,
    account: &mut Account,
    session: &mut Session,
    proof: &Proof,
    asks: Asks,
    now: Moment,
) -> Result<Trail, (Refusal, Trail)> {
    let mut trail = Trail::default();
    if session.stage != Stage::Full {
        return Err((Refusal::SessionStage, trail));
    }
    if let Err(refusal) = count_password(policy, Some(account), &proof.password, Refusal::WrongPassword, now, &mut trail) {
        return Err((refusal, trail));
    }
    let SecondFactor::Active(factors) = &mut account.second_factor else { return Ok(trail) };
    let needed = match asks {
        Asks::PasswordAlone => false,
        Asks::FreshFactor => !session.factor_is_fresh(now),
        Asks::FactorNow => true,
    };
    let Some(tried) = &proof.code else {
        return if needed { Err((Refusal::FactorNeeded, trail)) } else { Ok(trail) };
    };
    match judge(policy, factors, tried, now) {
        Judged::Accepted(kind) => {
            trail.notices.extend(few_left(account, kind));
            session.factor_at = Some(now);
            trail.changes.push(Change::Session(session.clone()));
            Ok(trail)
        }
        Judged::Unlooked(refusal) => Err((refusal, trail)),
        Judged::Failed { refusal, closed } => {
            trail.events.extend(closed.map(|closed| closing(account, closed)));
            trail.changes.push(Change::Account(Box::new(account.clone())));
            Err((closed.map_or(refusal, Refusal::from), trail))
        }
    }
}

fn count_password(
    policy: &Policy,
    account: Option<&Account>,
    tried: &PasswordTry,
    wrong: Refusal,
    now: Moment,
    trail: &mut Trail,
) -> Result<(), Refusal> {
    let limits = policy.limits.for_passwords();
    let mut failures = tried.failures.clone();
    failures.open(&limits, now)?;
    if tried.matched && account.is_some() {
        if !failures.is_empty() {
            failures.succeed();
            trail.changes.push(Change::Throttle(tried.key, failures));
        }
        return Ok(());
    }
    let closed = failures.fail(&limits, now);
    trail.changes.push(Change::Throttle(tried.key, failures));
    let Some(closed) = closed else { return Err(wrong) };
    trail.events.extend(account.map(|account| closing(account, closed)));
    Err(closed.into())
}

#[cfg(test)]
mod tests;
