//! Roles: given, changed and taken, in a community or as owner of the workspace.

use crate::{
    Change, Decision, Event, EventKind, NoticeKind, Refusal,
    account::Account,
    decision::Trail,
    gate::{self, Act, Membership, Role},
    policy::Policy,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    time::Moment,
    workspace::{Community, Workspace},
};

/// Another role for somebody in a community.
#[derive(Debug)]
pub struct RoleChange<'a> {
    /// Whose.
    pub target: Account,
    /// Where.
    pub community: &'a Community,
    /// As what; `None` takes the role.
    pub role: Option<Role>,
}

/// Making somebody an owner, or no longer one.
#[derive(Debug)]
pub struct OwnerChange<'a> {
    /// Of which workspace.
    pub workspace: Workspace,
    /// Whom.
    pub target: Account,
    /// Every owner there is.
    pub owners: &'a [Account],
    /// Which of the two.
    pub owner: bool,
}

/// Gives somebody another role in a community, or takes the one they hold. A member of the old scope and one of the new
/// both read of it. Every change asks for the password and a fresh second factor.
#[must_use]
pub fn change_role(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    change: RoleChange<'_>,
    proof: &Proof,
    now: Moment,
) -> Decision<()> {
    let RoleChange { mut target, community, role } = change;
    let act = Act::ChangeRole { target: target.standing(), community: community.id, role };
    if let Err(denied) = gate::may(&actor.standing(), act) {
        return Decision::refuse(denied);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let held = target.standing().role_in(community.id);
    if held == role {
        return unchanged(actor, trail);
    }
    let before = target.memberships.iter().map(|m| m.community).collect::<Vec<_>>();
    let was_privileged = target.standing().is_privileged();
    target.memberships.retain(|m| m.community != community.id);
    target.memberships.extend(role.map(|role| Membership { community: community.id, role, since: now }));
    note_privilege(&mut target, was_privileged, now);
    let kind = if role.is_some() { EventKind::RoleGiven } else { EventKind::RoleTaken };
    let mut event = Event::on(kind, actor.id, &target)
        .word("role", role.or(held).map_or("member", Role::as_str))
        .word("community", community.name.as_str());
    for scope in before {
        if !event.communities.contains(&scope) {
            event.communities.push(scope);
        }
    }
    Decision::accept(()).event(event).notice(target.id, NoticeKind::RolesChanged).account(actor).account(target).after(trail)
}

/// Makes somebody an owner, or no longer one. Because it is a rule across accounts, the
/// workspace's own record is written with it: whoever decided at the same moment decides again.
#[must_use]
pub fn change_owner(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    change: OwnerChange<'_>,
    proof: &Proof,
    now: Moment,
) -> Decision<()> {
    let OwnerChange { workspace, mut target, owners, owner } = change;
    if let Err(denied) = gate::may(&actor.standing(), Act::ChangeOwner(target.standing())) {
        return Decision::refuse(denied);
    }
    if !owner && !another_owner(owners, &target) {
        return Decision::refuse(Refusal::LastOwner);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    if target.owner == owner {
        return unchanged(actor, trail);
    }
    let was_privileged = target.standing().is_privileged();
    target.owner = owner;
    target.owner_since = owner.then_some(now);
    note_privilege(&mut target, was_privileged, now);
    let event = Event::on(if owner { EventKind::OwnerMade } else { EventKind::OwnerUnmade }, actor.id, &target);
    Decision::accept(())
        .event(event)
        .notice(target.id, NoticeKind::RolesChanged)
        .change(Change::Workspace(Box::new(workspace)))
        .account(actor)
        .account(target)
        .after(trail)
}

/// Whether somebody else could still administer the whole workspace.
#[must_use]
pub fn another_owner(owners: &[Account], but: &Account) -> bool {
    owners.iter().any(|other| other.id != but.id && other.can_own())
}

fn unchanged(actor: Account, trail: Trail) -> Decision<()> {
    Decision::accept(()).account(actor).after(trail)
}

pub(crate) fn note_privilege(target: &mut Account, was: bool, now: Moment) {
    let is = target.standing().is_privileged();
    if is {
        target.privileged_until = None;
    } else if was {
        target.privileged_until = Some(now);
    }
}

#[cfg(test)]
mod tests;
