//! Beginning an epoch: what restoring a backup makes void, in a store that nobody else can reach yet.

use std::ops::ControlFlow;

use domain::{
    Decision, device,
    epoch::{self, BackupCodes, Head},
    id::AccountId,
    readiness::Hour,
    time::Moment,
};
use uuid::Uuid;
use wire::{Refusal, RefusalCode};

use crate::{
    local::Authority,
    refusals,
    store::{Begin, Commit, CommitError, DeskQuery, DeviceQuery, JournalQuery, PeopleQuery, Store, TokenQuery},
};

/// Accounts of one commit: large enough that the disk is not waited for often, small enough to stop between two.
const BATCH: u32 = 1_000;

/// A backup that was restored into a store.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The backup.
    pub backup: Uuid,
    /// When it was taken.
    pub taken_at: Moment,
    /// Whether backup codes that were unused then open again: only if whoever restores asked for it.
    pub keep_codes: bool,
}

/// Told how many accounts were done, of how many; answers whether to go on.
pub type Told<'a> = &'a (dyn Fn(u64, u64) -> ControlFlow<()> + Send + Sync);

impl<S: Store> Authority<S> {
    /// Makes void what the time since the backup may have used up, and begins the next epoch. Only for a store that
    /// nobody else can reach: it takes many commits, of which the last one counts. One that was not finished can be begun
    /// again.
    ///
    /// # Errors
    /// [`RefusalCode::Stopped`] when it was told to; else a refusal of the store.
    pub async fn begin_epoch(&self, restored: &Restored, told: Told<'_>) -> Result<(), Refusal> {
        let codes = if restored.keep_codes { BackupCodes::Kept } else { BackupCodes::Void };
        let now = self.ground().now;
        self.void_mail(restored.taken_at, now).await?;
        let mut query = PeopleQuery::everybody(Hour::plain(now), BATCH);
        let mut done = 0;
        loop {
            let page = self.store.people(&query).await.map_err(refusals::store)?;
            let count = page.rows.len() as u64;
            let mut all = Decision::accept(());
            for account in page.rows {
                let decision = epoch::renew(account, codes, now);
                all.changes.extend(decision.changes);
                all.notices.extend(decision.notices);
            }
            self.write(all, now).await?;
            done += count;
            if told(done, page.total).is_break() {
                return Err(RefusalCode::Stopped.into());
            }
            match page.next {
                Some((name, id)) => query.begin = Begin::After(name, id),
                None => break,
            }
        }
        self.void_cases(now).await?;
        self.void_tokens(now).await?;
        self.void_devices(now).await?;
        let mut ground = self.ground();
        let workspace = ground.workspace().await?;
        let newest = JournalQuery { person: None, communities: None, before: None, limit: 1 };
        let head = self.store.journal(&newest).await.map_err(refusals::store)?.pop();
        let restored = epoch::Restored {
            backup: restored.backup.to_string(),
            taken_at: restored.taken_at,
            head: head.map(|line| Head { index: line.entry.index(), leaf: *line.entry.leaf().hash().as_bytes() }),
            codes,
        };
        self.write(epoch::begin(workspace, &restored), now).await
    }

    async fn void_cases(&self, now: Moment) -> Result<(), Refusal> {
        let ever = Moment(i64::MIN);
        let query = DeskQuery { communities: None, reader: AccountId(Uuid::nil()), cases_after: ever, requests_after: now, limit: BATCH };
        loop {
            let waiting = self.store.waiting(&query).await.map_err(refusals::store)?;
            if waiting.cases.is_empty() {
                return Ok(());
            }
            let void = waiting.cases.into_iter().map(|found| epoch::void_case(found.record, now));
            self.write(Decision { changes: void.collect(), ..Decision::accept(()) }, now).await?;
        }
    }

    /// Spends what tokens that nobody uses may have shown since the backup. Those in use were done with their accounts.
    async fn void_tokens(&self, now: Moment) -> Result<(), Refusal> {
        let mut query = TokenQuery::all(BATCH);
        loop {
            let page = self.store.tokens(&query).await.map_err(refusals::store)?;
            let void = page.rows.into_iter().filter_map(|found| found.record.renew(now));
            self.write(Decision { changes: void.collect(), ..Decision::accept(()) }, now).await?;
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Each desktop pairs anew.
    async fn void_devices(&self, now: Moment) -> Result<(), Refusal> {
        let mut query = DeviceQuery { at: now, gone: true, after: None, limit: BATCH };
        loop {
            let page = self.store.devices(&query).await.map_err(refusals::store)?;
            let void = page.rows.into_iter().filter_map(|device| device::void(device, now));
            self.write(Decision { changes: void.collect(), ..Decision::accept(()) }, now).await?;
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Writes a decision that rests on nothing anybody else could change.
    pub(crate) async fn write(&self, decision: Decision<()>, now: Moment) -> Result<(), Refusal> {
        let entries = decision.events.iter().map(|event| self.draft(event, now.0)).collect();
        let notices = self.mails(&decision.notices, &decision.changes, now).await?;
        let commit = Commit { at: now, read: Vec::new(), changes: decision.changes, entries, notices };
        self.store.commit(commit).await.map(drop).map_err(|error| match error {
            CommitError::Store(error) => refusals::store(error),
            CommitError::Conflict | CommitError::EmailTaken | CommitError::Stopped => RefusalCode::VaultDamaged.into(),
        })
    }
}
