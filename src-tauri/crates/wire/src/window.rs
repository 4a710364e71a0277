//! What stays on this machine: workspaces on disk, preferences, and the sheet that shows a secret once.

use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    RefusalCode, ShownOnce,
    drill::{DrillReading, DrillView},
    moving::Away,
    people::PersonName,
    sign_in::Me,
};

words! {
    /// A language that the program speaks.
    enum Language {
        /// English.
        En,
        /// French.
        Fr,
    }
    /// Light, dark, or as the system.
    enum Theme {
        /// As the system.
        System,
        /// Light.
        Light,
        /// Dark.
        Dark,
    }
}

shapes! {
    /// All that the first screen shows, asked once.
    struct Situation {
        /// The language to speak.
        pub language: Language,
        /// The colours.
        pub theme: Theme,
        /// Minutes until an idle session locks on this computer; none, or more than the workspace's policy, means the policy's.
        pub idle_minutes: Option<u16>,
        /// `--profile`, unless it is the usual one.
        pub profile: Option<String>,
        /// What this computer is called; empty where it does not say.
        pub computer: String,
        /// The program's version.
        pub version: String,
        /// The workspaces known on this computer, by name.
        pub known: Vec<KnownWorkspace>,
        /// The one that is open.
        pub open: Option<OpenWorkspace>,
        /// What the sheet shows, while it is open.
        pub sheet: Option<SheetKind>,
        /// Why the window is where it is, said once: a lock, an end of session.
        pub told: Option<Told>,
    }
    /// A workspace known on this computer.
    struct KnownWorkspace {
        /// Its vault.
        pub id: Uuid,
        /// Its name.
        pub name: String,
        /// When it was last opened here.
        pub opened_at: Option<i64>,
        /// Whether a keyring may open it.
        pub keyring: bool,
        /// When it was restored from a backup, if it was.
        pub restored_at: Option<i64>,
        /// The address of the server that it is on; absent for one whose data lies on this computer.
        pub server: Option<String>,
        /// What this computer called itself there when it was paired.
        pub device: Option<String>,
        /// The server that it was moving to from here, as this computer remembers it.
        pub moving_to: Option<String>,
        /// Whether it has arrived there.
        pub moved: bool,
    }
    /// How a workspace on a server stands.
    struct RemoteState {
        /// The server's address.
        pub address: String,
        /// Whether it was reached when it was last tried.
        pub connected: bool,
        /// Since when it stands so.
        pub since: i64,
        /// Why it was not reached, where that is more than that nobody answered.
        pub why: Option<RefusalCode>,
        /// When what can be read without it was last brought up to date; absent where nothing can be.
        pub synced_at: Option<i64>,
        /// Whether it is read here without the network, and with no session.
        pub alone: bool,
        /// Why the server is not believed any more: what can be read here stays as it was before.
        pub stopped: Option<Disbelief>,
        /// How many changes wait here for the server.
        pub waiting: u32,
        /// How many of them the server refused, and nobody put aside yet.
        pub refused: u32,
    }
    /// The workspace that is open.
    struct OpenWorkspace {
        /// Its vault.
        pub id: Uuid,
        /// Its name.
        pub name: String,
        /// Who is signed in, and how far.
        pub me: Option<Me>,
        /// The person to whom the keyboard was handed for a first sign-in.
        pub handed_to: Option<PersonName>,
        /// The drill for which it was made; absent where people are real.
        pub drill: Option<DrillView>,
        /// How it stands, for one on a server.
        pub remote: Option<RemoteState>,
        /// Where it went, or is going, for one that moves away.
        pub away: Option<Away>,
    }
}

words! {
    /// What is said when the window comes back by itself.
    enum Told {
        /// Nobody was there, so it locked.
        LockedIdle,
        /// The computer slept, so it locked.
        LockedSleep,
        /// Locked by hand.
        Locked,
        /// The session is over: twelve hours passed.
        SessionEnded,
        /// The password was changed: sign in with the new one.
        PasswordChanged,
        /// The second factor was switched off.
        FactorDisabled,
        /// The workspace was restored from a backup: everybody begins anew.
        Restored,
        /// The workspace was brought up to date, and a copy as it was is kept.
        BroughtUpToDate,
        /// This computer was paired with a server.
        Paired,
        /// An owner took this computer's pairing back.
        DeviceRevoked,
        /// To read without the network, the desk passphrase comes first.
        DeskPassphrase,
        /// The recovery kit opened the workspace: whoever administers it is told.
        OpenedByKit,
        /// The workspace was made, and no keyring answers that could open it.
        KeyringMissing,
        /// The workspace was made, and the keyring is locked: it does not open it.
        KeyringLocked,
        /// The workspace was made, and the keyring did not answer in time: it does not open it.
        KeyringSilent,
        /// The workspace was made, and the keyring refused to open it.
        KeyringFailed,
    }
    /// Why a server is not believed.
    enum Disbelief {
        /// What it signed is not signed by the key of the journal that it was paired with.
        OtherKey,
        /// Entries that it showed before are no longer as they were.
        Rewritten,
        /// Its journal has fewer entries than it had.
        WentBack,
    }
    /// What a sheet shows.
    enum SheetKind {
        /// A QR code to scan, and a code to verify.
        Enrolment,
        /// Ten backup codes.
        BackupCodes,
        /// An invitation code for somebody.
        Invitation,
        /// A recovery code for somebody.
        Recovery,
        /// The recovery kit of the workspace.
        RecoveryKit,
        /// A password code for somebody.
        Password,
        /// A notice as a letter, to be handed over.
        Letter,
        /// A pairing code for one device.
        Pairing,
    }
}

requests! {
    /// Asks for the situation.
    struct ReadSituation {}
    /// Makes a workspace with its first owner.
    struct CreateWorkspace {
        /// The language of the workspace, and of the owner.
        pub language: Language,
        /// Its name.
        pub name: String,
        /// The owner's name.
        pub owner_name: String,
        /// The owner's e-mail address.
        pub owner_email: String,
        /// The owner's password.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub owner_password: SecretString,
        /// What opens the vault.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
        /// Whether this computer's keyring is to open it too. Where none does, the workspace is made all the same, and
        /// [`Told`] says so.
        #[serde(default)]
        pub keyring: bool,
    }
    /// Opens a workspace.
    struct OpenVault {
        /// Which.
        pub id: Uuid,
        /// What opens it.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
    }
    /// Pairs this computer with a workspace on a server.
    struct PairWorkspace {
        /// The server's address, as typed.
        pub address: String,
        /// The pairing code, as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
        /// What this computer is to be called there; empty for the name that it was invited by.
        #[serde(default)]
        pub name: String,
        /// The desk passphrase: what opens here what is kept of the workspace.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
    }
    /// Tries now whether the server is there.
    struct TryServer {}
    /// Reads what is kept here while the server is not reached, with no session. The desk passphrase must have opened the desk a moment
    /// ago: otherwise it is closed, and asked for.
    struct ReadAlone {}
    /// Ends that, to sign in.
    struct EndReadingAlone {}
    /// Closes the open workspace and wipes its keys.
    struct CloseWorkspace {}
    /// Sets what a person chooses on this computer.
    struct SetPreferences {
        /// The language to speak.
        pub language: Language,
        /// The colours.
        pub theme: Theme,
        /// Minutes until an idle session locks, 1 to 60; none means the workspace's policy.
        pub idle_minutes: Option<u16>,
    }
    /// Ends the program, as closing its window would.
    struct Quit {}
    /// Asks for the licences of what the program is built from.
    struct ReadLicences {}
    /// Chooses the password in a first sign-in to which the keyboard was handed.
    struct AcceptHandOver {
        /// The password that the person chose.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub password: SecretString,
    }
    /// Gives the keyboard back without a first sign-in.
    struct DeclineHandOver {}
    /// Asks what the sheet shows.
    struct ReadSheet {}
    /// Verifies the enrolment on the sheet.
    struct VerifyOnSheet {
        /// The six digits that the new authenticator shows.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
    }
    /// Copies what the sheet shows.
    struct CopySheet {}
    /// Saves the backup codes to a text file that the person chooses.
    struct SaveSheetAsText {}
    /// Saves the backup codes to a file encrypted with a passphrase.
    struct SaveSheetEncrypted {
        /// What opens the file.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
    }
    /// Saves the paper of what the sheet shows: the backup codes to keep, or a letter that hides a recovery code.
    struct SaveSheetAsPdf {}
    /// Opens the system's print dialog for what the sheet shows.
    struct PrintSheet {}
    /// The backup codes were printed: the person saw the paper.
    struct NoteSheetPrinted {}
    /// Compares what a caller read back with the code on the sheet.
    struct ReadBack {
        /// What was heard so far.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub heard: SecretString,
    }
    /// Closes the sheet.
    struct CloseSheet {}
}

/// What the sheet shows. Written out once, to the sheet's own window.
#[derive(Debug, serde::Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Sheet {
    /// What kind.
    pub kind: SheetKind,
    /// Language of the window.
    pub language: Language,
    /// Colours of the window.
    pub theme: Theme,
    /// Whom it concerns.
    pub person: PersonName,
    /// The workspace's name.
    pub workspace: String,
    /// When it dies, for what dies.
    pub expires_at: Option<i64>,
    /// The QR code as a PNG `data:` URL, on an enrolment sheet.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub qr: Option<ShownOnce>,
    /// The secret to type, in groups of four, on an enrolment sheet.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub secret: Option<ShownOnce>,
    /// The codes, in groups of five: ten backup codes, or the one that was issued.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub codes: Vec<ShownOnce>,
    /// Whether the backup codes were kept somewhere.
    pub saved: bool,
    /// Whether it cannot be closed before it was kept: the first recovery kit.
    pub must_keep: bool,
    /// Whether a drill goes on: it is a sample, and is not to be kept.
    pub drill: bool,
    /// What the caller in the drill reads back, where there is one code to be read out.
    pub reading: Option<DrillReading>,
    /// Whether the code goes to its person by mail too.
    pub mailed: bool,
    /// Whether the server has not heard of the code yet: it was issued out of its reach.
    pub unheard: bool,
    /// What the letter is about, in its own language.
    pub subject: Option<String>,
    /// What it says, line by line.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub text: Option<ShownOnce>,
}

shapes! {
    /// The licences of what the program is built from.
    struct Licences {
        /// Of the program itself.
        pub own: String,
        /// Of others, each text once.
        pub others: Vec<LicenceText>,
    }
    /// The text of a licence, and what comes under it.
    struct LicenceText {
        /// Its name, as in the SPDX list where it is there.
        pub name: String,
        /// Names and versions.
        pub covers: Vec<String>,
        /// The text.
        pub text: String,
    }
    /// How far a code was read back right.
    struct ReadBackView {
        /// So many symbols from the first on are right.
        pub right: u32,
        /// Of so many.
        pub of: u32,
        /// In which group the first wrong symbol stands, from 1; absent when none is wrong.
        pub group: Option<u32>,
        /// At which place of it, from 1.
        pub symbol: Option<u32>,
    }
    /// Something was kept or copied.
    struct Kept {
        /// Whether it was: `false` when the person closed the dialog.
        pub kept: bool,
        /// The name of the file it went to.
        pub file: Option<String>,
    }
}
