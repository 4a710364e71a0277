//! Adding people, and their first sign-in.

use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::{Account, Invitation, Password},
    factor::SecondFactor,
    gate::{self, Act, Membership},
    id::AccountId,
    policy::{Obligation, Policy, obligation},
    secret_hash::Hashed,
    session::{Session, SessionId, Stage},
    sign_in::Next,
    time::Moment,
    words::{Email, Language, Name},
};

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Their account.
    pub id: AccountId,
    /// Their name.
    pub name: Name,
    /// Their address.
    pub email: Email,
    /// Their language.
    pub language: Language,
    /// Where, and as what. `None` makes an owner.
    pub membership: Option<Membership>,
}

impl NewPerson {
    /// Their account as it stands before they chose a password.
    #[must_use]
    pub fn account(self, invitation: Option<Invitation>, now: Moment) -> Account {
        Account {
            id: self.id,
            name: self.name,
            email: self.email,
            second_email: None,
            language: self.language,
            owner: self.membership.is_none(),
            memberships: self.membership.into_iter().collect(),
            created_at: now,
            password: None,
            invitation,
            second_factor: SecondFactor::None,
            pending: None,
            password_code: None,
            way_in_changed: crate::effect::Marks::default(),
            signed_in_at: None,
            kit_uses_told: 0,
            first_in_at: None,
            deactivated_at: None,
            elsewhere: false,
            privileged_until: None,
            owner_since: None,
            failed_at: Vec::new(),
            out_of_reach: crate::account::OutOfReach::default(),
        }
    }
}

/// Adds a person and invites them.
#[must_use]
pub fn invite(actor: &Account, person: NewPerson, email_taken: bool, hash: Hashed, now: Moment) -> Decision<AccountId> {
    let act = person.membership.map_or(Act::InviteOwner, |m| Act::Invite(m.role, m.community));
    if let Err(denied) = gate::may(&actor.standing(), act) {
        return Decision::refuse(denied);
    }
    if email_taken {
        return Decision::refuse(Refusal::EmailTaken);
    }
    let role = person.membership.map_or("owner", |m| m.role.as_str());
    let account = person.account(Some(Invitation::new(hash, now)), now);
    let event = Event::on(EventKind::PersonInvited, actor.id, &account)
        .word("name", account.name.as_str())
        .word("email", account.email.as_str())
        .word("role", role);
    let notice = Notice::new(account.id, NoticeKind::Invitation);
    Decision::accept(account.id).event(event).notify(notice).account(account)
}

/// Makes a new invitation; the earlier one is dead from then on.
#[must_use]
pub fn invite_again(actor: &Account, target: Account, hash: Hashed, now: Moment) -> Decision<()> {
    let to = target.id;
    let decision = renew(actor, target, hash, EventKind::InvitationRenewed, now);
    if decision.verdict.is_ok() { decision.notice(to, NoticeKind::Invitation) } else { decision }
}

/// Hands the keyboard to a person for their first sign-in: the actor's session ends with it.
#[must_use]
pub fn hand_over(actor: &Account, session: &Session, target: Account, hash: Hashed, now: Moment) -> Decision<()> {
    let mut decision = renew(actor, target, hash, EventKind::HandedOver, now);
    if decision.verdict.is_ok() {
        decision.changes.push(Change::EndSession(session.id));
    }
    decision
}

fn renew(actor: &Account, mut target: Account, hash: Hashed, kind: EventKind, now: Moment) -> Decision<()> {
    if let Err(denied) = gate::may(&actor.standing(), Act::InviteAgain(target.standing())) {
        return Decision::refuse(denied);
    }
    if target.password.is_some() {
        return Decision::refuse(Refusal::AlreadySignedIn);
    }
    if let Err(refusal) = target.admits() {
        return Decision::refuse(refusal);
    }
    target.invitation = Some(Invitation::new(hash, now));
    let event = Event::on(kind, actor.id, &target);
    Decision::accept(()).event(event).account(target)
}

/// An invitation code with the right form, and the password that came with it.
#[derive(Debug)]
pub struct Acceptance {
    /// The typed code, hashed under the invitation's recipe.
    pub code: Hashed,
    /// The chosen password, hashed.
    pub password: Password,
    /// The session to open.
    pub session: SessionId,
}

/// Accepts an invitation: the password is set, the code is spent, and a session begins. An unknown address, an
/// address without an invitation and a wrong code are answered with the same words.
#[must_use]
pub fn accept(policy: &Policy, account: Option<Account>, acceptance: Acceptance, now: Moment) -> Decision<Next> {
    let Some(mut account) = account else { return Decision::refuse(Refusal::CodeWrong) };
    let Some(invitation) = &mut account.invitation else { return Decision::refuse(Refusal::CodeWrong) };
    if let Err(closed) = invitation.failures.open(&policy.limits, now) {
        return Decision::refuse(closed);
    }
    if !invitation.hash.matches(&acceptance.code) {
        let closed = invitation.failures.fail(&policy.limits, now);
        return Decision::refuse(closed.map_or(Refusal::CodeWrong, Refusal::from)).account(account);
    }
    if invitation.is_expired(now) {
        return Decision::refuse(Refusal::InvitationExpired);
    }
    if let Err(refusal) = account.admits() {
        return Decision::refuse(refusal);
    }
    account.invitation = None;
    account.password = Some(acceptance.password);
    account.first_in_at = Some(now);
    let event = Event::own(EventKind::InvitationAccepted, &account);
    let must_enrol = obligation(policy, &account, now) == Obligation::Now;
    let stage = if must_enrol { Stage::Enrol { by_recovery: false } } else { Stage::Full };
    if !must_enrol {
        account.signed_in_at = Some(now);
    }
    let session = Session::begin(acceptance.session, account.id, stage, now);
    Decision::accept(if must_enrol { Next::Enrol } else { Next::In }).change(Change::Session(session)).event(event).account(account)
}

#[cfg(test)]
mod tests;
