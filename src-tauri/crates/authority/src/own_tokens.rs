//! One's own tokens: proving the first code, and bringing one back into step.

use domain::{
    Decision, Refusal as DomainRefusal,
    account::Account,
    code::{self, Code, Typed},
    enrolment::Enrolled as EnrolledFactor,
    factor::SecondFactor,
    gate::{self, Act},
    id::{AccountId, AuthenticatorId, TokenId},
    oath::OathSecret,
    session::Stage,
    token::proving::{self, Proving},
};
use secrecy::{ExposeSecret, SecretString};
use wire::{
    Refusal, RefusalCode, SessionToken,
    account::Enrolled,
    sign_in::Done,
    tokens::{OwnToken, OwnTokens, ProveToken, ReadOwnTokens, ResyncToken},
};

use crate::{
    ground::{Acting, Ground},
    local::{Authority, settle},
    own_account::shown,
    refusals,
    seal::Place,
    store::{Store, TokenQuery},
    tokens::{kind, origin},
};

/// More than anybody has waiting.
const OWN: u32 = 200;

/// The digits of a code; spaces and dashes are forgiven.
fn digits(text: &SecretString) -> Result<SecretString, Refusal> {
    match code::read(text.expose_secret()).map_err(refusals::form)? {
        Typed::Totp(digits) => Ok(digits),
        Typed::Code(_) => Err(RefusalCode::CodeKind.into()),
    }
}

/// Who is through both doors, or on the way in by setting up a second factor.
async fn enrolling<S: Store>(ground: &mut Ground<'_, S>, session: Option<&SessionToken>) -> Result<Acting, Refusal> {
    let acting = ground.acting(session).await?;
    match acting.session.stage {
        Stage::Full | Stage::Enrol { .. } => Ok(acting),
        Stage::SecondFactor | Stage::Locked => Err(refusals::domain(DomainRefusal::SessionStage)),
    }
}

impl<S: Store> Authority<S> {
    pub(crate) async fn read_own_tokens(&self, session: Option<&SessionToken>, _: ReadOwnTokens) -> Result<OwnTokens, Refusal> {
        let mut ground = self.ground();
        let acting = enrolling(&mut ground, session).await?;
        let query = TokenQuery { holder: Some(acting.account.id), state: Some("assigned"), ..TokenQuery::all(OWN) };
        let mut tokens = ground.tokens(&query).await?;
        tokens.sort_by_key(|token| (token.since, token.id));
        let own = tokens.iter().map(|token| OwnToken {
            id: token.id.0,
            origin: origin(token.origin),
            name: token.called().unwrap_or_default(),
            kind: kind(token.parameters.moving),
            digits: token.parameters.digits.count(),
        });
        Ok(OwnTokens { tokens: own.collect() })
    }

    pub(crate) async fn prove_token(&self, session: Option<&SessionToken>, request: ProveToken) -> Result<Enrolled, Refusal> {
        let given = digits(&request.code)?;
        let following = request.following.as_ref().filter(|text| !text.expose_secret().trim().is_empty()).map(digits).transpose()?;
        let codes = Code::backup_set(&mut self.entropy());
        let enrolled =
            settle!(self, ground => self.prove_token_once(&mut ground, session, &request, (&given, following.as_ref()), &codes))?;
        Ok(Enrolled { codes: if enrolled.backup_codes { shown(&codes) } else { Vec::new() } })
    }

    async fn prove_token_once(
        &self,
        ground: &mut Ground<'_, S>,
        session: Option<&SessionToken>,
        request: &ProveToken,
        (code, following): (&SecretString, Option<&SecretString>),
        codes: &[Code],
    ) -> Result<Decision<EnrolledFactor>, Refusal> {
        let acting = enrolling(ground, session).await?;
        let token = ground.token(TokenId(request.token)).await?.ok_or(RefusalCode::TokenGone)?;
        proving::waits_for(&token, &acting.account).map_err(refusals::domain)?;
        let workspace = acting.workspace.id;
        let secret =
            token.sealed.as_ref().map(|sealed| self.key.open(sealed, Place::Token { workspace, token: token.id }, token.parameters));
        let Some(Ok(secret)) = secret else {
            tracing::error!(token = %token.id, "a sealed token does not open");
            return Err(RefusalCode::Unexpected.into());
        };
        let id = AuthenticatorId::random(&mut self.entropy());
        let place = Place::Authenticator { workspace, account: acting.account.id, authenticator: id };
        let sealed = self.key.seal(&secret, place, &mut self.entropy());
        let proof = match (&request.proof, acting.session.stage) {
            (Some(proof), Stage::Full) => Some(self.prove(ground, &acting, proof).await?),
            _ => None,
        };
        let decide = |backup| {
            let proving = Proving { token: token.clone(), secret: &secret, sealed: (id, sealed.clone()), code, following };
            let (account, session) = (acting.account.clone(), acting.session.clone());
            proving::prove(&acting.policy, account, session, proving, proof.as_ref(), backup, ground.now)
        };
        // Ten slow hashes are not spent on a wrong code, nor on an account that keeps its set.
        let tried = decide(self.hash_set(&[]).await?);
        let first = !matches!(acting.account.second_factor, SecondFactor::Active(_));
        if tried.verdict.is_err() || !first || !acting.policy.backup_codes {
            return Ok(tried);
        }
        Ok(decide(self.hash_set(codes).await?))
    }

    pub(crate) async fn resync_token(&self, session: Option<&SessionToken>, request: ResyncToken) -> Result<Done, Refusal> {
        let (first, second) = (digits(&request.first)?, digits(&request.second)?);
        let id = AuthenticatorId(request.authenticator);
        settle!(self, ground => async {
            let acting = ground.acting_fully(session).await?;
            let whose = request.account.map_or(acting.account.id, AccountId);
            let own = whose == acting.account.id;
            let target = if own { acting.account.clone() } else { ground.target(whose).await? };
            if !own {
                gate::may(&acting.account.standing(), Act::ResyncToken(target.standing())).map_err(|denied| refusals::domain(denied.into()))?;
            }
            let secret = self.secret_of(&acting, &target, id)?;
            let policy = ground.policy_of(&acting.workspace, &target).await?;
            Ok(proving::resync(&policy, &acting.account, &acting.session, target, (id, &secret), [&first, &second], ground.now))
        })?;
        Ok(Done {})
    }

    /// The secret of one of somebody's authenticators, out of its seal.
    fn secret_of(&self, acting: &Acting, target: &Account, id: AuthenticatorId) -> Result<OathSecret, Refusal> {
        let SecondFactor::Active(factors) = &target.second_factor else { return Err(RefusalCode::NoFactor.into()) };
        let authenticator = factors.authenticators.iter().find(|each| each.id == id).ok_or(RefusalCode::AuthenticatorGone)?;
        let place = Place::Authenticator { workspace: acting.workspace.id, account: target.id, authenticator: id };
        self.key.open(&authenticator.sealed, place, authenticator.parameters).map_err(|broken| {
            tracing::error!(authenticator = %id, "{broken}");
            RefusalCode::Unexpected.into()
        })
    }
}
