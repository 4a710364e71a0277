//! Mail: how it is sent. Writing to the outbox, delivering from it, and handling it are in the modules beneath.

use domain::{
    mail::{self, MailSettings, Security, Server, Typed, password_for},
    policy::DAY,
    words::{Email, Name},
};
use secrecy::ExposeSecret;
use wire::{
    Refusal, SessionToken,
    mail::{MailSecurity, MailServerView, MailTest, MailTestBegun, MailView, ReadMail, RemoveMail, SendTestMail, SetMail},
    sign_in::Done,
};

use crate::{
    local::{Authority, settle},
    refusals,
    store::{OutboxQuery, Store},
};

mod delivering;
mod handling;
pub(crate) mod reports;
mod words;
mod writing;

pub(crate) use delivering::Post;

impl<S: Store> Authority<S> {
    pub(crate) async fn read_mail(&self, token: Option<&SessionToken>, request: ReadMail) -> Result<MailView, Refusal> {
        let ReadMail {} = request;
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        if let Err(refusal) = mail::may_keep(&acting.account) {
            return Err(self.turned_away(ground, refusal).await);
        }
        let query = OutboxQuery { communities: None, state: None, person: Some(acting.account.id), tests: true, after: None, limit: 1 };
        let last = self.store.outbox(&query).await.map_err(refusals::store)?.pop().map(|found| found.record);
        let test = last.filter(|last| ground.now.since(last.at) < DAY).map(|last| MailTest {
            at: last.at.0,
            address: last.address.as_str().into(),
            state: words::state(last.state),
            failure: last.failure.map(words::failure),
        });
        let counts = self.store.count_mail(None).await.map_err(refusals::store)?;
        Ok(MailView {
            server: acting.workspace.mail.as_ref().map(|mail| view(mail, &acting.workspace.name)),
            own_address: acting.account.email.as_str().into(),
            test,
            counts: counts.iter().filter_map(words::count).collect(),
        })
    }

    pub(crate) async fn set_mail(&self, token: Option<&SessionToken>, request: SetMail) -> Result<Done, Refusal> {
        let security = match request.security {
            MailSecurity::Starttls => Security::Starttls,
            MailSecurity::Tls => Security::Tls,
        };
        let user = request.user.as_deref().unwrap_or_default();
        let server = Server::read(&request.host, request.port, security, user).map_err(refusals::domain)?;
        let sender = Email::read(&request.sender).map_err(refusals::domain)?;
        let sender_name = match request.sender_name.trim() {
            "" => None,
            name => Some(Name::read(name).map_err(refusals::domain)?),
        };
        let contact = match request.contact.as_deref().unwrap_or_default().trim() {
            "" => None,
            contact => Some(Email::read(contact).map_err(refusals::domain)?),
        };
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            mail::may_keep(&acting.account).map_err(refusals::domain)?;
            let typed = match request.password.as_ref().filter(|password| !password.expose_secret().is_empty()) {
                Some(password) => {
                    Typed::Password(self.key.seal_mail_password(password, acting.workspace.id, &server, &mut self.entropy()))
                }
                None => Typed::Nothing,
            };
            let password = password_for(acting.workspace.mail.as_ref(), &server, typed).map_err(refusals::domain)?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let settings = MailSettings {
                server: server.clone(),
                password,
                sender: sender.clone(),
                sender_name: sender_name.clone(),
                contact: contact.clone(),
                on: request.on,
                set_at: ground.now,
            };
            Ok(mail::set(&acting.policy, acting.account, acting.session, acting.workspace, settings, &proof, ground.now))
        })?;
        self.post.wake();
        Ok(Done {})
    }

    pub(crate) async fn remove_mail(&self, token: Option<&SessionToken>, request: RemoveMail) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            mail::may_keep(&acting.account).map_err(refusals::domain)?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            Ok(mail::remove(&acting.policy, acting.account, acting.session, acting.workspace, &proof, ground.now))
        })?;
        self.post.wake();
        Ok(Done {})
    }

    pub(crate) async fn send_test_mail(&self, token: Option<&SessionToken>, request: SendTestMail) -> Result<MailTestBegun, Refusal> {
        let SendTestMail {} = request;
        let address = settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            Ok::<_, Refusal>(mail::test(&acting.account, &acting.workspace))
        })?;
        Ok(MailTestBegun { address: address.as_str().into() })
    }
}

fn view(mail: &MailSettings, workspace: &Name) -> MailServerView {
    MailServerView {
        host: mail.server.host.clone(),
        port: mail.server.port,
        security: words::security(mail.server.security),
        user: mail.server.user.clone(),
        has_password: mail.password.is_some(),
        sender: mail.sender.as_str().into(),
        sender_name: mail.sender_name.as_ref().unwrap_or(workspace).as_str().into(),
        contact: mail.contact.as_ref().map(|contact| contact.as_str().into()),
        on: mail.on,
        set_at: mail.set_at.0,
    }
}
