//! A person's account: one record, loaded, decided upon and written as a whole.

use serde::{Deserialize, Serialize};

use crate::{
    factor::{PendingEnrolment, SecondFactor},
    gate::{Membership, Standing},
    id::AccountId,
    policy::{INVITATION_VALIDITY, Policy, Required},
    secret_hash::Hashed,
    throttle::Failures,
    time::Moment,
    words::{Email, Language, Name},
};

/// A person's account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Which one.
    pub id: AccountId,
    /// The person's name.
    pub name: Name,
    /// The address they sign in with.
    pub email: Email,
    /// The language that papers and mail speak to them in.
    pub language: Language,
    /// Whether they own the workspace.
    pub owner: bool,
    /// The roles they hold, one a community.
    pub memberships: Vec<Membership>,
    /// When the account was made.
    pub created_at: Moment,
    /// Their password, once they chose one.
    pub password: Option<Password>,
    /// What lets them choose their first password.
    pub invitation: Option<Invitation>,
    /// Where they stand with their second factor.
    pub second_factor: SecondFactor,
    /// An enrolment begun and not yet verified.
    pub pending: Option<PendingEnrolment>,
    /// When they last came through both doors.
    pub signed_in_at: Option<Moment>,
    /// Of how many uses of the recovery kit they have said that they know.
    #[serde(default)]
    pub kit_uses_told: u32,
}

/// A chosen password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Password {
    /// Its hash.
    pub hash: Hashed,
    /// Whether it is long enough to sign in without a second factor.
    pub stands_alone: bool,
}

/// What lets a person choose their first password. Single-use, valid for 24 hours.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invitation {
    /// The code, hashed.
    pub hash: Hashed,
    /// When it was made.
    pub issued_at: Moment,
    /// Wrong codes so far.
    pub failures: Failures,
}

impl Invitation {
    pub(crate) fn new(hash: Hashed, now: Moment) -> Self {
        Self { hash, issued_at: now, failures: Failures::default() }
    }

    /// Whether its day has passed.
    #[must_use]
    pub fn is_expired(&self, now: Moment) -> bool {
        now.since(self.issued_at) >= INVITATION_VALIDITY || self.issued_at.since(now) >= INVITATION_VALIDITY
    }
}

/// What a list says of an account in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountState {
    /// Never signed in; an invitation was made.
    Invited,
    /// Signs in with password and second factor.
    Protected,
    /// Signs in with a password alone.
    NoSecondFactor,
    /// Was reset and has not enrolled again.
    RecoveryPending,
}

impl AccountState {
    /// The word for it at rest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Protected => "protected",
            Self::NoSecondFactor => "no-second-factor",
            Self::RecoveryPending => "recovery-pending",
        }
    }
}

impl Account {
    /// Who this is, for the gate.
    #[must_use]
    pub fn standing(&self) -> Standing<'_> {
        Standing { id: self.id, owner: self.owner, memberships: &self.memberships }
    }

    /// The one word of lists.
    #[must_use]
    pub fn state(&self) -> AccountState {
        match (&self.password, &self.second_factor) {
            (None, _) => AccountState::Invited,
            (_, SecondFactor::Active(_)) => AccountState::Protected,
            (_, SecondFactor::Reset(_)) => AccountState::RecoveryPending,
            (_, SecondFactor::None) => AccountState::NoSecondFactor,
        }
    }

    /// Whether they must have a second factor: by policy, or because their password is too short to stand alone.
    #[must_use]
    pub fn must_have_factor(&self, policy: &Policy) -> bool {
        self.policy_requires_factor(policy) || self.password.as_ref().is_some_and(|password| !password.stands_alone)
    }

    /// Whether the policy alone asks them for a second factor.
    #[must_use]
    pub fn policy_requires_factor(&self, policy: &Policy) -> bool {
        match policy.required {
            Required::Nobody => false,
            Required::Staff => self.standing().is_staff(),
            Required::Everyone => true,
        }
    }
}
