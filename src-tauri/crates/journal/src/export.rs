//! The export: a file that carries its own proof. `FORMATS.md`, "Journal export", has every byte.
//!
//! One JSON object a line: a [`Header`] with the signed checkpoint, then the entries in order, then how many there were.
//! The texts of an entry stand in the file as they are, so that other programs can read them too.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{LeafHash, Stored, tree::TreeHash};

pub(crate) const VERSION: u64 = 1;
/// What the first line says that the file is.
pub(crate) const FORMAT: &str = "sallyport-journal";

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    format: String,
    v: u64,
    /// The workspace.
    pub workspace: Uuid,
    /// The signed checkpoint that the entries are proved against.
    pub checkpoint: String,
    /// The communities whose every entry is in the file in words; absent when those of all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub communities: Option<Vec<Uuid>>,
    /// Which entries were asked for; absent for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// An earlier checkpoint that somebody kept, and what proves that the journal still begins with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Earlier>,
}

/// Which entries a file that is not whole was asked to hold. It proves that each was written; never that there were no others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// By or about this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// Not before this, in seconds since 1970-01-01T00:00:00Z.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// An earlier checkpoint, and the proof for it (RFC 9162 §2.1.4).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// The signed note.
    pub checkpoint: String,
    /// The proof, each hash in Base64.
    pub consistency: Vec<Bytes>,
}

/// Bytes, in Base64 where they are written.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Header {
    /// A first line.
    pub fn new(workspace: Uuid, checkpoint: String) -> Self {
        Self { format: FORMAT.into(), v: VERSION, workspace, checkpoint, communities: None, part: None, earlier: None }
    }

    pub(crate) fn is_known(&self) -> Result<(), bool> {
        if self.format != FORMAT {
            Err(false)
        } else if self.v != VERSION {
            Err(true)
        } else {
            Ok(())
        }
    }

    /// The line, with its end.
    pub fn line(&self) -> String {
        line(self)
    }
}

/// Any line after the first.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) index: Option<u64>,
    #[serde(borrow, skip_serializing_if = "Option::is_none", default)]
    pub(crate) facts: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) facts_key: Option<Bytes>,
    #[serde(borrow, skip_serializing_if = "Option::is_none", default)]
    pub(crate) persons: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) persons_key: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) leaf: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) hash: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) proof: Option<Vec<Bytes>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) end: Option<u64>,
}

impl Line<'_> {
    const BLANK: Self = Self {
        index: None,
        facts: None,
        facts_key: None,
        persons: None,
        persons_key: None,
        leaf: None,
        hash: None,
        proof: None,
        end: None,
    };
}

/// The line of an entry in words, just as it is kept: a damaged one is written too, for the verifier to name. `proof` is what
/// [`crate::tree::inclusion`] plans, for a file that is not whole.
pub fn entry(entry: &Stored<'_>, proof: Option<&[TreeHash]>) -> String {
    let (facts, persons) = (raw(entry.facts), entry.persons.map(raw));
    line(&Line {
        index: Some(entry.index),
        facts: Some(&facts),
        facts_key: Some(Bytes(entry.facts_key.to_vec())),
        persons: persons.as_deref(),
        persons_key: entry.persons_key.map(|key| Bytes(key.to_vec())),
        leaf: Some(Bytes(entry.leaf.to_vec())),
        proof: proof.map(|hashes| hashes.iter().map(|hash| Bytes(hash.as_bytes().to_vec())).collect()),
        ..Line::BLANK
    })
}

/// The line of an entry that whoever exports may not read.
pub fn hash(index: u64, leaf: &LeafHash) -> String {
    line(&Line { index: Some(index), hash: Some(Bytes(leaf.as_bytes().to_vec())), ..Line::BLANK })
}

/// The last line: how many entries there were.
pub fn end(entries: u64) -> String {
    line(&Line { end: Some(entries), ..Line::BLANK })
}

/// The text as it is; one that is not even JSON, or reads as if there were none, as a string, which matches no commitment.
fn raw(text: &str) -> Box<RawValue> {
    let as_it_is = RawValue::from_string(text.to_owned()).ok().filter(|raw| raw.get() != "null");
    as_it_is.unwrap_or_else(|| serde_json::value::to_raw_value(text).expect("a string can be written"))
}

fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).expect("strings, numbers and lists can be written");
    text.push('\n');
    text
}

mod bytes {
    use std::fmt;

    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{
        Deserialize, Deserializer, Serialize, Serializer,
        de::{Error, Visitor},
    };

    use super::Bytes;

    impl Serialize for Bytes {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&STANDARD.encode(&self.0))
        }
    }

    impl<'de> Deserialize<'de> for Bytes {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_str(Base64)
        }
    }

    struct Base64;

    impl Visitor<'_> for Base64 {
        type Value = Bytes;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Base64")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
            STANDARD.decode(text).map(Bytes).map_err(|_| E::custom("not Base64"))
        }
    }

    impl fmt::Debug for Bytes {
        /// Keys are among them.
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "Bytes({})", self.0.len())
        }
    }
}
