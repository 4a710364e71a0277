//! What stands behind the window: the workspace at the seam, the vault that it lies in, the server that it is on.

use std::sync::Arc;

use authority::Authority;
use desk::Remote;
use vault::Vault;
use wire::{Refusal, RefusalCode, SessionToken, UseCase, Workspace};

use super::Program;
use crate::place::Place;

impl Program {
    /// The workspace behind the seam, and the session of whoever is signed in.
    pub(super) fn seam(&self) -> Result<(Arc<dyn Workspace>, Option<SessionToken>), Refusal> {
        let inner = self.inner();
        let open = inner.open.as_ref().ok_or(RefusalCode::NoWorkspace)?;
        let workspace: Arc<dyn Workspace> = match &open.place {
            Place::Here { authority, .. } => authority.clone(),
            Place::Server(server) => server.remote.clone(),
        };
        Ok((workspace, open.session.clone()))
    }

    /// The server that the open workspace is on; none for one whose data lies on this computer.
    pub(crate) fn remote(&self) -> Option<Arc<Remote>> {
        match &self.inner().open.as_ref()?.place {
            Place::Here { .. } => None,
            Place::Server(server) => Some(server.remote.clone()),
        }
    }

    /// The server that the open workspace is on, and the session of whoever is signed in.
    ///
    /// # Errors
    /// [`RefusalCode::OnlyOnServer`].
    pub(crate) fn desk(&self) -> Result<(Arc<Remote>, Option<SessionToken>), Refusal> {
        let remote = self.remote().ok_or(RefusalCode::OnlyOnServer)?;
        let session = self.inner().open.as_ref().and_then(|open| open.session.clone());
        Ok((remote, session))
    }

    /// The authority over the open vault, for what only a workspace on this computer does.
    ///
    /// # Errors
    /// [`RefusalCode::NoWorkspace`]; [`RefusalCode::NotOnServer`] for one on a server.
    pub(crate) fn authority(&self) -> Result<Arc<Authority<Vault>>, Refusal> {
        let inner = self.inner();
        match &inner.open.as_ref().ok_or(RefusalCode::NoWorkspace)?.place {
            Place::Here { authority, .. } => Ok(authority.clone()),
            Place::Server(_) => Err(RefusalCode::NotOnServer.into()),
        }
    }

    /// As [`authority`](Self::authority), with the session of whoever is signed in.
    pub(crate) fn acting(&self) -> Result<(Arc<Authority<Vault>>, Option<SessionToken>), Refusal> {
        let session = self.inner().open.as_ref().and_then(|open| open.session.clone());
        Ok((self.authority()?, session))
    }

    /// The vault that the data of the open workspace lies in, for what changes how it opens.
    ///
    /// # Errors
    /// As [`authority`](Self::authority).
    pub(crate) fn vault(&self) -> Result<Vault, Refusal> {
        Ok(self.authority()?.store().clone())
    }

    /// The vault of the desk: what this computer keeps of a workspace on a server.
    ///
    /// # Errors
    /// [`RefusalCode::OnlyOnServer`].
    pub(crate) fn desk_vault(&self) -> Result<Vault, Refusal> {
        match self.inner().open.as_ref().map(|open| &open.place) {
            Some(Place::Server(server)) => Ok(server.vault.clone()),
            _ => Err(RefusalCode::OnlyOnServer.into()),
        }
    }

    /// Carries out one use case for whoever is signed in, and keeps the session that it may have opened.
    pub(crate) async fn call<U: UseCase>(&self, request: U) -> Result<U::Reply, Refusal> {
        let (workspace, session) = self.seam()?;
        let outcome = workspace.call(session.as_ref(), request.into()).await?;
        if let Some(token) = outcome.opened {
            self.hold(Some(token));
        }
        if outcome.journalled.is_some() {
            self.inner().journalled = outcome.journalled;
        }
        U::reply(outcome.response)
    }
}
