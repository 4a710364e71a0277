//! Settings → Workspace → This workspace: how its vault opens.

use secrecy::SecretString;
use uuid::Uuid;

use crate::proof::Proof;

words! {
    /// What is to be changed about how the vault opens.
    enum VaultChange {
        /// The keyring of this computer may open it.
        AddKeyring,
        /// No keyring may any more.
        RemoveKeyring,
        /// Another passphrase.
        Passphrase,
    }
}

requests! {
    /// Asks the workspace's leave to change how its vault opens.
    struct ChangeVault {
        /// What.
        pub change: VaultChange,
        /// Who asks.
        pub proof: Proof,
    }
    /// Reads how the open vault opens.
    struct ReadVault {}
    /// Lets this computer's keyring open the vault.
    struct AddKeyring {
        /// Who asks.
        pub proof: Proof,
    }
    /// Takes every keyring's leave away; the vault gets a new key.
    struct RemoveKeyring {
        /// Who asks.
        pub proof: Proof,
        /// The vault passphrase, which the new key is wrapped with.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        pub passphrase: SecretString,
    }
    /// Changes the vault passphrase.
    struct ChangePassphrase {
        /// Who asks.
        pub proof: Proof,
        /// The present one.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        pub present: SecretString,
        /// The new one.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        pub passphrase: SecretString,
    }
    /// Opens a workspace by this computer's keyring.
    struct OpenByKeyring {
        /// Which.
        pub id: Uuid,
    }
}

shapes! {
    /// How the open vault opens.
    struct VaultView {
        /// When a keyring was let open it; absent when none is.
        pub keyring_made_at: Option<i64>,
        /// Whether a keyring answers on this computer.
        pub keyring_there: bool,
        /// When the passphrase was last changed; absent when it is the first one.
        pub passphrase_made_at: Option<i64>,
    }
}
