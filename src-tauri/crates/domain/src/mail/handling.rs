//! What people do with notices: have them sent again, or hand them over on paper.

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    gate::{self, Act},
    mail::outbox::Mail,
    time::Moment,
};

/// Whether somebody may do anything with notices to this person.
///
/// # Errors
/// What the gate says.
pub fn may_handle(actor: &Account, target: &Account) -> Result<(), Refusal> {
    Ok(gate::may(&actor.standing(), Act::HandleNotice(target.standing()))?)
}

/// Has a notice sent again; one that waits is tried at once. `on` says whether mail is set up and on.
#[must_use]
pub fn resend(actor: &Account, target: &Account, mut mail: Mail, on: bool, now: Moment) -> Decision<()> {
    if let Err(refusal) = may_handle(actor, target).and_then(|()| mail.may_resend(on)) {
        return Decision::refuse(refusal);
    }
    mail.resend(now);
    let event = about(EventKind::NoticeResent, actor, target, &mail);
    Decision::accept(()).event(event).change(Change::Mail(Box::new(mail)))
}

/// Notes that a notice was handed over as a letter.
#[must_use]
pub fn hand_over(actor: &Account, target: &Account, mut mail: Mail, now: Moment) -> Decision<()> {
    if let Err(refusal) = may_handle(actor, target) {
        return Decision::refuse(refusal);
    }
    if !mail.may_hand_over() {
        return Decision::refuse(Refusal::NoticeMoved);
    }
    mail.hand_over(actor.id, now);
    let event = about(EventKind::NoticeHandedOver, actor, target, &mail);
    Decision::accept(()).event(event).change(Change::Mail(Box::new(mail)))
}

fn about(kind: EventKind, actor: &Account, target: &Account, mail: &Mail) -> Event {
    Event::on(kind, actor.id, target).word("notice", mail.kind.as_str())
}
