//! The second factor of an account, as states.

use serde::{Deserialize, Serialize};

use crate::{
    code::{BACKUP_CODES, Kind},
    id::AuthenticatorId,
    secret_hash::{Hashed, HashedSet, Recipe},
    session::SessionId,
    throttle::{Closed, Failures, Limits},
    time::Moment,
    totp::{DRIFT_REACH, TotpSecret, step_at},
    words::Name,
};
use secrecy::SecretString;

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
            (Self::Reset(recovery), Kind::Recovery) => Some(*recovery.hash.recipe()),
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

    /// Judges a six-digit code against every authenticator, and spends the step that it matched. An attempt that was
    /// about another authenticator stands between two codes of one, so that each is told of every attempt.
    pub fn judge_digits(&mut self, secrets: &[(AuthenticatorId, TotpSecret)], code: &SecretString, window: u8, now: Moment) -> CodeVerdict {
        let mut best = CodeVerdict::Wrong;
        for authenticator in &mut self.authenticators {
            let secret = secrets.iter().find(|(id, _)| *id == authenticator.id).map(|(_, secret)| secret);
            let Some(secret) = secret.filter(|_| best != CodeVerdict::Accepted) else {
                authenticator.clock.interrupt();
                continue;
            };
            let verdict = authenticator.clock.judge(secret, code, window, now);
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
        self.authenticators.iter_mut().for_each(|authenticator| authenticator.clock.interrupt());
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
    /// What is known of its clock and of the steps already spent.
    pub clock: Clock,
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
}

/// What a six-digit code turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeVerdict {
    /// Right, and spent now.
    Accepted,
    /// Right, but its step was spent before.
    Replayed,
    /// A backup code that no epoch but an earlier one takes.
    Void,
    /// Two codes in a row matched at this offset, in steps: the phone's clock is off.
    Drifted(i64),
    /// Nothing that may be told.
    Wrong,
}

impl Clock {
    /// Judges a code and spends the step that it matched, also when it matched late (RFC 6238 §5.2).
    ///
    /// Drift is told only of the second of two codes in a row that match late, at the same offset and for steps never
    /// spent before: anything sooner would tell somebody without the phone which guess was nearly right.
    pub fn judge(&mut self, secret: &TotpSecret, code: &SecretString, window: u8, now: Moment) -> CodeVerdict {
        let here = step_at(now);
        let previous = self.late.take();
        self.spent_ahead.retain(|step| step + DRIFT_REACH.unsigned_abs() >= here);
        let steps = secret.matching_steps(code, now, DRIFT_REACH);
        let within = |step: u64| step.abs_diff(here) <= u64::from(window);
        if let Some(step) = steps.iter().copied().find(|step| within(*step) && !self.is_spent(*step)) {
            self.accepted = Some(step);
            self.drift = offset(step, here);
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
            self.drift = offset;
            return CodeVerdict::Drifted(offset);
        }
        CodeVerdict::Wrong
    }

    /// Something else was tried in between: the next late code is the first again.
    fn interrupt(&mut self) {
        self.late = None;
    }

    /// Spends every step up to the one that verified an enrolment.
    pub(crate) fn start(step: u64, now: Moment) -> Self {
        Self { accepted: Some(step), drift: offset(step, step_at(now)), ..Self::default() }
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
}

impl Recovery {
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
