//! Erasing a person: their records go, and the journal forgets who did what to whom wherever it was them.
//!
//! The journal's persons part is one commitment: actor, subject and words go together. So an entry by the person about somebody
//! else loses both names. That something happened, when, of which kind and in which communities stays, and the entry that
//! declares the erasure names every place that was emptied.

use uuid::Uuid;

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    case::Case,
    gate::{self, Act},
    id::AccountId,
    policy::Policy,
    roles::another_owner,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    time::Moment,
    token::{self, Token},
    words::Name,
    workspace::Workspace,
};

mod places;

pub use places::Places;

/// Stands where a record that stays named somebody who was erased. No account ever has it.
pub const ERASED: AccountId = AccountId(Uuid::nil());

/// Ranges that one entry declares at most: whoever did a hundred thousand things is declared by several entries.
const RANGES: usize = 2_000;

/// All that a store knows of a person beside their account, at one moment.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// The entries by or about them.
    pub entries: Places,
    /// Of these, how many are by them about somebody else, or by somebody else about them.
    pub shared: u64,
    /// What they declared erased themselves: the entries that said so are theirs, and go.
    pub declared: Places,
    /// The undecided cases about them, opened by them or approved by them.
    pub undecided: Vec<Case>,
    /// All such cases, the decided ones too.
    pub cases: u64,
    /// Their sessions.
    pub sessions: u64,
    /// Whether they asked staff for help.
    pub asked: bool,
    /// The lists of people that they imported.
    pub imports: u64,
    /// What was written to be sent to them.
    pub notices: u64,
}

/// What a store does to erase somebody, in the transaction of the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erase {
    /// Whom.
    pub account: AccountId,
    /// The entries by or about them. Where these are not exactly they by then, it is a conflict.
    pub entries: Places,
}

/// A person about to be erased.
#[derive(Debug)]
pub struct Erasing<'a> {
    /// Of which workspace.
    pub workspace: Workspace,
    /// Whom.
    pub target: Account,
    /// Every owner there is.
    pub owners: &'a [Account],
    /// The tokens assigned to them or in use by them.
    pub tokens: Vec<Token>,
    /// What else there is of them.
    pub traces: &'a Traces,
    /// Their name, as it was typed to confirm.
    pub typed: &'a str,
}

/// Whether somebody could be erased. `owners` are all there are.
///
/// # Errors
/// Why not.
pub fn may_erase(actor: &Account, target: &Account, owners: &[Account]) -> Result<(), Refusal> {
    gate::may(&actor.standing(), Act::Erase(target.standing()))?;
    if target.owner && !another_owner(owners, target) { Err(Refusal::LastOwner) } else { Ok(()) }
}

/// Whether a case that somebody waits for stands in the way: erasing ends nobody's work unseen.
///
/// # Errors
/// [`Refusal::ErasureCaseWaits`].
pub fn no_case_waits(traces: &Traces, now: Moment) -> Result<(), Refusal> {
    if traces.undecided.iter().any(|case| case.is_waiting(now)) { Err(Refusal::ErasureCaseWaits) } else { Ok(()) }
}

/// Erases a person. Answers how many entries were emptied.
#[must_use]
pub fn erase(policy: &Policy, mut actor: Account, mut session: Session, erasing: Erasing<'_>, proof: &Proof, now: Moment) -> Decision<u64> {
    let Erasing { mut workspace, target, owners, tokens, traces, typed } = erasing;
    let allowed = may_erase(&actor, &target, owners).and_then(|()| no_case_waits(traces, now));
    if let Err(refusal) = allowed {
        return Decision::refuse(refusal);
    }
    if Name::read(typed).as_ref() != Ok(&target.name) {
        return Decision::refuse(Refusal::ErasureNameDiffers);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let emptied = traces.entries.count();
    let mut decision = Decision::accept(emptied);
    let held = token::held(&target);
    for token in tokens {
        let held = held.iter().find(|held| held.token == token.id);
        let (clock, counter) =
            held.map_or_else(|| (token.clock.clone(), token.counter.clone()), |held| (held.clock.clone(), held.counter.clone()));
        decision.changes.push(token.let_go(clock, counter, now));
    }
    let named = workspace.kits.forget(target.id);
    // A rule across accounts: of two who erase each other at once, one decides again.
    if target.owner || named {
        decision.changes.push(Change::Workspace(Box::new(workspace)));
    }
    decision.changes.push(Change::Erase(Box::new(Erase { account: target.id, entries: traces.entries.clone() })));
    // What the person had declared is declared anew: else it would look as if it had been taken away unseen.
    let declared = traces.entries.clone().and(&traces.declared);
    for part in declared.parts(RANGES) {
        let event = Event { subject: None, ..Event::on(EventKind::PersonErased, actor.id, &target) };
        decision.events.push(event.word("entries", part.to_string()).word("count", part.count().to_string()));
    }
    decision.account(actor).after(trail)
}

#[cfg(test)]
mod tests;
