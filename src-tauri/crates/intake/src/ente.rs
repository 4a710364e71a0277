//! Ente Auth's encrypted export: Argon2id, and one message of libsodium's XChaCha20-Poly1305 secretstream that holds key
//! links. The plain export is key links and nothing else.

use crate::aegis::damaged;
use crate::otpauth;
use crate::read::{SeedFileError, Unlock, passphrase};
use crate::secret_text;
use crate::seed::Entry;
use argon2::{Algorithm, Argon2, Params, Version};
use crypto_secretstream::{Header, Key, PullStream, Tag};
use secrecy::ExposeSecret;
use serde::Deserialize;
use zeroize::Zeroizing;

// libsodium's `SENSITIVE` is 1 GiB, which a phone cannot give; Ente halves memory until it fits and raises the rounds.
const MEMORY: std::ops::RangeInclusive<u64> = 8 * 1024..=1024 * 1024 * 1024;
const ROUNDS: std::ops::RangeInclusive<u32> = 1..=64;
// Of memory × rounds: libsodium's `SENSITIVE` is 4 GiB.
const MAX_WORK: u64 = 8 * 1024 * 1024 * 1024;

#[derive(Deserialize)]
struct Export {
    version: u32,
    #[serde(rename = "kdfParams")]
    kdf: Kdf,
    #[serde(rename = "encryptedData")]
    data: String,
    #[serde(rename = "encryptionNonce")]
    header: String,
}

#[derive(Deserialize)]
struct Kdf {
    #[serde(rename = "memLimit")]
    memory: u64,
    #[serde(rename = "opsLimit")]
    rounds: u32,
    salt: String,
}

pub(crate) fn read(text: &str, unlock: Option<&Unlock>) -> Result<Vec<Entry>, SeedFileError> {
    let export: Export = serde_json::from_str(text).map_err(damaged)?;
    if export.version != 1 {
        return Err(SeedFileError::Version);
    }
    let passphrase = passphrase(unlock)?;
    let broken = SeedFileError::Damaged { line: None };
    let bytes = |text: &str| secret_text::base64(text).ok_or(SeedFileError::Damaged { line: None });
    let (sealed, header, salt) = (bytes(&export.data)?, bytes(&export.header)?, bytes(&export.kdf.salt)?);
    let header: [u8; Header::BYTES] = header.as_slice().try_into().map_err(|_| broken.clone())?;
    let key = derive(&export.kdf, &salt, passphrase.expose_secret())?;
    let mut stream = PullStream::init(header.into(), &Key::from(*key));
    let mut plain = Zeroizing::new(sealed.to_vec());
    match stream.pull(&mut *plain, &[]) {
        Ok(Tag::Final) => {}
        Ok(_) => return Err(broken),
        Err(_) => return Err(SeedFileError::WrongKey),
    }
    let links = std::str::from_utf8(&plain).map_err(|_| broken)?;
    otpauth::read(links, &mut Vec::new()).map_err(|error| match error {
        // Lines within what was encrypted mean nothing to anybody.
        SeedFileError::Damaged { .. } => SeedFileError::Damaged { line: None },
        other => other,
    })
}

fn derive(kdf: &Kdf, salt: &[u8], passphrase: &str) -> Result<Zeroizing<[u8; 32]>, SeedFileError> {
    let work = kdf.memory.checked_mul(u64::from(kdf.rounds)).is_some_and(|work| work <= MAX_WORK);
    if !MEMORY.contains(&kdf.memory) || !ROUNDS.contains(&kdf.rounds) || !work || salt.len() != 16 {
        return Err(SeedFileError::Parameters);
    }
    let blocks = u32::try_from(kdf.memory / 1024).map_err(|_| SeedFileError::Parameters)?;
    let params = Params::new(blocks, kdf.rounds, 1, Some(32)).map_err(|_| SeedFileError::Parameters)?;
    let mut key = Zeroizing::new([0; 32]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(passphrase.as_bytes(), salt, &mut *key).map_err(|_| SeedFileError::Parameters)?;
    Ok(key)
}
