//! Users → Import: what a list of people comes to, carrying it out, and taking it back.

use std::{fmt, ops::ControlFlow, sync::Arc};

use uuid::Uuid;

use crate::{
    Refusal,
    people::{PersonName, RoleName},
    proof::Proof,
    window::Language,
};

words! {
    /// What a row comes to.
    enum RowVerdict {
        /// A person is added.
        Added,
        /// Somebody who never signed in is changed.
        Changed,
        /// They are here, just so.
        Same,
        /// Nothing happens.
        Refused,
    }
    /// Why a row is refused.
    enum RowReason {
        /// No e-mail address.
        NoEmail,
        /// More cells than headings.
        TooManyCells,
        /// A cell longer than any name.
        CellTooLong,
        /// A line break, or another control character, in a cell.
        ControlCharacter,
        /// Not the form of an address.
        EmailInvalid,
        /// The same address stands in the earlier line `first_line`.
        Twice,
        /// Somebody has the address already.
        EmailTaken,
        /// A new person without a name.
        NameEmpty,
        /// Over 300 characters.
        NameTooLong,
        /// No role is called so.
        RoleUnknown,
        /// The program does not speak it.
        LanguageUnknown,
        /// No community is named, and there is more than one.
        CommunityMissing,
        /// No community of this name in which the importer may add people.
        CommunityUnknown,
        /// The importer may not give this role there, or not change this person.
        OutOfReach,
        /// Somebody who is here is not made an owner by a list.
        OwnerByHand,
        /// They have signed in.
        SignedIn,
        /// They are deactivated, or sign in elsewhere.
        NotAdmitted,
    }
    /// Why somebody of an import cannot be put back as they were.
    enum MovedBy {
        /// They have signed in.
        SignedIn,
        /// Somebody changed them since.
        Changed,
        /// They are not there any more.
        Gone,
    }
}

shapes! {
    /// One row of a list, as its cells were written.
    #[derive(Clone)]
    struct DraftRow {
        /// Where it begins in the file, from 1.
        pub line: u64,
        /// The e-mail address.
        pub email: String,
        /// The name.
        pub name: String,
        /// The role.
        pub role: String,
        /// The community.
        pub community: String,
        /// The language.
        pub language: String,
        /// What kept the row from being read: one of the first four reasons.
        pub flaw: Option<RowReason>,
    }
    /// A role somebody gets in another's place.
    #[derive(Clone)]
    struct RoleChanged {
        /// The community's name.
        pub community: String,
        /// The role held; absent where there was none.
        pub before: Option<RoleName>,
        /// The role given.
        pub after: RoleName,
    }
    /// What a row comes to.
    #[derive(Clone)]
    struct CheckedRow {
        /// Where it begins in the file.
        pub line: u64,
        /// The name: as it becomes, or as it is written where the row is refused.
        pub name: String,
        /// The e-mail address, likewise.
        pub email: String,
        /// The verdict.
        pub verdict: RowVerdict,
        /// Why it is refused.
        pub reason: Option<RowReason>,
        /// The line in which the same address stands already.
        pub first_line: Option<u64>,
        /// The role a new person gets; absent for an owner.
        pub role: Option<RoleName>,
        /// Whether a new person becomes an owner.
        pub owner: bool,
        /// The community in which a new person gets it.
        pub community: Option<String>,
        /// The name that another replaces.
        pub name_before: Option<String>,
        /// The language that they are spoken to from now on, where that changes.
        pub language_after: Option<Language>,
        /// The role that changes.
        pub role_changed: Option<RoleChanged>,
    }
    /// How many rows come to what.
    #[derive(Clone, Copy, PartialEq, Eq)]
    struct RowCounts {
        /// People added.
        pub added: u64,
        /// People changed.
        pub changed: u64,
        /// Rows that change nothing.
        pub same: u64,
        /// Rows refused.
        pub refused: u64,
    }
    /// What an import did.
    #[derive(Clone, Copy)]
    struct ImportDone {
        /// Which one it is from now on.
        pub import: Uuid,
        /// People added.
        pub added: u64,
        /// People changed.
        pub changed: u64,
    }
    /// Imports that were carried out, the latest first.
    struct Imports {
        /// At most fifty.
        pub rows: Vec<PastImport>,
    }
    /// One of them.
    struct PastImport {
        /// Which.
        pub id: Uuid,
        /// Who imported.
        pub by: PersonName,
        /// When.
        pub at: i64,
        /// The name of the file.
        pub file: String,
        /// How many rows came to what.
        pub counts: RowCounts,
        /// When it was taken back, if it was.
        pub undone_at: Option<i64>,
        /// Who took it back.
        pub undone_by: Option<PersonName>,
        /// Why it cannot be taken back; absent when it can.
        pub undo_refused: Option<Refusal>,
        /// Who stands in the way, where somebody does.
        pub held_by: Option<Holder>,
    }
    /// Somebody of an import who cannot be put back as they were.
    struct Holder {
        /// Who; absent when they are gone.
        pub person: Option<PersonName>,
        /// Why.
        pub why: MovedBy,
    }
}

requests! {
    /// Asks whether one may import at all.
    struct AllowImport {}
    /// Lists the imports that one may take back or could have.
    struct ListImports {}
    /// Takes an import back.
    struct UndoImport {
        /// Which.
        pub import: Uuid,
        /// Who asks.
        pub proof: Proof,
        /// Told of progress.
        #[serde(skip)]
        #[cfg_attr(feature = "bindings", ts(skip))]
        pub told: Told,
    }
}

/// Told how many records were done, of how many; answers whether to go on. The page has none.
#[derive(Clone, Default)]
pub struct Told(Option<Tell>);

/// What is called.
pub type Tell = Arc<dyn Fn(u64, u64) -> ControlFlow<()> + Send + Sync>;

impl Told {
    /// Tells of progress.
    #[must_use]
    pub fn by(tell: Tell) -> Self {
        Self(Some(tell))
    }

    /// Tells it, and hears whether to go on.
    pub fn tell(&self, done: u64, total: u64) -> ControlFlow<()> {
        self.0.as_ref().map_or(ControlFlow::Continue(()), |tell| tell(done, total))
    }
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told")
    }
}

/// Asks what each row comes to. Nothing is changed.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckPeople {
    /// The rows, in the order of the file.
    pub rows: Vec<DraftRow>,
}

/// What a list comes to.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PeopleChecked {
    /// What was shown, to be given back when it is carried out.
    pub seen: String,
    /// The verdicts, in the order of the rows.
    pub rows: Vec<CheckedRow>,
    /// How many there are of each.
    pub counts: RowCounts,
}

/// Imports a list that was shown.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImportPeople {
    /// The name of the file.
    pub file: String,
    /// The rows, as they were shown.
    pub rows: Vec<DraftRow>,
    /// `seen` of the check.
    pub seen: String,
    /// Who asks.
    pub proof: Proof,
    /// Told of progress.
    #[serde(skip)]
    pub told: Told,
}

words! {
    /// What can be imported.
    enum ImportKind {
        /// People, from a CSV.
        People,
    }
    /// Why a file as a whole cannot be read.
    enum FileFault {
        /// It could not be opened.
        Unreadable,
        /// Over 10 MB.
        TooLarge,
        /// Too many rows for one import.
        TooManyRows,
        /// Nothing in it.
        Empty,
        /// A spreadsheet, not a CSV.
        Spreadsheet,
        /// UTF-16.
        Utf16,
        /// Another encoding, such as Latin-1, seen in `line`.
        NotUtf8,
        /// A zero byte in `line`.
        Nul,
        /// `line` is too long.
        LineTooLong,
        /// A quotation mark opened in `line` is not closed.
        UnclosedQuote,
        /// Text after a closing quotation mark in `line`.
        TextAfterQuote,
        /// The first row has no headings.
        NoHeader,
        /// No column of e-mail addresses.
        NoEmailColumn,
        /// Two columns have the same `heading`.
        HeadingTwice,
    }
}

shapes! {
    /// The file that was chosen on the import desk.
    struct ImportDesk {
        /// Absent before one was chosen.
        pub chosen: Option<ChosenImport>,
    }
    /// A file that was chosen: what it comes to, or why it cannot be read.
    #[derive(Clone)]
    struct ChosenImport {
        /// The name of the file.
        pub file: String,
        /// What is imported from it.
        pub kind: ImportKind,
        /// Why it cannot be read; absent when it can.
        pub fault: Option<FileFault>,
        /// The line that the fault names.
        pub line: Option<u64>,
        /// The heading that the fault names.
        pub heading: Option<String>,
        /// How many rows come to what.
        pub counts: RowCounts,
        /// Headings that were not recognised; their columns are left out.
        pub ignored: Vec<String>,
    }
    /// A slice of the verdicts.
    struct ImportRows {
        /// The rows, in the order of the file.
        pub rows: Vec<CheckedRow>,
        /// Where the slice begins, among those that were asked for.
        pub from: u64,
        /// How many there are of what was asked for.
        pub total: u64,
    }
    /// Whether a file was written, and its name.
    struct RefusedKept {
        /// Absent when the dialog was cancelled.
        pub file: Option<String>,
    }
}

requests! {
    /// Chooses a file in the system's dialog, reads it and says what it comes to.
    struct ChooseImport {
        /// What is imported from it.
        pub kind: ImportKind,
    }
    /// Reads the chosen file once more, as it is now.
    struct CheckImportAgain {}
    /// Lets the chosen file go.
    struct DropImport {}
    /// Reads what was chosen.
    struct ReadImport {}
    /// Reads some of the verdicts.
    struct ReadImportRows {
        /// Only these; all when absent.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub verdict: Option<RowVerdict>,
        /// Where to begin.
        pub from: u64,
    }
    /// Saves the refused rows with their reasons as a CSV, in the system's dialog.
    struct SaveRefusedRows {}
    /// Imports what was chosen and shown.
    struct CarryOutImport {
        /// Who asks.
        pub proof: Proof,
    }
}
