//! What a desktop's replica is told: what both stores read for it, each in one snapshot, and which of it its reader may see.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    ops::Range,
};

use domain::{
    EventKind,
    account::Account,
    case::{Case, CaseState},
    erasure::Places,
    event::Touches,
    gate::{self, Act, Role},
    id::{AccountId, CommunityId},
    report::Report,
    request::HelpRequest,
    throttle::Failures,
    workspace::{Community, Workspace},
};
use uuid::Uuid;

use super::{KeptEntry, NamedPerson, StoreError, Versioned};

/// What is asked of the feed.
#[derive(Clone, Copy, Debug)]
pub struct FeedQuery {
    /// Who asks: what they may see is read in the same snapshot.
    pub reader: AccountId,
    /// Which part.
    pub part: FeedPart,
}

/// A part of the feed.
#[derive(Clone, Copy, Debug)]
pub enum FeedPart {
    /// People after this one, in the order of their identifiers, so many at most.
    People(Option<AccountId>, u32),
    /// Entries, and what they touched.
    Entries {
        /// From which one on.
        after: u64,
        /// Before this one nothing is read of what they touched.
        records_from: u64,
        /// Entries at most.
        limit: u32,
    },
}

/// Somebody, and what there is about them.
#[derive(Debug)]
pub struct FedPerson {
    /// Their account.
    pub account: Versioned<Account>,
    /// What is counted of their password, from where there is most.
    pub failures: Option<Failures>,
    /// Their request for help.
    pub request: Option<Versioned<HelpRequest>>,
    /// What they say was not them.
    pub report: Option<Versioned<Report>>,
    /// The undecided cases about them.
    pub cases: Vec<Versioned<Case>>,
}

/// An entry, and whether the reader may read it.
#[derive(Debug)]
pub struct FedEntry {
    /// The entry.
    pub entry: KeptEntry,
    /// Whether it is told, or only the hash of its leaf.
    pub told: bool,
}

/// What was read, all at one moment.
#[derive(Debug)]
pub struct Fed {
    /// The reader, as they are.
    pub reader: Versioned<Account>,
    /// How many entries the journal had.
    pub size: u64,
    /// The workspace's own record.
    pub workspace: Versioned<Workspace>,
    /// Every community.
    pub communities: Vec<Versioned<Community>>,
    /// Whether these two are to be told.
    pub tell: (bool, bool),
    /// The entries from the first that was asked for, without a gap.
    pub entries: Vec<FedEntry>,
    /// Whoever was asked for and may be seen.
    pub people: Vec<FedPerson>,
    /// Where the next page of people begins.
    pub next: Option<AccountId>,
    /// Who was touched, is named by what the reader may read, and is not to be seen.
    pub gone: Vec<AccountId>,
    /// Who is kept beside those who are seen, in order. A case that ends and a role that is given up elsewhere touch none of them.
    pub beside: Vec<AccountId>,
    /// What those are called whom entries name and whom the reader does not see.
    pub names: Vec<NamedPerson>,
    /// Entries that were emptied since the first that was asked for.
    pub erased: Vec<Places>,
    /// Of some entries nobody can say whom they touched.
    pub again: bool,
}

/// Reads within one snapshot of a store.
pub trait FeedReads: Send {
    /// The workspace's own record.
    fn workspace(&mut self) -> impl Future<Output = Result<Versioned<Workspace>, StoreError>> + Send;
    /// Every community.
    fn communities(&mut self) -> impl Future<Output = Result<Vec<Versioned<Community>>, StoreError>> + Send;
    /// How many entries the journal has.
    fn size(&mut self) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// These entries, in order.
    fn entries(&mut self, places: Range<u64>) -> impl Future<Output = Result<Vec<KeptEntry>, StoreError>> + Send;
    /// These accounts, as far as they are there.
    fn accounts(&mut self, ids: &[AccountId]) -> impl Future<Output = Result<Vec<Versioned<Account>>, StoreError>> + Send;
    /// Every owner.
    fn owners(&mut self) -> impl Future<Output = Result<Vec<Versioned<Account>>, StoreError>> + Send;
    /// Accounts in the order of their identifiers, of these communities (`None` for all).
    fn accounts_after(
        &mut self,
        after: Option<AccountId>,
        communities: Option<&[CommunityId]>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Versioned<Account>>, StoreError>> + Send;
    /// What is counted of these people's passwords, in any order.
    fn failures(&mut self, ids: &[AccountId]) -> impl Future<Output = Result<Vec<(AccountId, Failures)>, StoreError>> + Send;
    /// Requests of these people.
    fn requests(&mut self, ids: &[AccountId]) -> impl Future<Output = Result<Vec<Versioned<HelpRequest>>, StoreError>> + Send;
    /// Reports of these people.
    fn reports(&mut self, ids: &[AccountId]) -> impl Future<Output = Result<Vec<Versioned<Report>>, StoreError>> + Send;
    /// Undecided cases about these people.
    fn cases(&mut self, ids: &[AccountId]) -> impl Future<Output = Result<Vec<Versioned<Case>>, StoreError>> + Send;
    /// All undecided cases.
    fn open_cases(&mut self) -> impl Future<Output = Result<Vec<Versioned<Case>>, StoreError>> + Send;
    /// Who holds more than a member's role in one of these communities.
    fn staff_of(&mut self, communities: &[CommunityId]) -> impl Future<Output = Result<Vec<AccountId>, StoreError>> + Send;
    /// What these are called, those who were removed too.
    fn names(&mut self, ids: &[AccountId]) -> impl Future<Output = Result<Vec<NamedPerson>, StoreError>> + Send;
    /// Which of these an entry names that concerns one of these communities, or this reader.
    fn named_in(
        &mut self,
        ids: &[AccountId],
        communities: &[CommunityId],
        reader: AccountId,
    ) -> impl Future<Output = Result<Vec<AccountId>, StoreError>> + Send;
}

/// Reads a part of the feed. `None` where there is no such reader any more.
///
/// # Errors
/// Whatever kept the store from reading.
pub async fn read<R: FeedReads>(reads: &mut R, query: &FeedQuery) -> Result<Option<Fed>, StoreError> {
    let Some(reader) = reads.accounts(&[query.reader]).await?.pop() else { return Ok(None) };
    let mut fed = Fed {
        size: reads.size().await?,
        workspace: reads.workspace().await?,
        communities: reads.communities().await?,
        tell: (false, false),
        entries: Vec::new(),
        people: Vec::new(),
        next: None,
        gone: Vec::new(),
        beside: Vec::new(),
        names: Vec::new(),
        erased: Vec::new(),
        again: false,
        reader,
    };
    match query.part {
        FeedPart::People(after, limit) => people(reads, &mut fed, after, limit).await?,
        FeedPart::Entries { after, records_from, limit } => entries(reads, &mut fed, after, records_from, limit).await?,
    }
    Ok(Some(fed))
}

async fn people<R: FeedReads>(reads: &mut R, fed: &mut Fed, after: Option<AccountId>, limit: u32) -> Result<(), StoreError> {
    let limit = limit.max(1);
    let reach = reach(&fed.reader.record);
    let mut found = reads.accounts_after(after, reach.as_deref(), limit).await?;
    let full = found.len() == limit as usize;
    fed.next = found.last().filter(|_| full).map(|last| last.record.id);
    // Whoever is kept beside those who are seen stands in the same order: a page says everything of its range.
    let within = |id: &AccountId| after.is_none_or(|after| *id > after) && fed.next.is_none_or(|next| *id <= next);
    let mut others = beside(reads, &fed.reader.record).await?.all;
    others.insert(fed.reader.record.id);
    others.retain(|id| within(id) && found.iter().all(|other| other.record.id != *id));
    found.extend(reads.accounts(&others.into_iter().collect::<Vec<_>>()).await?);
    found.sort_by_key(|one| one.record.id);
    fed.tell = (true, true);
    fed.people = bundled(reads, &fed.reader.record, found).await?;
    Ok(())
}

/// Whom staff need beside those whom they see, to read what waits on their desk: owners, and for a case that they read of, whoever
/// it is about, works on it or could. For each such case, whom.
#[derive(Default)]
struct Beside {
    all: BTreeSet<AccountId>,
    of_cases: BTreeMap<AccountId, BTreeSet<AccountId>>,
}

async fn beside<R: FeedReads>(reads: &mut R, reader: &Account) -> Result<Beside, StoreError> {
    let mut beside = Beside::default();
    if !reader.standing().is_staff() {
        return Ok(beside);
    }
    beside.all = reads.owners().await?.iter().map(|one| one.record.id).collect();
    let cases = reads.open_cases().await?;
    let targets: BTreeSet<AccountId> = cases.iter().map(|case| case.record.target).collect();
    let targets = reads.accounts(&targets.into_iter().collect::<Vec<_>>()).await?;
    for case in cases {
        let Some(target) = targets.iter().map(|one| &one.record).find(|target| target.id == case.record.target) else { continue };
        if !reads_of(reader, target, &case.record) {
            continue;
        }
        let approver = if let CaseState::Approved { by, .. } = case.record.state { by } else { None };
        let communities: Vec<CommunityId> = target.memberships.iter().map(|held| held.community).collect();
        let of_case = beside.of_cases.entry(target.id).or_default();
        of_case.extend(reads.staff_of(&communities).await?);
        of_case.extend([target.id, case.record.opener].into_iter().chain(approver));
        beside.all.extend(of_case.iter().copied());
    }
    Ok(beside)
}

fn reads_of(reader: &Account, target: &Account, case: &Case) -> bool {
    case.opener == reader.id || sees(reader, target)
}

async fn entries<R: FeedReads>(reads: &mut R, fed: &mut Fed, after: u64, records_from: u64, limit: u32) -> Result<(), StoreError> {
    let end = fed.size.min(after.saturating_add(u64::from(limit.max(1))));
    let kept = if after < end { reads.entries(after..end).await? } else { Vec::new() };
    if kept.iter().map(|entry| entry.index).ne(after..end.max(after)) {
        return Err(StoreError::Damaged("an entry of the journal is missing".into()));
    }
    let (own, reach) = (fed.reader.record.id, reach(&fed.reader.record));
    let mut touched = BTreeSet::new();
    // Before the records were read again: of those who are seen they say all, and nothing of what others are called.
    let mut passed = BTreeSet::new();
    let mut named = BTreeSet::new();
    for entry in kept {
        let told = Told::of(&fed.workspace.record, &entry)?;
        let is_told = reach.as_ref().is_none_or(|reach| told.communities.iter().any(|id| reach.contains(id))) || told.people.contains(&own);
        if is_told {
            named.extend(told.people.iter().copied());
        }
        fed.erased.extend(told.erased);
        if entry.index >= records_from {
            fed.tell = (fed.tell.0 || told.touches.workspace(), fed.tell.1 || told.touches.communities());
            let unknown = told.nobody_can_say && told.touches != Touches::Nothing;
            fed.again |= unknown || told.touches == Touches::Everything;
            if told.touches != Touches::Nothing {
                touched.extend(told.people);
            }
        } else if told.touches != Touches::Nothing {
            passed.extend(told.people);
        }
        fed.entries.push(FedEntry { entry, told: is_told });
    }
    tell_people(reads, fed, touched, passed, named).await
}

/// Tells of those who were touched, and what those are called who are named and not seen.
async fn tell_people<R: FeedReads>(
    reads: &mut R,
    fed: &mut Fed,
    touched: BTreeSet<AccountId>,
    passed: BTreeSet<AccountId>,
    named: BTreeSet<AccountId>,
) -> Result<(), StoreError> {
    let reader = fed.reader.record.clone();
    let mut ids: Vec<AccountId> = touched.iter().chain(&passed).chain(&named).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let there: BTreeMap<AccountId, Versioned<Account>> =
        reads.accounts(&ids).await?.into_iter().map(|found| (found.record.id, found)).collect();
    let unseen: Vec<AccountId> = ids.iter().copied().filter(|id| there.get(id).is_none_or(|one| !sees(&reader, &one.record))).collect();
    let beside = beside(reads, &reader).await?;
    let mut told: Vec<Versioned<Account>> = Vec::new();
    let mut away: Vec<AccountId> = Vec::new();
    for id in touched {
        match there.get(&id) {
            Some(found) if sees(&reader, &found.record) || beside.all.contains(&id) => told.push(found.clone()),
            _ => away.push(id),
        }
    }
    // Somebody who came into sight, or about whom a case was opened, brings others with them.
    let here: BTreeSet<AccountId> = told.iter().map(|one| one.record.id).collect();
    let brought: BTreeSet<AccountId> = here.iter().filter_map(|id| beside.of_cases.get(id)).flatten().copied().collect();
    told.extend(reads.accounts(&brought.difference(&here).copied().collect::<Vec<_>>()).await?);
    // Of people whom nothing names that the reader may read not even the identifier is told.
    let passed = unseen.iter().copied().filter(|id| passed.contains(id) && !away.contains(id));
    let asked: Vec<AccountId> = away.iter().copied().chain(passed).collect();
    let mut known = match reach(&reader) {
        None => asked,
        Some(reach) => reads.named_in(&asked, &reach, reader.id).await?,
    };
    let mut nameless: Vec<AccountId> = unseen.iter().copied().filter(|id| named.contains(id) || known.contains(id)).collect();
    nameless.retain(|id| !beside.all.contains(id));
    known.retain(|id| away.contains(id));
    fed.gone = known;
    fed.beside = beside.all.into_iter().collect();
    fed.names = reads.names(&nameless).await?;
    fed.people = bundled(reads, &reader, told).await?;
    Ok(())
}

/// These accounts with what there is about those of them who may be seen.
async fn bundled<R: FeedReads>(reads: &mut R, reader: &Account, accounts: Vec<Versioned<Account>>) -> Result<Vec<FedPerson>, StoreError> {
    let seen: Vec<AccountId> = accounts.iter().filter(|one| sees(reader, &one.record)).map(|one| one.record.id).collect();
    let mut failures: BTreeMap<AccountId, Failures> = BTreeMap::new();
    for (id, counted) in reads.failures(&seen).await? {
        let more = |kept: &Failures| (counted.until(), counted.in_a_row()) > (kept.until(), kept.in_a_row());
        if failures.get(&id).is_none_or(more) {
            failures.insert(id, counted);
        }
    }
    let mut requests: BTreeMap<_, _> = reads.requests(&seen).await?.into_iter().map(|one| (one.record.account, one)).collect();
    let mut reports: BTreeMap<_, _> = reads.reports(&seen).await?.into_iter().map(|one| (one.record.account, one)).collect();
    let mut cases: BTreeMap<AccountId, Vec<Versioned<Case>>> = BTreeMap::new();
    for case in reads.cases(&accounts.iter().map(|one| one.record.id).collect::<Vec<_>>()).await? {
        if case.record.opener == reader.id || seen.contains(&case.record.target) {
            cases.entry(case.record.target).or_default().push(case);
        }
    }
    let person = |account: Versioned<Account>| {
        let id = account.record.id;
        FedPerson {
            failures: failures.remove(&id).filter(|failures| !failures.is_empty()),
            request: requests.remove(&id),
            report: reports.remove(&id),
            cases: cases.remove(&id).unwrap_or_default(),
            account,
        }
    };
    Ok(accounts.into_iter().map(person).collect())
}

fn reach(reader: &Account) -> Option<Vec<CommunityId>> {
    reader.standing().reach(Role::Support)
}

fn sees(reader: &Account, person: &Account) -> bool {
    gate::may(&reader.standing(), Act::See(person.standing())).is_ok()
}

/// What an entry says.
struct Told {
    touches: Touches,
    people: Vec<AccountId>,
    communities: Vec<CommunityId>,
    erased: Option<Places>,
    /// Its persons part is gone: whom it touched is not known any more.
    nobody_can_say: bool,
}

impl Told {
    fn of(workspace: &Workspace, entry: &KeptEntry) -> Result<Self, StoreError> {
        let opened = journal::open(workspace.id.0, entry.stored()).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let kind = EventKind::ALL.iter().find(|kind| kind.as_str() == opened.kind()).copied();
        // A kind that a later version wrote might have touched anything.
        let touches = kind.map_or(Touches::Everything, EventKind::touches);
        let account = |id: Uuid| AccountId(id);
        Ok(Self {
            touches,
            people: [opened.actor(), opened.subject()].into_iter().flatten().map(account).collect(),
            communities: opened.communities().iter().map(|(id, _)| CommunityId(*id)).collect(),
            erased: if kind == Some(EventKind::PersonErased) { opened.word("entries").map(Places::read) } else { None },
            nobody_can_say: entry.persons.is_none(),
        })
    }
}
