//! A desktop that was lost or stolen: what it could have shown and issued, and telling those whom that concerns.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{
    account::Account,
    device::{
        self, Device,
        lost::{self, Concern, Concerned},
    },
    gate::Role,
    id::{AccountId, CommunityId, DeviceId},
    offline::{Ended, IssuerRecord, OfflineCode},
    readiness::Hour,
    time::Moment,
    workspace::Community,
};
use wire::{
    Refusal, SessionToken,
    device::{
        LostCode, LostCommunity, LostConcerned, LostDevice, LostHolder, LostNumbers, LostTold, LostWhy, ReadLostDevice, TellLostDevice,
    },
};

use crate::{
    devices::{self, SIGNED_IN, on_server},
    ground::{Acting, Ground},
    local::{Authority, settle},
    offline, refusals,
    store::{PeopleQuery, Store},
    views,
};

/// Issuers of one device that are looked at.
const ISSUERS: u32 = 4_096;
/// Codes, and issuers with numbers left, that are listed at most.
const LISTED: usize = 300;
/// People to tell that are listed at most.
const NAMED: usize = 200;

/// What is known of a device, and of whom it names.
struct Known {
    device: Device,
    issuers: Vec<IssuerRecord>,
    signed_in: Vec<AccountId>,
    /// Who worked at it: whose it is, first.
    staff: Vec<AccountId>,
    /// Everybody named so far, who is there.
    people: HashMap<AccountId, Account>,
}

impl Known {
    /// The codes that were issued at it, with their issuers, the latest first.
    fn codes(&self) -> Vec<(&IssuerRecord, &OfflineCode)> {
        let mut codes: Vec<_> = self.issuers.iter().flat_map(|issuer| issuer.codes.iter().map(move |code| (issuer, code))).collect();
        codes.sort_by_key(|(issuer, code)| std::cmp::Reverse((code.tick, issuer.number, code.sequence)));
        codes
    }
}

impl<S: Store> Authority<S> {
    pub(crate) async fn read_lost_device(&self, token: Option<&SessionToken>, request: ReadLostDevice) -> Result<LostDevice, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        if let Err(refusal) = device::may_keep(&acting.account) {
            return Err(self.turned_away(ground, refusal).await);
        }
        on_server(&acting.workspace)?;
        let found = ground.device(DeviceId(request.device)).await?;
        let mut known = self.known_of(lost::had(found).map_err(refusals::domain)?).await?;
        let communities = ground.communities().await?;
        let concerned = self.concerned_by(&known, &communities, &acting.account).await?;
        for one in concerned.iter().take(NAMED) {
            self.learn(&mut known.people, one.person).await?;
        }
        let codes = known.codes();
        let since = request.since.map(Moment).or(known.device.seen_at);
        let late = |code: &OfflineCode| matches!((code.ended, since), (Some(Ended::Used(at)), Some(since)) if at > since);
        let (code_count, late_count) = (codes.len() as u64, codes.iter().filter(|(_, code)| late(code)).count() as u64);
        let mut listed = Vec::new();
        for (issuer, code) in codes.into_iter().take(LISTED) {
            let person = code.person.and_then(|id| known.people.get(&id));
            let validity = match person {
                Some(person) => ground.policy_of(&acting.workspace, person).await?.recovery_validity,
                None => acting.workspace.policy.recovery_validity,
            };
            let named = (person, known.people.get(&issuer.staff), Some(&known.device));
            listed.push(LostCode { code: offline::row(&acting.account, issuer, code, named, validity, ground.now), late: late(code) });
        }
        let told = |one: &Concerned| known.device.told_at(one.person);
        let to_tell = concerned.iter().filter(|one| told(one).is_none()).count() as u64;
        let rows = concerned.iter().take(NAMED).filter_map(|one| {
            let person = views::person(known.people.get(&one.person)?);
            Some(LostConcerned { person, why: why(one.why), told_at: told(one).map(|at| at.0) })
        });
        let (concerned_rows, concerned_count) = (rows.collect(), concerned.len() as u64);
        Ok(LostDevice {
            device: devices::row(&mut ground, &known.device).await?,
            since: since.map(|since| since.0),
            holders: self.holders(&ground, &known, &communities).await?,
            codes: listed,
            code_count,
            late_count,
            numbers: self.numbers(&known, &acting),
            concerned: concerned_rows,
            concerned_count,
            to_tell,
            told_at: known.device.last_told().map(|at| at.0),
        })
    }

    pub(crate) async fn tell_lost_device(&self, token: Option<&SessionToken>, request: TellLostDevice) -> Result<LostTold, Refusal> {
        let told = settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            device::may_keep(&acting.account).map_err(refusals::domain)?;
            on_server(&acting.workspace)?;
            let found = ground.device(DeviceId(request.device)).await?;
            let concerned = match &found {
                Some(device) => {
                    let communities = ground.communities().await?;
                    self.concerned_by(&self.known_of(device.clone()).await?, &communities, &acting.account).await?
                }
                None => Vec::new(),
            };
            Ok::<_, Refusal>(lost::tell(&acting.account, found, &concerned, ground.now))
        })?;
        Ok(LostTold { told: told.now, before: told.before.map(|at| at.0) })
    }

    /// None of it is ground of a decision: an account that changes meanwhile is told all the same.
    async fn known_of(&self, device: Device) -> Result<Known, Refusal> {
        let issuers = self.store.issuers_at(device.id, ISSUERS).await.map_err(refusals::store)?;
        let mut signed_in = self.store.signed_in_through(device.id, SIGNED_IN).await.map_err(refusals::store)?;
        signed_in.extend(&device.signed_in);
        let (mut people, mut staff) = (HashMap::new(), Vec::new());
        let here = device.person.into_iter().chain(issuers.iter().map(|issuer| issuer.staff)).chain(signed_in.iter().copied());
        let mut met = HashSet::new();
        for id in here.filter(|id| met.insert(*id)) {
            if self.learn(&mut people, id).await? {
                staff.push(id);
            }
        }
        for id in issuers.iter().flat_map(|issuer| &issuer.codes).filter_map(|code| code.person) {
            self.learn(&mut people, id).await?;
        }
        Ok(Known { device, issuers, signed_in, staff, people })
    }

    /// Whether there is such a person; they are known from then on.
    async fn learn(&self, people: &mut HashMap<AccountId, Account>, id: AccountId) -> Result<bool, Refusal> {
        if !people.contains_key(&id) {
            let found = self.store.account(id).await.map_err(refusals::store)?;
            people.extend(found.map(|found| (id, found.record)));
        }
        Ok(people.contains_key(&id))
    }

    /// Whom it concerns, each by the first reason: who worked there, for whom a code was issued, who administers them.
    async fn concerned_by(&self, known: &Known, all: &[Community], reader: &Account) -> Result<Vec<Concerned>, Refusal> {
        let by = |id: AccountId| known.people.get(&id).map(|person| (id, person.name.clone()));
        let whose = known.device.person.and_then(by);
        let mut concerned: Vec<Concerned> =
            known.staff.iter().map(|person| Concerned { person: *person, why: Concern::Staff, by: None }).collect();
        for (issuer, code) in known.codes() {
            let person = code.person.filter(|id| known.people.contains_key(id));
            concerned.extend(person.map(|person| Concerned { person, why: Concern::Issued, by: by(issuer.staff) }));
        }
        let everywhere = known.staff.iter().any(|id| known.people.get(id).is_some_and(|person| person.owner));
        let theirs = known.people.values().flat_map(|person| person.memberships.iter().map(|held| held.community));
        let communities: BTreeSet<CommunityId> = if everywhere { all.iter().map(|one| one.id).collect() } else { theirs.collect() };
        let administering = self.administering_in(communities.into_iter().collect()).await?;
        concerned.extend(administering.into_iter().map(|person| Concerned { person, why: Concern::Administers, by: whose.clone() }));
        let mut met = HashSet::from([reader.id]);
        concerned.retain(|one| met.insert(one.person));
        Ok(concerned)
    }

    /// Who worked there, and into what they can look as of today.
    async fn holders(&self, ground: &Ground<'_, S>, known: &Known, all: &[Community]) -> Result<Vec<LostHolder>, Refusal> {
        let sizes: HashMap<_, _> = self.store.community_sizes().await.map_err(refusals::store)?.into_iter().collect();
        let people: Vec<&Account> = known.staff.iter().filter_map(|id| known.people.get(id)).collect();
        let everybody = if people.iter().any(|person| person.owner) {
            Some(self.store.people(&PeopleQuery::everybody(Hour::plain(ground.now), 1)).await.map_err(refusals::store)?.total)
        } else {
            None
        };
        let holder = |person: &Account| {
            let reach = person.standing().reach(Role::Support);
            let reached = all.iter().filter(|one| reach.as_ref().is_some_and(|reach| reach.contains(&one.id)));
            let community = |one: &Community| {
                let role = views::role(person.standing().role_in(one.id)?);
                Some(LostCommunity { name: one.name.as_str().into(), role, people: sizes.get(&one.id).copied().unwrap_or(0) })
            };
            LostHolder {
                person: views::person(person),
                own: known.device.person == Some(person.id),
                issues: known.issuers.iter().any(|issuer| issuer.staff == person.id),
                signed_in: known.signed_in.contains(&person.id),
                everybody: everybody.filter(|_| person.owner),
                communities: reached.filter_map(community).collect(),
            }
        };
        Ok(people.into_iter().map(holder).collect())
    }

    /// What could have been issued of which nothing is known. Of a key that is no longer accepted there is nothing.
    fn numbers(&self, known: &Known, acting: &Acting) -> Vec<LostNumbers> {
        let accepted = |issuer: &&IssuerRecord| self.issuing.of(issuer.epoch).is_some_and(|key| key.id() == issuer.key);
        let left = known.issuers.iter().filter(accepted).filter(|issuer| issuer.untold() > 0).take(LISTED);
        let numbers = left.map(|issuer| LostNumbers {
            staff: known.people.get(&issuer.staff).map(views::person),
            untold: issuer.untold(),
            until: issuer.untold_until(acting.workspace.policy.recovery_validity).0,
        });
        numbers.collect()
    }
}

fn why(why: Concern) -> LostWhy {
    match why {
        Concern::Staff => LostWhy::Staff,
        Concern::Issued => LostWhy::Issued,
        Concern::Administers => LostWhy::Administers,
    }
}
