//! Who may do what to whom: the one place that decides it.

use serde::{Deserialize, Serialize};

use crate::{
    id::{AccountId, CommunityId},
    time::Moment,
};

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
    /// When it was given: days of grace that it brings count from here. 1970 in vaults of before.
    #[serde(default)]
    pub since: Moment,
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
    /// Was an administrator or owner until lately, and counts as one where it takes two.
    pub lately_privileged: bool,
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

    /// The role held in a community.
    #[must_use]
    pub fn role_in(&self, community: CommunityId) -> Option<Role> {
        self.memberships.iter().find(|m| m.community == community).map(|m| m.role)
    }

    /// Holds administrator or owner anywhere, or did until lately: what gives or changes their way in takes two.
    #[must_use]
    pub fn takes_two(&self) -> bool {
        self.is_privileged() || self.lately_privileged
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
    /// Take a list of people out of the program.
    ExportPeople,
    /// Import people from a list. What each row does is asked for besides.
    Import,
    /// Make a new invitation for a person who never signed in.
    InviteAgain(Standing<'a>),
    /// Change how the vault opens.
    KeepVault,
    /// Change the workspace's policy.
    SetPolicy,
    /// Change what this community asks beyond it.
    TightenPolicy(CommunityId),
    /// Reset this person's second factor.
    ResetSecondFactor(Standing<'a>),
    /// Let this person choose another password.
    IssuePasswordCode(Standing<'a>),
    /// Make, rename and remove communities.
    KeepCommunities,
    /// Give this person another role in this community, or none.
    ChangeRole {
        /// Whose.
        target: Standing<'a>,
        /// Where.
        community: CommunityId,
        /// As what; `None` takes the role that is held.
        role: Option<Role>,
    },
    /// Make this person an owner, or no longer one.
    ChangeOwner(Standing<'a>),
    /// End the waits that this person's failures began.
    Unlock(Standing<'a>),
    /// End all sessions of this person.
    SignOut(Standing<'a>),
    /// Let nobody sign in to this person's account any more.
    Deactivate(Standing<'a>),
    /// Let this person sign in again.
    Reactivate(Standing<'a>),
    /// Erase this person.
    Erase(Standing<'a>),
    /// Take no password of this person here any more.
    MarkElsewhere(Standing<'a>),
    /// Take this person's password here again.
    UnmarkElsewhere(Standing<'a>),
    /// Change the address that this person signs in with.
    ChangeEmail(Standing<'a>),
    /// Set or remove the second address that this person's notices go to.
    ChangeSecondEmail(Standing<'a>),
    /// Correct how this person is called.
    CorrectName(Standing<'a>),
    /// Keep the stock of tokens of this community: import, assign from it, retire.
    KeepTokens(CommunityId),
    /// Keep the workspace's own stock of tokens.
    KeepWorkspaceTokens,
    /// Give this person a token.
    AssignToken(Standing<'a>),
    /// Bring a token of this person back into step.
    ResyncToken(Standing<'a>),
    /// Set up how mail is sent.
    KeepMail,
    /// Invite, list and revoke devices.
    KeepDevices,
    /// Read what is sent to people, and what is not.
    ReadOutbox,
    /// Have a notice to this person sent again, or hand it over as a letter.
    HandleNotice(Standing<'a>),
    /// Settle what this person says was not them.
    SettleReport(Standing<'a>),
}

macro_rules! names {
    ($($act:pat => $name:literal),+ $(,)?) => {
        impl Act<'_> {
            /// The names of all there are. The table has lines for each.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// Its name in the table.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $($act => $name),+ }
            }
        }
    };
}

names! {
    Self::ListPeople => "list-people",
    Self::ReadJournal => "read-journal",
    Self::See(_) => "see",
    Self::Invite(..) => "invite",
    Self::InviteOwner => "invite-owner",
    Self::ExportPeople => "export-people",
    Self::Import => "import-people",
    Self::InviteAgain(_) => "invite-again",
    Self::KeepVault => "keep-vault",
    Self::SetPolicy => "set-policy",
    Self::TightenPolicy(_) => "tighten-policy",
    Self::ResetSecondFactor(_) => "reset-second-factor",
    Self::IssuePasswordCode(_) => "issue-password-code",
    Self::KeepCommunities => "keep-communities",
    Self::ChangeRole { .. } => "change-role",
    Self::ChangeOwner(_) => "change-owner",
    Self::Unlock(_) => "unlock",
    Self::SignOut(_) => "sign-out",
    Self::Deactivate(_) => "deactivate",
    Self::Reactivate(_) => "reactivate",
    Self::Erase(_) => "erase",
    Self::MarkElsewhere(_) => "mark-elsewhere",
    Self::UnmarkElsewhere(_) => "unmark-elsewhere",
    Self::ChangeEmail(_) => "change-email",
    Self::ChangeSecondEmail(_) => "change-second-email",
    Self::CorrectName(_) => "correct-name",
    Self::KeepTokens(_) => "keep-tokens",
    Self::KeepWorkspaceTokens => "keep-workspace-tokens",
    Self::AssignToken(_) => "assign-token",
    Self::ResyncToken(_) => "resync-token",
    Self::KeepMail => "keep-mail",
    Self::KeepDevices => "keep-devices",
    Self::ReadOutbox => "read-outbox",
    Self::HandleNotice(_) => "handle-notice",
    Self::SettleReport(_) => "settle-report",
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
        Act::ReadJournal | Act::Import | Act::ExportPeople | Act::ReadOutbox => actor.is_privileged(),
        Act::See(target) => actor.id == target.id || actor.reaches(&target, Role::Support),
        Act::Invite(role, community) => match role {
            Role::Administrator => actor.owner,
            Role::Member | Role::Support => actor.holds_in(community, Role::Administrator),
        },
        Act::InviteOwner | Act::KeepVault | Act::SetPolicy | Act::KeepWorkspaceTokens | Act::KeepMail | Act::KeepDevices => actor.owner,
        Act::TightenPolicy(community) | Act::KeepTokens(community) => actor.holds_in(community, Role::Administrator),
        Act::InviteAgain(target) => {
            not_oneself(actor, &target)?;
            actor.reaches(&target, Role::Administrator) && (actor.owner || !target.is_privileged())
        }
        Act::ResetSecondFactor(target) | Act::IssuePasswordCode(target) => {
            not_oneself(actor, &target)?;
            let by_administrator = actor.reaches(&target, Role::Administrator);
            let by_support = actor.reaches(&target, Role::Support) && !target.is_staff();
            if (by_administrator || by_support) && target.takes_two() {
                return Err(Denied::TakesTwo);
            }
            by_administrator || by_support
        }
        Act::KeepCommunities => actor.owner,
        Act::ChangeRole { target, community, role } => {
            not_oneself(actor, &target)?;
            let held = target.role_in(community);
            let highest = held.max(role) == Some(Role::Administrator);
            // Whoever brings somebody in reaches them from then on, and so must reach them as far already.
            let known = held.is_some() || actor.reaches(&target, Role::Administrator);
            actor.owner || (actor.holds_in(community, Role::Administrator) && known && !highest)
        }
        Act::ChangeOwner(target) | Act::Erase(target) => {
            not_oneself(actor, &target)?;
            actor.owner
        }
        Act::AssignToken(target) => {
            let reached = actor.reaches(&target, Role::Administrator);
            // To oneself it is like enrolling an app.
            if reached && target.takes_two() && actor.id != target.id {
                return Err(Denied::TakesTwo);
            }
            reached
        }
        Act::HandleNotice(target) => actor.reaches(&target, Role::Administrator),
        Act::Unlock(target) | Act::ResyncToken(target) | Act::SettleReport(target) => {
            not_oneself(actor, &target)?;
            actor.reaches(&target, Role::Administrator) || (actor.reaches(&target, Role::Support) && !target.is_staff())
        }
        Act::SignOut(target) | Act::Deactivate(target) | Act::MarkElsewhere(target) | Act::ChangeSecondEmail(target) => {
            not_oneself(actor, &target)?;
            actor.reaches(&target, Role::Administrator) && (actor.owner || !target.is_privileged())
        }
        Act::CorrectName(target) => {
            let free = actor.owner || !target.is_privileged() || actor.id == target.id;
            actor.reaches(&target, Role::Administrator) && free
        }
        Act::Reactivate(target) | Act::UnmarkElsewhere(target) | Act::ChangeEmail(target) => {
            not_oneself(actor, &target)?;
            let reached = actor.reaches(&target, Role::Administrator);
            if reached && target.takes_two() {
                return Err(Denied::TakesTwo);
            }
            reached
        }
    };
    if allowed { Ok(()) } else { Err(Denied::OutOfReach) }
}

fn not_oneself(actor: &Standing<'_>, target: &Standing<'_>) -> Result<(), Denied> {
    if actor.id == target.id { Err(Denied::OnSelf) } else { Ok(()) }
}

pub mod table;

#[cfg(test)]
mod tests;
