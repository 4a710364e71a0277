//! Addresses and names: changed by staff and by their own, and the code that is mailed to whoever forgot a password.

use domain::{
    Decision, Refusal as DomainRefusal,
    account::Account,
    address::{self, NewEmail, may_change, may_set_second},
    code::Kind,
    id::AccountId,
    password_code::{
        PASSWORD_CODE_VALIDITY,
        mailed::{self, Asked},
    },
    policy::INVITATION_VALIDITY,
    words::{Email, Name},
};
use wire::{
    Refusal, SessionToken,
    address::{
        AskPasswordCode, ChangeEmail, ChangeOwnEmail, CorrectName, EmailChanged, Forgotten, ReadForgotten, SetOwnSecondEmail,
        SetSecondEmail,
    },
    outbox::Settled,
    sign_in::Done,
};

use crate::{
    ground::Ground,
    local::{Authority, Counted, settle},
    refusals,
    store::Store,
};

/// A second address, as typed; an empty one removes it.
fn second(text: &str) -> Result<Option<Email>, Refusal> {
    if text.trim().is_empty() { Ok(None) } else { Email::read(text).map(Some).map_err(refusals::domain) }
}

impl<S: Store> Authority<S> {
    /// An address that somebody is to have, and whether anybody else signs in with it.
    pub(crate) async fn new_email(&self, ground: &mut Ground<'_, S>, target: AccountId, email: &Email) -> Result<NewEmail, Refusal> {
        let holder = ground.account_by_email(&email.folded()).await?;
        Ok(NewEmail { email: email.clone(), taken: holder.is_some_and(|holder| holder.id != target) })
    }

    pub(crate) async fn change_email(&self, token: Option<&SessionToken>, request: ChangeEmail) -> Result<EmailChanged, Refusal> {
        let email = Email::read(&request.email).map_err(refusals::domain)?;
        let (code, hash) = self.issue(Kind::Invitation).await?;
        let id = AccountId(request.account);
        let invites = settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(id).await?;
            // What is refused anyhow asks for no password, and tells nothing of the address.
            may_change(&acting.account, &target, ground.now).map_err(refusals::domain)?;
            let new = self.new_email(&mut ground, id, &email).await?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let until = ground.now.plus(INVITATION_VALIDITY);
            let decision = address::change(&acting.policy, acting.account, acting.session, (target, new), &proof, hash, ground.now);
            Ok(decision.carrying(&code, until))
        })?;
        let invitation = if invites { Some(self.issued(id, code, INVITATION_VALIDITY).await?) } else { None };
        Ok(EmailChanged { invitation })
    }

    pub(crate) async fn change_own_email(&self, token: Option<&SessionToken>, request: ChangeOwnEmail) -> Result<Done, Refusal> {
        let email = Email::read(&request.email).map_err(refusals::domain)?;
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let new = self.new_email(&mut ground, acting.account.id, &email).await?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            Ok(address::change_own(&acting.policy, acting.account, acting.session, new, &proof, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn set_second_email(&self, token: Option<&SessionToken>, request: SetSecondEmail) -> Result<Done, Refusal> {
        let email = second(&request.email)?;
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(AccountId(request.account)).await?;
            may_set_second(&acting.account, &target).map_err(refusals::domain)?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            Ok(address::set_second(&acting.policy, acting.account, acting.session, (target, email.clone()), &proof, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn set_own_second_email(&self, token: Option<&SessionToken>, request: SetOwnSecondEmail) -> Result<Done, Refusal> {
        let email = second(&request.email)?;
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            Ok(address::set_own_second(&acting.policy, acting.account, acting.session, email.clone(), &proof, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn correct_name(&self, token: Option<&SessionToken>, request: CorrectName) -> Result<Settled, Refusal> {
        let name = Name::read(&request.name).map_err(refusals::domain)?;
        let id = AccountId(request.account);
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = if id == acting.account.id { acting.account.clone() } else { ground.target(id).await? };
            Ok(address::correct_name(&acting.account, &acting.session, target, name.clone(), request.was.as_deref()))
        })?;
        Ok(Settled::default())
    }

    pub(crate) async fn read_forgotten(&self, request: ReadForgotten) -> Result<Forgotten, Refusal> {
        let ReadForgotten {} = request;
        Ok(Forgotten { by_mail: self.ground().workspace().await?.mail_in_force().is_some() })
    }

    /// The code is drawn and hashed whether the address is known or not, and each question is one commit.
    pub(crate) async fn ask_password_code(&self, request: AskPasswordCode) -> Result<Done, Refusal> {
        let folded = Email::read(&request.email).map_err(refusals::domain)?.folded();
        let key = self.throttle_key_of(Counted::Asked, &folded);
        let mut ground = self.ground();
        if ground.workspace().await?.mail_in_force().is_none() {
            return Err(refusals::domain(DomainRefusal::MailNotSetUp));
        }
        // During a wait nothing slow is done.
        mailed::open(&ground.throttle(key).await?, ground.now).map_err(refusals::domain)?;
        let (code, hash) = self.issue(Kind::Password).await?;
        settle!(self, ground => async {
            if ground.workspace().await?.mail_in_force().is_none() {
                return Err(refusals::domain(DomainRefusal::MailNotSetUp));
            }
            let account: Option<Account> = ground.account_by_email(&folded).await?;
            let failures = ground.throttle(key).await?;
            let until = ground.now.plus(PASSWORD_CODE_VALIDITY);
            let decision: Decision<()> = mailed::ask(account, Asked { key, failures, hash }, ground.now);
            Ok(decision.carrying(&code, until))
        })?;
        Ok(Done {})
    }
}
