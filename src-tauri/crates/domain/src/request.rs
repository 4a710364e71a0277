//! "Can't use your authenticator?": somebody asks staff, and it waits on the support desk.

use serde::{Deserialize, Serialize};

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    effect::Effect,
    gate::{self, Act},
    id::AccountId,
    policy::DAY,
    session::{Session, Stage},
    time::{HOUR, Moment},
};

/// How long a request waits before it is forgotten, in seconds.
const WAITS: i64 = 7 * DAY;
/// How soon somebody may ask again, in seconds.
const AGAIN: i64 = HOUR;

/// The one request of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpRequest {
    /// Whose.
    pub account: AccountId,
    /// When they asked.
    pub asked_at: Moment,
    /// When staff put it away without a reset.
    pub dismissed_at: Option<Moment>,
}

impl HelpRequest {
    /// Whether it still waits: nobody reset or dismissed it, and its person has not come in since.
    #[must_use]
    pub fn waits(&self, account: &Account, now: Moment) -> bool {
        let reset = account.way_in_changed.last(Effect::SecondFactor).is_some_and(|at| at >= self.asked_at);
        let came_in = account.signed_in_at.is_some_and(|at| at >= self.asked_at);
        self.dismissed_at.is_none() && !reset && !came_in && account.admits().is_ok() && now.since(self.asked_at) < WAITS
    }
}

/// Asks staff. Only whoever gave the right password may, and at most once an hour: see the stage of the session.
#[must_use]
pub fn ask(account: &Account, session: &Session, earlier: Option<&HelpRequest>, now: Moment) -> Decision<()> {
    if session.stage != Stage::SecondFactor {
        return Decision::refuse(Refusal::SessionStage);
    }
    if let Some(earlier) = earlier
        && (earlier.waits(account, now) || now.since(earlier.asked_at) < AGAIN)
    {
        return Decision::refuse(Refusal::AlreadyAsked(earlier.asked_at));
    }
    let request = HelpRequest { account: account.id, asked_at: now, dismissed_at: None };
    Decision::accept(()).change(Change::HelpRequest(request)).event(Event::own(EventKind::HelpAsked, account))
}

/// Puts a request away. One that does not wait any more is left as it is, and so is a later one than was `seen`, where that matters.
#[must_use]
pub fn dismiss(actor: &Account, target: &Account, request: Option<HelpRequest>, seen: Option<Moment>, now: Moment) -> Decision<()> {
    if let Err(denied) = gate::may(&actor.standing(), Act::Unlock(target.standing())) {
        return Decision::refuse(denied);
    }
    let Some(request) = request.filter(|request| request.waits(target, now)) else { return Decision::accept(()) };
    if seen.is_some_and(|seen| seen != request.asked_at) {
        return Decision::refuse(Refusal::ChangedMeanwhile);
    }
    Decision::accept(()).change(Change::HelpRequest(HelpRequest { dismissed_at: Some(now), ..request })).event(Event::on(
        EventKind::HelpDismissed,
        actor.id,
        target,
    ))
}

#[cfg(test)]
mod tests;
