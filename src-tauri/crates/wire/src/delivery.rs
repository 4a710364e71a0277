//! What the outbox and whoever sends its mail say to each other.
//!
//! The process that holds the open workspace delivers, whether anybody is signed in or not: there is no session here.
//! Nothing of it goes to a window. A delivery is claimed before it is handed out, in a commit that only one of several
//! deliverers can win; whoever was handed it settles it, once. One that is never settled, because the process died, is
//! uncertain from the next start on, and is not sent again by itself.

use std::{collections::BTreeMap, pin::Pin};

use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    Refusal,
    mail::{MailFailure, MailSecurity, NoticeKind},
    window::Language,
};

/// Something on its way.
pub type Coming<'a, T> = Pin<Box<dyn Future<Output = Result<T, Refusal>> + Send + 'a>>;

/// A sign.
pub type Woken<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The outbox, as the one who delivers sees it. Time is the workspace's own.
pub trait Outbox: Send + Sync {
    /// Once, before the first delivery of a process: whatever an earlier one left half sent is uncertain from now on. A
    /// store that others deliver from too only gives up what was claimed more than `older_than` seconds ago; 0 is for a
    /// store that nobody else can have open. Says how many there were.
    fn give_up_half_sent(&self, older_than: i64) -> Coming<'_, u64>;

    /// Claims the next message that is due, or says when there will be one. Ask again after each that was settled, when
    /// that moment has come, and whenever something was committed.
    fn next_due(&self) -> Coming<'_, Due>;

    /// Comes when something may be due earlier than was said. One sign stands for any number of them; asking again
    /// without one is never wrong.
    fn woken(&self) -> Woken<'_>;

    /// Says how a delivery came out. One that was settled already, or is gone, is left as it is.
    fn settle(&self, id: Uuid, outcome: Outcome) -> Coming<'_, ()>;
}

/// What is to be done now.
#[derive(Debug)]
pub enum Due {
    /// This is to be sent.
    Now(Box<Delivery>),
    /// Nothing before this moment.
    At(i64),
    /// Nothing, as things are.
    Nothing,
}

/// A message that was claimed: all that is needed to compose and to send it. To one address.
#[derive(Debug)]
pub struct Delivery {
    /// Which; for [`Outbox::settle`].
    pub id: Uuid,
    /// The `Message-ID`, with its angle brackets. The same each time that this message is tried or sent again.
    pub message_id: String,
    /// Where it goes.
    pub address: String,
    /// The person's name.
    pub person: String,
    /// The language that mail speaks to them in.
    pub language: Language,
    /// The workspace's name.
    pub workspace: String,
    /// About what.
    pub kind: NoticeKind,
    /// When that happened. Also the `Date` of the message.
    pub at: i64,
    /// The words that its sentence may name; see [`NoticeKind`].
    pub words: BTreeMap<String, String>,
    /// The code that it carries, in groups; only of the kinds that say so.
    pub code: Option<SecretString>,
    /// Until when that code is valid.
    pub code_until: Option<i64>,
    /// What answers "this was not me", in groups, where the notice can be answered so.
    pub report: Option<SecretString>,
    /// Until when it does.
    pub report_until: i64,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// The server to send it by.
    pub server: MailServer,
}

/// A mail server, with what is needed to sign in there.
#[derive(Debug)]
pub struct MailServer {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Who signs in; nobody where it is absent.
    pub user: Option<String>,
    /// With which password.
    pub password: Option<SecretString>,
    /// The address that mail comes from.
    pub sender: String,
    /// The name beside it.
    pub sender_name: String,
    /// Where answers and questions go: `Reply-To`.
    pub contact: Option<String>,
}

/// How a delivery came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it: it answered the end of the message with yes.
    Sent,
    /// The whole message had left, and no answer came: nobody knows.
    Uncertain,
    /// Not sent, for certain.
    Failed {
        /// Why.
        failure: MailFailure,
        /// Whether the server said that it is no use to try again (a reply of 5xx). Believed of the address and of the
        /// message alone: what is wrong with server, user or sender can be mended.
        for_good: bool,
    },
}
