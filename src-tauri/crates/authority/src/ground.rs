//! The ground of a decision: every record that was read for it, with its version.

use domain::{
    Change, Refusal as DomainRefusal,
    account::Account,
    case::Case,
    decision::ThrottleKey,
    device::{CodeHash, Device},
    id::{AccountId, CaseId, DeviceId, MailId, TokenId},
    mail::outbox::Mail,
    moving,
    offline::{EpochKeyId, IssuerId, IssuerNumber, IssuerRecord},
    operation::OperationKey,
    policy::{Policy, at_the_door, effective},
    report::Report,
    request::HelpRequest,
    secret_hash::Opaque,
    session::{Session, SessionId, Stage},
    throttle::Failures,
    time::Moment,
    token::{self, Held, Token},
    workspace::{Community, Workspace},
};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use wire::{Refusal, RefusalCode, SessionToken};

use crate::{
    refusals,
    store::{RecordKey, Standing, Store, TokenQuery, Versioned, Whose},
};

pub(crate) struct Ground<'a, S> {
    store: &'a S,
    pub(crate) now: Moment,
    idle: Option<i64>,
    /// Through which device the call comes, and that, once it was read.
    through: Option<DeviceId>,
    used: Option<Device>,
    /// What is carried out must not have been so under this key.
    once: Option<OperationKey>,
    pub(crate) read: Vec<(RecordKey, Option<u64>)>,
    /// The workspace and its communities, once they were read with whoever asks.
    surrounding: Option<Surrounding>,
    /// The tokens among the authenticators of every account that was read.
    held: Vec<Held>,
    /// The addresses that were looked up or read, and whose they are.
    pub(crate) addresses: Vec<(String, Option<AccountId>)>,
    /// Whose replica is read; nobody's on a workspace itself.
    pub(crate) replica_of: Option<AccountId>,
    /// Who acts, once known: a refusal by the gate is journalled under their name.
    pub(crate) actor: Option<Account>,
    /// Whether the workspace takes changes, once it was read.
    pub(crate) here: Option<Result<(), DomainRefusal>>,
    /// Whether this is about the move itself.
    pub(crate) moving: bool,
    /// Whether it is read also where it has left this server.
    pub(crate) also_out: bool,
}

/// What surrounds whoever asks.
struct Surrounding {
    workspace: Option<Versioned<Workspace>>,
    communities: Vec<Versioned<Community>>,
}

/// Who acts, through both doors or on the way.
pub(crate) struct Acting {
    pub(crate) workspace: Workspace,
    pub(crate) account: Account,
    pub(crate) session: Session,
    /// What holds for them: the strictest of the workspace and of their communities.
    pub(crate) policy: Policy,
}

impl Acting {
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }
}

/// The identifier of the session whose holder has this token.
pub(crate) fn session_id(token: &SessionToken) -> SessionId {
    domain::secret_hash::Opaque(Sha256::digest(token.expose_secret()).into())
}

impl<'a, S: Store> Ground<'a, S> {
    pub(crate) fn new(store: &'a S, now: Moment, idle: Option<i64>, through: Option<DeviceId>) -> Self {
        Self {
            store,
            now,
            idle,
            through,
            used: None,
            once: None,
            read: Vec::new(),
            surrounding: None,
            addresses: Vec::new(),
            held: Vec::new(),
            replica_of: None,
            actor: None,
            here: None,
            moving: false,
            also_out: false,
        }
    }

    /// Of nobody's replica, or of this person's.
    pub(crate) fn over_replica_of(self, person: Option<AccountId>) -> Self {
        Self { replica_of: person, ..self }
    }

    /// For what is done once under this key.
    pub(crate) fn once(self, once: Option<OperationKey>) -> Self {
        Self { once, ..self }
    }

    /// For the console: where the workspace has left this server, nobody else is answered.
    pub(crate) fn reading_also_when_out(self, also_out: bool) -> Self {
        Self { also_out, ..self }
    }

    /// For whoever asks what became of what was done.
    pub(crate) fn asking_again(self) -> Self {
        self.once(None)
    }

    fn note<T>(&mut self, key: RecordKey, found: Option<Versioned<T>>) -> Option<T> {
        self.read.push((key, found.as_ref().map(|found| found.version)));
        found.map(|found| found.record)
    }

    /// What every use case rests on. A device that the call comes through must be in use still: of a decision and its being
    /// revoked, one is made anew.
    pub(crate) async fn workspace(&mut self) -> Result<Workspace, Refusal> {
        if let (Some(id), None) = (self.through, &self.used) {
            let device = self.device(id).await?.ok_or(RefusalCode::DeviceUnknown)?;
            device.in_use().map_err(refusals::domain)?;
            self.used = Some(device);
        }
        let found = self.workspace_found().await?;
        self.answers(found.as_ref())?;
        let workspace = self.note(RecordKey::Workspace, found).ok_or(RefusalCode::NoWorkspace)?;
        self.here = Some(moving::is_here(&workspace));
        Ok(workspace)
    }

    /// Whether anybody is answered here: not where the workspace has left this server.
    fn answers(&self, found: Option<&Versioned<Workspace>>) -> Result<(), Refusal> {
        let out = !self.also_out && found.is_some_and(|found| moving::out::is_out(&found.record));
        if out { Err(RefusalCode::WorkspaceMovedOut.into()) } else { Ok(()) }
    }

    async fn workspace_found(&self) -> Result<Option<Versioned<Workspace>>, Refusal> {
        match &self.surrounding {
            Some(surrounding) => Ok(surrounding.workspace.clone()),
            None => self.store.workspace().await.map_err(refusals::store),
        }
    }

    /// Whether the workspace takes changes. One that is not founded yet does.
    pub(crate) async fn here(&mut self) -> Result<Result<(), DomainRefusal>, Refusal> {
        if let Some(here) = &self.here {
            return Ok(here.clone());
        }
        let found = self.workspace_found().await?;
        let here = found.as_ref().map_or(Ok(()), |found| moving::is_here(&found.record));
        if found.is_some() {
            self.note(RecordKey::Workspace, found);
        }
        self.here = Some(here.clone());
        Ok(here)
    }

    pub(crate) async fn communities(&mut self) -> Result<Vec<Community>, Refusal> {
        let found = self.all_communities().await?;
        Ok(found.into_iter().filter_map(|found| self.note(RecordKey::Community(found.record.id), Some(found))).collect())
    }

    /// Whether the call comes through this person's own device, as far as who asks is known already.
    pub(crate) fn is_own_device_of(&self, person: AccountId) -> bool {
        self.used.as_ref().is_some_and(|device| device.person == Some(person))
    }

    async fn all_communities(&self) -> Result<Vec<Versioned<Community>>, Refusal> {
        match &self.surrounding {
            Some(surrounding) => Ok(surrounding.communities.clone()),
            None => self.store.communities().await.map_err(refusals::store),
        }
    }

    /// Reads who asks, with all that surrounds them.
    async fn stand(&mut self, whose: Whose<'_>) -> Result<(Option<Versioned<Session>>, Option<Versioned<Account>>), Refusal> {
        let Standing { workspace, communities, session, account } = self.store.standing(whose).await.map_err(refusals::store)?;
        // Before anything is said of a session.
        self.answers(workspace.as_ref())?;
        self.surrounding = Some(Surrounding { workspace, communities });
        Ok((session, account))
    }

    /// Where somebody stands who says that this is their address: the workspace, and whose it is.
    pub(crate) async fn door(&mut self, folded: &str) -> Result<(Workspace, Option<Account>), Refusal> {
        let (_, account) = self.stand(Whose::Email(folded)).await?;
        Ok((self.workspace().await?, self.note_addressed(folded, account)))
    }

    /// What holds for a person.
    pub(crate) async fn policy_of(&mut self, workspace: &Workspace, person: &Account) -> Result<Policy, Refusal> {
        if person.memberships.is_empty() {
            return Ok(workspace.policy.clone());
        }
        let found = self.all_communities().await?;
        let theirs = found.into_iter().filter(|found| person.memberships.iter().any(|held| held.community == found.record.id));
        let theirs: Vec<Community> = theirs.filter_map(|found| self.note(RecordKey::Community(found.record.id), Some(found))).collect();
        Ok(effective(workspace, &theirs, person))
    }

    /// What holds for whoever stands at the first door: the limits are the same for known and unknown addresses.
    pub(crate) async fn policy_at_the_door(&mut self, workspace: &Workspace, person: Option<&Account>) -> Result<Policy, Refusal> {
        let communities = self.communities().await?;
        let policy = person.map_or_else(|| workspace.policy.clone(), |person| effective(workspace, &communities, person));
        Ok(Policy { limits: at_the_door(workspace, &communities), ..policy })
    }

    pub(crate) async fn account(&mut self, id: AccountId) -> Result<Option<Account>, Refusal> {
        let found = self.store.account(id).await.map_err(refusals::store)?;
        Ok(self.note_account(id, found))
    }

    fn note_account(&mut self, id: AccountId, found: Option<Versioned<Account>>) -> Option<Account> {
        if let Some(found) = &found {
            self.addresses.push((found.record.email.folded(), Some(id)));
            self.held.retain(|held| held.account != id);
            self.held.extend(token::held(&found.record));
        }
        self.note(RecordKey::Account(id), found)
    }

    /// The tokens that are no longer among the authenticators of accounts that are to be written.
    pub(crate) fn let_go(&self, changes: &[Change]) -> Vec<Held> {
        let written = changes.iter().filter_map(|change| if let Change::Account(account) = change { Some(account) } else { None });
        let gone = written.flat_map(|account| {
            let kept = token::held(account);
            let theirs = self.held.iter().filter(|held| held.account == account.id);
            theirs.filter(move |held| kept.iter().all(|kept| kept.token != held.token)).cloned()
        });
        gone.collect()
    }

    pub(crate) async fn token(&mut self, id: TokenId) -> Result<Option<Token>, Refusal> {
        let found = self.store.token(id).await.map_err(refusals::store)?;
        Ok(self.note(RecordKey::Token(id), found))
    }

    pub(crate) async fn tokens(&mut self, query: &TokenQuery) -> Result<Vec<Token>, Refusal> {
        let found = self.store.tokens(query).await.map_err(refusals::store)?;
        Ok(found.rows.into_iter().filter_map(|found| self.note(RecordKey::Token(found.record.id), Some(found))).collect())
    }

    pub(crate) async fn mail(&mut self, id: MailId) -> Result<Option<Mail>, Refusal> {
        let found = self.store.mail(id).await.map_err(refusals::store)?;
        Ok(self.note(RecordKey::Mail(id), found))
    }

    /// The notice that a code with this hash answers. That there is none rests on nothing: nobody can make one for a code.
    pub(crate) async fn mail_answered_by(&mut self, hash: [u8; 32]) -> Result<Option<Mail>, Refusal> {
        let found = self.store.mail_answered_by(hash).await.map_err(refusals::store)?;
        Ok(found.and_then(|found| self.note(RecordKey::Mail(found.record.id), Some(found))))
    }

    pub(crate) async fn device(&mut self, id: DeviceId) -> Result<Option<Device>, Refusal> {
        let found = self.store.device(id).await.map_err(refusals::store)?;
        Ok(self.note(RecordKey::Device(id), found))
    }

    /// The device that a code with this hash pairs. That there is none rests on nothing: nobody can make one for a code.
    pub(crate) async fn device_invited_by(&mut self, hash: CodeHash) -> Result<Option<Device>, Refusal> {
        let found = self.store.device_invited_by(hash).await.map_err(refusals::store)?;
        Ok(found.and_then(|found| self.note(RecordKey::Device(found.record.id), Some(found))))
    }

    /// Sessions that begin with these changes are of the device that the call comes through, and what is to be noted of its use
    /// is written with them.
    pub(crate) fn begin_through(&self, changes: &mut Vec<Change>) {
        let mut came_in = None;
        for change in changes.iter_mut() {
            if let Change::Session(session) = change {
                if !self.read.iter().any(|(key, _)| *key == RecordKey::Session(session.id)) {
                    session.device = self.through;
                }
                came_in = came_in.or(Some(session.account).filter(|_| session.stage == Stage::Full && session.device == self.through));
            }
        }
        // Whatever else is written of the device, it may be that it is no longer in use.
        let decided = |device: &Device| changes.iter().any(|change| matches!(change, Change::Device(other) if other.id == device.id));
        let noted = self.used.as_ref().filter(|device| !decided(device)).and_then(|device| device.noted(came_in, self.now));
        changes.extend(noted.map(|device| Change::Device(Box::new(device))));
    }

    pub(crate) async fn issuer(&mut self, id: IssuerId) -> Result<Option<IssuerRecord>, Refusal> {
        let found = self.store.issuer(id).await.map_err(refusals::store)?;
        Ok(self.note(RecordKey::Issuer(id), found))
    }

    pub(crate) async fn issuer_of(&mut self, key: EpochKeyId, device: DeviceId, staff: AccountId) -> Result<Option<IssuerRecord>, Refusal> {
        let found = self.store.issuer_of(key, device, staff).await.map_err(refusals::store)?;
        Ok(found.and_then(|found| self.note(RecordKey::Issuer(found.record.id()), Some(found))))
    }

    /// The first number that nobody has. `None` where all are given.
    pub(crate) async fn next_issuer(&mut self, key: EpochKeyId) -> Result<Option<IssuerNumber>, Refusal> {
        let last = self.store.last_issuer(key).await.map_err(refusals::store)?;
        let next = last.map_or(IssuerNumber::new(0), |last| IssuerNumber::new(last.number.get() + 1));
        if let Some(number) = next {
            self.note::<IssuerRecord>(RecordKey::Issuer(IssuerId { key, number }), None);
        }
        Ok(next)
    }

    pub(crate) async fn report(&mut self, account: AccountId) -> Result<Option<Report>, Refusal> {
        let found = self.store.report(account).await.map_err(refusals::store)?;
        Ok(self.note(RecordKey::Report(account), found))
    }

    pub(crate) async fn case(&mut self, id: CaseId) -> Result<Option<Case>, Refusal> {
        let found = self.store.case(id).await.map_err(refusals::store)?;
        Ok(self.note(RecordKey::Case(id), found))
    }

    /// The cases about a person that are not decided.
    pub(crate) async fn cases_about(&mut self, target: AccountId) -> Result<Vec<Case>, Refusal> {
        let found = self.store.cases_about(target).await.map_err(refusals::store)?;
        Ok(found.into_iter().filter_map(|found| self.note(RecordKey::Case(found.record.id), Some(found))).collect())
    }

    pub(crate) async fn help_request(&mut self, account: AccountId) -> Result<Option<HelpRequest>, Refusal> {
        let found = self.store.help_request(account).await.map_err(refusals::store)?;
        Ok(self.note(RecordKey::HelpRequest(account), found))
    }

    /// Every owner, for rules across accounts.
    pub(crate) async fn owners(&mut self) -> Result<Vec<Account>, Refusal> {
        let found = self.store.owners().await.map_err(refusals::store)?;
        Ok(found.into_iter().filter_map(|found| self.note_account(found.record.id, Some(found))).collect())
    }

    /// Somebody unknown is refused like somebody out of reach.
    pub(crate) async fn target(&mut self, id: AccountId) -> Result<Account, Refusal> {
        self.account(id).await?.ok_or_else(|| RefusalCode::NotAllowed.into())
    }

    pub(crate) async fn account_by_email(&mut self, folded: &str) -> Result<Option<Account>, Refusal> {
        let found = self.store.account_by_email(folded).await.map_err(refusals::store)?;
        Ok(self.note_addressed(folded, found))
    }

    fn note_addressed(&mut self, folded: &str, found: Option<Versioned<Account>>) -> Option<Account> {
        let Some(found) = found else {
            self.addresses.push((folded.to_owned(), None));
            return None;
        };
        self.note_account(found.record.id, Some(found))
    }

    pub(crate) async fn throttle(&mut self, key: ThrottleKey) -> Result<Failures, Refusal> {
        let found = self.store.throttle(key).await.map_err(refusals::store)?;
        Ok(self.note(RecordKey::Throttle(key), found).unwrap_or_default())
    }

    /// Whoever holds the token, at any stage, as long as the session lives.
    pub(crate) async fn acting(&mut self, token: Option<&SessionToken>) -> Result<Acting, Refusal> {
        let acting = self.acting_even_idle(token).await?;
        acting.session.alive(&acting.policy().locking_after(self.idle), self.now).map_err(refusals::domain)?;
        Ok(acting)
    }

    /// Whoever holds the token and has come through both doors.
    pub(crate) async fn acting_fully(&mut self, token: Option<&SessionToken>) -> Result<Acting, Refusal> {
        let acting = self.acting(token).await?;
        if acting.session.stage != Stage::Full {
            return Err(refusals::domain(DomainRefusal::SessionStage));
        }
        if let Some(key) = self.once {
            let found = self.store.operation(key).await.map_err(refusals::store)?;
            if self.note(RecordKey::Operation(key), found).is_some() {
                // Carried out at this moment by somebody else: whoever asked looks at the verdict.
                return Err(RefusalCode::Busy.into());
            }
        }
        self.actor = Some(acting.account.clone());
        Ok(acting)
    }

    /// As [`Self::acting`], also after a session has ended by itself: for ending it properly.
    pub(crate) async fn acting_even_idle(&mut self, token: Option<&SessionToken>) -> Result<Acting, Refusal> {
        let (session, account) = match self.replica_of {
            Some(person) => (Session::begin(Opaque([0; 32]), person, Stage::Full, self.now), None),
            None => {
                let id = session_id(token.ok_or(RefusalCode::SessionEnded)?);
                let (session, account) = self.stand(Whose::Session(id)).await?;
                (self.note(RecordKey::Session(id), session).ok_or(RefusalCode::SessionEnded)?, Some(account))
            }
        };
        let workspace = self.workspace().await?;
        // A session is good through what it began through, and through nothing else.
        if session.device != self.through {
            return Err(RefusalCode::SessionEnded.into());
        }
        let account = match account {
            Some(account) => self.note_account(session.account, account),
            None => self.account(session.account).await?,
        };
        let account = account.ok_or(RefusalCode::SessionEnded)?;
        // Its sessions ended with it; this is for one that began in the same instant.
        if account.admits().is_err() {
            return Err(RefusalCode::SessionEnded.into());
        }
        let policy = self.policy_of(&workspace, &account).await?;
        Ok(Acting { workspace, account, session, policy })
    }
}
