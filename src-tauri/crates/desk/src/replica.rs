//! The replica of a workspace on a server: what its person may see of it, in a vault of their own, also without network.

use std::sync::{Arc, Mutex, PoisonError};

use authority::{Authority, Store as _, StoreError, Surroundings};
use domain::{
    account::Account,
    id::AccountId,
    workspace::{Community, Workspace},
};
use uuid::Uuid;
use vault::{ReplicaPage, Vault};
use wire::{Refusal, RefusalCode, Request, Workspace as _, seam::Outcome};

use crate::sync::{State, SyncStop, Written};

/// Whose replica it is, and of what.
#[derive(Clone, Debug)]
pub struct Whose {
    /// Of which workspace.
    pub workspace: Uuid,
    /// Whose.
    pub person: Uuid,
    /// The public key that the server's journal is signed with (C2SP `name+id+key`), from pairing.
    pub journal_key: String,
}

/// Why a replica could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// The vault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What sync keeps is not what it wrote.
    #[error("what the replica keeps of itself cannot be read")]
    Damaged,
    /// The vault has a replica already.
    #[error("there is a replica in this vault already")]
    There,
}

/// How a replica stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many entries of the server's journal it knows.
    pub cursor: u64,
    /// Whether it was whole since its person last saw another part of the workspace. Before that it answers nothing.
    pub synced: bool,
    /// The server's time of the last page, in seconds since 1970.
    pub at: Option<i64>,
    /// Why the server is not believed any more.
    pub stopped: Option<SyncStop>,
}

/// A replica. Clones are the same one.
#[derive(Clone)]
pub struct Replica(Arc<Inner>);

struct Inner {
    authority: Authority<Vault>,
    state: Mutex<State>,
}

impl Replica {
    /// Makes the replica of a vault that has none.
    ///
    /// # Errors
    /// [`ReplicaError`].
    pub async fn begin(vault: Vault, whose: Whose, surroundings: impl Surroundings) -> Result<Self, ReplicaError> {
        if vault.replica().await?.is_some() {
            return Err(ReplicaError::There);
        }
        let state = State::begin(whose.workspace, whose.person, whose.journal_key);
        let kept = kept(&state)?;
        vault.write_replica(vec![ReplicaPage { state: kept, ..ReplicaPage::default() }]).await?;
        Ok(Self::of(vault, state, surroundings))
    }

    /// The replica of a vault; `None` where it has none yet.
    ///
    /// # Errors
    /// [`ReplicaError`].
    pub async fn open(vault: Vault, surroundings: impl Surroundings) -> Result<Option<Self>, ReplicaError> {
        let Some(kept) = vault.replica().await? else { return Ok(None) };
        let state: State = serde_json::from_str(&kept).map_err(|_| ReplicaError::Damaged)?;
        Ok(Some(Self::of(vault, state, surroundings)))
    }

    fn of(vault: Vault, state: State, surroundings: impl Surroundings) -> Self {
        let authority = Authority::over_replica(vault, surroundings, AccountId(state.person));
        Self(Arc::new(Inner { authority, state: Mutex::new(state) }))
    }

    /// Whose it is.
    #[must_use]
    pub fn person(&self) -> Uuid {
        self.state().person
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let State { cursor, synced, at, stopped, .. } = self.state();
        Standing { cursor, synced, at, stopped }
    }

    /// Answers a request that only reads, as its person and by their role, from what is here.
    ///
    /// # Errors
    /// [`RefusalCode::Offline`] for what needs the server, and for everything before it was synced once; whatever the use case refuses.
    pub async fn call(&self, request: Request) -> Result<Outcome, Refusal> {
        if !reads(&request) || !self.standing().synced {
            return Err(RefusalCode::Offline.into());
        }
        self.0.authority.call(None, request).await
    }

    /// Somebody's record, as it was told.
    pub(crate) async fn account(&self, id: AccountId) -> Result<Option<Account>, Refusal> {
        let found = self.0.authority.store().account(id).await.map_err(authority::store_refusal)?;
        Ok(found.map(|found| found.record))
    }

    /// The workspace and its communities, as far as they were told.
    pub(crate) async fn rules(&self) -> Result<(Workspace, Vec<Community>), Refusal> {
        let store = self.0.authority.store();
        let workspace = store.workspace().await.map_err(authority::store_refusal)?.ok_or(RefusalCode::Offline)?;
        let communities = store.communities().await.map_err(authority::store_refusal)?;
        Ok((workspace.record, communities.into_iter().map(|found| found.record).collect()))
    }

    pub(crate) fn state(&self) -> State {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes pages in their order, each with what is kept from then on: all of them, or none.
    pub(crate) async fn write(&self, written: Vec<(Written, State)>) -> Result<(), ReplicaError> {
        let Some(last) = written.last().map(|(_, state)| state.clone()) else { return Ok(()) };
        let page = |(page, state): (Written, State)| Ok(page.into_page(kept(&state)?, |folded| self.0.authority.count_key(folded)));
        let pages = written.into_iter().map(page).collect::<Result<_, ReplicaError>>()?;
        self.0.authority.store().write_replica(pages).await?;
        *self.0.state.lock().unwrap_or_else(PoisonError::into_inner) = last;
        Ok(())
    }

    /// Asks the server for nothing any more.
    pub(crate) async fn stop(&self, stop: SyncStop) -> Result<(), ReplicaError> {
        let state = State { stopped: Some(stop), ..self.state() };
        let page = ReplicaPage { cursor: state.cursor, ..ReplicaPage::default() };
        self.write(vec![(Written { page, people: Vec::new() }, state)]).await
    }
}

impl std::fmt::Debug for Replica {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replica").field("standing", &self.standing()).finish_non_exhaustive()
    }
}

fn kept(state: &State) -> Result<String, ReplicaError> {
    serde_json::to_string(state).map_err(|_| ReplicaError::Damaged)
}

/// Whether a replica can answer it at all.
#[must_use]
pub fn reads(request: &Request) -> bool {
    matches!(
        request,
        Request::ListPeople(_)
            | Request::ReadReadiness(_)
            | Request::SearchJournal(_)
            | Request::ReadJournal(_)
            | Request::ListCommunities(_)
            | Request::ReadPerson(_)
            | Request::ReadPolicies(_)
            | Request::ReadDesk(_)
            | Request::ReadChecklist(_)
            | Request::WhoAmI(_)
            | Request::ReadProfile(_)
            | Request::ReadMyActivity(_)
    )
}
