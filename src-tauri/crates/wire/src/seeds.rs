//! The desk for files with secrets in them: token seeds of a maker, exports of other authenticators. What was read stays in
//! Rust; the page sees names and verdicts.

use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    people::{CommunityName, PersonName},
    proof::Proof,
    tokens::{SeedVerdict, TokenKind, TokenOrigin},
};

words! {
    /// Why a file as a whole cannot be read.
    enum SeedFault {
        /// It could not be opened.
        Unreadable,
        /// Of no kind that is known.
        Unknown,
        /// A list of people.
        PeopleList,
        /// Over 10 MB; pictures, 20 MB.
        TooLarge,
        /// Too many entries for one import.
        TooManyEntries,
        /// Nothing in it.
        Empty,
        /// Encrypted in CBC without a MAC (RFC 6030 §6.1.1).
        NoMac,
        /// Its slow hash is out of bounds.
        Parameters,
        /// Encrypted in another way than is read here.
        OtherCipher,
        /// A version that is not known.
        Version,
        /// XML with a document type.
        DocumentType,
        /// Cut short or not well formed; in `line`, where that is known.
        Damaged,
        /// A picture without a QR code.
        NoCode,
        /// A QR code of something else.
        OtherCode,
        /// A picture of over 40 megapixels.
        TooManyPixels,
        /// Every part in it was read before.
        Again,
    }
    /// What opens an encrypted file.
    enum SeedLock {
        /// What a person chose.
        Passphrase,
        /// The pre-shared key of the maker.
        PreShared,
    }
    /// Why one entry of a file cannot be read; `detail` says what it names.
    enum SeedProblem {
        /// Codes that are made in another way, such as Steam's.
        OtherKind,
        /// The secret is missing.
        NoSecret,
        /// The secret cannot be read.
        BadSecret,
        /// The secret is too long.
        LongSecret,
        /// Neither 6 nor 8 digits.
        Digits,
        /// Another hash.
        Algorithm,
        /// A time step that cannot be.
        Step,
        /// A counter that cannot be.
        Counter,
        /// No serial number.
        NoSerial,
        /// Not a key link.
        NotAKeyLink,
        /// Its checksum is wrong.
        WrongMac,
        /// Encrypted without a checksum.
        NoMac,
        /// Encrypted in another way.
        OtherCipher,
        /// A part of it cannot be read.
        Unreadable,
    }
}

shapes! {
    /// What lies on the desk.
    struct SeedDesk {
        /// The communities whose stock may be filled.
        pub stocks: Vec<CommunityName>,
        /// Whether the workspace's own stock may be filled.
        pub stocks_workspace: bool,
        /// The files, in the order they were chosen.
        pub files: Vec<SeedFileView>,
        /// Exports that come in several pictures: how far each is read.
        pub parts: Vec<SeedParts>,
        /// Entries that would be imported.
        pub added: u32,
        /// How many of those would be somebody's.
        pub assigned: u32,
        /// Entries that would not be.
        pub left_out: u32,
    }
    /// A file.
    struct SeedFileView {
        /// Its name.
        pub name: String,
        /// Why it cannot be read.
        pub fault: Option<SeedFault>,
        /// The line that the fault names.
        pub line: Option<u64>,
        /// What would open it.
        pub lock: Option<SeedLock>,
        /// What the file calls that key.
        pub key_name: Option<String>,
        /// Whether the last one tried was wrong.
        pub wrong: bool,
        /// How many entries were read.
        pub entries: u32,
    }
    /// An export in several pictures.
    struct SeedParts {
        /// Parts that were read.
        pub read: u32,
        /// Parts there are.
        pub size: u32,
    }
    /// A slice of the entries.
    struct SeedRows {
        /// The entries, in the order of the files.
        pub rows: Vec<SeedEntry>,
        /// Where the slice begins.
        pub from: u32,
        /// How many there are in all.
        pub total: u32,
    }
    /// One entry: either its verdict or its problem.
    struct SeedEntry {
        /// Its line, or its place in its file, from 1.
        pub place: u64,
        /// What to call it; may be empty.
        pub name: String,
        /// What would become of it.
        pub verdict: Option<SeedVerdict>,
        /// Why it cannot be read.
        pub problem: Option<SeedProblem>,
        /// What the problem names.
        pub detail: Option<String>,
        /// Time or counter.
        pub kind: Option<TokenKind>,
        /// Digits of a code.
        pub digits: Option<u8>,
        /// Whose it would be.
        pub person: Option<PersonName>,
    }
}

requests! {
    /// Reads what lies on the desk.
    struct ReadSeeds {
        /// Whose desk: the stock's, or one's own.
        pub origin: TokenOrigin,
    }
    /// Chooses files in the system's dialog, reads them and says what they come to.
    struct ChooseSeeds {
        /// What they would become.
        pub origin: TokenOrigin,
        /// Whether they join those on the desk.
        pub beside: bool,
    }
    /// Opens the first file that is locked.
    struct UnlockSeeds {
        /// The passphrase; or the pre-shared key in hexadecimal or Base64.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub key: SecretString,
    }
    /// Clears the desk, and forgets every secret.
    struct DropSeeds {}
    /// Reads a hundred entries.
    struct ReadSeedRows {
        /// The first.
        pub from: u32,
    }
    /// Imports what was shown.
    struct ImportSeeds {
        /// Whose stock it joins; absent for the workspace's. Ignored for one's own.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub community: Option<Uuid>,
        /// Who asks.
        pub proof: Proof,
    }
}
