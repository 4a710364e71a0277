//! The header: what a vault is called, which generation of the database counts, and the slots that open it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{failure::OpenError, slot::PassphraseSlot};

const FORMAT: &str = "sallyport-vault";
const VERSION: u64 = 1;
/// Beyond this a file is no header, and is not read.
pub(crate) const LONGEST: u64 = 1 << 20;
/// Each slot costs a slow derivation to try.
const MOST_SLOTS: usize = 32;

#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) vault: Uuid,
    pub(crate) name: String,
    pub(crate) generation: u64,
    pub(crate) slots: Vec<Slot>,
}

/// One way in.
#[derive(Clone, Debug)]
pub(crate) enum Slot {
    Passphrase(PassphraseSlot),
    /// Of a kind that this program does not know. It is kept as it is.
    Other(serde_json::Value),
}

/// The form on disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: String,
    version: u64,
    vault: Uuid,
    name: String,
    generation: u64,
    slots: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Peek {
    format: String,
    version: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Understood {
    Passphrase(PassphraseSlot),
}

fn damaged(what: &str) -> OpenError {
    OpenError::Damaged(what.into())
}

impl Header {
    pub(crate) fn read(text: &[u8]) -> Result<Self, OpenError> {
        // Version first: a newer header may have parts that the strict reading below would call damage.
        let peek: Peek = serde_json::from_slice(text).map_err(|_| damaged("its header cannot be read"))?;
        if peek.format != FORMAT || peek.version == 0 {
            return Err(damaged("its header is of another format"));
        }
        if peek.version > VERSION {
            return Err(OpenError::Newer);
        }
        let document: Document = serde_json::from_slice(text).map_err(|_| damaged("its header cannot be read"))?;
        if document.generation == 0 || document.slots.len() > MOST_SLOTS {
            return Err(damaged("its header is out of bounds"));
        }
        let slots = document.slots.into_iter().map(Slot::read).collect::<Result<_, _>>()?;
        Ok(Self { vault: document.vault, name: document.name, generation: document.generation, slots })
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let document = Document {
            format: FORMAT.into(),
            version: VERSION,
            vault: self.vault,
            name: self.name.clone(),
            generation: self.generation,
            slots: self.slots.iter().map(Slot::write).collect(),
        };
        let mut text = serde_json::to_vec_pretty(&document).expect("strings, integers and lists always serialise");
        text.push(b'\n');
        text
    }

    /// The file of the database that counts.
    pub(crate) fn database(&self) -> String {
        format!("vault-{}.db", self.generation)
    }
}

impl Slot {
    fn read(value: serde_json::Value) -> Result<Self, OpenError> {
        match value.get("kind").and_then(serde_json::Value::as_str) {
            None => Err(damaged("a key slot cannot be read")),
            Some("passphrase") => {
                let Understood::Passphrase(slot) = serde_json::from_value(value).map_err(|_| damaged("a key slot cannot be read"))?;
                slot.kdf.check()?;
                Ok(Self::Passphrase(slot))
            }
            Some(_) => Ok(Self::Other(value)),
        }
    }

    fn write(&self) -> serde_json::Value {
        match self {
            Self::Passphrase(slot) => {
                serde_json::to_value(Understood::Passphrase(slot.clone())).expect("strings and integers always serialise")
            }
            Self::Other(value) => value.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"format":"sallyport-vault","version":1,"vault":"018f3c5e-7a10-7cc0-8d4e-2b6f9a1c3d57","name":"Ada","generation":1,
        "slots":[{"kind":"keyring","id":"x","service":"s","nested":{"a":[1,2]}}]}"#;

    #[test]
    fn slots_of_unknown_kinds_are_kept() {
        let header = Header::read(GOOD.as_bytes()).expect("a header");
        let again: serde_json::Value = serde_json::from_slice(&header.write()).expect("JSON");
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(GOOD).expect("JSON"));
    }

    #[test]
    fn a_newer_header_is_told_as_newer_whatever_else_is_in_it() {
        assert_eq!(Header::read(br#"{"format":"sallyport-vault","version":2,"more":[]}"#).err(), Some(OpenError::Newer));
    }

    #[test]
    fn damage_is_told_as_damage() {
        for (from, to) in [
            ("sallyport-vault", "other"),
            (r#""version":1"#, r#""version":0"#),
            (r#""version":1"#, r#""version":1,"version":1"#),
            (r#""generation":1"#, r#""generation":0"#),
            (r#""generation":1"#, r#""generation":1,"more":1"#),
            (r#""kind":"keyring""#, r#""kind":"passphrase""#),
            (r#""kind":"keyring","#, ""),
        ] {
            assert!(GOOD.contains(from));
            let text = GOOD.replacen(from, to, 1);
            assert!(matches!(Header::read(text.as_bytes()), Err(OpenError::Damaged(_))), "{text}");
        }
        for cut in 0..GOOD.len() - 1 {
            assert!(matches!(Header::read(&GOOD.as_bytes()[..cut]), Err(OpenError::Damaged(_))), "cut at {cut}");
        }
        let many = format!("[{}]", vec![r#"{"kind":"a"}"#; 33].join(","));
        let text = GOOD.split_once("\"slots\":").map(|(head, _)| format!("{head}\"slots\":{many}}}")).expect("slots");
        assert!(matches!(Header::read(text.as_bytes()), Err(OpenError::Damaged(_))));
    }
}
