//! The two JSON texts of an entry, in the one form that is stored and committed to: RFC 8785, without fractions.

use std::{collections::BTreeMap, fmt, io};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

pub(crate) const VERSION: u64 = 1;

/// The greatest whole number that every JSON reader keeps exactly: 2^53 - 1 (RFC 7493 §2.2).
pub(crate) const GREATEST: i64 = (1 << 53) - 1;

/// What happened, when and where. Names nobody.
// The fields are declared in the order of their names: serde_json writes them so, and the format asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    pub(crate) at: i64,
    pub(crate) communities: Vec<(Uuid, u64)>,
    pub(crate) kind: String,
    v: u64,
}

impl Facts {
    pub(crate) fn new(at: i64, kind: String, communities: Vec<(Uuid, u64)>) -> Self {
        Self { at, communities, kind, v: VERSION }
    }

    /// When it happened, in seconds since 1970-01-01T00:00:00Z, within ±(2^53 - 1).
    pub fn at(&self) -> i64 {
        self.at
    }

    /// What kind of thing happened, such as `account.two-factor-reset`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The communities that the entry belongs to, each with its number in that community's own count, which starts
    /// at 1. Sorted by community; none twice.
    pub fn communities(&self) -> &[(Uuid, u64)] {
        &self.communities
    }

    pub(crate) fn numbers_are_in_range(&self) -> bool {
        (-GREATEST..=GREATEST).contains(&self.at) && self.communities.iter().all(|(_, n)| (1..=GREATEST as u64).contains(n))
    }

    pub(crate) fn kind_is_allowed(&self) -> bool {
        is_name(&self.kind, |b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
    }

    pub(crate) fn communities_ascend(&self) -> bool {
        self.communities.is_sorted_by(|(a, _), (b, _)| a < b)
    }
}

/// Who did it, to whom, and the words that a sentence about it needs.
// Declared in the order of the names, as above.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub(crate) actor: Option<Uuid>,
    pub(crate) subject: Option<Uuid>,
    v: u64,
    pub(crate) words: BTreeMap<String, String>,
}

impl Named {
    pub(crate) fn new(actor: Option<Uuid>, subject: Option<Uuid>, words: BTreeMap<String, String>) -> Self {
        Self { actor, subject, v: VERSION, words }
    }

    /// The account that acted; none when the program did so of itself.
    pub fn actor(&self) -> Option<Uuid> {
        self.actor
    }

    /// The account that it was about.
    pub fn subject(&self) -> Option<Uuid> {
        self.subject
    }

    /// The values for a sentence, such as `name` and `e-mail`, as they were at the time.
    pub fn words(&self) -> &BTreeMap<String, String> {
        &self.words
    }

    pub(crate) fn word_names_are_allowed(&self) -> bool {
        self.words.keys().all(|k| is_name(k, |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')))
    }
}

impl fmt::Debug for Named {
    /// Names and addresses do not belong in a log: only the ids are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Named").field("actor", &self.actor).field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// The persons part of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Persons {
    /// It is there, and matches the leaf.
    Named(Named),
    /// It was erased, with its key. Whether an erasure was declared is for whoever reads the whole journal to say.
    Erased,
}

fn is_name(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(allowed)
}

/// Writes canonical JSON. Cannot fail for the types above: string keys, and no floating point.
pub(crate) fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings, integers and lists always serialise")
}

/// One of the two texts.
pub(crate) trait Text: Serialize + DeserializeOwned {
    fn version(&self) -> u64;
}

impl Text for Facts {
    fn version(&self) -> u64 {
        self.v
    }
}

impl Text for Named {
    fn version(&self) -> u64 {
        self.v
    }
}

/// What is wrong with a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Version,
    Form,
}

/// Reads a text, and refuses it unless writing it again gives the same bytes.
pub(crate) fn read<T: Text>(text: &str) -> Result<T, Fault> {
    #[derive(Deserialize)]
    struct Versioned {
        v: u64,
    }

    match serde_json::from_str::<T>(text) {
        Ok(value) if value.version() == VERSION => is_written(&value, text).then_some(value).ok_or(Fault::Form),
        // A newer text may have fields that the strict reading calls damage.
        _ => match serde_json::from_str::<Versioned>(text) {
            Ok(versioned) if versioned.v != VERSION => Err(Fault::Version),
            _ => Err(Fault::Form),
        },
    }
}

/// Whether writing a value gives this text.
fn is_written(value: &impl Serialize, text: &str) -> bool {
    let mut left = Left(text.as_bytes());
    serde_json::to_writer(&mut left, value).is_ok() && left.0.is_empty()
}

/// What of a text is still to be written.
struct Left<'a>(&'a [u8]);

impl io::Write for Left<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.strip_prefix(bytes).ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_symbols_take_their_short_escape_and_nothing_else_is_escaped() {
        let words = [("w".into(), "\u{8}\t\n\u{c}\r\u{1}\u{1f}\"\\/\u{7f}\u{2028}é🙂".into())].into();
        let text = write(&Named::new(None, None, words));
        assert_eq!(
            text,
            "{\"actor\":null,\"subject\":null,\"v\":1,\"words\":{\"w\":\"\\b\\t\\n\\f\\r\\u0001\\u001f\\\"\\\\/\u{7f}\u{2028}é🙂\"}}"
        );
    }

    #[test]
    fn a_text_with_room_for_doubt_is_refused() {
        let good = r#"{"at":1,"communities":[],"kind":"a","v":1}"#;
        assert!(read::<Facts>(good).is_ok());
        for bad in [
            r#"{"at":1,"communities":[],"kind":"a","v":1} "#,
            r#"{"at":1, "communities":[],"kind":"a","v":1}"#,
            r#"{"communities":[],"at":1,"kind":"a","v":1}"#,
            r#"{"at":1,"at":1,"communities":[],"kind":"a","v":1}"#,
            r#"{"at":1.0,"communities":[],"kind":"a","v":1}"#,
            r#"{"at":1e0,"communities":[],"kind":"a","v":1}"#,
            r#"{"at":1,"communities":[],"kind":"\u0061","v":1}"#,
            r#"{"at":1,"communities":[],"kind":"a","more":0,"v":1}"#,
            r#"{"at":1,"communities":[],"kind":"a"}"#,
            "",
        ] {
            assert_eq!(read::<Facts>(bad), Err(Fault::Form), "{bad}");
        }
    }

    #[test]
    fn a_newer_text_is_told_as_newer_even_with_fields_unknown_here() {
        let newer = r#"{"at":1,"communities":[],"kind":"a","more":0,"v":2}"#;
        assert_eq!(read::<Facts>(newer), Err(Fault::Version));
    }
}
