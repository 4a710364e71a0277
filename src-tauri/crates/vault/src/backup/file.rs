//! The first line of a backup: what it is of, and what opens it.

use std::{
    fs::File,
    io::{BufRead, BufReader, ErrorKind, Read},
    path::Path,
};

use domain::{
    code::Code,
    kit::{self, Purpose},
    time::Moment,
};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    connection::PAGE,
    failure::{OpenError, RestoreError},
    slot::{Keyed, KeyedSlot, Keys, PassphraseSlot, Place},
    slotted::{self, LONGEST, Unread, VERSION, Written},
};

const FORMAT: &str = "sallyport-backup";
const KINDS: &[&str] = &["passphrase", "recovery-kit"];
const SALT: &[u8] = b"sallyport/backup/v1";

#[derive(Clone, Debug)]
pub(crate) struct Preface {
    pub(crate) backup: Uuid,
    pub(crate) vault: Uuid,
    pub(crate) name: String,
    pub(crate) made: Moment,
    pub(crate) length: u64,
    pub(crate) ways: Vec<Way>,
}

#[derive(Clone, Debug)]
pub(crate) enum Way {
    Passphrase(PassphraseSlot),
    Kit(KitWay),
    Other(Box<RawValue>),
}

/// The kit's code is on paper when a backup is taken. So it opens, as ever, the keys of the vault, and those open the
/// backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KitWay {
    /// The generation that the vault was in.
    pub(crate) generation: u64,
    /// The vault's own slot of the kit, as it stood in its header.
    pub(crate) outer: KeyedSlot,
    /// The keys of the backup, wrapped under a key made from those of the vault.
    pub(crate) inner: KeyedSlot,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<S> {
    format: String,
    version: u64,
    backup: Uuid,
    vault: Uuid,
    name: String,
    made: i64,
    length: u64,
    slots: Vec<S>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Understood {
    Passphrase(PassphraseSlot),
    #[serde(rename = "recovery-kit")]
    Kit(KitWay),
}

fn damaged(what: &str) -> RestoreError {
    RestoreError::Damaged(what.into())
}

fn failed(error: &std::io::Error) -> RestoreError {
    match error.kind() {
        ErrorKind::IsADirectory => RestoreError::NotABackup,
        kind => RestoreError::Failed(kind.to_string()),
    }
}

/// The key that the vault's keys open a backup with.
pub(crate) fn key_of_vault(keys: &Keys) -> Zeroizing<[u8; 32]> {
    let mut both = Zeroizing::new([0; 64]);
    both[..32].copy_from_slice(keys.database.expose_secret());
    both[32..].copy_from_slice(keys.sealing.expose_secret());
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(SALT), &*both).expand(b"vault", &mut *key).expect("32 bytes");
    key
}

impl Preface {
    /// Reads the first line of a file; what is left to read is the body, which has the length that the line says.
    pub(crate) fn open(path: &Path) -> Result<(Self, BufReader<File>), RestoreError> {
        let file = File::open(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => RestoreError::Missing,
            _ => failed(&error),
        })?;
        let size = file.metadata().map_err(|error| failed(&error))?.len();
        let mut reader = BufReader::new(file);
        let preface = Self::begin(&mut reader, size)?;
        Ok((preface, reader))
    }

    /// Reads the first line of what is so many bytes long.
    pub(crate) fn begin(reader: &mut impl BufRead, size: u64) -> Result<Self, RestoreError> {
        let mut line = Vec::new();
        reader.take(LONGEST).read_until(b'\n', &mut line).map_err(|error| failed(&error))?;
        if line.pop() != Some(b'\n') {
            let begins = line.starts_with(br#"{"format":"sallyport-backup""#);
            return Err(if begins { damaged("it is cut short") } else { RestoreError::NotABackup });
        }
        let preface = Self::read(&line)?;
        let expected = (line.len() as u64 + 1).checked_add(preface.length);
        if expected != Some(size) {
            return Err(damaged(if expected > Some(size) { "it is cut short" } else { "it is longer than it should be" }));
        }
        Ok(preface)
    }

    /// Reads a first line without its end.
    pub(crate) fn read(line: &[u8]) -> Result<Self, RestoreError> {
        let document: Document<Box<RawValue>> = slotted::read(line, FORMAT).map_err(|unread| match unread {
            Unread::Nothing | Unread::OtherFormat => RestoreError::NotABackup,
            Unread::Newer => RestoreError::Newer,
            Unread::Malformed => damaged("its first line cannot be read"),
        })?;
        let Document { backup, vault, name, made, length, slots, .. } = document;
        if length == 0 || !length.is_multiple_of(PAGE) {
            return Err(damaged("its first line is out of bounds"));
        }
        let ways = slotted::slots(slots, KINDS, Way::known, Way::Other)?;
        Ok(Self { backup, vault, name, made: Moment(made), length, ways })
    }

    /// The first line, its end included.
    pub(crate) fn write(&self) -> Vec<u8> {
        let document = Document {
            format: FORMAT.into(),
            version: VERSION,
            backup: self.backup,
            vault: self.vault,
            name: self.name.clone(),
            made: self.made.0,
            length: self.length,
            slots: self.ways.iter().map(Way::write).collect(),
        };
        let mut line = serde_json::to_vec(&document).expect("strings, integers and lists always serialise");
        line.push(b'\n');
        line
    }

    fn place(&self) -> Place {
        Place::Backup { backup: self.backup, vault: self.vault, made: self.made, length: self.length }
    }

    /// The keys of the backup, by the passphrase of then. Slow on purpose.
    pub(crate) fn by_passphrase(&self, passphrase: &SecretString) -> Option<Keys> {
        self.ways.iter().find_map(|way| match way {
            Way::Passphrase(slot) => slot.open(self.place(), passphrase),
            _ => None,
        })
    }

    /// The keys of the backup, by the recovery kit of then.
    pub(crate) fn by_kit(&self, kit: &Code) -> Option<Keys> {
        let key = kit::key(kit, Purpose::Vault)?;
        self.ways.iter().find_map(|way| match way {
            Way::Kit(way) => {
                let vault = way.outer.open(Keyed::Kit, Place::Vault { vault: self.vault, generation: way.generation }, &key)?;
                way.inner.open(Keyed::Vault, self.place(), &key_of_vault(&vault))
            }
            _ => None,
        })
    }
}

impl Way {
    fn known(known: Understood) -> Result<Self, OpenError> {
        Ok(match known {
            Understood::Passphrase(slot) => {
                slot.kdf.check()?;
                Self::Passphrase(slot)
            }
            Understood::Kit(way) => Self::Kit(way),
        })
    }

    fn write(&self) -> Written<'_> {
        let understood = match self {
            Self::Passphrase(slot) => Understood::Passphrase(slot.clone()),
            Self::Kit(way) => Understood::Kit(way.clone()),
            Self::Other(value) => return Written::Other(value),
        };
        Written::Known(serde_json::to_value(understood).expect("strings and integers always serialise"))
    }
}
