//! Recovery codes that are issued while the server is out of reach.

use secrecy::SecretString;
use wire::{
    Refusal, RefusalCode, SessionToken,
    offline::{IssueOffline, OfflineDesk},
    people::IssuedCode,
};

use super::{Asking, Held, Remote};

impl Remote {
    /// What can be issued here, for the desk's own person. Where nothing can be, it says why.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody else, and for whoever is no staff; [`RefusalCode::SessionIdle`].
    pub async fn read_offline_desk(&self, session: Option<&SessionToken>) -> Result<OfflineDesk, Refusal> {
        self.held.offline.desk(&self.held.own(session)?.replica).await
    }

    /// Issues a recovery code by what is known here.
    ///
    /// # Errors
    /// As [`Offline::issue_for`](crate::offline::Offline::issue_for), and for anybody but the desk's own person;
    /// [`RefusalCode::ReadingAlone`] and [`RefusalCode::ChangedMeanwhile`] where the server is there to ask.
    pub async fn issue_offline(&self, session: Option<&SessionToken>, request: IssueOffline) -> Result<IssuedCode, Refusal> {
        let own = self.held.own(session)?;
        if self.link().connected {
            return Err(if own.alone { RefusalCode::ReadingAlone } else { RefusalCode::ChangedMeanwhile }.into());
        }
        self.held.offline.issue_for(&own.replica, request).await
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
        if let Some(at) = self.reading.stands().at
            && let Err(refusal) = self.offline.said(at).await
        {
            tracing::warn!(%refusal, "the server's time is not kept");
        }
    }

    /// Has the grant renewed, while its person is signed in.
    pub(super) async fn renew(&self) {
        let Some(session) = self.reading.session() else { return };
        let Some(own) = self.reading.own(Some(&session)) else { return };
        if let Err(refusal) = self.offline.renew(&own.replica, &Asking { held: self, session }).await {
            self.refused(None, refusal.code).await;
            tracing::info!(%refusal, "the grant to issue codes was not renewed");
        }
    }
}
