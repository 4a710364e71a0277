//! The journal as evidence: the key that its checkpoints are signed with, and what is written down about handing it out.

use serde::{Deserialize, Serialize};

use crate::{
    Change, Decision, Event, EventKind,
    account::Account,
    factor::Sealed,
    gate::{self, Act},
    time::{HOUR, Moment},
    workspace::Workspace,
};

/// A checkpoint is taken at least this often, in seconds, while something is written.
pub const DAILY: i64 = 24 * HOUR;

/// The key that the journal of one epoch is signed with. A workspace that was restored may go on beside the one that the
/// backup was taken of: the two do not sign as one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JournalKey {
    /// Of which epoch.
    pub epoch: u32,
    /// The public half, as `name+id+key`. It is no secret: auditors keep it.
    pub public: String,
    /// The secret half, sealed. Gone once a later epoch has a key of its own.
    pub sealed: Option<Sealed>,
}

/// How long the journal was at a moment, and what its root was: signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many entries there were.
    pub size: u64,
    /// When it was taken.
    pub at: Moment,
    /// The signed note.
    pub note: String,
}

/// The key that signs now; none before the first checkpoint of an epoch.
#[must_use]
pub fn key(workspace: &Workspace) -> Option<&JournalKey> {
    workspace.journal_keys.last().filter(|key| key.epoch == workspace.epoch)
}

/// Puts a key of this epoch in place, unless there is one already. Those before it are kept to check with, and sign no more.
#[must_use]
pub fn begin_signing(mut workspace: Workspace, public: String, sealed: Sealed) -> Decision<()> {
    if key(&workspace).is_some() {
        return Decision::accept(());
    }
    for earlier in &mut workspace.journal_keys {
        earlier.sealed = None;
    }
    let event = Event::of_itself(EventKind::JournalKeyMade).word("key", &public);
    workspace.journal_keys.push(JournalKey { epoch: workspace.epoch, public, sealed: Some(sealed) });
    Decision::accept(()).change(Change::Workspace(Box::new(workspace))).event(event)
}

/// Whether the last checkpoint is old enough for another one, of a journal that has grown since.
#[must_use]
pub fn is_due(last: Option<&Checkpoint>, size: u64, now: Moment) -> bool {
    last.is_none_or(|last| last.size != size && now.since(last.at) >= DAILY)
}

/// Lets somebody take the journal out of the program, as far as they may read it, and writes it down.
#[must_use]
pub fn export(reader: &Account, person: Option<&Account>) -> Decision<()> {
    if let Err(denied) = gate::may(&reader.standing(), Act::ReadJournal) {
        return Decision::refuse(denied);
    }
    let event = match person {
        None => Event { subject: None, ..Event::own(EventKind::JournalExported, reader) },
        Some(person) => {
            if let Err(denied) = gate::may(&reader.standing(), Act::See(person.standing())) {
                return Decision::refuse(denied);
            }
            Event::on(EventKind::JournalExported, reader.id, person).word("how", "person")
        }
    };
    Decision::accept(()).event(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Refusal, gate::Role, policy::Policy, testing::*};

    fn sealed() -> Sealed {
        Sealed(vec![1, 2, 3])
    }

    fn signing(workspace: Workspace, public: &str) -> Workspace {
        let decision = begin_signing(workspace, public.into(), sealed());
        let Some(Change::Workspace(workspace)) = decision.changes.into_iter().next() else { panic!("nothing was written") };
        assert_eq!(decision.events[0].kind, EventKind::JournalKeyMade);
        *workspace
    }

    #[test]
    fn every_epoch_signs_with_a_key_of_its_own_and_the_earlier_one_signs_no_more() {
        let mut workspace = signing(workspace(Policy::default()), "one");
        assert_eq!(key(&workspace).map(|key| key.public.as_str()), Some("one"));
        assert!(begin_signing(workspace.clone(), "two".into(), sealed()).changes.is_empty(), "one key an epoch");
        workspace.epoch += 1;
        assert!(key(&workspace).is_none());
        let workspace = signing(workspace, "two");
        let secrets: Vec<(&str, bool)> = workspace.journal_keys.iter().map(|key| (key.public.as_str(), key.sealed.is_some())).collect();
        assert_eq!(secrets, [("one", false), ("two", true)]);
    }

    #[test]
    fn a_checkpoint_is_due_once_a_day_where_something_was_written() {
        let last = Checkpoint { size: 5, at: NOW, note: String::new() };
        assert!(is_due(None, 0, NOW));
        assert!(!is_due(Some(&last), 5, NOW.plus(9 * DAILY)));
        assert!(!is_due(Some(&last), 6, NOW.plus(DAILY - 1)));
        assert!(is_due(Some(&last), 6, NOW.plus(DAILY)));
    }

    #[test]
    fn only_who_reads_the_journal_takes_it_out_and_only_about_people_within_reach() {
        let member = person(1, Some(Role::Member));
        let administrator = person(2, Some(Role::Administrator));
        let mut stranger = person(3, None);
        stranger.memberships.clear();
        assert_eq!(export(&member, None).verdict, Err(Refusal::NotAllowed));
        assert_eq!(export(&administrator, Some(&stranger)).verdict, Err(Refusal::NotAllowed));
        for person in [None, Some(&member)] {
            let decision = export(&administrator, person);
            assert_eq!(decision.verdict, Ok(()));
            assert_eq!((decision.events[0].kind, decision.events[0].subject), (EventKind::JournalExported, person.map(|person| person.id)));
        }
    }
}
