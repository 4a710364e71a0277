//! A second factor without what opens anything: what replicas are given.

use super::{Authenticator, BackupSet, Clock, Counter, Factors, PendingEnrolment, Recovery, Sealed, SecondFactor};
use crate::secret_hash::{Hashed, HashedSet, Opaque};

impl SecondFactor {
    pub(crate) fn redacted(&self) -> Self {
        match self {
            Self::None => Self::None,
            Self::Active(factors) => Self::Active(Factors {
                authenticators: factors.authenticators.iter().map(Authenticator::redacted).collect(),
                preferred: factors.preferred,
                backup: factors.backup.redacted(),
                failures: factors.failures.clone(),
            }),
            Self::Reset(recovery) => Self::Reset(Recovery { hash: Hashed::blank(), claimed_by: None, ..recovery.clone() }),
        }
    }
}

impl Authenticator {
    /// Which steps and counters are spent would help somebody who has the secret; how far the clock is off is told to staff.
    fn redacted(&self) -> Self {
        Self {
            sealed: Sealed(Vec::new()),
            clock: Clock { drift: self.clock.drift, allowed: self.clock.allowed, ..Clock::default() },
            counter: Counter { lost: self.counter.lost, ..Counter::default() },
            ..self.clone()
        }
    }
}

impl BackupSet {
    /// How many are left stays.
    fn redacted(&self) -> Self {
        Self { set: HashedSet::blank(), ..self.clone() }
    }
}

impl PendingEnrolment {
    pub(crate) fn redacted(&self) -> Self {
        Self { sealed: Sealed(Vec::new()), session: Opaque([0; 32]), ..self.clone() }
    }
}
