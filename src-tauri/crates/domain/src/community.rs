//! Communities: made, renamed, and removed when nobody holds a role in them.

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    gate::{self, Act},
    id::CommunityId,
    policy::Tightening,
    words::Name,
    workspace::Community,
};

/// Makes a community. `all` are those that are there.
#[must_use]
pub fn make(owner: &Account, all: &[Community], id: CommunityId, name: Name) -> Decision<CommunityId> {
    if let Err(refusal) = may_name(owner, all, id, &name) {
        return Decision::refuse(refusal);
    }
    let event = told(EventKind::CommunityMade, owner, id).word("name", name.as_str());
    Decision::accept(id).change(Change::Community(Community { id, name, tightening: Tightening::default() })).event(event)
}

/// Gives a community another name.
#[must_use]
pub fn rename(owner: &Account, all: &[Community], id: CommunityId, name: Name) -> Decision<()> {
    if let Err(refusal) = may_name(owner, all, id, &name) {
        return Decision::refuse(refusal);
    }
    let Some(community) = all.iter().find(|community| community.id == id) else { return Decision::refuse(Refusal::NotAllowed) };
    if community.name == name {
        return Decision::accept(());
    }
    let event = told(EventKind::CommunityRenamed, owner, id).word("name", name.as_str()).word("before", community.name.as_str());
    Decision::accept(()).change(Change::Community(Community { name, ..community.clone() })).event(event)
}

/// Removes a community in which nobody holds a role. The last one stays: roles are held in communities alone.
#[must_use]
pub fn remove(owner: &Account, all: &[Community], id: CommunityId, held: u64) -> Decision<()> {
    if let Err(denied) = gate::may(&owner.standing(), Act::KeepCommunities) {
        return Decision::refuse(denied);
    }
    let Some(community) = all.iter().find(|community| community.id == id) else { return Decision::refuse(Refusal::NotAllowed) };
    if let Err(refusal) = may_remove(all, held) {
        return Decision::refuse(refusal);
    }
    let event = told(EventKind::CommunityRemoved, owner, id).word("name", community.name.as_str());
    Decision::accept(()).change(Change::RemoveCommunity(id)).event(event)
}

/// Whether a community in which so many roles are held could be removed.
///
/// # Errors
/// Why not.
pub fn may_remove(all: &[Community], held: u64) -> Result<(), Refusal> {
    if all.len() <= 1 {
        return Err(Refusal::LastCommunity);
    }
    if held > 0 { Err(Refusal::CommunityNotEmpty) } else { Ok(()) }
}

/// Names are compared without case: two that look alike would be taken for one another.
fn may_name(owner: &Account, all: &[Community], id: CommunityId, name: &Name) -> Result<(), Refusal> {
    gate::may(&owner.standing(), Act::KeepCommunities)?;
    let taken = all.iter().any(|other| other.id != id && other.name.folded() == name.folded());
    if taken { Err(Refusal::CommunityNameTaken) } else { Ok(()) }
}

fn told(kind: EventKind, owner: &Account, community: CommunityId) -> Event {
    Event { subject: None, communities: vec![community], ..Event::own(kind, owner) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gate::Role, testing::*};

    fn named(number: u128, name: &str) -> Community {
        Community {
            id: CommunityId(uuid::Uuid::from_u128(number)),
            name: Name::read(name).expect("a name"),
            tightening: Tightening::default(),
        }
    }

    #[test]
    fn only_an_owner_keeps_communities() {
        let all = [named(1, "North"), named(2, "South")];
        let name = || Name::read("East").expect("a name");
        for role in [Role::Administrator, Role::Support, Role::Member] {
            let other = person(2, Some(role));
            assert_eq!(make(&other, &all, named(3, "x").id, name()).verdict, Err(Refusal::NotAllowed));
            assert_eq!(rename(&other, &all, all[0].id, name()).verdict, Err(Refusal::NotAllowed));
            assert_eq!(remove(&other, &all, all[0].id, 0).verdict, Err(Refusal::NotAllowed));
        }
        let owner = person(1, None);
        assert!(make(&owner, &all, named(3, "x").id, name()).verdict.is_ok());
        assert!(rename(&owner, &all, all[0].id, name()).verdict.is_ok());
        assert!(remove(&owner, &all, all[0].id, 0).verdict.is_ok());
    }

    #[test]
    fn names_differ_by_more_than_case() {
        let (owner, all) = (person(1, None), [named(1, "North"), named(2, "South")]);
        let name = |text: &str| Name::read(text).expect("a name");
        assert_eq!(make(&owner, &all, named(3, "x").id, name("SOUTH")).verdict, Err(Refusal::CommunityNameTaken));
        assert_eq!(rename(&owner, &all, all[0].id, name("south")).verdict, Err(Refusal::CommunityNameTaken));
        assert!(rename(&owner, &all, all[0].id, name("NORTH")).verdict.is_ok(), "its own name in other letters");
    }

    #[test]
    fn neither_one_with_people_nor_the_last_is_removed() {
        let (owner, all) = (person(1, None), [named(1, "North"), named(2, "South")]);
        assert_eq!(remove(&owner, &all, all[0].id, 1).verdict, Err(Refusal::CommunityNotEmpty));
        assert_eq!(remove(&owner, &all[..1], all[0].id, 0).verdict, Err(Refusal::LastCommunity));
        assert_eq!(remove(&owner, &all, named(9, "x").id, 0).verdict, Err(Refusal::NotAllowed));
    }
}
