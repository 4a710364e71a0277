//! Settings → Workspace → This workspace: how its vault opens.

use secrecy::SecretString;
use uuid::Uuid;

use crate::{account::SavedAs, people::PersonName, proof::Proof};

words! {
    /// Why owners should make a new recovery kit.
    enum KitTrouble {
        /// There is none.
        Missing,
        /// It was never saved or printed.
        NotKept,
        /// It was used.
        Used,
        /// A newer one was saved or printed, and did not come to count.
        Unfinished,
    }
    /// What a long change is doing.
    enum WorkStage {
        /// Copies the database under another key.
        Copying,
        /// Reads the copy and checks it.
        Checking,
        /// Puts a file together, or takes it apart.
        Writing,
    }
    /// What is to be changed about how the vault opens.
    enum VaultChange {
        /// The keyring of this computer may open it.
        AddKeyring,
        /// No keyring may any more.
        RemoveKeyring,
        /// Another passphrase.
        Passphrase,
        /// Another passphrase, by the recovery kit instead of the present one.
        PassphraseByKit,
        /// Another key of the database.
        Key,
        /// One older copy of it less.
        RemoveOlderCopy,
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
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
        /// The code of the recovery kit, which stays. Without it a new kit is made, and the key changes once that was kept.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<crate::secret::Typed>"))]
        pub kit: Option<SecretString>,
    }
    /// Gives the vault a new key.
    struct RotateKey {
        /// Who asks.
        pub proof: Proof,
        /// The vault passphrase, which stays.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
        /// As in [`RemoveKeyring`].
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<crate::secret::Typed>"))]
        pub kit: Option<SecretString>,
    }
    /// Draws a new recovery kit and shows it; the one before dies once it was kept.
    struct RenewKit {
        /// Who asks.
        pub proof: Proof,
        /// The vault passphrase, which stays.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
    }
    /// Asks how far a long change has come.
    struct ReadWork {}
    /// Asks a long change to stop. One that already counts goes on.
    struct StopWork {}
    /// Opens a workspace by its recovery kit.
    struct OpenByKit {
        /// Which.
        pub id: Uuid,
        /// The code on the paper, as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
    }
    /// An owner who has lost password and second factor proves by the recovery kit who they are.
    struct RecoverOwner {
        /// The e-mail address.
        pub email: String,
        /// The code on the paper, as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
        /// The password that they chose.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub password: SecretString,
    }
    /// Says that one knows that the recovery kit was used.
    struct AcknowledgeKit {}
    /// Changes the vault passphrase, by the present one or by the recovery kit.
    struct ChangePassphrase {
        /// Who asks.
        pub proof: Proof,
        /// The present one, if it is known.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<crate::secret::Typed>"))]
        pub present: Option<SecretString>,
        /// The code of the recovery kit, if it is not.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<crate::secret::Typed>"))]
        pub kit: Option<SecretString>,
        /// The new one.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
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
        /// When the recovery kit that opens it was made; absent when there is none.
        pub kit_made_at: Option<i64>,
    }
    /// A use of the recovery kit that somebody has not said yet that they know of.
    struct KitUsed {
        /// When.
        pub at: i64,
        /// Who used it: the owner who enrols again by it, or who approved a case with it; absent when it opened the vault.
        pub owner: Option<PersonName>,
        /// Whether it approved a case.
        pub for_case: bool,
        /// About whom that case is, where the reader may know of them.
        pub case_of: Option<PersonName>,
    }
    /// How far a long change has come.
    struct Work {
        /// What it is doing; absent when nothing is under way.
        pub stage: Option<WorkStage>,
        /// Bytes done, about.
        pub done: u64,
        /// Bytes in all, about.
        pub total: u64,
    }
}

/// A recovery kit that was drawn, as the workspace keeps it.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DrawnKit {
    /// The slot of the vault that it is to open.
    pub slot: Uuid,
    /// Knows its owner again.
    pub verifier: [u8; 32],
}

/// Writes a new recovery kit beside the one in force.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BeginKit {
    /// The kit.
    pub kit: DrawnKit,
    /// What else is asked for, and happens once the kit was kept.
    pub change: Option<VaultChange>,
    /// Who asks.
    pub proof: Proof,
}

/// Notes that a recovery kit was saved or printed.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NoteKitKept {
    /// The slot that it opens, or is to open.
    pub slot: Uuid,
    /// How.
    pub how: SavedAs,
}
