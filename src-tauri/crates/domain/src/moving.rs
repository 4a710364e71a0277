//! Moving a workspace to another home: the house that it leaves takes no more changes from the moment the move begins, and the
//! one that it comes to has no workspace until all of it is there.

pub mod out;

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    factor::{Counter, SecondFactor},
    gate::{self, Act},
    id::{AccountId, WorkspaceId},
    kit::record::Kits,
    policy::Policy,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    throttle::Failures,
    time::Moment,
    workspace::Workspace,
};

/// How long a journal is, and its root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: [u8; 32],
}

/// Written into the workspace that goes away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// Where to, as people call it.
    pub to: String,
    /// Who let it go.
    pub by: AccountId,
    /// Who did so with them, where it left a server: that takes two, and whoever asks is refused from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<AccountId>,
    /// When the move began.
    pub at: Moment,
    /// What of the journal goes along, once that is settled. Whatever is written after it stays behind.
    pub journal: Option<Extent>,
    /// Whether the other side was told that this is all: from then on it may have arrived.
    pub told: bool,
    /// When it had arrived.
    pub arrived_at: Option<Moment>,
}

/// What is kept, in the order in which it goes over: nothing comes before what it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Communities.
    Communities,
    /// Accounts.
    People,
    /// How people were called whose accounts were removed.
    RemovedNames,
    /// Tokens.
    Tokens,
    /// Cases.
    Cases,
    /// Requests for help.
    Requests,
    /// What people say was not them.
    Reports,
    /// Imports of people.
    Imports,
    /// What they did to whom.
    ImportedPeople,
    /// Notices, sent and unsent.
    Notices,
    /// Entries of the journal.
    Entries,
    /// Checkpoints.
    Checkpoints,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 12] = [
        Self::Communities,
        Self::People,
        Self::RemovedNames,
        Self::Tokens,
        Self::Cases,
        Self::Requests,
        Self::Reports,
        Self::Imports,
        Self::ImportedPeople,
        Self::Notices,
        Self::Entries,
        Self::Checkpoints,
    ];

    /// The one that goes over after it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind > self)
    }
}

/// Up to where a move has come: what goes over next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Of what.
    pub kind: Kind,
    /// After the record with this key; from the first where there is none.
    pub after: Option<(Uuid, Uuid)>,
    /// So many of those that have no key but their place are over.
    pub passed: u64,
}

impl Place {
    /// Where a kind begins.
    #[must_use]
    pub fn first(kind: Kind) -> Self {
        Self { kind, after: None, passed: 0 }
    }
}

/// Written into the store that a workspace comes to, before there is a workspace in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Which workspace.
    pub workspace: WorkspaceId,
    /// When its move began, where it left. One that was called off and begun again is another.
    pub at: Moment,
    /// What of its journal goes along.
    pub journal: Extent,
    /// How many parts are here.
    pub parts: u64,
    /// What the next one begins with; `None` once all are here.
    pub next: Option<Place>,
    /// Whether it is whole, and has its workspace.
    pub arrived: bool,
}

impl Arrival {
    /// One of which nothing is here yet.
    #[must_use]
    pub fn begun(workspace: WorkspaceId, at: Moment, journal: Extent) -> Self {
        Self { workspace, at, journal, parts: 0, next: Some(Place::first(Kind::Communities)), arrived: false }
    }
}

/// Why a workspace takes no change.
///
/// # Errors
/// [`Refusal::WorkspaceMoving`], [`Refusal::WorkspaceMoved`], [`Refusal::WorkspaceMovedOut`].
pub fn is_here(workspace: &Workspace) -> Result<(), Refusal> {
    match &workspace.away {
        None => Ok(()),
        Some(_) if out::is_out(workspace) => Err(Refusal::WorkspaceMovedOut),
        Some(away) if away.arrived_at.is_some() => Err(Refusal::WorkspaceMoved),
        Some(_) => Err(Refusal::WorkspaceMoving),
    }
}

/// Lets a workspace go: from here on it changes no more. Begun already to the same place, it goes on.
#[must_use]
pub fn begin(
    policy: &Policy,
    workspace: Workspace,
    mut owner: Account,
    mut session: Session,
    proof: &Proof,
    to: &str,
    now: Moment,
) -> Decision<()> {
    if let Err(denied) = gate::may(&owner.standing(), Act::KeepVault) {
        return Decision::refuse(denied);
    }
    let trail = match confirm(policy, &mut owner, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let decision = match &workspace.away {
        None => gone(workspace, &owner, to, now),
        Some(away) if away.arrived_at.is_some() => Decision::refuse(Refusal::WorkspaceMoved),
        Some(away) if away.to != to => Decision::refuse(Refusal::WorkspaceMoving),
        Some(_) => Decision::accept(()),
    };
    decision.account(owner).after(trail)
}

fn gone(mut workspace: Workspace, by: &Account, to: &str, now: Moment) -> Decision<()> {
    workspace.away = Some(Away { to: to.into(), by: by.id, second: None, at: now, journal: None, told: false, arrived_at: None });
    let event = Event { subject: None, ..Event::own(EventKind::WorkspaceMovedAway, by) }.word("to", to);
    Decision::accept(()).change(Change::Workspace(Box::new(workspace))).event(event)
}

/// Settles what of the journal goes along. Once for a move.
#[must_use]
pub fn settle_journal(mut workspace: Workspace, journal: Extent) -> Decision<()> {
    match &mut workspace.away {
        Some(away) if away.journal.is_none() => away.journal = Some(journal),
        _ => return Decision::accept(()),
    }
    Decision::accept(()).change(Change::Workspace(Box::new(workspace)))
}

/// Notes, before it is said, that the other side is told that this is all.
#[must_use]
pub fn tell(mut workspace: Workspace) -> Decision<()> {
    match &mut workspace.away {
        Some(away) if !away.told => away.told = true,
        _ => return Decision::accept(()),
    }
    Decision::accept(()).change(Change::Workspace(Box::new(workspace)))
}

/// It has arrived. The journal of the house that it left is signed no more.
#[must_use]
pub fn has_arrived(mut workspace: Workspace, now: Moment) -> Decision<()> {
    match &mut workspace.away {
        Some(away) if away.arrived_at.is_none() => away.arrived_at = Some(now),
        _ => return Decision::accept(()),
    }
    forget_seeds(&mut workspace);
    Decision::accept(()).change(Change::Workspace(Box::new(workspace)))
}

fn forget_seeds(workspace: &mut Workspace) {
    workspace.journal_keys.iter_mut().for_each(|key| key.sealed = None);
}

/// Calls a move off: the workspace stays, and changes again. Once the other side was told that this is all, only for
/// somebody who is `certain` that it did not arrive: else there would be two of it.
#[must_use]
pub fn call_off(
    policy: &Policy,
    mut workspace: Workspace,
    mut owner: Account,
    mut session: Session,
    proof: &Proof,
    certain: bool,
    now: Moment,
) -> Decision<()> {
    if let Err(denied) = gate::may(&owner.standing(), Act::KeepVault) {
        return Decision::refuse(denied);
    }
    let trail = match confirm(policy, &mut owner, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let decision = match workspace.away.take() {
        None => Decision::accept(()),
        Some(away) if away.arrived_at.is_some() => Decision::refuse(Refusal::WorkspaceMoved),
        Some(away) if away.told && !certain => Decision::refuse(Refusal::MoveMayHaveArrived),
        Some(away) => {
            let event = Event { subject: None, ..Event::own(EventKind::WorkspaceMoveCalledOff, &owner) }.word("to", away.to);
            Decision::accept(()).change(Change::Workspace(Box::new(workspace))).event(event)
        }
    };
    decision.account(owner).after(trail)
}

/// The record of a workspace in its new home, where it begins an epoch. The kits opened what it came out of, and stay there; programs
/// that asked a server whether codes are right asked that one.
#[must_use]
pub fn arrive(mut workspace: Workspace, journal: &Extent) -> Decision<()> {
    workspace.epoch = workspace.epoch.saturating_add(1);
    workspace.kits = Kits::default();
    workspace.backed_up_at = None;
    workspace.clients.clear();
    forget_seeds(&mut workspace);
    let to = workspace.away.take().map(|away| away.to).unwrap_or_default();
    let event = Event::of_itself(EventKind::WorkspaceMovedHere)
        .word("to", to)
        .word("epoch", workspace.epoch.to_string())
        .word("size", journal.size.to_string())
        .word("root", hex(&journal.root));
    Decision::accept(()).change(Change::Workspace(Box::new(workspace))).event(event)
}

/// Whether something may be written in a workspace that is [away](Away): what reading it takes, and nothing more. Accounts are
/// looked at besides, as [`but_for_signing_in`].
#[must_use]
pub fn is_reading(changes: &[Change], events: &[Event]) -> bool {
    let reads = |event: &Event| {
        matches!(
            event.kind,
            EventKind::SignedInWithPassword
                | EventKind::SignedInWithAuthenticator
                | EventKind::FailuresLocked
                | EventKind::SignedOut
                | EventKind::SessionLocked
                | EventKind::SessionUnlocked
                | EventKind::JournalExported
                | EventKind::PeopleExported
                | EventKind::Refused
        )
    };
    let writes = |change: &Change| {
        matches!(
            change,
            Change::Session(_)
                | Change::EndSession(_)
                | Change::EndSessions(..)
                | Change::Throttle(..)
                | Change::CountsOf(..)
                | Change::Account(_)
        )
    };
    events.iter().all(reads) && changes.iter().all(writes)
}

/// An account without what coming in by an authenticator writes into it. Backup codes stay: one that was used here would still be
/// good in the new home.
#[must_use]
pub fn but_for_signing_in(mut account: Account) -> Account {
    account.signed_in_at = None;
    account.kit_uses_told = 0;
    if let SecondFactor::Active(factors) = &mut account.second_factor {
        factors.failures = Failures::default();
        for authenticator in &mut factors.authenticators {
            authenticator.used_at = None;
            authenticator.clock = crate::factor::Clock::default();
            authenticator.counter = Counter::at(0);
        }
    }
    account
}

/// Bytes in hexadecimal, lower case.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _written = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
