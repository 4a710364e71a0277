//! What a workspace asks of its people, and what their communities ask beyond it.

use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    factor::SecondFactor,
    gate::Role,
    id::CommunityId,
    throttle::Limits,
    time::{HOUR, MINUTE, Moment},
    workspace::{Community, Workspace},
};

/// Who must use a second factor. Ordered by strictness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Required {
    /// It is recommended, not required.
    Nobody,
    /// Owners, administrators and support staff.
    Staff,
    /// Every member too.
    Everyone,
}

impl Required {
    /// The word for it in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Staff => "staff",
            Self::Everyone => "everyone",
        }
    }
}

/// Since when a second factor has been required without a break. Kept beside the requirement, so that a change of
/// policy writes one record and not one for each person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// Of staff.
    pub staff: Moment,
    /// Of everyone.
    pub everyone: Moment,
}

impl Since {
    /// As it stands once the requirement changes: what was required before keeps its beginning.
    #[must_use]
    pub fn changed(self, from: Required, to: Required, now: Moment) -> Self {
        let begins = |level: Required, since: Moment| if from >= level || to < level { since } else { now };
        Self { staff: begins(Required::Staff, self.staff), everyone: begins(Required::Everyone, self.everyone) }
    }
}

/// The rules a workspace sets for itself, or those that hold for one person: see [`effective`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Who must use a second factor.
    pub required: Required,
    /// Since when.
    #[serde(default)]
    pub since: Since,
    /// So many days after becoming obliged a password that may stand alone still signs in: 0 to 90.
    #[serde(default)]
    pub grace_days: u8,
    /// Whether those who need not use one may switch theirs off.
    pub may_disable: bool,
    /// Whether backup codes are made and accepted.
    #[serde(default = "yes")]
    pub backup_codes: bool,
    /// How long a recovery code is valid, in seconds: one hour to 24.
    pub recovery_validity: i64,
    /// Time steps accepted either side of now: 0 or 1 (RFC 6238 §5.2).
    pub totp_window: u8,
    /// How failures are answered.
    pub limits: Limits,
    /// Seconds without a sign of life until the window locks: one minute to 60.
    pub idle: i64,
    /// Whether coming back to a locked session takes a code beside the password.
    #[serde(default)]
    pub unlock_asks_code: bool,
    /// How many recovery codes one person may issue at one desktop while the server is out of reach, within 24 hours: 0 to 50.
    #[serde(default = "usual_budget")]
    pub offline_budget: u16,
}

fn yes() -> bool {
    true
}

fn usual_budget() -> u16 {
    OFFLINE_BUDGET
}

/// How long an invitation is valid, in seconds.
pub const INVITATION_VALIDITY: i64 = 24 * HOUR;
/// How long a half-finished enrolment lives, in seconds.
pub const ENROLMENT_VALIDITY: i64 = 10 * 60;
/// How long a given second factor vouches for sensitive changes, in seconds.
pub const FRESH_FACTOR: i64 = 5 * 60;
/// The absolute end of a session, in seconds after it began.
pub const SESSION_VALIDITY: i64 = 12 * HOUR;
/// The longest that a recovery code is valid, in seconds.
pub const RECOVERY_LONGEST: i64 = 24 * HOUR;
/// Codes that one person may issue at one desktop out of reach, within 24 hours, where nobody asks for another number.
pub const OFFLINE_BUDGET: u16 = 20;
/// The most that may be asked for.
pub const OFFLINE_BUDGET_MOST: u16 = 50;
/// How often one recovery code may be claimed.
pub const RECOVERY_CLAIMS: u8 = 5;
/// A day of grace, in seconds.
pub const DAY: i64 = 24 * HOUR;

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
            since: Since::default(),
            grace_days: 0,
            may_disable: true,
            backup_codes: true,
            recovery_validity: 24 * HOUR,
            totp_window: 1,
            limits: Limits::default(),
            idle: 10 * MINUTE,
            unlock_asks_code: false,
            offline_budget: OFFLINE_BUDGET,
        }
    }
}

impl Policy {
    /// Whether every number is one that may be chosen. The failures in a row that disable a method are not a matter of
    /// policy.
    #[must_use]
    pub fn is_within_bounds(&self) -> bool {
        let whole = |seconds: i64, unit: i64, least: i64, most: i64| seconds % unit == 0 && (least..=most).contains(&(seconds / unit));
        self.grace_days <= 90
            && whole(self.recovery_validity, HOUR, 1, 24)
            && self.totp_window <= 1
            && (3..=10).contains(&self.limits.per_minute)
            && whole(self.limits.wait, MINUTE, 1, 24 * 60)
            && self.limits.in_a_row == Limits::default().in_a_row
            && whole(self.idle, MINUTE, 1, 60)
            && self.offline_budget <= OFFLINE_BUDGET_MOST
    }

    /// The stricter of each rule of the two.
    #[must_use]
    pub fn and(self, other: &Tightening) -> Self {
        let Self {
            required,
            since,
            grace_days,
            may_disable,
            backup_codes,
            recovery_validity,
            totp_window,
            limits,
            idle,
            unlock_asks_code,
            offline_budget,
        } = self;
        let asked = other.required.unwrap_or(Required::Nobody);
        let earlier = |level: Required, own: Moment, theirs: Moment| match (required >= level, asked >= level) {
            (true, true) => own.min(theirs),
            (false, true) => theirs,
            _ => own,
        };
        Self {
            required: required.max(asked),
            since: Since {
                staff: earlier(Required::Staff, since.staff, other.since.staff),
                everyone: earlier(Required::Everyone, since.everyone, other.since.everyone),
            },
            grace_days: other.grace_days.map_or(grace_days, |days| days.min(grace_days)),
            may_disable: may_disable && !other.no_disabling,
            backup_codes: backup_codes && !other.no_backup_codes,
            recovery_validity: other.recovery_validity.map_or(recovery_validity, |seconds| seconds.min(recovery_validity)),
            totp_window: if other.exact_step { 0 } else { totp_window },
            limits: Limits {
                per_minute: other.per_minute.map_or(limits.per_minute, |failures| failures.min(limits.per_minute)),
                wait: other.wait.map_or(limits.wait, |seconds| seconds.max(limits.wait)),
                in_a_row: limits.in_a_row,
            },
            idle: other.idle.map_or(idle, |seconds| seconds.min(idle)),
            unlock_asks_code: unlock_asks_code || other.unlock_asks_code,
            offline_budget: other.offline_budget.map_or(offline_budget, |codes| codes.min(offline_budget)),
        }
    }

    /// Whether no rule of this is looser than the same rule of the other.
    #[must_use]
    pub fn is_as_strict_as(&self, other: &Self) -> bool {
        self.required >= other.required
            && self.grace_days <= other.grace_days
            && (!self.may_disable || other.may_disable)
            && (!self.backup_codes || other.backup_codes)
            && self.recovery_validity <= other.recovery_validity
            && self.totp_window <= other.totp_window
            && self.limits.per_minute <= other.limits.per_minute
            && self.limits.wait >= other.limits.wait
            && self.idle <= other.idle
            && (self.unlock_asks_code || !other.unlock_asks_code)
            && self.offline_budget <= other.offline_budget
    }
}

/// What a community asks beyond the workspace. It can only ask for more: what it leaves out, and what would be looser,
/// is as the workspace has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tightening {
    /// Who of its people must use a second factor.
    pub required: Option<Required>,
    /// Since when it asks so.
    pub since: Since,
    /// Fewer days of grace.
    pub grace_days: Option<u8>,
    /// Nobody switches theirs off.
    pub no_disabling: bool,
    /// No backup codes.
    pub no_backup_codes: bool,
    /// A shorter life of recovery codes, in seconds.
    pub recovery_validity: Option<i64>,
    /// Only the present time step.
    pub exact_step: bool,
    /// Fewer failures before a lock.
    pub per_minute: Option<u8>,
    /// A longer first lock, in seconds.
    pub wait: Option<i64>,
    /// A shorter idle time, in seconds.
    pub idle: Option<i64>,
    /// A code beside the password when unlocking.
    pub unlock_asks_code: bool,
    /// Fewer codes issued out of reach.
    pub offline_budget: Option<u16>,
}

impl Tightening {
    /// Whether nothing of it is looser than what the workspace asks.
    #[must_use]
    pub fn tightens(&self, workspace: &Policy) -> bool {
        self.required.is_none_or(|required| required >= workspace.required)
            && self.grace_days.is_none_or(|days| days <= workspace.grace_days)
            && self.recovery_validity.is_none_or(|seconds| seconds <= workspace.recovery_validity)
            && self.per_minute.is_none_or(|failures| failures <= workspace.limits.per_minute)
            && self.wait.is_none_or(|seconds| seconds >= workspace.limits.wait)
            && self.idle.is_none_or(|seconds| seconds <= workspace.idle)
            && self.offline_budget.is_none_or(|codes| codes <= workspace.offline_budget)
    }
}

/// What holds for a person: the strictest of the workspace and of every community in which they hold a role.
#[must_use]
pub fn effective(workspace: &Workspace, communities: &[Community], person: &Account) -> Policy {
    person.memberships.iter().fold(workspace.policy.clone(), |policy, membership| {
        let Some(community) = communities.iter().find(|community| community.id == membership.community) else { return policy };
        // Who joined later is obliged from then on.
        let Since { staff, everyone } = community.tightening.since;
        let since = Since { staff: staff.max(membership.since), everyone: everyone.max(membership.since) };
        policy.and(&Tightening { since, ..community.tightening.clone() })
    })
}

/// The limits of the first door: the strictest of the whole workspace, for known and unknown addresses alike, so that
/// counting tells nobody who is known or who belongs where.
#[must_use]
pub fn at_the_door(workspace: &Workspace, communities: &[Community]) -> Limits {
    communities.iter().fold(workspace.policy.clone(), |policy, community| policy.and(&community.tightening)).limits
}

/// The communities whose own rules keep a person from switching their second factor off.
#[must_use]
pub fn forbids_disabling(workspace: &Workspace, communities: &[Community], person: &Account) -> Vec<CommunityId> {
    let alone = |community: &Community| workspace.policy.clone().and(&community.tightening);
    let forbids = |policy: &Policy| !policy.may_disable || person.policy_requires_factor(policy);
    if forbids(&workspace.policy) {
        return Vec::new();
    }
    let theirs = person.memberships.iter().filter_map(|m| communities.iter().find(|community| community.id == m.community));
    theirs.filter(|community| forbids(&alone(community))).map(|community| community.id).collect()
}

/// How far a person may come with a password alone, where a second factor is asked of them and there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obligation {
    /// Nothing is asked of them.
    None,
    /// Until then the password alone still signs in.
    Until(Moment),
    /// They enrol before anything else.
    Now,
}

/// What the policy asks of a person who signs in now. A password that may not stand alone has no grace.
#[must_use]
pub fn obligation(policy: &Policy, person: &Account, now: Moment) -> Obligation {
    if !matches!(person.second_factor, SecondFactor::None) || !person.must_have_factor(policy) {
        return Obligation::None;
    }
    let stands_alone = person.password.as_ref().is_some_and(|password| password.stands_alone);
    match grace_ends(policy, person) {
        // A clock that was set back to before the grace began gives no more of it.
        Some(end) if stands_alone && now < end && end.since(now) <= i64::from(policy.grace_days) * DAY + HOUR => Obligation::Until(end),
        _ => Obligation::Now,
    }
}

/// When the days of grace of a person end; `None` when nothing is asked of them by policy.
#[must_use]
pub fn grace_ends(policy: &Policy, person: &Account) -> Option<Moment> {
    let staff_since = || {
        let roles = person.memberships.iter().filter(|membership| membership.role > Role::Member).map(|membership| membership.since).min();
        if person.owner { Some(person.owner_since.unwrap_or(person.created_at)) } else { roles }
    };
    let as_staff = (policy.required >= Required::Staff).then(staff_since).flatten().map(|since| since.max(policy.since.staff));
    let as_anyone = (policy.required >= Required::Everyone).then(|| policy.since.everyone.max(person.created_at));
    let began = [as_staff, as_anyone].into_iter().flatten().min()?;
    let began = person.first_in_at.map_or(began, |first| first.max(began));
    Some(began.plus(i64::from(policy.grace_days) * DAY))
}

#[cfg(test)]
mod tests;
