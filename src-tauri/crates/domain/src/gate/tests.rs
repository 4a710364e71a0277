use super::*;
use crate::testing::{COMMUNITY, person};

const ELSEWHERE: CommunityId = CommunityId(uuid::Uuid::from_u128(2));

fn reset(actor: Option<Role>, target: Option<Role>) -> Result<(), Denied> {
    let (actor, target) = (person(1, actor), person(2, target));
    may(&actor.standing(), Act::ResetSecondFactor(target.standing()))
}

#[test]
fn resets_follow_the_table() {
    use Denied::{OutOfReach, TakesTwo};
    use Role::{Administrator, Member, Support};
    let table = [
        (None, Some(Member), Ok(())),
        (None, Some(Support), Ok(())),
        (None, Some(Administrator), Err(TakesTwo)),
        (None, None, Err(TakesTwo)),
        (Some(Administrator), Some(Member), Ok(())),
        (Some(Administrator), Some(Support), Ok(())),
        (Some(Administrator), Some(Administrator), Err(TakesTwo)),
        (Some(Administrator), None, Err(OutOfReach)),
        (Some(Support), Some(Member), Ok(())),
        (Some(Support), Some(Support), Err(OutOfReach)),
        (Some(Support), Some(Administrator), Err(OutOfReach)),
        (Some(Member), Some(Member), Err(OutOfReach)),
    ];
    for (actor, target, expected) in table {
        assert_eq!(reset(actor, target), expected, "{actor:?} resets {target:?}");
    }
}

#[test]
fn nobody_resets_themselves() {
    for role in [None, Some(Role::Administrator), Some(Role::Support), Some(Role::Member)] {
        let someone = person(1, role);
        assert_eq!(may(&someone.standing(), Act::ResetSecondFactor(someone.standing())), Err(Denied::OnSelf));
    }
}

#[test]
fn a_role_ends_at_its_community() {
    let actor = person(1, Some(Role::Administrator));
    let mut stranger = person(2, Some(Role::Member));
    stranger.memberships[0].community = ELSEWHERE;
    for act in [Act::See(stranger.standing()), Act::ResetSecondFactor(stranger.standing()), Act::InviteAgain(stranger.standing())] {
        assert_eq!(may(&actor.standing(), act), Err(Denied::OutOfReach));
    }
    assert_eq!(may(&actor.standing(), Act::Invite(Role::Member, ELSEWHERE)), Err(Denied::OutOfReach));
    assert_eq!(may(&actor.standing(), Act::Invite(Role::Member, COMMUNITY)), Ok(()));
}

#[test]
fn only_owners_grant_administrator_or_owner() {
    let administrator = person(1, Some(Role::Administrator));
    let owner = person(2, None);
    assert_eq!(may(&administrator.standing(), Act::Invite(Role::Administrator, COMMUNITY)), Err(Denied::OutOfReach));
    assert_eq!(may(&administrator.standing(), Act::InviteOwner), Err(Denied::OutOfReach));
    assert_eq!(may(&administrator.standing(), Act::KeepVault), Err(Denied::OutOfReach));
    assert_eq!(may(&owner.standing(), Act::Invite(Role::Administrator, COMMUNITY)), Ok(()));
    assert_eq!(may(&owner.standing(), Act::InviteOwner), Ok(()));
}

#[test]
fn an_administrator_does_not_invite_a_privileged_person_again() {
    let administrator = person(1, Some(Role::Administrator));
    let other = person(2, Some(Role::Administrator));
    assert_eq!(may(&administrator.standing(), Act::InviteAgain(other.standing())), Err(Denied::OutOfReach));
}

#[test]
fn members_list_nobody_and_support_reads_no_journal() {
    let (member, support) = (person(1, Some(Role::Member)), person(2, Some(Role::Support)));
    assert_eq!(may(&member.standing(), Act::ListPeople), Err(Denied::OutOfReach));
    assert_eq!(may(&support.standing(), Act::ListPeople), Ok(()));
    assert_eq!(may(&support.standing(), Act::ReadJournal), Err(Denied::OutOfReach));
}
