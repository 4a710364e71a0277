//! Which records an event may have changed: what a replica is told anew of when it is told of the entry.

use super::EventKind;

/// Which records to read again after an event. Of people: whoever did it, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touches {
    /// None that a replica has.
    Nothing,
    /// The accounts of its actor and its subject, with what waits for them on the support desk.
    People,
    /// These, and the workspace's own record.
    PeopleAndWorkspace,
    /// These, and the communities.
    PeopleAndCommunities,
    /// Everything: nobody can say of whom.
    Everything,
}

impl EventKind {
    /// Which records it may have changed.
    #[must_use]
    pub fn touches(self) -> Touches {
        match self {
            // Not even a proof of its actor came before: the program did it of itself, or nothing was changed.
            Self::ConsoleReplacedKey => Touches::Nothing,
            Self::PersonInvited
            | Self::InvitationRenewed
            | Self::HandedOver
            | Self::InvitationAccepted
            | Self::SignedInWithPassword
            | Self::SignedInWithAuthenticator
            | Self::SignedInWithBackupCode
            | Self::RecoveryClaimed
            | Self::FailuresLocked
            | Self::CheckedAuthenticator
            | Self::CheckedBackupCode
            | Self::CheckLocked
            | Self::SignedOut
            | Self::SessionLocked
            | Self::SessionUnlocked
            | Self::AuthenticatorAdded
            | Self::BackupCodesRenewed
            | Self::BackupCodesSaved
            | Self::SecondFactorDisabled
            | Self::SecondFactorReset
            | Self::PasswordChanged
            | Self::PasswordCodeIssued
            | Self::PasswordReset
            | Self::AuthenticatorRenamed
            | Self::AuthenticatorRemoved
            | Self::PreferredChanged
            | Self::KeyringAdded
            | Self::KeyringRemoved
            | Self::PassphraseChanged
            | Self::KeyChanged
            | Self::OlderCopyRemoved
            | Self::JournalExported
            | Self::RoleGiven
            | Self::RoleTaken
            | Self::EmailChanged
            | Self::SecondEmailSet
            | Self::SecondEmailRemoved
            | Self::NameCorrected
            | Self::PasswordCodeMailed
            | Self::Deactivated
            | Self::Reactivated
            | Self::SignedOutEverywhere
            | Self::MarkedElsewhere
            | Self::UnmarkedElsewhere
            | Self::Unlocked
            | Self::CaseOpened
            | Self::CaseApproved
            | Self::CaseWithdrawn
            | Self::CaseVoided
            | Self::CaseCarriedOut
            | Self::HelpAsked
            | Self::HelpDismissed
            | Self::PersonImported
            | Self::PersonImportUndone
            | Self::PeopleImported
            | Self::ImportUndone
            | Self::TokensImported
            | Self::TokenImportUndone
            | Self::TokenAssigned
            | Self::TokenUnassigned
            | Self::TokenActivated
            | Self::TokenRetired
            | Self::TokenResynchronised
            | Self::MailTested
            | Self::NoticeResent
            | Self::NoticeHandedOver
            | Self::NotMeReported
            | Self::ReportSettled
            | Self::DeviceInvited
            | Self::DevicePaired
            | Self::DeviceRevoked
            | Self::DeviceLostTold
            | Self::OfflineGranted
            | Self::OfflineCodeUsed
            | Self::OfflineCodeTold
            | Self::OfflineCodeRefused
            | Self::OfflineCodeVoided
            | Self::PeopleExported
            | Self::Refused => Touches::People,
            Self::PassphraseChangedByKit
            | Self::KitBegun
            | Self::KitKept
            | Self::KitRenewed
            | Self::KitGone
            | Self::KitOpenedVault
            | Self::OwnerRecovered
            | Self::KitApprovedCase
            | Self::ConsoleRecoveredOwner
            | Self::JournalKeyMade
            | Self::ClientAdded
            | Self::ClientRemoved
            | Self::BackupTaken
            | Self::WorkspaceMovedAway
            | Self::WorkspaceMoveCalledOff
            | Self::WorkspaceMovedOut
            | Self::WorkspaceMoveOutCalledOff
            | Self::PolicyChanged
            | Self::OwnerMade
            | Self::OwnerUnmade
            | Self::ChecklistChanged
            | Self::MailSet
            | Self::MailRemoved => Touches::PeopleAndWorkspace,
            Self::CommunityPolicyChanged | Self::CommunityMade | Self::CommunityRenamed | Self::CommunityRemoved => {
                Touches::PeopleAndCommunities
            }
            Self::WorkspaceCreated | Self::WorkspaceRestored | Self::WorkspaceMovedHere | Self::PersonErased => Touches::Everything,
        }
    }
}

impl Touches {
    /// Whether the workspace's own record.
    #[must_use]
    pub fn workspace(self) -> bool {
        matches!(self, Self::PeopleAndWorkspace | Self::Everything)
    }

    /// Whether the communities.
    #[must_use]
    pub fn communities(self) -> bool {
        matches!(self, Self::PeopleAndCommunities | Self::Everything)
    }
}
