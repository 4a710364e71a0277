//! The side that a workspace comes to: parts are taken in order, what was sealed is sealed anew, and at the end, if all is as it was
//! where it left, the workspace's record makes it count.

use domain::{
    Change,
    account::Account,
    case::{Case, CaseState},
    epoch::{self, BackupCodes},
    factor::{Sealed, SecondFactor},
    id::WorkspaceId,
    mail::outbox::{Mail, MailState},
    moving::{self, Arrival, Extent},
    oath::Parameters,
    time::Moment,
    token::Token,
    workspace::Workspace,
};
use journal::tree::Span;
use wire::{Refusal, RefusalCode};

use super::{Carried, End, Leaving, Look, Mover, Part, Progress, Records};
use crate::{
    local::Authority,
    refusals,
    seal::{Bound, Place, SealingKey},
    store::{CommitError, Placing, Store, StoreError, Versioned},
    surroundings::Surroundings,
};

fn same_version(version: &str) -> Result<(), Refusal> {
    if version == env!("CARGO_PKG_VERSION") { Ok(()) } else { Err(RefusalCode::MoveOtherVersion.into()) }
}

fn progress(arrival: &Arrival) -> Progress {
    Progress { parts: arrival.parts, next: arrival.next, arrived: arrival.arrived }
}

fn placed(outcome: Result<(), CommitError>) -> Result<(), Refusal> {
    outcome.map_err(|error| match error {
        CommitError::Store(error) => refusals::store(error),
        // Somebody else hands over the same move.
        CommitError::Conflict | CommitError::EmailTaken | CommitError::Stopped => RefusalCode::MoveOutOfOrder.into(),
    })
}

impl<S: Store> Authority<S> {
    /// The house that a workspace comes to, with the keys that are kept beside its store.
    pub fn receiving(store: S, keys: SealingKey, leaving: &Leaving, surroundings: impl Surroundings) -> Self {
        Self::new(store, keys.receiving(&leaving.keys, &leaving.naming), surroundings, "console")
    }

    async fn arrival(&self) -> Result<Option<Versioned<Arrival>>, Refusal> {
        self.store.arrival().await.map_err(refusals::store)
    }

    /// Whether a workspace would be taken in. Nothing is written.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub async fn would_receive(&self, look: &Look) -> Result<(), Refusal> {
        same_version(&look.version)?;
        let taken = match self.arrival().await? {
            Some(found) => found.record.workspace != look.workspace,
            None => self.store.workspace().await.map_err(refusals::store)?.is_some(),
        };
        if taken { Err(RefusalCode::MoveTaken.into()) } else { Ok(()) }
    }

    /// Begins to take a workspace in, or says how far that has come.
    ///
    /// # Errors
    /// [`RefusalCode::MoveOtherVersion`]; [`RefusalCode::MoveTaken`] where there is a workspace, or another move was begun here.
    pub async fn receive(&self, leaving: &Leaving) -> Result<Progress, Refusal> {
        same_version(&leaving.version)?;
        if let Some(found) = self.arrival().await? {
            let same =
                found.record.workspace == leaving.workspace && found.record.at == leaving.at && found.record.journal == leaving.journal;
            return if same { Ok(progress(&found.record)) } else { Err(RefusalCode::MoveTaken.into()) };
        }
        if self.store.workspace().await.map_err(refusals::store)?.is_some() {
            return Err(RefusalCode::MoveTaken.into());
        }
        let arrival = Arrival::begun(leaving.workspace, leaving.at, leaving.journal);
        placed(self.store.place(Placing::of(arrival.clone(), None, self.ground().now)).await)?;
        Ok(progress(&arrival))
    }

    /// Takes the next part; one that is here already is passed over.
    ///
    /// # Errors
    /// [`RefusalCode::MoveOutOfOrder`]; [`RefusalCode::MoveDiffers`] for what does not open, or is not what it says.
    pub async fn take_part(&self, part: Part) -> Result<Progress, Refusal> {
        let Versioned { record: arrival, version } = self.arrival().await?.ok_or(RefusalCode::MoveOutOfOrder)?;
        if part.number < arrival.parts {
            return Ok(progress(&arrival));
        }
        let due = arrival.next.filter(|next| next.kind == part.records.kind());
        if part.number > arrival.parts || due.is_none() || arrival.arrived {
            return Err(RefusalCode::MoveOutOfOrder.into());
        }
        let (workspace, now) = (arrival.workspace, self.ground().now);
        let arrival = Arrival { parts: arrival.parts + 1, next: part.next, ..arrival };
        let mut placing = Placing::of(arrival.clone(), Some(version), now);
        self.fill(&mut placing, part.records, workspace, now)?;
        placed(self.store.place(placing).await)?;
        Ok(progress(&arrival))
    }

    fn fill(&self, placing: &mut Placing, records: Records, workspace: WorkspaceId, now: Moment) -> Result<(), Refusal> {
        let changes = &mut placing.changes;
        match records {
            Records::Communities(all) => changes.extend(all.into_iter().map(Change::Community)),
            Records::People(all) => {
                for account in all {
                    changes.push(Change::Account(Box::new(self.account_here(account, workspace, now)?)));
                }
            }
            Records::RemovedNames(all) => placing.removed = all,
            Records::Tokens(all) => {
                for token in all {
                    changes.push(Change::Token(Box::new(self.token_here(token, workspace, now)?)));
                }
            }
            Records::Cases(all) => changes.extend(all.into_iter().map(|case| case_here(case, now))),
            Records::Requests(all) => changes.extend(all.into_iter().map(Change::HelpRequest)),
            Records::Reports(all) => changes.extend(all.into_iter().map(|report| Change::Report(Box::new(report)))),
            Records::Imports(all) => changes.extend(all.into_iter().map(|batch| Change::Import(Box::new(batch)))),
            Records::ImportedPeople(all) => placing.imported = all,
            Records::Notices(all) => {
                for mail in all {
                    changes.push(Change::Mail(Box::new(self.mail_here(mail, workspace, now)?)));
                }
            }
            Records::Entries(all) => {
                // Each is what its leaf says, before it is written anywhere.
                if all.iter().any(|Carried(entry)| journal::open(workspace.0, entry.stored()).is_err()) {
                    return Err(RefusalCode::MoveDiffers.into());
                }
                placing.entries = all.into_iter().map(|Carried(entry)| entry).collect();
            }
            Records::Checkpoints(all) => changes.extend(all.into_iter().map(|Carried(checkpoint)| Change::Checkpoint(checkpoint))),
        }
        Ok(())
    }

    /// As a new epoch makes it. Backup codes are kept: the house that it left takes none of them any more, so that whatever was used
    /// is known here.
    fn account_here(&self, account: Account, workspace: WorkspaceId, now: Moment) -> Result<Account, Refusal> {
        let renewed = epoch::renew(account.clone(), BackupCodes::Kept, now).changes;
        let renewed = renewed.into_iter().find_map(|change| if let Change::Account(account) = change { Some(*account) } else { None });
        let mut account = renewed.unwrap_or(account);
        let id = account.id;
        if let SecondFactor::Active(factors) = &mut account.second_factor {
            for authenticator in &mut factors.authenticators {
                let place = Place::Authenticator { workspace, account: id, authenticator: authenticator.id };
                self.seal_here(&mut authenticator.sealed, Bound::Secret(place, authenticator.parameters), workspace)?;
            }
        }
        if let Some(pending) = &mut account.pending {
            let place = Place::Authenticator { workspace, account: id, authenticator: pending.id };
            self.seal_here(&mut pending.sealed, Bound::Secret(place, Parameters::default()), workspace)?;
        }
        Ok(account)
    }

    fn token_here(&self, token: Token, workspace: WorkspaceId, now: Moment) -> Result<Token, Refusal> {
        let mut token = match token.clone().renew(now) {
            Some(Change::Token(renewed)) => *renewed,
            _ => token,
        };
        let (id, parameters) = (token.id, token.parameters);
        if let Some(sealed) = &mut token.sealed {
            self.seal_here(sealed, Bound::Secret(Place::Token { workspace, token: id }, parameters), workspace)?;
        }
        Ok(token)
    }

    /// What waits goes on waiting, unless it carries a code that opens nothing any more; what was being sent may have been.
    fn mail_here(&self, mut mail: Mail, workspace: WorkspaceId, now: Moment) -> Result<Mail, Refusal> {
        if mail.code.is_some() || mail.state == MailState::Sending {
            mail.renew(now);
        }
        let id = mail.id;
        if let Some(carried) = &mut mail.code {
            self.seal_here(&mut carried.sealed, Bound::MailCode(id, carried.until), workspace)?;
        }
        Ok(mail)
    }

    fn seal_here(&self, sealed: &mut Sealed, bound: Bound<'_>, workspace: WorkspaceId) -> Result<(), Refusal> {
        match self.key.reseal(sealed, bound, workspace, &mut self.entropy()) {
            Ok(None) => {}
            Ok(Some(anew)) => *sealed = anew,
            Err(_) => return Err(RefusalCode::MoveDiffers.into()),
        }
        Ok(())
    }

    /// Compares what is here with what left, and makes it count. Asked again afterwards, it says that it has arrived.
    ///
    /// # Errors
    /// [`RefusalCode::MoveOutOfOrder`] while parts are missing; [`RefusalCode::MoveDiffers`].
    pub async fn take_end(&self, end: End) -> Result<Progress, Refusal> {
        let Versioned { record: arrival, version } = self.arrival().await?.ok_or(RefusalCode::MoveOutOfOrder)?;
        if arrival.arrived {
            return Ok(progress(&arrival));
        }
        if arrival.next.is_some() {
            return Err(RefusalCode::MoveOutOfOrder.into());
        }
        if arrival.workspace != end.workspace.id || arrival.journal != end.journal || !self.agrees(&end).await? {
            return Err(RefusalCode::MoveDiffers.into());
        }
        let now = self.ground().now;
        let decision = moving::arrive(self.workspace_here(*end.workspace)?, &end.journal);
        let arrival = Arrival { arrived: true, ..arrival };
        let mut placing = Placing::of(arrival.clone(), Some(version), now);
        placing.drafts = decision.events.iter().map(|event| self.draft(event, now.0)).collect();
        placing.changes = decision.changes;
        placed(self.store.place(placing).await)?;
        // Its key is sealed from now on, and signs what came as well.
        self.keep_checkpoint().await?;
        Ok(progress(&arrival))
    }

    async fn agrees(&self, end: &End) -> Result<bool, Refusal> {
        let Extent { size, root } = end.journal;
        let here = self.store.journal_size().await.map_err(refusals::store)?;
        if here != size || *self.tree_hash(Span::first(size)).await?.as_bytes() != root {
            return Ok(false);
        }
        Ok(self.counts(&end.journal).await? == end.counts)
    }

    fn workspace_here(&self, mut workspace: Workspace) -> Result<Workspace, Refusal> {
        let id = workspace.id;
        if let Some(mail) = &mut workspace.mail
            && let Some(password) = &mut mail.password
        {
            self.seal_here(password, Bound::MailPassword(&mail.server), id)?;
        }
        workspace.naming_key = self.key.seal_naming(id, &mut self.entropy());
        Ok(workspace)
    }
}

/// Empties a store that a workspace was moving to and has not arrived in.
///
/// # Errors
/// [`RefusalCode::MoveTaken`] where it has; else a refusal of the store.
pub async fn discard(store: &impl Store) -> Result<(), Refusal> {
    store.discard_arrival().await.map_err(|error| match error {
        CommitError::Store(error) => refusals::store(error),
        CommitError::Conflict | CommitError::EmailTaken | CommitError::Stopped => RefusalCode::MoveTaken.into(),
    })
}

/// Whether a workspace was moving to this store and has not arrived.
///
/// # Errors
/// What kept the store from reading.
pub async fn is_unfinished(store: &impl Store) -> Result<bool, StoreError> {
    Ok(store.arrival().await?.is_some_and(|found| !found.record.arrived))
}

fn case_here(case: Case, now: Moment) -> Change {
    match case.state {
        CaseState::Open | CaseState::Approved { .. } => epoch::void_case(case, now),
        _ => Change::Case(Box::new(case)),
    }
}

impl<S: Store> Mover for Authority<S> {
    async fn begin(&self, leaving: Leaving) -> Result<Progress, Refusal> {
        self.receive(&leaving).await
    }

    async fn part(&self, part: Part) -> Result<Progress, Refusal> {
        self.take_part(part).await
    }

    async fn end(&self, end: End) -> Result<Progress, Refusal> {
        self.take_end(end).await
    }
}
