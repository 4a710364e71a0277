//! Changing how the vault opens.

use crate::{
    Decision, Event, EventKind,
    account::Account,
    gate::{self, Act},
    policy::Policy,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    time::Moment,
};

/// What is to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultChange {
    /// The keyring of this computer may open it.
    AddKeyring,
    /// No keyring may any more.
    RemoveKeyring,
    /// Another passphrase.
    Passphrase,
    /// Another passphrase, by the recovery kit instead of the present one.
    PassphraseByKit,
    /// Another key of the database; the recovery kit stays.
    Key,
    /// One older copy of it less.
    RemoveOlderCopy,
}

impl VaultChange {
    /// What the journal says of it.
    #[must_use]
    pub fn event(self) -> EventKind {
        match self {
            Self::AddKeyring => EventKind::KeyringAdded,
            Self::RemoveKeyring => EventKind::KeyringRemoved,
            Self::Passphrase => EventKind::PassphraseChanged,
            Self::PassphraseByKit => EventKind::PassphraseChangedByKit,
            Self::Key => EventKind::KeyChanged,
            Self::RemoveOlderCopy => EventKind::OlderCopyRemoved,
        }
    }
}

/// Lets an owner change how the vault opens. It is written down before it is done: the change itself is outside the
/// store, and one that failed afterwards has been asked for all the same.
#[must_use]
pub fn change_vault(
    policy: &Policy,
    mut owner: Account,
    mut session: Session,
    proof: &Proof,
    change: VaultChange,
    now: Moment,
) -> Decision<()> {
    if let Err(denied) = gate::may(&owner.standing(), Act::KeepVault) {
        return Decision::refuse(denied);
    }
    let trail = match confirm(policy, &mut owner, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    Decision::accept(()).event(Event { subject: None, ..Event::own(change.event(), &owner) }).account(owner).after(trail)
}

/// A keyring that opens the workspace since it was made. Its maker has chosen password and passphrase in the same breath,
/// and is asked for no proof.
#[must_use]
pub fn keyring_at_making(owner: &Account) -> Decision<()> {
    match gate::may(&owner.standing(), Act::KeepVault) {
        Ok(()) => Decision::accept(()).event(Event { subject: None, ..Event::own(VaultChange::AddKeyring.event(), owner) }),
        Err(denied) => Decision::refuse(denied),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Refusal, gate::Role, session::Stage, testing::*};

    fn try_change(account: &Account, proof: &Proof) -> Decision<()> {
        let session = Session { factor_at: Some(NOW), ..session(account, Stage::Full) };
        change_vault(&Policy::default(), account.clone(), session, proof, VaultChange::AddKeyring, NOW)
    }

    #[test]
    fn only_an_owner_with_the_password_changes_how_the_vault_opens() {
        let owner = enrolled(person(1, None)).account;
        assert_eq!(try_change(&owner, &proof(true, None)).verdict, Ok(()));
        assert_eq!(try_change(&owner, &proof(false, None)).verdict, Err(Refusal::WrongPassword));
        for role in [Role::Administrator, Role::Support, Role::Member] {
            assert_eq!(try_change(&person(2, Some(role)), &proof(true, None)).verdict, Err(Refusal::NotAllowed));
        }
    }

    #[test]
    fn a_keyring_at_the_making_is_written_down_under_the_owner_and_nobody_else() {
        let made = keyring_at_making(&person(1, None));
        assert_eq!(made.verdict, Ok(()));
        assert_eq!(made.events.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::KeyringAdded]);
        for role in [Role::Administrator, Role::Support, Role::Member] {
            let refused = keyring_at_making(&person(2, Some(role)));
            assert_eq!((refused.verdict, refused.events.len()), (Err(Refusal::NotAllowed), 0));
        }
    }
}
