//! Headers and backups from bytes alone, for the fuzz targets: whoever can write files can write these.

use domain::code::Code;

use crate::{
    backup::file::Preface,
    header::{Header, Slot},
    slot::Keyed,
};

/// What bytes said.
#[derive(Debug)]
pub struct Said {
    /// The same, as this program would write it.
    pub written: Vec<u8>,
    /// Whether a slot of it opens by the keys that were given.
    pub opens: bool,
}

/// Reads a header. `None` for what is none.
#[must_use]
pub fn header(text: &[u8], keyring: &[u8; 32], kit: &Code) -> Option<Said> {
    let header = Header::read(text).ok()?;
    let by_keyring = |slot: &Slot| matches!(slot, Slot::Keyring(slot) if slot.open(Keyed::Keyring, header.place(), keyring).is_some());
    let opens = header.slots.iter().any(by_keyring) || header.open_by_kit(kit).is_some();
    Some(Said { written: header.write(), opens })
}

/// Reads the beginning of a backup of `size` bytes in all. `None` for what is none, and for one that was cut.
#[must_use]
pub fn backup(mut beginning: &[u8], size: u64, kit: &Code) -> Option<Said> {
    let preface = Preface::begin(&mut beginning, size).ok()?;
    Some(Said { opens: preface.by_kit(kit).is_some(), written: preface.write() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::code::{Typed, read};

    #[test]
    fn the_frozen_backup_is_written_as_it_was_and_opens_by_its_kit_alone() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/vectors/vault/sample.backup");
        let file = std::fs::read(path).expect("the vectors are part of the repository");
        let size = file.len() as u64;
        let code = |typed| if let Ok(Typed::Code(code)) = read(typed) { code } else { panic!("no code") };
        let said = backup(&file, size, &code("KTSWKAF6ZFN7J48YY4HHHX2NZ")).expect("a backup");
        assert!(said.opens && file.starts_with(&said.written));
        assert!(!backup(&file, size, &code("KXM2YQYGH35YB36MFAHDR335D")).expect("a backup").opens);
        assert!(backup(&file, size - 1, &code("KTSWKAF6ZFN7J48YY4HHHX2NZ")).is_none());
    }
}
