//! Reading what is kept here: who may, when it is as good as the server's own answer, and how it is kept so.
//!
//! Only the device's own person reads the replica: signed in, where the server said so of this session; or alone, where the network
//! is away and they chose to read without it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use authority::Surroundings;
use domain::time::Moment;
use secrecy::ExposeSecret;
use tokio::sync::Notify;
use uuid::Uuid;
use vault::Vault;
use wire::{
    Refusal, RefusalCode, Request, Response, SessionToken,
    seam::Outcome,
    sign_in::{Me, Reach, WhoAmI},
};

use crate::{
    pairing::digest,
    replica::{Replica, ReplicaError, Whose, reads},
    sync::{Feed, Step, Sync, SyncError},
};

/// For so many seconds what was brought up to date counts as what the server says.
const NEWS: i64 = 2;
/// Pages that are asked for while somebody waits for a list. Where more is to come, the server answers it.
const PAGES: usize = 3;

/// Where a request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// By the server.
    Server,
    /// By what is kept here, as soon as it is as new as the server's answer would be.
    Current,
    /// By what is kept here, however old that is.
    Kept,
    /// A sign of life of somebody who reads what is kept here.
    Life,
    /// By nobody.
    Refused(RefusalCode),
}

/// How what is kept here stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The server's time of what can be read; nothing can before it was whole once.
    pub at: Option<i64>,
    /// Why the server is not believed any more.
    pub stopped: Option<crate::sync::SyncStop>,
    /// Whether its person reads alone, with no session.
    pub alone: bool,
    /// Whether whoever is in reads it, signed in or alone.
    pub read: bool,
}

/// The replica, for its own person.
pub struct Own {
    /// It.
    pub replica: Replica,
    /// Whether they read it without a session.
    pub alone: bool,
}

/// The replica of a desk, and who reads it.
pub struct Reading {
    vault: Vault,
    workspace: Uuid,
    journal_key: String,
    surroundings: Arc<dyn Surroundings>,
    state: Mutex<State>,
    /// Held while a page is asked for and written, or all of it is wiped: what was wiped stays so.
    stepping: tokio::sync::Mutex<()>,
    due: Notify,
}

struct State {
    kept: Option<Synced>,
    reader: Reader,
}

/// The replica, with what keeps it current.
#[derive(Clone)]
struct Synced {
    replica: Replica,
    sync: Arc<Sync>,
}

/// Who reads what is kept here.
enum Reader {
    Nobody,
    SignedIn(SignedIn),
    Alone,
}

struct SignedIn {
    session: SessionToken,
    /// The last entry that tells of what this session did.
    journalled: Option<u64>,
    /// When the server was last asked, with nothing more to come.
    current_at: Option<Moment>,
}

impl SignedIn {
    fn is(&self, session: Option<&SessionToken>) -> bool {
        session.is_some_and(|session| digest(session.expose_secret()) == digest(self.session.expose_secret()))
    }
}

/// The same surroundings for all that reads.
#[derive(Clone)]
struct Shared(Arc<dyn Surroundings>);

impl Surroundings for Shared {
    fn now(&self) -> Moment {
        self.0.now()
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

impl Synced {
    fn of(replica: Replica) -> Self {
        Self { sync: Arc::new(Sync::new(replica.clone())), replica }
    }
}

impl Reading {
    /// Of this desk, with the replica that it may have from before.
    ///
    /// # Errors
    /// [`RefusalCode::VaultDamaged`] and whatever else keeps it from being read.
    pub async fn open(vault: Vault, workspace: Uuid, journal_key: String, surroundings: Arc<dyn Surroundings>) -> Result<Self, Refusal> {
        let replica = Replica::open(vault.clone(), Shared(surroundings.clone())).await.map_err(|error| of_replica(&error))?;
        let state = Mutex::new(State { kept: replica.map(Synced::of), reader: Reader::Nobody });
        Ok(Self { vault, workspace, journal_key, surroundings, state, stepping: tokio::sync::Mutex::default(), due: Notify::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> Option<Synced> {
        self.state().kept.clone()
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    /// How it stands.
    #[must_use]
    pub fn stands(&self) -> Kept {
        let state = self.state();
        let standing = state.kept.as_ref().map(|kept| kept.replica.standing());
        let at = standing.as_ref().filter(|standing| standing.synced).and_then(|standing| standing.at);
        Kept {
            at,
            stopped: standing.and_then(|standing| standing.stopped),
            alone: matches!(state.reader, Reader::Alone),
            read: !matches!(state.reader, Reader::Nobody),
        }
    }

    /// Where a request is answered that is asked for this session, while the server is reached or not. Whoever gave no sign of life
    /// for too long is `idle`, and reads nothing here.
    #[must_use]
    pub fn source(&self, request: &Request, session: Option<&SessionToken>, connected: bool, idle: bool) -> Source {
        let state = self.state();
        let standing = state.kept.as_ref().map(|kept| kept.replica.standing());
        let synced = standing.as_ref().is_some_and(|standing| standing.synced);
        let reads_here = synced && reads(request);
        let is_touch = matches!(request, Request::Touch(_));
        match &state.reader {
            Reader::Alone if idle => Source::Refused(RefusalCode::SessionIdle),
            Reader::Alone if is_touch => Source::Life,
            Reader::Alone if reads_here => Source::Kept,
            Reader::Alone => Source::Refused(if connected { RefusalCode::ReadingAlone } else { RefusalCode::Offline }),
            Reader::SignedIn(own) if own.is(session) => {
                let believed = standing.is_some_and(|standing| standing.stopped.is_none());
                match connected {
                    true if lists(request) && reads_here && believed && !idle => Source::Current,
                    true => Source::Server,
                    false if (reads_here || is_touch) && idle => Source::Refused(RefusalCode::SessionIdle),
                    false if is_touch => Source::Life,
                    false if reads_here => Source::Kept,
                    false => Source::Server,
                }
            }
            Reader::SignedIn(_) | Reader::Nobody => Source::Server,
        }
    }

    /// The replica, as long as its person reads it: what they ask for while the server is not reached is kept for them.
    #[must_use]
    pub fn own(&self, session: Option<&SessionToken>) -> Option<Own> {
        let state = self.state();
        let alone = match &state.reader {
            Reader::Alone => true,
            Reader::SignedIn(own) if own.is(session) => false,
            Reader::SignedIn(_) | Reader::Nobody => return None,
        };
        let replica = state.kept.as_ref().map(|kept| kept.replica.clone())?;
        Some(Own { replica, alone })
    }

    /// The session of its person, while they are signed in.
    #[must_use]
    pub fn session(&self) -> Option<SessionToken> {
        match &self.state().reader {
            Reader::SignedIn(own) => Some(own.session.clone()),
            Reader::Alone | Reader::Nobody => None,
        }
    }

    /// Answers from what is kept here, whoever asks: [`source`](Self::source) says who may.
    ///
    /// # Errors
    /// As [`Replica::call`].
    pub async fn answer(&self, request: Request) -> Result<Outcome, Refusal> {
        let kept = self.kept().ok_or(RefusalCode::Offline)?;
        let mut outcome = kept.replica.call(request).await?;
        if let Response::WhoAmI(me) = &mut outcome.response {
            me.own_device = true;
        }
        Ok(outcome)
    }

    /// Whether what is kept here says what the server would, with all that this session did.
    #[must_use]
    pub fn is_news(&self) -> bool {
        let state = self.state();
        let (Some(kept), Reader::SignedIn(own)) = (&state.kept, &state.reader) else { return false };
        let standing = kept.replica.standing();
        let age = own.current_at.map(|at| self.surroundings.now().0 - at.0);
        let knows = own.journalled.is_none_or(|entry| standing.cursor > entry);
        standing.synced && standing.stopped.is_none() && knows && age.is_some_and(|age| (0..=NEWS).contains(&age))
    }

    /// Brings what is kept here up to date while somebody waits. `Ok(false)`: the server is to answer.
    ///
    /// # Errors
    /// What the server refused.
    pub async fn catch_up<F: Feed>(&self, feed: impl Fn(SessionToken) -> F) -> Result<bool, RefusalCode> {
        for _ in 0..PAGES {
            match self.step(&feed).await {
                Some(Ok(Step::Going { .. })) => {}
                Some(Ok(Step::Current { .. })) => return Ok(self.is_news()),
                Some(Err(SyncError::Refused(refusal))) => return Err(refusal.code),
                Some(Err(_)) | None => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Asks for one page in the name of whoever is signed in, and writes it. `None` where there is nothing to ask for: nobody is
    /// signed in whose replica it is, or the server is not believed any more.
    pub async fn step<F: Feed>(&self, feed: &impl Fn(SessionToken) -> F) -> Option<Result<Step, SyncError>> {
        let _stepping = self.stepping.lock().await;
        let (kept, session) = match &*self.state() {
            State { kept: Some(kept), reader: Reader::SignedIn(own) } => (kept.clone(), own.session.clone()),
            _ => return None,
        };
        if kept.replica.standing().stopped.is_some() {
            return None;
        }
        let begun = self.surroundings.now();
        let stepped = kept.sync.step(&feed(session.clone())).await;
        match &stepped {
            Ok(Step::Current { .. }) => {
                if let Reader::SignedIn(own) = &mut self.state().reader
                    && own.is(Some(&session))
                {
                    own.current_at = Some(begun);
                }
            }
            Ok(Step::Going { .. }) => {}
            Err(error) => tracing::info!(%error, "what is kept here was not brought up to date"),
        }
        Some(stepped)
    }

    /// Waits until there may be something to ask for.
    pub async fn due(&self) {
        self.due.notified().await;
    }

    /// Notes who is signed in, as the server says it: the device's own person reads what is kept here from now on, and it begins to
    /// be kept where it was not before.
    pub async fn recognise(&self, session: &SessionToken, me: &Me) {
        if !me.own_device || me.reach != Reach::Full {
            return self.let_go(Some(session));
        }
        if matches!(&self.state().reader, Reader::SignedIn(own) if own.is(Some(session))) {
            return;
        }
        let kept = {
            let _stepping = self.stepping.lock().await;
            match self.kept() {
                Some(kept) => Ok(kept),
                None => self.begin(me.person.id).await,
            }
        };
        match kept {
            Ok(kept) if kept.replica.person() == me.person.id => {
                self.state().reader = Reader::SignedIn(SignedIn { session: session.clone(), journalled: None, current_at: None });
                self.due.notify_one();
            }
            Ok(_) => tracing::warn!("what is kept here is somebody else's"),
            Err(error) => tracing::warn!(%error, "nothing can be kept for reading without the network"),
        }
    }

    async fn begin(&self, person: Uuid) -> Result<Synced, ReplicaError> {
        let whose = Whose { workspace: self.workspace, person, journal_key: self.journal_key.clone() };
        let replica = Replica::begin(self.vault.clone(), whose, Shared(self.surroundings.clone())).await?;
        let kept = Synced::of(replica);
        self.state().kept = Some(kept.clone());
        Ok(kept)
    }

    /// Nobody reads here by this session any more; by none at all, where none is named.
    pub fn let_go(&self, session: Option<&SessionToken>) {
        let mut state = self.state();
        let ends = match &state.reader {
            Reader::SignedIn(own) => session.is_none() || own.is(session),
            Reader::Alone => session.is_none(),
            Reader::Nobody => false,
        };
        if ends {
            state.reader = Reader::Nobody;
        }
    }

    /// Notes an entry that tells of what this session did.
    pub fn journalled(&self, session: Option<&SessionToken>, entry: u64) {
        if let Reader::SignedIn(own) = &mut self.state().reader
            && own.is(session)
        {
            own.journalled = own.journalled.max(Some(entry));
            self.due.notify_one();
        }
    }

    /// Reading alone begins: answers whose reading it is.
    ///
    /// # Errors
    /// [`RefusalCode::Offline`] where nothing can be read; [`RefusalCode::SessionEnded`] where its person is let in no more.
    pub async fn read_alone(&self) -> Result<Me, Refusal> {
        let Response::WhoAmI(me) = self.answer(WhoAmI {}.into()).await?.response else { return Err(RefusalCode::Unexpected.into()) };
        self.state().reader = Reader::Alone;
        Ok(me)
    }

    /// Whether anything is kept here that nobody reads with a session: then the server is asked now and then whether this device is
    /// still one of its own.
    #[must_use]
    pub fn waits_for_word(&self) -> bool {
        let state = self.state();
        state.kept.is_some() && !matches!(state.reader, Reader::SignedIn(_))
    }

    /// Wipes all that is kept here of the workspace: from now on nobody reads it, and its bytes are written over.
    pub async fn forget(&self) {
        let had = {
            let mut state = self.state();
            state.reader = Reader::Nobody;
            state.kept.take().is_some()
        };
        let _stepping = self.stepping.lock().await;
        if had || self.kept().is_some() {
            self.state().kept = None;
            match self.vault.forget_replica().await {
                Ok(()) => tracing::info!("what was kept for reading without the network is wiped"),
                Err(error) => tracing::error!(%error, "what was kept for reading without the network could not be wiped"),
            }
        }
    }
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("stands", &self.stands()).finish_non_exhaustive()
    }
}

/// What is answered here also while the server is reached.
fn lists(request: &Request) -> bool {
    matches!(
        request,
        Request::ListPeople(_)
            | Request::ReadReadiness(_)
            | Request::SearchJournal(_)
            | Request::ReadJournal(_)
            | Request::ListCommunities(_)
    )
}

fn of_replica(error: &ReplicaError) -> Refusal {
    tracing::error!(%error, "what is kept for reading without the network cannot be read");
    match error {
        ReplicaError::Damaged | ReplicaError::There => RefusalCode::VaultDamaged.into(),
        ReplicaError::Store(_) => RefusalCode::Unexpected.into(),
    }
}
