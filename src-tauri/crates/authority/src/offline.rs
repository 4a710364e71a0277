//! Recovery codes that are issued out of the server's reach: who may, what was issued, and what became of it.

use std::collections::HashMap;

use data_encoding::BASE64;
use domain::{
    Change, Decision, Event, EventKind, Refusal as DomainRefusal,
    account::Account,
    code::Code,
    device::{Device, State},
    gate::{self, Act},
    id::{AccountId, WorkspaceId},
    offline::{
        self, Claimed, Desktop, Ended, Issuer, IssuerId, IssuerNumber, IssuerRecord, IssuingKey, KEPT, KeyEpoch, Number, OfflineCode,
        OfflineTry, Report, Sequence, Tick, Told, Way, may_void,
    },
    secret_hash::{Cost, Recipe},
    support::SupportNote,
    time::Moment,
};
use secrecy::SecretString;
use wire::{
    Refusal, RefusalCode, SessionToken,
    offline::{
        GrantRenewed, IssuingGrant, ListOfflineCodes, OfflineCodeRow, OfflineCodes, OfflineReport, OfflineState, RenewGrant,
        VoidOfflineCode,
    },
    sign_in::Done,
};

use crate::{
    desk::answers,
    devices::on_server,
    ground::{Acting, Ground},
    local::{Authority, settle},
    refusals,
    store::Store,
    views,
};

/// Issuers and codes that are listed at most.
const LISTED: u32 = 500;
/// Codes that are told of at once at most: more than any budget of a week.
const TOLD: usize = 400;

/// What a renewal came to.
struct Renewed {
    workspace: WorkspaceId,
    record: IssuerRecord,
    budget: u16,
    validity: i64,
}

impl<S: Store> Authority<S> {
    pub(crate) async fn renew_grant(&self, token: Option<&SessionToken>, request: RenewGrant) -> Result<GrantRenewed, Refusal> {
        let now = self.ground().now.0;
        let renewed = settle!(self, ground => self.renew_once(&mut ground, token, &request.issued))?;
        Ok(match renewed {
            Err(refusal) => GrantRenewed { grant: None, refused: Some(refusals::domain(refusal)), now },
            Ok(Renewed { workspace, record, budget, validity }) => {
                let key = self.issuing.of(record.epoch).ok_or(RefusalCode::Unexpected)?.issuing(workspace, &record.issuer());
                let grant = IssuingGrant {
                    epoch: u8::try_from(record.epoch.get()).map_err(|_| RefusalCode::Unexpected)?,
                    issuer: record.number.get(),
                    key: SecretString::from(BASE64.encode(key.expose())).into(),
                    first: record.window.first,
                    count: record.window.count,
                    from: record.window.from.0,
                    until: record.window.until.0,
                    budget,
                    validity,
                };
                GrantRenewed { grant: Some(grant), refused: None, now }
            }
        })
    }

    async fn renew_once(
        &self,
        ground: &mut Ground<'_, S>,
        token: Option<&SessionToken>,
        issued: &[OfflineReport],
    ) -> Result<Decision<Result<Renewed, DomainRefusal>>, Refusal> {
        let Acting { workspace, account: staff, policy, .. } = ground.acting_fully(token).await?;
        gate::may(&staff.standing(), Act::ListPeople).map_err(|denied| refusals::domain(denied.into()))?;
        on_server(&workspace)?;
        let through = self.through.device().ok_or(RefusalCode::NotAllowed)?;
        let device = ground.device(through).await?.ok_or(RefusalCode::DeviceUnknown)?;
        let mut decision = Decision::accept(());
        let mut records: Vec<IssuerRecord> = Vec::new();
        let owners = if issued.is_empty() { Vec::new() } else { self.owners_told().await? };
        for report in issued.iter().take(TOLD) {
            let Some((id, report)) = self.report(ground, report).await? else { continue };
            if !records.iter().any(|record| record.id() == id) {
                // What another desktop or person issued is theirs to tell.
                records.extend(ground.issuer(id).await?.filter(|record| record.device == through && record.staff == staff.id));
            }
            let Some(record) = records.iter_mut().find(|record| record.id() == id) else { continue };
            let desktop = Desktop { device: device.name.as_str(), staff: staff.name.as_str() };
            let (told, after) = offline::tell(record, &report, desktop, &owners, ground.now, decision);
            decision = after;
            if told == Told::Uncovered {
                tracing::warn!(device = %through, "a desktop told of a code that it could not have issued");
            }
        }
        let grants = match self.issuing.current() {
            None => Err(DomainRefusal::OfflineNoGrant),
            Some(_) if policy.offline_budget == 0 => Err(DomainRefusal::OfflineForbidden),
            Some(current) => Ok(current),
        };
        let renewed = match grants {
            Err(refusal) => Err(refusal),
            Ok((epoch, key)) => {
                let key = key.id();
                let mut found = match records.iter().position(|record| record.key == key) {
                    Some(at) => Some(records.remove(at)),
                    None => ground.issuer_of(key, through, staff.id).await?,
                };
                let goes_on = found.as_mut().is_some_and(|record| record.renew(policy.offline_budget, ground.now));
                if !goes_on {
                    // One whose numbers are used up is followed by another.
                    records.extend(found.take());
                    let number = ground.next_issuer(key).await?;
                    let issuer = number.map(|number| Issuer { way: Way::Grant, epoch, number, device: through, staff: staff.id });
                    found = issuer.map(|issuer| IssuerRecord::new(issuer, key, ground.now));
                    found.iter_mut().for_each(|record| {
                        record.renew(policy.offline_budget, ground.now);
                    });
                    decision = decision.event(Event::own(EventKind::OfflineGranted, &staff).word("device", device.name.as_str()));
                }
                match found {
                    None => Err(DomainRefusal::OfflineNoGrant),
                    Some(record) => {
                        records.push(record.clone());
                        Ok(Renewed {
                            workspace: workspace.id,
                            record,
                            budget: policy.offline_budget,
                            validity: workspace.policy.recovery_validity,
                        })
                    }
                }
            }
        };
        let Decision { changes, mut events, notices, .. } = decision;
        // However much of it a desktop makes up, the journal says so once.
        let (mut first, unfit) = (true, "unfit".to_owned());
        events.retain(|event| event.words.get("why") != Some(&unfit) || std::mem::take(&mut first));
        let changes = changes.into_iter().chain(records.into_iter().map(|record| Change::Issuer(Box::new(record)))).collect();
        Ok(Decision { changes, events, notices, verdict: Ok(renewed) })
    }

    /// What is told of one code, and of whose. `None` for what makes no sense, or is about nobody who is there.
    async fn report(&self, ground: &mut Ground<'_, S>, told: &OfflineReport) -> Result<Option<(IssuerId, Report)>, Refusal> {
        let numbers = (KeyEpoch::new(told.epoch.into()), IssuerNumber::new(told.issuer), Sequence::new(told.sequence));
        let (Some(epoch), Some(issuer), Some(sequence)) = numbers else { return Ok(None) };
        let (Some(key), Ok(note)) = (self.issuing.of(epoch), SupportNote::told(&answers(&told.support))) else { return Ok(None) };
        let Some(person) = ground.account(AccountId(told.account)).await? else { return Ok(None) };
        let number = Number { epoch, issuer, sequence };
        Ok(Some((IssuerId { key: key.id(), number: issuer }, Report { number, tick: Tick::new(told.tick), person, note })))
    }

    async fn owners_told(&self) -> Result<Vec<AccountId>, Refusal> {
        Ok(self.store.owners().await.map_err(refusals::store)?.into_iter().map(|found| found.record.id).collect())
    }

    /// Everything needed to judge a code at the second door that was issued out of reach. `None` where there is no key that any could be
    /// of. An issuer that there is not costs the same work as any other.
    pub(crate) async fn try_offline(
        &self,
        ground: &mut Ground<'_, S>,
        acting: &Acting,
        code: &Code,
    ) -> Result<Option<OfflineTry>, Refusal> {
        let Some(claimed) = Claimed::of(code).filter(|_| self.issuing.current().is_some()) else { return Ok(None) };
        let nobody = |claimed| OfflineTry {
            claimed,
            workspace: acting.workspace.id,
            key: IssuingKey::of_nobody(),
            record: None,
            device: None,
            staff: None,
            hashed: None,
            administrators: Vec::new(),
            owners: Vec::new(),
        };
        let mut tried = nobody(claimed);
        if offline::open(acting.policy(), &acting.account, ground.now).is_err() {
            return Ok(Some(tried));
        }
        let Number { epoch, issuer, .. } = tried.claimed.number();
        let key = self.issuing.of(epoch);
        if let Some(key) = key {
            tried.record = ground.issuer(IssuerId { key: key.id(), number: issuer }).await?;
        }
        let way = tried.claimed.way();
        tried.record = tried.record.filter(|record| record.way == way);
        if let (Some(key), Some(record)) = (key, &tried.record) {
            tried.key = key.issuing(acting.workspace.id, &record.issuer());
            tried.device = ground.device(record.device).await?;
            tried.staff = ground.account(record.staff).await?;
        }
        if tried.proves(acting.account.id, ground.now).is_some() {
            tried.administrators = self.administering(&acting.account).await?;
            tried.owners = self.owners_told().await?;
            tried.hashed = Some(self.hash(Recipe::random(Cost::ONLINE, &mut self.entropy()), code.canonical()).await?);
        }
        Ok(Some(tried))
    }

    pub(crate) async fn list_offline_codes(&self, token: Option<&SessionToken>, _: ListOfflineCodes) -> Result<OfflineCodes, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        if let Err(denied) = gate::may(&acting.account.standing(), Act::ListPeople) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        let now = ground.now;
        let issuers = self.store.issuers(now.plus(-KEPT), LISTED).await.map_err(refusals::store)?;
        let (mut people, mut devices) = (HashMap::new(), HashMap::new());
        let mut rows: Vec<OfflineCodeRow> = Vec::new();
        for record in issuers.iter().map(|found| &found.record) {
            for code in &record.codes {
                let Some(person) = ground.once_read(&mut people, code.person).await? else { continue };
                if gate::may(&acting.account.standing(), Act::See(person.standing_at(now))).is_err() {
                    continue;
                }
                let staff = ground.once_read(&mut people, Some(record.staff)).await?;
                let device = match devices.get(&record.device) {
                    Some(found) => Option::<Device>::clone(found),
                    None => {
                        let found = ground.device(record.device).await?;
                        devices.insert(record.device, found.clone());
                        found
                    }
                };
                let validity = ground.policy_of(&acting.workspace, &person).await?.recovery_validity;
                rows.push(row(&acting.account, record, code, (Some(&person), staff.as_ref(), device.as_ref()), validity, now));
            }
        }
        rows.sort_by_key(|row| std::cmp::Reverse((row.issued_at, row.issuer, row.sequence)));
        rows.truncate(LISTED as usize);
        Ok(OfflineCodes { rows })
    }

    pub(crate) async fn void_offline_code(&self, token: Option<&SessionToken>, request: VoidOfflineCode) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let numbers = (KeyEpoch::new(request.epoch.into()), IssuerNumber::new(request.issuer), Sequence::new(request.sequence));
            let (Some(epoch), Some(number), Some(sequence)) = numbers else { return Err(RefusalCode::NotAllowed.into()) };
            let key = self.issuing.of(epoch).ok_or(RefusalCode::NotAllowed)?.id();
            let record = ground.issuer(IssuerId { key, number }).await?;
            let person = match record.as_ref().and_then(|record| record.code(sequence)?.person) {
                Some(id) => ground.account(id).await?,
                None => None,
            };
            Ok::<_, Refusal>(offline::void(&acting.account, record, sequence, person.as_ref(), ground.now))
        })?;
        Ok(Done {})
    }

    /// Issuers whose records name somebody who is to be erased, without them.
    pub(crate) async fn issuers_without(&self, ground: &mut Ground<'_, S>, person: AccountId) -> Result<Vec<Change>, Refusal> {
        let mut changes = Vec::new();
        for found in self.store.issuers(Moment(i64::MIN), u32::MAX).await.map_err(refusals::store)? {
            let without = found.record.without(person);
            if let Some(without) = without {
                ground.issuer(without.id()).await?;
                changes.push(Change::Issuer(Box::new(without)));
            }
        }
        Ok(changes)
    }
}

/// What is said of a code. One for somebody who was erased lets nobody in.
pub(crate) fn row(
    reader: &Account,
    record: &IssuerRecord,
    code: &OfflineCode,
    (person, staff, device): (Option<&Account>, Option<&Account>, Option<&Device>),
    validity: i64,
    now: Moment,
) -> OfflineCodeRow {
    let expires_at = code.good_until(validity);
    let overtaken = person
        .and_then(|person| person.out_of_reach.void_from.filter(|_| offline::first_good(person).is_some_and(|first| code.tick < first)));
    let in_use = person.is_some() && device.is_some_and(|device| device.in_use().is_ok());
    let taken_back = device.and_then(|device| if let State::Revoked { at, .. } = device.state { Some(at.0) } else { None });
    let (state, ended_at) = match code.ended {
        Some(Ended::Used(at)) => (OfflineState::Used, Some(at.0)),
        Some(Ended::Void { at, .. }) => (OfflineState::Void, Some(at.0)),
        None if now >= expires_at => (OfflineState::Expired, Some(expires_at.0)),
        None if overtaken.is_some() => (OfflineState::Void, overtaken.map(|at| at.0)),
        None if !in_use => (OfflineState::Void, taken_back),
        None => (OfflineState::Issued, None),
    };
    OfflineCodeRow {
        epoch: u8::try_from(record.epoch.get()).unwrap_or(u8::MAX),
        issuer: record.number.get(),
        sequence: code.sequence.get(),
        person: person.map(views::person),
        staff: staff.map(views::person),
        device: device.map(|device| device.name.as_str().to_owned()),
        issued_at: code.tick.begins().0,
        expires_at: expires_at.0,
        state,
        ended_at,
        may_void: state == OfflineState::Issued && person.is_some_and(|person| may_void(reader, person, now).is_ok()),
    }
}

impl<S: Store> Ground<'_, S> {
    /// An account that many rows may name.
    async fn once_read(
        &mut self,
        read: &mut HashMap<AccountId, Option<Account>>,
        id: Option<AccountId>,
    ) -> Result<Option<Account>, Refusal> {
        let Some(id) = id else { return Ok(None) };
        if let Some(found) = read.get(&id) {
            return Ok(found.clone());
        }
        let found = self.account(id).await?;
        read.insert(id, found.clone());
        Ok(found)
    }
}
