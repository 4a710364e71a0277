//! A desktop that was lost or stolen: who is told of it, each of them once.

use serde::{Deserialize, Serialize};

use super::{Device, State, by_owner, may_keep};
use crate::{Change, Decision, EventKind, Notice, NoticeKind, Refusal, account::Account, id::AccountId, time::Moment, words::Name};

/// Somebody who was told, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostTold {
    /// Who.
    pub person: AccountId,
    /// When.
    pub at: Moment,
}

/// Why somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// They worked at it.
    Staff,
    /// A code was issued for them there.
    Issued,
    /// They administer somebody whom it could have shown, or for whom a code was issued there.
    Administers,
}

impl Concern {
    /// The word that the notice says it with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Issued => "issued",
            Self::Administers => "administers",
        }
    }
}

/// Somebody who is to be told.
#[derive(Clone, Debug)]
pub struct Concerned {
    /// Who.
    pub person: AccountId,
    /// Why.
    pub why: Concern,
    /// Who issued their code there, or whose desktop it was.
    pub by: Option<(AccountId, Name)>,
}

/// How many were told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Now.
    pub now: u64,
    /// When others were told before, the last time.
    pub before: Option<Moment>,
}

/// The device, if it was ever in somebody's hands.
///
/// # Errors
/// [`Refusal::DeviceGone`]: there is no such device, or nobody ever paired it.
pub fn had(device: Option<Device>) -> Result<Device, Refusal> {
    let device = device.ok_or(Refusal::DeviceGone)?;
    match device.state {
        State::Paired { .. } | State::Revoked { paired: Some(_), .. } => Ok(device),
        State::Invited { .. } | State::Revoked { paired: None, .. } => Err(Refusal::DeviceGone),
    }
}

impl Device {
    /// When somebody was told that it was lost.
    #[must_use]
    pub fn told_at(&self, person: AccountId) -> Option<Moment> {
        self.told.iter().find(|told| told.person == person).map(|told| told.at)
    }

    /// When anybody was, the last time.
    #[must_use]
    pub fn last_told(&self) -> Option<Moment> {
        self.told.iter().map(|told| told.at).max()
    }

    /// Without what it says of somebody who is erased, other than as their own.
    pub fn forget(&mut self, person: AccountId) {
        self.told.retain(|told| told.person != person);
        self.signed_in.retain(|id| *id != person);
    }
}

/// Tells those who were not told before. The notice says that it lets nobody in any more, so that it is taken back first.
#[must_use]
pub fn tell(actor: &Account, device: Option<Device>, concerned: &[Concerned], now: Moment) -> Decision<Tally> {
    if let Err(refusal) = may_keep(actor) {
        return Decision::refuse(refusal);
    }
    let mut device = match had(device) {
        Ok(device) if device.in_use().is_ok() => return Decision::refuse(Refusal::DeviceStillPaired),
        Ok(device) => device,
        Err(refusal) => return Decision::refuse(refusal),
    };
    let before = device.last_told();
    let mut notices = Vec::new();
    for one in concerned {
        if one.person == actor.id || device.told_at(one.person).is_some() {
            continue;
        }
        device.told.push(LostTold { person: one.person, at: now });
        let notice = Notice::new(one.person, NoticeKind::DeviceLost).word("device", device.name.as_str()).word("to", one.why.as_str());
        notices.push(match &one.by {
            Some((id, name)) => Notice { about: Some(*id), ..notice.word("by", name.as_str()) },
            None => notice,
        });
    }
    let told = Tally { now: notices.len() as u64, before };
    if notices.is_empty() {
        return Decision::accept(told);
    }
    let event = by_owner(EventKind::DeviceLostTold, actor, &device).word("people", told.now.to_string());
    let decision = Decision::accept(told).event(event).change(Change::Device(Box::new(device)));
    notices.into_iter().fold(decision, Decision::notify)
}

#[cfg(test)]
mod tests;
