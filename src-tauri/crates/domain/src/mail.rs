//! How mail is sent: the settings of a workspace. What is sent stands in [`outbox`].

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::Account,
    factor::Sealed,
    gate::{self, Act},
    policy::Policy,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    time::Moment,
    words::{Email, Name},
    workspace::Workspace,
};

pub mod handling;
pub mod outbox;

const HOST_BYTES: usize = 253;
const USER_CHARACTERS: usize = 255;

/// How the connection to a mail server is protected. There is no plain one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// Begins in the clear, and speaks TLS before anything else is said.
    Starttls,
    /// TLS from the first byte.
    Tls,
}

impl Security {
    /// The word for it at rest, and in what seals the password.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starttls => "starttls",
            Self::Tls => "tls",
        }
    }
}

/// A mail server, and who signs in there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Its host name, in lower case, or its address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in; nobody where it is absent.
    pub user: Option<String>,
}

impl Server {
    /// Reads what an owner typed. An empty user is nobody.
    ///
    /// # Errors
    /// [`Refusal::MailHostInvalid`] or [`Refusal::MailUserInvalid`].
    pub fn read(host: &str, port: u16, security: Security, user: &str) -> Result<Self, Refusal> {
        let host = host.trim().trim_end_matches('.').to_lowercase();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&host);
        let good = bare.parse::<IpAddr>().is_ok() || is_host(&host);
        if port == 0 || !good {
            return Err(Refusal::MailHostInvalid);
        }
        let user = user.trim();
        if user.chars().count() > USER_CHARACTERS || user.chars().any(char::is_control) {
            return Err(Refusal::MailUserInvalid);
        }
        Ok(Self { host: bare.to_owned(), port, security, user: (!user.is_empty()).then(|| user.to_owned()) })
    }
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(inner)
    };
    host.len() <= HOST_BYTES && host.split('.').all(is_label)
}

/// How a workspace sends mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailSettings {
    /// By which server.
    pub server: Server,
    /// The password of the user there, sealed for this workspace and this server.
    pub password: Option<Sealed>,
    /// The address that mail comes from.
    pub sender: Email,
    /// The name beside it; the workspace's, where it is absent.
    pub sender_name: Option<Name>,
    /// Where answers and questions go.
    pub contact: Option<Email>,
    /// Whether mail is sent.
    pub on: bool,
    /// When any of it was last changed.
    pub set_at: Moment,
}

impl Workspace {
    /// The settings by which mail is sent now; none where it is not set up, or off.
    #[must_use]
    pub fn mail_in_force(&self) -> Option<&MailSettings> {
        self.mail.as_ref().filter(|mail| mail.on)
    }
}

/// Whether somebody may set mail up at all.
///
/// # Errors
/// What the gate says.
pub fn may_keep(actor: &Account) -> Result<(), Refusal> {
    Ok(gate::may(&actor.standing(), Act::KeepMail)?)
}

/// The password of settings that were typed.
#[derive(Clone, Debug)]
pub enum Typed {
    /// None was typed: the kept one stays, if it was for this server and this user.
    Nothing,
    /// This one, sealed for the server that came with it.
    Password(Sealed),
}

/// Which password goes with a server. What was kept for one server and user is never shown to another: an owner who cannot
/// read it could otherwise have it sent to a server of their own.
///
/// # Errors
/// [`Refusal::MailPasswordNeeded`].
pub fn password_for(before: Option<&MailSettings>, server: &Server, typed: Typed) -> Result<Option<Sealed>, Refusal> {
    if server.user.is_none() {
        return Ok(None);
    }
    match typed {
        Typed::Password(sealed) => Ok(Some(sealed)),
        Typed::Nothing => {
            let kept = before.filter(|before| before.server == *server).and_then(|before| before.password.clone());
            kept.map(Some).ok_or(Refusal::MailPasswordNeeded)
        }
    }
}

/// Sets mail up, or changes how it is sent. The journal says by which server, and nothing of the password.
#[must_use]
pub fn set(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    workspace: Workspace,
    settings: MailSettings,
    proof: &Proof,
    now: Moment,
) -> Decision<()> {
    if let Err(refusal) = may_keep(&actor) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let server = &settings.server;
    let event = Event { subject: None, communities: Vec::new(), ..Event::own(EventKind::MailSet, &actor) }
        .word("host", server.host.as_str())
        .word("port", server.port.to_string())
        .word("security", server.security.as_str())
        .word("user", server.user.as_deref().unwrap_or_default())
        .word("sender", settings.sender.as_str())
        .word("how", if settings.on { "on" } else { "off" });
    let mail = Some(MailSettings { set_at: now, ..settings });
    Decision::accept(()).event(event).change(Change::Workspace(Box::new(Workspace { mail, ..workspace }))).account(actor).after(trail)
}

/// Forgets how mail is sent. Whatever waits becomes a letter when it is looked at next: see [`outbox::Mail::claim`].
#[must_use]
pub fn remove(policy: &Policy, mut actor: Account, mut session: Session, workspace: Workspace, proof: &Proof, now: Moment) -> Decision<()> {
    if let Err(refusal) = may_keep(&actor) {
        return Decision::refuse(refusal);
    }
    let Some(before) = &workspace.mail else { return Decision::accept(()) };
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let event = Event { subject: None, communities: Vec::new(), ..Event::own(EventKind::MailRemoved, &actor) }
        .word("host", before.server.host.as_str());
    let changed = Change::Workspace(Box::new(Workspace { mail: None, ..workspace }));
    Decision::accept(()).event(event).change(changed).account(actor).after(trail)
}

/// Sends the asker a test, to the address they sign in with. Also while mail is off: one tries first.
#[must_use]
pub fn test(actor: &Account, workspace: &Workspace) -> Decision<Email> {
    if let Err(refusal) = may_keep(actor) {
        return Decision::refuse(refusal);
    }
    if workspace.mail.is_none() {
        return Decision::refuse(Refusal::MailNotSetUp);
    }
    let event = Event { communities: Vec::new(), ..Event::own(EventKind::MailTested, actor) }.word("email", actor.email.as_str());
    Decision::accept(actor.email.clone()).event(event).notify(Notice::new(actor.id, NoticeKind::Test))
}

#[cfg(test)]
mod tests;
