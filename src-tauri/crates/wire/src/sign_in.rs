//! Coming in, and going.

use secrecy::SecretString;

use crate::{backup::BackupDue, people::PersonName, proof::Proof, window::Language};

words! {
    /// What comes after a step that succeeded.
    enum Next {
        /// A code of an authenticator, or a backup code.
        Code,
        /// The recovery code that staff issued.
        RecoveryCode,
        /// Enrolling an authenticator, and nothing else.
        Enrol,
        /// Nothing: they are in.
        In,
    }
}

requests! {
    /// The first door.
    struct SignIn {
        /// The e-mail address.
        pub email: String,
        /// The password.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub password: SecretString,
    }
    /// The second door.
    struct GiveCode {
        /// Whatever was typed: an authenticator, backup or recovery code.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
    }
    /// A first sign-in.
    struct AcceptInvitation {
        /// The e-mail address.
        pub email: String,
        /// The invitation code, as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
        /// The password that the person chose.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub password: SecretString,
    }
    /// Chooses another password in place of a forgotten one.
    struct RedeemPasswordCode {
        /// The e-mail address.
        pub email: String,
        /// The password code, as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
        /// The password that the person chose.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub password: SecretString,
    }
    /// Comes back to a locked session.
    struct Unlock {
        /// The password of the same person, and a code where the policy asks for one.
        pub proof: Proof,
    }
    /// Locks.
    struct Lock {}
    /// Signs out.
    struct SignOut {}
    /// A sign of life: somebody is at the keyboard.
    struct Touch {}
    /// Who is signed in, and how far.
    struct WhoAmI {}
}

shapes! {
    /// A step succeeded.
    struct Step {
        /// What comes next.
        pub next: Next,
    }
    /// Done; there is nothing to say.
    struct Done {}
    /// Who is signed in.
    #[derive(Clone)]
    struct Me {
        /// Who.
        pub person: PersonName,
        /// The language that papers speak to them in.
        pub language: Language,
        /// How far the session reaches.
        pub reach: Reach,
        /// Whether the people of the workspace may be listed.
        pub lists_people: bool,
        /// Whether communities may be made, renamed and removed.
        pub keeps_communities: bool,
        /// Whether tokens may be imported and assigned somewhere.
        pub keeps_tokens: bool,
        /// Whether how mail is sent may be changed.
        pub keeps_mail: bool,
        /// Looks after the devices that are paired with a server.
        pub keeps_devices: bool,
        /// Whether they may read the outbox.
        pub reads_outbox: bool,
        /// Whether how the vault opens may be changed.
        pub keeps_vault: bool,
        /// Why a backup should be taken, for whoever may take one.
        pub backup_due: Option<BackupDue>,
        /// Whether they may import people from a list.
        pub imports_people: bool,
        /// Whether the journal may be read.
        pub reads_journal: bool,
        /// Whether backup codes come with an authenticator.
        pub backup_codes: bool,
        /// Whether unlocking asks for a code beside the password.
        pub unlock_asks_code: bool,
        /// Whether the policy of the workspace, or what a community asks beyond it, may be changed.
        pub sets_policy: bool,
        /// What the authenticator is called that is asked first, while a code of one of several is asked.
        pub asks: Option<String>,
        /// Seconds without a sign of life until the session locks.
        pub idle_seconds: i64,
        /// The workspace's name.
        pub workspace: String,
        /// Whether the desktop that they came by is paired with the server for them: it was they who first signed in there.
        #[serde(default)]
        pub own_device: bool,
    }
}

words! {
    /// How far a session reaches.
    enum Reach {
        /// The password was right; an authenticator or backup code is asked.
        Code,
        /// The password was right; the recovery code is asked.
        RecoveryCode,
        /// May enrol and nothing else.
        Enrol,
        /// May enrol and nothing else, after a recovery code.
        EnrolAgain,
        /// Through both doors.
        Full,
        /// Locked: the same person returns with the password.
        Locked,
    }
}
