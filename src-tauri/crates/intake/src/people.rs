//! Lists of people: a CSV of a spreadsheet or of another program.

use crate::table::{self, Limits, TableError};
use thiserror::Error;

/// Most bytes in a list of people.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Most rows, the header not counted.
pub const MAX_ROWS: usize = 100_000;
/// Most characters that are read of one cell.
pub const MAX_CELL: usize = 1_000;

const LIMITS: Limits = Limits { bytes: MAX_BYTES, record_bytes: 64 * 1024, rows: MAX_ROWS };

/// A list as it was read. Nothing in it is checked against the rules of a workspace, nor against its other rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleFile {
    /// `,`, `;` or a tab, as the header had it.
    pub separator: char,
    /// The columns that were recognised, in the order of the file.
    pub columns: Vec<Column>,
    /// Headings that were not, as they are written; their cells are left out.
    pub ignored: Vec<String>,
    /// In the order of the file. Rows whose every cell is blank are left out.
    pub rows: Vec<PersonRow>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Required.
    Email,
    /// The whole name, or the family name beside a [`Column::GivenName`].
    Name,
    /// Goes before the name.
    GivenName,
    /// As written.
    Role,
    /// As written.
    Community,
    /// As written.
    Language,
}

/// One person, cells trimmed of white space. A column that the file lacks and a blank cell are both the empty text.
///
/// The apostrophe that guards a spreadsheet from formulas (before `=`, `+`, `-`, `@`, tab or return) is taken off again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonRow {
    /// Where the row begins, counted from 1 with the header and empty lines, as a text editor counts.
    pub line: u64,
    /// As written; case and Unicode form are the caller's matter.
    pub email: String,
    /// Given name first where the file has two columns.
    pub name: String,
    /// As written.
    pub role: String,
    /// As written.
    pub community: String,
    /// As written.
    pub language: String,
    /// Why the row cannot be taken as it is; empty when it can. A cell that is part of a problem is empty or cut.
    pub problems: Vec<RowProblem>,
}

/// What is wrong with one row; the others can still be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowProblem {
    /// The e-mail cell is blank.
    NoEmail,
    /// More cells than headings: most often an unquoted separator in a name.
    TooManyCells {
        /// In this row.
        found: usize,
        /// In the header.
        expected: usize,
    },
    /// Longer than [`MAX_CELL`] characters.
    CellTooLong(Column),
    /// A line break or another control character within a cell.
    ControlCharacter(Column),
}

/// Why the whole file cannot be read. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PeopleFileError {
    /// More than [`MAX_BYTES`].
    #[error("the file is larger than 10 MB")]
    TooLarge,
    /// More than [`MAX_ROWS`].
    #[error("the file has more than 100,000 rows")]
    TooManyRows,
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// An Excel or OpenDocument file, not a CSV.
    #[error("the file is a spreadsheet; save it as CSV")]
    Spreadsheet,
    /// Said by its byte order mark.
    #[error("the file is UTF-16; save it as CSV UTF-8")]
    Utf16,
    /// Latin-1 (ISO 8859-1, Windows-1252) as a rule.
    #[error("line {line} is not UTF-8; save the file as CSV UTF-8")]
    NotUtf8 {
        /// Of the first such byte.
        line: u64,
    },
    /// A zero byte: not a text file.
    #[error("line {line} has a zero byte; this is not a text file")]
    Nul {
        /// Of the first.
        line: u64,
    },
    /// More than 64 KiB in one row.
    #[error("line {line} is too long to be a row of a list")]
    LineTooLong {
        /// Where it begins.
        line: u64,
    },
    /// A quote without its end, or whose end is in the middle of a later row.
    #[error("a quotation mark opened in line {line} is not closed")]
    UnclosedQuote {
        /// Where the quote was opened.
        line: u64,
    },
    /// `"Ana" Silva,…`: quotes go round the whole cell, and a quote within is written twice.
    #[error("line {line} has text after a closing quotation mark")]
    TextAfterQuote {
        /// Of the quote.
        line: u64,
    },
    /// No known heading in the first row.
    #[error("the first row has no headings")]
    NoHeader,
    /// Headings, but none for the e-mail address.
    #[error("no column for the e-mail address")]
    NoEmailColumn,
    /// Two headings mean the same column.
    #[error("two columns have the same heading: {heading}")]
    HeadingTwice {
        /// The second of them, as written, cut at 60 characters.
        heading: String,
    },
}

impl From<TableError> for PeopleFileError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::TooLarge => Self::TooLarge,
            TableError::Spreadsheet => Self::Spreadsheet,
            TableError::Utf16 => Self::Utf16,
            TableError::Nul { line } => Self::Nul { line },
            TableError::NotUtf8 { line } => Self::NotUtf8 { line },
            TableError::LineTooLong { line } => Self::LineTooLong { line },
            TableError::UnclosedQuote { line } => Self::UnclosedQuote { line },
            TableError::TextAfterQuote { line } => Self::TextAfterQuote { line },
            TableError::TooManyRows => Self::TooManyRows,
        }
    }
}

pub(crate) fn column(heading: &str) -> Option<Column> {
    Some(match heading {
        "email"
        | "emailaddress"
        | "mail"
        | "mailaddress"
        | "primaryemail"
        | "workemail"
        | "courriel"
        | "mel"
        | "adresseemail"
        | "adressemail"
        | "adressecourriel"
        | "adressedecourriel"
        | "adresseelectronique"
        | "adressedemessagerie" => Column::Email,
        "name" | "fullname" | "displayname" | "lastname" | "familyname" | "surname" | "nom" | "nomcomplet" | "nomaffiche"
        | "nometprenom" | "prenometnom" | "nomdefamille" => Column::Name,
        "firstname" | "givenname" | "forename" | "prenom" => Column::GivenName,
        "role" | "roles" => Column::Role,
        "community" | "communities" | "communaute" | "communautes" => Column::Community,
        "language" | "lang" | "locale" | "langue" => Column::Language,
        _ => return None,
    })
}

/// Reads a list of people: UTF-8 with or without a byte order mark, any line ends, a header row.
///
/// Headings are known in English and French, without regard to case, accents, spaces and signs; comma, semicolon or tab
/// is found from the header (or from Excel's `sep=` line).
///
/// # Errors
/// Whatever makes the file as a whole unreadable. What is wrong with single rows is in [`PersonRow::problems`].
pub fn read(bytes: &[u8]) -> Result<PeopleFile, PeopleFileError> {
    let text = table::text(bytes, &LIMITS)?;
    if text.trim().is_empty() {
        return Err(PeopleFileError::Empty);
    }
    let (separator, skipped, text) = table::separator(&text, |heading| column(heading).is_some());
    let mut records = table::records(text, separator, skipped, &LIMITS)?.into_iter();
    let header = records.next().ok_or(PeopleFileError::NoHeader)?;
    let Header { places, columns, ignored } = head(&header.cells)?;
    let rows = records
        .filter(|record| record.cells.iter().any(|cell| !cell.trim().is_empty()))
        .map(|record| row(record.line, &record.cells, &places))
        .collect();
    Ok(PeopleFile { separator: char::from(separator), columns, ignored, rows })
}

struct Header {
    places: Vec<Option<Column>>,
    columns: Vec<Column>,
    ignored: Vec<String>,
}

fn head(cells: &[String]) -> Result<Header, PeopleFileError> {
    let (mut places, mut columns, mut ignored) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let found = column(&table::plain(cell));
        match found {
            Some(known) if columns.contains(&known) => return Err(PeopleFileError::HeadingTwice { heading: shortened(cell) }),
            Some(known) => columns.push(known),
            None if cell.trim().is_empty() => {}
            None => ignored.push(shortened(cell)),
        }
        places.push(found);
    }
    if columns.is_empty() {
        return Err(PeopleFileError::NoHeader);
    }
    if !columns.contains(&Column::Email) {
        return Err(PeopleFileError::NoEmailColumn);
    }
    Ok(Header { places, columns, ignored })
}

fn shortened(heading: &str) -> String {
    heading.trim().chars().filter(|char| !char.is_control()).take(60).collect()
}

fn row(line: u64, cells: &[String], places: &[Option<Column>]) -> PersonRow {
    let mut row = PersonRow { line, ..PersonRow::default() };
    let mut given = String::new();
    if cells.iter().skip(places.len()).any(|cell| !cell.trim().is_empty()) {
        row.problems.push(RowProblem::TooManyCells { found: cells.len(), expected: places.len() });
    }
    for (cell, column) in cells.iter().zip(places) {
        let Some(column) = *column else { continue };
        let value = unguarded(cell).trim();
        if value.chars().any(char::is_control) {
            row.problems.push(RowProblem::ControlCharacter(column));
            continue;
        }
        if value.chars().nth(MAX_CELL).is_some() {
            row.problems.push(RowProblem::CellTooLong(column));
        }
        let value: String = value.chars().take(MAX_CELL).collect();
        match column {
            Column::Email => row.email = value,
            Column::Name => row.name = value,
            Column::GivenName => given = value,
            Column::Role => row.role = value,
            Column::Community => row.community = value,
            Column::Language => row.language = value,
        }
    }
    if !given.is_empty() {
        row.name = if row.name.is_empty() { given } else { format!("{given} {}", row.name) };
    }
    if row.email.is_empty() && !row.problems.contains(&RowProblem::ControlCharacter(Column::Email)) {
        row.problems.push(RowProblem::NoEmail);
    }
    row
}

fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => rest,
        _ => cell,
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
