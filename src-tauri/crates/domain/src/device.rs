//! Devices: the desktops that are paired with a server. Each is one desktop of one person.
//!
//! A device is invited by an owner, or at the server's console, with a [pairing code](PairingCode). Whoever types that at a desktop
//! within a quarter of an hour pairs it: the desktop draws a key of its own, and from then on proves it with [every request](Asked).

use serde::{Deserialize, Serialize};

use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::Account,
    decision::ThrottleKey,
    gate::{self, Act},
    id::{AccountId, DeviceId},
    policy::Policy,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    throttle::{Failures, Limits},
    time::{HOUR, MINUTE, Moment},
    words::Name,
};

mod code;
pub mod lost;
mod proof;

pub use code::{CodeHash, Fingerprint, PairingCode};
pub use lost::LostTold;
pub use proof::{Asked, HEADER, PublicKey, Shown};

/// How long a pairing code is good, in seconds.
pub const PAIRING_VALIDITY: i64 = 15 * MINUTE;
/// A sign of life is written down at most so often, in seconds.
const GRAIN: i64 = HOUR;
/// How codes that nobody has are answered, from one place. Nothing is ever closed for good.
const TRIES: Limits = Limits { per_minute: 5, wait: 5 * MINUTE, in_a_row: u32::MAX };

/// One desktop.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// What it is called.
    pub name: Name,
    /// Where it stands.
    pub state: State,
    /// Who invited it; nobody where that was done at the server's console.
    pub invited_by: Option<AccountId>,
    /// When.
    pub invited_at: Moment,
    /// Whose it is: who was the first to come through both doors by it.
    pub person: Option<AccountId>,
    /// When it was last used, to the hour.
    pub seen_at: Option<Moment>,
    /// Who was signed in through it when it was taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed_in: Vec<AccountId>,
    /// Who was told that it was lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<LostTold>,
}

/// Where a device stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its pairing code waits to be typed.
    Invited {
        /// The code, hashed.
        hash: CodeHash,
        /// When it is too late.
        expires_at: Moment,
    },
    /// In use.
    Paired {
        /// What its proofs are checked with.
        key: PublicKey,
        /// Since when.
        paired_at: Moment,
    },
    /// Taken back: the code, or the device.
    Revoked {
        /// When.
        at: Moment,
        /// By which owner; by nobody where a new epoch did it.
        by: Option<AccountId>,
        /// The key that it had and since when, if it was ever paired: whoever proves that is told what became of it.
        paired: Option<(PublicKey, Moment)>,
    },
}

impl Device {
    /// The hash of the code that it can be paired by, whether or not that is still in time.
    #[must_use]
    pub fn code_hash(&self) -> Option<CodeHash> {
        match &self.state {
            State::Invited { hash, .. } => Some(*hash),
            State::Paired { .. } | State::Revoked { .. } => None,
        }
    }

    /// Until when it is of any use: for good once it is paired.
    #[must_use]
    pub fn live_until(&self) -> Moment {
        match &self.state {
            State::Invited { expires_at, .. } => *expires_at,
            State::Paired { .. } => Moment(i64::MAX),
            State::Revoked { .. } => Moment(i64::MIN),
        }
    }

    /// Whether this proof is its own. Wrong proofs are answered like those of a device that there is not.
    ///
    /// # Errors
    /// [`Refusal::DeviceUnknown`]; [`Refusal::DeviceRevoked`] for one that proves itself and was taken back.
    pub fn proved(&self, asked: &Asked<'_>, signature: &[u8; 64]) -> Result<(), Refusal> {
        let (key, revoked) = match &self.state {
            State::Paired { key, .. } => (key, false),
            State::Revoked { paired: Some((key, _)), .. } => (key, true),
            State::Invited { .. } | State::Revoked { paired: None, .. } => return Err(Refusal::DeviceUnknown),
        };
        if asked.device != self.id || !key.proves(asked, signature) {
            return Err(Refusal::DeviceUnknown);
        }
        if revoked { Err(Refusal::DeviceRevoked) } else { Ok(()) }
    }

    /// Whether anything may be done through it now.
    ///
    /// # Errors
    /// [`Refusal::DeviceRevoked`].
    pub fn in_use(&self) -> Result<(), Refusal> {
        if matches!(self.state, State::Paired { .. }) { Ok(()) } else { Err(Refusal::DeviceRevoked) }
    }

    /// The device with what is to be noted of its use, if anything: whose it is, once, and when it was used, by the hour.
    #[must_use]
    pub fn noted(&self, came_in: Option<AccountId>, now: Moment) -> Option<Self> {
        let whose = self.person.is_none() && came_in.is_some();
        let due = self.seen_at.is_none_or(|seen| now.since(seen) >= GRAIN || seen.since(now) >= GRAIN);
        (whose || due).then(|| Self { person: self.person.or(came_in), seen_at: Some(now), ..self.clone() })
    }
}

/// A device to be invited.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Which.
    pub id: DeviceId,
    /// What it is to be called.
    pub name: Name,
    /// Its code, hashed.
    pub hash: CodeHash,
}

impl NewDevice {
    fn invited(self, by: Option<AccountId>, now: Moment) -> (Device, Moment) {
        let expires_at = now.plus(PAIRING_VALIDITY);
        let state = State::Invited { hash: self.hash, expires_at };
        let device = Device {
            id: self.id,
            name: self.name,
            state,
            invited_by: by,
            invited_at: now,
            person: None,
            seen_at: None,
            signed_in: Vec::new(),
            told: Vec::new(),
        };
        (device, expires_at)
    }
}

/// Whether somebody may look after devices at all.
///
/// # Errors
/// What the gate says.
pub fn may_keep(actor: &Account) -> Result<(), Refusal> {
    Ok(gate::may(&actor.standing(), Act::KeepDevices)?)
}

/// Invites a device. Answers until when its code is good.
#[must_use]
pub fn invite(policy: &Policy, mut actor: Account, mut session: Session, new: NewDevice, proof: &Proof, now: Moment) -> Decision<Moment> {
    if let Err(refusal) = may_keep(&actor) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let (device, until) = new.invited(Some(actor.id), now);
    let event = by_owner(EventKind::DeviceInvited, &actor, &device);
    Decision::accept(until).event(event).change(Change::Device(Box::new(device))).account(actor).after(trail)
}

/// Invites a device at the server's console. Answers until when its code is good.
#[must_use]
pub fn invite_at_console(new: NewDevice, now: Moment) -> Decision<Moment> {
    let (device, until) = new.invited(None, now);
    let event = Event::of_itself(EventKind::DeviceInvited).word("name", device.name.as_str()).word("how", "console");
    Decision::accept(until).event(event).change(Change::Device(Box::new(device)))
}

/// A pairing code that was typed, and what is counted.
#[derive(Debug)]
pub struct PairTry {
    /// Under which failures from this place are counted.
    pub key: ThrottleKey,
    /// Failures so far.
    pub failures: Failures,
    /// The key that the desktop drew for itself. That it has the other half was shown.
    pub shown: PublicKey,
    /// What the desktop calls itself, in place of the name that it was invited by.
    pub name: Option<Name>,
}

/// Whether a code may be looked at; asked before the devices are.
///
/// # Errors
/// The wait.
pub fn open(failures: &Failures, now: Moment) -> Result<(), Refusal> {
    Ok(failures.open(&TRIES, now)?)
}

/// Pairs the device that was found by its code. A code that nobody has, one that was used, one that was taken back and one that
/// is too old are answered and counted alike. `owners` are told.
#[must_use]
pub fn pair(mut tried: PairTry, found: Option<Device>, owners: &[AccountId], now: Moment) -> Decision<DeviceId> {
    if let Err(refusal) = open(&tried.failures, now) {
        return Decision::refuse(refusal);
    }
    let good = found
        .filter(|device| device.code_hash().is_some() && now < device.live_until() && now.plus(PAIRING_VALIDITY) >= device.live_until());
    let Some(mut device) = good else {
        let closed = tried.failures.fail(&TRIES, now);
        return Decision::refuse(closed.map_or(Refusal::PairingCodeWrong, Refusal::from))
            .change(Change::Throttle(tried.key, tried.failures));
    };
    let invited_as = device.name.clone();
    device.name = tried.name.unwrap_or(device.name);
    device.state = State::Paired { key: tried.shown, paired_at: now };
    let name = device.name.as_str();
    let mut event = Event::of_itself(EventKind::DevicePaired).word("name", name);
    if invited_as != device.name {
        event = event.word("before", invited_as.as_str());
    }
    let mut decision = Decision::accept(device.id).event(event);
    for owner in owners {
        decision = decision.notify(Notice::new(*owner, NoticeKind::DevicePaired).word("name", name));
    }
    let decision = decision.change(Change::Device(Box::new(device)));
    if tried.failures.is_empty() {
        return decision;
    }
    decision.change(Change::Throttle(tried.key, Failures::default()))
}

/// Takes a device back, or the code by which it could have been paired: its sessions end, and it is never let in again. With it comes who is
/// signed in through it.
#[must_use]
pub fn revoke(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    device: Option<(Device, Vec<AccountId>)>,
    proof: &Proof,
    now: Moment,
) -> Decision<()> {
    if let Err(refusal) = may_keep(&actor) {
        return Decision::refuse(refusal);
    }
    let Some((device, signed_in)) = device else { return Decision::refuse(Refusal::DeviceGone) };
    let paired = match device.state.clone() {
        State::Revoked { .. } => return Decision::accept(()),
        State::Paired { key, paired_at } => Some((key, paired_at)),
        State::Invited { .. } => None,
    };
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let event = by_owner(EventKind::DeviceRevoked, &actor, &device);
    let id = device.id;
    let device = Device { state: State::Revoked { at: now, by: Some(actor.id), paired }, signed_in, ..device };
    // What confirming wrote of the session comes first: it may be one of those that end.
    Decision::accept(())
        .event(event)
        .account(actor)
        .after(trail)
        .change(Change::Device(Box::new(device)))
        .change(Change::EndSessionsThrough(id))
}

/// What a new epoch makes of a device: a key that was in use when the backup was taken may be in other hands since. `None` for one
/// that was taken back before.
#[must_use]
pub fn void(device: Device, now: Moment) -> Option<Change> {
    let paired = match device.state {
        State::Revoked { .. } => return None,
        State::Paired { key, paired_at } => Some((key, paired_at)),
        State::Invited { .. } => None,
    };
    Some(Change::Device(Box::new(Device { state: State::Revoked { at: now, by: None, paired }, ..device })))
}

fn by_owner(kind: EventKind, owner: &Account, device: &Device) -> Event {
    let event = Event { subject: None, communities: Vec::new(), ..Event::own(kind, owner) };
    event.word("name", device.name.as_str())
}

#[cfg(test)]
mod tests;
