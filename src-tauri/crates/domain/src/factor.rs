//! The second factor of an account, as states.

use serde::{Deserialize, Serialize};

use crate::{
    code::{BACKUP_CODES, Code, Kind},
    id::{AuthenticatorId, TokenId},
    oath::{DRIFT_REACH, Moving, OathSecret, Parameters},
    offline::{Claimed, Number, Way},
    secret_hash::{Hashed, HashedSet, Recipe},
    session::SessionId,
    throttle::{Closed, Failures, Limits},
    time::Moment,
    words::Name,
};
use secrecy::{ExposeSecret, SecretString};

mod redacted;

/// A secret sealed by whoever keeps the key; the rules only carry it.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// Where an account stands with its second factor.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecondFactor {
    /// There is none.
    #[default]
    None,
    /// At least one authenticator, and a set of backup codes.
    Active(Factors),
    /// Staff reset it: password and recovery code are the only way in, and lead to enrolment alone.
    Reset(Recovery),
}

impl SecondFactor {
    /// Whether a code may be evaluated at all; asked before anything slow is done for it.
    ///
    /// # Errors
    /// [`Closed`] while it may not.
    pub fn open(&self, limits: &Limits, now: Moment) -> Result<(), Closed> {
        match self {
            Self::None => Ok(()),
            Self::Active(factors) => factors.failures.open(limits, now),
            Self::Reset(recovery) => recovery.failures.open(limits, now),
        }
    }

    /// The failures that are counted now, where there is something to fail at.
    #[must_use]
    pub fn failures(&self) -> Option<&Failures> {
        match self {
            Self::None => None,
            Self::Active(factors) => Some(&factors.failures),
            Self::Reset(recovery) => Some(&recovery.failures),
        }
    }

    /// What a typed look-up secret of this kind is hashed with, before it is compared.
    #[must_use]
    pub fn recipe(&self, kind: Kind) -> Option<Recipe> {
        match (self, kind) {
            (Self::Active(factors), Kind::Backup) => Some(*factors.backup.set.recipe()),
            (Self::Reset(recovery), kind) if recovery.takes(kind) => Some(*recovery.hash.recipe()),
            _ => None,
        }
    }
}

/// What an enrolled account can answer with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Factors {
    /// Never empty; no two have the same name. The first added comes first.
    pub authenticators: Vec<Authenticator>,
    /// Asked first at sign-in.
    pub preferred: AuthenticatorId,
    /// The ten.
    pub backup: BackupSet,
    /// Failures of authenticators and backup codes. Recovery codes count apart.
    pub failures: Failures,
}

impl Factors {
    /// The authenticator that is asked first.
    #[must_use]
    pub fn first_asked(&self) -> Option<&Authenticator> {
        self.authenticators.iter().find(|authenticator| authenticator.id == self.preferred)
    }

    /// Whether one of them, but this one, is called so already; case makes no difference.
    #[must_use]
    pub fn has_name(&self, name: &Name, but: Option<AuthenticatorId>) -> bool {
        self.authenticators.iter().any(|each| Some(each.id) != but && each.name.folded() == name.folded())
    }

    /// Whether one of them shows codes of this length.
    #[must_use]
    pub fn takes(&self, digits: usize) -> bool {
        self.authenticators.iter().any(|each| usize::from(each.parameters.digits.count()) == digits)
    }

    /// Judges a code against every authenticator that shows codes of its length, and spends the step or the counter that it
    /// matched. An attempt that was about another authenticator stands between two codes of one, so that each is told of every attempt.
    pub fn judge_digits(&mut self, secrets: &[(AuthenticatorId, OathSecret)], code: &SecretString, window: u8, now: Moment) -> CodeVerdict {
        let mut best = CodeVerdict::Wrong;
        for authenticator in &mut self.authenticators {
            let secret = secrets.iter().find(|(id, _)| *id == authenticator.id).map(|(_, secret)| secret);
            let fits = usize::from(authenticator.parameters.digits.count()) == code.expose_secret().len();
            let Some(secret) = secret.filter(|_| fits && best != CodeVerdict::Accepted) else {
                authenticator.interrupt();
                continue;
            };
            let verdict = authenticator.judge(secret, code, window, now);
            if verdict == CodeVerdict::Accepted {
                authenticator.used_at = Some(now);
            }
            if verdict == CodeVerdict::Accepted || best == CodeVerdict::Wrong {
                best = verdict;
            }
        }
        best
    }

    /// Judges a backup code: it stands between two codes of an authenticator, too.
    pub(crate) fn judge_backup(&mut self, candidate: Option<&Hashed>, now: Moment) -> CodeVerdict {
        self.interrupt();
        candidate.map_or(CodeVerdict::Wrong, |hashed| self.backup.spend(hashed, now))
    }

    fn interrupt(&mut self) {
        self.authenticators.iter_mut().for_each(Authenticator::interrupt);
    }
}

/// One enrolled authenticator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Authenticator {
    /// Which one.
    pub id: AuthenticatorId,
    /// What its owner calls it.
    pub name: Name,
    /// Its secret, sealed for this account and this authenticator.
    pub sealed: Sealed,
    /// When it was verified.
    pub added_at: Moment,
    /// When one of its codes was last accepted.
    pub used_at: Option<Moment>,
    /// What is known of its clock and of the steps already spent, where its code moves with the time.
    pub clock: Clock,
    /// How its codes are made.
    #[serde(default)]
    pub parameters: Parameters,
    /// Where its counter stands, where its code moves with one.
    #[serde(default)]
    pub counter: Counter,
    /// The token of the inventory that it is.
    #[serde(default)]
    pub token: Option<TokenId>,
}

impl Authenticator {
    pub(crate) fn judge(&mut self, secret: &OathSecret, code: &SecretString, window: u8, now: Moment) -> CodeVerdict {
        match self.parameters.moving {
            Moving::Time(_) => self.clock.judge(secret, code, window, now),
            Moving::Counter => self.counter.judge(secret, code),
        }
    }

    /// Brings it back into step by two codes in a row. Whether it did.
    pub(crate) fn resync(&mut self, secret: &OathSecret, codes: [&SecretString; 2], now: Moment) -> bool {
        match self.parameters.moving {
            Moving::Time(_) => self.clock.resync(secret, codes, now),
            Moving::Counter => self.counter.resync(secret, codes),
        }
    }

    fn interrupt(&mut self) {
        self.clock.interrupt();
        self.counter.interrupt();
    }

    /// How far its clock is off beyond what is allowed for, in seconds.
    #[must_use]
    pub fn drift_seconds(&self) -> i64 {
        self.clock.unexplained() * self.parameters.step_seconds().cast_signed()
    }
}

/// Which steps of an authenticator are spent, and how far its clock is off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    accepted: Option<u64>,
    spent_ahead: Vec<u64>,
    late: Option<(i64, u64)>,
    /// How far the phone's clock was off when that was last known, in steps: positive when it is ahead. Known from
    /// every accepted code, and from two late ones in a row at the same offset.
    pub drift: i64,
    /// How far a token's clock is known to be off, in steps, and is allowed to be: only two codes in a row say so.
    #[serde(default)]
    allowed: i64,
}

/// What a code of an authenticator turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeVerdict {
    /// Right, and spent now.
    Accepted,
    /// Right, but its step was spent before.
    Replayed,
    /// A backup code that no epoch but an earlier one takes.
    Void,
    /// Two codes in a row matched at this offset, in seconds: the clock is off.
    Drifted(i64),
    /// The second of two in a row that were too far ahead: the counter is in step again, and the next code will do.
    InStepAgain,
    /// The counter must be brought into step before any code of it is accepted.
    OutOfStep,
    /// Nothing that may be told.
    Wrong,
}

impl Clock {
    /// Judges a code and spends the step that it matched, also when it matched late (RFC 6238 §5.2).
    ///
    /// Drift is told only of the second of two codes in a row that match late, at the same offset and for steps never
    /// spent before: anything sooner would tell somebody without the phone which guess was nearly right.
    pub fn judge(&mut self, secret: &OathSecret, code: &SecretString, window: u8, now: Moment) -> CodeVerdict {
        let here = secret.step_at(now).saturating_add_signed(self.allowed);
        let previous = self.late.take();
        self.spent_ahead.retain(|step| step + DRIFT_REACH.unsigned_abs() >= here);
        let steps = secret.matching_near(code, here, DRIFT_REACH);
        let within = |step: u64| step.abs_diff(here) <= u64::from(window);
        if let Some(step) = steps.iter().copied().find(|step| within(*step) && !self.is_spent(*step)) {
            self.accepted = Some(step);
            self.drift = self.allowed + offset(step, here);
            return CodeVerdict::Accepted;
        }
        if steps.iter().any(|step| self.accepted == Some(*step) || (within(*step) && self.is_spent(*step))) {
            return CodeVerdict::Replayed;
        }
        let Some(step) = steps.into_iter().find(|step| !self.is_spent(*step)) else { return CodeVerdict::Wrong };
        self.spent_ahead.push(step);
        let offset = offset(step, here);
        self.late = Some((offset, step));
        if previous.is_some_and(|(before, _)| before == offset) {
            self.drift = self.allowed + offset;
            return CodeVerdict::Drifted(offset * secret.parameters().step_seconds().cast_signed());
        }
        CodeVerdict::Wrong
    }

    /// Something else was tried in between: the next late code is the first again.
    fn interrupt(&mut self) {
        self.late = None;
    }

    /// Finds out how far the clock of a token is off by the codes of two steps in a row, neither of them spent before, and
    /// allows for it from then on (RFC 6238 §6). Both are spent by that. Whether it did.
    pub(crate) fn resync(&mut self, secret: &OathSecret, [first, second]: [&SecretString; 2], now: Moment) -> bool {
        self.late = None;
        let here = secret.step_at(now);
        let follows = |step: &u64| {
            let before = step.checked_sub(1);
            before.is_some_and(|before| !self.is_spent(before) && !secret.matching_near(first, before, 0).is_empty())
        };
        let Some(step) = secret.matching_near(second, here, RESYNC_REACH).into_iter().filter(|step| !self.is_spent(*step)).find(follows)
        else {
            return false;
        };
        self.spend_until(step);
        self.allowed = offset(step, here);
        self.drift = self.allowed;
        true
    }

    /// How far the clock was off beyond what is allowed for, in steps.
    fn unexplained(&self) -> i64 {
        self.drift - self.allowed
    }

    /// Spends every step up to the one that verified an enrolment, while the clock here shows another.
    pub(crate) fn start(step: u64, here: u64) -> Self {
        Self { accepted: Some(step), drift: offset(step, here), ..Self::default() }
    }

    /// Spends every step that could be accepted within this window now. What is told of drift begins anew.
    pub(crate) fn spend_now(&mut self, here: u64, window: u64) {
        self.spend_until(here.saturating_add_signed(self.allowed.max(0)) + window);
    }

    /// Spends every step up to this one. What is told of drift begins anew.
    pub(crate) fn spend_until(&mut self, step: u64) {
        self.accepted = Some(self.accepted.map_or(step, |accepted| accepted.max(step)));
        self.late = None;
    }

    fn is_spent(&self, step: u64) -> bool {
        self.accepted.is_some_and(|accepted| step <= accepted) || self.spent_ahead.contains(&step)
    }
}

/// How many codes a token may have been pressed on without being used (RFC 4226 §7.2).
pub const LOOK_AHEAD: u64 = 10;
/// How far ahead two codes in a row are looked for (RFC 4226 §7.4). Guessing both takes a thousand million tries.
pub const RESYNC_AHEAD: u64 = 1_000;
/// How far off, in steps either side, two codes of a token's clock are looked for: an hour where a step has 30 seconds.
pub const RESYNC_REACH: i64 = 120;

/// Where the counter of a token stands (RFC 4226 §7.2). It moves with a code that was accepted, and never back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    next: u64,
    late: Vec<u64>,
    lost: bool,
}

impl Counter {
    /// One whose next code is this.
    #[must_use]
    pub fn at(next: u64) -> Self {
        Self { next, ..Self::default() }
    }

    /// The lowest counter whose code may still be accepted.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Whether no code of it is accepted before two in a row.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lost
    }

    /// From now on only two codes in a row say where it is: the counter of a backup may be behind codes that were used.
    pub(crate) fn lose(&mut self) {
        *self = Self { next: self.next, late: Vec::new(), lost: true };
    }

    /// Judges a code. One within the look-ahead is accepted, and every code up to it is spent. Of codes further ahead, the
    /// second of two in a row brings the counter back into step: it is spent, and opens nothing.
    pub fn judge(&mut self, secret: &OathSecret, code: &SecretString) -> CodeVerdict {
        let previous = std::mem::take(&mut self.late);
        let ahead = secret.matching_counters(code, self.next, RESYNC_AHEAD);
        let near = ahead.first().copied().filter(|found| !self.lost && *found < self.next.saturating_add(LOOK_AHEAD));
        if let Some(next) = near.and_then(|found| found.checked_add(1)) {
            self.next = next;
            return CodeVerdict::Accepted;
        }
        let follows = |found: &u64| previous.iter().any(|before| before.checked_add(1) == Some(*found));
        if let Some(next) = ahead.iter().copied().find(follows).and_then(|found| found.checked_add(1)) {
            *self = Self::at(next);
            return CodeVerdict::InStepAgain;
        }
        if self.lost {
            self.late = ahead;
            return CodeVerdict::OutOfStep;
        }
        let before = self.next.saturating_sub(LOOK_AHEAD);
        if !secret.matching_counters(code, before, self.next - before).is_empty() {
            return CodeVerdict::Replayed;
        }
        self.late = ahead;
        CodeVerdict::Wrong
    }

    /// Brings it back into step by two codes in a row, both spent by that. Whether it did.
    pub(crate) fn resync(&mut self, secret: &OathSecret, [first, second]: [&SecretString; 2]) -> bool {
        self.interrupt();
        let found = secret.matching_counters(first, self.next, RESYNC_AHEAD);
        let second_of = |before: u64| Some(before.checked_add(1)?).filter(|next| !secret.matching_counters(second, *next, 1).is_empty());
        let Some(next) = found.into_iter().find_map(second_of).and_then(|second| second.checked_add(1)) else { return false };
        *self = Self::at(next);
        true
    }

    fn interrupt(&mut self) {
        self.late.clear();
    }
}

fn offset(step: u64, here: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX) - i64::try_from(here).unwrap_or(i64::MAX)
}

/// How a set of backup codes was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Saved {
    /// Copied to the clipboard.
    Copied,
    /// Written to a text file.
    TextFile,
    /// Written to an encrypted file.
    EncryptedFile,
    /// Written to a printable file.
    PdfFile,
    /// Printed.
    Printed,
}

impl Saved {
    /// The word for it in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::TextFile => "text-file",
            Self::EncryptedFile => "encrypted-file",
            Self::PdfFile => "pdf-file",
            Self::Printed => "printed",
        }
    }
}

/// The ten backup codes of an account, hashed, with what became of each.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BackupSet {
    set: HashedSet,
    used: Vec<Option<Moment>>,
    /// When they were made.
    pub made_at: Moment,
    /// How and when they were first kept.
    pub saved: Option<(Saved, Moment)>,
    /// When those that were unused then were made void. They are among the used ones, with this as their time.
    #[serde(default)]
    voided_at: Option<Moment>,
}

impl BackupSet {
    pub(crate) fn new(set: HashedSet, now: Moment) -> Self {
        Self { set, used: vec![None; BACKUP_CODES], made_at: now, saved: None, voided_at: None }
    }

    /// How many were never used.
    #[must_use]
    pub fn left(&self) -> usize {
        self.used.iter().filter(|used| used.is_none()).count()
    }

    /// Spends all that were never used. Whether there were any.
    pub(crate) fn void(&mut self, now: Moment) -> bool {
        let any = self.left() > 0;
        if any {
            self.voided_at = Some(now);
        }
        for used in &mut self.used {
            used.get_or_insert(now);
        }
        any
    }

    /// Spends the code that this candidate is. A clock that runs backwards changes nothing.
    pub(crate) fn spend(&mut self, candidate: &Hashed, now: Moment) -> CodeVerdict {
        match self.set.position(candidate).and_then(|at| self.used.get_mut(at)) {
            None => CodeVerdict::Wrong,
            Some(Some(at)) if self.voided_at == Some(*at) => CodeVerdict::Void,
            Some(Some(_)) => CodeVerdict::Replayed,
            Some(unused) => {
                *unused = Some(now);
                CodeVerdict::Accepted
            }
        }
    }
}

/// A reset that waits for its owner.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recovery {
    /// The code, hashed.
    pub hash: Hashed,
    /// When it was issued.
    pub issued_at: Moment,
    /// When it dies. The account stays closed after.
    pub expires_at: Moment,
    /// How often it was claimed.
    pub claims: u8,
    /// The session that the last claim opened.
    pub claimed_by: Option<SessionId>,
    /// Failures of recovery codes. A new reset starts afresh.
    pub failures: Failures,
    /// Which code it is, where it was issued out of reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_reach: Option<Number>,
}

impl Recovery {
    /// Whether its code is of this kind.
    #[must_use]
    pub fn takes(&self, kind: Kind) -> bool {
        match self.out_of_reach {
            None => kind == Kind::Recovery,
            Some(_) => Way::of(kind).is_some(),
        }
    }

    /// Whether it was made by this code, by what that says of itself, where it was issued out of reach.
    #[must_use]
    pub fn is(&self, code: &Code) -> bool {
        self.out_of_reach.is_some() && self.out_of_reach == Claimed::of(code).map(|claimed| claimed.number())
    }

    /// Lets its code die at once, whatever the clock says. The account stays closed.
    pub(crate) fn void(&mut self) {
        self.expires_at = self.issued_at;
        self.claimed_by = None;
    }

    /// Whether it can no longer be claimed because of its age. A clock set back before the issue counts as expired:
    /// nobody can tell how old it is.
    #[must_use]
    pub fn is_expired(&self, now: Moment) -> bool {
        now >= self.expires_at || now < self.issued_at.plus(-(self.expires_at.since(self.issued_at)))
    }
}

/// An enrolment that was begun and not yet verified.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PendingEnrolment {
    /// The authenticator that it would become.
    pub id: AuthenticatorId,
    /// What its owner calls it.
    pub name: Name,
    /// Its secret, sealed.
    pub sealed: Sealed,
    /// When it was begun. It dies ten minutes later.
    pub begun_at: Moment,
    /// The session that began it; no other may finish it.
    pub session: SessionId,
    /// Wrong codes so far.
    pub wrong: u8,
}

#[cfg(test)]
mod tests;
