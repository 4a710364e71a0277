//! What the window is told of a workspace that is away.

use domain::{
    id::WorkspaceId,
    moving::{self, Kind},
};
use wire::{
    Refusal, RefusalCode,
    moving::{Away, Moved},
};

use crate::{local::Authority, refusals, store::Store};

impl<S: Store> Authority<S> {
    /// Which workspace it is.
    ///
    /// # Errors
    /// [`RefusalCode::NoWorkspace`]; a refusal of the store.
    pub async fn workspace_id(&self) -> Result<WorkspaceId, Refusal> {
        Ok(self.ground().workspace().await?.id)
    }

    async fn gone(&self) -> Result<Option<moving::Away>, Refusal> {
        Ok(self.store.workspace().await.map_err(refusals::store)?.and_then(|found| found.record.away))
    }

    /// Where the workspace went or is going, if it is away.
    ///
    /// # Errors
    /// A refusal of the store.
    pub async fn away(&self) -> Result<Option<Away>, Refusal> {
        Ok(self.gone().await?.map(shown))
    }

    /// What both sides agreed on, of a workspace that has arrived.
    ///
    /// # Errors
    /// [`RefusalCode::NothingToShow`] where it has not; a refusal of the store.
    pub async fn moved(&self) -> Result<Moved, Refusal> {
        let away = self.gone().await?.filter(|away| away.arrived_at.is_some()).ok_or(RefusalCode::NothingToShow)?;
        let journal = away.journal.ok_or(RefusalCode::NothingToShow)?;
        self.summed(away.to, &journal).await
    }

    /// What goes along with so much of the journal.
    pub(super) async fn summed(&self, to: String, journal: &moving::Extent) -> Result<Moved, Refusal> {
        let mut moved = Moved {
            to,
            people: 0,
            communities: 0,
            tokens: 0,
            messages: 0,
            others: 0,
            entries: journal.size,
            root: moving::hex(&journal.root),
        };
        for (kind, count) in self.counts(journal).await? {
            match kind {
                Kind::People => moved.people = count,
                Kind::Communities => moved.communities = count,
                Kind::Tokens => moved.tokens = count,
                Kind::Notices => moved.messages = count,
                Kind::Entries => {}
                _ => moved.others += count,
            }
        }
        Ok(moved)
    }
}

pub(super) fn shown(away: moving::Away) -> Away {
    Away { to: away.to, since: away.at.0, told: away.told, arrived_at: away.arrived_at.map(|at| at.0) }
}
