//! The journal as evidence: checkpoints, what proves an entry, and the lines of an export.

use domain::{
    Change, Decision, Refusal as DomainRefusal, draw,
    evidence::{self, Checkpoint},
    gate::{self, Act, Role},
    id::{AccountId, CommunityId},
    time::Moment,
    workspace::Workspace,
};
use journal::{
    CheckpointError, export,
    note::{PublicKey, SigningKey},
    tree::{self, Frontier, Span, TreeHash},
};
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, SessionToken,
    evidence::{
        BeginExport, BeginVerification, CheckpointView, EntryProof, EvidenceView, Lines, LinesBegun, LinesHead, ProveEntry, ReadLines,
    },
};
use zeroize::Zeroizing;

use crate::{
    local::{Authority, settle},
    refusals,
    store::{KeptEntry, KeptQuery, Store},
};

/// How many of the last checkpoints are shown.
const SHOWN: u32 = 10;
/// Entries of one reply.
const PAGE: u32 = 1_000;

/// Which journal of a workspace this is: one that was restored has another.
pub(crate) fn origin(workspace: &Workspace) -> String {
    format!("sallyport/{}/{}", workspace.id.0, workspace.epoch)
}

/// The public keys of a workspace's journal, the present one first.
pub(crate) fn public_keys(workspace: &Workspace) -> Vec<PublicKey> {
    workspace.journal_keys.iter().rev().filter_map(|key| key.public.parse().ok()).collect()
}

impl<S: Store> Authority<S> {
    /// Takes a checkpoint of the journal as it is, and keeps it: when a workspace is closed, and whenever one is due. Where
    /// nothing was written since the last one, that one is given.
    ///
    /// # Errors
    /// A refusal of the store.
    pub async fn keep_checkpoint(&self) -> Result<Checkpoint, Refusal> {
        if self.ground().workspace().await?.away.is_some_and(|away| away.journal.is_some()) {
            // What is written from here on stays behind, and the journal goes on elsewhere: nothing is said of it.
            return self.store.checkpoints(1).await.map_err(refusals::store)?.pop().ok_or_else(|| RefusalCode::WorkspaceMoved.into());
        }
        let (workspace, key) = self.signing().await?;
        let origin = origin(&workspace);
        let size = self.store.journal_size().await.map_err(refusals::store)?;
        let last = self.store.checkpoints(1).await.map_err(refusals::store)?.pop();
        if let Some(last) = last.filter(|last| last.size == size && last.note.lines().next() == Some(&origin)) {
            return Ok(last);
        }
        let root = self.tree_hash(Span::first(size)).await?;
        let note = journal::Checkpoint { origin, size, root }.sign(&key).ok_or(RefusalCode::Unexpected)?;
        let now = self.ground().now;
        let checkpoint = Checkpoint { size, at: now, note };
        self.write(Decision::accept(()).change(Change::Checkpoint(checkpoint.clone())), now).await?;
        Ok(checkpoint)
    }

    /// Takes a checkpoint where the last one is a day old.
    ///
    /// # Errors
    /// A refusal of the store.
    pub async fn keep_daily_checkpoint(&self) -> Result<(), Refusal> {
        let size = self.store.journal_size().await.map_err(refusals::store)?;
        let last = self.store.checkpoints(1).await.map_err(refusals::store)?.pop();
        if evidence::is_due(last.as_ref(), size, self.ground().now) {
            self.keep_checkpoint().await?;
        }
        Ok(())
    }

    /// The key that signs in this epoch; the first time, it is made.
    pub(crate) async fn signing(&self) -> Result<(Workspace, SigningKey), Refusal> {
        settle!(self, ground => async {
            let workspace = ground.workspace().await?;
            // What goes along with a workspace that moves is signed as well.
            ground.moving = true;
            if evidence::key(&workspace).is_some() {
                return Ok::<_, Refusal>(Decision::accept(()));
            }
            let seed = Zeroizing::new(draw::<32>(&mut self.entropy()));
            let public = SigningKey::from_seed(&seed).public(&origin(&workspace)).ok_or(RefusalCode::Unexpected)?;
            let sealed = self.key.seal_journal_key(&seed, workspace.id, workspace.epoch, &mut self.entropy());
            Ok(evidence::begin_signing(workspace, public.to_string(), sealed))
        })?;
        let workspace = self.ground().workspace().await?;
        let key = evidence::key(&workspace).and_then(|key| Some((key.epoch, key.sealed.as_ref()?)));
        let (epoch, sealed) = key.ok_or(RefusalCode::Unexpected)?;
        let seed = self.key.open_journal_key(sealed, workspace.id, epoch).map_err(|_| RefusalCode::VaultDamaged)?;
        let key = SigningKey::from_seed(&seed);
        Ok((workspace, key))
    }

    pub(crate) async fn tree_hash(&self, span: Span) -> Result<TreeHash, Refusal> {
        let wanted = span.subtrees();
        let hashes = self.store.subtrees(&wanted).await.map_err(refusals::store)?;
        let mut given = hashes.into_iter();
        if wanted.is_empty() {
            return Ok(Frontier::default().root());
        }
        span.hash(|_| given.next()).ok_or_else(|| RefusalCode::VaultDamaged.into())
    }

    async fn tree_hashes(&self, spans: Vec<Span>) -> Result<Vec<TreeHash>, Refusal> {
        let mut hashes = Vec::with_capacity(spans.len());
        for span in spans {
            hashes.push(self.tree_hash(span).await?);
        }
        Ok(hashes)
    }

    /// Whoever reads the journal, and up to where.
    async fn reading(&self, token: Option<&SessionToken>) -> Result<Option<Vec<CommunityId>>, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let standing = acting.account.standing();
        if let Err(denied) = gate::may(&standing, Act::ReadJournal) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        Ok(standing.reach(Role::Administrator))
    }

    pub(crate) async fn read_evidence(&self, token: Option<&SessionToken>) -> Result<EvidenceView, Refusal> {
        self.reading(token).await?;
        let (workspace, _) = self.signing().await?;
        let public_key = evidence::key(&workspace).map(|key| key.public.clone()).unwrap_or_default();
        let checkpoints = self.store.checkpoints(SHOWN).await.map_err(refusals::store)?;
        let size = self.store.journal_size().await.map_err(refusals::store)?;
        Ok(EvidenceView { public_key, size, checkpoints: checkpoints.into_iter().map(view).collect() })
    }

    pub(crate) async fn take_checkpoint(&self, token: Option<&SessionToken>) -> Result<CheckpointView, Refusal> {
        self.reading(token).await?;
        self.keep_checkpoint().await.map(view)
    }

    pub(crate) async fn begin_verification(&self, token: Option<&SessionToken>, request: BeginVerification) -> Result<LinesHead, Refusal> {
        let reach = self.reading(token).await?;
        let earlier = self.earlier(request.earlier).await?;
        self.head(reach, LinesBegun { size: 0, whole: true, person: None, from: None, until: None }, earlier).await
    }

    pub(crate) async fn begin_export(&self, token: Option<&SessionToken>, request: BeginExport) -> Result<LinesHead, Refusal> {
        let BeginExport { person, from, until, earlier } = request;
        // Whoever gave a checkpoint that is none is told before anything is written down.
        self.reading(token).await?;
        let earlier = self.earlier(earlier).await?;
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let person = match person {
                None => None,
                Some(person) => Some(ground.target(AccountId(person)).await?),
            };
            Ok::<_, Refusal>(evidence::export(&acting.account, person.as_ref()))
        })?;
        let reach = self.reading(token).await?;
        let whole = person.is_none() && from.is_none() && until.is_none();
        self.head(reach, LinesBegun { size: 0, whole, person, from, until }, earlier).await
    }

    /// Whether a checkpoint that somebody kept is one of this journal, or of one that it was restored from.
    async fn earlier(&self, note: Option<String>) -> Result<Option<(String, journal::Checkpoint)>, Refusal> {
        let Some(note) = note else { return Ok(None) };
        let note = journal::Checkpoint::unfold(&note);
        let workspace = self.ground().workspace().await?;
        let found =
            journal::Checkpoint::open(&note, &public_keys(&workspace)).map_err(|_: CheckpointError| RefusalCode::CheckpointUnknown)?;
        let size = self.store.journal_size().await.map_err(refusals::store)?;
        if found.size > size { Err(RefusalCode::CheckpointAhead.into()) } else { Ok(Some((note, found))) }
    }

    async fn head(
        &self,
        reach: Option<Vec<CommunityId>>,
        begun: LinesBegun,
        earlier: Option<(String, journal::Checkpoint)>,
    ) -> Result<LinesHead, Refusal> {
        let checkpoint = self.keep_checkpoint().await?;
        let workspace = self.ground().workspace().await?;
        let keys = public_keys(&workspace);
        let mut header = export::Header::new(workspace.id.0, checkpoint.note);
        header.communities = reach.map(|communities| communities.into_iter().map(|community| community.0).collect());
        header.part = (!begun.whole).then_some(export::Part { person: begun.person, from: begun.from, until: begun.until });
        if let Some((note, old)) = earlier {
            let spans = tree::consistency(old.size, checkpoint.size).ok_or(RefusalCode::CheckpointAhead)?;
            let consistency = self.tree_hashes(spans).await?.iter().map(|hash| export::Bytes(hash.as_bytes().to_vec())).collect();
            header.earlier = Some(export::Earlier { checkpoint: note, consistency });
        }
        let keys = keys.iter().map(ToString::to_string).collect();
        Ok(LinesHead { line: header.line(), begun: LinesBegun { size: checkpoint.size, ..begun }, keys })
    }

    pub(crate) async fn read_lines(&self, token: Option<&SessionToken>, request: ReadLines) -> Result<Lines, Refusal> {
        let reach = self.reading(token).await?;
        let LinesBegun { size, whole, person, from, until } = request.begun;
        if let Some(person) = person {
            let mut ground = self.ground();
            let acting = ground.acting_fully(token).await?;
            let person = ground.account(AccountId(person)).await?;
            if person.is_none_or(|person| gate::may(&acting.account.standing(), Act::See(person.standing())).is_err()) {
                return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
            }
        }
        let end = size.min(self.store.journal_size().await.map_err(refusals::store)?);
        let (from, until) = (from.map(Moment), until.map(Moment));
        let query = KeptQuery { person: person.map(AccountId), from, until, start: request.start, end, limit: PAGE };
        let kept = self.store.kept_entries(&query).await.map_err(refusals::store)?;
        let next = (kept.len() == PAGE as usize).then(|| kept.last().map(|entry| entry.index + 1)).flatten();
        let workspace = self.ground().workspace().await?.id.0;
        let (mut text, mut entries) = (String::new(), 0);
        for entry in kept {
            let readable = reach.as_ref().is_none_or(|communities| concerns(workspace, &entry, communities));
            if whole && !readable {
                text.push_str(&export::hash(entry.index, &journal::LeafHash::of(&entry.leaf)));
            } else if whole {
                text.push_str(&export::entry(&entry.stored(), None));
            } else if readable {
                let spans = tree::inclusion(entry.index, end).ok_or(RefusalCode::Unexpected)?;
                text.push_str(&export::entry(&entry.stored(), Some(&self.tree_hashes(spans).await?)));
            } else {
                continue;
            }
            entries += 1;
        }
        Ok(Lines { text, entries, next })
    }

    /// Proves an entry that the holder of the session may read: their own, or one of the journal within their reach.
    pub(crate) async fn prove_entry(&self, token: Option<&SessionToken>, request: ProveEntry) -> Result<EntryProof, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let (index, standing) = (request.index, acting.account.standing());
        let query = KeptQuery { person: None, from: None, until: None, start: index, end: index.saturating_add(1), limit: 1 };
        let kept = self.store.kept_entries(&query).await.map_err(refusals::store)?.pop();
        let workspace = acting.workspace.id.0;
        let opened = kept.as_ref().map(|entry| journal::open(workspace, entry.stored()));
        let own = matches!(&opened, Some(Ok(entry)) if [entry.actor(), entry.subject()].contains(&Some(acting.account.id.0)));
        let within = || match (&kept, standing.reach(Role::Administrator)) {
            (_, None) => true,
            (Some(entry), Some(communities)) => concerns(workspace, entry, &communities),
            (None, Some(_)) => false,
        };
        if !own && (gate::may(&standing, Act::ReadJournal).is_err() || !within()) {
            return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
        }
        let mut checkpoint = self.store.checkpoints(1).await.map_err(refusals::store)?.pop();
        if checkpoint.as_ref().is_none_or(|checkpoint| checkpoint.size <= index) {
            checkpoint = Some(self.keep_checkpoint().await?);
        }
        let Checkpoint { size, at, note } = checkpoint.ok_or(RefusalCode::Unexpected)?;
        // The key may have been made for this very checkpoint.
        let signed = journal::Checkpoint::open(&note, &public_keys(&self.ground().workspace().await?));
        let proved = match (opened, signed, tree::inclusion(index, size)) {
            (Some(Ok(entry)), Ok(signed), Some(spans)) => {
                tree::includes(&signed.root, signed.size, index, entry.leaf().hash(), &self.tree_hashes(spans).await?)
            }
            _ => false,
        };
        Ok(EntryProof { index, size, at: at.0, proved })
    }
}

fn view(Checkpoint { size, at, note }: Checkpoint) -> CheckpointView {
    CheckpointView { size, at: at.0, note }
}

/// Whether an entry belongs to one of the communities. One that is damaged belongs to nobody but the owners.
fn concerns(workspace: Uuid, entry: &KeptEntry, communities: &[CommunityId]) -> bool {
    let opened = journal::open(workspace, entry.stored());
    opened.is_ok_and(|entry| entry.communities().iter().any(|(id, _)| communities.contains(&CommunityId(*id))))
}
