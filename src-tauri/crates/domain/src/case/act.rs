//! What a case of two people does, and to whom.

use serde::{Deserialize, Serialize};

use crate::{
    Refusal,
    account::Account,
    gate::{self, Act, Denied, Role, Standing},
    suspension::Closing,
    time::Moment,
};

/// What two people do together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseAct {
    /// Reset the second factor.
    SecondFactor,
    /// Issue a code for a forgotten password.
    Password,
    /// Both at once: the opener sees the recovery code, the approver the password code, and neither sees both.
    Both,
    /// Open a deactivated account again. Nobody is shown a code.
    Reactivation,
    /// Take the password of somebody who signs in elsewhere here again. Nobody is shown a code.
    SignsInHere,
    /// Change the address that they sign in with. Nobody is shown a code.
    Email,
    /// Assign a token. Nobody is shown a code.
    Token,
}

impl CaseAct {
    /// The word for it in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SecondFactor => "second-factor",
            Self::Password => "password",
            Self::Both => "both",
            Self::Reactivation => "reactivation",
            Self::SignsInHere => "signs-in-here",
            Self::Email => "email",
            Self::Token => "token",
        }
    }

    /// Whether somebody is shown a code.
    #[must_use]
    pub fn gives_codes(self) -> bool {
        matches!(self, Self::SecondFactor | Self::Password | Self::Both)
    }

    /// How the account is closed that it opens again; `None` where it opens none.
    #[must_use]
    pub fn reopens(self) -> Option<Closing> {
        match self {
            Self::SecondFactor | Self::Password | Self::Both | Self::Email | Self::Token => None,
            Self::Reactivation => Some(Closing::Deactivated),
            Self::SignsInHere => Some(Closing::Elsewhere),
        }
    }

    fn at_the_gate(self, target: Standing<'_>) -> Act<'_> {
        match self {
            Self::SecondFactor | Self::Password | Self::Both => Act::ResetSecondFactor(target),
            Self::Reactivation => Act::Reactivate(target),
            Self::SignsInHere => Act::UnmarkElsewhere(target),
            Self::Email => Act::ChangeEmail(target),
            Self::Token => Act::AssignToken(target),
        }
    }

    /// Whether somebody's role reaches the target for this at all, alone or as one of two.
    pub(super) fn reach(self, actor: &Account, target: &Account, now: Moment) -> Result<(), Refusal> {
        // Some of it one may do to oneself alone; nobody needs a second person for that, nor is one.
        if actor.id == target.id {
            return Err(Refusal::OnSelf);
        }
        match gate::may(&actor.standing(), self.at_the_gate(target.standing_at(now))) {
            Ok(()) | Err(Denied::TakesTwo) => Ok(()),
            Err(denied) => Err(denied.into()),
        }
    }

    /// Whether a role held where the target holds one reaches them for this.
    pub(super) fn reaches_as(self, role: Role, target: &Account) -> bool {
        role == Role::Administrator || (role == Role::Support && self.gives_codes() && !target.standing().is_staff())
    }

    /// Whether the target is somebody to whom it can be done.
    pub(super) fn fits(self, target: &Account) -> Result<(), Refusal> {
        match self.reopens() {
            None if self == Self::Email && target.password.is_none() => Err(Refusal::NeverSignedIn),
            None if self == Self::Email => Ok(()),
            None => target.admits(),
            Some(Closing::Deactivated) if target.deactivated_at.is_none() => Err(Refusal::AccountOpen),
            Some(Closing::Elsewhere) if target.deactivated_at.is_some() => Err(Refusal::AccountDeactivated),
            Some(Closing::Elsewhere) if !target.elsewhere => Err(Refusal::AccountOpen),
            Some(_) => Ok(()),
        }
    }
}
