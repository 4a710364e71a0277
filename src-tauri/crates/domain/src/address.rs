//! Addresses: the one that somebody signs in with, and a second one that their notices go to as well. And how they are called.
//!
//! Whoever changes the first address changes where mailed codes go, so that it counts as an [effect]. The second
//! one takes part in nothing but being told.

use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::{Account, Invitation},
    effect::{self, Effect},
    gate::{self, Act},
    id::AccountId,
    policy::Policy,
    secret_hash::Hashed,
    session::{Session, Stage},
    sign_in::{Asks, Proof, confirm},
    time::Moment,
    words::{Email, Name},
};

/// Whether one person of the staff alone may change somebody's address now. Before a first sign-in it is a correction, like a
/// new invitation: there is nothing yet to take over.
///
/// # Errors
/// Why not.
pub fn may_change(actor: &Account, target: &Account, now: Moment) -> Result<(), Refusal> {
    if target.password.is_none() {
        return Ok(gate::may(&actor.standing(), Act::InviteAgain(target.standing()))?);
    }
    gate::may(&actor.standing(), Act::ChangeEmail(target.standing_at(now)))?;
    effect::may_follow(target, Effect::Email, now)
}

/// An address that somebody is to have.
#[derive(Clone, Debug)]
pub struct NewEmail {
    /// The address.
    pub email: Email,
    /// Whether somebody else signs in with it. Who, is nobody's business here.
    pub taken: bool,
}

impl NewEmail {
    /// Whether it could become theirs.
    ///
    /// # Errors
    /// [`Refusal::EmailUnchanged`], [`Refusal::EmailTaken`].
    pub fn fits(&self, target: &Account) -> Result<(), Refusal> {
        if target.email.as_str() == self.email.as_str() {
            return Err(Refusal::EmailUnchanged);
        }
        if self.taken { Err(Refusal::EmailTaken) } else { Ok(()) }
    }
}

/// Changes the address of somebody else. Whoever never signed in is invited anew at it, where they could come in: the
/// invitation of before may lie in a stranger's mailbox. Answers whether `invitation` was taken for that.
#[must_use]
pub fn change(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    (mut target, new): (Account, NewEmail),
    proof: &Proof,
    invitation: Hashed,
    now: Moment,
) -> Decision<bool> {
    if let Err(refusal) = may_change(&actor, &target, now).and_then(|()| new.fits(&target)) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let known = target.password.is_some();
    let mut decision = if known {
        put(actor.id, &mut target, new.email, now)
    } else {
        let before = std::mem::replace(&mut target.email, new.email);
        Decision::accept(()).event(changed(actor.id, &target, &before))
    };
    let invites = !known && target.admits().is_ok();
    if invites {
        target.invitation = Some(Invitation::new(invitation, now));
        let event = Event::on(EventKind::InvitationRenewed, actor.id, &target);
        decision = decision.event(event).notice(target.id, NoticeKind::Invitation);
    }
    answering(decision.account(actor).account(target).after(trail), invites)
}

/// Changes one's own address.
#[must_use]
pub fn change_own(policy: &Policy, mut account: Account, mut session: Session, new: NewEmail, proof: &Proof, now: Moment) -> Decision<()> {
    let trail = match confirm(policy, &mut account, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    // Only whoever proved to be the account's own learns that an address is somebody's.
    if let Err(refusal) = new.fits(&account) {
        return Decision::refuse(refusal).account(account).after(trail);
    }
    let actor = account.id;
    put(actor, &mut account, new.email, now).account(account).after(trail)
}

/// The address is another from here on: a code that lies in the old mailbox opens nothing, and both are told.
pub(crate) fn put(actor: AccountId, target: &mut Account, email: Email, now: Moment) -> Decision<()> {
    let before = std::mem::replace(&mut target.email, email);
    let second = target.second_email.clone();
    // Twice the same would tell nobody else.
    if second.as_ref().is_some_and(|second| second.folded() == target.email.folded()) {
        target.second_email = None;
    }
    target.password_code = None;
    effect::mark(target, Effect::Email, now);
    let told = addresses([Some(&before), Some(&target.email), second.as_ref()]);
    let decision = Decision::accept(()).event(changed(actor, target, &before));
    tell(decision, NoticeKind::EmailChanged, target, target.email.as_str(), told)
}

/// Tells somebody, at these addresses.
fn tell(decision: Decision<()>, kind: NoticeKind, target: &Account, email: &str, addresses: Vec<Email>) -> Decision<()> {
    let notice = Notice::new(target.id, kind).at(addresses);
    decision.notify(if email.is_empty() { notice } else { notice.word("email", email) })
}

fn answering<T, U>(decision: Decision<T>, answer: U) -> Decision<U> {
    Decision { changes: decision.changes, events: decision.events, notices: decision.notices, verdict: decision.verdict.map(|_| answer) }
}

fn changed(actor: AccountId, target: &Account, before: &Email) -> Event {
    Event::on(EventKind::EmailChanged, actor, target).word("before", before.as_str()).word("after", target.email.as_str())
}

/// Each address once.
fn addresses<const N: usize>(all: [Option<&Email>; N]) -> Vec<Email> {
    let mut told: Vec<Email> = Vec::new();
    for email in all.into_iter().flatten() {
        if told.iter().all(|other| other.folded() != email.folded()) {
            told.push(email.clone());
        }
    }
    told
}

/// Whether staff may set or remove somebody's second address: it is no way in, so that one person does.
///
/// # Errors
/// Why not.
pub fn may_set_second(actor: &Account, target: &Account) -> Result<(), Refusal> {
    Ok(gate::may(&actor.standing(), Act::ChangeSecondEmail(target.standing()))?)
}

/// Sets or removes the second address of somebody else.
#[must_use]
pub fn set_second(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    (mut target, second): (Account, Option<Email>),
    proof: &Proof,
    now: Moment,
) -> Decision<()> {
    if let Err(refusal) = may_set_second(&actor, &target).and_then(|()| second_fits(&target, second.as_ref())) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    put_second(actor.id, &mut target, second).account(actor).account(target).after(trail)
}

/// Sets or removes one's own second address.
#[must_use]
pub fn set_own_second(
    policy: &Policy,
    mut account: Account,
    mut session: Session,
    second: Option<Email>,
    proof: &Proof,
    now: Moment,
) -> Decision<()> {
    if let Err(refusal) = second_fits(&account, second.as_ref()) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut account, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let actor = account.id;
    put_second(actor, &mut account, second).account(account).after(trail)
}

fn second_fits(target: &Account, second: Option<&Email>) -> Result<(), Refusal> {
    let first = second.is_some_and(|second| second.folded() == target.email.folded());
    let same = second.map(Email::as_str) == target.second_email.as_ref().map(Email::as_str);
    if first || same { Err(Refusal::EmailUnchanged) } else { Ok(()) }
}

fn put_second(actor: AccountId, target: &mut Account, second: Option<Email>) -> Decision<()> {
    let before = std::mem::replace(&mut target.second_email, second);
    let event = match (&before, &target.second_email) {
        (_, Some(second)) => Event::on(EventKind::SecondEmailSet, actor, target).word("after", second.as_str()),
        (before, None) => {
            let before = before.as_ref().map(Email::as_str).unwrap_or_default();
            Event::on(EventKind::SecondEmailRemoved, actor, target).word("before", before)
        }
    };
    let told = addresses([Some(&target.email), before.as_ref(), target.second_email.as_ref()]);
    let email = target.second_email.as_ref().map(Email::as_str).unwrap_or_default();
    let kind = if email.is_empty() { NoticeKind::SecondEmailRemoved } else { NoticeKind::SecondEmailSet };
    tell(Decision::accept(()).event(event), kind, target, email, told)
}

/// Corrects how somebody is called: it gives nobody a way in, and is written down. One that is theirs already changes nothing.
#[must_use]
pub fn correct_name(actor: &Account, session: &Session, mut target: Account, name: Name, was: Option<&str>) -> Decision<()> {
    if session.stage != Stage::Full {
        return Decision::refuse(Refusal::SessionStage);
    }
    if let Err(refusal) = may_correct_name(actor, &target) {
        return Decision::refuse(refusal);
    }
    if target.name == name {
        return Decision::accept(());
    }
    if was.is_some_and(|was| was != target.name.as_str()) {
        return Decision::refuse(Refusal::ChangedMeanwhile);
    }
    let before = std::mem::replace(&mut target.name, name);
    let event = Event::on(EventKind::NameCorrected, actor.id, &target);
    let event = event.word("before", before.as_str()).word("after", target.name.as_str());
    Decision::accept(()).event(event).change(Change::Account(Box::new(target)))
}

/// Whether somebody may correct how this person is called.
///
/// # Errors
/// Why not.
pub fn may_correct_name(actor: &Account, target: &Account) -> Result<(), Refusal> {
    Ok(gate::may(&actor.standing(), Act::CorrectName(target.standing()))?)
}

#[cfg(test)]
mod tests;
