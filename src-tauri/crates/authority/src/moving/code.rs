//! Moving codes: what lets one workspace move to a server, and what the desktop knows that server by (FORMATS.md, "A move").

use domain::{
    Entropy,
    code::{Code, Kind},
    device::{CodeHash, Fingerprint, PairingCode},
    time::{HOUR, Moment},
};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How long a code is good, in seconds.
const VALIDITY: i64 = 24 * HOUR;

/// What is known of a moving code where it was drawn: its hash. It has 115 random bits, so nothing slow stands between the two.
pub struct MovingCode {
    hash: CodeHash,
    until: Moment,
}

impl MovingCode {
    /// Draws one, and gives it as it is shown this once. Where the server has a certificate, what its public key (SubjectPublicKeyInfo,
    /// DER) is known by stands behind it, as in a pairing code.
    pub fn drawn(public_key: Option<&[u8]>, now: Moment, entropy: &mut dyn Entropy) -> (Self, SecretString) {
        let server = public_key.map(|key| Fingerprint::of(&Sha256::digest(key).into()));
        let code = PairingCode::new(Code::random(Kind::Moving, entropy), server).expect("it is of that kind");
        (Self { hash: code.hash(), until: now.plus(VALIDITY) }, code.grouped())
    }

    /// When it is too late.
    #[must_use]
    pub fn until(&self) -> Moment {
        self.until
    }

    /// Whether this is the code, without the fingerprint, and in time.
    #[must_use]
    pub fn is(&self, text: &str, now: Moment) -> bool {
        let Ok(code) = PairingCode::read_moving(text) else { return false };
        code.server().is_none() && bool::from(code.hash().0.ct_eq(&self.hash.0)) && now < self.until
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::{Drawing, System};

    const NOW: Moment = Moment(1_800_000_000);

    #[test]
    fn a_moving_code_is_good_for_a_day_and_carries_the_fingerprint_behind_it() {
        let (code, text) = MovingCode::drawn(Some(b"a key"), NOW, &mut Drawing(&System));
        let text = text.expose_secret();
        assert_eq!((text.len(), text.split('-').count()), (45 + 8, 9));
        assert!(text.starts_with('M'), "{text}");
        let typed = PairingCode::read_moving(text).expect("a code");
        assert!(typed.server().expect("a fingerprint").is_of(&Sha256::digest(b"a key").into()));
        assert!(PairingCode::read(text).is_err(), "it pairs nothing");
        let own = &text[..29];
        assert!(code.is(own, NOW) && code.is(&own.to_lowercase(), NOW.plus(VALIDITY - 1)));
        assert!(!code.is(own, NOW.plus(VALIDITY)), "too late");
        assert!(!code.is(text, NOW), "the fingerprint stays at the desktop");
        let (_, other) = MovingCode::drawn(None, NOW, &mut Drawing(&System));
        assert_eq!(other.expose_secret().len(), 29);
        assert!(!code.is(other.expose_secret(), NOW) && !code.is("", NOW));
    }
}
