//! Who may do what to whom: the one place that decides it.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, CommunityId};

/// What a person is in a community. Ordered by reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks after their own account.
    Member,
    /// Helps members who are locked out.
    Support,
    /// Runs the community.
    Administrator,
}

impl Role {
    /// The word for it at rest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Support => "support",
            Self::Administrator => "administrator",
        }
    }
}

/// A role held in a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Where.
    pub community: CommunityId,
    /// As what.
    pub role: Role,
}

/// All the gate needs to know of a person.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Who.
    pub id: AccountId,
    /// Owns the workspace, and so reaches all of it.
    pub owner: bool,
    /// Roles elsewhere.
    pub memberships: &'a [Membership],
}

impl Standing<'_> {
    /// Holds administrator or owner anywhere.
    #[must_use]
    pub fn is_privileged(&self) -> bool {
        self.owner || self.memberships.iter().any(|m| m.role == Role::Administrator)
    }

    /// Holds anything above member anywhere.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.owner || self.memberships.iter().any(|m| m.role > Role::Member)
    }

    /// The communities in which they hold at least this role; `None` means all of them.
    #[must_use]
    pub fn reach(&self, least: Role) -> Option<Vec<CommunityId>> {
        (!self.owner).then(|| self.memberships.iter().filter(|m| m.role >= least).map(|m| m.community).collect())
    }

    fn holds_in(&self, community: CommunityId, least: Role) -> bool {
        self.owner || self.memberships.iter().any(|m| m.community == community && m.role >= least)
    }

    fn reaches(&self, target: &Standing<'_>, least: Role) -> bool {
        self.owner || target.memberships.iter().any(|m| self.holds_in(m.community, least))
    }
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug)]
pub enum Act<'a> {
    /// Read the list of people at all.
    ListPeople,
    /// Read the journal beyond one's own entries.
    ReadJournal,
    /// Learn of this person.
    See(Standing<'a>),
    /// Add a person with this role in this community.
    Invite(Role, CommunityId),
    /// Add an owner.
    InviteOwner,
    /// Make a new invitation for a person who never signed in.
    InviteAgain(Standing<'a>),
    /// Change how the vault opens.
    KeepVault,
    /// Reset this person's second factor.
    ResetSecondFactor(Standing<'a>),
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The role does not reach so far. Nothing more is said, not even whether the person exists.
    OutOfReach,
    /// Nobody does this to themselves.
    OnSelf,
    /// The target is an administrator or owner: it takes two people.
    TakesTwo,
}

/// Decides.
///
/// # Errors
/// [`Denied`].
pub fn may(actor: &Standing<'_>, act: Act<'_>) -> Result<(), Denied> {
    let allowed = match act {
        Act::ListPeople => actor.is_staff(),
        Act::ReadJournal => actor.is_privileged(),
        Act::See(target) => actor.id == target.id || actor.reaches(&target, Role::Support),
        Act::Invite(role, community) => match role {
            Role::Administrator => actor.owner,
            Role::Member | Role::Support => actor.holds_in(community, Role::Administrator),
        },
        Act::InviteOwner | Act::KeepVault => actor.owner,
        Act::InviteAgain(target) => actor.reaches(&target, Role::Administrator) && (actor.owner || !target.is_privileged()),
        Act::ResetSecondFactor(target) => {
            if actor.id == target.id {
                return Err(Denied::OnSelf);
            }
            let by_administrator = actor.reaches(&target, Role::Administrator);
            let by_support = actor.reaches(&target, Role::Support) && !target.is_staff();
            if (by_administrator || by_support) && target.is_privileged() {
                return Err(Denied::TakesTwo);
            }
            by_administrator || by_support
        }
    };
    if allowed { Ok(()) } else { Err(Denied::OutOfReach) }
}

#[cfg(test)]
mod tests;
