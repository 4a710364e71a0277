//! Moving codes: what lets one workspace move to a server, and what the desktop knows that server by (FORMATS.md, "A move").

use domain::{
    Entropy, alphabet,
    code::{self, Code, Kind, Typed},
    time::{HOUR, Moment},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How long a code is good, in seconds.
const VALIDITY: i64 = 24 * HOUR;
/// Symbols of a fingerprint without its check symbol, and of a group.
const FINGERPRINT: usize = 19;
const GROUP: usize = 5;

/// What is known of a moving code where it was drawn: its SHA-256. It has 115 random bits, so nothing slow stands between the two.
pub struct MovingCode {
    hash: [u8; 32],
    until: Moment,
}

impl MovingCode {
    /// Draws one, and gives it as it is shown this once. Where the server has a certificate, 95 bits of the SHA-256 of its public key
    /// (SubjectPublicKeyInfo, DER) and a check symbol stand behind it, as in a pairing code.
    pub fn drawn(public_key: Option<&[u8; 32]>, now: Moment, entropy: &mut dyn Entropy) -> (Self, SecretString) {
        let code = Code::random(Kind::Moving, entropy);
        let shown = shown(&code, public_key);
        (Self { hash: hashed(&code), until: now.plus(VALIDITY) }, shown)
    }

    /// When it is too late.
    #[must_use]
    pub fn until(&self) -> Moment {
        self.until
    }

    /// Whether this is the code, without the fingerprint, and in time.
    #[must_use]
    pub fn is(&self, text: &str, now: Moment) -> bool {
        let Ok(Typed::Code(code)) = code::read(text) else { return false };
        bool::from(hashed(&code).ct_eq(&self.hash)) && now < self.until
    }
}

fn hashed(code: &Code) -> [u8; 32] {
    Sha256::new().chain_update(b"sallyport/moving-code/v1\0").chain_update(code.canonical().expose_secret()).finalize().into()
}

fn shown(code: &Code, public_key: Option<&[u8; 32]>) -> SecretString {
    let mut text = code.grouped().expose_secret().to_owned();
    if let Some(key) = public_key {
        let bit = |at: usize| (key[at / 8] >> (7 - at % 8)) & 1;
        let symbol = |symbol: usize| (GROUP * symbol..GROUP * symbol + GROUP).fold(0, |value, at| (value << 1) | bit(at));
        let mut values: Vec<u8> = (0..FINGERPRINT).map(symbol).collect();
        values.push(alphabet::check(&values));
        for group in values.chunks(GROUP) {
            text.push('-');
            text.extend(group.iter().copied().map(alphabet::symbol));
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Drawing, System};

    const NOW: Moment = Moment(1_800_000_000);

    #[test]
    fn a_moving_code_is_good_for_a_day_and_carries_the_fingerprint_behind_it() {
        let (code, text) = MovingCode::drawn(Some(&[0xff; 32]), NOW, &mut Drawing(&System));
        let text = text.expose_secret();
        assert_eq!((text.len(), text.split('-').count()), (45 + 8, 9));
        assert!(text.starts_with('M') && text[30..].starts_with("ZZZZZ-ZZZZZ-ZZZZZ-ZZZZ"), "{text}");
        let own = &text[..29];
        assert!(code.is(own, NOW) && code.is(&own.to_lowercase(), NOW.plus(VALIDITY - 1)));
        assert!(!code.is(own, NOW.plus(VALIDITY)), "too late");
        assert!(!code.is(text, NOW), "the fingerprint stays at the desktop");
        let (_, other) = MovingCode::drawn(None, NOW, &mut Drawing(&System));
        assert_eq!(other.expose_secret().len(), 29);
        assert!(!code.is(other.expose_secret(), NOW) && !code.is("", NOW));
    }
}
