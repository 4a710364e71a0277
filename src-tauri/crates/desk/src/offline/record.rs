//! What a desk keeps for issuing codes, and what follows from it. Pure: no vault, no clock, no network.

use data_encoding::BASE64;
use domain::{
    id::AccountId,
    offline::{IssuerNumber, IssuingKey, KeyEpoch, Number, Sequence, Tick, budget_left},
    policy::DAY,
    time::Moment,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode,
    offline::{IssuingGrant, OfflineReport},
    support::SupportAnswers,
};
use zeroize::Zeroizing;

use super::{clock::Noted, identity::Identity};

/// After so long nothing of an issuer number is good any more, and its numbers need not be known.
const FORGOTTEN: i64 = 30 * DAY;

/// All of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    /// What the issuing key is sealed to.
    pub(super) identity: Option<Identity>,
    pub(super) grant: Option<Grant>,
    /// Why the server gave none when it was last asked.
    pub(super) refused: Option<Refusal>,
    /// Which numbers are used up, also of grants from before.
    pub(super) spent: Vec<Spent>,
    pub(super) issued: Vec<Issued>,
    pub(super) noted: Option<Noted>,
}

/// A grant, with its key sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Grant {
    /// Whose.
    person: Uuid,
    epoch: u8,
    issuer: u16,
    first: u16,
    count: u16,
    from: i64,
    pub(super) until: i64,
    budget: u16,
    validity: i64,
    /// The issuing key, encrypted to the identity (age), in Base64.
    pub(super) sealed: String,
}

/// Up to where an issuer's numbers are used.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Spent {
    epoch: u8,
    issuer: u16,
    next: u16,
    /// The last tick of a code.
    tick: u64,
}

/// A code that was issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Issued {
    epoch: u8,
    issuer: u16,
    sequence: u16,
    pub(super) tick: u64,
    pub(super) account: Uuid,
    pub(super) expires_at: i64,
    /// The case; gone once the server was told.
    support: Option<SupportAnswers>,
}

impl Issued {
    pub(super) fn issued_at(&self) -> Moment {
        Tick::new(self.tick).begins()
    }

    pub(super) fn is_told(&self) -> bool {
        self.support.is_none()
    }
}

/// What the next code is made with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    pub(super) number: Number,
    pub(super) tick: Tick,
    pub(super) expires_at: Moment,
}

impl Grant {
    /// A grant as the server tells it, and its key apart. `None` where it is none that could be used.
    pub(super) fn read(told: IssuingGrant, person: Uuid, identity: &Identity) -> Option<Self> {
        let IssuingGrant { epoch, issuer, key, first, count, from, until, budget, validity } = told;
        let key = Zeroizing::new(BASE64.decode(key.expose().as_bytes()).ok()?);
        let key = IssuingKey::new(Zeroizing::new(key.as_slice().try_into().ok()?));
        KeyEpoch::new(u16::from(epoch))?;
        IssuerNumber::new(issuer)?;
        let within = first.checked_add(count)? <= Sequence::COUNT && from <= until && validity > 0;
        let sealed = if within { identity.seal(&key)? } else { return None };
        Some(Self { person, epoch, issuer, first, count, from, until, budget, validity, sealed })
    }

    /// Whether under half of its time is left.
    pub(super) fn is_half_over(&self, now: Moment) -> bool {
        now.0 >= self.from + (self.until - self.from) / 2
    }

    fn is_of(&self, epoch: u8, issuer: u16) -> bool {
        (self.epoch, self.issuer) == (epoch, issuer)
    }
}

impl Record {
    /// The grant of this person, where there is one.
    fn grant_of(&self, person: Uuid) -> Result<&Grant, Refusal> {
        let none = || self.refused.clone().unwrap_or_else(|| RefusalCode::OfflineNoGrant.into());
        self.grant.as_ref().filter(|grant| grant.person == person).ok_or_else(none)
    }

    /// The next number of the grant that was not used.
    fn next_number(&self, grant: &Grant) -> u16 {
        let spent = self.spent.iter().find(|spent| grant.is_of(spent.epoch, spent.issuer));
        spent.map_or(grant.first, |spent| spent.next.max(grant.first))
    }

    /// The latest time that a code of this grant or another says: none is made that says an earlier one.
    fn last_tick(&self) -> Option<u64> {
        self.spent.iter().map(|spent| spent.tick).max()
    }

    /// How many this person may still issue now.
    ///
    /// What the server has not been told of counts, by the day; what it was told of it has counted itself, in the numbers that it gave.
    ///
    /// # Errors
    /// Why none.
    pub(super) fn left(&self, person: Uuid, now: Moment) -> Result<u16, Refusal> {
        let grant = self.grant_of(person)?;
        let at = |code: RefusalCode, at| Refusal { at, ..code.into() };
        let now = self.last_tick().map_or(now, |tick| now.max(Tick::new(tick).begins()));
        if grant.budget == 0 {
            return Err(RefusalCode::OfflineForbidden.into());
        }
        if now.0 < grant.from {
            return Err(RefusalCode::OfflineClock.into());
        }
        if now.0 >= grant.until {
            return Err(at(RefusalCode::OfflineGrantOver, Some(grant.until)));
        }
        let numbers = (grant.first + grant.count).saturating_sub(self.next_number(grant));
        if numbers == 0 {
            return Err(RefusalCode::OfflineBudgetSpent.into());
        }
        let untold = || self.issued.iter().filter(|issued| !issued.is_told()).map(|issued| Tick::new(issued.tick));
        match budget_left(grant.budget, untold(), now) {
            0 => {
                let oldest = untold().map(Tick::begins).filter(|issued| now.since(*issued) < DAY).min();
                Err(at(RefusalCode::OfflineBudgetSpent, oldest.map(|oldest| oldest.plus(DAY).0)))
            }
            left => Ok(left.min(numbers)),
        }
    }

    /// At most so many within a day.
    pub(super) fn budget(&self, person: Uuid) -> u16 {
        self.grant_of(person).map_or(0, |grant| grant.budget)
    }

    /// What the next code of this person is made with, which is good no longer than `validity`.
    ///
    /// # Errors
    /// As [`left`](Self::left).
    pub(super) fn next(&self, person: Uuid, validity: i64, now: Moment) -> Result<(Next, &Grant), Refusal> {
        self.left(person, now)?;
        let grant = self.grant_of(person)?;
        let tick = Tick::of(self.last_tick().map_or(now, |tick| now.max(Tick::new(tick).begins())));
        let damaged = || Refusal::from(RefusalCode::VaultDamaged);
        let number = Number {
            epoch: KeyEpoch::new(u16::from(grant.epoch)).ok_or_else(damaged)?,
            issuer: IssuerNumber::new(grant.issuer).ok_or_else(damaged)?,
            sequence: Sequence::new(self.next_number(grant)).ok_or_else(damaged)?,
        };
        Ok((Next { number, tick, expires_at: tick.begins().plus(grant.validity.min(validity)) }, grant))
    }

    /// Uses a number up: nothing is made with it again, whatever becomes of the code.
    pub(super) fn spend(&mut self, next: Next, account: AccountId, support: SupportAnswers, now: Moment) {
        let Next { number, tick, expires_at } = next;
        let (epoch, issuer, sequence) = (low(number.epoch.get()), number.issuer.get(), number.sequence.get());
        let tick = tick.get();
        self.spent.retain(|spent| {
            let same = (spent.epoch, spent.issuer) == (epoch, issuer);
            let known = self.grant.as_ref().is_some_and(|grant| grant.is_of(spent.epoch, spent.issuer));
            !same && (known || now.since(Tick::new(spent.tick).begins()) < FORGOTTEN)
        });
        self.spent.push(Spent { epoch, issuer, next: sequence + 1, tick });
        self.issued.retain(|issued| !issued.is_told() || issued.expires_at > now.0);
        self.issued.push(Issued { epoch, issuer, sequence, tick, account: account.0, expires_at: expires_at.0, support: Some(support) });
    }

    /// What the server was not told of, in its order.
    pub(super) fn reports(&self) -> Vec<OfflineReport> {
        let report = |issued: &Issued| {
            let Issued { epoch, issuer, sequence, tick, account, .. } = *issued;
            issued.support.clone().map(|support| OfflineReport { epoch, issuer, sequence, tick, account, support })
        };
        self.issued.iter().filter_map(report).collect()
    }

    /// The server took these.
    pub(super) fn told(&mut self, reports: &[OfflineReport], now: Moment) {
        for issued in &mut self.issued {
            let is_it =
                |report: &OfflineReport| (report.epoch, report.issuer, report.sequence) == (issued.epoch, issued.issuer, issued.sequence);
            if reports.iter().any(is_it) {
                issued.support = None;
            }
        }
        self.issued.retain(|issued| !issued.is_told() || issued.expires_at > now.0);
    }

    /// What may still be good, or the server was not told of; the latest first.
    pub(super) fn shown(&self, now: Moment) -> impl Iterator<Item = &Issued> {
        self.issued.iter().rev().filter(move |issued| !issued.is_told() || issued.expires_at > now.0)
    }
}

fn low(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}
