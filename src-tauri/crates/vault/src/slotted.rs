//! What the header of a vault and the first line of a backup have in common: a format, a version, and slots of which some
//! may be of kinds that this program does not know.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use crate::failure::OpenError;

/// Of both formats.
pub(crate) const VERSION: u64 = 1;
/// Beyond this neither is read.
pub(crate) const LONGEST: u64 = 1 << 20;
/// Each slot costs a slow derivation to try.
pub(crate) const MOST_SLOTS: usize = 32;

/// Why a text is not the document that it should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is no document at all.
    Nothing,
    /// One of another format.
    OtherFormat,
    /// One of a version that this program does not know.
    Newer,
    /// Something in it is missing, or should not be there.
    Malformed,
}

#[derive(Deserialize)]
struct Peek {
    format: String,
    version: u64,
}

/// Reads a document whose type takes all its names, and no others.
pub(crate) fn read<D: DeserializeOwned>(text: &[u8], format: &str) -> Result<D, Unread> {
    // Version first: a newer one may have parts that the strict reading below would call damage.
    let peek: Peek = serde_json::from_slice(text).map_err(|_| Unread::Nothing)?;
    if peek.format != format || peek.version == 0 {
        return Err(Unread::OtherFormat);
    }
    if peek.version > VERSION {
        return Err(Unread::Newer);
    }
    serde_json::from_slice(text).map_err(|_| Unread::Malformed)
}

/// A slot that is about to be written.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Written<'a> {
    Known(Value),
    Other(&'a RawValue),
}

#[derive(Deserialize)]
struct Named {
    kind: String,
}

/// Reads slots: those of these kinds strictly, the others as they are, to the byte: a number may be larger than ours.
pub(crate) fn slots<K: DeserializeOwned, S>(
    values: Vec<Box<RawValue>>,
    kinds: &[&str],
    known: impl Fn(K) -> Result<S, OpenError>,
    other: impl Fn(Box<RawValue>) -> S,
) -> Result<Vec<S>, OpenError> {
    let malformed = || OpenError::Damaged("a key slot cannot be read".into());
    if values.len() > MOST_SLOTS {
        return Err(OpenError::Damaged("it has too many key slots".into()));
    }
    values
        .into_iter()
        .map(|value| match serde_json::from_str::<Named>(value.get()) {
            Err(_) => Err(malformed()),
            Ok(named) if kinds.contains(&named.kind.as_str()) => known(serde_json::from_str(value.get()).map_err(|_| malformed())?),
            Ok(_) => Ok(other(value)),
        })
        .collect()
}
