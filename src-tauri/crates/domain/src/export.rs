//! Lists of people that leave the program as a file.

use crate::{
    Decision, Event, EventKind,
    account::Account,
    gate::{self, Act, Role},
    id::CommunityId,
};

/// The communities whose people somebody may take out; `None` for all of them.
///
/// # Errors
/// [`gate::Denied`] to whoever administers nothing.
pub fn reach(actor: &Account) -> Result<Option<Vec<CommunityId>>, gate::Denied> {
    gate::may(&actor.standing(), Act::ExportPeople)?;
    Ok(actor.standing().reach(Role::Administrator))
}

/// Writes down that so many people of these communities (`None` for all) were taken out.
#[must_use]
pub fn exported(actor: &Account, communities: Option<Vec<CommunityId>>, people: u64) -> Decision<()> {
    match reach(actor) {
        Err(denied) => return Decision::refuse(denied),
        Ok(Some(reach)) if communities.as_ref().is_none_or(|all| all.iter().any(|community| !reach.contains(community))) => {
            return Decision::refuse(gate::Denied::OutOfReach);
        }
        Ok(_) => {}
    }
    let event = Event { subject: None, communities: communities.unwrap_or_default(), ..Event::own(EventKind::PeopleExported, actor) };
    Decision::accept(()).event(event.word("people", people.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Refusal, id::CommunityId, testing::*};

    #[test]
    fn a_list_of_people_is_written_down_where_they_are() {
        let administrator = person(1, Some(Role::Administrator));
        let here = vec![administrator.memberships[0].community];
        let decision = exported(&administrator, Some(here.clone()), 12);
        assert_eq!(decision.verdict, Ok(()));
        assert!(decision.changes.is_empty());
        let [event] = decision.events.as_slice() else { panic!("one entry") };
        assert_eq!((event.kind, event.actor, event.subject), (EventKind::PeopleExported, Some(administrator.id), None));
        assert_eq!((&event.communities, event.words["people"].as_str()), (&here, "12"));
    }

    #[test]
    fn nobody_takes_out_more_than_they_administer() {
        let elsewhere = CommunityId(uuid::Uuid::from_u128(0xe15e));
        let administrator = person(1, Some(Role::Administrator));
        let here = administrator.memberships[0].community;
        for communities in [None, Some(vec![elsewhere]), Some(vec![here, elsewhere])] {
            assert_eq!(exported(&administrator, communities, 1).verdict, Err(Refusal::NotAllowed));
        }
        for role in [Role::Support, Role::Member] {
            let decision = exported(&person(1, Some(role)), Some(vec![here]), 1);
            assert_eq!(decision.verdict, Err(Refusal::NotAllowed));
            assert!(decision.events.iter().all(|event| event.kind != EventKind::PeopleExported));
        }
        assert_eq!(exported(&person(1, None), None, 1).verdict, Ok(()), "an owner");
    }
}
