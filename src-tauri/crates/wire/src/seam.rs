//! The seam: one call, behind which a local authority or a remote workspace stands.

use std::pin::Pin;

use secrecy::SecretSlice;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    Refusal, RefusalCode, account, address, backup, communities, device, erasure, evidence, feed, import, journal, keeping, mail, offline,
    outbox, people, person, policies, sign_in, support, tokens,
};

/// What the holder of a session has: 32 random bytes.
pub type SessionToken = SecretSlice<u8>;

/// A reply on its way.
pub type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, Refusal>> + Send + 'a>>;

/// A workspace, wherever its data lives.
pub trait Workspace: Send + Sync {
    /// Carries out one use case for the holder of a session. A session that a reply opened stands in
    /// [`Outcome::opened`].
    fn call<'a>(&'a self, session: Option<&'a SessionToken>, request: Request) -> Reply<'a, Outcome>;
}

/// A reply, the session that it opened, and the entry that tells of it.
#[derive(Debug)]
pub struct Outcome {
    /// The reply.
    pub response: Response,
    /// The token of a session that began with it.
    pub opened: Option<SessionToken>,
    /// The entry of the journal that tells what was done, if anything was.
    pub journalled: Option<u64>,
}

/// One use case: its request type knows its reply type.
pub trait UseCase: Into<Request> {
    /// What is answered.
    type Reply;

    /// Takes the reply out of a response.
    ///
    /// # Errors
    /// [`RefusalCode::Unexpected`] when the response answers another request.
    fn reply(response: Response) -> Result<Self::Reply, Refusal>;
}

macro_rules! use_cases {
    ($($request:ident: $module:ident => $reply_module:ident::$reply:ident),+ $(,)?) => {
        /// The name of every use case: as `kebab-case`, the last part of its path on a server.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs)]
        pub enum UseCaseName { $($request),+ }

        impl UseCaseName {
            /// Every use case there is.
            pub const ALL: &'static [Self] = &[$(Self::$request),+];

            /// Which part of the product it belongs to.
            #[cfg(feature = "schemas")]
            #[must_use]
            pub const fn part(self) -> &'static str {
                match self { $(Self::$request => stringify!($module)),+ }
            }

            /// The schemas of its request and of its reply.
            #[cfg(feature = "schemas")]
            pub fn schemas(self, requests: &mut schemars::SchemaGenerator, replies: &mut schemars::SchemaGenerator) -> [schemars::Schema; 2] {
                match self {
                    $(Self::$request => [requests.subschema_for::<$module::$request>(), replies.subschema_for::<$reply_module::$reply>()]),+
                }
            }

            /// Reads the request of this name.
            ///
            /// # Errors
            /// When it is not in the shape of that request.
            pub fn read<'de, D: Deserializer<'de>>(self, from: D) -> Result<Request, D::Error> {
                match self { $(Self::$request => $module::$request::deserialize(from).map(Request::$request)),+ }
            }

            /// Reads the reply to the request of this name.
            ///
            /// # Errors
            /// When it is not in the shape of that reply.
            pub fn read_reply<'de, D: Deserializer<'de>>(self, from: D) -> Result<Response, D::Error> {
                match self { $(Self::$request => $reply_module::$reply::deserialize(from).map(Response::$request)),+ }
            }
        }

        impl Request {
            /// Which use case it asks for.
            #[must_use]
            pub const fn name(&self) -> UseCaseName {
                match self { $(Self::$request(_) => UseCaseName::$request),+ }
            }
        }

        /// Every request there is, written as that request is.
        #[derive(Debug, Serialize)]
        #[serde(untagged)]
        #[allow(missing_docs)]
        pub enum Request { $($request($module::$request)),+ }

        /// The reply to the request of the same name, written as that reply is.
        #[derive(Debug, Serialize)]
        #[serde(untagged)]
        #[allow(missing_docs)]
        pub enum Response { $($request($reply_module::$reply)),+ }

        $(
            impl From<$module::$request> for Request {
                fn from(request: $module::$request) -> Self {
                    Self::$request(request)
                }
            }
            impl UseCase for $module::$request {
                type Reply = $reply_module::$reply;

                fn reply(response: Response) -> Result<Self::Reply, Refusal> {
                    match response {
                        Response::$request(reply) => Ok(reply),
                        _ => Err(RefusalCode::Unexpected.into()),
                    }
                }
            }
        )+
    };
}

use_cases! {
    SignIn: sign_in => sign_in::Step,
    GiveCode: sign_in => sign_in::Step,
    AcceptInvitation: sign_in => sign_in::Step,
    RedeemPasswordCode: sign_in => sign_in::Step,
    Unlock: sign_in => sign_in::Done,
    Lock: sign_in => sign_in::Done,
    SignOut: sign_in => sign_in::Done,
    Touch: sign_in => sign_in::Done,
    WhoAmI: sign_in => sign_in::Me,
    ReadProfile: account => account::Profile,
    BeginEnrolment: account => account::EnrolmentOffer,
    VerifyEnrolment: account => account::Enrolled,
    RenewBackupCodes: account => account::BackupCodes,
    NoteCodesSaved: account => sign_in::Done,
    RenameAuthenticator: account => sign_in::Done,
    PreferAuthenticator: account => sign_in::Done,
    RemoveAuthenticator: account => sign_in::Done,
    DisableSecondFactor: account => sign_in::Done,
    ChangePassword: account => sign_in::Done,
    ListPeople: people => people::PeoplePage,
    ReadReadiness: people => people::Readiness,
    ExportPeople: people => people::PeopleLines,
    Invite: people => people::IssuedCode,
    InviteAgain: people => people::IssuedCode,
    HandOver: people => people::IssuedCode,
    AllowImport: import => people::PersonName,
    CheckPeople: import => import::PeopleChecked,
    ImportPeople: import => import::ImportDone,
    ListImports: import => import::Imports,
    UndoImport: import => sign_in::Done,
    ResetSecondFactor: people => people::IssuedCode,
    AllowBackup: backup => sign_in::Done,
    ReadBackupRecord: backup => backup::BackupRecord,
    IssuePasswordCode: people => people::IssuedCode,
    ReadPerson: person => person::PersonView,
    ChangeRole: person => sign_in::Done,
    ChangeOwner: person => sign_in::Done,
    UnlockPerson: person => sign_in::Done,
    SignOutPerson: person => sign_in::Done,
    DeactivatePerson: person => sign_in::Done,
    ReactivatePerson: person => sign_in::Done,
    MarkElsewhere: person => sign_in::Done,
    ChangeEmail: address => address::EmailChanged,
    ChangeOwnEmail: address => sign_in::Done,
    SetSecondEmail: address => sign_in::Done,
    SetOwnSecondEmail: address => sign_in::Done,
    CorrectName: address => outbox::Settled,
    AskPasswordCode: address => sign_in::Done,
    ReadForgotten: address => address::Forgotten,
    UnmarkElsewhere: person => sign_in::Done,
    ReadErasure: erasure => erasure::ErasureView,
    ErasePerson: erasure => erasure::Erased,
    ListCommunities: communities => communities::Communities,
    MakeCommunity: communities => sign_in::Done,
    RenameCommunity: communities => sign_in::Done,
    RemoveCommunity: communities => sign_in::Done,
    ChangeVault: keeping => sign_in::Done,
    BeginKit: keeping => sign_in::Done,
    NoteKitKept: keeping => sign_in::Done,
    RecoverOwner: keeping => sign_in::Step,
    AcknowledgeKit: keeping => sign_in::Done,
    ReadPolicies: policies => policies::Policies,
    PreflightPolicy: policies => policies::Preflight,
    SavePolicy: policies => sign_in::Done,
    ReadDesk: support => support::Desk,
    ReadChecklist: support => support::Checklist,
    SetChecklist: support => outbox::Settled,
    OpenCase: support => support::CaseOpened,
    ApproveCase: support => support::CaseApproved,
    ApproveCaseByKit: support => support::CaseApproved,
    WithdrawCase: support => outbox::Settled,
    CarryOutCase: support => support::CaseCarriedOut,
    AskStaff: support => sign_in::Done,
    DismissRequest: support => outbox::Settled,
    CheckTokens: tokens => tokens::TokensChecked,
    ImportTokens: tokens => tokens::TokensImported,
    UndoTokenImport: tokens => sign_in::Done,
    ListTokens: tokens => tokens::TokensPage,
    AssignToken: tokens => sign_in::Done,
    UnassignToken: tokens => sign_in::Done,
    RetireToken: tokens => sign_in::Done,
    ReadOwnTokens: tokens => tokens::OwnTokens,
    ProveToken: tokens => account::Enrolled,
    ResyncToken: tokens => sign_in::Done,
    ReadJournal: journal => journal::JournalPage,
    SearchJournal: journal => journal::JournalFound,
    ReadSnapshot: feed => feed::SnapshotPage,
    ReadFeed: feed => feed::FeedPage,
    ReadEvidence: evidence => evidence::EvidenceView,
    TakeCheckpoint: evidence => evidence::CheckpointView,
    BeginVerification: evidence => evidence::LinesHead,
    BeginExport: evidence => evidence::LinesHead,
    ReadLines: evidence => evidence::Lines,
    ProveEntry: evidence => evidence::EntryProof,
    ReadMyActivity: journal => journal::JournalPage,
    ReadMail: mail => mail::MailView,
    SetMail: mail => sign_in::Done,
    RemoveMail: mail => sign_in::Done,
    SendTestMail: mail => mail::MailTestBegun,
    ReadOutbox: mail => mail::OutboxPage,
    ResendNotice: mail => sign_in::Done,
    ReadLetter: mail => mail::Letter,
    HandOverLetter: mail => sign_in::Done,
    ReportNotMe: mail => sign_in::Done,
    ReportEntry: mail => sign_in::Done,
    SettleReport: mail => sign_in::Done,
    PairDevice: device => device::Paired,
    InviteDevice: device => device::DeviceInvited,
    ListDevices: device => device::Devices,
    RevokeDevice: device => sign_in::Done,
    ReadLostDevice: device => device::LostDevice,
    TellLostDevice: device => device::LostTold,
    RenewGrant: offline => offline::GrantRenewed,
    ListOfflineCodes: offline => offline::OfflineCodes,
    VoidOfflineCode: offline => sign_in::Done,
}
