//! How a PSKC file is opened: the key, the key of the MAC, and values under both (RFC 6030 §6).

use super::xml::Element;
use crate::read::{Lock, SeedFileError, Unlock};
use crate::secret_text;
use crate::seed::Problem;
use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha1::Sha1;
use sha2::Sha256;
use zeroize::Zeroizing;

// RFC 6030 §6.2 names no bounds. Below a thousand rounds (RFC 8018 §4.2) nothing is protected; above the cap, a file can
// hold the window for minutes.
const ITERATIONS: std::ops::RangeInclusive<u32> = 1_000..=1_000_000;
const SALT: std::ops::RangeInclusive<usize> = 8..=1_024;
// A MAC over a value is worth as much as its key; RFC 6030 §6.1.1 asks for a random one as long as the encryption key.
const MAC_KEY: std::ops::RangeInclusive<usize> = 16..=128;

/// The keys of a file that has encrypted values.
pub(super) struct Keys {
    encryption: Zeroizing<Vec<u8>>,
    mac: Zeroizing<Vec<u8>>,
    method: Method,
}

#[derive(Clone, Copy)]
enum Method {
    HmacSha1,
    HmacSha256,
}

/// Asks for a key, or takes the one that was given.
///
/// # Errors
/// [`SeedFileError::NoMac`] before anybody is asked for anything.
pub(super) fn keys(container: &Element, unlock: Option<&Unlock>) -> Result<Keys, SeedFileError> {
    let mac = container.child("MACMethod").ok_or(SeedFileError::NoMac)?;
    let method = match mac.attribute("Algorithm").unwrap_or_default() {
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1" => Method::HmacSha1,
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256" => Method::HmacSha256,
        _ => return Err(SeedFileError::OtherCipher),
    };
    let encryption = encryption_key(container.child("EncryptionKey"), unlock)?;
    let mac = match mac.child("MACKey") {
        // It stands before the MAC and cannot be under it: a wrong key mostly shows here, by the padding.
        Some(sealed) => decrypted(sealed, &encryption).map_err(|problem| match problem {
            Problem::OtherCipher(_) => SeedFileError::OtherCipher,
            Problem::Unreadable(_) => SeedFileError::Damaged { line: Some(sealed.line) },
            _ => SeedFileError::WrongKey,
        })?,
        // §6.1.1: without one, the encryption key is the key of the MAC.
        None => encryption.clone(),
    };
    if !MAC_KEY.contains(&mac.len()) {
        return Err(SeedFileError::WrongKey);
    }
    Ok(Keys { encryption, mac, method })
}

fn encryption_key(element: Option<&Element>, unlock: Option<&Unlock>) -> Result<Zeroizing<Vec<u8>>, SeedFileError> {
    let element = element.ok_or(SeedFileError::OtherCipher)?;
    if let Some(derived) = element.child("DerivedKey") {
        let params = Pbkdf2::read(derived)?;
        return match unlock {
            Some(Unlock::Passphrase(passphrase)) => Ok(params.derive(passphrase.expose_secret().as_bytes())),
            _ => Err(SeedFileError::Locked(Lock::Passphrase)),
        };
    }
    // §6.3, asymmetric keys: a certificate stands here. There is nothing a person could type.
    if element.child("X509Data").is_some() {
        return Err(SeedFileError::OtherCipher);
    }
    match unlock {
        Some(Unlock::PreShared(key)) if matches!(key.expose_secret().len(), 16 | 24 | 32) => {
            Ok(Zeroizing::new(key.expose_secret().to_vec()))
        }
        Some(Unlock::PreShared(_)) => Err(SeedFileError::WrongKey),
        _ => Err(SeedFileError::Locked(Lock::PreShared(element.child("KeyName").map(|name| crate::seed::clean(name.text()))))),
    }
}

struct Pbkdf2 {
    salt: Zeroizing<Vec<u8>>,
    iterations: u32,
    length: usize,
    sha256: bool,
}

impl Pbkdf2 {
    fn read(derived: &Element) -> Result<Self, SeedFileError> {
        let damaged = || SeedFileError::Damaged { line: Some(derived.line) };
        let method = derived.child("KeyDerivationMethod").ok_or_else(damaged)?;
        if !method.attribute("Algorithm").unwrap_or_default().ends_with("#pbkdf2") {
            return Err(SeedFileError::OtherCipher);
        }
        let params = method.children.iter().find(|child| child.name.eq_ignore_ascii_case("PBKDF2-params")).ok_or_else(damaged)?;
        let number = |name: &str| params.child(name).map(|element| element.text().parse::<u32>());
        let salt = params.at(&["Salt", "Specified"]).and_then(|salt| secret_text::base64(salt.text())).ok_or_else(damaged)?;
        let iterations = number("IterationCount").ok_or_else(damaged)?.map_err(|_| SeedFileError::Parameters)?;
        // Optional in PKCS #5: then the key is as long as AES-128's, which RFC 6030 §6 makes mandatory.
        let length = number("KeyLength").unwrap_or(Ok(16)).map_err(|_| SeedFileError::Parameters)?;
        let sha256 = match params.child("PRF").and_then(|prf| prf.attribute("Algorithm")).unwrap_or_default() {
            "" => false,
            prf if prf.ends_with("hmac-sha1") || prf.ends_with("hmacWithSHA1") => false,
            prf if prf.ends_with("hmac-sha256") || prf.ends_with("hmacWithSHA256") => true,
            _ => return Err(SeedFileError::OtherCipher),
        };
        if !ITERATIONS.contains(&iterations) || !SALT.contains(&salt.len()) || !matches!(length, 16 | 24 | 32) {
            return Err(SeedFileError::Parameters);
        }
        Ok(Self { salt, iterations, length: length as usize, sha256 })
    }

    fn derive(&self, passphrase: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0; self.length]);
        if self.sha256 {
            pbkdf2::pbkdf2_hmac::<Sha256>(passphrase, &self.salt, self.iterations, &mut key);
        } else {
            pbkdf2::pbkdf2_hmac::<Sha1>(passphrase, &self.salt, self.iterations, &mut key);
        }
        key
    }
}

impl Keys {
    /// The value of an element with an `EncryptedValue` and a `ValueMAC`. The MAC is over initialisation vector and
    /// ciphertext, and is checked, in constant time, before anything is decrypted.
    pub(super) fn open(&self, element: &Element) -> Result<SecretSlice<u8>, Problem> {
        let sealed = element.child("EncryptedValue").ok_or(Problem::NoSecret)?;
        let mac = element.child("ValueMAC").ok_or(Problem::NoMac)?;
        let mac = secret_text::base64(mac.text()).ok_or(Problem::Unreadable("ValueMAC"))?;
        self.verify(&cipher_value(sealed)?, &mac)?;
        decrypted(sealed, &self.encryption).map(|plain| SecretSlice::from(plain.to_vec()))
    }

    fn verify(&self, bytes: &[u8], mac: &[u8]) -> Result<(), Problem> {
        let verified = match self.method {
            Method::HmacSha1 => verified::<Hmac<Sha1>>(&self.mac, bytes, mac),
            Method::HmacSha256 => verified::<Hmac<Sha256>>(&self.mac, bytes, mac),
        };
        verified.then_some(()).ok_or(Problem::WrongMac)
    }
}

fn verified<M: Mac + KeyInit>(key: &[u8], bytes: &[u8], mac: &[u8]) -> bool {
    <M as KeyInit>::new_from_slice(key).is_ok_and(|hmac| hmac.chain_update(bytes).verify_slice(mac).is_ok())
}

fn cipher_value(sealed: &Element) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let value = sealed.at(&["CipherData", "CipherValue"]).ok_or(Problem::Unreadable("CipherValue"))?;
    secret_text::base64(value.text()).ok_or(Problem::Unreadable("CipherValue"))
}

// AES in CBC with PKCS #7, the initialisation vector in front (XML Encryption §5.2).
fn decrypted(sealed: &Element, key: &[u8]) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let method = sealed.child("EncryptionMethod").and_then(|method| method.attribute("Algorithm")).unwrap_or_default();
    let length = match method {
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc" => 16,
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc" => 24,
        "http://www.w3.org/2001/04/xmlenc#aes256-cbc" => 32,
        other => return Err(Problem::OtherCipher(crate::seed::clean(other))),
    };
    let bytes = cipher_value(sealed)?;
    let (iv, body) = bytes.split_at_checked(16).ok_or(Problem::Unreadable("CipherValue"))?;
    if body.is_empty() || body.len() % 16 != 0 {
        return Err(Problem::Unreadable("CipherValue"));
    }
    if key.len() != length {
        return Err(Problem::WrongMac);
    }
    match length {
        16 => unpadded::<cbc::Decryptor<Aes128>>(key, iv, body),
        24 => unpadded::<cbc::Decryptor<Aes192>>(key, iv, body),
        _ => unpadded::<cbc::Decryptor<Aes256>>(key, iv, body),
    }
}

fn unpadded<D: BlockModeDecrypt + KeyIvInit>(key: &[u8], iv: &[u8], body: &[u8]) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let cipher = D::new_from_slices(key, iv).map_err(|_| Problem::WrongMac)?;
    let mut plain = Zeroizing::new(body.to_vec());
    let length = cipher.decrypt_padded::<Pkcs7>(&mut plain).map_err(|_| Problem::WrongMac)?.len();
    plain.truncate(length);
    Ok(plain)
}
