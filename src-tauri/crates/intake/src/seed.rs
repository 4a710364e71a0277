//! What one token or one account of an authenticator is.

use secrecy::{ExposeSecret, SecretSlice};
use std::fmt;
use thiserror::Error;

/// A shared secret and how codes are made from it (RFC 4226, RFC 6238).
pub struct Seed {
    /// Of a hardware token, as printed on it.
    pub serial: Option<String>,
    /// Who made the token.
    pub maker: Option<String>,
    /// The service the account is with.
    pub issuer: Option<String>,
    /// The account, often an e-mail address.
    pub label: Option<String>,
    /// 1 to 128 bytes. Other programs hand out 80 bits; whether that is enough is for the rules to say.
    pub secret: SecretSlice<u8>,
    /// By time or by count.
    pub moving: Moving,
    /// 6 or 8.
    pub digits: u8,
    /// Of the HMAC.
    pub algorithm: Algorithm,
}

/// What moves a code on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moving {
    /// RFC 6238.
    Time {
        /// In seconds, 1 to 3,600.
        step: u32,
    },
    /// RFC 4226.
    Counter {
        /// Of the first code that has not been used.
        next: u64,
    },
}

/// The hash beneath the HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-1, what nearly everybody uses.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl Seed {
    /// Whether two are the same secret used in the same way, whatever they are called and however far they have counted.
    #[must_use]
    pub fn same_codes(&self, other: &Self) -> bool {
        let kind = match (self.moving, other.moving) {
            (Moving::Time { step }, Moving::Time { step: theirs }) => step == theirs,
            (Moving::Counter { .. }, Moving::Counter { .. }) => true,
            _ => false,
        };
        kind && self.digits == other.digits
            && self.algorithm == other.algorithm
            && bool::from(subtle::ConstantTimeEq::ct_eq(self.secret.expose_secret(), other.secret.expose_secret()))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seed")
            .field("serial", &self.serial)
            .field("maker", &self.maker)
            .field("issuer", &self.issuer)
            .field("label", &self.label)
            .field("secret", &"redacted")
            .field("moving", &self.moving)
            .field("digits", &self.digits)
            .field("algorithm", &self.algorithm)
            .finish()
    }
}

/// One of what a file holds, read or refused.
#[derive(Debug)]
pub struct Entry {
    /// The line it begins in for text, else its place in the file; from 1.
    pub place: u64,
    /// What a person would call it: serial, or issuer and account. May be empty, is at most 200 characters, holds no secret.
    pub name: String,
    /// The seed, or why this one is left out.
    pub seed: Result<Seed, Problem>,
}

/// Why one entry is refused. The others of the file can be taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// Codes that are made in another way.
    #[error("{0} codes cannot be made here")]
    OtherKind(String),
    /// The secret is missing.
    #[error("it has no secret")]
    NoSecret,
    /// Neither hexadecimal nor Base32 (or Base64, where the format says so).
    #[error("its secret cannot be read")]
    BadSecret,
    /// More than 128 bytes.
    #[error("its secret is too long")]
    LongSecret,
    /// Neither 6 nor 8.
    #[error("its codes have {0} digits; they must have 6 or 8")]
    Digits(String),
    /// None of SHA-1, SHA-256, SHA-512.
    #[error("it uses {0}, which is not SHA-1, SHA-256 or SHA-512")]
    Algorithm(String),
    /// Not 1 to 3,600 seconds.
    #[error("its time step cannot be {0}")]
    Step(String),
    /// Not a whole number under 2^63.
    #[error("its counter cannot be {0}")]
    Counter(String),
    /// No serial number where a token needs one.
    #[error("it has no serial number")]
    NoSerial,
    /// A link that is not of the form `otpauth://type/label?parameters`.
    #[error("this is not a key link")]
    NotAKeyLink,
    /// The code over its encrypted value is wrong (RFC 6030 §6.1.1): changed, or another key.
    #[error("its checksum is wrong")]
    WrongMac,
    /// CBC without a MAC, which RFC 6030 §6.1.1 forbids.
    #[error("it is encrypted without a checksum")]
    NoMac,
    /// A method of encryption that is not read here.
    #[error("it is encrypted in a way that cannot be read: {0}")]
    OtherCipher(String),
    /// The cell or element is there, but makes no sense.
    #[error("its {0} cannot be read")]
    Unreadable(&'static str),
}

/// What a format gives of one entry, as text; [`Draft::seed`] checks it in one place for all of them.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) serial: String,
    pub(crate) maker: String,
    pub(crate) issuer: String,
    pub(crate) label: String,
    /// `totp` or `hotp` in any case; blank is `totp`.
    pub(crate) kind: String,
    pub(crate) digits: String,
    pub(crate) algorithm: String,
    pub(crate) step: String,
    pub(crate) counter: String,
}

const MAX_SECRET: usize = 128;
const MAX_NAME: usize = 200;

impl Draft {
    pub(crate) fn name(&self) -> String {
        let parts = [&self.serial, &self.issuer, &self.label].map(|part| clean(part));
        match parts {
            [serial, _, _] if !serial.is_empty() => serial,
            [_, issuer, label] if !issuer.is_empty() && !label.is_empty() && issuer != label => clean(&format!("{issuer}: {label}")),
            [_, issuer, label] => {
                if label.is_empty() {
                    issuer
                } else {
                    label
                }
            }
        }
    }

    pub(crate) fn entry(&self, place: u64, secret: Result<SecretSlice<u8>, Problem>) -> Entry {
        Entry { place, name: self.name(), seed: self.seed(secret) }
    }

    fn seed(&self, secret: Result<SecretSlice<u8>, Problem>) -> Result<Seed, Problem> {
        let moving = match plain(&self.kind).as_str() {
            "" | "totp" | "time" | "timebased" | "oathtotp" | "t" => Moving::Time { step: self.step()? },
            "hotp" | "event" | "counter" | "eventbased" | "counterbased" | "oathhotp" | "oath" | "h" => {
                Moving::Counter { next: self.counter()? }
            }
            _ => return Err(Problem::OtherKind(clean(&self.kind))),
        };
        let digits = match self.digits.trim() {
            "" | "6" => 6,
            "8" => 8,
            other => return Err(Problem::Digits(clean(other))),
        };
        let algorithm = match plain(&self.algorithm).trim_start_matches("hmac") {
            "" | "sha1" | "sha" => Algorithm::Sha1,
            "sha256" => Algorithm::Sha256,
            "sha512" => Algorithm::Sha512,
            _ => return Err(Problem::Algorithm(clean(&self.algorithm))),
        };
        let secret = secret?;
        match secret.expose_secret().len() {
            0 => return Err(Problem::NoSecret),
            1..=MAX_SECRET => {}
            _ => return Err(Problem::LongSecret),
        }
        let some = |text: &str| Some(clean(text)).filter(|text| !text.is_empty());
        Ok(Seed {
            serial: some(&self.serial),
            maker: some(&self.maker),
            issuer: some(&self.issuer),
            label: some(&self.label),
            secret,
            moving,
            digits,
            algorithm,
        })
    }

    fn step(&self) -> Result<u32, Problem> {
        match self.step.trim() {
            "" => Ok(30),
            text => number(text)
                .and_then(|step| u32::try_from(step).ok())
                .filter(|step| (1..=3600).contains(step))
                .ok_or_else(|| Problem::Step(clean(&self.step))),
        }
    }

    fn counter(&self) -> Result<u64, Problem> {
        match self.counter.trim() {
            "" => Ok(0),
            text => number(text).filter(|next| i64::try_from(*next).is_ok()).ok_or_else(|| Problem::Counter(clean(&self.counter))),
        }
    }
}

fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// Fit to be shown: no control characters, trimmed, at most 200 characters.
pub(crate) fn clean(text: &str) -> String {
    text.trim().chars().filter(|char| !char.is_control()).take(MAX_NAME).collect()
}
