//! From the reasons of the inner crates to the closed codes of the wire.

use domain::{Refusal as Reason, code::FormError, effect::Effect};
use wire::{Refusal, RefusalCode as Code};

use crate::store::StoreError;

/// As a refusal of the rules crosses the seam.
#[must_use]
pub fn domain(reason: Reason) -> Refusal {
    let at = |code: Code, at: i64| Refusal { at: Some(at), ..code.into() };
    let number = |code: Code, number: i64| Refusal { number: Some(number), ..code.into() };
    match reason {
        Reason::Wait(until) => at(Code::Wait, until.0),
        Reason::LockedOut(until) => at(Code::LockedOut, until.0),
        Reason::CodeDigits(digits) => number(Code::CodeDigits, i64::try_from(digits).unwrap_or(i64::MAX)),
        Reason::CodeLength(symbols) => number(Code::CodeLength, i64::try_from(symbols).unwrap_or(i64::MAX)),
        Reason::ClockDrift(seconds) => number(Code::ClockDrift, seconds),
        Reason::SecondEffect(mark) => at(after(mark.effect), mark.at.0),
        Reason::KitTooYoung(until) => at(Code::KitTooYoung, until.0),
        Reason::RoleTooYoung(until) => at(Code::RoleTooYoung, until.0),
        Reason::OfflineCodeAhead(from) => at(Code::OfflineCodeAhead, from.0),
        Reason::AlreadyAsked(when) => at(Code::AlreadyAsked, when.0),
        other => plain(&other).into(),
    }
}

fn after(effect: Effect) -> Code {
    match effect {
        Effect::SecondFactor => Code::SecondEffectAfterReset,
        Effect::Password => Code::SecondEffectAfterPasswordCode,
        Effect::Reactivation => Code::SecondEffectAfterReactivation,
        Effect::Email => Code::SecondEffectAfterEmail,
        Effect::Token => Code::SecondEffectAfterToken,
    }
}

fn plain(reason: &Reason) -> Code {
    match reason {
        Reason::WrongCredentials => Code::WrongCredentials,
        Reason::WrongPassword => Code::WrongPassword,
        Reason::Wait(_) => Code::Wait,
        Reason::MethodDisabled => Code::MethodDisabled,
        Reason::CodeEmpty => Code::CodeEmpty,
        Reason::CodeLength(_) => Code::CodeLength,
        Reason::CodeDigits(_) => Code::CodeDigits,
        Reason::CodeMistyped => Code::CodeMistyped,
        Reason::CodeKind => Code::CodeKind,
        Reason::CodeWrong => Code::CodeWrong,
        Reason::CodeUsed => Code::CodeUsed,
        Reason::CodeVoid => Code::CodeVoid,
        Reason::ClockDrift(_) => Code::ClockDrift,
        Reason::RecoveryExpired => Code::RecoveryExpired,
        Reason::RecoveryExhausted => Code::RecoveryExhausted,
        Reason::OfflineCodeAhead(_) => Code::OfflineCodeAhead,
        Reason::OfflineCodeVoid => Code::OfflineCodeVoid,
        Reason::OfflineCodeUnfit => Code::OfflineCodeUnfit,
        Reason::OfflineForbidden => Code::OfflineForbidden,
        Reason::OfflineNoGrant => Code::OfflineNoGrant,
        Reason::InvitationExpired => Code::InvitationExpired,
        Reason::EnrolmentGone => Code::EnrolmentGone,
        Reason::EnrolmentCodeWrong => Code::EnrolmentCodeWrong,
        Reason::FactorNeeded => Code::FactorNeeded,
        Reason::TokenInStepAgain => Code::TokenInStepAgain,
        Reason::TokenOutOfStep => Code::TokenOutOfStep,
        Reason::TokenCodeWrong => Code::TokenCodeWrong,
        Reason::ClientNameTaken => Code::ClientNameTaken,
        Reason::ClientsFull => Code::ClientsFull,
        Reason::ClientGone => Code::ClientGone,
        Reason::TokenGone => Code::TokenGone,
        Reason::TokenNotFree => Code::TokenNotFree,
        Reason::TokenInUse => Code::TokenInUse,
        Reason::NoFactor => Code::NoFactor,
        Reason::AuthenticatorGone => Code::AuthenticatorGone,
        Reason::AuthenticatorNameTaken => Code::AuthenticatorNameTaken,
        Reason::LastAuthenticator => Code::LastAuthenticator,
        Reason::PasswordCodeWrong => Code::PasswordCodeWrong,
        Reason::PasswordCodeExpired => Code::PasswordCodeExpired,
        Reason::SecondEffect(mark) => after(mark.effect),
        Reason::DoubleLoss => Code::DoubleLoss,
        Reason::NeverSignedIn => Code::NeverSignedIn,
        Reason::DisableForbidden => Code::DisableForbidden,
        Reason::BackupCodesOff => Code::BackupCodesOff,
        Reason::PolicyOutOfBounds => Code::PolicyOutOfBounds,
        Reason::PolicyLoosened => Code::PolicyLoosened,
        Reason::PreflightStale => Code::PreflightStale,
        Reason::LastAdministrator => Code::LastAdministrator,
        Reason::PasswordCannotStandAlone => Code::PasswordCannotStandAlone,
        Reason::PasswordTooShort => Code::PasswordTooShort,
        Reason::PasswordTooLong => Code::PasswordTooLong,
        Reason::PassphraseTooShort => Code::PassphraseTooShort,
        Reason::PassphraseCommon => Code::PassphraseCommon,
        Reason::PasswordCommon => Code::PasswordCommon,
        Reason::PasswordUnchanged => Code::PasswordUnchanged,
        Reason::NameEmpty => Code::NameEmpty,
        Reason::NameTooLong => Code::NameTooLong,
        Reason::EmailInvalid => Code::EmailInvalid,
        Reason::EmailTaken => Code::EmailTaken,
        Reason::EmailUnchanged => Code::EmailUnchanged,
        Reason::NotAllowed => Code::NotAllowed,
        Reason::OnSelf => Code::OnSelf,
        Reason::TakesTwo => Code::TakesTwo,
        Reason::AccountDeactivated => Code::AccountDeactivated,
        Reason::SignsInElsewhere => Code::SignsInElsewhere,
        Reason::LockedOut(_) => Code::LockedOut,
        Reason::LastOwner => Code::LastOwner,
        Reason::NothingToUnlock => Code::NothingToUnlock,
        Reason::ResetNeeded => Code::ResetNeeded,
        Reason::CaseIncomplete => Code::CaseIncomplete,
        Reason::ChecklistChanged => Code::ChecklistChanged,
        Reason::ChecklistLength => Code::ChecklistLength,
        Reason::CaseOpen => Code::CaseOpen,
        Reason::CaseUnapproved => Code::CaseUnapproved,
        Reason::CaseOver => Code::CaseOver,
        Reason::CaseExpired => Code::CaseExpired,
        Reason::CaseVoid => Code::CaseVoid,
        Reason::OwnCase => Code::OwnCase,
        Reason::ApprovalNeedsFactor => Code::ApprovalNeedsFactor,
        Reason::RoleTooYoung(_) => Code::RoleTooYoung,
        Reason::AlreadyAsked(_) => Code::AlreadyAsked,
        Reason::CommunityNameTaken => Code::CommunityNameTaken,
        Reason::CommunityNotEmpty => Code::CommunityNotEmpty,
        Reason::LastCommunity => Code::LastCommunity,
        Reason::AlreadySignedIn => Code::AlreadySignedIn,
        Reason::NothingToReset => Code::NothingToReset,
        Reason::WrongKit => Code::WrongKit,
        Reason::KitMissing => Code::KitMissing,
        Reason::CaseKitWrong => Code::CaseKitWrong,
        Reason::KitNotNeeded => Code::KitNotNeeded,
        Reason::KitTooYoung(_) => Code::KitTooYoung,
        Reason::AccountOpen => Code::AccountOpen,
        Reason::ImportEmpty => Code::ImportEmpty,
        Reason::ImportUndone => Code::ImportUndone,
        Reason::ImportMoved => Code::ImportMoved,
        Reason::ReportCodeWrong => Code::ReportCodeWrong,
        Reason::NothingReported => Code::NothingReported,
        Reason::NoteEmpty => Code::NoteEmpty,
        Reason::EntryNotOwn => Code::EntryNotOwn,
        Reason::MailHostInvalid => Code::MailHostInvalid,
        Reason::MailUserInvalid => Code::MailUserInvalid,
        Reason::MailPasswordNeeded => Code::MailPasswordNeeded,
        Reason::MailNotSetUp => Code::MailNotSetUp,
        Reason::NoticeMoved => Code::NoticeMoved,
        Reason::NoticeCodeGone => Code::NoticeCodeGone,
        Reason::ErasureNameDiffers => Code::ErasureNameDiffers,
        Reason::ErasureCaseWaits => Code::ErasureCaseWaits,
        Reason::WorkspaceMoving => Code::WorkspaceMoving,
        Reason::WorkspaceMoved => Code::WorkspaceMoved,
        Reason::WorkspaceMovedOut => Code::WorkspaceMovedOut,
        Reason::SamePerson => Code::SamePerson,
        Reason::MoveMayHaveArrived => Code::MoveMayHaveArrived,
        Reason::PairingCodeWrong => Code::PairingCodeWrong,
        Reason::DeviceUnknown => Code::DeviceUnknown,
        Reason::DeviceRevoked => Code::DeviceRevoked,
        Reason::DeviceStillPaired => Code::DeviceStillPaired,
        Reason::DeviceGone => Code::DeviceGone,
        Reason::OperationDiffers => Code::OperationDiffers,
        Reason::OperationExpired => Code::OperationExpired,
        Reason::ChangedMeanwhile => Code::ChangedMeanwhile,
        Reason::OnlyOnServer => Code::OnlyOnServer,
        Reason::SessionEnded => Code::SessionEnded,
        Reason::SessionIdle => Code::SessionIdle,
        Reason::SessionStage => Code::SessionStage,
    }
}

/// The code alone, for reasons that explain a button.
pub(crate) fn code(reason: Reason) -> Code {
    domain(reason).code
}

pub(crate) fn form(error: FormError) -> Refusal {
    domain(match error {
        FormError::Empty => Reason::CodeEmpty,
        FormError::Length { symbols } => Reason::CodeLength(symbols),
        FormError::Mistyped => Reason::CodeMistyped,
    })
}

/// As a fault of the store crosses the seam: what is behind it goes to the log.
#[must_use]
pub fn store(error: StoreError) -> Refusal {
    match error {
        StoreError::DiskFull => Code::DiskFull.into(),
        StoreError::ReadOnly => Code::ReadOnly.into(),
        StoreError::Damaged(what) => {
            tracing::error!(what, "the store is damaged");
            Code::VaultDamaged.into()
        }
        StoreError::Failed(why) => {
            tracing::error!(why, "the store failed");
            Code::Unexpected.into()
        }
    }
}
