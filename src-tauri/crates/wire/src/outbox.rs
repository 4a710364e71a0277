//! The outbox of a desktop: changes that can wait for the server, and the verdicts on them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Refusal, RefusalCode, Request, Response,
    address::CorrectName,
    people::PersonName,
    seam::UseCaseName,
    support::{DismissRequest, SetChecklist, WithdrawCase},
};

/// The header with the key of an operation, which is done once however often it arrives.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

macro_rules! can_wait {
    ($($request:ident),+ $(,)?) => {
        /// What can wait for the server. There is no secret in any of it, and nobody proves anything with it.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(tag = "what", content = "request", rename_all = "kebab-case")]
        #[allow(missing_docs)]
        pub enum CanWait { $($request($request)),+ }

        impl CanWait {
            /// Takes a request that can wait.
            ///
            /// # Errors
            /// The request, if it cannot.
            #[allow(clippy::result_large_err)]
            pub fn of(request: Request) -> Result<Self, Request> {
                match request {
                    $(Request::$request(request) => Ok(Self::$request(request)),)+
                    other => Err(other),
                }
            }
        }

        impl CanWait {
            /// The reply that it waits.
            #[must_use]
            pub const fn reply_kept(&self) -> Response {
                match self { $(Self::$request(_) => Response::$request(Settled { waits: true })),+ }
            }
        }

        impl From<CanWait> for Request {
            fn from(waiting: CanWait) -> Self {
                match waiting { $(CanWait::$request(request) => Self::$request(request)),+ }
            }
        }

        /// Whether requests of this name can wait.
        #[must_use]
        pub const fn can_wait(name: UseCaseName) -> bool {
            matches!(name, $(UseCaseName::$request)|+)
        }

        words! {
            /// What somebody asked for that waits.
            #[allow(missing_docs)]
            enum WaitingKind { $($request),+ }
        }

        impl CanWait {
            /// What it is.
            #[must_use]
            pub const fn kind(&self) -> WaitingKind {
                match self { $(Self::$request(_) => WaitingKind::$request),+ }
            }
        }
    };
}

can_wait! { CorrectName, SetChecklist, DismissRequest, WithdrawCase }

/// Whether a refusal decides what was asked for. What says that nothing could be decided now is asked again, with the same key.
#[must_use]
pub const fn decides(code: RefusalCode) -> bool {
    use RefusalCode as Code;
    !matches!(
        code,
        Code::SessionEnded
            | Code::SessionIdle
            | Code::SessionStage
            | Code::DeviceUnknown
            | Code::DeviceRevoked
            | Code::NoWorkspace
            | Code::Busy
            | Code::DiskFull
            | Code::ReadOnly
            | Code::Stopped
            | Code::Unexpected
            | Code::VaultDamaged
            // Of no server, but of the way to it.
            | Code::Offline
            | Code::AnswerLost
            | Code::ServerKeyChanged
            | Code::ServerUntrusted
            | Code::ServerClock
            | Code::ServerStrange
            | Code::ServerDiffers
            | Code::ServerTooMuch
    )
}

words! {
    /// Where a change of the outbox stands.
    enum WaitingState {
        /// It was not sent yet.
        Waiting,
        /// It was sent, and the answer did not come. It is sent again, and done once.
        Sent,
        /// It was carried out.
        Accepted,
        /// It was refused.
        Refused,
    }
}

requests! {
    /// Reads the outbox of this desktop.
    struct ReadWaiting {}
    /// Sends what waits.
    struct SendWaiting {}
    /// Takes a change out of the outbox: one that was decided, or that was never sent.
    struct PutAside {
        /// Which.
        pub key: Uuid,
    }
    /// Asks anew for what was refused.
    struct AskAgain {
        /// Which.
        pub key: Uuid,
    }
}

shapes! {
    /// What was asked for was done, or waits.
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    struct Settled {
        /// Whether it waits in the outbox of this desktop. A server never says so.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "bindings", ts(optional, as = "Option<bool>"))]
        pub waits: bool,
    }
    /// A change of the outbox.
    struct WaitingRow {
        /// By what it is known.
        pub key: Uuid,
        /// What it is.
        pub kind: WaitingKind,
        /// About whom, where the desktop knows them.
        pub person: Option<PersonName>,
        /// The words of it: the name, or what staff are to check.
        pub words: Vec<String>,
        /// When it was made.
        pub made_at: i64,
        /// Where it stands.
        pub state: WaitingState,
        /// Why it was refused, or could not be sent.
        pub refusal: Option<Refusal>,
        /// Which entry of the journal tells of it, once it was accepted and if any does.
        pub journalled: Option<u64>,
    }
    /// The outbox of this desktop.
    struct Waiting {
        /// In the order in which they were made.
        pub rows: Vec<WaitingRow>,
        /// How many are yet to be decided.
        pub undecided: u32,
    }
}
