//! Founding a workspace: its record, its first community and its owner, in one commit.

use domain::{
    Change, Decision, Event, EventKind,
    account::{Account, Invitation},
    code::Kind,
    id::{AccountId, CommunityId, WorkspaceId},
    invitation::NewPerson,
    kit::{
        OwnerVerifier,
        record::{HeldKit, Kits},
    },
    policy::{INVITATION_VALIDITY, Policy, Tightening},
    session::{Session, Stage},
    time::Moment,
    words::{Email, Language, Name, NewPassword},
    workspace::{Community, Workspace},
};
use secrecy::SecretString;
use uuid::Uuid;
use wire::{Refusal, RefusalCode, SessionToken, people::IssuedCode};

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

/// What a workspace and its first owner are called.
#[derive(Clone, Debug)]
pub struct Names {
    language: Language,
    workspace: Name,
    owner: Name,
    email: Email,
}

impl Names {
    /// Reads what the founder typed.
    ///
    /// # Errors
    /// The refusal of the first word that cannot be.
    pub fn read(french: bool, workspace: &str, owner: &str, email: &str) -> Result<Self, Refusal> {
        let language = if french { Language::Fr } else { Language::En };
        let read = || Ok(Self { language, workspace: Name::read(workspace)?, owner: Name::read(owner)?, email: Email::read(email)? });
        read().map_err(refusals::domain)
    }
}

/// What a new workspace begins with. Read before a vault is made, so that nothing is made for words that are refused.
#[derive(Debug)]
pub struct Founding {
    names: Names,
    owner_password: NewPassword,
    kit: Option<(Uuid, OwnerVerifier)>,
}

impl Founding {
    /// Reads what the founder typed.
    ///
    /// # Errors
    /// The refusal of the first word that cannot be.
    pub fn read(french: bool, name: &str, owner_name: &str, owner_email: &str, owner_password: &SecretString) -> Result<Self, Refusal> {
        let names = Names::read(french, name, owner_name, owner_email)?;
        let owner_password = NewPassword::read(owner_password).map_err(refusals::domain)?;
        Ok(Self { names, owner_password, kit: None })
    }

    /// The same with a recovery kit, whose slot the vault has already.
    #[must_use]
    pub fn with_kit(self, slot: Uuid, verifier: OwnerVerifier) -> Self {
        Self { kit: Some((slot, verifier)), ..self }
    }

    /// The workspace's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.names.workspace.as_str()
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
            let held = founding.kit.map(|(slot, verifier)| HeldKit::drawn(slot, verifier, ground.now));
            let (workspace, community, owner) = self.begun(&founding.names, ground.now);
            let workspace = Workspace { kits: Kits { held, ..Kits::default() }, ..workspace };
            let owner = Account { password: Some(password.clone()), first_in_at: Some(ground.now), ..owner };
            let session = Session::begin(session, owner.id, Stage::Enrol { by_recovery: false }, ground.now);
            Ok::<_, Refusal>(founded((), workspace, community, owner).change(Change::Session(session)))
        })
        .map_err(unexpected)?;
        Ok(token)
    }

    /// Founds the workspace in an empty store, for an owner who comes in by the invitation that is answered: on a server, where
    /// nobody sits at the window.
    ///
    /// # Errors
    /// A refusal of the store; nothing was written then. [`RefusalCode::Unexpected`] when there is a workspace already.
    pub async fn found_inviting(&self, names: &Names) -> Result<IssuedCode, Refusal> {
        let (code, hash) = self.issue(Kind::Invitation).await?;
        let id = settle!(self, ground => async {
            ground.read.push((RecordKey::Workspace, None));
            let (workspace, community, owner) = self.begun(names, ground.now);
            let owner = Account { invitation: Some(Invitation::new(hash, ground.now)), ..owner };
            let id = owner.id;
            Ok::<_, Refusal>(founded(id, workspace, community, owner))
        })
        .map_err(unexpected)?;
        // Its key is sealed from now on, so that whoever opens the store later learns whether theirs is the right one.
        self.keep_checkpoint().await?;
        self.issued(id, code, INVITATION_VALIDITY).await
    }

    fn begun(&self, names: &Names, now: Moment) -> (Workspace, Community, Account) {
        let id = WorkspaceId::random(&mut self.entropy());
        let naming_key = self.key.seal_naming(id, &mut self.entropy());
        let workspace = Workspace { naming_key, ..Workspace::new(id, names.workspace.clone(), names.language, Policy::default(), now) };
        let community =
            Community { id: CommunityId::random(&mut self.entropy()), name: names.workspace.clone(), tightening: Tightening::default() };
        let owner = NewPerson {
            id: AccountId::random(&mut self.entropy()),
            name: names.owner.clone(),
            email: names.email.clone(),
            language: names.language,
            membership: None,
        };
        (workspace, community, owner.account(None, now))
    }
}

fn founded<T>(answer: T, workspace: Workspace, community: Community, owner: Account) -> Decision<T> {
    let event = Event::own(EventKind::WorkspaceCreated, &owner).word("name", workspace.name.as_str());
    Decision::accept(answer).change(Change::Workspace(Box::new(workspace))).change(Change::Community(community)).account(owner).event(event)
}

/// Nobody else founds the same workspace: what changed meanwhile is that there is one.
fn unexpected(refusal: Refusal) -> Refusal {
    if refusal.code == RefusalCode::Busy { RefusalCode::Unexpected.into() } else { refusal }
}
