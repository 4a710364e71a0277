//! What the journal says, and whom it tells.

use std::collections::BTreeMap;

use crate::{
    account::Account,
    id::{AccountId, CommunityId},
};

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
    /// From now on checkpoints of the journal are signed with this key.
    JournalKeyMade => "journal.key-made",
    /// The journal was exported, or what it says about somebody.
    JournalExported => "journal.exported",
    /// A backup was taken.
    BackupTaken => "backup.taken",
    /// The workspace was restored from a backup: a new epoch began.
    WorkspaceRestored => "workspace.restored",
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
    /// An account was deactivated and its sessions ended.
    Deactivated => "person.deactivated",
    /// An account may be signed in to again.
    Reactivated => "person.reactivated",
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

/// What somebody is to be told, by mail once there is mail. Never carries a code.
#[derive(Clone, Debug)]
pub struct Notice {
    /// To whom.
    pub to: AccountId,
    /// Of what.
    pub kind: NoticeKind,
}

/// What notices are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Your second factor was reset.
    SecondFactorReset,
    /// Your second factor was enabled.
    SecondFactorEnabled,
    /// Your second factor was disabled.
    SecondFactorDisabled,
    /// Your backup codes were replaced.
    BackupCodesRenewed,
    /// Your password was changed.
    PasswordChanged,
    /// Your backup codes are void, because the workspace was restored: make new ones.
    BackupCodesVoid,
    /// The recovery kit of the workspace was used.
    KitUsed,
    /// Your account was unlocked.
    Unlocked,
    /// Your roles were changed.
    RolesChanged,
    /// Your account was deactivated.
    Deactivated,
    /// Your account was reactivated.
    Reactivated,
    /// All your sessions were ended.
    SignedOutEverywhere,
    /// A code to choose another password was issued for you.
    PasswordCodeIssued,
    /// An authenticator was added to yours.
    AuthenticatorAdded,
    /// One of your authenticators was removed.
    AuthenticatorRemoved,
    /// A token was assigned to you.
    TokenAssigned,
}

impl NoticeKind {
    /// Its text at rest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SecondFactorReset => "factor-reset",
            Self::SecondFactorEnabled => "factor-enabled",
            Self::SecondFactorDisabled => "factor-disabled",
            Self::BackupCodesRenewed => "backup-codes-renewed",
            Self::PasswordChanged => "password-changed",
            Self::BackupCodesVoid => "backup-codes-void",
            Self::KitUsed => "kit-used",
            Self::Unlocked => "unlocked",
            Self::RolesChanged => "roles-changed",
            Self::Deactivated => "deactivated",
            Self::Reactivated => "reactivated",
            Self::SignedOutEverywhere => "signed-out-everywhere",
            Self::PasswordCodeIssued => "password-code-issued",
            Self::AuthenticatorAdded => "authenticator-added",
            Self::AuthenticatorRemoved => "authenticator-removed",
            Self::TokenAssigned => "token-assigned",
        }
    }
}
