use super::*;
use crate::{session::Stage, testing::*};

const NORTH: &str = "North";

fn community() -> Community {
    Community { id: COMMUNITY, name: crate::words::Name::read(NORTH).expect("a name"), tightening: crate::policy::Tightening::default() }
}

fn give(actor: &Account, target: &Account, role: Option<Role>, proof: &Proof) -> Decision<()> {
    let change = RoleChange { target: target.clone(), community: &community(), role };
    change_role(&Policy::default(), actor.clone(), session(actor, Stage::Full), change, proof, NOW)
}

fn own(actor: &Account, target: &Account, owners: &[Account], owner: bool, proof: &Proof) -> Decision<()> {
    let change = OwnerChange { workspace: workspace(Policy::default()), target: target.clone(), owners, owner };
    change_owner(&Policy::default(), actor.clone(), session(actor, Stage::Full), change, proof, NOW)
}

fn changed<T>(decision: &Decision<T>, id: crate::id::AccountId) -> Option<Account> {
    decision.changes.iter().rev().find_map(|change| match change {
        Change::Account(account) if account.id == id => Some((**account).clone()),
        _ => None,
    })
}

#[test]
fn a_role_is_given_changed_and_taken_and_both_scopes_read_of_it() {
    let (owner, member) = (person(1, None), person(2, Some(Role::Member)));
    let given = give(&owner, &member, Some(Role::Support), &proof(true, None));
    let support = changed(&given, member.id).expect("written");
    assert_eq!(support.memberships.iter().map(|m| m.role).collect::<Vec<_>>(), [Role::Support]);
    assert_eq!(given.events[0].kind, EventKind::RoleGiven);
    assert_eq!(given.events[0].words["role"], "support");
    let taken = give(&owner, &support, None, &proof(true, None));
    assert!(changed(&taken, member.id).expect("written").memberships.is_empty());
    assert_eq!(taken.events[0].kind, EventKind::RoleTaken);
    assert_eq!(taken.events[0].communities, [COMMUNITY], "the scope that is left reads of it");
    assert_eq!(taken.notices[0].to, member.id);
}

#[test]
fn no_role_changes_without_the_password() {
    let (owner, member) = (person(1, None), person(2, Some(Role::Member)));
    let refused = give(&owner, &member, Some(Role::Administrator), &proof(false, None));
    assert_eq!(refused.verdict, Err(Refusal::WrongPassword));
    assert!(changed(&refused, member.id).is_none());
    let enrolled = enrolled(owner).account;
    assert_eq!(give(&enrolled, &member, Some(Role::Support), &proof(true, None)).verdict, Err(Refusal::FactorNeeded));
}

#[test]
fn a_demotion_is_remembered_and_a_promotion_forgets_it() {
    let (owner, administrator) = (person(1, None), person(2, Some(Role::Administrator)));
    let demoted = changed(&give(&owner, &administrator, Some(Role::Member), &proof(true, None)), administrator.id).expect("written");
    assert_eq!(demoted.privileged_until, Some(NOW));
    let again = changed(&give(&owner, &demoted, Some(Role::Administrator), &proof(true, None)), administrator.id).expect("written");
    assert_eq!(again.privileged_until, None);
    let other = person(3, None);
    let unmade = changed(&own(&owner, &other, &[owner.clone(), other.clone()], false, &proof(true, None)), other.id).expect("written");
    assert_eq!((unmade.owner, unmade.privileged_until), (false, Some(NOW)));
}

/// Nothing but an owner who can sign in keeps the last one from being unmade.
#[test]
fn the_last_owner_who_can_sign_in_stays_one() {
    let (owner, other) = (person(1, None), person(2, None));
    let yes = proof(true, None);
    assert_eq!(own(&owner, &other, &[owner.clone(), other.clone()], false, &yes).verdict, Ok(()));
    for unable in [
        Account { owner: false, ..owner.clone() },
        Account { deactivated_at: Some(NOW), ..owner.clone() },
        Account { elsewhere: true, ..owner.clone() },
        Account { password: None, ..owner.clone() },
    ] {
        let decision = own(&owner, &other, &[unable, other.clone()], false, &yes);
        assert_eq!(decision.verdict, Err(Refusal::LastOwner));
        assert!(decision.changes.is_empty());
    }
}

/// A rule across accounts writes the workspace's record, so that of two at once one decides again.
#[test]
fn making_and_unmaking_an_owner_locks_the_workspace() {
    let (owner, other) = (person(1, None), person(2, None));
    let owners = [owner.clone(), other.clone()];
    let decision = own(&owner, &other, &owners, false, &proof(true, None));
    assert!(decision.changes.iter().any(|change| matches!(change, Change::Workspace(_))));
    assert_eq!(own(&owner, &owner, &owners, false, &proof(true, None)).verdict, Err(Refusal::OnSelf));
}
