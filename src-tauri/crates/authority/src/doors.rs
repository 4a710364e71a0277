//! Sign-in, lock, unlock, sign-out: the two doors.

use domain::{
    Change, Decision,
    account::Account,
    code::{self, Typed},
    factor::Factors,
    id::AuthenticatorId,
    invitation::Acceptance,
    lockout,
    oath::OathSecret,
    password_code::{self, Redeemed},
    secret_hash::{Cost, Recipe},
    session::{SessionId, Stage},
    sign_in::{self, CodeTry, Next, PasswordTry},
    words::{Email, NewPassword, normalise_password},
    workspace::Workspace,
};
use secrecy::{ExposeSecret, SecretString};
use wire::{
    Refusal, RefusalCode, SessionToken,
    sign_in::{AcceptInvitation, Done, GiveCode, Me, RedeemPasswordCode, SignIn, Step, Unlock},
};

use crate::{
    ground::{Acting, Ground},
    local::{Authority, Counted, settle},
    refusals,
    seal::Place,
    store::Store,
    views,
};

/// A reply, and the session that began with it.
pub(crate) type Opened<T> = (T, Option<SessionToken>);

impl<S: Store> Authority<S> {
    pub(crate) async fn sign_in(&self, request: SignIn) -> Result<Opened<Step>, Refusal> {
        let (token, session) = self.new_session();
        let next = settle!(self, ground => self.sign_in_once(&mut ground, &request, session))?;
        Ok((Step { next: views::next(next) }, Some(token)))
    }

    async fn sign_in_once(&self, ground: &mut Ground<'_, S>, request: &SignIn, session: SessionId) -> Result<Decision<Next>, Refusal> {
        // An address that cannot be is counted and hashed like any other.
        let folded = Email::read(&request.email).map_or_else(|_| request.email.trim().to_lowercase(), |email| email.folded());
        let (workspace, account) = ground.door(&folded).await?;
        let tried = self.try_password(ground, &folded, account.as_ref().and_then(|a| a.password.as_ref()), &request.password).await?;
        let policy = ground.policy_at_the_door(&workspace, account.as_ref()).await?;
        Ok(sign_in::with_password(&policy, account, tried, session, ground.now))
    }

    /// Counts first, then hashes: during a wait nothing is evaluated.
    async fn try_password(
        &self,
        ground: &mut Ground<'_, S>,
        folded_email: &str,
        password: Option<&domain::account::Password>,
        typed: &SecretString,
    ) -> Result<PasswordTry, Refusal> {
        let key = self.throttle_key(folded_email);
        let failures = ground.throttle(key).await?;
        let limits = ground.workspace().await?.policy.limits.for_passwords();
        let mut tried = PasswordTry { matched: false, key, failures, rehashed: None };
        if tried.failures.open(&limits, ground.now).is_err() {
            return Ok(tried);
        }
        let typed = normalise_password(typed);
        let recipe = password.map_or(self.decoy, |password| *password.hash.recipe());
        let candidate = self.hash(recipe, &typed).await?;
        tried.matched = password.is_some_and(|password| password.hash.matches(&candidate));
        if tried.matched && recipe.is_below(Cost::ONLINE) {
            tried.rehashed = Some(self.hash(Recipe::random(Cost::ONLINE, &mut self.entropy()), &typed).await?);
        }
        Ok(tried)
    }

    /// The password of somebody who acts, asked again.
    pub(crate) async fn try_own_password(
        &self,
        ground: &mut Ground<'_, S>,
        acting: &Acting,
        typed: &SecretString,
    ) -> Result<PasswordTry, Refusal> {
        self.try_password(ground, &acting.account.email.folded(), acting.account.password.as_ref(), typed).await
    }

    /// Everything needed to judge a typed code. Text in the form of no code is refused here, and costs nothing.
    pub(crate) async fn try_code(&self, ground: &Ground<'_, S>, acting: &Acting, text: &SecretString) -> Result<CodeTry, Refusal> {
        let typed = code::read(text.expose_secret()).map_err(refusals::form)?;
        let factor = &acting.account.second_factor;
        let mut tried = CodeTry { typed, secrets: Vec::new(), hashed: None, out_of_reach: None };
        if factor.open(&acting.policy().limits, ground.now).is_err() {
            return Ok(tried);
        }
        match (&tried.typed, factor) {
            (Typed::Totp(_), domain::factor::SecondFactor::Active(factors)) => {
                tried.secrets = self.opened(&acting.workspace, &acting.account, factors);
            }
            (Typed::Code(code), factor) => {
                if let Some(recipe) = factor.recipe(code.kind()) {
                    tried.hashed = Some(self.hash(recipe, code.canonical()).await?);
                }
            }
            _ => {}
        }
        Ok(tried)
    }

    /// The secrets of somebody's authenticators. One that is broken matches nothing.
    pub(crate) fn opened(&self, workspace: &Workspace, account: &Account, factors: &Factors) -> Vec<(AuthenticatorId, OathSecret)> {
        let mut secrets = Vec::new();
        for authenticator in &factors.authenticators {
            let place = Place::Authenticator { workspace: workspace.id, account: account.id, authenticator: authenticator.id };
            match self.key.open(&authenticator.sealed, place, authenticator.parameters) {
                Ok(secret) => secrets.push((authenticator.id, secret)),
                Err(broken) => tracing::error!(authenticator = %authenticator.id, "{broken}"),
            }
        }
        secrets
    }

    pub(crate) async fn give_code(&self, token: Option<&SessionToken>, request: GiveCode) -> Result<Step, Refusal> {
        let next = settle!(self, ground => self.give_code_once(&mut ground, token, &request))?;
        Ok(Step { next: views::next(next) })
    }

    async fn give_code_once(
        &self,
        ground: &mut Ground<'_, S>,
        token: Option<&SessionToken>,
        request: &GiveCode,
    ) -> Result<Decision<Next>, Refusal> {
        let acting = ground.acting(token).await?;
        if acting.session.stage != Stage::SecondFactor {
            return Err(RefusalCode::SessionStage.into());
        }
        let mut tried = self.try_code(ground, &acting, &request.code).await?;
        if let Typed::Code(code) = &tried.typed {
            tried.out_of_reach = match &acting.account.second_factor {
                // The one that the account was reset by is a recovery code like any other.
                domain::factor::SecondFactor::Reset(recovery) if recovery.is(code) => None,
                _ => self.try_offline(ground, &acting, code).await?,
            };
        }
        Ok(lockout::told(sign_in::with_code(&acting.policy, acting.account, acting.session, &tried, ground.now)))
    }

    pub(crate) async fn accept_invitation(&self, request: AcceptInvitation) -> Result<Opened<Step>, Refusal> {
        let (token, session) = self.new_session();
        let next = settle!(self, ground => self.accept_invitation_once(&mut ground, &request, session))?;
        Ok((Step { next: views::next(next) }, Some(token)))
    }

    async fn accept_invitation_once(
        &self,
        ground: &mut Ground<'_, S>,
        request: &AcceptInvitation,
        session: SessionId,
    ) -> Result<Decision<Next>, Refusal> {
        let code = match code::read(request.code.expose_secret()).map_err(refusals::form)? {
            Typed::Code(code) if code.kind() == code::Kind::Invitation => code,
            _ => return Err(RefusalCode::CodeKind.into()),
        };
        let email = Email::read(&request.email).map_err(refusals::domain)?;
        let new = NewPassword::read(&request.password).map_err(refusals::domain)?;
        let (workspace, account) = ground.door(&email.folded()).await?;
        let policy = ground.policy_at_the_door(&workspace, account.as_ref()).await?;
        let invitation = account.as_ref().and_then(|account| account.invitation.as_ref());
        if let Some(Err(closed)) = invitation.map(|invitation| invitation.failures.open(&policy.limits, ground.now)) {
            return Ok(Decision::refuse(closed));
        }
        let recipe = invitation.map_or(self.decoy, |invitation| *invitation.hash.recipe());
        let code = self.hash(recipe, code.canonical()).await?;
        let password = self.hash_password(&new).await?;
        Ok(domain::invitation::accept(&policy, account, Acceptance { code, password, session }, ground.now))
    }

    pub(crate) async fn redeem_password_code(&self, request: RedeemPasswordCode) -> Result<Opened<Step>, Refusal> {
        let (token, session) = self.new_session();
        let next = settle!(self, ground => self.redeem_password_code_once(&mut ground, &request, session))?;
        Ok((Step { next: views::next(next) }, Some(token)))
    }

    /// Counts first, then hashes; both hashes are made whether the address is known or not.
    async fn redeem_password_code_once(
        &self,
        ground: &mut Ground<'_, S>,
        request: &RedeemPasswordCode,
        session: SessionId,
    ) -> Result<Decision<Next>, Refusal> {
        let code = match code::read(request.code.expose_secret()).map_err(refusals::form)? {
            Typed::Code(code) if code.kind() == code::Kind::Password => code,
            _ => return Err(RefusalCode::CodeKind.into()),
        };
        let email = Email::read(&request.email).map_err(refusals::domain)?.folded();
        let new = NewPassword::read(&request.password).map_err(refusals::domain)?;
        let (workspace, account) = ground.door(&email).await?;
        let policy = ground.policy_at_the_door(&workspace, account.as_ref()).await?;
        let (key, password_key) = (self.throttle_key_of(Counted::PasswordCode, &email), self.throttle_key(&email));
        let failures = ground.throttle(key).await?;
        if let Err(refusal) = password_code::open(&policy, &failures, ground.now) {
            return Ok(Decision::refuse(refusal));
        }
        ground.throttle(password_key).await?;
        let asked_key = self.throttle_key_of(Counted::Asked, &email);
        ground.throttle(asked_key).await?;
        let recipe = account.as_ref().and_then(|account| account.password_code.as_ref()).map_or(self.decoy, |issued| *issued.hash.recipe());
        let code = self.hash(recipe, code.canonical()).await?;
        let password = self.hash_password(&new).await?;
        let redeemed = Redeemed { code, password, session, key, failures, password_key, asked_key };
        Ok(password_code::redeem(&policy, account, redeemed, ground.now))
    }

    pub(crate) async fn hash_password(&self, new: &NewPassword) -> Result<domain::account::Password, Refusal> {
        let hash = self.hash(Recipe::random(Cost::ONLINE, &mut self.entropy()), new.text()).await?;
        Ok(domain::account::Password { hash, stands_alone: new.stands_alone() })
    }

    pub(crate) async fn unlock(&self, token: Option<&SessionToken>, request: Unlock) -> Result<Done, Refusal> {
        settle!(self, ground => self.unlock_once(&mut ground, token, &request))?;
        Ok(Done {})
    }

    async fn unlock_once(
        &self,
        ground: &mut Ground<'_, S>,
        token: Option<&SessionToken>,
        request: &Unlock,
    ) -> Result<Decision<()>, Refusal> {
        let acting = ground.acting(token).await?;
        let proof = self.prove(ground, &acting, &request.proof).await?;
        Ok(sign_in::unlock(&acting.policy, acting.account, acting.session, &proof, ground.now))
    }

    /// Locks. A session that has reached its absolute end is over instead.
    pub(crate) async fn lock(&self, token: Option<&SessionToken>) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_even_idle(token).await?;
            let over = matches!(acting.session.alive(acting.policy(), ground.now), Err(domain::Refusal::SessionEnded));
            Ok(if over {
                Decision::accept(()).change(Change::EndSession(acting.session.id))
            } else {
                sign_in::lock(&acting.account, acting.session)
            })
        })?;
        Ok(Done {})
    }

    pub(crate) async fn sign_out(&self, token: Option<&SessionToken>) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_even_idle(token).await?;
            Ok(sign_in::sign_out(&acting.account, &acting.session))
        })?;
        Ok(Done {})
    }

    /// A sign of life. Written down at most every 15 seconds.
    pub(crate) async fn touch(&self, token: Option<&SessionToken>) -> Result<Done, Refusal> {
        const GRAIN: i64 = 15;
        settle!(self, ground => async {
            let mut acting = ground.acting(token).await?;
            let quiet = acting.session.stage == Stage::Locked || ground.now.since(acting.session.seen_at) < GRAIN;
            if quiet {
                return Ok(Decision::accept(()));
            }
            acting.session.seen_at = ground.now;
            Ok(Decision::accept(()).change(Change::Session(acting.session)))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn who_am_i(&self, token: Option<&SessionToken>) -> Result<Me, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting(token).await?;
        Ok(views::me(&acting, ground.is_own_device_of(acting.account.id), ground.now))
    }
}
