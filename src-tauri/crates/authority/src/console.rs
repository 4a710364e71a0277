//! A server's console: its keys are tried, and an owner who lost everything is let in again. Nobody is signed in here.

use domain::{
    code::Kind,
    console::{self, Codes, Given},
    password_code::PASSWORD_CODE_VALIDITY,
    policy::INVITATION_VALIDITY,
    words::Email,
};
use wire::{Refusal, RefusalCode, people::IssuedCode};

use crate::{
    local::{Authority, settle},
    refusals,
    seal::{Bound, SealingKey},
    store::{Store, StoreError},
    surroundings::Surroundings,
};

/// Why a server's workspace cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none in the store.
    #[error("no workspace was founded here")]
    NotFounded,
    /// None of the keys is its own.
    #[error("none of the keys opens this workspace")]
    WrongKey,
    /// One is moving here, and is not all here.
    #[error("a workspace was moving here and is not whole: go on with `receive`, or throw away what is here with `receive --discard`")]
    Arriving,
    /// It was made on a desktop, and not moved.
    #[error("this workspace was not founded on a server")]
    Local,
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The codes for an owner who was let in again. Each is shown once.
#[derive(Debug)]
pub enum LetIn {
    /// They had never come in: a new invitation.
    Invited(IssuedCode),
    /// They had.
    Both {
        /// Chooses another password.
        password: IssuedCode,
        /// Asked for after it, and leads to enrolling anew.
        recovery: IssuedCode,
    },
}

impl<S: Store> Authority<S> {
    /// The workspace of a server, with the keys that are kept beside it.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(store: S, keys: SealingKey, surroundings: impl Surroundings) -> Result<Self, OpenError> {
        let Some(workspace) = store.workspace().await? else {
            return Err(if store.arrival().await?.is_some() { OpenError::Arriving } else { OpenError::NotFounded });
        };
        let workspace = workspace.record;
        let sealed = workspace.naming_key.as_ref().ok_or(OpenError::Local)?;
        let keys = keys.opening_naming(sealed, workspace.id).map_err(|_| OpenError::WrongKey)?;
        // Whoever forgets to name a source counts under none that a peer could have.
        Ok(Self::new(store, keys, surroundings, "console"))
    }

    /// The workspace of a vault, with the key out of it; also where it came from a server, and names things as it did there.
    ///
    /// # Errors
    /// [`OpenError`], but not where nothing was founded yet.
    pub async fn over(store: S, key: SealingKey, surroundings: impl Surroundings, source: &str) -> Result<Self, OpenError> {
        let named = store.workspace().await?.and_then(|found| Some((found.record.naming_key?, found.record.id)));
        let key = match named {
            Some((sealed, id)) => key.opening_naming(&sealed, id).map_err(|_| OpenError::WrongKey)?,
            None => key,
        };
        Ok(Self::new(store, key, surroundings, source))
    }

    /// Whether the store answers, and the keys open what it holds now.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn ready(&self) -> Result<(), OpenError> {
        let workspace = self.store.workspace().await?.ok_or(OpenError::NotFounded)?.record;
        let sealed = workspace.naming_key.as_ref().ok_or(OpenError::Local)?;
        if self.key.opens(sealed, Bound::Naming, workspace.id) { Ok(()) } else { Err(OpenError::WrongKey) }
    }

    /// How many notices are neither sent nor handed over.
    ///
    /// # Errors
    /// What kept the store from counting.
    pub async fn outbox_size(&self) -> Result<u64, StoreError> {
        Ok(self.store.count_mail(None).await?.iter().map(|counted| counted.count).sum())
    }

    /// Lets an owner in again who has lost everything, and tells everybody who administers anything.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] when nobody who owns the workspace signs in with this address.
    pub async fn recover_owner_at_console(&self, email: &str) -> Result<LetIn, Refusal> {
        let email = Email::read(email).map_err(refusals::domain)?;
        let concerned = self.concerned().await?;
        let (invitation, invited) = self.issue(Kind::Invitation).await?;
        let (password, chosen) = self.issue(Kind::Password).await?;
        let (recovery, recovered) = self.issue(Kind::Recovery).await?;
        let id = self.store.account_by_email(&email.folded()).await.map_err(refusals::store)?.map(|found| found.record.id);
        let id = id.ok_or(RefusalCode::NotAllowed)?;
        let given = settle!(self, ground => async {
            let workspace = ground.workspace().await?;
            let account = ground.account_by_email(&email.folded()).await?;
            let policy = match &account {
                Some(account) => ground.policy_of(&workspace, account).await?,
                None => workspace.policy,
            };
            let codes = Codes { invitation: invited, password: chosen, recovery: recovered };
            Ok::<_, Refusal>(console::recover_owner(&policy, account, codes, &concerned, ground.now))
        })?;
        Ok(match given {
            Given::Invitation => LetIn::Invited(self.issued(id, invitation, INVITATION_VALIDITY).await?),
            Given::Both(until) => {
                let recovery = self.issued(id, recovery, 0).await?;
                LetIn::Both {
                    password: self.issued(id, password, PASSWORD_CODE_VALIDITY).await?,
                    recovery: IssuedCode { expires_at: until.0, ..recovery },
                }
            }
        })
    }
}
