//! Token seeds as a table: one row a token, with headings; or the log that Yubico's personalisation tool writes.

use crate::read::{MAX_BYTES, MAX_ENTRIES, SeedFileError};
use crate::secret_text;
use crate::seed::{Draft, Entry, Problem};
use crate::table::{self, Limits, Record, TableError};
use zeroize::Zeroize;

const LIMITS: Limits = Limits { bytes: MAX_BYTES, record_bytes: 16 * 1024, rows: MAX_ENTRIES };

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Serial,
    Secret,
    Hex,
    Base32,
    Kind,
    Digits,
    Step,
    Counter,
    Algorithm,
    Maker,
    Issuer,
    Label,
}

fn column(heading: &str) -> Option<Column> {
    Some(match heading {
        "serial" | "serialnumber" | "serialno" | "sn" | "token" | "tokenid" | "tokenserial" | "numerodeserie" | "ndeserie"
        | "nodeserie" | "serie" => Column::Serial,
        "secret" | "seed" | "key" | "secretkey" | "sharedsecret" | "otpkey" | "cle" | "clesecrete" => Column::Secret,
        "secrethex" | "seedhex" | "keyhex" | "hexsecret" | "hexseed" => Column::Hex,
        "secretbase32" | "seedbase32" | "keybase32" | "base32secret" | "base32" => Column::Base32,
        "type" | "kind" | "mode" | "otptype" | "tokentype" => Column::Kind,
        "digits" | "otplength" | "length" | "codelength" | "chiffres" => Column::Digits,
        "step" | "timestep" | "period" | "timeinterval" | "interval" | "pas" | "periode" => Column::Step,
        "counter" | "movingfactor" | "compteur" => Column::Counter,
        "algorithm" | "hash" | "algo" | "algorithme" => Column::Algorithm,
        "manufacturer" | "maker" | "vendor" | "fabricant" => Column::Maker,
        "issuer" | "emetteur" => Column::Issuer,
        "upn" | "user" | "username" | "account" | "label" | "email" | "courriel" | "utilisateur" | "compte" => Column::Label,
        _ => return None,
    })
}

/// Whether a heading, as [`table::plain`] leaves it, is of a secret: then the file is not a list of people.
pub(crate) fn names_a_secret(heading: &str) -> bool {
    matches!(column(heading), Some(Column::Secret | Column::Hex | Column::Base32))
}

/// `LOGGING START,…` and `OATH-HOTP,…` begin the lines of that log.
pub(crate) fn is_yubico_log(line: &[u8]) -> bool {
    [&b"LOGGING START,"[..], b"OATH-HOTP,", b"Yubico OTP,", b"Static Password"].iter().any(|start| line.starts_with(start))
}

/// # Errors
/// [`SeedFileError::Damaged`] with the line, where the text is no table.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Entry>, SeedFileError> {
    let mut text = table::text(bytes, &LIMITS).map_err(refused)?;
    let entries = rows(&text);
    text.zeroize();
    entries
}

fn rows(text: &str) -> Result<Vec<Entry>, SeedFileError> {
    if is_yubico_log(text.trim_start().as_bytes()) {
        let records = table::records(text, b',', 0, &LIMITS).map_err(refused)?;
        return Ok(records.into_iter().filter_map(yubico).collect());
    }
    let (separator, skipped, text) = table::separator(text, |heading| column(heading).is_some());
    let mut records = table::records(text, separator, skipped, &LIMITS).map_err(refused)?.into_iter();
    let header = records.next().ok_or(SeedFileError::Empty)?;
    let places: Vec<_> = header.cells.iter().map(|cell| column(&table::plain(cell))).collect();
    Ok(records.filter(|record| record.cells.iter().any(|cell| !cell.trim().is_empty())).map(|record| row(record, &places)).collect())
}

fn row(mut record: Record, places: &[Option<Column>]) -> Entry {
    let mut draft = Draft::default();
    let mut secret = Err(Problem::NoSecret);
    for (cell, column) in record.cells.iter().zip(places) {
        let cell = cell.trim();
        let text = match column {
            Some(Column::Secret) => {
                secret = secret_text::hex_or_base32(cell);
                continue;
            }
            Some(Column::Hex) => {
                secret = secret_text::hex(cell);
                continue;
            }
            Some(Column::Base32) => {
                secret = secret_text::base32(cell);
                continue;
            }
            Some(Column::Serial) => &mut draft.serial,
            Some(Column::Kind) => &mut draft.kind,
            Some(Column::Digits) => &mut draft.digits,
            Some(Column::Step) => &mut draft.step,
            Some(Column::Counter) => &mut draft.counter,
            Some(Column::Algorithm) => &mut draft.algorithm,
            Some(Column::Maker) => &mut draft.maker,
            Some(Column::Issuer) => &mut draft.issuer,
            Some(Column::Label) => &mut draft.label,
            None => continue,
        };
        cell.clone_into(text);
    }
    // Only a counter moves a token whose row has one and says nothing of time.
    if draft.kind.is_empty() && !draft.counter.is_empty() && draft.step.is_empty() {
        "hotp".clone_into(&mut draft.kind);
    }
    if draft.serial.is_empty() {
        secret = secret.and(Err(Problem::NoSerial));
    }
    let entry = draft.entry(record.line, secret);
    record.cells.zeroize();
    entry
}

// Columns: what, when, slot, public id, private id, key in hexadecimal, …; the digits are the fourth of the flags after
// two empty ones. Rows of other methods are no tokens of ours, and said to be so; log marks are left out.
fn yubico(mut record: Record) -> Option<Entry> {
    let cell = |index: usize| record.cells.get(index).map(|cell| cell.trim()).unwrap_or_default();
    if cell(0) == "LOGGING START" || cell(0).is_empty() || cell(0).starts_with('#') {
        return None;
    }
    let hotp = cell(0) == "OATH-HOTP";
    let draft = Draft {
        serial: cell(3).to_owned(),
        maker: "Yubico".to_owned(),
        kind: if hotp { "hotp".to_owned() } else { cell(0).to_owned() },
        digits: cell(11).to_owned(),
        ..Draft::default()
    };
    let secret = if !hotp {
        Err(Problem::NoSecret)
    } else if draft.serial.is_empty() {
        Err(Problem::NoSerial)
    } else {
        secret_text::hex(cell(5))
    };
    let entry = draft.entry(record.line, secret);
    record.cells.zeroize();
    Some(entry)
}

fn refused(error: TableError) -> SeedFileError {
    match error {
        TableError::TooLarge => SeedFileError::TooLarge,
        TableError::TooManyRows => SeedFileError::TooManyEntries,
        TableError::Spreadsheet | TableError::Utf16 => SeedFileError::Unknown,
        TableError::Nul { line }
        | TableError::NotUtf8 { line }
        | TableError::LineTooLong { line }
        | TableError::UnclosedQuote { line }
        | TableError::TextAfterQuote { line } => SeedFileError::Damaged { line: Some(line) },
    }
}
