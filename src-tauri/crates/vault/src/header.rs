//! The header: what a vault is called, which generation of the database counts, and the slots that open it.

use domain::{
    code::Code,
    kit::{self, Purpose},
    time::Moment,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

pub(crate) use crate::slotted::MOST_SLOTS;
use crate::{
    failure::OpenError,
    slot::{Keyed, KeyedSlot, Keys, PassphraseSlot, Place},
    slotted::{self, Unread, VERSION, Written},
};

const FORMAT: &str = "sallyport-vault";
const KINDS: &[&str] = &["passphrase", "keyring", "recovery-kit"];

#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) vault: Uuid,
    pub(crate) name: String,
    pub(crate) generation: u64,
    /// When it was restored from a backup, for the list at the start.
    pub(crate) restored: Option<Moment>,
    /// Of a desk: with which server it was paired, for the list at the start.
    pub(crate) paired: Option<PairedWith>,
    pub(crate) slots: Vec<Slot>,
}

/// What tells a desk from a workspace whose data lies on this computer. It is for people to read, and for nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairedWith {
    /// The server's address.
    pub server: String,
    /// What this computer called itself there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// One way in.
#[derive(Clone, Debug)]
pub(crate) enum Slot {
    Passphrase(PassphraseSlot),
    Keyring(KeyedSlot),
    Kit(KeyedSlot),
    /// Of a kind that this program does not know. It is kept as it is.
    Other(Box<RawValue>),
}

/// The form on disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<S> {
    format: String,
    version: u64,
    vault: Uuid,
    name: String,
    generation: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restored: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    desk: Option<PairedWith>,
    slots: Vec<S>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Understood {
    Passphrase(PassphraseSlot),
    Keyring(KeyedSlot),
    #[serde(rename = "recovery-kit")]
    Kit(KeyedSlot),
}

fn damaged(what: &str) -> OpenError {
    OpenError::Damaged(what.into())
}

impl Header {
    pub(crate) fn read(text: &[u8]) -> Result<Self, OpenError> {
        let document: Document<Box<RawValue>> = slotted::read(text, FORMAT).map_err(|unread| match unread {
            Unread::Newer => OpenError::Newer,
            Unread::OtherFormat => damaged("its header is of another format"),
            Unread::Nothing | Unread::Malformed => damaged("its header cannot be read"),
        })?;
        let Document { vault, name, generation, restored, desk, slots, .. } = document;
        if generation == 0 {
            return Err(damaged("its header is out of bounds"));
        }
        let slots = slotted::slots(slots, KINDS, Slot::known, Slot::Other)?;
        Ok(Self { vault, name, generation, restored: restored.map(Moment), paired: desk, slots })
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let document = Document {
            format: FORMAT.into(),
            version: VERSION,
            vault: self.vault,
            name: self.name.clone(),
            generation: self.generation,
            restored: self.restored.map(|at| at.0),
            desk: self.paired.clone(),
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

    /// Where its slots belong.
    pub(crate) fn place(&self) -> Place {
        Place::Vault { vault: self.vault, generation: self.generation }
    }

    /// Opens the slots of a passphrase. Slow on purpose.
    pub(crate) fn open_by_passphrase(&self, passphrase: &SecretString) -> Option<Keys> {
        self.slots.iter().find_map(|slot| match slot {
            Slot::Passphrase(slot) => slot.open(self.place(), passphrase),
            _ => None,
        })
    }

    /// Opens the slot of a recovery kit.
    pub(crate) fn open_by_kit(&self, kit: &Code) -> Option<Keys> {
        let key = kit::key(kit, Purpose::Vault)?;
        self.slots.iter().find_map(|slot| match slot {
            Slot::Kit(slot) => slot.open(Keyed::Kit, self.place(), &key),
            _ => None,
        })
    }

    /// The slots whose keys lie in a keyring.
    pub(crate) fn keyring_slots(&self) -> impl Iterator<Item = &KeyedSlot> {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Keyring(slot) => Some(slot),
            _ => None,
        })
    }

    /// The slot of the recovery kit.
    pub(crate) fn kit_slot(&self) -> Option<&KeyedSlot> {
        self.slots.iter().find_map(|slot| match slot {
            Slot::Kit(slot) => Some(slot),
            _ => None,
        })
    }

    pub(crate) fn is_full(&self) -> bool {
        self.slots.len() >= MOST_SLOTS
    }
}

impl Slot {
    fn known(known: Understood) -> Result<Self, OpenError> {
        Ok(match known {
            Understood::Passphrase(slot) => {
                slot.kdf.check()?;
                Self::Passphrase(slot)
            }
            Understood::Keyring(slot) => Self::Keyring(slot),
            Understood::Kit(slot) => Self::Kit(slot),
        })
    }

    fn write(&self) -> Written<'_> {
        let understood = match self {
            Self::Passphrase(slot) => Understood::Passphrase(slot.clone()),
            Self::Keyring(slot) => Understood::Keyring(slot.clone()),
            Self::Kit(slot) => Understood::Kit(slot.clone()),
            Self::Other(value) => return Written::Other(value),
        };
        Written::Known(serde_json::to_value(understood).expect("strings and integers always serialise"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"format":"sallyport-vault","version":1,"vault":"018f3c5e-7a10-7cc0-8d4e-2b6f9a1c3d57","name":"Ada","generation":1,
        "slots":[{"kind":"seashell","id":"x","service":"s","nested":{"a":[1,2e40,1799999999999999999990000000]}}]}"#;

    #[test]
    fn slots_of_unknown_kinds_are_kept() {
        let header = Header::read(GOOD.as_bytes()).expect("a header");
        let again: serde_json::Value = serde_json::from_slice(&header.write()).expect("JSON");
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(GOOD).expect("JSON"));
        let kept = &GOOD[GOOD.find(r#"{"kind""#).expect("a slot")..GOOD.len() - 2];
        assert!(String::from_utf8(header.write()).expect("text").contains(kept), "to the byte");
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
            (r#""kind":"seashell""#, r#""kind":"passphrase""#),
            (r#""kind":"seashell""#, r#""kind":"keyring""#),
            (r#""kind":"seashell""#, r#""kind":"recovery-kit""#),
            (r#""kind":"seashell","#, ""),
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
