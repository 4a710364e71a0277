//! What a file is, from its own bytes; names and endings say nothing.

use crate::{people, table, token_csv};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A kind of file that another program wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A list of people: [`people::read`].
    People,
    /// Token seeds as CSV.
    TokenCsv,
    /// RFC 6030.
    Pskc,
    /// `otpauth://` or `otpauth-migration://` links, one a line. Ente's plain export is one of these.
    KeyLinks,
    /// An Aegis vault, plain or encrypted.
    Aegis,
    /// A 2FAS backup, plain or encrypted.
    TwoFas,
    /// Ente Auth's encrypted export.
    Ente,
    /// PNG or JPEG.
    Picture,
    /// Anything else.
    Unknown,
}

/// Says what `bytes` are. Cheap but for JSON, which is walked once; nothing is promised of the rest of the file.
#[must_use]
pub fn detect(bytes: &[u8]) -> Kind {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xFF\xD8\xFF") {
        return Kind::Picture;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    match bytes.first() {
        Some(b'{') => json(bytes),
        Some(b'<') if has(bytes, b"KeyContainer") => Kind::Pskc,
        Some(b'<') | None => Kind::Unknown,
        _ if links(bytes) => Kind::KeyLinks,
        _ => lists(bytes),
    }
}

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    let start = bytes.get(..4096).unwrap_or(bytes);
    start.windows(needle.len()).any(|window| window == needle)
}

// Comment lines may come first.
fn links(bytes: &[u8]) -> bool {
    let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let first = lines.take(20).find(|line| !line.starts_with(b"#"));
    first.is_some_and(|line| line.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"otpauth")) && has(line, b":"))
}

#[derive(Deserialize)]
struct Shape {
    db: Option<IgnoredAny>,
    header: Option<IgnoredAny>,
    services: Option<IgnoredAny>,
    #[serde(rename = "servicesEncrypted")]
    services_encrypted: Option<IgnoredAny>,
    #[serde(rename = "kdfParams")]
    kdf_params: Option<IgnoredAny>,
    #[serde(rename = "encryptedData")]
    encrypted_data: Option<IgnoredAny>,
}

fn json(bytes: &[u8]) -> Kind {
    match serde_json::from_slice::<Shape>(bytes) {
        Ok(Shape { db: Some(_), header: Some(_), .. }) => Kind::Aegis,
        Ok(Shape { services: Some(_), .. } | Shape { services_encrypted: Some(_), .. }) => Kind::TwoFas,
        Ok(Shape { kdf_params: Some(_), encrypted_data: Some(_), .. }) => Kind::Ente,
        Ok(_) => Kind::Unknown,
        // Cut short, as a rule: its own reader says where.
        Err(_) if has(bytes, b"\"slots\"") => Kind::Aegis,
        Err(_) if has(bytes, b"\"services") => Kind::TwoFas,
        Err(_) if has(bytes, b"\"kdfParams\"") => Kind::Ente,
        Err(_) => Kind::Unknown,
    }
}

// A header decides; whatever else looks like text in lines is told by the reader of people, which names what is wrong.
fn lists(bytes: &[u8]) -> Kind {
    let first = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let first = first.get(..4096).unwrap_or(first);
    let headings: Vec<String> =
        String::from_utf8_lossy(first).split([',', ';', '\t']).map(|cell| table::plain(cell.trim().trim_matches('"'))).collect();
    if headings.iter().any(|heading| token_csv::names_a_secret(heading)) || token_csv::is_yubico_log(first) {
        Kind::TokenCsv
    } else if headings.iter().any(|heading| people::column(heading).is_some()) {
        Kind::People
    } else {
        Kind::Unknown
    }
}
