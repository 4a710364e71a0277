//! 2FAS backups: JSON, with the services in plain or as `data:salt:nonce` (PBKDF2-HMAC-SHA-256, AES-256-GCM).

use crate::aegis::{damaged, gcm};
use crate::read::{SeedFileError, Unlock, passphrase};
use crate::secret_text;
use crate::seed::{Draft, Entry};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::Sha256;
use zeroize::Zeroizing;

// Fixed by the app, not written in the file.
const ITERATIONS: u32 = 10_000;

#[derive(Deserialize)]
struct Backup {
    #[serde(default, rename = "schemaVersion")]
    schema: u32,
    #[serde(default)]
    services: Vec<Service>,
    #[serde(default, rename = "servicesEncrypted")]
    encrypted: Option<String>,
}

#[derive(Deserialize)]
struct Service {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    secret: Option<SecretString>,
    #[serde(default)]
    otp: Otp,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Otp {
    label: Option<String>,
    account: Option<String>,
    issuer: Option<String>,
    digits: Option<u64>,
    period: Option<u64>,
    algorithm: Option<String>,
    counter: Option<u64>,
    #[serde(rename = "tokenType")]
    kind: Option<String>,
}

pub(crate) fn read(text: &str, unlock: Option<&Unlock>) -> Result<Vec<Entry>, SeedFileError> {
    let backup: Backup = serde_json::from_str(text).map_err(damaged)?;
    if backup.schema > 4 {
        return Err(SeedFileError::Version);
    }
    let services = match backup.encrypted.filter(|encrypted| !encrypted.is_empty()) {
        Some(encrypted) => {
            let plain = opened(&encrypted, passphrase(unlock)?)?;
            serde_json::from_slice::<Vec<Service>>(&plain).map_err(|_| SeedFileError::Damaged { line: None })?
        }
        None => backup.services,
    };
    Ok((1..).zip(services).map(|(place, service)| entry(place, service)).collect())
}

fn opened(encrypted: &str, passphrase: &SecretString) -> Result<Zeroizing<Vec<u8>>, SeedFileError> {
    let damaged = SeedFileError::Damaged { line: None };
    let mut parts = encrypted.split(':').map(secret_text::base64);
    let (Some(Some(sealed)), Some(Some(salt)), Some(Some(nonce)), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(damaged);
    };
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2::pbkdf2_hmac::<Sha256>(passphrase.expose_secret().as_bytes(), &salt, ITERATIONS, &mut *key);
    gcm(&*key, &nonce, &sealed)?.ok_or(SeedFileError::WrongKey)
}

fn entry(place: u64, service: Service) -> Entry {
    let text = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let otp = service.otp;
    let draft = Draft {
        issuer: filled(otp.issuer).or(filled(service.name)).unwrap_or_default(),
        label: filled(otp.account).or(filled(otp.label)).unwrap_or_default(),
        kind: otp.kind.unwrap_or_default(),
        digits: text(otp.digits),
        algorithm: otp.algorithm.unwrap_or_default(),
        step: text(otp.period),
        counter: text(otp.counter),
        ..Draft::default()
    };
    let secret = service.secret.unwrap_or_default();
    draft.entry(place, secret_text::base32(secret.expose_secret()))
}
