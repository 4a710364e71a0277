//! The rules: who may do what, and what follows.
//!
//! Every function here is pure. It is given the facts (with the state that was read), the moment and a source of
//! entropy, and returns a [`Decision`]: the new state, what the journal says of it, and the notices it owes.
//! A refusal is part of a decision too, because counting a failure is a change that must be committed before
//! anyone hears the verdict.

pub mod account;
pub mod address;
pub mod alphabet;
pub mod authenticators;
pub mod backup;
pub mod case;
pub mod check;
pub mod client;
pub mod code;
pub mod community;
pub mod console;
pub mod decision;
pub mod device;
pub mod effect;
pub mod enrolment;
pub mod epoch;
pub mod erasure;
pub mod event;
pub mod evidence;
pub mod export;
pub mod factor;
pub mod gate;
pub mod id;
pub mod import;
pub mod invitation;
pub mod keeping;
pub mod kit;
pub mod lockout;
pub mod mail;
pub mod moving;
pub mod oath;
pub mod offline;
pub mod operation;
pub mod password_code;
pub mod policy;
pub mod preflight;
pub mod profile;
pub mod readiness;
pub mod recovery;
pub mod refusal;
pub mod replica;
pub mod report;
pub mod request;
pub mod roles;
pub mod secret_hash;
pub mod session;
pub mod sign_in;
pub mod support;
pub mod suspension;
pub mod throttle;
pub mod time;
pub mod token;
pub mod words;
pub mod workspace;

pub use decision::{Change, Decision, Verdict};
pub use event::{Event, EventGroup, EventKind, Notice, NoticeKind};
pub use refusal::Refusal;

/// Where random bytes come from. The rules never reach for the system's own.
pub trait Entropy {
    /// Fills the whole buffer with bytes fit for keys.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Draws a fixed number of random bytes.
pub fn draw<const N: usize>(entropy: &mut dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

#[cfg(test)]
pub(crate) mod testing;
