//! Settings → Mail, the outbox, and "this was not me".

use secrecy::SecretString;
use uuid::Uuid;

use crate::{ShownOnce, people::PersonName, proof::Proof, window::Language};

words! {
    /// How the connection to a mail server is protected. There is no plain one.
    enum MailSecurity {
        /// Begins in the clear, and speaks TLS before anything else is said.
        Starttls,
        /// TLS from the first byte.
        Tls,
    }
    /// What a notice is about.
    enum NoticeKind {
        /// Staff reset your second factor.
        FactorReset,
        /// Your second factor was enabled.
        FactorEnabled,
        /// Your second factor was disabled.
        FactorDisabled,
        /// Your backup codes were replaced.
        BackupCodesRenewed,
        /// Few of your backup codes are left: word `left`.
        BackupCodesFew,
        /// Your backup codes are void, because the workspace was restored.
        BackupCodesVoid,
        /// Your password was changed.
        PasswordChanged,
        /// Staff issued a code for you to choose another password with.
        PasswordCodeIssued,
        /// The code to choose another password with that you asked for. Carries it.
        PasswordCode,
        /// You are invited. Carries the invitation code.
        Invitation,
        /// Your recovery code was used.
        RecoveryCodeUsed,
        /// The recovery kit of the workspace was used. To administrators and owners.
        KitUsed,
        /// An owner was let in again from the console of the server: words `name` and `email`. To administrators and owners.
        OwnerRecovered,
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
        /// An authenticator was added: word `name`, where it is known.
        AuthenticatorAdded,
        /// An authenticator was removed: word `name`, where it is known.
        AuthenticatorRemoved,
        /// A token was assigned to you.
        TokenAssigned,
        /// Your e-mail address was changed. Goes to the old one too: word `email` is the new one.
        EmailChanged,
        /// A second address for your notices was set: word `email`.
        SecondEmailSet,
        /// The second address for your notices was removed.
        SecondEmailRemoved,
        /// Somebody says that something on their account was not them. To administrators and owners: words `name` and `email`.
        ReportedNotMe,
        /// A desktop was paired with the workspace: word `name`. To owners.
        DevicePaired,
        /// A recovery code that was issued out of reach was used: words `name`, `email`, `by` and `device`. To whoever issued it and to
        /// those who administer its person.
        OfflineCodeUsed,
        /// Two codes with one number came from a desktop: words `name` and `device`. To owners.
        OfflineCodeRepeated,
        /// A desktop was lost or stolen: words `device`, `to` (`staff`, `issued` or `administers`: why they are told) and `by`. To those whom
        /// it concerns.
        DeviceLost,
        /// The test that somebody sent themselves.
        Test,
    }
    /// Where a notice stands.
    enum MailState {
        /// Waits to be sent, or to be tried again.
        Waiting,
        /// Is being sent.
        Sending,
        /// The server took it.
        Sent,
        /// Nobody knows whether the server took it. Never sent again by itself.
        Uncertain,
        /// Given up.
        Failed,
        /// No mail was set up: to be printed and handed over.
        Letter,
        /// The letter was handed over.
        HandedOver,
    }
    /// Why a notice was not sent the last time.
    enum MailFailure {
        /// The server cannot be reached.
        CannotReach,
        /// No protected connection, or the server's certificate is not good.
        Tls,
        /// The server refused user or password, or wants some and none are set.
        RefusedPassword,
        /// The server refused the sender's address.
        RefusedSender,
        /// The server refused the recipient's address.
        RefusedAddress,
        /// The server refused the message.
        RefusedMessage,
        /// The server asks to come back later.
        Busy,
        /// The connection broke off.
        BrokeOff,
        /// The recipient's mailbox is full.
        Full,
        /// The kept password cannot be read: mail must be set up again.
        PasswordUnreadable,
        /// Seven days are over, or the code in it is no longer valid.
        TooLate,
        /// What it says is no longer so: a newer code took the place of the one in it.
        Overtaken,
        /// Mail was switched off while it waited, and it cannot become a letter.
        MailOff,
    }
}

shapes! {
    /// How mail is sent.
    struct MailServerView {
        /// Host name or address of the server.
        pub host: String,
        /// Its port.
        pub port: u16,
        /// How the connection is protected.
        pub security: MailSecurity,
        /// Who signs in there; absent where nobody does.
        pub user: Option<String>,
        /// Whether a password is kept. It is never shown.
        pub has_password: bool,
        /// The address that mail comes from.
        pub sender: String,
        /// The name beside it.
        pub sender_name: String,
        /// Where answers and questions go.
        pub contact: Option<String>,
        /// Whether mail is sent.
        pub on: bool,
        /// When that was last changed.
        pub set_at: i64,
    }
    /// How the reader's last test came out.
    struct MailTest {
        /// When it was asked for.
        pub at: i64,
        /// Where it goes.
        pub address: String,
        /// Where it stands: waiting, sending, sent, uncertain or failed.
        pub state: MailState,
        /// Why it failed.
        pub failure: Option<MailFailure>,
    }
    /// How many notices stand so.
    struct MailCount {
        /// Where they stand.
        pub state: MailState,
        /// Why they were not sent the last time, where that was tried.
        pub failure: Option<MailFailure>,
        /// How many.
        pub count: u64,
    }
    /// Settings → Mail.
    struct MailView {
        /// How mail is sent; absent where it is not set up.
        pub server: Option<MailServerView>,
        /// The reader's own address, where a test goes.
        pub own_address: String,
        /// The reader's last test, for a day.
        pub test: Option<MailTest>,
        /// All notices of the workspace that are not sent, by state and reason.
        pub counts: Vec<MailCount>,
    }
    /// A test was asked for.
    struct MailTestBegun {
        /// Where it goes.
        pub address: String,
    }
    /// A page of the outbox.
    struct OutboxPage {
        /// The notices, newest first.
        pub rows: Vec<OutboxRow>,
        /// What `after` is for the next page; absent on the last.
        pub next: Option<String>,
        /// How many of the reader's communities are not sent, by state and reason: whatever was asked for.
        pub counts: Vec<MailCount>,
        /// Whether mail is set up and on.
        pub mail_is_on: bool,
    }
    /// One notice, to one address.
    struct OutboxRow {
        /// Which.
        pub id: Uuid,
        /// To whom.
        pub person: PersonName,
        /// At which address.
        pub address: String,
        /// About what.
        pub kind: NoticeKind,
        /// When that happened.
        pub at: i64,
        /// Where it stands.
        pub state: MailState,
        /// Since when.
        pub since: i64,
        /// How often it was tried.
        pub attempts: u32,
        /// When it is tried next, while it waits.
        pub next_at: Option<i64>,
        /// Why it was not sent the last time.
        pub failure: Option<MailFailure>,
        /// Whether the reader may have it sent again; while it waits, at once.
        pub may_resend: bool,
        /// Whether the reader may print it as a letter and note that it was handed over.
        pub may_hand_over: bool,
    }
    /// What somebody said was not them, as staff see it.
    struct ReportView {
        /// Who says so.
        pub person: PersonName,
        /// When first.
        pub at: i64,
        /// When last.
        pub last_at: i64,
        /// How often.
        pub count: u32,
        /// The notice that they answered; absent where they pointed at an entry.
        pub notice: Option<NoticeKind>,
        /// The entry that they pointed at.
        pub entry: Option<u64>,
        /// Whether whoever said so was signed in; a code alone says less.
        pub signed_in: bool,
        /// Whether the reader may settle it.
        pub may_settle: bool,
    }
}

/// A letter to print, for a notice that no mail took. It is given to Rust alone: its code belongs on the paper.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Letter {
    /// To whom.
    pub person: PersonName,
    /// In which language.
    pub language: Language,
    /// The workspace's name.
    pub workspace: String,
    /// About what.
    pub kind: NoticeKind,
    /// When that happened.
    pub at: i64,
    /// The words that its sentence may name.
    pub words: std::collections::BTreeMap<String, String>,
    /// What answers "this was not me", where the notice can be answered so.
    pub report: Option<ShownOnce>,
    /// Until when it does.
    pub report_until: i64,
    /// Where questions go.
    pub contact: Option<String>,
}

requests! {
    /// Reads how mail is sent.
    struct ReadMail {}
    /// Sets how mail is sent, or changes it.
    struct SetMail {
        /// Host name or address of the server.
        pub host: String,
        /// Its port.
        pub port: u16,
        /// How the connection is protected.
        pub security: MailSecurity,
        /// Who signs in there; empty for nobody.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub user: Option<String>,
        /// The password. Absent keeps the one there is, which only goes to the server and the user it was given for.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(type = "string", optional))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<crate::secret::Typed>"))]
        pub password: Option<SecretString>,
        /// The address that mail comes from.
        pub sender: String,
        /// The name beside it; empty for the workspace's.
        pub sender_name: String,
        /// Where answers and questions go; empty for nowhere.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub contact: Option<String>,
        /// Whether mail is sent.
        pub on: bool,
        /// Who asks.
        pub proof: Proof,
    }
    /// Forgets how mail is sent. Whatever waits becomes a letter.
    struct RemoveMail {
        /// Who asks.
        pub proof: Proof,
    }
    /// Sends the asker a test. [`MailView::test`] says how it came out.
    struct SendTestMail {}
    /// Reads the outbox, newest first.
    struct ReadOutbox {
        /// Only those that stand so.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub state: Option<MailState>,
        /// Only those to this person.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub person: Option<Uuid>,
        /// Where the page begins: [`OutboxPage::next`] of the page before.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub after: Option<String>,
    }
    /// Has a notice sent again; one that waits is tried at once.
    struct ResendNotice {
        /// Which.
        pub id: Uuid,
    }
    /// Reads a notice as a letter, to print it.
    struct ReadLetter {
        /// Which.
        pub id: Uuid,
    }
    /// Notes that a letter was handed over.
    struct HandOverLetter {
        /// Which.
        pub id: Uuid,
    }
    /// Says "this was not me" with the code of a notice. Without a session.
    struct ReportNotMe {
        /// The code, as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
    }
    /// Says "this was not me" of an entry in one's own activity.
    struct ReportEntry {
        /// Which entry.
        pub entry: u64,
    }
    /// Settles what somebody said was not them.
    struct SettleReport {
        /// Who said so.
        pub account: Uuid,
        /// What was found, or done. For the journal.
        pub note: String,
    }
}
