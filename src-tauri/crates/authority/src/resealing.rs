//! Every seal of a workspace, one after the other: tried, or sealed anew by the present key. In commits of a few records that rest on
//! what was read, so that others go on working beside it, and killing it anywhere leaves every seal under one key or the other.

use std::collections::BTreeMap;

use domain::{
    Change, Decision,
    account::Account,
    console,
    factor::{Sealed, SecondFactor},
    id::WorkspaceId,
    mail::outbox::Mail,
    oath::Parameters,
    readiness::Hour,
    token::Token,
    workspace::Workspace,
};
use wire::{Refusal, RefusalCode};

use crate::{
    epoch::Told,
    local::Authority,
    refusals,
    seal::{Bound, KeyId, Place, SealingKey},
    store::{Begin, Commit, CommitError, OutboxQuery, PeopleQuery, RecordKey, Store, TokenQuery, Versioned},
};

/// Records of one commit.
const BATCH: u32 = 200;
/// How often a batch is read again because somebody changed one of its records.
const TRIES: usize = 32;

/// What became of the seals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seals {
    /// How many there are under each key, as they stand now.
    pub keys: BTreeMap<KeyId, u64>,
    /// How many were sealed anew.
    pub anew: u64,
    /// How many do not open: their key is missing, or they are damaged.
    pub broken: u64,
}

/// What to do with each.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    Try,
    SealAnew,
}

impl<S: Store> Authority<S> {
    /// Opens every seal, and changes nothing.
    ///
    /// # Errors
    /// [`RefusalCode::Stopped`] when it was told to; else a refusal of the store.
    pub async fn try_seals(&self, told: Told<'_>) -> Result<Seals, Refusal> {
        self.each_seal(Task::Try, told).await
    }

    /// Seals anew by the present key whatever an earlier one sealed. Begun again after it was stopped, it goes on.
    ///
    /// # Errors
    /// As [`Self::try_seals`].
    pub async fn seal_anew(&self, told: Told<'_>) -> Result<Seals, Refusal> {
        self.each_seal(Task::SealAnew, told).await
    }

    async fn each_seal(&self, task: Task, told: Told<'_>) -> Result<Seals, Refusal> {
        let mut seals = Seals::default();
        let workspace = self.seals_of_workspace(task, &mut seals).await?;
        self.seals_of_people(workspace, task, &mut seals, told).await?;
        self.seals_of_tokens(workspace, task, &mut seals).await?;
        self.seals_of_mail(workspace, task, &mut seals).await?;
        Ok(seals)
    }

    async fn seals_of_workspace(&self, task: Task, seals: &mut Seals) -> Result<WorkspaceId, Refusal> {
        for _ in 0..TRIES {
            let found = self.store.workspace().await.map_err(refusals::store)?.ok_or(RefusalCode::NoWorkspace)?;
            let Versioned { record: mut workspace, version } = found;
            let (id, mut tally) = (workspace.id, seals.clone());
            self.workspace_seals(&mut workspace, task, &mut tally);
            let change = Change::Workspace(Box::new(workspace));
            // The workspace's own come first, and the journal tells of it in the same commit.
            let decision = console::key_replaced(&self.key.id().to_string()).change(change);
            let changed = (tally.anew > seals.anew).then_some(decision);
            if self.put_seals(changed, (RecordKey::Workspace, version)).await? {
                *seals = tally;
                return Ok(id);
            }
        }
        Err(RefusalCode::Busy.into())
    }

    fn workspace_seals(&self, workspace: &mut Workspace, task: Task, tally: &mut Seals) {
        let id = workspace.id;
        if let Some(naming) = &mut workspace.naming_key {
            self.one_seal(naming, Bound::Naming, id, task, tally);
        }
        for key in &mut workspace.journal_keys {
            let epoch = key.epoch;
            if let Some(sealed) = &mut key.sealed {
                self.one_seal(sealed, Bound::JournalKey(epoch), id, task, tally);
            }
        }
        if let Some(mail) = &mut workspace.mail
            && let Some(password) = &mut mail.password
        {
            self.one_seal(password, Bound::MailPassword(&mail.server), id, task, tally);
        }
    }

    async fn seals_of_people(&self, workspace: WorkspaceId, task: Task, seals: &mut Seals, told: Told<'_>) -> Result<(), Refusal> {
        let mut query = PeopleQuery::everybody(Hour::plain(self.ground().now), BATCH);
        let mut done = 0;
        loop {
            let page = self.store.people(&query).await.map_err(refusals::store)?;
            done += page.rows.len() as u64;
            for account in page.rows.into_iter().filter(holds_seals) {
                self.seals_of_person(account, workspace, task, seals).await?;
            }
            if told(done, page.total).is_break() {
                return Err(RefusalCode::Stopped.into());
            }
            match page.next {
                Some((name, id)) => query.begin = Begin::After(name, id),
                None => return Ok(()),
            }
        }
    }

    async fn seals_of_person(&self, account: Account, workspace: WorkspaceId, task: Task, seals: &mut Seals) -> Result<(), Refusal> {
        // As it was listed first: only one that has to be written is read again, with its version.
        let mut tally = seals.clone();
        self.account_seals(&mut account.clone(), workspace, task, &mut tally);
        if tally.anew == seals.anew {
            *seals = tally;
            return Ok(());
        }
        for _ in 0..TRIES {
            let Some(found) = self.store.account(account.id).await.map_err(refusals::store)? else { return Ok(()) };
            let Versioned { record: mut account, version } = found;
            let mut tally = seals.clone();
            self.account_seals(&mut account, workspace, task, &mut tally);
            let id = account.id;
            let changed = (tally.anew > seals.anew).then(|| Decision::accept(()).account(account));
            if self.put_seals(changed, (RecordKey::Account(id), version)).await? {
                *seals = tally;
                return Ok(());
            }
        }
        Err(RefusalCode::Busy.into())
    }

    fn account_seals(&self, account: &mut Account, workspace: WorkspaceId, task: Task, tally: &mut Seals) {
        let id = account.id;
        let place = |authenticator| Place::Authenticator { workspace, account: id, authenticator };
        if let SecondFactor::Active(factors) = &mut account.second_factor {
            for authenticator in &mut factors.authenticators {
                let bound = Bound::Secret(place(authenticator.id), authenticator.parameters);
                self.one_seal(&mut authenticator.sealed, bound, workspace, task, tally);
            }
        }
        if let Some(pending) = &mut account.pending {
            let bound = Bound::Secret(place(pending.id), Parameters::default());
            self.one_seal(&mut pending.sealed, bound, workspace, task, tally);
        }
    }

    async fn seals_of_tokens(&self, workspace: WorkspaceId, task: Task, seals: &mut Seals) -> Result<(), Refusal> {
        let mut query = TokenQuery::all(BATCH);
        loop {
            let page = self.store.tokens(&query).await.map_err(refusals::store)?;
            for found in page.rows {
                self.seals_of_token(found, workspace, task, seals).await?;
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    async fn seals_of_token(
        &self,
        mut found: Versioned<Token>,
        workspace: WorkspaceId,
        task: Task,
        seals: &mut Seals,
    ) -> Result<(), Refusal> {
        for _ in 0..TRIES {
            let Versioned { record: mut token, version } = found;
            let (id, parameters, mut tally) = (token.id, token.parameters, seals.clone());
            if let Some(sealed) = &mut token.sealed {
                let place = Place::Token { workspace, token: id };
                self.one_seal(sealed, Bound::Secret(place, parameters), workspace, task, &mut tally);
            }
            let changed = (tally.anew > seals.anew).then(|| Decision::accept(()).change(Change::Token(Box::new(token))));
            if self.put_seals(changed, (RecordKey::Token(id), version)).await? {
                *seals = tally;
                return Ok(());
            }
            let Some(again) = self.store.token(id).await.map_err(refusals::store)? else { return Ok(()) };
            found = again;
        }
        Err(RefusalCode::Busy.into())
    }

    async fn seals_of_mail(&self, workspace: WorkspaceId, task: Task, seals: &mut Seals) -> Result<(), Refusal> {
        let mut query = OutboxQuery { communities: None, state: None, person: None, tests: false, after: None, limit: BATCH };
        loop {
            let page = self.store.outbox(&query).await.map_err(refusals::store)?;
            let last = page.last().map(|found| (found.record.at, found.record.id));
            for found in page {
                self.seals_of_notice(found, workspace, task, seals).await?;
            }
            match last {
                Some(last) => query.after = Some(last),
                None => return Ok(()),
            }
        }
    }

    async fn seals_of_notice(
        &self,
        mut found: Versioned<Mail>,
        workspace: WorkspaceId,
        task: Task,
        seals: &mut Seals,
    ) -> Result<(), Refusal> {
        for _ in 0..TRIES {
            let Versioned { record: mut mail, version } = found;
            let (id, mut tally) = (mail.id, seals.clone());
            if let Some(carried) = &mut mail.code {
                let bound = Bound::MailCode(id, carried.until);
                self.one_seal(&mut carried.sealed, bound, workspace, task, &mut tally);
            }
            let changed = (tally.anew > seals.anew).then(|| Decision::accept(()).change(Change::Mail(Box::new(mail))));
            if self.put_seals(changed, (RecordKey::Mail(id), version)).await? {
                *seals = tally;
                return Ok(());
            }
            let Some(again) = self.store.mail(id).await.map_err(refusals::store)? else { return Ok(()) };
            found = again;
        }
        Err(RefusalCode::Busy.into())
    }

    fn one_seal(&self, sealed: &mut Sealed, bound: Bound<'_>, workspace: WorkspaceId, task: Task, tally: &mut Seals) {
        let opened = match task {
            Task::Try => self.key.opens(sealed, bound, workspace).then_some(None),
            Task::SealAnew => self.key.reseal(sealed, bound, workspace, &mut self.entropy()).ok(),
        };
        match opened {
            None => {
                tally.broken += 1;
                return;
            }
            Some(None) => {}
            Some(Some(anew)) => {
                *sealed = anew;
                tally.anew += 1;
            }
        }
        if let Some(id) = SealingKey::sealer(sealed) {
            *tally.keys.entry(id).or_default() += 1;
        }
    }

    /// Writes what was sealed anew. `false` when somebody else came first.
    async fn put_seals(&self, changed: Option<Decision<()>>, (record, version): (RecordKey, u64)) -> Result<bool, Refusal> {
        let Some(Decision { changes, events, .. }) = changed else { return Ok(true) };
        let at = self.ground().now;
        let entries = events.iter().map(|event| self.draft(event, at.0)).collect();
        let commit = Commit { at, read: vec![(record, Some(version))], changes, entries, notices: Vec::new() };
        match self.store.commit(commit).await {
            Ok(_) => Ok(true),
            Err(CommitError::Conflict) => Ok(false),
            Err(CommitError::Store(error)) => Err(refusals::store(error)),
            Err(CommitError::EmailTaken | CommitError::Stopped) => Err(RefusalCode::Unexpected.into()),
        }
    }
}

fn holds_seals(account: &Account) -> bool {
    account.pending.is_some() || matches!(account.second_factor, SecondFactor::Active(_))
}
