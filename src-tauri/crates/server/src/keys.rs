//! The keys that seal, and those that codes are issued with out of the server's reach: kept beside the database and never in it, in a
//! file that only its owner can read, or in the environment.

use std::{
    fs::{File, Metadata},
    io::Read,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use authority::{Drawing, EpochKey, EpochKeys, KeyEpoch, KeyId, KeysRefused, LIVE_EPOCHS, SealingKey, Surroundings, System};
use data_encoding::BASE64;
use secrecy::SecretBox;
use zeroize::Zeroizing;

/// The variable that holds keys where no file does.
pub(crate) const VARIABLE: &str = "SALLYPORT_KEYS";
const KEY_BYTES: usize = 32;
/// How a line begins that has a key for codes.
const OFFLINE: &str = "offline";
/// No file of keys is longer.
const LONGEST: u64 = 64 * 1024;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Neither a file nor the variable.
    #[error("no sealing key: name a file with --key-file, or set {}; `sallyport-server new-key` makes one", VARIABLE)]
    Missing,
    /// The file cannot be read.
    #[error("{0}: the key file cannot be read ({1})")]
    File(PathBuf, std::io::Error),
    /// Others may read the file.
    #[error("{0}: others than its owner may read this key file; run chmod 600 on it")]
    Open(PathBuf),
    /// A line that is no key. It is not repeated here.
    #[error("line {0} of the keys is not 32 bytes in Base64")]
    Line(usize),
    /// The same key twice.
    #[error("line {0} of the keys repeats a key")]
    Twice(usize),
    /// A key for codes without the number of its epoch.
    #[error("line {0} of the keys is not `offline`, an epoch from 0 to 7, and 32 bytes in Base64")]
    Epoch(usize),
    /// The epoch has a key already.
    #[error("line {0} of the keys repeats an epoch")]
    EpochTwice(usize),
    /// Too many keys for codes.
    #[error("line {0} of the keys is one offline key too many: {max} are held at most", max = LIVE_EPOCHS)]
    TooMany(usize),
}

/// What a key file holds.
pub struct Keys {
    /// What seals.
    pub sealing: SealingKey,
    /// What codes are issued with out of the server's reach.
    pub issuing: EpochKeys,
}

/// Whether nobody but the owner of a file may read or write it.
pub(crate) fn is_private(metadata: &Metadata) -> bool {
    metadata.is_file() && metadata.mode() & 0o077 == 0
}

/// The keys of a file, or else of the variable `SALLYPORT_KEYS`.
///
/// # Errors
/// [`KeyError`].
pub(crate) fn keys(file: Option<&Path>) -> Result<Keys, KeyError> {
    let Some(path) = file else {
        let text = std::env::var(VARIABLE).map(Zeroizing::new).map_err(|_| KeyError::Missing)?;
        return read_keys(&text);
    };
    let failed = |error| KeyError::File(path.to_owned(), error);
    // Opened first and looked at then: what is checked is what is read.
    let mut open = File::open(path).map_err(failed)?;
    if !is_private(&open.metadata().map_err(failed)?) {
        return Err(KeyError::Open(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::with_capacity(4096));
    Read::by_ref(&mut open).take(LONGEST).read_to_string(&mut text).map_err(failed)?;
    read_keys(&text)
}

/// Reads keys: one a line, 32 bytes in Base64. The first seals; the others open what they sealed earlier. A line of `offline`, an epoch
/// and 32 bytes has a key for codes that are issued out of reach; the first of them is the one that is issued with. Empty lines and what
/// follows `#` are passed over; a comma ends a line too, for variables.
///
/// # Errors
/// [`KeyError`].
pub fn read_keys(text: &str) -> Result<Keys, KeyError> {
    let (mut sealing, mut issuing): (Option<SealingKey>, _) = (None, EpochKeys::default());
    let mut seen: Vec<KeyId> = Vec::new();
    for (line, text) in text.split(['\n', ',']).enumerate().map(|(line, text)| (line + 1, text)) {
        let text = text.split('#').next().unwrap_or_default().trim();
        if text.is_empty() {
            continue;
        }
        if let Some(rest) = text.strip_prefix(OFFLINE) {
            let (epoch, key) = rest.trim().split_once(char::is_whitespace).ok_or(KeyError::Epoch(line))?;
            let epoch = epoch.parse().ok().and_then(KeyEpoch::new).ok_or(KeyError::Epoch(line))?;
            let key = EpochKey::new(bytes(key.trim()).ok_or(KeyError::Epoch(line))?);
            issuing.add(epoch, key).map_err(|refused| match refused {
                KeysRefused::Twice => KeyError::EpochTwice(line),
                KeysRefused::TooMany => KeyError::TooMany(line),
            })?;
            continue;
        }
        let key = bytes(text).ok_or(KeyError::Line(line))?;
        let boxed = || SecretBox::new(Box::new(*key));
        let id = SealingKey::new(boxed()).id();
        if seen.contains(&id) {
            return Err(KeyError::Twice(line));
        }
        seen.push(id);
        sealing = Some(match sealing {
            None => SealingKey::new(boxed()),
            Some(keys) => keys.with_earlier(boxed()),
        });
    }
    Ok(Keys { sealing: sealing.ok_or(KeyError::Missing)?, issuing })
}

fn bytes(text: &str) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
    let bytes = Zeroizing::new(BASE64.decode(text.as_bytes()).ok()?);
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

fn draw() -> Zeroizing<[u8; KEY_BYTES]> {
    let mut key = Zeroizing::new([0_u8; KEY_BYTES]);
    System.fill(&mut *key);
    key
}

/// A line with a new key for codes, and its name.
pub(crate) fn drawn_offline(epoch: KeyEpoch) -> (Zeroizing<String>, String) {
    let key = draw();
    let line = Zeroizing::new(BASE64.encode(key.as_slice()));
    let id = EpochKey::new(key).id();
    let name = id.0.0[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    (Zeroizing::new(format!("{OFFLINE} {} {}", epoch.get(), *line)), name)
}

/// A line with a new key, and its name.
pub(crate) fn drawn() -> (Zeroizing<String>, KeyId) {
    let key = draw();
    let id = SealingKey::new(SecretBox::new(Box::new(*key))).id();
    (Zeroizing::new(BASE64.encode(key.as_slice())), id)
}

/// The keys with a naming key of its own, for a workspace that is to be founded.
pub(crate) fn founding(keys: SealingKey) -> SealingKey {
    keys.drawing_naming(&mut Drawing(&System))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    fn line(byte: u8) -> String {
        BASE64.encode(&[byte; KEY_BYTES])
    }

    #[test]
    fn the_first_key_seals_and_what_is_no_key_is_refused() {
        let text = format!("# keys of the harbour\n\n{}  # 2026\n{}\n", line(1), line(2));
        let first = read_keys(&line(1)).expect("a key").sealing.id();
        assert_eq!(read_keys(&text).expect("two keys").sealing.id(), first);
        assert_eq!(read_keys(&format!("{},{}", line(1), line(2))).expect("two keys").sealing.id(), first);
        for (wrong, said) in [
            (String::new(), "no sealing key"),
            ("# nothing".into(), "no sealing key"),
            (format!("{}\n{}", line(1), &line(2)[1..]), "line 2"),
            (BASE64.encode(&[1; 31]), "line 1"),
            (format!("{}\n\n{}", line(1), line(1)), "line 3"),
        ] {
            let error = read_keys(&wrong).err().expect("refused").to_string();
            assert!(error.starts_with(said) || error.contains(said), "{error}");
            assert!(!error.contains(&line(1)[..8]), "a key is not repeated: {error}");
        }
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys");
        fs::write(&path, line(1)).expect("written");
        for (mode, good) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o660, false), (0o602, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
            let read = keys(Some(&path));
            assert_eq!(read.is_ok(), good, "{mode:o}");
            assert!(good || matches!(read, Err(KeyError::Open(_))), "{mode:o}");
        }
        assert!(matches!(keys(Some(folder.path())), Err(KeyError::Open(_))), "a folder is no key file");
    }

    #[test]
    fn keys_for_codes_stand_in_lines_of_their_own_and_the_first_is_issued_with() {
        let epoch = |number| KeyEpoch::new(number).expect("an epoch");
        let (five, name) = drawn_offline(epoch(5));
        let text = format!("{}\noffline 3 {}  # earlier\n", line(1), line(7));
        let keys = read_keys(&format!("{}\n{text}", *five)).expect("keys");
        assert_eq!(keys.issuing.current().map(|(epoch, _)| epoch.get()), Some(5));
        assert!(keys.issuing.of(epoch(3)).is_some() && keys.issuing.of(epoch(0)).is_none());
        assert_eq!(name.len(), 16);
        assert!(read_keys(&line(1)).expect("a key").issuing.current().is_none(), "without one no codes are issued out of reach");
        for (wrong, said) in [
            (format!("offline 8 {}", line(2)), "an epoch from 0 to 7"),
            (format!("offline {}", line(2)), "an epoch from 0 to 7"),
            (format!("offline 1 {}", &line(2)[1..]), "an epoch from 0 to 7"),
            (format!("offline 3 {}", line(2)), "repeats an epoch"),
            ((4..8).map(|n: u8| format!("offline {n} {}", line(n))).collect::<Vec<_>>().join("\n"), "one offline key too many"),
        ] {
            let error = read_keys(&format!("{text}{wrong}")).err().expect("refused").to_string();
            assert!(error.contains(said) && !error.contains(&line(2)[..8]), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_new_key_is_another_each_time() {
        let (one, id) = drawn();
        assert_eq!(read_keys(&one).expect("a key").sealing.id(), id);
        assert_ne!(*drawn().0, *one);
    }
}
