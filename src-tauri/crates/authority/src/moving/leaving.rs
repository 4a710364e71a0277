//! The side that a workspace leaves: it is let go, gives its parts, and is marked once it has arrived.

use domain::{
    evidence::Checkpoint,
    moving::{self, Extent, Kind, Place},
    workspace::Workspace,
};
use journal::tree::Span;
use serde::de::DeserializeOwned;
use wire::{Refusal, RefusalCode, SessionToken, proof::Proof};

use super::{Carried, End, Leaving, Part, Records};
use crate::{
    local::{Authority, settle},
    refusals,
    store::{ImportedItem, KeptQuery, KeptRecord, Store},
};

/// Records of one part.
const RECORDS: u32 = 200;
/// Entries or checkpoints of one part.
const LINES: u32 = 500;

impl<S: Store> Authority<S> {
    /// Lets the workspace go to a place that people call so: an owner, by password and second factor. From here on nothing is changed
    /// here, until the move is called off. Begun already to the same place, it goes on.
    ///
    /// # Errors
    /// A refusal of the rules, or of the store.
    pub async fn begin_move(&self, token: Option<&SessionToken>, to: &str, proof: &Proof) -> Result<(), Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let proof = self.prove(&mut ground, &acting, proof).await?;
            ground.moving = true;
            let policy = acting.policy().clone();
            Ok::<_, Refusal>(moving::begin(&policy, acting.workspace, acting.account, acting.session, &proof, to, ground.now))
        })
    }

    /// Calls the move off: the workspace stays. `certain` is for whoever knows that it did not arrive though the other side was told
    /// that this was all.
    ///
    /// # Errors
    /// A refusal of the rules, or of the store.
    pub async fn call_off_move(&self, token: Option<&SessionToken>, certain: bool, proof: &Proof) -> Result<(), Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let proof = self.prove(&mut ground, &acting, proof).await?;
            ground.moving = true;
            let policy = acting.policy().clone();
            Ok::<_, Refusal>(moving::call_off(&policy, acting.workspace, acting.account, acting.session, &proof, certain, ground.now))
        })?;
        // What waited is sent from here after all.
        self.post.wake();
        Ok(())
    }

    /// What the other side is told first, of a workspace that was [let go](Self::begin_move). What of the journal goes along is settled
    /// now at the latest, and a checkpoint says so.
    ///
    /// # Errors
    /// [`RefusalCode::WorkspaceMoved`] where it has arrived already; a refusal of the store.
    pub async fn leaving(&self) -> Result<Leaving, Refusal> {
        let workspace = self.ground().workspace().await?;
        let away = workspace.away.as_ref().ok_or(RefusalCode::NotAllowed)?;
        if away.arrived_at.is_some() {
            return Err(RefusalCode::WorkspaceMoved.into());
        }
        let journal = match away.journal {
            Some(journal) => journal,
            None => self.settled_journal().await?,
        };
        let mut records = 0;
        for (_, count) in self.counts(&journal).await? {
            records += count;
        }
        let (keys, naming) = self.key.carried();
        let (version, name) = (env!("CARGO_PKG_VERSION").to_owned(), workspace.name.as_str().to_owned());
        Ok(Leaving { version, workspace: workspace.id, name, at: away.at, journal, records, keys, naming })
    }

    async fn settled_journal(&self) -> Result<Extent, Refusal> {
        let size = self.keep_checkpoint().await?.size;
        let root = *self.tree_hash(Span::first(size)).await?.as_bytes();
        settle!(self, ground => async {
            let workspace = ground.workspace().await?;
            ground.moving = true;
            Ok::<_, Refusal>(moving::settle_journal(workspace, Extent { size, root }))
        })?;
        // Somebody else may have been first.
        self.ground().workspace().await?.away.and_then(|away| away.journal).ok_or_else(|| RefusalCode::Stopped.into())
    }

    pub(crate) async fn counts(&self, journal: &Extent) -> Result<Vec<(Kind, u64)>, Refusal> {
        let mut counts = Vec::with_capacity(Kind::ALL.len());
        for kind in Kind::ALL {
            let count = match kind {
                Kind::Entries => journal.size,
                Kind::Checkpoints => self.checkpoints_of(journal).await?.len() as u64,
                kind => self.store.count_records(kind).await.map_err(refusals::store)?,
            };
            counts.push((kind, count));
        }
        Ok(counts)
    }

    /// The checkpoints of what goes along, oldest first.
    async fn checkpoints_of(&self, journal: &Extent) -> Result<Vec<Checkpoint>, Refusal> {
        let mut all = self.store.checkpoints(u32::MAX).await.map_err(refusals::store)?;
        all.retain(|checkpoint| checkpoint.size <= journal.size);
        all.reverse();
        Ok(all)
    }

    /// The part that begins here. The same place always gives the same records.
    ///
    /// # Errors
    /// A refusal of the store; [`RefusalCode::VaultDamaged`] for what cannot be read.
    pub async fn part(&self, number: u64, place: Place) -> Result<Part, Refusal> {
        let journal = self.ground().workspace().await?.away.and_then(|away| away.journal).ok_or(RefusalCode::NotAllowed)?;
        let onwards = |whole: bool, at: Place| if whole { Some(at) } else { place.kind.next().map(Place::first) };
        let (records, next) = match place.kind {
            Kind::Entries => {
                let end = journal.size;
                let query = KeptQuery { person: None, from: None, until: None, start: place.passed, end, limit: LINES };
                let kept = self.store.kept_entries(&query).await.map_err(refusals::store)?;
                let passed = place.passed + kept.len() as u64;
                if kept.is_empty() && passed < end {
                    return Err(RefusalCode::VaultDamaged.into());
                }
                (Records::Entries(kept.into_iter().map(Carried).collect()), onwards(passed < end, Place { passed, ..place }))
            }
            Kind::Checkpoints => {
                let all = self.checkpoints_of(&journal).await?;
                let from = usize::try_from(place.passed).unwrap_or(usize::MAX).min(all.len());
                let some: Vec<_> = all[from..].iter().take(LINES as usize).cloned().map(Carried).collect();
                let passed = place.passed + some.len() as u64;
                let more = passed < all.len() as u64;
                (Records::Checkpoints(some), onwards(more, Place { passed, ..place }))
            }
            kind => {
                let kept = self.store.kept_records(kind, place.after, RECORDS).await.map_err(refusals::store)?;
                let last = kept.last().map(|record| record.key);
                let next = onwards(kept.len() == RECORDS as usize, Place { after: last, ..place });
                (read(kind, kept)?, next)
            }
        };
        Ok(Part { number, records, next })
    }

    /// What the arriving side compares. Before it is said, it is noted here that it may have arrived.
    ///
    /// # Errors
    /// A refusal of the store.
    pub async fn end_of_move(&self) -> Result<End, Refusal> {
        settle!(self, ground => async {
            let workspace = ground.workspace().await?;
            ground.moving = true;
            Ok::<_, Refusal>(moving::tell(workspace))
        })?;
        let workspace: Workspace = self.ground().workspace().await?;
        let journal = workspace.away.as_ref().and_then(|away| away.journal).ok_or(RefusalCode::NotAllowed)?;
        let counts = self.counts(&journal).await?;
        Ok(End { workspace: Box::new(workspace), journal, counts })
    }

    /// Marks the workspace as moved, once it has arrived.
    ///
    /// # Errors
    /// A refusal of the store.
    pub async fn note_arrived(&self) -> Result<(), Refusal> {
        settle!(self, ground => async {
            let workspace = ground.workspace().await?;
            ground.moving = true;
            Ok::<_, Refusal>(moving::has_arrived(workspace, ground.now))
        })
    }
}

fn read(kind: Kind, kept: Vec<KeptRecord>) -> Result<Records, Refusal> {
    Ok(match kind {
        Kind::Communities => Records::Communities(documents(&kept)?),
        Kind::People => Records::People(documents(&kept)?),
        Kind::RemovedNames => Records::RemovedNames(documents(&kept)?),
        Kind::Tokens => Records::Tokens(documents(&kept)?),
        Kind::Cases => Records::Cases(documents(&kept)?),
        Kind::Requests => Records::Requests(documents(&kept)?),
        Kind::Reports => Records::Reports(documents(&kept)?),
        Kind::Imports => Records::Imports(documents(&kept)?),
        Kind::Notices => Records::Notices(documents(&kept)?),
        Kind::ImportedPeople => {
            let items = kept.into_iter().map(|KeptRecord { key, body, written_since }| {
                Ok(ImportedItem { import: domain::id::ImportId(key.0), item: document(&body)?, written_since })
            });
            Records::ImportedPeople(items.collect::<Result<_, Refusal>>()?)
        }
        Kind::Entries | Kind::Checkpoints => return Err(RefusalCode::Unexpected.into()),
    })
}

fn documents<T: DeserializeOwned>(kept: &[KeptRecord]) -> Result<Vec<T>, Refusal> {
    kept.iter().map(|record| document(&record.body)).collect()
}

fn document<T: DeserializeOwned>(body: &str) -> Result<T, Refusal> {
    serde_json::from_str(body).map_err(|_| RefusalCode::VaultDamaged.into())
}
