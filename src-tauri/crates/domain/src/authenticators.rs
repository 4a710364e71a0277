//! One's own authenticators: their names, which is asked first, and removing one of several.

use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::Account,
    factor::{Factors, SecondFactor},
    id::AuthenticatorId,
    policy::Policy,
    session::{Session, Stage},
    sign_in::{Asks, Proof, confirm},
    time::Moment,
    words::Name,
};

fn factors<'a>(account: &'a mut Account, session: &Session, id: AuthenticatorId) -> Result<&'a mut Factors, Refusal> {
    if session.stage != Stage::Full {
        return Err(Refusal::SessionStage);
    }
    match &mut account.second_factor {
        SecondFactor::Active(factors) if factors.authenticators.iter().any(|each| each.id == id) => Ok(factors),
        SecondFactor::Active(_) => Err(Refusal::AuthenticatorGone),
        _ => Err(Refusal::NoFactor),
    }
}

/// Gives an authenticator another name.
#[must_use]
pub fn rename(mut account: Account, session: &Session, id: AuthenticatorId, name: Name) -> Decision<()> {
    let factors = match factors(&mut account, session, id) {
        Ok(factors) => factors,
        Err(refusal) => return Decision::refuse(refusal),
    };
    if factors.has_name(&name, Some(id)) {
        return Decision::refuse(Refusal::AuthenticatorNameTaken);
    }
    let Some(authenticator) = factors.authenticators.iter_mut().find(|each| each.id == id) else {
        return Decision::refuse(Refusal::AuthenticatorGone);
    };
    if authenticator.name == name {
        return Decision::accept(());
    }
    let before = std::mem::replace(&mut authenticator.name, name.clone());
    let event = Event::own(EventKind::AuthenticatorRenamed, &account).word("authenticator", name.as_str()).word("before", before.as_str());
    Decision::accept(()).event(event).account(account)
}

/// Chooses the authenticator that is asked first at sign-in. The others are accepted all the same.
#[must_use]
pub fn prefer(mut account: Account, session: &Session, id: AuthenticatorId) -> Decision<()> {
    let factors = match factors(&mut account, session, id) {
        Ok(factors) => factors,
        Err(refusal) => return Decision::refuse(refusal),
    };
    if factors.preferred == id {
        return Decision::accept(());
    }
    factors.preferred = id;
    let name = factors.first_asked().map(|first| first.name.as_str().to_owned()).unwrap_or_default();
    Decision::accept(()).event(Event::own(EventKind::PreferredChanged, &account).word("authenticator", name)).account(account)
}

/// Removes one of several authenticators. Where it was asked first, the one used last is asked first from then on.
/// `elsewhere` ends every other session of the account, too.
#[must_use]
pub fn remove(
    policy: &Policy,
    mut account: Account,
    mut session: Session,
    proof: &Proof,
    id: AuthenticatorId,
    elsewhere: bool,
    now: Moment,
) -> Decision<()> {
    match factors(&mut account, &session, id) {
        Ok(factors) if factors.authenticators.len() < 2 => return Decision::refuse(Refusal::LastAuthenticator),
        Ok(_) => {}
        Err(refusal) => return Decision::refuse(refusal),
    }
    let trail = match confirm(policy, &mut account, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let SecondFactor::Active(factors) = &mut account.second_factor else { return Decision::refuse(Refusal::NoFactor).after(trail) };
    let Some(at) = factors.authenticators.iter().position(|each| each.id == id) else {
        return Decision::refuse(Refusal::AuthenticatorGone).after(trail);
    };
    let removed = factors.authenticators.remove(at);
    if factors.preferred == id
        && let Some(last_used) = factors.authenticators.iter().max_by_key(|each| (each.used_at, each.added_at))
    {
        factors.preferred = last_used.id;
    }
    let event = Event::own(EventKind::AuthenticatorRemoved, &account).word("authenticator", removed.name.as_str());
    let notice = Notice::new(account.id, NoticeKind::AuthenticatorRemoved).word("name", removed.name.as_str());
    let mut decision = Decision::accept(()).event(event).notify(notice);
    if elsewhere {
        decision = decision.change(Change::EndSessions(account.id, Some(session.id)));
    }
    decision.account(account).after(trail)
}

#[cfg(test)]
mod tests;
