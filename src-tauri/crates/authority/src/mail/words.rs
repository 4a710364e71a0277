//! Between the words of the rules and those of the wire.

use domain::{
    NoticeKind,
    mail::{
        Security,
        outbox::{Failure, MailState},
    },
};
use wire::mail::{self, MailCount, MailFailure, MailSecurity};

use crate::store::MailCounted;

macro_rules! same {
    ($name:ident: $from:ty, $to:ty, $($word:ident),+ $(,)?) => {
        pub(crate) fn $name(word: $from) -> $to {
            match word { $(<$from>::$word => <$to>::$word),+ }
        }
    };
}

same!(security: Security, MailSecurity, Starttls, Tls);
same!(failure: Failure, MailFailure,
    CannotReach, Tls, RefusedPassword, RefusedSender, RefusedAddress, RefusedMessage, Busy, BrokeOff, Full, PasswordUnreadable, TooLate,
    Overtaken, MailOff);
same!(of_wire: MailFailure, Failure,
    CannotReach, Tls, RefusedPassword, RefusedSender, RefusedAddress, RefusedMessage, Busy, BrokeOff, Full, PasswordUnreadable, TooLate,
    Overtaken, MailOff);

pub(crate) fn state(state: MailState) -> mail::MailState {
    match state {
        MailState::Waiting { .. } => mail::MailState::Waiting,
        MailState::Sending => mail::MailState::Sending,
        MailState::Sent => mail::MailState::Sent,
        MailState::Uncertain => mail::MailState::Uncertain,
        MailState::Failed => mail::MailState::Failed,
        MailState::Letter => mail::MailState::Letter,
        MailState::HandedOver { .. } => mail::MailState::HandedOver,
    }
}

/// The text at rest of each state.
pub(crate) const STATES: [(mail::MailState, &str); 7] = [
    (mail::MailState::Waiting, "waiting"),
    (mail::MailState::Sending, "sending"),
    (mail::MailState::Sent, "sent"),
    (mail::MailState::Uncertain, "uncertain"),
    (mail::MailState::Failed, "failed"),
    (mail::MailState::Letter, "letter"),
    (mail::MailState::HandedOver, "handed-over"),
];

pub(crate) fn at_rest(state: mail::MailState) -> &'static str {
    STATES.iter().find(|(each, _)| *each == state).map_or("", |(_, text)| text)
}

/// A count of a state that this program does not know is left out.
pub(crate) fn count(counted: &MailCounted) -> Option<MailCount> {
    let (state, _) = STATES.iter().find(|(_, text)| *text == counted.state)?;
    let reason = counted.failure.as_deref().and_then(|text| Failure::ALL.iter().find(|(_, each)| *each == text));
    Some(MailCount { state: *state, failure: reason.map(|(reason, _)| failure(*reason)), count: counted.count })
}

pub(crate) fn kind(kind: NoticeKind) -> mail::NoticeKind {
    use mail::NoticeKind as Word;
    match kind {
        NoticeKind::SecondFactorReset => Word::FactorReset,
        NoticeKind::SecondFactorEnabled => Word::FactorEnabled,
        NoticeKind::SecondFactorDisabled => Word::FactorDisabled,
        NoticeKind::BackupCodesRenewed => Word::BackupCodesRenewed,
        NoticeKind::BackupCodesFew => Word::BackupCodesFew,
        NoticeKind::BackupCodesVoid => Word::BackupCodesVoid,
        NoticeKind::PasswordChanged => Word::PasswordChanged,
        NoticeKind::PasswordCodeIssued => Word::PasswordCodeIssued,
        NoticeKind::PasswordCode => Word::PasswordCode,
        NoticeKind::Invitation => Word::Invitation,
        NoticeKind::RecoveryCodeUsed => Word::RecoveryCodeUsed,
        NoticeKind::KitUsed => Word::KitUsed,
        NoticeKind::OwnerRecovered => Word::OwnerRecovered,
        NoticeKind::Unlocked => Word::Unlocked,
        NoticeKind::RolesChanged => Word::RolesChanged,
        NoticeKind::Deactivated => Word::Deactivated,
        NoticeKind::Reactivated => Word::Reactivated,
        NoticeKind::SignedOutEverywhere => Word::SignedOutEverywhere,
        NoticeKind::AuthenticatorAdded => Word::AuthenticatorAdded,
        NoticeKind::AuthenticatorRemoved => Word::AuthenticatorRemoved,
        NoticeKind::TokenAssigned => Word::TokenAssigned,
        NoticeKind::EmailChanged => Word::EmailChanged,
        NoticeKind::SecondEmailSet => Word::SecondEmailSet,
        NoticeKind::SecondEmailRemoved => Word::SecondEmailRemoved,
        NoticeKind::ReportedNotMe => Word::ReportedNotMe,
        NoticeKind::DevicePaired => Word::DevicePaired,
        NoticeKind::OfflineCodeUsed => Word::OfflineCodeUsed,
        NoticeKind::OfflineCodeRepeated => Word::OfflineCodeRepeated,
        NoticeKind::DeviceLost => Word::DeviceLost,
        NoticeKind::Test => Word::Test,
    }
}
