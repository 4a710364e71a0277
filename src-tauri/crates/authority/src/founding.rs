//! Founding a workspace: its record, its first community and its owner, in one commit.

use domain::{
    Change, Decision, Event, EventKind,
    account::Account,
    id::{AccountId, CommunityId, WorkspaceId},
    invitation::NewPerson,
    kit::{
        OwnerVerifier,
        record::{HeldKit, Kits},
    },
    policy::{Policy, Tightening},
    session::{Session, Stage},
    words::{Email, Language, Name, NewPassword},
    workspace::{Community, Workspace},
};
use secrecy::SecretString;
use uuid::Uuid;
use wire::{Refusal, RefusalCode, SessionToken};

use crate::{
    local::{Authority, settle},
    refusals,
    store::{RecordKey, Store},
};

/// Whether a passphrase may guard a vault or a file.
///
/// # Errors
/// The refusal to show.
pub fn check_passphrase(passphrase: &SecretString) -> Result<(), Refusal> {
    domain::words::check_passphrase(passphrase).map_err(refusals::domain)
}

/// What a new workspace begins with. Read before a vault is made, so that nothing is made for words that are refused.
#[derive(Debug)]
pub struct Founding {
    language: Language,
    name: Name,
    owner_name: Name,
    owner_email: Email,
    owner_password: NewPassword,
    kit: Option<(Uuid, OwnerVerifier)>,
}

impl Founding {
    /// Reads what the founder typed.
    ///
    /// # Errors
    /// The refusal of the first word that cannot be.
    pub fn read(french: bool, name: &str, owner_name: &str, owner_email: &str, owner_password: &SecretString) -> Result<Self, Refusal> {
        let language = if french { Language::Fr } else { Language::En };
        let read = || {
            Ok(Self {
                language,
                name: Name::read(name)?,
                owner_name: Name::read(owner_name)?,
                owner_email: Email::read(owner_email)?,
                owner_password: NewPassword::read(owner_password)?,
                kit: None,
            })
        };
        read().map_err(refusals::domain)
    }

    /// The same with a recovery kit, whose slot the vault has already.
    #[must_use]
    pub fn with_kit(self, slot: Uuid, verifier: OwnerVerifier) -> Self {
        Self { kit: Some((slot, verifier)), ..self }
    }

    /// The workspace's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }
}

impl<S: Store> Authority<S> {
    /// Founds the workspace in an empty store and signs the owner in, as far as enrolling.
    ///
    /// # Errors
    /// A refusal of the store; nothing was written then.
    pub async fn found(&self, founding: Founding) -> Result<SessionToken, Refusal> {
        let password = self.hash_password(&founding.owner_password).await?;
        let (token, session) = self.new_session();
        settle!(self, ground => async {
            ground.read.push((RecordKey::Workspace, None));
            let id = WorkspaceId::random(&mut self.entropy());
            let held = founding.kit.map(|(slot, verifier)| HeldKit::drawn(slot, verifier, ground.now));
            let workspace = Workspace {
                kits: Kits { held, ..Kits::default() },
                ..Workspace::new(id, founding.name.clone(), founding.language, Policy::default(), ground.now)
            };
            let community = Community { id: CommunityId::random(&mut self.entropy()), name: founding.name.clone(), tightening: Tightening::default() };
            let person = NewPerson {
                id: AccountId::random(&mut self.entropy()),
                name: founding.owner_name.clone(),
                email: founding.owner_email.clone(),
                language: founding.language,
                membership: None,
            };
            let owner = Account { password: Some(password.clone()), first_in_at: Some(ground.now), ..person.account(None, ground.now) };
            let event = Event::own(EventKind::WorkspaceCreated, &owner).word("name", workspace.name.as_str());
            let session = Session::begin(session, owner.id, Stage::Enrol { by_recovery: false }, ground.now);
            Ok::<_, Refusal>(
                Decision::accept(())
                    .change(Change::Workspace(Box::new(workspace)))
                    .change(Change::Community(community))
                    .account(owner)
                    .change(Change::Session(session))
                    .event(event),
            )
        })
        .map_err(|refusal: Refusal| if refusal.code == RefusalCode::Busy { RefusalCode::Unexpected.into() } else { refusal })?;
        Ok(token)
    }
}
