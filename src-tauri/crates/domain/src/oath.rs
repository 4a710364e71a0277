//! One-time passwords of OATH: by time (RFC 6238) and by counter (RFC 4226). Those of people's own authenticator apps go by
//! HMAC-SHA-1, six digits, steps of 30 seconds and secrets of 160 bits; tokens bring their own parameters.

use data_encoding::BASE32_NOPAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use crate::{Entropy, time::Moment};

/// Length of a time step where nothing else is said, in seconds (RFC 6238 §4.1).
pub const STEP_SECONDS: u64 = 30;
/// How far a phone's clock may be off and still be recognised, in steps either side.
pub const DRIFT_REACH: i64 = 20;
/// Bytes of a secret at least: 128 bits (RFC 4226 §4 R6). Over the 112 bits of SP 800-63B-4 §3.1.4.1.
pub const LEAST_BYTES: usize = 16;
/// Bytes of a secret at most: what the longest HMAC in use makes of a key (RFC 6238 §5.1).
pub const MOST_BYTES: usize = 64;
const DRAWN_BYTES: usize = 20;
const ISSUER_ENCODED_BYTES: usize = 60;
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The hash function under the HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// How long a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Digits {
    /// Six digits.
    Six,
    /// Eight digits.
    Eight,
}

impl Digits {
    /// Reads a number of digits.
    #[must_use]
    pub fn read(digits: u8) -> Option<Self> {
        match digits {
            6 => Some(Self::Six),
            8 => Some(Self::Eight),
            _ => None,
        }
    }

    /// The number.
    #[must_use]
    pub const fn count(self) -> u8 {
        match self {
            Self::Six => 6,
            Self::Eight => 8,
        }
    }
}

/// What a code moves with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moving {
    /// With the time, in steps of so many seconds: 30 or 60.
    Time(u32),
    /// With every press.
    Counter,
}

/// How codes are made of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameters {
    /// What they move with.
    pub moving: Moving,
    /// How long they are.
    pub digits: Digits,
    /// The hash function.
    pub algorithm: Algorithm,
}

impl Default for Parameters {
    /// Those of every authenticator app.
    fn default() -> Self {
        Self { moving: Moving::Time(30), digits: Digits::Six, algorithm: Algorithm::Sha1 }
    }
}

impl Parameters {
    /// Their text in the associated data of a seal (FORMATS.md).
    #[must_use]
    pub fn text(&self) -> String {
        let algorithm = match self.algorithm {
            Algorithm::Sha1 => "sha1",
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha512 => "sha512",
        };
        let digits = self.digits.count();
        match self.moving {
            Moving::Time(seconds) => format!("totp;{algorithm};{digits};{seconds}"),
            Moving::Counter => format!("hotp;{algorithm};{digits}"),
        }
    }

    /// Seconds of a time step.
    #[must_use]
    pub fn step_seconds(&self) -> u64 {
        match self.moving {
            Moving::Time(seconds) => u64::from(seconds.max(1)),
            Moving::Counter => STEP_SECONDS,
        }
    }

    /// The time step that a moment falls in. Moments before 1970 count as step 0.
    #[must_use]
    pub fn step_at(&self, now: Moment) -> u64 {
        u64::try_from(now.0).unwrap_or(0) / self.step_seconds()
    }
}

/// The time step of an authenticator app that a moment falls in. Moments before 1970 count as step 0.
#[must_use]
pub fn step_at(now: Moment) -> u64 {
    Parameters::default().step_at(now)
}

/// A shared secret, and how codes are made of it.
pub struct OathSecret {
    bytes: SecretSlice<u8>,
    parameters: Parameters,
}

impl std::fmt::Debug for OathSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OathSecret(…)")
    }
}

impl OathSecret {
    /// Draws 160 bits (RFC 4226 §4 R6), for an authenticator app.
    pub fn random(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = vec![0; DRAWN_BYTES];
        entropy.fill(&mut bytes);
        Self { bytes: bytes.into(), parameters: Parameters::default() }
    }

    /// Takes the secret of an authenticator app out of its bytes. `None` unless there are 16 to 64 of them.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::of(bytes, Parameters::default())
    }

    /// Reads what was typed into an authenticator app: unpadded Base32. `None` unless it is 16 to 64 bytes.
    #[must_use]
    pub fn from_base32(text: &SecretString) -> Option<Self> {
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(text.expose_secret().as_bytes()).ok()?);
        Self::from_bytes(&bytes)
    }

    /// Takes a secret with parameters of its own. `None` unless it has 16 to 64 bytes.
    #[must_use]
    pub fn of(bytes: &[u8], parameters: Parameters) -> Option<Self> {
        (LEAST_BYTES..=MOST_BYTES).contains(&bytes.len()).then(|| Self { bytes: bytes.to_vec().into(), parameters })
    }

    /// The bytes, for sealing.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        self.bytes.expose_secret()
    }

    /// How codes are made of it.
    #[must_use]
    pub fn parameters(&self) -> Parameters {
        self.parameters
    }

    /// Unpadded Base32, for typing into an authenticator app.
    #[must_use]
    pub fn base32(&self) -> SecretString {
        BASE32_NOPAD.encode(self.expose_bytes()).into()
    }

    /// The `otpauth://` key URI of the Google Authenticator format, for an authenticator app. That format lets no colon into
    /// the issuer; and an issuer beyond 60 encoded bytes is cut, so that the QR code stays easy to scan.
    #[must_use]
    pub fn key_uri(&self, issuer: &str, account: &str) -> SecretString {
        let mut encoded = String::new();
        for c in issuer.chars().map(|c| if c == ':' { ' ' } else { c }) {
            let next = utf8_percent_encode(c.encode_utf8(&mut [0; 4]), UNRESERVED).to_string();
            if encoded.len() + next.len() > ISSUER_ENCODED_BYTES {
                break;
            }
            encoded.push_str(&next);
        }
        let account = utf8_percent_encode(account, UNRESERVED);
        let secret = self.base32();
        format!("otpauth://totp/{encoded}:{account}?secret={}&issuer={encoded}", secret.expose_secret()).into()
    }

    /// The time step that a moment falls in.
    #[must_use]
    pub fn step_at(&self, now: Moment) -> u64 {
        self.parameters.step_at(now)
    }

    /// Every step within `reach` of `now` whose code this is, nearest first.
    #[must_use]
    pub fn matching_steps(&self, code: &SecretString, now: Moment, reach: i64) -> Vec<u64> {
        self.matching_near(code, self.step_at(now), reach)
    }

    /// Every step within `reach` of this one whose code this is, nearest first.
    #[must_use]
    pub fn matching_near(&self, code: &SecretString, centre: u64, reach: i64) -> Vec<u64> {
        let generator = self.generator();
        let mut offsets: Vec<i64> = (-reach..=reach).collect();
        offsets.sort_by_key(|offset| offset.abs());
        offsets
            .into_iter()
            .filter_map(|offset| centre.checked_add_signed(offset))
            .filter(|step| generator.check(code.expose_secret(), *step).is_some())
            .collect()
    }

    /// Every counter of `count` from this one on whose code this is, the lowest first.
    #[must_use]
    pub fn matching_counters(&self, code: &SecretString, from: u64, count: u64) -> Vec<u64> {
        let generator = self.generator();
        (from..from.saturating_add(count)).filter(|counter| generator.check(code.expose_secret(), *counter).is_some()).collect()
    }

    /// The code of one moment, as an authenticator shows it. People bring their own; tests and the sample workspaces of a drill
    /// have nobody to bring one.
    #[must_use]
    pub fn code_at(&self, now: Moment) -> SecretString {
        self.code_of(self.step_at(now))
    }

    /// The code of one step or counter, likewise.
    #[must_use]
    pub fn code_of(&self, moving: u64) -> SecretString {
        self.generator().generate(moving).to_string().into()
    }

    /// Told a step or a counter where it expects seconds: a time step of one second makes them the same (RFC 6238 §4.2).
    fn generator(&self) -> Totp {
        let algorithm = match self.parameters.algorithm {
            Algorithm::Sha1 => totp_rs::Algorithm::SHA1,
            Algorithm::Sha256 => totp_rs::Algorithm::SHA256,
            Algorithm::Sha512 => totp_rs::Algorithm::SHA512,
        };
        Builder::new()
            .with_algorithm(algorithm)
            .with_digits(self.parameters.digits.count())
            .with_skew(0)
            .with_step_duration(1)
            .with_secret(totp_rs::Secret::new(self.expose_bytes().into()))
            .build_noncompliant()
    }
}

#[cfg(test)]
mod tests;
