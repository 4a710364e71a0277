//! A secret that is kept inside a vault and opens by a passphrase alone (FORMATS.md, "A desk's issuing record"): whoever has the open
//! vault has not got it.

use authority::wiping_stack;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use data_encoding::BASE64;
use domain::{Entropy, draw, secret_hash::Opaque};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::slot::Kdf;

const LABEL: &[u8] = b"sallyport/wrapped-secret/v1\0";

/// A text wrapped under a passphrase, at the cost of a [key slot](crate::SlotKind::Passphrase), and bound to what it belongs to.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrappedSecret {
    kdf: Kdf,
    nonce: Opaque<24>,
    /// The text and a tag, in Base64.
    wrapped: String,
}

/// A wrap with its salt and nonce drawn, and nothing in it yet: drawing is quick, filling is slow.
pub struct BlankWrap {
    kdf: Kdf,
    nonce: Opaque<24>,
}

impl BlankWrap {
    /// Draws one.
    pub fn random(entropy: &mut dyn Entropy) -> Self {
        Self { kdf: Kdf::random(entropy), nonce: Opaque(draw(entropy)) }
    }

    /// Wraps a short secret. Slow on purpose.
    ///
    /// # Panics
    /// Never: the cipher takes far longer texts.
    #[must_use]
    pub fn fill(self, secret: &SecretString, passphrase: &SecretString, belongs: &[u8]) -> WrappedSecret {
        let Self { kdf, nonce } = self;
        let cipher = XChaCha20Poly1305::new((&*kdf.derive(passphrase)).into());
        let aad = data(&kdf, belongs);
        let msg = secret.expose_secret().as_bytes();
        let sealed = wiping_stack(|| cipher.encrypt(&XNonce::from(nonce.0), Payload { msg, aad: &aad })).expect("a short message");
        WrappedSecret { kdf, nonce, wrapped: BASE64.encode(&sealed) }
    }
}

impl WrappedSecret {
    /// Opens it. Slow on purpose. `None` when the passphrase is another one, when it belongs elsewhere, and when anything of it changed.
    #[must_use]
    pub fn open(&self, passphrase: &SecretString, belongs: &[u8]) -> Option<SecretString> {
        self.kdf.check().ok()?;
        let sealed = BASE64.decode(self.wrapped.as_bytes()).ok()?;
        let cipher = XChaCha20Poly1305::new((&*self.kdf.derive(passphrase)).into());
        let aad = data(&self.kdf, belongs);
        let plain = wiping_stack(|| cipher.decrypt(&XNonce::from(self.nonce.0), Payload { msg: &sealed, aad: &aad })).ok()?;
        let plain = Zeroizing::new(plain);
        std::str::from_utf8(&plain).ok().map(SecretString::from)
    }
}

fn data(kdf: &Kdf, belongs: &[u8]) -> Vec<u8> {
    [LABEL, &kdf.bytes(), belongs].concat()
}

impl std::fmt::Debug for WrappedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WrappedSecret(…)")
    }
}

impl std::fmt::Debug for BlankWrap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlankWrap(…)")
    }
}

#[cfg(test)]
mod tests {
    use authority::{Drawing, System};

    use super::*;

    const SECRET: &str = "what opens the issuing key";

    fn wrapped() -> WrappedSecret {
        BlankWrap::random(&mut Drawing(&System)).fill(&SECRET.into(), &"seven quiet lanterns".into(), b"this desk")
    }

    #[test]
    fn a_secret_opens_by_its_passphrase_where_it_belongs_and_by_nothing_else() {
        let kept = serde_json::to_string(&wrapped()).expect("written");
        let open = |text: &str, passphrase: &str, belongs: &[u8]| {
            let read: WrappedSecret = serde_json::from_str(text).ok()?;
            read.open(&passphrase.into(), belongs).map(|secret| secret.expose_secret().to_owned())
        };
        assert_eq!(open(&kept, "seven quiet lanterns", b"this desk").as_deref(), Some(SECRET), "also after it was kept");
        assert_eq!(open(&kept, "seven quiet lantern", b"this desk"), None);
        assert_eq!(open(&kept, "seven quiet lanterns", b"that desk"), None);
        assert!(!kept.contains(SECRET) && !format!("{:?}", wrapped()).contains(SECRET));
    }

    #[test]
    fn nothing_of_a_wrapped_secret_can_be_changed() {
        let kept = serde_json::to_value(wrapped()).expect("written");
        let opens = |value: serde_json::Value| {
            let read: Option<WrappedSecret> = serde_json::from_value(value).ok();
            read.and_then(|read| read.open(&"seven quiet lanterns".into(), b"this desk")).is_some()
        };
        assert!(opens(kept.clone()));
        let flipped = |text: &str, at: usize| {
            let mut bytes = BASE64.decode(text.as_bytes()).expect("Base64");
            bytes[at] ^= 1;
            serde_json::Value::from(BASE64.encode(&bytes))
        };
        let text = |pointer: &str| kept.pointer(pointer).and_then(serde_json::Value::as_str).expect("a text").to_owned();
        let last = BASE64.decode(text("/wrapped").as_bytes()).expect("Base64").len() - 1;
        for (pointer, at) in [("/wrapped", 0), ("/wrapped", last), ("/nonce", 0), ("/kdf/salt", 15)] {
            let mut changed = kept.clone();
            *changed.pointer_mut(pointer).expect("there") = flipped(&text(pointer), at);
            assert!(!opens(changed), "{pointer} {at}");
        }
        // A record must not be able to ask for all memory.
        let mut dear = kept.clone();
        *dear.pointer_mut("/kdf/memory").expect("there") = 4_000_000_000_u32.into();
        assert!(!opens(dear));
    }
}
