//! What a workspace asks of its people.

use serde::{Deserialize, Serialize};

use crate::{throttle::Limits, time::HOUR};

/// Who must use a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Required {
    /// It is recommended, not required.
    Nobody,
    /// Owners, administrators and support staff.
    Staff,
    /// Every member too.
    Everyone,
}

/// The rules a workspace sets for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Who must use a second factor.
    pub required: Required,
    /// Whether those who need not use one may switch theirs off.
    pub may_disable: bool,
    /// How long a recovery code is valid, in seconds: one hour to 24.
    pub recovery_validity: i64,
    /// Time steps accepted either side of now: 0 or 1 (RFC 6238 §5.2).
    pub totp_window: u8,
    /// How failures are answered.
    pub limits: Limits,
    /// Seconds without a sign of life until the window locks.
    pub idle: i64,
}

/// How long an invitation is valid, in seconds.
pub const INVITATION_VALIDITY: i64 = 24 * HOUR;
/// How long a half-finished enrolment lives, in seconds.
pub const ENROLMENT_VALIDITY: i64 = 10 * 60;
/// How long a given second factor vouches for sensitive changes, in seconds.
pub const FRESH_FACTOR: i64 = 5 * 60;
/// The absolute end of a session, in seconds after it began.
pub const SESSION_VALIDITY: i64 = 12 * HOUR;
/// How often one recovery code may be claimed.
pub const RECOVERY_CLAIMS: u8 = 5;

impl Policy {
    /// These rules on a computer whose people asked it to lock after so many seconds. A longer time than theirs, or
    /// none at all, changes nothing.
    #[must_use]
    pub fn locking_after(&self, seconds: Option<i64>) -> Self {
        let idle = seconds.filter(|seconds| *seconds > 0).map_or(self.idle, |seconds| seconds.min(self.idle));
        Self { idle, ..self.clone() }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            required: Required::Staff,
            may_disable: true,
            recovery_validity: 24 * HOUR,
            totp_window: 1,
            limits: Limits::default(),
            idle: 10 * 60,
        }
    }
}
