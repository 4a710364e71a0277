//! Issuers: one person at one desktop, what they may issue, and what became of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{EpochKeyId, Issuer, IssuerNumber, KeyEpoch, Number, Sequence, Tick, Way};
use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::Account,
    gate::{self, Act},
    id::{AccountId, DeviceId},
    policy::{DAY, RECOVERY_LONGEST},
    secret_hash::Opaque,
    support::SupportNote,
    time::Moment,
};

/// How long a grant is good, in seconds.
pub const GRANT_VALIDITY: i64 = 7 * DAY;
/// How long it is remembered what became of a code, in seconds after it was issued.
pub const KEPT: i64 = 30 * DAY;

/// Which issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuerId {
    /// With which key.
    pub key: EpochKeyId,
    /// Which number.
    pub number: IssuerNumber,
}

impl IssuerId {
    /// What tells it from all others: the name of the key and the number. Those of one key are in the order of their numbers.
    #[must_use]
    pub fn bytes(&self) -> [u8; 18] {
        let mut bytes = [0; 18];
        bytes[..16].copy_from_slice(&self.key.0.0);
        bytes[16..].copy_from_slice(&self.number.get().to_be_bytes());
        bytes
    }

    /// The issuer of these bytes.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (key, number) = (bytes.first_chunk()?, bytes.get(16..)?.try_into().ok()?);
        Some(Self { key: EpochKeyId(Opaque(*key)), number: IssuerNumber::new(u16::from_be_bytes(number))? })
    }

    /// The bytes of the first and of the last that there may be of a key.
    #[must_use]
    pub fn bounds(key: EpochKeyId) -> [[u8; 18]; 2] {
        [0, IssuerNumber::COUNT - 1].map(|number| Self { key, number: IssuerNumber(number) }.bytes())
    }
}

/// The numbers that may be used, and when.
///
/// It is one window that moves: with each renewal it begins behind what was told and ends later, and what it has left behind is never
/// given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first number.
    pub first: u16,
    /// So many from there.
    pub count: u16,
    /// From when on.
    pub from: Moment,
    /// Until when.
    pub until: Moment,
}

impl Window {
    fn end(self) -> u16 {
        self.first + self.count
    }

    fn covers(self, sequence: Sequence, tick: Tick) -> bool {
        let numbered = (self.first..self.end()).contains(&sequence.get());
        numbered && (Tick::of(self.from).before()..=Tick::of(self.until)).contains(&tick)
    }
}

/// How a code ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Its person came in by it.
    Used(Moment),
    /// Somebody took it back.
    Void {
        /// When.
        at: Moment,
        /// Who.
        by: AccountId,
    },
}

/// A code that is known of: it was used, or told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflineCode {
    /// Which of the issuer's.
    pub sequence: Sequence,
    /// When it was issued, by the desktop's clock.
    pub tick: Tick,
    /// For whom. `None` once they were erased.
    pub person: Option<AccountId>,
    /// When the desktop told of it.
    pub told_at: Option<Moment>,
    /// How it ended.
    pub ended: Option<Ended>,
}

impl OfflineCode {
    /// Until when it is good at most: where the policy of its person asks for less, sooner.
    #[must_use]
    pub fn good_until(&self, validity: i64) -> Moment {
        self.tick.begins().plus(validity)
    }

    fn is(&self, tick: Tick, person: AccountId) -> bool {
        self.tick == tick && self.person == Some(person)
    }
}

/// One issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerRecord {
    /// With which key.
    pub key: EpochKeyId,
    /// Of which epoch that is.
    pub epoch: KeyEpoch,
    /// Which number.
    pub number: IssuerNumber,
    /// Out of whose reach.
    pub way: Way,
    /// At which desktop.
    pub device: DeviceId,
    /// Who.
    pub staff: AccountId,
    /// What they may issue.
    pub window: Window,
    /// What is known of, by number.
    pub codes: Vec<OfflineCode>,
}

impl IssuerRecord {
    /// Of somebody who may issue nothing yet.
    #[must_use]
    pub fn new(issuer: Issuer, key: EpochKeyId, now: Moment) -> Self {
        let Issuer { way, epoch, number, device, staff } = issuer;
        let window = Window { first: 0, count: 0, from: now, until: now };
        Self { key, epoch, number, way, device, staff, window, codes: Vec::new() }
    }

    /// Which.
    #[must_use]
    pub fn id(&self) -> IssuerId {
        IssuerId { key: self.key, number: self.number }
    }

    /// As its key is made.
    #[must_use]
    pub fn issuer(&self) -> Issuer {
        Issuer { way: self.way, epoch: self.epoch, number: self.number, device: self.device, staff: self.staff }
    }

    /// When something was last to be said of it.
    #[must_use]
    pub fn touched_at(&self) -> Moment {
        self.codes.iter().map(|code| code.tick.begins()).chain([self.window.until.plus(-GRANT_VALIDITY)]).max().unwrap_or_default()
    }

    /// Of how many numbers that may be used nothing is known.
    #[must_use]
    pub fn untold(&self) -> u16 {
        let known = self.codes.iter().filter(|code| (self.window.first..self.window.end()).contains(&code.sequence.get())).count();
        self.window.count.saturating_sub(u16::try_from(known).unwrap_or(u16::MAX))
    }

    /// Until when a code with the last of them could let anybody in, where codes are good for so many seconds.
    #[must_use]
    pub fn untold_until(&self, validity: i64) -> Moment {
        Tick::of(self.window.until).begins().plus(validity)
    }

    /// The code with this number.
    #[must_use]
    pub fn code(&self, sequence: Sequence) -> Option<&OfflineCode> {
        self.codes.iter().find(|code| code.sequence == sequence)
    }

    fn code_mut(&mut self, sequence: Sequence) -> Option<&mut OfflineCode> {
        self.codes.iter_mut().find(|code| code.sequence == sequence)
    }

    /// Whether a code could have been issued so. One that was told has been looked at before.
    #[must_use]
    pub fn covers(&self, sequence: Sequence, tick: Tick, person: AccountId) -> bool {
        self.code(sequence).map_or_else(|| self.window.covers(sequence, tick), |code| code.is(tick, person))
    }

    /// Whether the number was given to another code.
    #[must_use]
    pub fn repeats(&self, sequence: Sequence, tick: Tick, person: AccountId) -> bool {
        self.code(sequence).is_some_and(|code| code.person.is_some() && !code.is(tick, person))
    }

    /// Notes that a code was used.
    pub(super) fn used(&mut self, sequence: Sequence, tick: Tick, person: AccountId, now: Moment) {
        let ended = Some(Ended::Used(now));
        match self.code_mut(sequence) {
            Some(code) => code.ended = ended,
            None => self.add(OfflineCode { sequence, tick, person: Some(person), told_at: None, ended }),
        }
    }

    fn add(&mut self, code: OfflineCode) {
        self.codes.push(code);
        self.codes.sort_by_key(|code| code.sequence);
    }

    /// Moves the window on: it begins behind all that is known of, has as many numbers as the budget leaves, and ends in
    /// [seven days](GRANT_VALIDITY). What is known of long-dead codes is forgotten. `false` where the issuer has no numbers left, and
    /// wants another one.
    pub fn renew(&mut self, budget: u16, now: Moment) -> bool {
        let first = self.codes.last().map_or(self.window.first, |last| self.window.first.max(last.sequence.get() + 1));
        if first >= Sequence::COUNT {
            return false;
        }
        let from = if now >= self.window.until { now } else { self.window.from };
        let count = budget_left(budget, self.codes.iter().map(|code| code.tick), now).min(Sequence::COUNT - first);
        self.window = Window { first, count, from, until: now.plus(GRANT_VALIDITY) };
        self.codes.retain(|code| now.since(code.tick.begins()) < KEPT);
        true
    }

    /// Without what it says of somebody who is erased. `None` where it says nothing of them. Of whoever issued, nothing is left but
    /// the number, which is nobody else's.
    #[must_use]
    pub fn without(&self, person: AccountId) -> Option<Self> {
        let mut without = self.clone();
        if self.staff == person {
            without.staff = AccountId(Uuid::nil());
            without.window.count = 0;
            without.codes.clear();
            return Some(without);
        }
        let theirs = without.codes.iter_mut().filter(|code| code.person == Some(person));
        let count = theirs.map(|code| code.person = None).count();
        (count > 0).then_some(without)
    }
}

/// How many codes may still be issued, where so many may be within any 24 hours and these were.
#[must_use]
pub fn budget_left(budget: u16, issued: impl Iterator<Item = Tick>, now: Moment) -> u16 {
    let lately = issued.filter(|tick| now.since(tick.begins()) < DAY).count();
    budget.saturating_sub(u16::try_from(lately).unwrap_or(u16::MAX))
}

/// A code of which its desktop tells.
#[derive(Clone, Debug)]
pub struct Report {
    /// With a key of which epoch, by whom, and which.
    pub number: Number,
    /// When, by the desktop's clock.
    pub tick: Tick,
    /// For whom.
    pub person: Account,
    /// The support case.
    pub note: SupportNote,
}

/// A desktop and its person, as they are called.
#[derive(Clone, Copy, Debug)]
pub struct Desktop<'a> {
    /// What the desktop is called.
    pub device: &'a str,
    /// What the person is called.
    pub staff: &'a str,
}

/// What came of telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is known of now.
    Noted,
    /// It was told before.
    Before,
    /// The number was given to another code.
    Repeated,
    /// It could not have been issued.
    Uncovered,
}

/// Notes what a desktop tells of one code: the case is joined to what it was used for. The record is changed in place; what the journal
/// says of it, and whom it tells, is added to the decision.
#[must_use]
pub fn tell<T>(
    record: &mut IssuerRecord,
    report: &Report,
    desktop: Desktop<'_>,
    owners: &[AccountId],
    now: Moment,
    decision: Decision<T>,
) -> (Told, Decision<T>) {
    let Report { number: Number { sequence, .. }, tick, ref person, ref note } = *report;
    let event =
        |kind: EventKind| Event::on(kind, record.staff, person).word("device", desktop.device).word("issued", tick.begins().0.to_string());
    if record.repeats(sequence, tick, person.id) {
        return (Told::Repeated, repeated(decision, event(EventKind::OfflineCodeRefused), desktop, owners));
    }
    // A clock that runs ahead is no reason to forget what was issued by it; one that is days off is.
    let in_time = tick <= Tick::of(now.plus(DAY));
    match record.code(sequence) {
        Some(code) if code.told_at.is_some() || code.person.is_none() => (Told::Before, decision),
        Some(_) => {
            let event = note.on(event(EventKind::OfflineCodeTold));
            if let Some(code) = record.code_mut(sequence) {
                code.told_at = Some(now);
            }
            (Told::Noted, decision.event(event))
        }
        None if in_time && record.window.covers(sequence, tick) => {
            let event = note.on(event(EventKind::OfflineCodeTold));
            record.add(OfflineCode { sequence, tick, person: Some(person.id), told_at: Some(now), ended: None });
            (Told::Noted, decision.event(event))
        }
        None => (Told::Uncovered, decision.event(event(EventKind::OfflineCodeRefused).word("why", "unfit"))),
    }
}

/// The same number on two codes: the files of a desktop were put back, or copied. Its owners should look.
pub(super) fn repeated<T>(decision: Decision<T>, event: Event, desktop: Desktop<'_>, owners: &[AccountId]) -> Decision<T> {
    let Desktop { device, staff } = desktop;
    let told = owners.iter().map(|owner| Notice::new(*owner, NoticeKind::OfflineCodeRepeated).word("device", device).word("name", staff));
    told.fold(decision.event(event.word("why", "repeated")), Decision::notify)
}

/// Whether somebody may take back a code for this person: whoever could issue it now.
///
/// # Errors
/// Why not.
pub fn may_void(actor: &Account, person: &Account, now: Moment) -> Result<(), Refusal> {
    Ok(gate::may(&actor.standing(), Act::Unlock(person.standing_at(now)))?)
}

/// Takes a code back that nobody has used.
#[must_use]
pub fn void(actor: &Account, record: Option<IssuerRecord>, sequence: Sequence, person: Option<&Account>, now: Moment) -> Decision<()> {
    let (Some(mut record), Some(person)) = (record, person) else { return Decision::refuse(Refusal::NotAllowed) };
    if let Err(refusal) = may_void(actor, person, now) {
        return Decision::refuse(refusal);
    }
    let Some(code) = record.code_mut(sequence).filter(|code| code.person == Some(person.id)) else {
        return Decision::refuse(Refusal::NotAllowed);
    };
    match code.ended {
        Some(Ended::Used(_)) => return Decision::refuse(Refusal::CodeUsed),
        Some(Ended::Void { .. }) => return Decision::accept(()),
        None if now >= code.good_until(RECOVERY_LONGEST) => return Decision::refuse(Refusal::RecoveryExpired),
        None => code.ended = Some(Ended::Void { at: now, by: actor.id }),
    }
    let event = Event::on(EventKind::OfflineCodeVoided, actor.id, person).word("issued", code.tick.begins().0.to_string());
    Decision::accept(()).event(event).change(Change::Issuer(Box::new(record)))
}
