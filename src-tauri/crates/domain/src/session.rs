//! Sessions: how far somebody has come through the two doors.

use serde::{Deserialize, Serialize};

use crate::{
    Refusal,
    id::{AccountId, DeviceId},
    policy::{FRESH_FACTOR, Policy, SESSION_VALIDITY},
    secret_hash::Opaque,
    time::Moment,
};

/// The SHA-256 of a session's token. The token itself is 32 random bytes that only its holder has.
pub type SessionId = Opaque<32>;

/// How far a session reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The password was right; a code is asked.
    SecondFactor,
    /// May enrol an authenticator and nothing else, until it is verified.
    Enrol {
        /// Whether a recovery code brought them here.
        by_recovery: bool,
    },
    /// Through both doors.
    Full,
    /// Ended by Lock: the same person returns with the password.
    Locked,
}

/// One session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// Which one.
    pub id: SessionId,
    /// Whose.
    pub account: AccountId,
    /// How far it reaches.
    pub stage: Stage,
    /// When the password was given.
    pub started_at: Moment,
    /// The last sign of life.
    pub seen_at: Moment,
    /// When a second factor was last given in it.
    pub factor_at: Option<Moment>,
    /// The device that it began through; the session is good through that alone. None where it began through none, and then
    /// through none alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
}

impl Session {
    /// A session that begins now.
    #[must_use]
    pub fn begin(id: SessionId, account: AccountId, stage: Stage, now: Moment) -> Self {
        Self { id, account, stage, started_at: now, seen_at: now, factor_at: None, device: None }
    }

    /// Whether it may be used, at any stage.
    ///
    /// # Errors
    /// [`Refusal::SessionEnded`] after 12 hours, or when the clock stands before its beginning by more than that;
    /// [`Refusal::SessionIdle`] when nobody gave a sign of life for as long as the policy allows.
    pub fn alive(&self, policy: &Policy, now: Moment) -> Result<(), Refusal> {
        if now.since(self.started_at) >= SESSION_VALIDITY || self.started_at.since(now) >= SESSION_VALIDITY {
            return Err(Refusal::SessionEnded);
        }
        if self.stage != Stage::Locked && now.since(self.seen_at) >= policy.idle {
            return Err(Refusal::SessionIdle);
        }
        Ok(())
    }

    /// Until when the given second factor vouches for sensitive changes.
    #[must_use]
    pub fn factor_fresh_until(&self) -> Option<Moment> {
        self.factor_at.map(|at| at.plus(FRESH_FACTOR))
    }

    /// Whether a second factor was given in the last five minutes. A clock set back does not make it fresh again
    /// for longer than that.
    #[must_use]
    pub fn factor_is_fresh(&self, now: Moment) -> bool {
        self.factor_at.is_some_and(|at| now.since(at) < FRESH_FACTOR && at.since(now) < FRESH_FACTOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computer_may_lock_sooner_than_the_workspace_asks_and_never_later() {
        let policy = Policy::default();
        let session = Session::begin(Opaque([7; 32]), AccountId(uuid::Uuid::from_bytes([1; 16])), Stage::Full, Moment(1000));
        let locks_at = |asked| (1..=3600).find(|after| session.alive(&policy.locking_after(asked), Moment(1000 + after)).is_err());
        assert_eq!(locks_at(None), Some(policy.idle));
        assert_eq!(locks_at(Some(60)), Some(60));
        assert_eq!(locks_at(Some(policy.idle + 1)), Some(policy.idle));
        assert_eq!(locks_at(Some(i64::MAX)), Some(policy.idle));
        for nonsense in [0, -60, i64::MIN] {
            assert_eq!(locks_at(Some(nonsense)), Some(policy.idle), "{nonsense}");
        }
    }
}
