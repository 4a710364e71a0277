//! Leave to change how the vault opens.

use domain::{
    id::AccountId,
    keeping::{self, VaultChange as Change},
};
use uuid::Uuid;
use wire::{
    Refusal, SessionToken,
    keeping::{ChangeVault, VaultChange},
    sign_in::Done,
};

use crate::{
    local::{Authority, settle},
    store::Store,
};

impl<S: Store> Authority<S> {
    pub(crate) async fn change_vault(&self, token: Option<&SessionToken>, request: ChangeVault) -> Result<Done, Refusal> {
        let change = of_wire(request.change);
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            Ok(keeping::change_vault(&acting.policy, acting.account, acting.session, &proof, change, ground.now))
        })?;
        Ok(Done {})
    }

    /// Writes down that a keyring opens the workspace since its owner made it, before anybody could be asked for more
    /// proof than the making was.
    ///
    /// # Errors
    /// A refusal of the store, or of somebody who is no owner.
    pub async fn note_keyring(&self, owner: Uuid) -> Result<(), Refusal> {
        settle!(self, ground => async {
            let owner = ground.target(AccountId(owner)).await?;
            Ok::<_, Refusal>(keeping::keyring_at_making(&owner))
        })
    }
}

pub(crate) fn of_wire(change: VaultChange) -> Change {
    match change {
        VaultChange::AddKeyring => Change::AddKeyring,
        VaultChange::RemoveKeyring => Change::RemoveKeyring,
        VaultChange::Passphrase => Change::Passphrase,
        VaultChange::PassphraseByKit => Change::PassphraseByKit,
        VaultChange::Key => Change::Key,
        VaultChange::RemoveOlderCopy => Change::RemoveOlderCopy,
    }
}
