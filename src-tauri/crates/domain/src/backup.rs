//! Backups of a workspace: who may take one, and when the last is too old.

use crate::{
    Change, Decision, Event, EventKind,
    account::Account,
    gate::{self, Act},
    policy::Policy,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    time::{HOUR, Moment},
    workspace::Workspace,
};

const DAY: i64 = 24 * HOUR;
/// A backup older than so many seconds is old.
pub const OLD: i64 = 30 * DAY;
/// So long a new workspace may go without one.
pub const FIRST: i64 = 7 * DAY;

/// Why a backup should be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// There never was one.
    Never,
    /// The last one is old.
    Old,
}

/// Whether the owners should be reminded.
#[must_use]
pub fn due(workspace: &Workspace, now: Moment) -> Option<Due> {
    match workspace.backed_up_at {
        None => (now.since(workspace.created_at) > FIRST).then_some(Due::Never),
        Some(at) => (now.since(at) > OLD).then_some(Due::Old),
    }
}

/// Lets an owner take a backup. What opens it is what opens the vault, so it asks for as much as a change of that.
#[must_use]
pub fn may_take(policy: &Policy, mut owner: Account, mut session: Session, proof: &Proof, now: Moment) -> Decision<()> {
    if let Err(denied) = gate::may(&owner.standing(), Act::KeepVault) {
        return Decision::refuse(denied);
    }
    match confirm(policy, &mut owner, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => Decision::accept(()).account(owner).after(trail),
        Err((refusal, trail)) => Decision::refuse(refusal).after(trail),
    }
}

/// Writes down that one was taken by somebody who [was let](may_take), under this file name.
#[must_use]
pub fn taken(mut workspace: Workspace, by: &Account, file: &str, at: Moment) -> Decision<()> {
    workspace.backed_up_at = Some(at);
    let event = Event { subject: None, ..Event::own(EventKind::BackupTaken, by) }.word("file", file);
    Decision::accept(()).change(Change::Workspace(Box::new(workspace))).event(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Refusal, gate::Role, session::Stage, testing::*};

    #[test]
    fn owners_are_reminded_after_a_week_without_and_a_month_after_the_last() {
        let mut workspace = workspace(Policy::default());
        assert_eq!(due(&workspace, NOW.plus(FIRST)), None);
        assert_eq!(due(&workspace, NOW.plus(FIRST + 1)), Some(Due::Never));
        workspace.backed_up_at = Some(NOW);
        assert_eq!(due(&workspace, NOW.plus(OLD)), None);
        assert_eq!(due(&workspace, NOW.plus(OLD + 1)), Some(Due::Old));
        assert_eq!(due(&workspace, NOW.plus(-OLD)), None, "a clock set back reminds nobody");
    }

    #[test]
    fn only_an_owner_with_password_and_a_fresh_factor_takes_a_backup() {
        let try_take = |account: &Account, factor_at, proof: &Proof| {
            let session = Session { factor_at, ..session(account, Stage::Full) };
            may_take(&Policy::default(), account.clone(), session, proof, NOW).verdict
        };
        let owner = enrolled(person(1, None)).account;
        assert_eq!(try_take(&owner, Some(NOW), &proof(true, None)), Ok(()));
        assert_eq!(try_take(&owner, Some(NOW), &proof(false, None)), Err(Refusal::WrongPassword));
        assert_eq!(try_take(&owner, None, &proof(true, None)), Err(Refusal::FactorNeeded));
        for role in [Role::Administrator, Role::Support, Role::Member] {
            assert_eq!(try_take(&person(2, Some(role)), Some(NOW), &proof(true, None)), Err(Refusal::NotAllowed));
        }
    }

    #[test]
    fn a_backup_that_was_taken_is_remembered_and_journalled() {
        let decision = taken(workspace(Policy::default()), &person(1, None), "workspace.backup", NOW);
        assert!(matches!(&*decision.changes, [Change::Workspace(workspace)] if workspace.backed_up_at == Some(NOW)));
        assert!(matches!(&*decision.events, [event] if event.kind == EventKind::BackupTaken && event.words["file"] == "workspace.backup"));
    }
}
