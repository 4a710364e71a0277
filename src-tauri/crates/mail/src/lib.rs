//! The outbox, delivered over SMTP (RFC 5321).
//!
//! A crate of its own, because two programs deliver the same outbox: the desktop one for a workspace on this computer,
//! and the server. It knows the outbox as [`wire::delivery`] says it, the words as `documents` has them, and nothing of
//! accounts or rules.
//!
//! What holds here, whatever the server does: nothing but the opening words of STARTTLS is ever said without TLS; a
//! certificate is believed when the system trusts it for the name that was typed; every wait and everything that is read
//! has a bound; and a message whose end has left is never said to be unsent.

mod address;
mod compose;
mod connect;
mod converse;
mod drive;
mod link;
mod reply;
mod send;

pub use compose::{Composed, compose};
pub use connect::Trust;
pub use drive::{Now, Post, Stop};
pub use send::{Patience, send};
