//! What the journal says, and whom it tells.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    id::{AccountId, CommunityId},
    time::Moment,
    words::Email,
};

mod group;
mod touches;

pub use group::EventGroup;
pub use touches::Touches;

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $kind:ident => $text:literal),+ $(,)?) => {
        /// Everything that the journal can say. The texts are frozen: they stand in leaves.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EventKind { $($(#[$doc])* $kind),+ }

        impl EventKind {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Its text at rest.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $text),+ }
            }
        }
    };
}

event_kinds! {
    /// The workspace was made.
    WorkspaceCreated => "workspace.created",
    /// A person was added and invited.
    PersonInvited => "person.invited",
    /// A new invitation replaced the earlier one.
    InvitationRenewed => "person.invitation-renewed",
    /// An administrator handed the keyboard to a person for their first sign-in.
    HandedOver => "person.handed-over",
    /// The invitation was accepted and a password chosen.
    InvitationAccepted => "person.invitation-accepted",
    /// Came in with a password alone.
    SignedInWithPassword => "sign-in.password",
    /// Came in with an authenticator code.
    SignedInWithAuthenticator => "sign-in.authenticator",
    /// Came in with a backup code.
    SignedInWithBackupCode => "sign-in.backup-code",
    /// Claimed a recovery code.
    RecoveryClaimed => "sign-in.recovery-claimed",
    /// Passwords or codes failed until a wait began.
    FailuresLocked => "sign-in.locked",
    /// A program asked about a code of their authenticator, and it was right. The word `client` names it, as below.
    CheckedAuthenticator => "check.authenticator",
    /// A program asked about a backup code of theirs, and it was right.
    CheckedBackupCode => "check.backup-code",
    /// Codes failed at a program until a wait began there.
    CheckLocked => "check.locked",
    /// Signed out.
    SignedOut => "session.signed-out",
    /// Locked by hand or by idleness.
    SessionLocked => "session.locked",
    /// Came back to a locked session.
    SessionUnlocked => "session.unlocked",
    /// An authenticator was enrolled.
    AuthenticatorAdded => "factor.authenticator-added",
    /// A new set of backup codes replaced the earlier one.
    BackupCodesRenewed => "factor.backup-codes-renewed",
    /// Backup codes were kept somewhere for the first time.
    BackupCodesSaved => "factor.backup-codes-saved",
    /// The second factor was switched off by its owner.
    SecondFactorDisabled => "factor.disabled",
    /// Staff reset the second factor and issued a recovery code.
    SecondFactorReset => "factor.reset",
    /// The password was changed by its owner.
    PasswordChanged => "password.changed",
    /// Staff issued a code to choose another password with.
    PasswordCodeIssued => "password.code-issued",
    /// A forgotten password was changed with a code.
    PasswordReset => "password.reset",
    /// An authenticator got another name.
    AuthenticatorRenamed => "factor.authenticator-renamed",
    /// One of several authenticators was removed.
    AuthenticatorRemoved => "factor.authenticator-removed",
    /// Another authenticator is asked first.
    PreferredChanged => "factor.preferred-changed",
    /// The keyring of a computer was let open the vault.
    KeyringAdded => "vault.keyring-added",
    /// No keyring opens the vault any more.
    KeyringRemoved => "vault.keyring-removed",
    /// The vault's passphrase was changed.
    PassphraseChanged => "vault.passphrase-changed",
    /// An owner began to put a new key in the place of the vault's.
    KeyChanged => "vault.key-changed",
    /// An owner deleted an older copy of the vault.
    OlderCopyRemoved => "vault.older-copy-removed",
    /// An owner chose another passphrase by the recovery kit, without the one before.
    PassphraseChangedByKit => "vault.passphrase-changed-by-kit",
    /// An owner had a new recovery kit drawn; the one before still holds.
    KitBegun => "kit.begun",
    /// A recovery kit was saved or printed for the first time.
    KitKept => "kit.kept",
    /// A new recovery kit took the place of the one before, which opens nothing any more.
    KitRenewed => "kit.renewed",
    /// The vault has no recovery kit any more.
    KitGone => "kit.gone",
    /// The recovery kit opened the vault.
    KitOpenedVault => "kit.opened-vault",
    /// An owner proved by the recovery kit who they are, and enrols again.
    OwnerRecovered => "kit.owner-recovered",
    /// The recovery kit stood for the second person of a case.
    KitApprovedCase => "kit.approved-case",
    /// Whoever keeps the server let an owner in again who had lost everything.
    ConsoleRecoveredOwner => "console.owner-recovered",
    /// Whoever keeps the server replaced the key that secrets are sealed with.
    ConsoleReplacedKey => "console.key-replaced",
    /// Whoever keeps the server added a program that may ask whether codes are right.
    ClientAdded => "client.added",
    /// Whoever keeps the server removed such a program.
    ClientRemoved => "client.removed",
    /// From now on checkpoints of the journal are signed with this key.
    JournalKeyMade => "journal.key-made",
    /// The journal was exported, or what it says about somebody.
    JournalExported => "journal.exported",
    /// A backup was taken.
    BackupTaken => "backup.taken",
    /// The workspace was restored from a backup: a new epoch began.
    WorkspaceRestored => "workspace.restored",
    /// An owner let the workspace go to another home. What is written after this stays behind.
    WorkspaceMovedAway => "workspace.moved-away",
    /// The move was called off: the workspace stayed.
    WorkspaceMoveCalledOff => "workspace.move-called-off",
    /// Two owners let the workspace go, out of a server into a file. What is written there after this stays behind.
    WorkspaceMovedOut => "workspace.moved-out",
    /// Two owners called that off: the workspace stayed on the server.
    WorkspaceMoveOutCalledOff => "workspace.move-out-called-off",
    /// The workspace came from another home: a new epoch began.
    WorkspaceMovedHere => "workspace.moved-here",
    /// The workspace's policy was changed.
    PolicyChanged => "policy.changed",
    /// What a community asks beyond it was changed.
    CommunityPolicyChanged => "policy.community-changed",
    /// A community was made.
    CommunityMade => "community.made",
    /// A community has another name.
    CommunityRenamed => "community.renamed",
    /// An empty community was removed.
    CommunityRemoved => "community.removed",
    /// A role was given in a community, in place of an earlier one if there was one.
    RoleGiven => "role.given",
    /// The role held in a community was taken.
    RoleTaken => "role.taken",
    /// Somebody was made an owner.
    OwnerMade => "owner.made",
    /// Somebody is no longer an owner.
    OwnerUnmade => "owner.unmade",
    /// The address that somebody signs in with was changed.
    EmailChanged => "person.email-changed",
    /// A second address for somebody's notices was set, in place of an earlier one if there was one.
    SecondEmailSet => "person.second-email-set",
    /// There is no second address for somebody's notices any more.
    SecondEmailRemoved => "person.second-email-removed",
    /// Somebody is called otherwise.
    NameCorrected => "person.name-corrected",
    /// Somebody asked at sign-in for a code to choose another password with, and it was mailed.
    PasswordCodeMailed => "password.code-mailed",
    /// An account was deactivated and its sessions ended.
    Deactivated => "person.deactivated",
    /// An account may be signed in to again.
    Reactivated => "person.reactivated",
    /// A person was erased. The word `entries` names the entries whose persons part went.
    PersonErased => "person.erased",
    /// Every session of an account was ended by staff.
    SignedOutEverywhere => "person.signed-out",
    /// The account takes no password here from now on.
    MarkedElsewhere => "person.marked-elsewhere",
    /// The account takes its password here again.
    UnmarkedElsewhere => "person.unmarked-elsewhere",
    /// Staff ended the waits of an account.
    Unlocked => "person.unlocked",
    /// Somebody opened a case: it waits for a second person.
    CaseOpened => "case.opened",
    /// A second person approved a case.
    CaseApproved => "case.approved",
    /// A case was called off.
    CaseWithdrawn => "case.withdrawn",
    /// A case ended because its opener or approver lost the role.
    CaseVoided => "case.voided",
    /// A case that was approved was carried out.
    CaseCarriedOut => "case.carried-out",
    /// Somebody who cannot use their authenticator asked staff.
    HelpAsked => "help.asked",
    /// Staff put such a request away.
    HelpDismissed => "help.dismissed",
    /// What staff check before a reset was changed.
    ChecklistChanged => "support.checklist-changed",
    /// A person was added by an import, or changed by it before they ever signed in.
    PersonImported => "person.imported",
    /// A person was removed again, or put back as they were, because an import was taken back.
    PersonImportUndone => "person.import-undone",
    /// People were imported.
    PeopleImported => "import.carried-out",
    /// An import was taken back.
    ImportUndone => "import.undone",
    /// Tokens were imported.
    TokensImported => "token.imported",
    /// An import of tokens was undone.
    TokenImportUndone => "token.import-undone",
    /// A token was assigned to somebody.
    TokenAssigned => "token.assigned",
    /// A token was taken back before it was proved.
    TokenUnassigned => "token.unassigned",
    /// The holder of a token proved a code of it.
    TokenActivated => "token.activated",
    /// A token was taken out of the stock.
    TokenRetired => "token.retired",
    /// A token was brought back into step.
    TokenResynchronised => "token.resynchronised",
    /// How mail is sent was set up, or changed.
    MailSet => "mail.set",
    /// How mail is sent was forgotten.
    MailRemoved => "mail.removed",
    /// An owner sent themselves a test.
    MailTested => "mail.tested",
    /// A notice was to be sent again.
    NoticeResent => "notice.resent",
    /// A notice was handed over as a letter.
    NoticeHandedOver => "notice.handed-over",
    /// Somebody said that something on an account was not its person.
    NotMeReported => "report.made",
    /// Staff settled what somebody said was not them.
    ReportSettled => "report.settled",
    /// A desktop was invited to be paired, by an owner or at the server's console.
    DeviceInvited => "device.invited",
    /// A desktop was paired by its code.
    DevicePaired => "device.paired",
    /// An owner took a device back, or the code by which it could have been paired.
    DeviceRevoked => "device.revoked",
    /// An owner told those whom a lost device concerns. The word `people` says how many.
    DeviceLostTold => "device.lost-told",
    /// A person may issue recovery codes at a desktop while the server is out of reach.
    OfflineGranted => "offline.granted",
    /// Somebody came in by a recovery code that was issued out of reach.
    OfflineCodeUsed => "offline.code-used",
    /// A desktop told of a code that it issued out of reach: the case behind it.
    OfflineCodeTold => "offline.code-told",
    /// A code that was issued out of reach is right, and let nobody in.
    OfflineCodeRefused => "offline.code-refused",
    /// Staff took back a code that was issued out of reach.
    OfflineCodeVoided => "offline.code-voided",
    /// A list of people left the program as a file.
    PeopleExported => "people.exported",
    /// Somebody tried what their role does not allow.
    Refused => "gate.refused",
}

/// What the journal is to say. The store adds its place, the workspace and the salts.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// Who did it.
    pub actor: Option<AccountId>,
    /// To whom.
    pub subject: Option<AccountId>,
    /// The communities that it concerns.
    pub communities: Vec<CommunityId>,
    /// Words for the sentence. Never a secret.
    pub words: BTreeMap<String, String>,
}

impl Event {
    /// Something that a person did to their own account.
    #[must_use]
    pub fn own(kind: EventKind, account: &Account) -> Self {
        Self::on(kind, account.id, account)
    }

    /// Something that one person did to another's account.
    #[must_use]
    pub fn on(kind: EventKind, actor: AccountId, subject: &Account) -> Self {
        Self {
            kind,
            actor: Some(actor),
            subject: Some(subject.id),
            communities: subject.memberships.iter().map(|m| m.community).collect(),
            words: BTreeMap::new(),
        }
    }

    /// What the program did of itself.
    pub(crate) fn of_itself(kind: EventKind) -> Self {
        Self { kind, actor: None, subject: None, communities: Vec::new(), words: BTreeMap::new() }
    }

    /// Adds a word.
    #[must_use]
    pub fn word(mut self, key: &str, value: impl Into<String>) -> Self {
        self.words.insert(key.into(), value.into());
        self
    }
}

/// What somebody is to be told: by mail, or in a letter where there is no mail.
#[derive(Clone, Debug)]
pub struct Notice {
    /// To whom.
    pub to: AccountId,
    /// Of what.
    pub kind: NoticeKind,
    /// Where, in place of the addresses that they have once the change is made.
    pub addresses: Option<Vec<Email>>,
    /// Words for the sentence. Never a secret.
    pub words: BTreeMap<String, String>,
    /// Whom the words name, where that is somebody else.
    pub about: Option<AccountId>,
    /// The code that it carries, with the moment until which that is valid. Only where the kind [says so](NoticeKind::carries_code).
    pub code: Option<(SecretString, Moment)>,
}

impl Notice {
    /// A notice to the addresses that the person has, without further words.
    #[must_use]
    pub fn new(to: AccountId, kind: NoticeKind) -> Self {
        Self { to, kind, addresses: None, words: BTreeMap::new(), about: None, code: None }
    }

    /// Sends it to these addresses.
    #[must_use]
    pub fn at(mut self, addresses: Vec<Email>) -> Self {
        self.addresses = Some(addresses);
        self
    }

    /// Adds a word.
    #[must_use]
    pub fn word(mut self, key: &str, value: impl Into<String>) -> Self {
        self.words.insert(key.into(), value.into());
        self
    }
}

macro_rules! notice_kinds {
    ($($(#[$doc:meta])* $kind:ident => $text:literal),+ $(,)?) => {
        /// What notices are about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum NoticeKind { $($(#[$doc])* #[serde(rename = $text)] $kind),+ }

        impl NoticeKind {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Its text at rest.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $text),+ }
            }
        }
    };
}

notice_kinds! {
    /// Your second factor was reset.
    SecondFactorReset => "factor-reset",
    /// Your second factor was enabled.
    SecondFactorEnabled => "factor-enabled",
    /// Your second factor was disabled.
    SecondFactorDisabled => "factor-disabled",
    /// Your backup codes were replaced.
    BackupCodesRenewed => "backup-codes-renewed",
    /// Your password was changed.
    PasswordChanged => "password-changed",
    /// Your backup codes are void, because the workspace was restored: make new ones.
    BackupCodesVoid => "backup-codes-void",
    /// The recovery kit of the workspace was used.
    KitUsed => "kit-used",
    /// An owner was let in again from the console of the server: words `name` and `email`. To everybody who administers anything.
    OwnerRecovered => "owner-recovered",
    /// Your account was unlocked.
    Unlocked => "unlocked",
    /// Your roles were changed.
    RolesChanged => "roles-changed",
    /// Your account was deactivated.
    Deactivated => "deactivated",
    /// Your account was reactivated.
    Reactivated => "reactivated",
    /// All your sessions were ended.
    SignedOutEverywhere => "signed-out-everywhere",
    /// A code to choose another password was issued for you.
    PasswordCodeIssued => "password-code-issued",
    /// An authenticator was added to yours.
    AuthenticatorAdded => "authenticator-added",
    /// One of your authenticators was removed.
    AuthenticatorRemoved => "authenticator-removed",
    /// A token was assigned to you.
    TokenAssigned => "token-assigned",
    /// The code to choose another password with that you asked for. Carries it.
    PasswordCode => "password-code",
    /// Your e-mail address was changed. Goes to the one of before, too.
    EmailChanged => "email-changed",
    /// A second address for your notices was set.
    SecondEmailSet => "second-email-set",
    /// The second address for your notices was removed.
    SecondEmailRemoved => "second-email-removed",
    /// Few of your backup codes are left: word `left`.
    BackupCodesFew => "backup-codes-few",
    /// You are invited. Carries the invitation code.
    Invitation => "invitation",
    /// Your recovery code was used.
    RecoveryCodeUsed => "recovery-code-used",
    /// Somebody says that something on their account was not them: words `name` and `email`. To those who administer them.
    ReportedNotMe => "reported-not-me",
    /// A desktop was paired with the workspace: word `name`. To every owner.
    DevicePaired => "device-paired",
    /// A recovery code that was issued out of reach was used: words `name` and `email` of whoever used it, `by` and `device`. To whoever
    /// issued it, and to those who administer its person.
    OfflineCodeUsed => "offline-code-used",
    /// Two codes with one number came from a desktop: its files were put back, or copied. Word `device`. To every owner.
    OfflineCodeRepeated => "offline-code-repeated",
    /// A desktop was lost or stolen: words `device`, `to` (why they are told) and `by`. To those whom it concerns.
    DeviceLost => "device-lost",
    /// A test that somebody sent themselves.
    Test => "test",
}

impl NoticeKind {
    /// Whether it carries a code to its person. Such a notice goes to the address they sign in with alone, and never becomes a letter.
    #[must_use]
    pub fn carries_code(self) -> bool {
        matches!(self, Self::Invitation | Self::PasswordCode)
    }

    /// Whether its person can answer "this was not me": it says what was done to their account, or what they did.
    #[must_use]
    pub fn answerable(self) -> bool {
        !matches!(
            self,
            Self::Invitation
                | Self::KitUsed
                | Self::OwnerRecovered
                | Self::BackupCodesVoid
                | Self::ReportedNotMe
                | Self::DevicePaired
                | Self::OfflineCodeUsed
                | Self::OfflineCodeRepeated
                | Self::DeviceLost
                | Self::Test
        )
    }
}
