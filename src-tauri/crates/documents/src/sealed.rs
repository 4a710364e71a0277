//! Files that open with a passphrase: age version 1, binary, one scrypt recipient.
//!
//! Any age program opens them (`age --decrypt FILE`), so nobody needs Sallyport to get at their own codes.

use age::scrypt::Recipient;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

/// The scrypt work factor, log2 of N, with r = 8 and p = 1: what the age program itself writes.
///
/// It takes 256 MiB while it runs, and about a second. Fixed, because the library's own choice depends on how busy the
/// machine happens to be.
pub const WORK_FACTOR: u8 = 18;

/// Why nothing was encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SealedError {
    /// The passphrase is empty, or has a control symbol, which could not be typed where age asks for it.
    #[error("this passphrase cannot be used: it is empty or has symbols that cannot be typed")]
    Passphrase,
    /// Encryption failed.
    #[error("the file could not be encrypted")]
    Encryption,
}

/// Encrypts `plain` so that `passphrase` opens it. How long a passphrase must be is for the caller to ask.
///
/// The passphrase is used byte for byte: it is not normalised, because age does not either. Blocks for about a second:
/// call it off the event loop.
///
/// # Errors
/// [`SealedError`]: a passphrase that cannot be used, or a failure inside the library.
pub fn encrypt(plain: &[u8], passphrase: SecretString) -> Result<Vec<u8>, SealedError> {
    encrypt_at(plain, passphrase, WORK_FACTOR)
}

fn encrypt_at(plain: &[u8], passphrase: SecretString, work_factor: u8) -> Result<Vec<u8>, SealedError> {
    let typed = passphrase.expose_secret();
    if typed.is_empty() || typed.chars().any(char::is_control) {
        return Err(SealedError::Passphrase);
    }
    let mut recipient = Recipient::new(passphrase);
    recipient.set_work_factor(work_factor);
    age::encrypt(&recipient, plain).map_err(|_| SealedError::Encryption)
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use age::{DecryptError, scrypt::Identity};

    use super::*;
    use crate::tools;

    const PLAIN: &[u8] = "1. AAAAA-BBBBB-CCCCC\nשרה 👩‍💻\n".as_bytes();
    /// Enough for a test that does not ask how hard the passphrase is to guess.
    const QUICK: u8 = 10;

    fn decrypt(file: &[u8], passphrase: &str) -> Result<Vec<u8>, DecryptError> {
        age::decrypt(&Identity::new(passphrase.into()), file)
    }

    fn header(file: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(file);
        text.lines().take(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_passphrase_opens_it_and_no_other() {
        let file = encrypt_at(PLAIN, "a long é passphrase".into(), QUICK).expect("encrypted");
        assert_eq!(decrypt(&file, "a long é passphrase").expect("the right passphrase"), PLAIN);
        assert!(matches!(decrypt(&file, "a long e passphrase"), Err(DecryptError::DecryptionFailed)));
        assert!(!file.windows(5).any(|w| w == b"AAAAA"));
    }

    #[test]
    fn a_changed_or_shortened_file_opens_no_more() {
        let file = encrypt_at(PLAIN, "passphrase".into(), QUICK).expect("encrypted");
        let mut changed = file.clone();
        *changed.last_mut().expect("not empty") ^= 1;
        assert!(decrypt(&changed, "passphrase").is_err());
        assert!(decrypt(&file[..file.len() - 1], "passphrase").is_err());
    }

    #[test]
    fn two_files_of_the_same_text_differ() {
        let once = encrypt_at(PLAIN, "passphrase".into(), QUICK).expect("encrypted");
        let twice = encrypt_at(PLAIN, "passphrase".into(), QUICK).expect("encrypted");
        assert_ne!(once, twice);
    }

    #[test]
    fn a_passphrase_that_cannot_be_typed_is_refused() {
        for bad in ["", "line\nfeed", "bell\u{7}", "nul\0"] {
            assert_eq!(encrypt_at(PLAIN, bad.into(), QUICK), Err(SealedError::Passphrase), "{bad:?}");
        }
    }

    /// The one test at full strength: the age program opens what a person saves.
    #[test]
    fn the_age_program_opens_what_is_saved() {
        let file = encrypt(PLAIN, "correct horse battery".into()).expect("encrypted");
        let header = header(&file);
        assert_eq!(header[0], "age-encryption.org/v1");
        assert!(header[1].starts_with("-> scrypt ") && header[1].ends_with(" 18"), "{header:?}");

        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("codes.age"), &file).expect("written");
        // age asks on the terminal, so it gets one.
        let asked = tools::run(
            Command::new("script")
                .args(["--quiet", "--return", "--command", "age --decrypt --output codes.txt codes.age", "/dev/null"])
                .current_dir(folder.path()),
            b"correct horse battery\n",
        );
        assert!(
            asked.status.success(),
            "this test needs `age`, which `cargo xtask test` installs; it said: {}",
            String::from_utf8_lossy(&asked.stdout)
        );
        assert_eq!(fs::read(folder.path().join("codes.txt")).expect("decrypted"), PLAIN);
    }
}
