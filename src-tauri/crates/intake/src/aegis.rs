//! Aegis vaults: JSON, plain or with key slots (scrypt) round a master key (AES-256-GCM).

use crate::read::{SeedFileError, Unlock, passphrase};
use crate::secret_text;
use crate::seed::{Draft, Entry};
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use data_encoding::HEXLOWER_PERMISSIVE;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use zeroize::Zeroizing;

const PASSWORD_SLOT: u8 = 1;
const MAX_SLOTS: usize = 16;
// Aegis itself uses 2^15, 8, 1: 32 MiB. The most that is taken is 512 MiB.
const MAX_LOG_N: u8 = 20;
const MAX_R: u32 = 16;
const MAX_P: u32 = 4;
const MAX_MEMORY: u64 = 512 * 1024 * 1024;

// Read twice: what `db` is, the header says.
#[derive(Deserialize)]
struct Vault {
    version: u32,
    header: Header,
}

#[derive(Deserialize)]
struct Encrypted {
    db: String,
}

#[derive(Deserialize)]
struct Plain {
    db: Content,
}

#[derive(Deserialize)]
struct Header {
    slots: Option<Vec<Slot>>,
    params: Option<Sealed>,
}

#[derive(Deserialize)]
struct Slot {
    #[serde(rename = "type")]
    kind: u8,
    key: String,
    key_params: Sealed,
    n: Option<u64>,
    r: Option<u32>,
    p: Option<u32>,
    salt: Option<String>,
}

#[derive(Deserialize)]
struct Sealed {
    nonce: String,
    tag: String,
}

#[derive(Deserialize)]
struct Content {
    version: u32,
    entries: Vec<Account>,
}

#[derive(Deserialize)]
struct Account {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    issuer: Option<String>,
    info: Info,
}

#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    secret: Option<SecretString>,
    #[serde(default)]
    algo: Option<String>,
    digits: Option<u64>,
    period: Option<u64>,
    counter: Option<u64>,
}

pub(crate) fn read(text: &str, unlock: Option<&Unlock>) -> Result<Vec<Entry>, SeedFileError> {
    let vault: Vault = serde_json::from_str(text).map_err(damaged)?;
    if vault.version != 1 {
        return Err(SeedFileError::Version);
    }
    let content = match (&vault.header.slots, &vault.header.params) {
        (Some(slots), Some(params)) => {
            let passphrase = passphrase(unlock)?;
            let Encrypted { db } = serde_json::from_str(text).map_err(damaged)?;
            let sealed = secret_text::base64(&db).ok_or(SeedFileError::Damaged { line: None })?;
            let key = master_key(slots, passphrase)?;
            let plain = open(&key, &params.nonce, &sealed, &params.tag)?.ok_or(SeedFileError::WrongKey)?;
            // Lines within what was encrypted mean nothing to anybody.
            serde_json::from_slice::<Content>(&plain).map_err(|_| SeedFileError::Damaged { line: None })?
        }
        (None, None) => serde_json::from_str::<Plain>(text).map_err(damaged)?.db,
        _ => return Err(SeedFileError::Damaged { line: None }),
    };
    if !(1..=3).contains(&content.version) {
        return Err(SeedFileError::Version);
    }
    Ok((1..).zip(content.entries).map(|(place, account)| entry(place, account)).collect())
}

fn entry(place: u64, account: Account) -> Entry {
    let text = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let draft = Draft {
        issuer: account.issuer.unwrap_or_default(),
        label: account.name.unwrap_or_default(),
        kind: account.kind,
        digits: text(account.info.digits),
        algorithm: account.info.algo.unwrap_or_default(),
        step: text(account.info.period),
        counter: text(account.info.counter),
        ..Draft::default()
    };
    let secret = account.info.secret.unwrap_or_default();
    draft.entry(place, secret_text::base32(secret.expose_secret()))
}

fn master_key(slots: &[Slot], passphrase: &SecretString) -> Result<Zeroizing<Vec<u8>>, SeedFileError> {
    let mut slots = slots.iter().filter(|slot| slot.kind == PASSWORD_SLOT).peekable();
    if slots.peek().is_none() {
        return Err(SeedFileError::OtherCipher);
    }
    for slot in slots.take(MAX_SLOTS) {
        let wrapping = derive(slot, passphrase)?;
        let wrapped = hex(&slot.key)?;
        if let Some(key) = open(&wrapping, &slot.key_params.nonce, &wrapped, &slot.key_params.tag)? {
            return Ok(key);
        }
    }
    Err(SeedFileError::WrongKey)
}

fn derive(slot: &Slot, passphrase: &SecretString) -> Result<Zeroizing<Vec<u8>>, SeedFileError> {
    let (Some(n), Some(r), Some(p), Some(salt)) = (slot.n, slot.r, slot.p, &slot.salt) else {
        return Err(SeedFileError::Damaged { line: None });
    };
    let log_n = n.is_power_of_two().then(|| n.trailing_zeros() as u8).filter(|log_n| (10..=MAX_LOG_N).contains(log_n));
    let bounded =
        (1..=MAX_R).contains(&r) && (1..=MAX_P).contains(&p) && n.checked_mul(128 * u64::from(r)).is_some_and(|size| size <= MAX_MEMORY);
    let (Some(log_n), true) = (log_n, bounded) else {
        return Err(SeedFileError::Parameters);
    };
    let params = scrypt::Params::new(log_n, r, p).map_err(|_| SeedFileError::Parameters)?;
    let mut key = Zeroizing::new(vec![0; 32]);
    scrypt::scrypt(passphrase.expose_secret().as_bytes(), &hex(salt)?, &params, &mut key).map_err(|_| SeedFileError::Parameters)?;
    Ok(key)
}

// `None`: the key is another one, or the bytes are.
fn open(key: &[u8], nonce: &str, sealed: &[u8], tag: &str) -> Result<Option<Zeroizing<Vec<u8>>>, SeedFileError> {
    let mut whole = sealed.to_vec();
    whole.extend(hex(tag)?);
    gcm(key, &hex(nonce)?, &whole)
}

/// AES-256-GCM with a nonce of 12 bytes and the tag behind; `None` where it does not verify.
pub(crate) fn gcm(key: &[u8], nonce: &[u8], sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, SeedFileError> {
    let damaged = SeedFileError::Damaged { line: None };
    let cipher = Aes256Gcm::new_from_slice(key).map_err(|_| damaged.clone())?;
    let nonce = Nonce::try_from(nonce).map_err(|_| damaged)?;
    Ok(cipher.decrypt(&nonce, sealed).ok().map(Zeroizing::new))
}

fn hex(text: &str) -> Result<Vec<u8>, SeedFileError> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| SeedFileError::Damaged { line: None })
}

/// Where JSON breaks off.
pub(crate) fn damaged(error: serde_json::Error) -> SeedFileError {
    SeedFileError::Damaged { line: u64::try_from(error.line()).ok().filter(|line| *line > 0) }
}
