//! Recovery codes that are issued while the server is out of reach (FORMATS.md, "Offline recovery codes").

use secrecy::SecretString;
use uuid::Uuid;

use crate::{Refusal, people::PersonName, secret::ShownOnce, support::SupportAnswers};

words! {
    /// Where a code stands that was issued out of reach.
    enum OfflineState {
        /// Good, and not used.
        Issued,
        /// Somebody came in by it.
        Used,
        /// Too old.
        Expired,
        /// Taken back, or overtaken by something newer.
        Void,
    }
}

shapes! {
    /// What one person may issue codes with at one desktop.
    struct IssuingGrant {
        /// With a key of which epoch: 0 to 7.
        pub epoch: u8,
        /// As which issuer: 0 to 4095.
        pub issuer: u16,
        /// The issuing key, in Base64.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        pub key: ShownOnce,
        /// The first sequence number that may be used: 0 to 1023.
        pub first: u16,
        /// So many from there.
        pub count: u16,
        /// From when on codes may be issued, by the server's clock.
        pub from: i64,
        /// Until when.
        pub until: i64,
        /// At most so many within any 24 hours.
        pub budget: u16,
        /// Seconds that a code is good at most.
        pub validity: i64,
    }
    /// What the server answers to a desktop that asks for its grant.
    struct GrantRenewed {
        /// The grant; absent where there is none.
        pub grant: Option<IssuingGrant>,
        /// Why there is none.
        pub refused: Option<Refusal>,
        /// The server's time.
        pub now: i64,
    }
    /// A code that was issued out of reach.
    struct OfflineCodeRow {
        /// With a key of which epoch.
        pub epoch: u8,
        /// By which issuer.
        pub issuer: u16,
        /// Which of the issuer's.
        pub sequence: u16,
        /// For whom; absent once they were erased.
        pub person: Option<PersonName>,
        /// By whom.
        pub staff: Option<PersonName>,
        /// At which desktop.
        pub device: Option<String>,
        /// When, to ten minutes, by the desktop's clock.
        pub issued_at: i64,
        /// Until when it is good.
        pub expires_at: i64,
        /// Where it stands.
        pub state: OfflineState,
        /// When it was used or made void.
        pub ended_at: Option<i64>,
        /// Whether the reader may make it void.
        pub may_void: bool,
    }
    /// Codes that were issued out of reach, the latest first.
    struct OfflineCodes {
        /// The rows.
        pub rows: Vec<OfflineCodeRow>,
    }
    /// A code that was issued here.
    struct IssuedHere {
        /// For whom.
        pub person: PersonName,
        /// When, by the desk's clock.
        pub issued_at: i64,
        /// Until when it is good.
        pub expires_at: i64,
        /// Whether the server has been told.
        pub told: bool,
    }
    /// What can be issued here while the server is out of reach.
    struct OfflineDesk {
        /// Why no code can be issued now; absent where one can.
        pub refused: Option<Refusal>,
        /// How many may still be issued now.
        pub left: u16,
        /// At most so many within any 24 hours.
        pub budget: u16,
        /// Until when.
        pub until: Option<i64>,
        /// By how many seconds this computer's clock differs from the server's; absent where it is under two minutes.
        pub clock_off: Option<i64>,
        /// Codes that were issued here and may still be good, or that the server was not told of; the latest first.
        pub issued: Vec<IssuedHere>,
    }
}

requests! {
    /// A code that was issued out of reach, as it is told afterwards.
    struct OfflineReport {
        /// With a key of which epoch.
        pub epoch: u8,
        /// By which issuer.
        pub issuer: u16,
        /// Which of the issuer's.
        pub sequence: u16,
        /// When, in ticks of ten minutes since 1970.
        pub tick: u64,
        /// For whom.
        pub account: Uuid,
        /// The support case.
        pub support: SupportAnswers,
    }
    /// Tells what was issued out of reach, and asks for a grant that goes on from there. Through a device, by staff.
    #[derive(Default)]
    struct RenewGrant {
        /// What was issued, in the order in which it was. Telling of a code again changes nothing.
        #[serde(default)]
        pub issued: Vec<OfflineReport>,
    }
    /// Lists the codes that were issued out of reach, for people whom the reader administers.
    struct ListOfflineCodes {}
    /// Makes a code void that nobody has used.
    struct VoidOfflineCode {
        /// With a key of which epoch.
        pub epoch: u8,
        /// By which issuer.
        pub issuer: u16,
        /// Which of the issuer's.
        pub sequence: u16,
    }
    /// Reads what can be issued at this desktop while the server is out of reach.
    struct ReadOfflineDesk {}
    /// Issues a recovery code at this desktop, out of the server's reach.
    struct IssueOffline {
        /// For whom.
        pub account: Uuid,
        /// The support case.
        pub support: SupportAnswers,
        /// The desk passphrase.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
    }
}
