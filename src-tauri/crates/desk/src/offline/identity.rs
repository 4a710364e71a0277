//! What the issuing key is sealed to: a pair of keys, of which the desk passphrase alone opens the one that reads.

use std::str::FromStr;

use age::x25519;
use data_encoding::BASE64;
use domain::{
    Entropy,
    id::{DeviceId, WorkspaceId},
    offline::IssuingKey,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use vault::{BlankWrap, WrappedSecret};
use zeroize::Zeroizing;

const LABEL: &[u8] = b"sallyport/desk-identity/v1\0";

/// A pair of keys of age.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Identity {
    /// The half that seals, as age writes it.
    public: String,
    /// The half that reads, wrapped under the desk passphrase; while that is changed, under the new one as well.
    wrapped: Vec<WrappedSecret>,
}

/// To which desk an identity belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Belongs {
    pub(super) workspace: WorkspaceId,
    pub(super) device: DeviceId,
}

impl Belongs {
    fn bytes(self) -> Vec<u8> {
        [LABEL, self.workspace.0.as_bytes(), self.device.0.as_bytes()].concat()
    }
}

/// The half that reads.
pub(super) struct Opened(x25519::Identity);

impl Identity {
    /// Makes one. Slow on purpose.
    pub(super) fn make(blank: BlankWrap, passphrase: &SecretString, belongs: Belongs) -> Self {
        let pair = x25519::Identity::generate();
        let wrapped = blank.fill(&pair.to_string(), passphrase, &belongs.bytes());
        Self { public: pair.to_public().to_string(), wrapped: vec![wrapped] }
    }

    /// Opens it. Slow on purpose.
    pub(super) fn open(&self, passphrase: &SecretString, belongs: Belongs) -> Option<Opened> {
        self.opening(passphrase, belongs).map(|(opened, _)| opened)
    }

    fn opening(&self, passphrase: &SecretString, belongs: Belongs) -> Option<(Opened, &WrappedSecret)> {
        let bytes = belongs.bytes();
        self.wrapped.iter().find_map(|wrapped| {
            let text = wrapped.open(passphrase, &bytes)?;
            let pair = x25519::Identity::from_str(text.expose_secret()).ok()?;
            (pair.to_public().to_string() == self.public).then_some((Opened(pair), wrapped))
        })
    }

    /// The same, which another passphrase opens as well.
    pub(super) fn also(&self, blank: BlankWrap, present: &SecretString, new: &SecretString, belongs: Belongs) -> Option<Self> {
        let (Opened(pair), wrapped) = self.opening(present, belongs)?;
        let added = blank.fill(&pair.to_string(), new, &belongs.bytes());
        Some(Self { public: self.public.clone(), wrapped: vec![wrapped.clone(), added] })
    }

    /// The same, which the passphrase alone opens that came last.
    pub(super) fn newest(self) -> Self {
        Self { wrapped: self.wrapped.into_iter().next_back().into_iter().collect(), ..self }
    }

    /// Whether more than one passphrase may open it.
    pub(super) fn is_changing(&self) -> bool {
        self.wrapped.len() > 1
    }

    /// The same, which this passphrase alone opens. `None` when it does not.
    pub(super) fn only(&self, passphrase: &SecretString, belongs: Belongs) -> Option<Self> {
        let (_, wrapped) = self.opening(passphrase, belongs)?;
        Some(Self { public: self.public.clone(), wrapped: vec![wrapped.clone()] })
    }

    /// Seals an issuing key: from here on nobody reads it without the passphrase.
    pub(super) fn seal(&self, key: &IssuingKey) -> Option<String> {
        let recipient = x25519::Recipient::from_str(&self.public).ok()?;
        age::encrypt(&recipient, key.expose()).ok().map(|sealed| BASE64.encode(&sealed))
    }
}

impl Opened {
    /// Reads a sealed issuing key.
    pub(super) fn read(&self, sealed: &str) -> Option<IssuingKey> {
        let sealed = BASE64.decode(sealed.as_bytes()).ok()?;
        let plain = Zeroizing::new(age::decrypt(&self.0, &sealed).ok()?);
        <[u8; 32]>::try_from(plain.as_slice()).ok().map(|key| IssuingKey::new(Zeroizing::new(key)))
    }
}

/// A wrap to be filled, drawn before anything slow begins.
pub(super) fn blank(entropy: &mut dyn Entropy) -> BlankWrap {
    BlankWrap::random(entropy)
}
