//! Profile and security: one's own account.

use secrecy::SecretString;

use crate::{
    RefusalCode, ShownOnce,
    keeping::{KitTrouble, KitUsed},
    people::RoleHeld,
    proof::Proof,
};

requests! {
    /// Reads one's own account.
    struct ReadProfile {}
    /// Begins an enrolment.
    struct BeginEnrolment {
        /// What the authenticator is to be called.
        pub name: String,
        /// Not asked of somebody who may only enrol.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub proof: Option<Proof>,
    }
    /// Verifies the enrolment begun last.
    struct VerifyEnrolment {
        /// The six digits that the new authenticator shows.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
    }
    /// Replaces the backup codes.
    struct RenewBackupCodes {
        /// Who asks.
        pub proof: Proof,
    }
    /// Notes that the backup codes were kept.
    struct NoteCodesSaved {
        /// How.
        pub how: SavedAs,
    }
    /// Gives an authenticator another name.
    struct RenameAuthenticator {
        /// Which.
        pub id: uuid::Uuid,
        /// What it is to be called.
        pub name: String,
    }
    /// Chooses the authenticator that is asked first at sign-in.
    struct PreferAuthenticator {
        /// Which.
        pub id: uuid::Uuid,
    }
    /// Removes one of several authenticators.
    struct RemoveAuthenticator {
        /// Which.
        pub id: uuid::Uuid,
        /// Whether every other session of one's own ends, too.
        pub elsewhere: bool,
        /// Who asks.
        pub proof: Proof,
    }
    /// Switches the second factor off.
    struct DisableSecondFactor {
        /// Who asks.
        pub proof: Proof,
    }
    /// Changes the password.
    struct ChangePassword {
        /// The present password.
        pub proof: Proof,
        /// The new one.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub password: SecretString,
    }
}

words! {
    /// How backup codes were kept.
    enum SavedAs {
        /// On the clipboard.
        Copied,
        /// In a text file.
        TextFile,
        /// In an encrypted file.
        EncryptedFile,
        /// In a printable file.
        PdfFile,
        /// On paper.
        Printed,
    }
}

shapes! {
    /// One's own account.
    struct Profile {
        /// The name.
        pub name: String,
        /// The e-mail address.
        pub email: String,
        /// The second address that notices go to.
        pub second_email: Option<String>,
        /// Owns the workspace.
        pub owner: bool,
        /// Roles held.
        pub roles: Vec<RoleHeld>,
        /// The second factor, where there is one.
        pub factor: Option<FactorView>,
        /// Whether the policy, or a short password, demands one.
        pub factor_required: bool,
        /// Until when the password alone still signs in, where one is demanded and there is none.
        pub grace_until: Option<i64>,
        /// Whether backup codes are made and accepted.
        pub backup_codes: bool,
        /// The communities that keep it from being switched off, where the workspace itself would let it.
        pub disable_refused_by: Vec<String>,
        /// Why it cannot be switched off; absent when it can.
        pub disable_refused: Option<RefusalCode>,
        /// What is wrong with the recovery kit, for owners; absent when nothing is.
        pub kit_trouble: Option<KitTrouble>,
        /// The last use of the recovery kit, for owners and administrators who have not said yet that they know of it.
        pub kit_used: Option<KitUsed>,
        /// Whether the next sensitive change will ask for a code beside the password.
        pub asks_code: bool,
    }
    /// An active second factor.
    struct FactorView {
        /// The authenticators, the preferred one first.
        pub authenticators: Vec<AuthenticatorView>,
        /// Backup codes never used.
        pub codes_left: u32,
        /// When the backup codes were made.
        pub codes_made_at: i64,
        /// Whether they were kept somewhere.
        pub codes_saved: bool,
    }
    /// One authenticator.
    struct AuthenticatorView {
        /// Its identifier.
        pub id: uuid::Uuid,
        /// Its name.
        pub name: String,
        /// When it was added.
        pub added_at: i64,
        /// When a code of it was last accepted.
        pub used_at: Option<i64>,
        /// How far its clock was off when that was last known, in seconds; positive when it is ahead.
        pub drift_seconds: i64,
        /// Asked first at sign-in.
        pub preferred: bool,
        /// Whether it is a token, which two codes in a row bring back into step.
        pub token: bool,
        /// Digits of its codes.
        pub digits: u8,
    }
}

/// What an enrolment offers. Leaves Rust only towards the window that shows it.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentOffer {
    /// The secret in Base32.
    pub secret: ShownOnce,
    /// The key URI that the QR code carries.
    pub uri: ShownOnce,
    /// When the enrolment dies.
    pub expires_at: i64,
}

/// An enrolment was verified.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Enrolled {
    /// Ten backup codes, with the first authenticator.
    pub codes: Vec<ShownOnce>,
}

/// New backup codes.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BackupCodes {
    /// Ten.
    pub codes: Vec<ShownOnce>,
}
