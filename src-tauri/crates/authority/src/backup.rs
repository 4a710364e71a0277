//! Leave to take a backup, and the note that one was taken.

use domain::{
    backup,
    gate::{self, Act},
    id::AccountId,
    time::Moment,
};
use uuid::Uuid;
use wire::{
    Refusal, SessionToken,
    backup::{AllowBackup, BackupRecord},
    sign_in::Done,
};

use crate::{
    local::{Authority, settle},
    store::Store,
    views,
};

impl<S: Store> Authority<S> {
    pub(crate) async fn allow_backup(&self, token: Option<&SessionToken>, request: AllowBackup) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            Ok(backup::may_take(&acting.workspace.policy, acting.account, acting.session, &proof, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn read_backup_record(&self, token: Option<&SessionToken>) -> Result<BackupRecord, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        if let Err(denied) = gate::may(&acting.account.standing(), Act::KeepVault) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        let due = views::backup_due(&acting, ground.now);
        let workspace = acting.workspace;
        let taken_at = workspace.backed_up_at.map(|at| at.0);
        Ok(BackupRecord { taken_at, created_at: workspace.created_at.0, epoch: workspace.epoch, due })
    }

    /// Writes down that a backup was taken, by an owner who was let. Their session may have ended meanwhile: the file is
    /// there all the same.
    ///
    /// # Errors
    /// A refusal of the store.
    pub async fn note_backup(&self, by: Uuid, file: &str, at: Moment) -> Result<(), Refusal> {
        settle!(self, ground => async {
            let workspace = ground.workspace().await?;
            let by = ground.target(AccountId(by)).await?;
            Ok::<_, Refusal>(backup::taken(workspace, &by, file, at))
        })
    }
}
