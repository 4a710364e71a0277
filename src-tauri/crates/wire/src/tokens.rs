//! Hardware tokens (OATH), and the seeds that people bring from other authenticators: the inventory, whose they are, and
//! their coming into use.

use secrecy::{SecretSlice, SecretString};
use uuid::Uuid;

use crate::{import::Told, people::PersonName, proof::Proof};

words! {
    /// Where a token comes from.
    enum TokenOrigin {
        /// A device of the workspace's stock, imported by an administrator.
        Hardware,
        /// A seed that its own holder brings from another authenticator. It is theirs at once, and nobody else's.
        Brought,
    }
    /// The hash function of a token.
    enum TokenAlgorithm {
        /// HMAC-SHA-1.
        Sha1,
        /// HMAC-SHA-256.
        Sha256,
        /// HMAC-SHA-512.
        Sha512,
    }
    /// What a token's code moves with.
    enum TokenKind {
        /// With the time: TOTP (RFC 6238).
        Time,
        /// With every press: HOTP (RFC 4226).
        Counter,
    }
    /// Where a token stands.
    enum TokenState {
        /// Nobody's.
        Free,
        /// Somebody's, who has not proved a code of it. It opens nothing.
        Assigned,
        /// In use.
        Active,
        /// Taken out of the stock for good.
        Retired,
    }
    /// What would become of a row that is imported.
    enum SeedVerdict {
        /// A new token.
        New,
        /// A new token, assigned to the person whom the row names.
        NewForPerson,
        /// A token of this maker and serial number, or with this secret, is here already.
        Here,
        /// Another row of the same import is the same token.
        Twice,
        /// The secret has under 128 bits (RFC 4226 §4 R6).
        SecretTooShort,
        /// The secret has over 512 bits.
        SecretTooLong,
        /// Codes have neither 6 nor 8 digits.
        Digits,
        /// Time steps are neither 30 nor 60 seconds.
        Step,
        /// A name or a serial number has over 300 characters.
        TooLong,
        /// The row names a person whom the importer does not reach, or nobody; or one to whom one person alone may give no
        /// token now. The token would be imported and be nobody's.
        NewForNobody,
    }
}

/// What a code moves with, and where that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Moving {
    /// With the time.
    Time {
        /// Seconds of a step.
        step_seconds: u32,
        /// How far the device's clock is off, in steps, where the file says so; positive when it is ahead.
        drift: i64,
    },
    /// With every press.
    Counter {
        /// The counter of the next code.
        next: u64,
    },
}

/// One seed, as it was read from a file or a picture. Made in Rust and never on a page: it crosses the network to a server, and
/// never the bridge.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SeedRow {
    /// The serial number.
    pub serial: Option<String>,
    /// The e-mail address of whoever is to have it.
    pub holder: Option<String>,
    /// What another authenticator called it; or the issuer.
    pub label: Option<String>,
    /// Who made it.
    pub maker: Option<String>,
    /// The shared secret: over the network, its bytes as a list of numbers.
    #[serde(serialize_with = "crate::secret::sent", deserialize_with = "bytes")]
    #[cfg_attr(feature = "schemas", schemars(with = "Vec<u8>"))]
    pub secret: SecretSlice<u8>,
    /// What its code moves with.
    pub moving: Moving,
    /// Digits of a code.
    pub digits: u8,
    /// The hash function.
    pub algorithm: TokenAlgorithm,
}

fn bytes<'de, D: serde::Deserializer<'de>>(from: D) -> Result<SecretSlice<u8>, D::Error> {
    <Vec<u8> as serde::Deserialize>::deserialize(from).map(SecretSlice::from)
}

/// Says what would become of each row, and changes nothing. Never crosses the bridge.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckTokens {
    /// The rows.
    pub rows: Vec<SeedRow>,
    /// Where they come from.
    pub origin: TokenOrigin,
    /// Whose stock they join; absent for the whole workspace's, which is for owners. Ignored for seeds that are brought.
    pub community: Option<Uuid>,
}

/// Imports every row that can be, all of them or none. Never crosses the bridge.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImportTokens {
    /// The rows.
    pub rows: Vec<SeedRow>,
    /// Where they come from.
    pub origin: TokenOrigin,
    /// Whose stock they join; absent for the whole workspace's, which is for owners. Ignored for seeds that are brought.
    pub community: Option<Uuid>,
    /// The name of the file without its folder, for the journal.
    pub file_name: String,
    /// [`TokensChecked::seen`] of the check that was shown. Refused with `preflight-stale` when anything is different now.
    pub seen: String,
    /// Who asks.
    pub proof: Proof,
    /// Told of progress.
    #[serde(skip)]
    pub told: Told,
}

shapes! {
    /// What would become of a row.
    struct SeedChecked {
        /// Its place in the import, from 0.
        pub row: u32,
        /// What would become of it.
        pub verdict: SeedVerdict,
        /// The serial number.
        pub serial: Option<String>,
        /// What it is called elsewhere.
        pub label: Option<String>,
        /// Who made it.
        pub maker: Option<String>,
        /// Time or counter.
        pub kind: TokenKind,
        /// Digits of a code.
        pub digits: u8,
        /// Whom it would be assigned to.
        pub person: Option<PersonName>,
    }
    /// What would become of every row.
    struct TokensChecked {
        /// The rows, in their order.
        pub rows: Vec<SeedChecked>,
        /// How many would be imported.
        pub added: u32,
        /// How many of those would be somebody's.
        pub assigned: u32,
        /// How many would not be imported.
        pub left_out: u32,
        /// Names exactly this outcome, to be given with the import.
        pub seen: String,
    }
    /// An import that was done.
    struct TokensImported {
        /// Which, for undoing it.
        pub batch: Uuid,
        /// How many tokens it brought.
        pub added: u32,
        /// How many of those were assigned.
        pub assigned: u32,
        /// How many rows were left out.
        pub left_out: u32,
    }
    /// One token.
    struct TokenView {
        /// Which.
        pub id: Uuid,
        /// Where it comes from.
        pub origin: TokenOrigin,
        /// The serial number.
        pub serial: Option<String>,
        /// What it was called elsewhere.
        pub label: Option<String>,
        /// Who made it.
        pub maker: Option<String>,
        /// Time or counter.
        pub kind: TokenKind,
        /// Digits of a code.
        pub digits: u8,
        /// The hash function.
        pub algorithm: TokenAlgorithm,
        /// Seconds of a time step; absent where the code moves with a counter.
        pub step_seconds: Option<u32>,
        /// Where it stands.
        pub state: TokenState,
        /// Whose it is, or was last where it is free or retired.
        pub holder: Option<PersonName>,
        /// Since when it stands so.
        pub since: i64,
        /// The community whose stock it belongs to; absent for the workspace's.
        pub community_name: Option<String>,
        /// Which import it came with.
        pub batch: Uuid,
    }
    /// A page of the inventory, by serial number.
    struct TokensPage {
        /// The rows.
        pub rows: Vec<TokenView>,
        /// Where the next page begins; absent on the last.
        pub next: Option<String>,
        /// How many match in all.
        pub total: u64,
        /// Where the reader may import tokens to, beside the workspace's stock.
        pub stocks: Vec<crate::people::CommunityName>,
        /// Whether the reader may import to the workspace's own stock.
        pub stocks_workspace: bool,
    }
    /// A token of one's own that waits for its first code.
    struct OwnToken {
        /// Which.
        pub id: Uuid,
        /// Where it comes from.
        pub origin: TokenOrigin,
        /// What to call it: maker and serial number, or what it was called elsewhere.
        pub name: String,
        /// Time or counter.
        pub kind: TokenKind,
        /// Digits of a code.
        pub digits: u8,
    }
    /// One's own tokens that wait for their first code.
    struct OwnTokens {
        /// They, the oldest first.
        pub tokens: Vec<OwnToken>,
    }
}

requests! {
    /// Lists the inventory.
    #[derive(Default)]
    struct ListTokens {
        /// Part of a serial number, a maker, or the holder's name or e-mail address; empty for all.
        #[serde(default)]
        pub search: String,
        /// Only tokens that stand so.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub state: Option<TokenState>,
        /// Only tokens of this person.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub account: Option<Uuid>,
        /// `next` of the page before.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub after: Option<String>,
    }
    /// Gives a free token to somebody. It opens nothing until they have proved a code of it.
    struct AssignToken {
        /// Which.
        pub token: Uuid,
        /// To whom.
        pub account: Uuid,
        /// Who asks.
        pub proof: Proof,
    }
    /// Takes a token back that its holder has not proved.
    struct UnassignToken {
        /// Which.
        pub token: Uuid,
    }
    /// Takes a token out of the stock for good, and forgets its secret. One in use is let go of first.
    struct RetireToken {
        /// Which.
        pub token: Uuid,
    }
    /// Takes back every token of an import, until one of them has been in use.
    struct UndoTokenImport {
        /// Which.
        pub batch: Uuid,
    }
    /// Reads one's own tokens that wait for their first code; also on the way in, where one must set up a second factor.
    struct ReadOwnTokens {}
    /// Proves a code of a token that was assigned to oneself: from then on it is one of one's authenticators.
    struct ProveToken {
        /// Which.
        pub token: Uuid,
        /// A code of it.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
        /// The code after that, where the first alone did not do.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(type = "string", optional))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "Option<crate::secret::Typed>"))]
        pub following: Option<SecretString>,
        /// Not asked of somebody who may only enrol.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub proof: Option<Proof>,
    }
    /// Brings a token back into step by two codes in a row: one's own, or somebody's who reads them out to staff.
    struct ResyncToken {
        /// Whose; absent for oneself.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub account: Option<Uuid>,
        /// Which of their authenticators.
        pub authenticator: Uuid,
        /// A code.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub first: SecretString,
        /// The code after that.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub second: SecretString,
    }
}
