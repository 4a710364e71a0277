//! What whoever keeps a server may do at its console, and nowhere else. Nobody is signed in there: who may type there is for the
//! operating system to say. All of it is told to everybody who administers anything.

use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::{Account, Invitation},
    effect::{self, Effect},
    kit::record::Concerned,
    password_code::PasswordCode,
    policy::Policy,
    recovery,
    secret_hash::Hashed,
    time::Moment,
};

/// The codes that an owner could be let in with, hashed. Which of them are given depends on how far they had come.
#[derive(Clone, Debug)]
pub struct Codes {
    /// For an owner who never came in.
    pub invitation: Hashed,
    /// Chooses another password.
    pub password: Hashed,
    /// Leads, after the password, to enrolling anew.
    pub recovery: Hashed,
}

/// Which codes were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// The invitation code.
    Invitation,
    /// The password code, and the recovery code, which dies at this moment.
    Both(Moment),
}

/// Lets an owner in again who has lost everything: whatever they could come in with is gone, their sessions too, and the codes are
/// the only way. Whoever is no owner, is deactivated or signs in elsewhere is refused.
#[must_use]
pub fn recover_owner(policy: &Policy, account: Option<Account>, codes: Codes, concerned: &Concerned, now: Moment) -> Decision<Given> {
    let Some(mut owner) = account.filter(|account| account.owner && account.admits().is_ok()) else {
        return Decision::refuse(Refusal::NotAllowed);
    };
    let given = if owner.password.is_none() {
        owner.invitation = Some(Invitation::new(codes.invitation, now));
        Given::Invitation
    } else {
        owner.invitation = None;
        owner.password_code = Some(PasswordCode { hash: codes.password, issued_at: now, by_mail: false });
        let until = recovery::close_until_recovered(&mut owner, codes.recovery, policy.recovery_validity, now);
        effect::mark(&mut owner, Effect::Password, now);
        effect::mark(&mut owner, Effect::SecondFactor, now);
        Given::Both(until)
    };
    let event = Event { actor: None, communities: concerned.communities.clone(), ..Event::own(EventKind::ConsoleRecoveredOwner, &owner) };
    let (name, email) = (owner.name.as_str().to_owned(), owner.email.as_str().to_owned());
    let about = owner.id;
    let decision = Decision::accept(given).change(Change::EndSessions(owner.id, None)).event(event).account(owner);
    concerned.told_of(decision, |to| {
        let notice = Notice::new(to, NoticeKind::OwnerRecovered).word("name", &name).word("email", &email);
        Notice { about: Some(about), ..notice }
    })
}

/// The key that secrets are sealed with was replaced: `id` names the one that seals now.
#[must_use]
pub fn key_replaced(id: &str) -> Decision<()> {
    Decision::accept(()).event(Event::of_itself(EventKind::ConsoleReplacedKey).word("key", id))
}

#[cfg(test)]
mod tests;
