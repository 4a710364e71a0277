//! The ground of a decision: every record that was read for it, with its version.

use domain::{
    Change, Refusal as DomainRefusal,
    account::Account,
    case::Case,
    decision::ThrottleKey,
    id::{AccountId, CaseId, MailId, TokenId},
    mail::outbox::Mail,
    moving,
    policy::{Policy, at_the_door, effective},
    report::Report,
    request::HelpRequest,
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
    store::{RecordKey, Store, TokenQuery, Versioned},
};

pub(crate) struct Ground<'a, S> {
    store: &'a S,
    pub(crate) now: Moment,
    idle: Option<i64>,
    pub(crate) read: Vec<(RecordKey, Option<u64>)>,
    /// The tokens among the authenticators of every account that was read.
    held: Vec<Held>,
    /// The addresses that were looked up or read, and whose they are.
    pub(crate) addresses: Vec<(String, Option<AccountId>)>,
    /// Who acts, once known: a refusal by the gate is journalled under their name.
    pub(crate) actor: Option<Account>,
    /// Whether the workspace takes changes, once it was read.
    pub(crate) here: Option<Result<(), DomainRefusal>>,
    /// Whether this is about the move itself.
    pub(crate) moving: bool,
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
    pub(crate) fn new(store: &'a S, now: Moment, idle: Option<i64>) -> Self {
        Self { store, now, idle, read: Vec::new(), addresses: Vec::new(), held: Vec::new(), actor: None, here: None, moving: false }
    }

    fn note<T>(&mut self, key: RecordKey, found: Option<Versioned<T>>) -> Option<T> {
        self.read.push((key, found.as_ref().map(|found| found.version)));
        found.map(|found| found.record)
    }

    pub(crate) async fn workspace(&mut self) -> Result<Workspace, Refusal> {
        let found = self.store.workspace().await.map_err(refusals::store)?;
        let workspace = self.note(RecordKey::Workspace, found).ok_or(RefusalCode::NoWorkspace)?;
        self.here = Some(moving::is_here(&workspace));
        Ok(workspace)
    }

    /// Whether the workspace takes changes. One that is not founded yet does.
    pub(crate) async fn here(&mut self) -> Result<Result<(), DomainRefusal>, Refusal> {
        if let Some(here) = &self.here {
            return Ok(here.clone());
        }
        let found = self.store.workspace().await.map_err(refusals::store)?;
        let here = found.as_ref().map_or(Ok(()), |found| moving::is_here(&found.record));
        if found.is_some() {
            self.note(RecordKey::Workspace, found);
        }
        self.here = Some(here.clone());
        Ok(here)
    }

    pub(crate) async fn communities(&mut self) -> Result<Vec<Community>, Refusal> {
        let found = self.store.communities().await.map_err(refusals::store)?;
        Ok(found.into_iter().filter_map(|found| self.note(RecordKey::Community(found.record.id), Some(found))).collect())
    }

    /// What holds for a person.
    pub(crate) async fn policy_of(&mut self, workspace: &Workspace, person: &Account) -> Result<Policy, Refusal> {
        if person.memberships.is_empty() {
            return Ok(workspace.policy.clone());
        }
        let found = self.store.communities().await.map_err(refusals::store)?;
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
        let Some(found) = found else {
            self.addresses.push((folded.to_owned(), None));
            return Ok(None);
        };
        Ok(self.note_account(found.record.id, Some(found)))
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
        self.actor = Some(acting.account.clone());
        Ok(acting)
    }

    /// As [`Self::acting`], also after a session has ended by itself: for ending it properly.
    pub(crate) async fn acting_even_idle(&mut self, token: Option<&SessionToken>) -> Result<Acting, Refusal> {
        let id = session_id(token.ok_or(RefusalCode::SessionEnded)?);
        let found = self.store.session(id).await.map_err(refusals::store)?;
        let session = self.note(RecordKey::Session(id), found).ok_or(RefusalCode::SessionEnded)?;
        let workspace = self.workspace().await?;
        let account = self.account(session.account).await?.ok_or(RefusalCode::SessionEnded)?;
        // Its sessions ended with it; this is for one that began in the same instant.
        if account.admits().is_err() {
            return Err(RefusalCode::SessionEnded.into());
        }
        let policy = self.policy_of(&workspace, &account).await?;
        Ok(Acting { workspace, account, session, policy })
    }
}
