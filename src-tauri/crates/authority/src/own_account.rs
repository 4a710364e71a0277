//! Profile and security: enrolment, backup codes, disabling, the password.

use domain::{
    Decision, authenticators,
    code::{self, Code, Typed},
    enrolment::{self, Enrolled as EnrolledFactor},
    factor::{PendingEnrolment, Saved, SecondFactor},
    id::AuthenticatorId,
    oath::{OathSecret, Parameters},
    policy::ENROLMENT_VALIDITY,
    profile,
    secret_hash::{Cost, HashedSet, Recipe},
    session::Stage,
    sign_in::Proof as Proven,
    words::{Name, NewPassword},
};
use secrecy::{ExposeSecret, SecretString};
use wire::{
    Refusal, RefusalCode, SessionToken, ShownOnce,
    account::{
        BackupCodes, BeginEnrolment, ChangePassword, DisableSecondFactor, Enrolled, EnrolmentOffer, NoteCodesSaved, PreferAuthenticator,
        Profile, RemoveAuthenticator, RenameAuthenticator, RenewBackupCodes, SavedAs, VerifyEnrolment,
    },
    proof::Proof,
    sign_in::Done,
};

use crate::{
    ground::{Acting, Ground},
    local::{Authority, settle},
    refusals,
    seal::Place,
    store::Store,
    views,
};

/// How something shown once was kept.
pub(crate) fn saved(how: SavedAs) -> Saved {
    match how {
        SavedAs::Copied => Saved::Copied,
        SavedAs::TextFile => Saved::TextFile,
        SavedAs::EncryptedFile => Saved::EncryptedFile,
        SavedAs::PdfFile => Saved::PdfFile,
        SavedAs::Printed => Saved::Printed,
    }
}

impl<S: Store> Authority<S> {
    pub(crate) async fn read_profile(&self, token: Option<&SessionToken>) -> Result<Profile, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let communities = ground.communities().await?;
        let kit_used = self.kit_used(&mut ground, &acting).await?;
        Ok(Profile { kit_used, ..views::profile(&acting, &communities, ground.now) })
    }

    pub(crate) async fn prove(&self, ground: &mut Ground<'_, S>, acting: &Acting, proof: &Proof) -> Result<Proven, Refusal> {
        let code = match proof.code.as_ref().filter(|code| !code.expose_secret().trim().is_empty()) {
            Some(code) => Some(self.try_code(ground, acting, code).await?),
            None => None,
        };
        Ok(Proven { password: self.try_own_password(ground, acting, &proof.password).await?, code })
    }

    pub(crate) async fn begin_enrolment(&self, token: Option<&SessionToken>, request: BeginEnrolment) -> Result<EnrolmentOffer, Refusal> {
        let secret = OathSecret::random(&mut self.entropy());
        settle!(self, ground => self.begin_enrolment_once(&mut ground, token, &request, &secret))?;
        let mut ground = self.ground();
        let acting = ground.acting(token).await?;
        Ok(EnrolmentOffer {
            secret: secret.base32().into(),
            uri: secret.key_uri(acting.workspace.name.as_str(), acting.account.email.as_str()).into(),
            expires_at: ground.now.plus(ENROLMENT_VALIDITY).0,
        })
    }

    async fn begin_enrolment_once(
        &self,
        ground: &mut Ground<'_, S>,
        token: Option<&SessionToken>,
        request: &BeginEnrolment,
        secret: &OathSecret,
    ) -> Result<Decision<()>, Refusal> {
        let acting = ground.acting(token).await?;
        let name = Name::read(&request.name).map_err(refusals::domain)?;
        let id = AuthenticatorId::random(&mut self.entropy());
        let place = Place::Authenticator { workspace: acting.workspace.id, account: acting.account.id, authenticator: id };
        let sealed = self.key.seal(secret, place, &mut self.entropy());
        let pending = PendingEnrolment { id, name, sealed, begun_at: ground.now, session: acting.session.id, wrong: 0 };
        let proof = match (&request.proof, acting.session.stage) {
            (Some(proof), Stage::Full) => Some(self.prove(ground, &acting, proof).await?),
            _ => None,
        };
        Ok(enrolment::begin(&acting.policy, acting.account, acting.session, proof.as_ref(), pending, ground.now))
    }

    pub(crate) async fn verify_enrolment(&self, token: Option<&SessionToken>, request: VerifyEnrolment) -> Result<Enrolled, Refusal> {
        let digits = match code::read(request.code.expose_secret()).map_err(refusals::form)? {
            Typed::Totp(digits) if digits.expose_secret().len() == usize::from(Parameters::default().digits.count()) => digits,
            Typed::Totp(digits) => return Err(refusals::domain(domain::Refusal::CodeDigits(digits.expose_secret().len()))),
            Typed::Code(_) => return Err(RefusalCode::CodeKind.into()),
        };
        let codes = Code::backup_set(&mut self.entropy());
        let enrolled = settle!(self, ground => self.verify_enrolment_once(&mut ground, token, &digits, &codes))?;
        let codes = if enrolled.backup_codes { shown(&codes) } else { Vec::new() };
        Ok(Enrolled { codes })
    }

    async fn verify_enrolment_once(
        &self,
        ground: &mut Ground<'_, S>,
        token: Option<&SessionToken>,
        digits: &SecretString,
        codes: &[Code],
    ) -> Result<Decision<EnrolledFactor>, Refusal> {
        let acting = ground.acting(token).await?;
        let pending = enrolment::pending(&acting.account, &acting.session, ground.now).map_err(refusals::domain)?;
        let place = Place::Authenticator { workspace: acting.workspace.id, account: acting.account.id, authenticator: pending.id };
        let secret = self.key.open(&pending.sealed, place, Parameters::default()).map_err(|broken| {
            tracing::error!("{broken}");
            RefusalCode::Unexpected
        })?;
        // Ten slow hashes are not spent on a wrong code, nor on an account that keeps its set.
        let right = !secret.matching_steps(digits, ground.now, i64::from(acting.policy().totp_window)).is_empty();
        let needs_set = right && acting.policy.backup_codes && !matches!(acting.account.second_factor, SecondFactor::Active(_));
        let set = self.hash_set(if needs_set { codes } else { &[] }).await?;
        Ok(enrolment::verify(&acting.policy, acting.account, acting.session, &secret, digits, set, ground.now))
    }

    pub(crate) async fn renew_backup_codes(&self, token: Option<&SessionToken>, request: RenewBackupCodes) -> Result<BackupCodes, Refusal> {
        let codes = Code::backup_set(&mut self.entropy());
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let set = self.hash_set(if proof.password.matched { &codes } else { &[] }).await?;
            Ok(profile::renew_backup_codes(&acting.policy, acting.account, acting.session, &proof, set, ground.now))
        })?;
        Ok(BackupCodes { codes: shown(&codes) })
    }

    pub(crate) async fn hash_set(&self, codes: &[Code]) -> Result<HashedSet, Refusal> {
        let recipe = Recipe::random(Cost::ONLINE, &mut self.entropy());
        let secrets: Vec<SecretString> = codes.iter().map(|code| code.canonical().clone()).collect();
        self.hashing.run(move || HashedSet::new(recipe, &secrets)).await
    }

    pub(crate) async fn note_codes_saved(&self, token: Option<&SessionToken>, request: NoteCodesSaved) -> Result<Done, Refusal> {
        let how = saved(request.how);
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            Ok(profile::note_saved(acting.account, &acting.session, how, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn rename_authenticator(&self, token: Option<&SessionToken>, request: RenameAuthenticator) -> Result<Done, Refusal> {
        let name = Name::read(&request.name).map_err(refusals::domain)?;
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            Ok(authenticators::rename(acting.account, &acting.session, AuthenticatorId(request.id), name.clone()))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn prefer_authenticator(&self, token: Option<&SessionToken>, request: PreferAuthenticator) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            Ok(authenticators::prefer(acting.account, &acting.session, AuthenticatorId(request.id)))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn remove_authenticator(&self, token: Option<&SessionToken>, request: RemoveAuthenticator) -> Result<Done, Refusal> {
        let RemoveAuthenticator { id, elsewhere, .. } = request;
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let Acting { policy, account, session, .. } = acting;
            Ok(authenticators::remove(&policy, account, session, &proof, AuthenticatorId(id), elsewhere, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn disable_second_factor(&self, token: Option<&SessionToken>, request: DisableSecondFactor) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            Ok(profile::disable(&acting.policy, acting.account, acting.session, &proof, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn change_password(&self, token: Option<&SessionToken>, request: ChangePassword) -> Result<Done, Refusal> {
        let new = NewPassword::read(&request.password).map_err(refusals::domain)?;
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let unchanged = domain::words::normalise_password(&request.proof.password).expose_secret() == new.text().expose_secret();
            let password = self.hash_password(&new).await?;
            Ok(profile::change_password(&acting.policy, acting.account, acting.session, &proof, password, unchanged, ground.now))
        })?;
        Ok(Done {})
    }
}

pub(crate) fn shown(codes: &[Code]) -> Vec<ShownOnce> {
    codes.iter().map(|code| code.grouped().into()).collect()
}
