//! One reader for every file with secrets in it.

use crate::detect::{Kind, detect};
use crate::seed::Entry;
use crate::{aegis, ente, otpauth, picture, pskc, token_csv, two_fas};
use secrecy::{SecretSlice, SecretString};
use thiserror::Error;

/// Most bytes in a file with secrets; pictures may have twice as many.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Most entries in one file.
pub const MAX_ENTRIES: usize = 100_000;

/// What a file with secrets holds.
#[derive(Debug)]
pub struct SeedFile {
    /// What the bytes were found to be.
    pub kind: Kind,
    /// In the order of the file, refused ones among them.
    pub entries: Vec<Entry>,
    /// Of each migration code that was read: which part of which export it is.
    pub batches: Vec<Batch>,
}

/// An export by QR codes comes in parts; this is one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Batch {
    /// The same for all parts of one export.
    pub id: i32,
    /// Of this part, from 0.
    pub index: u32,
    /// How many parts there are, at least 1.
    pub size: u32,
}

/// What opens an encrypted file.
pub enum Unlock {
    /// What a person chose. Normal form is not changed: exporters hash the bytes as typed.
    Passphrase(SecretString),
    /// The pre-shared key of RFC 6030 §6.1: 16, 24 or 32 bytes.
    PreShared(SecretSlice<u8>),
}

/// What an encrypted file asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// [`Unlock::Passphrase`].
    Passphrase,
    /// [`Unlock::PreShared`], with the name the file gives to the key, if any.
    PreShared(Option<String>),
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SeedFileError {
    /// None of the kinds that are known, or a list of people.
    #[error("this is no file that can be read here")]
    Unknown,
    /// More than [`MAX_BYTES`] (pictures: twice that).
    #[error("the file is too large")]
    TooLarge,
    /// More than [`MAX_ENTRIES`].
    #[error("the file has too many entries")]
    TooManyEntries,
    /// Known by its form, but nothing in it.
    #[error("the file has no entries")]
    Empty,
    /// It is encrypted, and nothing was given to open it, or the wrong sort of thing.
    #[error("the file is encrypted")]
    Locked(Lock),
    /// The passphrase or key does not open it, or it was changed: the two cannot be told apart.
    #[error("the passphrase or key is wrong")]
    WrongKey,
    /// RFC 6030 §6.1.1: what is encrypted by CBC needs a MAC.
    #[error("the file is encrypted without a checksum")]
    NoMac,
    /// Its slow hash asks for more work or memory than is given to a stranger's file, or for less than protects anything.
    #[error("the parameters of its encryption are out of bounds")]
    Parameters,
    /// A way of encryption that is not read here.
    #[error("the file is encrypted in a way that cannot be read here")]
    OtherCipher,
    /// A version that was not known when this was written.
    #[error("the file is of a version that is not known")]
    Version,
    /// It has a document type: entities could be bombs or reach outside.
    #[error("the XML has a document type declaration")]
    DocumentType,
    /// Not well formed, or missing what its kind must have; the line, where it can be told.
    #[error("the file is damaged")]
    Damaged {
        /// From 1.
        line: Option<u64>,
    },
    /// A picture in which no QR code was found.
    #[error("no QR code was found in the picture")]
    NoCode,
    /// A QR code that holds something else.
    #[error("the QR code is not of an authenticator")]
    OtherCode,
    /// A picture of more than 40 megapixels, told from its header.
    #[error("the picture is too large")]
    TooManyPixels,
}

/// Reads any file that holds secrets.
///
/// The caller wipes `bytes`; what is copied out of them here is wiped.
///
/// # Errors
/// [`SeedFileError::Locked`] asks for a key: call again with the same bytes and what the person typed. The slow hash of an
/// encrypted file takes up to several seconds.
pub fn read(bytes: &[u8], unlock: Option<&Unlock>) -> Result<SeedFile, SeedFileError> {
    let kind = detect(bytes);
    let cap = if kind == Kind::Picture { 2 * MAX_BYTES } else { MAX_BYTES };
    if bytes.len() > cap {
        return Err(SeedFileError::TooLarge);
    }
    let mut batches = Vec::new();
    let entries = match kind {
        Kind::TokenCsv => token_csv::read(bytes)?,
        Kind::Pskc => pskc::read(text(bytes)?, unlock)?,
        Kind::KeyLinks => otpauth::read(text(bytes)?, &mut batches)?,
        Kind::Aegis => aegis::read(text(bytes)?, unlock)?,
        Kind::TwoFas => two_fas::read(text(bytes)?, unlock)?,
        Kind::Ente => ente::read(text(bytes)?, unlock)?,
        Kind::Picture => picture::read(bytes, &mut batches)?,
        Kind::People | Kind::Unknown => return Err(SeedFileError::Unknown),
    };
    if entries.is_empty() {
        return Err(SeedFileError::Empty);
    }
    if entries.len() > MAX_ENTRIES {
        return Err(SeedFileError::TooManyEntries);
    }
    Ok(SeedFile { kind, entries, batches })
}

fn text(bytes: &[u8]) -> Result<&str, SeedFileError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| SeedFileError::Damaged { line: None })
}

/// The passphrase, for kinds that know nothing else.
pub(crate) fn passphrase(unlock: Option<&Unlock>) -> Result<&SecretString, SeedFileError> {
    match unlock {
        Some(Unlock::Passphrase(passphrase)) => Ok(passphrase),
        _ => Err(SeedFileError::Locked(Lock::Passphrase)),
    }
}
