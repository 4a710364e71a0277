//! Backups: taking one, restoring one, and what else lies on this computer.

use secrecy::SecretString;
use uuid::Uuid;

use crate::proof::Proof;

words! {
    /// Why a backup should be taken.
    enum BackupDue {
        /// There never was one.
        Never,
        /// The last one is old.
        Old,
    }
    /// What opens a backup.
    enum BackupWay {
        /// The vault passphrase of then.
        Passphrase,
        /// The recovery kit of then.
        Kit,
    }
}

requests! {
    /// Asks the workspace's leave to take a backup.
    struct AllowBackup {
        /// Who asks.
        pub proof: Proof,
    }
    /// Reads what the workspace knows of its backups.
    struct ReadBackupRecord {}
    /// Reads when the last backup was taken, and which older copies there are.
    struct ReadBackups {}
    /// Takes a backup into a file that the person chooses.
    struct TakeBackup {
        /// Who asks.
        pub proof: Proof,
        /// The vault passphrase, which opens the backup too.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
    }
    /// Deletes an older copy of the open workspace.
    struct RemoveOlderCopy {
        /// Which: the name of its folder.
        pub folder: String,
        /// Who asks.
        pub proof: Proof,
    }
    /// Puts the reminder off until the next session.
    struct PutOffBackup {}
    /// Lets the person choose a backup to restore.
    struct ChooseBackup {}
    /// Asks which backup was chosen.
    struct ReadChosenBackup {}
    /// Restores the chosen backup as a workspace of its own, and opens it.
    struct RestoreBackup {
        /// The passphrase of then, if that is to open it.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<crate::secret::Typed>"))]
        pub present: Option<SecretString>,
        /// The code of the recovery kit of then, as typed, if that is to open it.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<crate::secret::Typed>"))]
        pub kit: Option<SecretString>,
        /// What opens the restored vault from now on.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
        /// Whether backup codes that were unused then open again.
        pub keep_codes: bool,
    }
    /// Removes a workspace from this computer.
    struct RemoveWorkspace {
        /// Which.
        pub id: Uuid,
        /// Its name, typed to confirm.
        pub name: String,
        /// Whether it goes although its entry in the keyring has to stay.
        pub leave_keyring: bool,
    }
}

shapes! {
    /// What the workspace knows of its backups.
    struct BackupRecord {
        /// When the last one was taken.
        pub taken_at: Option<i64>,
        /// When the workspace was made: so old it is without a backup.
        pub created_at: i64,
        /// How often it was restored.
        pub epoch: u32,
        /// Why one should be taken, if one should.
        pub due: Option<BackupDue>,
    }
    /// What there is of the open workspace beside its vault.
    struct BackupsView {
        /// What the workspace knows.
        pub record: BackupRecord,
        /// Copies from before it was brought up to date, the newest first.
        pub older: Vec<OlderCopyView>,
    }
    /// A copy of the vault as it was before it was brought up to date.
    struct OlderCopyView {
        /// The name of its folder, inside the vault's.
        pub folder: String,
        /// When its data was last changed.
        pub of: i64,
        /// Its bytes.
        pub size: u64,
    }
    /// A backup was taken, or not.
    struct BackupTaken {
        /// Whether: `false` when the person closed the dialog.
        pub kept: bool,
        /// The name of the file.
        pub file: Option<String>,
        /// Its bytes.
        pub size: u64,
        /// What opens it.
        pub ways: Vec<BackupWay>,
    }
    /// The backup that was chosen, if one was.
    struct ChosenBackup {
        /// What it says of itself.
        pub backup: Option<BackupView>,
    }
    /// What a backup says of itself, before anything is unlocked.
    struct BackupView {
        /// The name of the file.
        pub file: String,
        /// The name of the workspace.
        pub name: String,
        /// When it was taken.
        pub taken_at: i64,
        /// Bytes of what is in it.
        pub size: u64,
        /// What opens it.
        pub ways: Vec<BackupWay>,
        /// Whether the workspace that it was taken of is on this computer.
        pub beside: bool,
    }
}
