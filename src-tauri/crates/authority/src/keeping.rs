//! Leave to change how the vault opens.

use domain::keeping::{self, VaultChange as Change};
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
}

pub(crate) fn of_wire(change: VaultChange) -> Change {
    match change {
        VaultChange::AddKeyring => Change::AddKeyring,
        VaultChange::RemoveKeyring => Change::RemoveKeyring,
        VaultChange::Passphrase => Change::Passphrase,
        VaultChange::PassphraseByKit => Change::PassphraseByKit,
        VaultChange::Key => Change::Key,
    }
}
