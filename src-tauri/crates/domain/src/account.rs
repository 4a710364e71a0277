//! A person's account: one record, loaded, decided upon and written as a whole.

use serde::{Deserialize, Serialize};

use crate::{
    Refusal,
    effect::Marks,
    factor::{PendingEnrolment, SecondFactor},
    gate::{Membership, Standing},
    id::{AccountId, ClientId},
    password_code::PasswordCode,
    policy::{INVITATION_VALIDITY, Policy, Required},
    secret_hash::Hashed,
    throttle::Failures,
    time::{HOUR, Moment},
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
    /// A second address that notices go to. Nobody signs in with it, no code goes there, and several people may have the same.
    #[serde(default)]
    pub second_email: Option<Email>,
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
    /// What lets them choose another password, once they forgot theirs.
    #[serde(default)]
    pub password_code: Option<PasswordCode>,
    /// The last acts that gave or changed a way in.
    #[serde(default)]
    pub way_in_changed: Marks,
    /// When they last came through both doors.
    pub signed_in_at: Option<Moment>,
    /// Of how many uses of the recovery kit they have said that they know.
    #[serde(default)]
    pub kit_uses_told: u32,
    /// When they chose their first password: no day of grace counts before it.
    #[serde(default)]
    pub first_in_at: Option<Moment>,
    /// Since when nobody signs in to it any more.
    #[serde(default)]
    pub deactivated_at: Option<Moment>,
    /// Signs in elsewhere (single sign-on): no password of theirs is taken here.
    #[serde(default)]
    pub elsewhere: bool,
    /// Until when they were an administrator or owner. `None` while they are, and when they never were.
    #[serde(default)]
    pub privileged_until: Option<Moment>,
    /// Since when they own the workspace. `None` where they do not, and where they have from the start.
    #[serde(default)]
    pub owner_since: Option<Moment>,
    /// The clients at which a code of theirs failed since the last that was right there.
    #[serde(default)]
    pub failed_at: Vec<ClientId>,
    /// What is known of codes that are issued for them out of reach.
    #[serde(default, skip_serializing_if = "OutOfReach::is_blank")]
    pub out_of_reach: OutOfReach,
}

/// What an account knows of recovery codes that were issued out of reach, whichever there may be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutOfReach {
    /// When something was last done that makes every code void that was issued before.
    pub void_from: Option<Moment>,
    /// Failures of such codes. They count apart, and pass the locks of authenticators.
    pub failures: Failures,
}

impl OutOfReach {
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

/// A chosen password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Password {
    /// Its hash.
    pub hash: Hashed,
    /// Whether it is long enough to sign in without a second factor.
    pub stands_alone: bool,
}

/// How long somebody who was an administrator or owner is still treated as one, in seconds: otherwise one person could
/// demote them, and then do alone what takes two.
const PRIVILEGE_LINGERS: i64 = 72 * HOUR;

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
    /// One that begins now.
    #[must_use]
    pub fn new(hash: Hashed, now: Moment) -> Self {
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
    /// Nobody signs in to it any more.
    Deactivated,
    /// Takes no password here.
    SignsInElsewhere,
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
            Self::Deactivated => "deactivated",
            Self::SignsInElsewhere => "signs-in-elsewhere",
        }
    }

    /// Its place in a list ordered by state: what asks for something to be done comes first.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::RecoveryPending => 0,
            Self::NoSecondFactor => 1,
            Self::Invited => 2,
            Self::Protected => 3,
            Self::SignsInElsewhere => 4,
            Self::Deactivated => 5,
        }
    }
}

impl Account {
    /// Who this is, for the gate. Somebody who was ever an administrator or owner counts as lately so; where the hour
    /// is known, ask [`Self::standing_at`].
    #[must_use]
    pub fn standing(&self) -> Standing<'_> {
        Standing { id: self.id, owner: self.owner, memberships: &self.memberships, lately_privileged: self.privileged_until.is_some() }
    }

    /// Who this is at this hour. A clock set back makes nobody less than they were.
    #[must_use]
    pub fn standing_at(&self, now: Moment) -> Standing<'_> {
        Standing { lately_privileged: self.privileged_until.is_some_and(|until| now.since(until) < PRIVILEGE_LINGERS), ..self.standing() }
    }

    /// Whether somebody with the right password may come in at all. Told to nobody else.
    ///
    /// # Errors
    /// [`Refusal::AccountDeactivated`], [`Refusal::SignsInElsewhere`].
    pub fn admits(&self) -> Result<(), Refusal> {
        if self.deactivated_at.is_some() {
            return Err(Refusal::AccountDeactivated);
        }
        if self.elsewhere { Err(Refusal::SignsInElsewhere) } else { Ok(()) }
    }

    /// Something was done that makes codes void that were issued out of reach before it. A clock set back makes none good again.
    pub(crate) fn void_out_of_reach(&mut self, now: Moment) {
        let from = &mut self.out_of_reach.void_from;
        *from = (*from).max(Some(now));
    }

    /// Whether they could administer the whole workspace today.
    #[must_use]
    pub fn can_own(&self) -> bool {
        self.owner && self.password.is_some() && self.admits().is_ok()
    }

    /// The one word of lists.
    #[must_use]
    pub fn state(&self) -> AccountState {
        if self.deactivated_at.is_some() {
            return AccountState::Deactivated;
        }
        if self.elsewhere {
            return AccountState::SignsInElsewhere;
        }
        match (&self.password, &self.second_factor) {
            (None, _) => AccountState::Invited,
            (_, SecondFactor::Active(_)) => AccountState::Protected,
            (_, SecondFactor::Reset(_)) => AccountState::RecoveryPending,
            (_, SecondFactor::None) => AccountState::NoSecondFactor,
        }
    }

    /// The failures of whatever code they would type next: of their second factor, or of the invitation before there is
    /// a password.
    #[must_use]
    pub fn code_failures(&self) -> Option<&Failures> {
        if self.password.is_none() {
            return self.invitation.as_ref().map(|invitation| &invitation.failures);
        }
        self.second_factor.failures()
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
