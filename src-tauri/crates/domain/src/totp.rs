//! Time-based one-time passwords: RFC 6238 over HMAC-SHA-1, six digits, steps of 30 seconds, secrets of 160 bits.

use data_encoding::BASE32_NOPAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use crate::{Entropy, time::Moment};

/// Length of a time step, in seconds (RFC 6238 §4.1).
pub const STEP_SECONDS: u64 = 30;
/// How far a phone's clock may be off and still be recognised, in steps either side.
pub const DRIFT_REACH: i64 = 20;
const SECRET_BYTES: usize = 20;
const ISSUER_ENCODED_BYTES: usize = 60;
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The time step that a moment falls in. Moments before 1970 count as step 0.
#[must_use]
pub fn step_at(now: Moment) -> u64 {
    u64::try_from(now.0).unwrap_or(0) / STEP_SECONDS
}

/// An authenticator's shared secret.
pub struct TotpSecret(SecretBox<[u8; SECRET_BYTES]>);

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

impl TotpSecret {
    /// Draws 160 bits (RFC 4226 §4 R6).
    pub fn random(entropy: &mut dyn Entropy) -> Self {
        Self(SecretBox::init_with_mut(|bytes: &mut [u8; SECRET_BYTES]| entropy.fill(bytes)))
    }

    /// Takes a secret back out of its seal. `None` unless it is exactly 20 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: Zeroizing<[u8; SECRET_BYTES]> = Zeroizing::new(bytes.try_into().ok()?);
        Some(Self(SecretBox::init_with_mut(|own: &mut [u8; SECRET_BYTES]| own.copy_from_slice(&*bytes))))
    }

    /// Reads what was typed into an authenticator app: unpadded Base32. `None` unless it is exactly 20 bytes.
    #[must_use]
    pub fn from_base32(text: &SecretString) -> Option<Self> {
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(text.expose_secret().as_bytes()).ok()?);
        Self::from_bytes(&bytes)
    }

    /// The bytes, for sealing.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }

    /// Unpadded Base32, for typing into an authenticator app.
    #[must_use]
    pub fn base32(&self) -> SecretString {
        BASE32_NOPAD.encode(self.0.expose_secret()).into()
    }

    /// The `otpauth://` key URI of the Google Authenticator format. That format lets no colon into the issuer; and an
    /// issuer beyond 60 encoded bytes is cut, so that the QR code stays easy to scan.
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

    /// Every step within `reach` of `now` whose code this is, nearest first.
    #[must_use]
    pub fn matching_steps(&self, code: &SecretString, now: Moment, reach: i64) -> Vec<u64> {
        let totp = self.generator();
        let here = step_at(now);
        let mut offsets: Vec<i64> = (-reach..=reach).collect();
        offsets.sort_by_key(|offset| offset.abs());
        offsets
            .into_iter()
            .filter_map(|offset| here.checked_add_signed(offset))
            .filter(|step| totp.check(code.expose_secret(), step * STEP_SECONDS).is_some())
            .collect()
    }

    /// The code of one step, as an authenticator app shows it. People bring their own; tests and the sample workspaces of a
    /// drill have nobody to bring one.
    #[must_use]
    pub fn code_at(&self, now: Moment) -> SecretString {
        self.generator().generate(step_at(now) * STEP_SECONDS).to_string().into()
    }

    fn generator(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(0)
            .with_step_duration(STEP_SECONDS)
            .with_secret(totp_rs::Secret::new_stack(*self.0.expose_secret()))
            .build_noncompliant()
    }
}

#[cfg(test)]
mod tests;
