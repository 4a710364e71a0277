//! Refusals over HTTP: problem details (RFC 9457) with the closed code, and a sentence for whoever asked.

use authority::{Surroundings, System};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use wire::{Refusal, RefusalCode, window::Language};

use crate::words;

/// What a refusal is called: `urn:sallyport:refusal:<code>`; what HTTP itself refuses: `urn:sallyport:request:<code>`.
const REFUSAL: &str = "urn:sallyport:refusal:";
const REQUEST: &str = "urn:sallyport:request:";
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");
/// Seconds to wait after "busy".
const BUSY: i64 = 1;

/// What is wrong with a request before any use case looked at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NoSuchPath,
    Method,
    MediaType,
    /// Of what may be a form, too.
    FormMediaType,
    /// A code in an address.
    InAddress,
    Malformed,
    TooLarge,
    TooSlow,
    Authorization,
    /// No key of an operation, or one where there can be none.
    IdempotencyKey,
}

impl Fault {
    pub(crate) const ALL: [Self; 9] = [
        Self::NoSuchPath,
        Self::Method,
        Self::MediaType,
        Self::FormMediaType,
        Self::InAddress,
        Self::Malformed,
        Self::TooLarge,
        Self::TooSlow,
        Self::Authorization,
    ];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NoSuchPath => "no-such-path",
            Self::Method | Self::InAddress => "method-not-allowed",
            Self::MediaType | Self::FormMediaType => "media-type",
            Self::Malformed => "malformed",
            Self::TooLarge => "too-large",
            Self::TooSlow => "too-slow",
            Self::Authorization => "authorization",
            Self::IdempotencyKey => "idempotency-key",
        }
    }

    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoSuchPath => StatusCode::NOT_FOUND,
            Self::Method | Self::InAddress => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType | Self::FormMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Malformed | Self::IdempotencyKey => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Authorization => StatusCode::UNAUTHORIZED,
        }
    }

    fn sentence(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::En, Self::NoSuchPath) => "There is nothing under this address.",
            (Language::Fr, Self::NoSuchPath) => "Il n’y a rien à cette adresse.",
            (Language::En, Self::Method) => "This address is asked in another way: use cases take POST.",
            (Language::Fr, Self::Method) => "Cette adresse se demande autrement\u{a0}: les cas d’usage attendent POST.",
            (Language::En, Self::MediaType) => "The body must be JSON, and say so: Content-Type application/json.",
            (Language::Fr, Self::MediaType) => "Le corps doit être en JSON et le dire\u{a0}: Content-Type application/json.",
            (Language::En, Self::FormMediaType) => {
                "The body must be a form or JSON, and say so: application/x-www-form-urlencoded or application/json."
            }
            (Language::Fr, Self::FormMediaType) => {
                "Le corps doit être un formulaire ou du JSON et le dire\u{a0}: application/x-www-form-urlencoded ou application/json."
            }
            (Language::En, Self::InAddress) => "A code does not belong in an address, which logs keep: ask by POST.",
            (Language::Fr, Self::InAddress) => {
                "Un code n’a pas sa place dans une adresse, que les journaux conservent\u{a0}: demandez par POST."
            }
            (Language::En, Self::Malformed) => "The body is cut short, or not in the shape of this request.",
            (Language::Fr, Self::Malformed) => "Le corps est tronqué, ou n’a pas la forme de cette requête.",
            (Language::En, Self::TooLarge) => "The body is larger than this request may be.",
            (Language::Fr, Self::TooLarge) => "Le corps est plus grand que cette requête ne peut l’être.",
            (Language::En, Self::TooSlow) => "The request took too long and was given up. Ask what became of it before you send it again.",
            (Language::Fr, Self::TooSlow) => {
                "La requête a pris trop de temps et a été abandonnée. Demandez ce qu’elle est devenue avant de l’envoyer de nouveau."
            }
            (Language::En, Self::Authorization) => "The Authorization header is not “Bearer” and a session token.",
            (Language::En, Self::IdempotencyKey) => {
                "The Idempotency-Key header is not one UUID of version 7, or this request takes none: only some do, of paired desktops."
            }
            (Language::Fr, Self::IdempotencyKey) => {
                "L’en-tête Idempotency-Key n’est pas un seul UUID de version 7, ou cette requête n’en prend pas\u{a0}: seules certaines en prennent, des ordinateurs appairés."
            }
            (Language::Fr, Self::Authorization) => "L’en-tête Authorization n’est pas «\u{a0}Bearer\u{a0}» suivi d’un jeton de session.",
        }
    }

    pub(crate) fn told(self, language: Language) -> Problem {
        let kind = format!("{REQUEST}{}", self.code());
        let (status, detail) = (self.status(), self.sentence(language).to_owned());
        Problem {
            kind,
            title: title(status),
            status: status.as_u16(),
            detail,
            code: self.code().into(),
            at: None,
            number: None,
            wait: None,
        }
    }
}

/// Why what was asked has no answer.
pub(crate) enum Failed {
    Fault(Fault),
    Refused(Refusal),
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<RefusalCode> for Failed {
    fn from(code: RefusalCode) -> Self {
        Self::Refused(code.into())
    }
}

impl Failed {
    pub(crate) fn told(&self, language: Language) -> Problem {
        match self {
            Self::Fault(fault) => fault.told(language),
            Self::Refused(refusal) => Problem::of(refusal, language, System.now().0),
        }
    }
}

/// The body of a problem.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    pub(crate) detail: String,
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    /// Seconds, for `Retry-After`.
    #[serde(skip)]
    wait: Option<i64>,
}

impl Problem {
    /// A refusal, as it is told at this moment.
    pub(crate) fn of(refusal: &Refusal, language: Language, now: i64) -> Self {
        let code = serde_json::to_value(refusal.code).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default();
        let status = status(refusal.code);
        let wait = match (status, refusal.at) {
            (StatusCode::TOO_MANY_REQUESTS, Some(at)) => Some((at - now).max(1)),
            (StatusCode::SERVICE_UNAVAILABLE, _) => Some(BUSY),
            _ => None,
        };
        let detail = words::sentence(language, refusal);
        let (at, number) = (refusal.at, refusal.number);
        Self { kind: format!("{REFUSAL}{code}"), title: title(status), status: status.as_u16(), detail, code, at, number, wait }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        if let Some(wait) = self.wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 §15.5.2: it says how one is authorised.
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn title(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or_default()
}

/// The status of a refusal: the family that its code belongs to.
#[must_use]
pub fn status(code: RefusalCode) -> StatusCode {
    use RefusalCode as Code;
    match code {
        // Whoever asks is not, or no longer, signed in.
        Code::SessionEnded
        | Code::SessionIdle
        | Code::ClientUnknown
        | Code::CheckRefused
        | Code::DeviceUnknown
        | Code::DeviceRevoked
        | Code::MoveCodeWrong => StatusCode::UNAUTHORIZED,
        // They are, and this is not for them.
        Code::NotAllowed
        | Code::NotOnServer
        | Code::OnlyOnServer
        | Code::SessionStage
        | Code::OnSelf
        | Code::OwnCase
        | Code::SamePerson
        | Code::TakesTwo
        | Code::DoubleLoss
        | Code::RoleTooYoung
        | Code::ApprovalNeedsFactor
        | Code::DisableForbidden
        | Code::BackupCodesOff
        | Code::AccountDeactivated
        | Code::SignsInElsewhere
        | Code::MethodDisabled
        | Code::SecondEffectAfterReset
        | Code::SecondEffectAfterPasswordCode
        | Code::SecondEffectAfterReactivation
        | Code::SecondEffectAfterEmail
        | Code::SecondEffectAfterToken
        | Code::EntryNotOwn
        | Code::InDrill => StatusCode::FORBIDDEN,
        // It is not there, or not any more.
        Code::EnrolmentGone
        | Code::AuthenticatorGone
        | Code::TokenGone
        | Code::ClientGone
        | Code::NothingToShow
        | Code::DeviceGone
        | Code::NothingReported
        | Code::NoticeCodeGone
        | Code::KitMissing
        | Code::BackupMissing
        | Code::VaultMissing => StatusCode::NOT_FOUND,
        // Something else stands in the way as things are now.
        Code::EmailTaken
        | Code::EmailUnchanged
        | Code::AuthenticatorNameTaken
        | Code::CommunityNameTaken
        | Code::CommunityNotEmpty
        | Code::LastCommunity
        | Code::LastOwner
        | Code::LastAdministrator
        | Code::LastAuthenticator
        | Code::PreflightStale
        | Code::ChangedMeanwhile
        | Code::DeviceStillPaired
        | Code::OperationExpired
        | Code::ChecklistChanged
        | Code::CaseOpen
        | Code::CaseOver
        | Code::CaseExpired
        | Code::CaseVoid
        | Code::CaseUnapproved
        | Code::ErasureCaseWaits
        | Code::AlreadySignedIn
        | Code::AlreadyAsked
        | Code::NeverSignedIn
        | Code::NothingToReset
        | Code::NothingToUnlock
        | Code::ResetNeeded
        | Code::AccountOpen
        | Code::ClientNameTaken
        | Code::ClientsFull
        | Code::TokenNotFree
        | Code::TokenInUse
        | Code::TokenOutOfStep
        | Code::NoticeMoved
        | Code::MailNotSetUp
        | Code::NoFactor
        | Code::ImportUndone
        | Code::ImportMoved
        | Code::ImportFileChanged
        | Code::KitNotNeeded
        | Code::KitTooYoung
        | Code::KitNotKept
        | Code::WorkspaceMoving
        | Code::WorkspaceMoved
        | Code::WorkspaceMovedOut
        | Code::MoveMayHaveArrived
        | Code::MoveTaken
        | Code::MoveNotAwaited
        | Code::MoveOtherVersion
        | Code::MoveOutOfOrder
        | Code::MoveDiffers
        | Code::Stopped => StatusCode::CONFLICT,
        // Nothing is looked at before a moment.
        Code::Wait | Code::LockedOut => StatusCode::TOO_MANY_REQUESTS,
        // The server cannot, for now.
        Code::Busy | Code::DiskFull | Code::ReadOnly | Code::NoWorkspace => StatusCode::SERVICE_UNAVAILABLE,
        // The server cannot, and somebody must look at it.
        Code::Unexpected | Code::VaultDamaged | Code::VaultNewer => StatusCode::INTERNAL_SERVER_ERROR,
        // What was typed is not right.
        Code::WrongCredentials
        | Code::WrongPassword
        | Code::CodeEmpty
        | Code::CodeLength
        | Code::CodeDigits
        | Code::CodeMistyped
        | Code::CodeKind
        | Code::CodeWrong
        | Code::CodeUsed
        | Code::CodeVoid
        | Code::ClockDrift
        | Code::RecoveryExpired
        | Code::RecoveryExhausted
        | Code::OfflineCodeAhead
        | Code::OfflineCodeVoid
        | Code::OfflineCodeUnfit
        | Code::OfflineNoGrant
        | Code::OfflineGrantOver
        | Code::OfflineBudgetSpent
        | Code::OfflineForbidden
        | Code::OfflineTakesTwo
        | Code::OfflineTooSoon
        | Code::OfflineClock
        | Code::InvitationExpired
        | Code::PasswordCodeWrong
        | Code::PasswordCodeExpired
        | Code::EnrolmentCodeWrong
        | Code::FactorNeeded
        | Code::TokenInStepAgain
        | Code::TokenCodeWrong
        | Code::RealmUnknown
        | Code::PolicyOutOfBounds
        | Code::PolicyLoosened
        | Code::PasswordCannotStandAlone
        | Code::PasswordTooShort
        | Code::PasswordTooLong
        | Code::PassphraseCommon
        | Code::PasswordCommon
        | Code::PasswordUnchanged
        | Code::PassphraseTooShort
        | Code::NameEmpty
        | Code::NameTooLong
        | Code::EmailInvalid
        | Code::CaseIncomplete
        | Code::ChecklistLength
        | Code::ImportEmpty
        | Code::ErasureNameDiffers
        | Code::ReportCodeWrong
        | Code::PairingCodeWrong
        | Code::OperationDiffers
        | Code::NoteEmpty
        | Code::MailHostInvalid
        | Code::MailUserInvalid
        | Code::MailPasswordNeeded
        | Code::VaultPassphraseWrong
        | Code::DeskPassphraseWrong
        | Code::VaultKitWrong
        | Code::KitMistyped
        | Code::WrongKit
        | Code::CaseKitWrong
        | Code::KeyringMissing
        | Code::KeyringEntryMissing
        | Code::KeyringLocked
        | Code::KeyringSilent
        | Code::KeyringEntryStays
        | Code::VaultInUse
        | Code::BackupStopped
        | Code::BackupReadOnly
        | Code::BackupDiskFull
        | Code::BackupInside
        | Code::NoBackup
        | Code::BackupNewer
        | Code::BackupDamaged
        | Code::BackupPassphraseWrong
        | Code::BackupKitWrong
        | Code::NameDiffers
        | Code::FileNotWritten
        | Code::ClipboardUnavailable
        | Code::CheckpointUnknown
        | Code::CheckpointAhead
        // A desktop's own: no server says so.
        | Code::MoveDiskFull
        | Code::Offline
        | Code::ReadingAlone
        | Code::OutboxFull
        | Code::AnswerLost
        | Code::ServerKeyChanged
        | Code::ServerUntrusted
        | Code::ServerClock
        | Code::ServerStrange
        | Code::ServerDiffers
        | Code::ServerTooMuch
        | Code::AddressInvalid
        | Code::AddressPlain => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_says_how_long_and_never_nothing() {
        let retry = |refusal: Refusal, now| {
            let response = Problem::of(&refusal, Language::En, now).into_response();
            response.headers().get(header::RETRY_AFTER).map(|value| value.to_str().expect("digits").to_owned())
        };
        let wait = || Refusal { at: Some(1_000), ..RefusalCode::Wait.into() };
        assert_eq!(retry(wait(), 940).as_deref(), Some("60"));
        assert_eq!(retry(wait(), 1_000).as_deref(), Some("1"), "a clock that is behind does not invite at once");
        assert_eq!(retry(RefusalCode::Busy.into(), 0).as_deref(), Some("1"));
        assert_eq!(retry(RefusalCode::NotAllowed.into(), 0), None);
    }

    #[test]
    fn a_problem_has_the_code_the_sentence_and_nothing_of_the_request() {
        let refusal = Refusal { number: Some(7), ..RefusalCode::CodeLength.into() };
        let problem = serde_json::to_value(Problem::of(&refusal, Language::En, 0)).expect("JSON");
        assert_eq!(problem["type"], "urn:sallyport:refusal:code-length");
        assert_eq!((problem["status"].as_u64(), problem["number"].as_i64()), (Some(422), Some(7)));
        assert!(problem["detail"].as_str().expect("a sentence").starts_with("No code has 7 characters."));
        assert!(problem.get("at").is_none());
    }
}
