//! What lists of people tell apart: states of which several may hold of one person, some of them only for a while.

use crate::{
    account::{Account, AccountState},
    factor::SecondFactor,
    id::CommunityId,
    lockout::Locked,
    policy::{ENROLMENT_VALIDITY, Policy},
    throttle::{Failures, Limits},
    time::Moment,
    workspace::{Community, Workspace},
};

/// From so many backup codes down there are few left.
pub const FEW_CODES: usize = 3;

/// What a list can be narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeopleState {
    /// The one word that lists say of an account.
    Is(AccountState),
    /// Nothing they type is looked at now.
    Locked,
    /// Protected, with few backup codes left.
    FewCodes,
    /// Protected, with backup codes that were never saved.
    UnsavedCodes,
    /// Protected by one authenticator alone.
    OneAuthenticator,
    /// In the middle of an enrolment.
    UnfinishedEnrolment,
}

impl PeopleState {
    /// Every one there is.
    pub const ALL: [Self; 11] = [
        Self::Is(AccountState::Invited),
        Self::Is(AccountState::Protected),
        Self::Is(AccountState::NoSecondFactor),
        Self::Is(AccountState::RecoveryPending),
        Self::Locked,
        Self::FewCodes,
        Self::UnsavedCodes,
        Self::OneAuthenticator,
        Self::UnfinishedEnrolment,
        Self::Is(AccountState::Deactivated),
        Self::Is(AccountState::SignsInElsewhere),
    ];

    /// Whether it is about backup codes, and so about nobody for whom the policy has none.
    #[must_use]
    pub fn is_of_codes(self) -> bool {
        matches!(self, Self::FewCodes | Self::UnsavedCodes)
    }
}

/// What is in force when a list is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hour {
    /// Now.
    pub now: Moment,
    /// So many failures in a row close a second factor until staff act.
    pub in_a_row: u32,
    /// The communities whose people have no backup codes; `None` where nobody has them.
    pub without_codes: Option<Vec<CommunityId>>,
}

impl Hour {
    /// What the policies put in force.
    #[must_use]
    pub fn of(workspace: &Workspace, communities: &[Community], now: Moment) -> Self {
        let Policy { backup_codes, limits, .. } = &workspace.policy;
        let without = communities.iter().filter(|community| community.tightening.no_backup_codes).map(|community| community.id);
        Self { now, in_a_row: limits.in_a_row, without_codes: backup_codes.then(|| without.collect()) }
    }

    /// As policies are from the start.
    #[must_use]
    pub fn plain(now: Moment) -> Self {
        Self { now, in_a_row: Limits::default().in_a_row, without_codes: Some(Vec::new()) }
    }
}

/// What an account itself says of the states that lists tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// The one word.
    pub state: AccountState,
    /// Few backup codes are left.
    pub few_codes: bool,
    /// The backup codes were never saved.
    pub unsaved_codes: bool,
    /// There is one authenticator.
    pub one_authenticator: bool,
    /// Failures in a row of the second factor.
    pub in_a_row: u32,
    /// Until when no code is looked at.
    pub waits_until: Option<Moment>,
    /// When an enrolment was begun that is not finished.
    pub begun_at: Option<Moment>,
}

impl From<&Account> for Traits {
    fn from(account: &Account) -> Self {
        let factors = if let (AccountState::Protected, SecondFactor::Active(factors)) = (account.state(), &account.second_factor) {
            Some(factors)
        } else {
            None
        };
        Self {
            state: account.state(),
            few_codes: factors.is_some_and(|factors| factors.backup.left() <= FEW_CODES),
            unsaved_codes: factors.is_some_and(|factors| factors.backup.left() > 0 && factors.backup.saved.is_none()),
            one_authenticator: factors.is_some_and(|factors| factors.authenticators.len() == 1),
            in_a_row: account.second_factor.failures().map_or(0, Failures::in_a_row),
            waits_until: account.code_failures().and_then(Failures::until),
            begun_at: account.pending.as_ref().map(|pending| pending.begun_at),
        }
    }
}

impl Traits {
    /// Whether the account signs in here.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state, AccountState::Deactivated | AccountState::SignsInElsewhere)
    }

    /// Whether nothing they type is looked at. `passwords` is the last moment of the waits of their password.
    #[must_use]
    pub fn locked(&self, passwords: Option<Moment>, hour: &Hour) -> Option<Locked> {
        if !self.is_open() {
            return None;
        }
        if self.state != AccountState::Invited && self.in_a_row >= hour.in_a_row {
            return Some(Locked::UntilStaffAct);
        }
        self.waits_until.max(passwords).filter(|until| hour.now < *until).map(Locked::Until)
    }

    /// Whether a state holds. Whether backup codes are in force for the person is for the caller to say.
    #[must_use]
    pub fn are(&self, state: PeopleState, passwords: Option<Moment>, hour: &Hour) -> bool {
        match state {
            PeopleState::Is(state) => self.state == state,
            PeopleState::Locked => self.locked(passwords, hour).is_some(),
            PeopleState::FewCodes => self.few_codes,
            PeopleState::UnsavedCodes => self.unsaved_codes,
            PeopleState::OneAuthenticator => self.one_authenticator,
            PeopleState::UnfinishedEnrolment => {
                self.is_open() && self.begun_at.is_some_and(|begun| hour.now.since(begun) < ENROLMENT_VALIDITY)
            }
        }
    }
}
