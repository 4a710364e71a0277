//! The second door, for a code that was issued out of the reach of whoever accepts it.

use super::{Claimed, Desktop, IssuerRecord, IssuingKey, Tick, issuer, issuer::Ended};
use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::Account,
    device::Device,
    factor::SecondFactor,
    id::{AccountId, WorkspaceId},
    policy::Policy,
    recovery::{close_until_recovered, may_reset},
    secret_hash::Hashed,
    session::{Session, Stage},
    sign_in::{Next, failed},
    throttle::Closed,
    time::Moment,
};

/// A code that has the right form, with all that is needed to judge it.
#[derive(Debug)]
pub struct OfflineTry {
    /// What the code says.
    pub claimed: Claimed,
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// The key of the issuer that it names; that [of nobody](IssuingKey::of_nobody) where there is none.
    pub key: IssuingKey,
    /// That issuer.
    pub record: Option<IssuerRecord>,
    /// Its desktop.
    pub device: Option<Device>,
    /// Its person.
    pub staff: Option<Account>,
    /// The code hashed as a recovery code is, once it was [proved](Self::proves).
    pub hashed: Option<Hashed>,
    /// Who is told that it was used, beside the issuer: those who administer the person.
    pub administrators: Vec<AccountId>,
    /// Who is told where something is wrong with the desktop.
    pub owners: Vec<AccountId>,
}

impl OfflineTry {
    /// When the code was issued, if it is of the key that it names, and for this person.
    #[must_use]
    pub fn proves(&self, person: AccountId, now: Moment) -> Option<Tick> {
        let issued = self.claimed.issued(&self.key, self.workspace, person, now);
        issued.filter(|_| self.record.is_some())
    }
}

/// Whether such a code may be evaluated at all; asked before anything else is done for it.
///
/// # Errors
/// [`Closed`] while it may not.
pub fn open(policy: &Policy, account: &Account, now: Moment) -> Result<(), Closed> {
    account.out_of_reach.failures.open(&policy.limits, now)
}

/// The first tick in which a code can be issued for this person that is good: what was done about their second factor makes void
/// whatever was issued until a tick later. `None` where nothing was done.
#[must_use]
pub fn first_good(account: &Account) -> Option<Tick> {
    account.out_of_reach.void_from.map(|from| Tick::of(from).after().after())
}

/// Lets somebody in by a code that was issued out of reach: what staff do with a reset, and what its person does with the code, are done
/// at once. A code that is right and may not let anybody in is told why.
#[must_use]
pub fn claim(policy: &Policy, mut account: Account, mut session: Session, tried: &OfflineTry, now: Moment) -> Decision<Next> {
    if session.stage != Stage::SecondFactor {
        return Decision::refuse(Refusal::SessionStage);
    }
    if let Err(closed) = open(policy, &account, now) {
        return Decision::refuse(closed);
    }
    let (issued, hashed) = (tried.proves(account.id, now), tried.hashed);
    let (Some(tick), Some(hash), Some(mut record)) = (issued, hashed, tried.record.clone()) else {
        let closed = account.out_of_reach.failures.fail(&policy.limits, now);
        return failed(account, Refusal::CodeWrong, closed);
    };
    if let Err(unfit) = fit(policy, &account, &record, tick, tried, now) {
        return refuse(unfit, &account, &record, tick, tried);
    }
    let sequence = tried.claimed.number().sequence;
    record.used(sequence, tick, account.id, now);
    let validity = tick.begins().plus(policy.recovery_validity).since(now);
    close_until_recovered(&mut account, hash, validity, now);
    if let SecondFactor::Reset(recovery) = &mut account.second_factor {
        recovery.out_of_reach = Some(tried.claimed.number());
        recovery.claims = 1;
        recovery.claimed_by = Some(session.id);
    }
    crate::effect::mark(&mut account, crate::effect::Effect::SecondFactor, now);
    session.stage = Stage::Enrol { by_recovery: true };
    session.seen_at = now;
    let device = tried.device.as_ref().map_or("", |device| device.name.as_str());
    let staff = tried.staff.as_ref();
    let about = |kind: EventKind| told_of(kind, &account, &record, tick, device);
    let notice = |to: AccountId| Notice {
        about: Some(account.id),
        ..Notice::new(to, NoticeKind::OfflineCodeUsed)
            .word("name", account.name.as_str())
            .word("email", account.email.as_str())
            .word("by", staff.map_or("", |staff| staff.name.as_str()))
            .word("device", device)
    };
    let told = tried.administrators.iter().copied().filter(|id| *id != record.staff && *id != account.id);
    let notices: Vec<Notice> = [record.staff].into_iter().chain(told).map(notice).collect();
    let mut decision = Decision::accept(Next::Enrol)
        .change(Change::EndSessions(account.id, Some(session.id)))
        .change(Change::Session(session))
        .event(about(EventKind::OfflineCodeUsed))
        .event(Event::own(EventKind::RecoveryClaimed, &account))
        .notice(account.id, NoticeKind::SecondFactorReset);
    decision.notices.extend(notices);
    decision.change(Change::Issuer(Box::new(record))).account(account)
}

/// Why a code that is right lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unfit {
    /// Its number is another code's.
    Repeated,
    /// It was used.
    Used,
    /// It was taken back, or something newer was done.
    Void,
    /// It was issued by a clock that is ahead; good from then on.
    Ahead(Moment),
    /// It is too old.
    Expired,
    /// Whoever issued it may not, or may not have.
    Unauthorised,
}

fn fit(policy: &Policy, account: &Account, record: &IssuerRecord, tick: Tick, tried: &OfflineTry, now: Moment) -> Result<(), Unfit> {
    let sequence = tried.claimed.number().sequence;
    if record.repeats(sequence, tick, account.id) {
        return Err(Unfit::Repeated);
    }
    match record.code(sequence).and_then(|code| code.ended) {
        Some(Ended::Used(_)) => return Err(Unfit::Used),
        Some(Ended::Void { .. }) => return Err(Unfit::Void),
        None => {}
    }
    let (Some(device), Some(staff)) = (&tried.device, &tried.staff) else { return Err(Unfit::Unauthorised) };
    let in_force = device.in_use().is_ok()
        && staff.admits().is_ok()
        && policy.offline_budget > 0
        && record.covers(sequence, tick, account.id)
        && may_reset(staff, account, now).is_ok();
    if !in_force {
        return Err(Unfit::Unauthorised);
    }
    if tick > Tick::of(now).after() {
        return Err(Unfit::Ahead(tick.begins()));
    }
    if now >= tick.begins().plus(policy.recovery_validity) {
        return Err(Unfit::Expired);
    }
    if first_good(account).is_some_and(|first| tick < first) {
        return Err(Unfit::Void);
    }
    Ok(())
}

fn refuse<T>(unfit: Unfit, account: &Account, record: &IssuerRecord, tick: Tick, tried: &OfflineTry) -> Decision<T> {
    let device = tried.device.as_ref().map_or("", |device| device.name.as_str());
    let event = told_of(EventKind::OfflineCodeRefused, account, record, tick, device);
    let (refusal, why) = match unfit {
        Unfit::Repeated => {
            let desktop = Desktop { device, staff: tried.staff.as_ref().map_or("", |staff| staff.name.as_str()) };
            return issuer::repeated(Decision::refuse(Refusal::CodeUsed), event, desktop, &tried.owners);
        }
        // Typed once more after it did its work: nothing to write down.
        Unfit::Used => return Decision::refuse(Refusal::CodeUsed),
        Unfit::Void => (Refusal::OfflineCodeVoid, "void"),
        Unfit::Ahead(from) => (Refusal::OfflineCodeAhead(from), "ahead"),
        Unfit::Expired => (Refusal::RecoveryExpired, "expired"),
        Unfit::Unauthorised => (Refusal::OfflineCodeUnfit, "unfit"),
    };
    Decision::refuse(refusal).event(event.word("why", why))
}

fn told_of(kind: EventKind, account: &Account, record: &IssuerRecord, tick: Tick, device: &str) -> Event {
    Event::on(kind, record.staff, account).word("device", device).word("issued", tick.begins().0.to_string())
}

#[cfg(test)]
mod schedules;
#[cfg(test)]
mod tests;
