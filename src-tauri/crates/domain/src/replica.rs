//! Records as a desktop's replica keeps them: everything that lists and pages say of somebody, and nothing that opens anything.
//!
//! No hash, no salt, no sealed secret, no hash of a code or of a session, no key. What is in their place is blank, so that the
//! record is read by the same code, and nothing ever matches it.

use crate::{
    account::{Account, Invitation, Password},
    case::{Case, CaseState},
    evidence::JournalKey,
    factor::PendingEnrolment,
    kit::{OwnerVerifier, record::HeldKit},
    password_code::PasswordCode,
    secret_hash::Hashed,
    words::Name,
    workspace::{Community, Workspace},
};

impl Account {
    /// Without what opens it.
    #[must_use]
    pub fn for_replica(&self) -> Self {
        Self {
            password: self.password.as_ref().map(|password| Password { hash: Hashed::blank(), ..password.clone() }),
            invitation: self.invitation.as_ref().map(|invitation| Invitation { hash: Hashed::blank(), ..invitation.clone() }),
            second_factor: self.second_factor.redacted(),
            pending: self.pending.as_ref().map(PendingEnrolment::redacted),
            password_code: self.password_code.as_ref().map(|code| PasswordCode { hash: Hashed::blank(), ..code.clone() }),
            ..self.clone()
        }
    }
}

impl Workspace {
    /// Without its keys, the programs that may ask it, and how it sends mail.
    #[must_use]
    pub fn for_replica(&self) -> Self {
        let mut workspace = self.clone();
        for kit in [&mut workspace.kits.held, &mut workspace.kits.next].into_iter().flatten() {
            *kit = HeldKit { verifier: OwnerVerifier::from_bytes([0; 32]), ..kit.clone() };
        }
        workspace.journal_keys = workspace.journal_keys.into_iter().map(|key| JournalKey { sealed: None, ..key }).collect();
        Self { mail: None, naming_key: None, clients: Vec::new(), ..workspace }
    }
}

impl Community {
    /// Of one that the reader does not reach only what it asks of its people stays: it holds for people of theirs who are there too.
    ///
    /// # Panics
    /// Never: the name stands here.
    #[must_use]
    pub fn for_replica(&self, reached: bool) -> Self {
        if reached { self.clone() } else { Self { name: Name::read("—").expect("a name"), ..self.clone() } }
    }
}

impl Case {
    /// Without the code that its second person was shown.
    #[must_use]
    pub fn for_replica(&self) -> Self {
        let mut case = self.clone();
        if let CaseState::Approved { password, .. } = &mut case.state {
            *password = None;
        }
        case
    }
}

#[cfg(test)]
mod tests;
