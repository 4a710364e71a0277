//! Text in rows and cells: finds where records begin, and what is wrong with them, before anything is kept.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What is wrong with a table as such, whatever it was to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TableError {
    TooLarge,
    Spreadsheet,
    Utf16,
    Nul { line: u64 },
    NotUtf8 { line: u64 },
    LineTooLong { line: u64 },
    UnclosedQuote { line: u64 },
    TextAfterQuote { line: u64 },
    TooManyRows,
}

pub(crate) struct Limits {
    /// Of the file.
    pub(crate) bytes: usize,
    /// Of one record, line breaks within quotes included.
    pub(crate) record_bytes: usize,
    /// Without the header.
    pub(crate) rows: usize,
}

/// The text of a file: no byte order mark, every line break a `\n`.
pub(crate) fn text(bytes: &[u8], limits: &Limits) -> Result<String, TableError> {
    if bytes.len() > limits.bytes {
        return Err(TableError::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(TableError::Spreadsheet);
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(TableError::Utf16);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(TableError::Nul { line: line_at(bytes, at) });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| TableError::NotUtf8 { line: line_at(bytes, error.valid_up_to()) })?;
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() })
}

// Counted in the bytes as they came: `\r\n`, `\n` and a lone `\r` each end a line.
fn line_at(bytes: &[u8], at: usize) -> u64 {
    let ends = (0..at).filter(|index| match bytes[*index] {
        b'\n' => true,
        b'\r' => bytes.get(index + 1) != Some(&b'\n'),
        _ => false,
    });
    1 + ends.count() as u64
}

/// A record: the line it begins in, and its cells, unquoted.
pub(crate) struct Record {
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
}

/// The records of `text`, which came from [`text`] and follows `skipped` lines. Empty lines are left out; a cell is `"…"`
/// with `""` for a quote, or bare.
pub(crate) fn records(text: &str, separator: u8, skipped: u64, limits: &Limits) -> Result<Vec<Record>, TableError> {
    let lines = scan(text.as_bytes(), separator, skipped, limits)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut records = Vec::with_capacity(lines.len());
    for (line, record) in lines.into_iter().zip(reader.records()) {
        let record = record.map_err(|_| TableError::NotUtf8 { line })?;
        records.push(Record { line, cells: record.iter().map(str::to_owned).collect() });
    }
    Ok(records)
}

enum At {
    RecordStart,
    CellStart,
    Bare,
    Quoted { since: u64 },
    AfterQuote { since: u64 },
}

// The line each record begins in. The csv crate reads an unclosed quote to the end of the file without a word.
fn scan(text: &[u8], separator: u8, skipped: u64, limits: &Limits) -> Result<Vec<u64>, TableError> {
    let mut starts = Vec::new();
    let (mut line, mut begun_at, mut state) = (1 + skipped, 0usize, At::RecordStart);
    for (index, byte) in text.iter().copied().enumerate() {
        if matches!(state, At::RecordStart) {
            if byte == b'\n' {
                line += 1;
                continue;
            }
            if starts.len() > limits.rows {
                return Err(TableError::TooManyRows);
            }
            starts.push(line);
            (begun_at, state) = (index, At::CellStart);
        }
        if index - begun_at > limits.record_bytes {
            return Err(match state {
                At::Quoted { since } if since < line => TableError::UnclosedQuote { line: since },
                _ => TableError::LineTooLong { line: *starts.last().unwrap_or(&line) },
            });
        }
        state = match state {
            At::Quoted { since } if byte == b'"' => At::AfterQuote { since },
            At::Quoted { since } => At::Quoted { since },
            At::AfterQuote { since } if byte == b'"' => At::Quoted { since },
            _ if byte == b'\n' => At::RecordStart,
            _ if byte == separator => At::CellStart,
            // A quote that closed lines later and is followed by text was never meant to close there.
            At::AfterQuote { since } if since < line => return Err(TableError::UnclosedQuote { line: since }),
            At::AfterQuote { .. } => return Err(TableError::TextAfterQuote { line }),
            At::CellStart if byte == b'"' => At::Quoted { since: line },
            _ => At::Bare,
        };
        if byte == b'\n' {
            line += 1;
        }
    }
    match state {
        At::Quoted { since } => Err(TableError::UnclosedQuote { line: since }),
        _ => Ok(starts),
    }
}

/// The separator that makes the most known headings of the first record, and the text after an Excel `sep=` line.
pub(crate) fn separator(text: &str, known: impl Fn(&str) -> bool) -> (u8, u64, &str) {
    let first = text.split('\n').next().unwrap_or_default();
    if let Some([one]) = first.strip_prefix("sep=").map(str::as_bytes)
        && matches!(one, b',' | b';' | b'\t')
    {
        return (*one, 1, text.get(first.len() + 1..).unwrap_or_default());
    }
    let header = text.split('\n').find(|line| !line.is_empty()).unwrap_or_default();
    let score = |separator: u8| {
        let cells = header.split(char::from(separator)).map(|cell| plain(cell.trim().trim_matches('"')));
        cells.fold((0, 0), |(hits, all), cell| (hits + usize::from(known(&cell)), all + 1))
    };
    let mut best = (b',', score(b','));
    for other in [b';', b'\t'] {
        let found = score(other);
        if found > best.1 {
            best = (other, found);
        }
    }
    (best.0, 0, text)
}

/// A heading without case, accents, spaces and signs: `Adresse e-mail` is `adresseemail`.
pub(crate) fn plain(heading: &str) -> String {
    heading.nfd().filter(|char| !is_combining_mark(*char)).flat_map(char::to_lowercase).filter(|char| char.is_alphanumeric()).collect()
}
