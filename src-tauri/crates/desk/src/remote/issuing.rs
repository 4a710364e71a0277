//! Recovery codes that are issued while the server is out of reach.

use domain::id::AccountId;
use secrecy::SecretString;
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, SessionToken, UseCase,
    offline::{IssueOffline, OfflineDesk, RenewGrant},
    people::{IssuedCode, PersonName},
};

use super::{Held, Remote};
use crate::{offline::Asked, replica::Replica};

impl Remote {
    /// What can be issued here, for the desk's own person. Where nothing can be, it says why.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody else, and for whoever is no staff; [`RefusalCode::SessionIdle`].
    pub async fn read_offline_desk(&self, session: Option<&SessionToken>) -> Result<OfflineDesk, Refusal> {
        let replica = self.held.own(session)?.replica;
        if !is_staff(&replica).await? {
            return Err(RefusalCode::NotAllowed.into());
        }
        let names = |id| named(&replica, id);
        self.held.offline.read(replica.person(), replica.standing().at, names).await
    }

    /// Issues a recovery code by what is known here. Its number is used up, whether or not the code is seen.
    ///
    /// # Errors
    /// Why not: what the rules refuse, what was granted, the desk passphrase; [`RefusalCode::ReadingAlone`] and
    /// [`RefusalCode::ChangedMeanwhile`] where the server is there to ask.
    pub async fn issue_offline(&self, session: Option<&SessionToken>, request: IssueOffline) -> Result<IssuedCode, Refusal> {
        let own = self.held.own(session)?;
        if self.link().connected {
            return Err(if own.alone { RefusalCode::ReadingAlone } else { RefusalCode::ChangedMeanwhile }.into());
        }
        let IssueOffline { account, support, passphrase } = request;
        let standing = own.replica.standing();
        if !standing.synced {
            return Err(RefusalCode::Offline.into());
        }
        let not_allowed = || Refusal::from(RefusalCode::NotAllowed);
        let staff = own.replica.account(AccountId(own.replica.person())).await?.ok_or_else(not_allowed)?;
        let target = own.replica.account(AccountId(account)).await?.ok_or_else(not_allowed)?;
        let (workspace, communities) = own.replica.rules().await?;
        let asked = Asked { staff: &staff, target: &target, workspace: &workspace, communities: &communities, known: standing.at };
        self.held.offline.issue(asked, support, &passphrase).await
    }

    /// Whoever calls this was just given the desk passphrase, which opened the vault: with it what is granted here can be sealed.
    ///
    /// # Errors
    /// Whatever keeps the vault from being read or written.
    pub async fn entrusted(&self, passphrase: &SecretString) -> Result<(), Refusal> {
        self.held.offline.entrusted(passphrase).await
    }

    /// Changes the desk passphrase by `change`, and what else it opens.
    ///
    /// # Errors
    /// Why `change` did not; nothing is changed then.
    pub async fn change_passphrase(
        &self,
        present: &SecretString,
        new: &SecretString,
        change: impl Future<Output = Result<(), Refusal>>,
    ) -> Result<(), Refusal> {
        self.held.offline.change(present, new, change).await
    }
}

impl Held {
    /// Notes the server's time of the page that was just read.
    pub(super) async fn noted(&self) {
        let at = self.reading.stands().at;
        if let Some(at) = at
            && let Err(refusal) = self.offline.said(at).await
        {
            tracing::warn!(%refusal, "the server's time is not kept");
        }
    }

    /// Tells what was issued, and has the grant renewed, where it is time to. Where the server refuses, what was granted stands.
    pub(super) async fn renew(&self) {
        if let Err(refusal) = self.try_to_renew().await {
            tracing::info!(%refusal, "the grant to issue codes was not renewed");
        }
    }

    async fn try_to_renew(&self) -> Result<(), Refusal> {
        let Some(session) = self.reading.session() else { return Ok(()) };
        let Some(own) = self.reading.own(Some(&session)) else { return Ok(()) };
        // Whoever is no staff is not asked for: the server would write down that they were.
        if !own.replica.standing().synced || !is_staff(&own.replica).await? {
            return Ok(());
        }
        let Some(asks) = self.offline.due().await? else { return Ok(()) };
        let answered = self.send(Some(&session), asks.clone().into()).await;
        if let Err(refusal) = &answered {
            self.refused(None, refusal.code).await;
        }
        let renewed = RenewGrant::reply(answered?.response)?;
        self.offline.renewed(own.replica.person(), &asks, renewed).await
    }
}

async fn is_staff(replica: &Replica) -> Result<bool, Refusal> {
    let account = replica.account(AccountId(replica.person())).await?;
    Ok(account.is_some_and(|account| account.standing().is_staff()))
}

async fn named(replica: &Replica, id: Uuid) -> Option<PersonName> {
    let account = replica.account(AccountId(id)).await.ok()??;
    Some(PersonName { id, name: account.name.as_str().into(), email: account.email.as_str().into() })
}
