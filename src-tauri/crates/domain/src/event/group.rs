//! Kinds that are looked for together.

use super::EventKind;

/// What somebody looks for who does not know the kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventGroup {
    /// Coming in, locking, leaving, and being kept out.
    SignIns,
    /// Authenticators, and what becomes of the second factor.
    SecondFactor,
    /// Codes that were made, issued or used, and passwords. Most of them are in other groups too.
    Codes,
    /// People, their roles, owners and communities.
    People,
    /// Cases, requests for help, and the checklist.
    Support,
    /// What the workspace asks of everybody.
    Policies,
    /// Hardware tokens and other inventory.
    Tokens,
    /// Lists that came in or went out.
    Imports,
    /// The vault, its keys, its kit, backups and the journal itself.
    Workspace,
    /// Mail and other notices.
    Mail,
    /// What was tried without the role for it.
    Refusals,
}

impl EventGroup {
    /// Every group, in the order in which they are offered.
    pub const ALL: &'static [Self] = &[
        Self::SignIns,
        Self::SecondFactor,
        Self::Codes,
        Self::People,
        Self::Support,
        Self::Policies,
        Self::Tokens,
        Self::Imports,
        Self::Workspace,
        Self::Mail,
        Self::Refusals,
    ];

    /// Its word in the catalogues of the window.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::SecondFactor => "second-factor",
            Self::Codes => "codes",
            Self::People => "people",
            Self::Support => "support",
            Self::Policies => "policies",
            Self::Tokens => "tokens",
            Self::Imports => "imports",
            Self::Workspace => "workspace",
            Self::Mail => "mail",
            Self::Refusals => "refusals",
        }
    }
}

impl EventKind {
    /// The group that it is in, by the first word of its text.
    #[must_use]
    pub fn group(self) -> EventGroup {
        match self.as_str().split('.').next().unwrap_or_default() {
            "offline" => EventGroup::Codes,
            "sign-in" | "session" | "check" => EventGroup::SignIns,
            "factor" => EventGroup::SecondFactor,
            "password" => EventGroup::Codes,
            "case" | "help" | "support" | "report" => EventGroup::Support,
            "policy" => EventGroup::Policies,
            "token" => EventGroup::Tokens,
            "import" => EventGroup::Imports,
            "mail" | "notice" | "delivery" | "outbox" => EventGroup::Mail,
            "gate" => EventGroup::Refusals,
            "workspace" | "vault" | "kit" | "console" | "device" | "journal" | "backup" | "client" => EventGroup::Workspace,
            // People, persons, roles, owners, communities; and whatever is new is about somebody.
            _ => EventGroup::People,
        }
    }

    /// Another group that it is looked for in as well.
    #[must_use]
    pub fn also(self) -> Option<EventGroup> {
        match self {
            Self::BackupCodesRenewed
            | Self::BackupCodesSaved
            | Self::SignedInWithBackupCode
            | Self::CheckedBackupCode
            | Self::RecoveryClaimed
            | Self::SecondFactorReset
            | Self::PersonInvited
            | Self::InvitationRenewed => Some(EventGroup::Codes),
            Self::OfflineCodeUsed | Self::OfflineCodeTold => Some(EventGroup::Support),
            Self::PersonImported | Self::PersonImportUndone | Self::PeopleExported | Self::TokensImported | Self::TokenImportUndone => {
                Some(EventGroup::Imports)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_but_mail_has_kinds_and_the_kinds_are_where_they_are_looked_for() {
        for group in EventGroup::ALL {
            let kinds = EventKind::ALL.iter().filter(|kind| kind.group() == *group).count();
            assert!(kinds > 0 || *group == EventGroup::Mail, "{group:?}");
        }
        for (kind, group) in [
            (EventKind::FailuresLocked, EventGroup::SignIns),
            (EventKind::AuthenticatorAdded, EventGroup::SecondFactor),
            (EventKind::PasswordCodeIssued, EventGroup::Codes),
            (EventKind::SecondFactorReset, EventGroup::SecondFactor),
            (EventKind::RoleGiven, EventGroup::People),
            (EventKind::CommunityMade, EventGroup::People),
            (EventKind::HelpAsked, EventGroup::Support),
            (EventKind::BackupTaken, EventGroup::Workspace),
            (EventKind::DevicePaired, EventGroup::Workspace),
            (EventKind::Refused, EventGroup::Refusals),
        ] {
            assert_eq!(kind.group(), group, "{kind:?}");
        }
        assert_eq!(EventKind::SignedInWithBackupCode.group(), EventGroup::SignIns);
        assert_eq!(EventKind::SignedInWithBackupCode.also(), Some(EventGroup::Codes));
        assert!(EventKind::ALL.iter().all(|kind| kind.also() != Some(kind.group())), "once in each");
    }
}
