//! Taking a batch back.

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    effect::Marks,
    factor::SecondFactor,
    gate::{self, Act},
    policy::Policy,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    time::Moment,
};

use super::batch::{Batch, Item, Traits, Undone, told_of};

/// Why somebody of a batch cannot be put back as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// They chose a password.
    SignedIn,
    /// Somebody changed them since.
    Changed,
    /// They are not there any more.
    Gone,
}

/// Somebody of a batch, as they are now.
#[derive(Clone, Debug)]
pub struct Person {
    /// What the import did to them.
    pub item: Item,
    /// Their account, if it is there.
    pub account: Option<Account>,
    /// Whether a record beside the account names them: a case, a token.
    pub named: bool,
}

/// Whether somebody stands in the way of taking their batch back. An invitation does not: it is void with them.
#[must_use]
pub fn moved(person: &Person) -> Option<Moved> {
    let Some(account) = &person.account else { return Some(Moved::Gone) };
    if account.password.is_some() || account.first_in_at.is_some() || account.signed_in_at.is_some() {
        return Some(Moved::SignedIn);
    }
    let untouched = Traits::of(account) == person.item.after
        && matches!(account.second_factor, SecondFactor::None)
        && account.pending.is_none()
        && account.password_code.is_none()
        && account.way_in_changed == Marks::default()
        && account.deactivated_at.is_none()
        && !account.elsewhere;
    // Who was here before the batch may be named anywhere: they stay.
    if untouched && (person.item.before.is_some() || !person.named) { None } else { Some(Moved::Changed) }
}

/// Removes whom a batch added and puts back what it changed, all of it or nothing. `people` is everybody of the batch.
#[must_use]
pub fn undo(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    mut batch: Batch,
    people: Vec<Person>,
    proof: &Proof,
    now: Moment,
) -> Decision<()> {
    if let Err(refusal) = may_undo(&actor, &batch) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let refuse = |refusal: Refusal, actor: Account| Decision::refuse(refusal).after(trail.clone()).account(actor);
    if batch.undone.is_some() {
        return refuse(Refusal::ImportUndone, actor);
    }
    if people.iter().any(|person| moved(person).is_some()) {
        return refuse(Refusal::ImportMoved, actor);
    }
    let reached = |person: &Person| {
        let account = person.account.as_ref().expect("nobody is gone");
        gate::may(&actor.standing(), Act::InviteAgain(account.standing())).is_ok()
    };
    if !people.iter().all(reached) {
        return refuse(Refusal::NotAllowed, actor);
    }
    let mut decision = Decision::accept(());
    for person in people {
        let mut account = person.account.expect("nobody is gone");
        match person.item.before {
            None => {
                decision.events.push(told(&actor, &account).word("how", "removed").word("email", account.email.as_str()));
                decision.changes.push(Change::RemoveAccount(account.id));
            }
            Some(before) => {
                let mut event = told(&actor, &account).word("how", "restored");
                before.put_back(&mut account);
                for held in &account.memberships {
                    if !event.communities.contains(&held.community) {
                        event.communities.push(held.community);
                    }
                }
                decision.events.push(event.word("name", account.name.as_str()));
                decision.changes.push(Change::Account(Box::new(account)));
            }
        }
    }
    batch.undone = Some(Undone { by: actor.id, at: now });
    decision.events.push(told_of(EventKind::ImportUndone, &actor, &batch));
    decision.changes.push(Change::Import(Box::new(batch)));
    decision.account(actor).after(trail)
}

/// Whether somebody may take a batch back at all: owners every one, others their own.
///
/// # Errors
/// [`Refusal::NotAllowed`].
pub fn may_undo(actor: &Account, batch: &Batch) -> Result<(), Refusal> {
    gate::may(&actor.standing(), Act::Import)?;
    if actor.owner || batch.by == actor.id { Ok(()) } else { Err(Refusal::NotAllowed) }
}

fn told(actor: &Account, account: &Account) -> Event {
    Event::on(EventKind::PersonImportUndone, actor.id, account).word("name", account.name.as_str())
}
