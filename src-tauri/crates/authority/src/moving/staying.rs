//! What a workspace that is away refuses: everything but being read.

use domain::{Change, Decision, Refusal as DomainRefusal, account::Account, moving};
use wire::{Refusal, RefusalCode};

use crate::{ground::Ground, local::Authority, refusals, store::Store};

impl<S: Store> Authority<S> {
    /// Whether a decision may be written: always where the workspace is here; else if it is about the move itself, or what reading takes.
    pub(crate) async fn may_change<T>(
        &self,
        ground: &mut Ground<'_, S>,
        decision: &Decision<T>,
    ) -> Result<Result<(), DomainRefusal>, Refusal> {
        let here = if ground.moving { Ok(()) } else { ground.here().await? };
        let Err(away) = here else { return Ok(Ok(())) };
        if !moving::is_reading(&decision.changes, &decision.events) {
            return Ok(Err(away));
        }
        for change in &decision.changes {
            if let Change::Account(after) = change {
                let before = self.store.account(after.id).await.map_err(refusals::store)?.map(|found| found.record);
                if before.map(document).transpose()? != Some(document((**after).clone())?) {
                    return Ok(Err(away));
                }
            }
        }
        Ok(Ok(()))
    }
}

fn document(account: Account) -> Result<String, Refusal> {
    serde_json::to_string(&moving::but_for_signing_in(account)).map_err(|_| RefusalCode::Unexpected.into())
}
