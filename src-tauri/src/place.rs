//! Where the data of the open workspace lies: on this computer, or on a server.

use std::sync::Arc;

use authority::{Authority, Surroundings, System};
use desk::{Kept, Link, Remote, sync::SyncStop};
use vault::Vault;
use wire::{
    RefusalCode,
    sign_in::{Me, Reach},
    window::{Disbelief, RemoteState},
};

use crate::{outbox::Moved, post::Delivering};

/// For so many seconds the desk passphrase that opened a desk also lets its person read without the network. Whoever finds the
/// window later, or after somebody was signed in, types it first.
const JUST_OPENED: i64 = 300;

/// Where the data of a workspace lies.
pub(crate) enum Place {
    /// In a vault on this computer.
    Here {
        authority: Arc<Authority<Vault>>,
        /// Who delivers its mail; nobody does for the sample of a drill.
        post: Option<Delivering>,
    },
    /// On a server.
    Server(OnServer),
}

/// A workspace on a server.
pub(crate) struct OnServer {
    pub(crate) remote: Arc<Remote>,
    /// What this computer needs to ask it, and what it keeps for reading.
    pub(crate) vault: Vault,
    /// Who was signed in when the server last said so: they stay when it is not reached.
    pub(crate) me: Option<Me>,
    /// When the desk passphrase was given; not any more once somebody was signed in.
    opened_at: Option<i64>,
    /// What the page was last told of the connection and of what is kept here.
    shown: Option<Shown>,
}

/// What the page is told again as soon as it is otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shown {
    link: Link,
    can_read: bool,
    stopped: Option<SyncStop>,
    alone: bool,
    waiting: u32,
    refused: u32,
}

impl Shown {
    fn of(remote: &Remote) -> Self {
        let Kept { at, stopped, alone, .. } = remote.kept();
        Self { link: remote.link(), can_read: at.is_some(), stopped, alone, waiting: remote.waiting(), refused: remote.refused() }
    }
}

impl Place {
    pub(crate) fn here(authority: Authority<Vault>, moved: Option<&Moved>) -> Self {
        let authority = Arc::new(authority);
        let post = moved.map(|moved| Delivering::begin(authority.clone(), moved.clone()));
        Self::Here { authority, post }
    }

    pub(crate) fn lock_after(&self, seconds: Option<i64>) {
        match self {
            Self::Here { authority, .. } => authority.lock_after(seconds),
            Self::Server(server) => server.remote.lock_after(seconds),
        }
    }
}

impl OnServer {
    /// Of a desk whose passphrase was given just now. Nobody is signed in.
    pub(crate) fn opened(remote: Remote, vault: Vault) -> Self {
        Self { remote: Arc::new(remote), vault, me: None, opened_at: Some(System.now().0), shown: None }
    }

    /// Notes that somebody is signed in from now on, or nobody.
    pub(crate) fn held(&mut self, session: bool) {
        if session {
            self.opened_at = None;
        } else {
            self.me = None;
            self.remote.let_go();
        }
    }

    /// Whether its passphrase was given a moment ago, and nobody was signed in since.
    pub(crate) fn is_just_opened(&self) -> bool {
        self.opened_at.is_some_and(|at| (0..JUST_OPENED).contains(&(System.now().0 - at)))
    }

    /// How it stands, as the page is told now.
    pub(crate) fn show(&mut self) -> RemoteState {
        self.shown = Some(Shown::of(&self.remote));
        let state = state(&self.remote);
        // Whoever else is in through this device reads nothing of what is kept for its person.
        let others = self.me.as_ref().is_some_and(|me| me.reach == Reach::Full) && !self.remote.kept().read;
        RemoteState { synced_at: state.synced_at.filter(|_| !others), ..state }
    }

    /// Whether it stands otherwise than the page was told.
    pub(crate) fn moved(&self) -> bool {
        self.shown.is_some_and(|shown| shown != Shown::of(&self.remote))
    }

    pub(crate) async fn close(self) {
        drop(self.remote);
        self.vault.close().await;
    }
}

/// How a server stands, and what is kept here of its workspace.
pub(crate) fn state(remote: &Remote) -> RemoteState {
    let (link, kept) = (remote.link(), remote.kept());
    RemoteState {
        address: remote.pairing().server(),
        connected: link.connected,
        since: link.since,
        why: link.why.filter(|why| *why != RefusalCode::Offline),
        synced_at: kept.at,
        alone: kept.alone,
        stopped: kept.stopped.map(disbelief),
        waiting: remote.waiting(),
        refused: remote.refused(),
    }
}

fn disbelief(stop: SyncStop) -> Disbelief {
    match stop {
        SyncStop::OtherKey => Disbelief::OtherKey,
        SyncStop::Rewritten => Disbelief::Rewritten,
        SyncStop::WentBack => Disbelief::WentBack,
    }
}
