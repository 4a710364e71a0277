//! Moving a workspace out of a server, into a file that a desktop restores. Two owners decide it together, at the server's console:
//! whoever has the file has all of the workspace, and whoever takes it from everybody else acts on every owner at once.
//!
//! No kit stands for the second person here: it opens a vault, and a server has none.

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    case::second::owner_unseasoned_until,
    factor::SecondFactor,
    gate::{self, Act},
    moving::{Away, forget_seeds},
    session::{Session, Stage},
    time::Moment,
    workspace::Workspace,
};

/// Somebody who came in at the console just now, through both doors.
#[derive(Clone, Debug)]
pub struct Present {
    /// Who.
    pub account: Account,
    /// How they came in.
    pub session: Session,
}

/// Whether a workspace has left its server, or is about to. Whoever asks there is refused whatever it is.
#[must_use]
pub fn is_out(workspace: &Workspace) -> bool {
    workspace.away.as_ref().is_some_and(|away| away.second.is_some())
}

/// Whether these two may take a workspace out of its server, and put it back.
///
/// # Errors
/// [`Refusal::NotAllowed`] for whoever is no owner, also beside one: nobody else reaches all of the workspace. Then as for whoever
/// approves a case, of both of them: neither could make the other for this.
pub fn may_take(workspace: &Workspace, two: &[Present; 2], now: Moment) -> Result<(), Refusal> {
    for Present { account, session } in two {
        gate::may(&account.standing(), Act::KeepVault)?;
        account.admits()?;
        if session.stage != Stage::Full || session.account != account.id {
            return Err(Refusal::SessionStage);
        }
        if !matches!(account.second_factor, SecondFactor::Active(_)) {
            return Err(Refusal::ApprovalNeedsFactor);
        }
        if !session.factor_is_fresh(now) {
            return Err(Refusal::FactorNeeded);
        }
    }
    let [one, other] = two;
    if one.account.id == other.account.id {
        return Err(Refusal::SamePerson);
    }
    match two.iter().find_map(|present| owner_unseasoned_until(workspace, &present.account, now)) {
        Some(until) => Err(Refusal::RoleTooYoung(until)),
        None => Ok(()),
    }
}

/// Lets a workspace go. From here on its server answers nobody. Begun already, by whichever two, it goes on.
#[must_use]
pub fn begin(mut workspace: Workspace, two: &[Present; 2], to: &str, now: Moment) -> Decision<()> {
    if let Err(refusal) = may_take(&workspace, two, now) {
        return Decision::refuse(refusal);
    }
    match &mut workspace.away {
        None => {}
        Some(away) if away.arrived_at.is_some() => return Decision::refuse(Refusal::WorkspaceMovedOut),
        Some(away) if away.second.is_none() => return Decision::refuse(Refusal::WorkspaceMoving),
        Some(away) if away.to == to => return Decision::accept(()),
        Some(away) => {
            away.to = to.into();
            return Decision::accept(()).change(Change::Workspace(Box::new(workspace)));
        }
    }
    let [Present { account: one, .. }, Present { account: other, .. }] = two;
    workspace.away =
        Some(Away { to: to.into(), by: one.id, second: Some(other.id), at: now, journal: None, told: false, arrived_at: None });
    Decision::accept(()).change(Change::Workspace(Box::new(workspace))).event(by_both(EventKind::WorkspaceMovedOut, two))
}

/// Calls it off: the server answers again. Once all of it was carried there may be a file that is whole, and it takes somebody who is
/// `certain` that nobody restores it.
#[must_use]
pub fn call_off(mut workspace: Workspace, two: &[Present; 2], certain: bool, now: Moment) -> Decision<()> {
    if let Err(refusal) = may_take(&workspace, two, now) {
        return Decision::refuse(refusal);
    }
    match workspace.away.take() {
        None => Decision::accept(()),
        Some(away) if away.arrived_at.is_some() => Decision::refuse(Refusal::WorkspaceMovedOut),
        Some(away) if away.second.is_none() => Decision::refuse(Refusal::WorkspaceMoving),
        Some(away) if away.told && !certain => Decision::refuse(Refusal::MoveMayHaveArrived),
        Some(_) => {
            let event = by_both(EventKind::WorkspaceMoveOutCalledOff, two);
            Decision::accept(()).change(Change::Workspace(Box::new(workspace))).event(event)
        }
    }
}

/// The file of the move that began then is whole: from now on it is the workspace, and this is what it left. Once for a move: of two
/// files that were made at the same time one counts.
#[must_use]
pub fn accept(mut workspace: Workspace, began: Moment, now: Moment) -> Decision<()> {
    match &mut workspace.away {
        Some(away) if away.arrived_at.is_none() && away.second.is_some() && away.at == began => away.arrived_at = Some(now),
        _ => return Decision::refuse(Refusal::ChangedMeanwhile),
    }
    forget_seeds(&mut workspace);
    Decision::accept(()).change(Change::Workspace(Box::new(workspace)))
}

/// The journal names both: who was first as its actor, who was second as whom it is about.
fn by_both(kind: EventKind, [one, other]: &[Present; 2]) -> Event {
    Event { subject: Some(other.account.id), communities: Vec::new(), ..Event::own(kind, &one.account) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        evidence::begin_signing,
        factor::Sealed,
        gate::Role,
        moving::{Extent, has_arrived, is_here, settle_journal, tell},
        policy::Policy,
        testing::*,
        time::HOUR,
    };

    const LATER: Moment = Moment(NOW.0 + 90 * HOUR);

    fn present(number: u64, role: Option<Role>) -> Present {
        let mut account = enrolled(person(number, role)).account;
        account.owner_since = None;
        let session = Session { factor_at: Some(LATER), seen_at: LATER, ..session(&account, Stage::Full) };
        Present { account, session }
    }

    fn owners() -> [Present; 2] {
        [present(1, None), present(2, None)]
    }

    fn left(decision: &Decision<()>) -> Workspace {
        let found = decision.changes.iter().find_map(|change| if let Change::Workspace(found) = change { Some(found) } else { None });
        (**found.expect("the workspace is written")).clone()
    }

    fn out() -> Workspace {
        left(&begin(workspace(Policy::default()), &owners(), "a file", LATER))
    }

    fn refused(two: &[Present; 2], why: Refusal) {
        let here = begin(workspace(Policy::default()), two, "a file", LATER);
        assert_eq!((here.verdict, here.changes.len(), here.events.len()), (Err(why.clone()), 0, 0));
        let away = call_off(out(), two, true, LATER);
        assert_eq!((away.verdict, away.changes.len(), away.events.len()), (Err(why), 0, 0));
    }

    #[test]
    fn two_owners_take_it_out_and_the_journal_names_both() {
        let two = owners();
        let decision = begin(workspace(Policy::default()), &two, "a file", LATER);
        assert_eq!(decision.verdict, Ok(()));
        let event = &decision.events[0];
        assert_eq!(
            (event.kind, event.actor, event.subject),
            (EventKind::WorkspaceMovedOut, Some(two[0].account.id), Some(two[1].account.id))
        );
        let out = left(&decision);
        assert!(is_out(&out));
        assert_eq!(is_here(&out), Err(Refusal::WorkspaceMovedOut));
        for (to, changes) in [("a file", 0), ("another file", 1)] {
            let again = begin(out.clone(), &[present(3, None), present(4, None)], to, LATER);
            assert_eq!((again.verdict, again.changes.len(), again.events.len()), (Ok(()), changes, 0), "it goes on, and is told of once");
        }
    }

    #[test]
    fn nobody_else_is_one_of_the_two() {
        for role in [Role::Administrator, Role::Support, Role::Member] {
            refused(&[present(1, None), present(2, Some(role))], Refusal::NotAllowed);
            refused(&[present(2, Some(role)), present(1, None)], Refusal::NotAllowed);
        }
        refused(&[present(1, None), present(1, None)], Refusal::SamePerson);
        let mut gone = owners();
        gone[1].account.deactivated_at = Some(NOW);
        refused(&gone, Refusal::AccountDeactivated);
    }

    #[test]
    fn both_have_given_a_second_factor_just_now() {
        let mut without = owners();
        without[0].account.second_factor = SecondFactor::None;
        refused(&without, Refusal::ApprovalNeedsFactor);
        for at in [None, Some(NOW)] {
            let mut stale = owners();
            stale[1].session.factor_at = at;
            refused(&stale, Refusal::FactorNeeded);
        }
        let mut half = owners();
        half[1].session.stage = Stage::SecondFactor;
        refused(&half, Refusal::SessionStage);
        let [one, mut other] = owners();
        other.session.account = one.account.id;
        refused(&[one, other], Refusal::SessionStage);
    }

    #[test]
    fn an_owner_makes_no_second_one_for_it() {
        for young in [0, 1] {
            let mut two = owners();
            two[young].account.owner_since = Some(LATER.plus(-HOUR));
            refused(&two, Refusal::RoleTooYoung(LATER.plus(71 * HOUR)));
        }
    }

    #[test]
    fn what_may_be_a_file_is_called_off_by_two_who_are_certain_and_what_is_one_by_nobody() {
        let off = call_off(out(), &owners(), false, LATER);
        assert_eq!((off.verdict.as_ref(), off.events[0].kind), (Ok(&()), EventKind::WorkspaceMoveOutCalledOff));
        assert_eq!(is_here(&left(&off)), Ok(()));
        let settled = left(&settle_journal(out(), Extent { size: 7, root: [9; 32] }));
        let told = left(&tell(settled));
        assert_eq!(call_off(told.clone(), &owners(), false, LATER).verdict, Err(Refusal::MoveMayHaveArrived));
        assert_eq!(call_off(told.clone(), &owners(), true, LATER).verdict, Ok(()));
        let signed = left(&begin_signing(told, "public".into(), Sealed(vec![1])));
        let accepted = left(&accept(signed, LATER, LATER));
        assert_eq!(is_here(&accepted), Err(Refusal::WorkspaceMovedOut));
        assert!(accepted.journal_keys.iter().all(|key| key.sealed.is_none()), "it signs nothing any more");
        assert_eq!(call_off(accepted.clone(), &owners(), true, LATER).verdict, Err(Refusal::WorkspaceMovedOut));
        assert_eq!(begin(accepted, &owners(), "a file", LATER).verdict, Err(Refusal::WorkspaceMovedOut));
    }

    #[test]
    fn one_file_counts_for_a_move() {
        let accepted = left(&accept(out(), LATER, LATER));
        assert_eq!(accept(accepted, LATER, LATER).verdict, Err(Refusal::ChangedMeanwhile), "another was first");
        assert_eq!(accept(out(), NOW, LATER).verdict, Err(Refusal::ChangedMeanwhile), "of a move that was called off and begun anew");
        assert_eq!(accept(workspace(Policy::default()), LATER, LATER).verdict, Err(Refusal::ChangedMeanwhile));
        assert!(
            !is_out(&left(&has_arrived(
                left(&crate::moving::begin(
                    &Policy::default(),
                    workspace(Policy::default()),
                    present(1, None).account,
                    present(1, None).session,
                    &proof(true, None),
                    "harbour",
                    LATER,
                )),
                LATER
            ))),
            "one that went to a server can be read where it was"
        );
    }
}
