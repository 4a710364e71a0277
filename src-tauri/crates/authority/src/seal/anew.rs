//! Sealing anew what an earlier key sealed, whatever it is.

use domain::{
    Entropy,
    factor::Sealed,
    id::{MailId, WorkspaceId},
    mail::Server,
    oath::Parameters,
    time::Moment,
};

use super::{KeyId, Place, SealBroken, SealingKey, associated_data, journal_key, mail, naming};

/// What a seal is bound to, of all that is sealed at all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound<'a> {
    /// The secret of an authenticator or a token.
    Secret(Place, Parameters),
    /// The naming key.
    Naming,
    /// The seed that the journal is signed with, in an epoch.
    JournalKey(u32),
    /// The password of the mail server.
    MailPassword(&'a Server),
    /// The code that a notice carries, until when.
    MailCode(MailId, Moment),
}

impl Bound<'_> {
    fn data(self, key: KeyId, workspace: WorkspaceId) -> Vec<u8> {
        match self {
            Self::Secret(place, parameters) => associated_data(key, place, parameters),
            Self::Naming => naming::data(key, workspace),
            Self::JournalKey(epoch) => journal_key::data(key, workspace, epoch),
            Self::MailPassword(server) => mail::password_data(key, workspace, server),
            Self::MailCode(mail, until) => mail::code_data(key, workspace, (mail, until)),
        }
    }
}

impl SealingKey {
    /// Whether it opens.
    pub(crate) fn opens(&self, sealed: &Sealed, bound: Bound<'_>, workspace: WorkspaceId) -> bool {
        self.open_bytes(sealed, &|key| bound.data(key, workspace)).is_ok()
    }

    /// Seals anew what an earlier key sealed; `None` for what the present one did.
    pub(crate) fn reseal(
        &self,
        sealed: &Sealed,
        bound: Bound<'_>,
        workspace: WorkspaceId,
        entropy: &mut dyn Entropy,
    ) -> Result<Option<Sealed>, SealBroken> {
        if Self::sealer(sealed) == Some(self.id()) {
            return Ok(None);
        }
        let data = |key| bound.data(key, workspace);
        let plain = self.open_bytes(sealed, &data)?;
        Ok(Some(self.seal_bytes(&plain, &data, entropy)))
    }
}
