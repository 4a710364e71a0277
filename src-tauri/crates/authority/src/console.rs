//! A server's console: its keys are tried, and an owner who lost everything is let in again. Nobody is signed in here.

use std::ops::ControlFlow;

use domain::{
    code::Kind,
    console::{self, Codes, Given},
    draw, moving,
    password_code::PASSWORD_CODE_VALIDITY,
    policy::INVITATION_VALIDITY,
    time::Moment,
    words::Email,
};
use wire::{Refusal, RefusalCode, people::IssuedCode};

use crate::{
    epoch::Restored,
    local::{Authority, settle},
    refusals,
    seal::{Bound, SealingKey},
    store::{JournalQuery, Store, StoreError},
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
    /// It was moved out, into a file, or is being moved.
    #[error("the workspace has left this server: nobody is answered")]
    MovedOut,
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
        Ok(Self::new(store, keys, surroundings, "console").at_console())
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
        if moving::out::is_out(&workspace) {
            return Err(OpenError::MovedOut);
        }
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

    /// When the last entry of the journal was made: what a restored database knows of the world ends about then.
    ///
    /// # Errors
    /// What kept the store from reading.
    pub async fn last_entry_at(&self) -> Result<Option<i64>, StoreError> {
        let last = JournalQuery { person: None, communities: None, before: None, limit: 1 };
        Ok(self.store.journal(&last).await?.pop().map(|line| line.entry.at()))
    }

    /// [Begins an epoch](Self::begin_epoch) of a database that was restored from a backup of this moment, and signs the journal
    /// under its new origin.
    ///
    /// # Errors
    /// A refusal of the store. It can be begun again then.
    pub async fn begin_epoch_at_console(&self, taken_at: i64, keep_codes: bool) -> Result<(), Refusal> {
        let backup = uuid::Builder::from_random_bytes(draw(&mut self.entropy())).into_uuid();
        let restored = Restored { backup, taken_at: Moment(taken_at), keep_codes };
        self.begin_epoch(&restored, &|_, _| ControlFlow::Continue(())).await?;
        self.keep_checkpoint().await.map(drop)
    }
}
