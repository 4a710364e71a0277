//! Issuing over the replica: who asks, for whom, and by which rules is what the server told last.

use domain::id::AccountId;
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, UseCase,
    offline::{IssueOffline, OfflineDesk, RenewGrant},
    people::{IssuedCode, PersonName},
};

use super::{Asked, Keeps, Offline};
use crate::{replica::Replica, sync::Feed};

impl<K: Keeps> Offline<K> {
    /// What the replica's person may issue here. Where it is nothing, it says why.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for whoever is no staff.
    pub async fn desk(&self, replica: &Replica) -> Result<OfflineDesk, Refusal> {
        if !is_staff(replica).await? {
            return Err(RefusalCode::NotAllowed.into());
        }
        self.read(replica.person(), replica.standing().at, |id| named(replica, id)).await
    }

    /// Issues a recovery code for the replica's person to hand on. Its number is used up, whether or not the code is seen.
    ///
    /// # Errors
    /// What the rules refuse, what was granted, the desk passphrase.
    pub async fn issue_for(&self, replica: &Replica, request: IssueOffline) -> Result<IssuedCode, Refusal> {
        let IssueOffline { account, support, passphrase } = request;
        let standing = replica.standing();
        if !standing.synced {
            return Err(RefusalCode::Offline.into());
        }
        let not_allowed = || Refusal::from(RefusalCode::NotAllowed);
        let staff = replica.account(AccountId(replica.person())).await?.ok_or_else(not_allowed)?;
        let target = replica.account(AccountId(account)).await?.ok_or_else(not_allowed)?;
        let (workspace, communities) = replica.rules().await?;
        let asked = Asked { staff: &staff, target: &target, workspace: &workspace, communities: &communities, known: standing.at };
        self.issue(asked, support, &passphrase).await
    }

    /// Tells what was issued, and has the grant renewed, where it is time to. Where the server refuses, what was granted stands.
    ///
    /// # Errors
    /// What the server refuses, and what keeps the vault from being read or written.
    pub async fn renew(&self, replica: &Replica, server: &impl Feed) -> Result<(), Refusal> {
        // Whoever is no staff is not asked for: the server would write down that they were.
        if !replica.standing().synced || !is_staff(replica).await? {
            return Ok(());
        }
        let Some(asks) = self.due().await? else { return Ok(()) };
        let renewed = RenewGrant::reply(server.ask(asks.clone().into()).await?)?;
        self.renewed(replica.person(), &asks, renewed).await
    }
}

async fn is_staff(replica: &Replica) -> Result<bool, Refusal> {
    let account = replica.account(AccountId(replica.person())).await?;
    Ok(account.is_some_and(|account| account.standing().is_staff()))
}

async fn named(replica: &Replica, id: Uuid) -> Option<PersonName> {
    replica.account(AccountId(id)).await.ok()?.as_ref().map(authority::person_name)
}
