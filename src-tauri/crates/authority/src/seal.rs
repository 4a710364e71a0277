//! Sealing of authenticator secrets: XChaCha20-Poly1305, bound to the place they are kept in (FORMATS.md, "Sealed secret").

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::{
    Entropy, draw,
    factor::Sealed,
    id::{AccountId, AuthenticatorId, TokenId, WorkspaceId},
    oath::{OathSecret, Parameters},
};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::stack::wiping_stack;

mod anew;
mod journal_key;
mod mail;
mod moving;
mod naming;

pub(crate) use anew::Bound;
pub use moving::CarriedKey;

const FORMAT: u8 = 1;
const KEY_ID_BYTES: usize = 8;
const NONCE_BYTES: usize = 24;
const HEAD_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;

/// Which key sealed something: says nothing about the key itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; KEY_ID_BYTES]);

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// The key that seals secrets. It lives in a key slot, or beside a server's database, never in it.
///
/// A server may hold earlier ones besides: they open what they sealed until everything is sealed anew.
pub struct SealingKey {
    present: Key,
    earlier: Vec<Key>,
    /// What names things without giving them away is made from: the sealing key itself in a vault, a key of its own on a
    /// server, so that counts and fingerprints outlive the sealing key.
    naming: Option<Key>,
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

/// Whose secret it is. A seal moved elsewhere does not open.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// An authenticator's.
    Authenticator {
        /// The workspace.
        workspace: WorkspaceId,
        /// The account.
        account: AccountId,
        /// The authenticator.
        authenticator: AuthenticatorId,
    },
    /// A token's, in the inventory.
    Token {
        /// The workspace.
        workspace: WorkspaceId,
        /// The token.
        token: TokenId,
    },
}

/// The seal is broken, of a newer format, made with another key or moved from another place.
#[derive(Debug, thiserror::Error)]
#[error("a sealed secret does not open")]
pub struct SealBroken;

impl SealingKey {
    /// Takes 32 bytes out of a key slot.
    #[must_use]
    pub fn new(key: SecretBox<[u8; 32]>) -> Self {
        Self { present: Key(key), earlier: Vec::new(), naming: None }
    }

    /// The same with a key that opens what it sealed earlier, and seals nothing any more.
    #[must_use]
    pub fn with_earlier(mut self, key: SecretBox<[u8; 32]>) -> Self {
        self.earlier.push(Key(key));
        self
    }

    /// Names the key that seals.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.present.id()
    }

    /// Names the key that sealed this; `None` for what is no seal.
    #[must_use]
    pub fn sealer(sealed: &Sealed) -> Option<KeyId> {
        let (head, _) = sealed.0.split_at_checked(HEAD_BYTES)?;
        let id = head[1..=KEY_ID_BYTES].try_into().ok()?;
        (head[0] == FORMAT).then_some(KeyId(id))
    }

    /// Seals a secret for its place, together with how codes are made of it.
    ///
    /// # Panics
    /// Never: the cipher refuses only messages beyond 256 GiB.
    pub fn seal(&self, secret: &OathSecret, place: Place, entropy: &mut dyn Entropy) -> Sealed {
        self.seal_bytes(secret.expose_bytes(), &|key| associated_data(key, place, secret.parameters()), entropy)
    }

    /// Opens a seal at its place. Other parameters than those it was made with do not open it.
    ///
    /// # Errors
    /// [`SealBroken`], without saying which of the reasons it was.
    pub fn open(&self, sealed: &Sealed, place: Place, parameters: Parameters) -> Result<OathSecret, SealBroken> {
        let plain = self.open_bytes(sealed, &|key| associated_data(key, place, parameters))?;
        OathSecret::of(&plain, parameters).ok_or(SealBroken)
    }

    fn seal_bytes(&self, message: &[u8], data: AssociatedData<'_>, entropy: &mut dyn Entropy) -> Sealed {
        let (nonce, id): ([u8; NONCE_BYTES], _) = (draw(entropy), self.present.id());
        let data = data(id);
        let payload = Payload { msg: message, aad: &data };
        let ciphertext = wiping_stack(|| self.present.cipher().encrypt(&XNonce::from(nonce), payload)).expect("a short message");
        let mut sealed = vec![FORMAT];
        sealed.extend(id.0);
        sealed.extend(nonce);
        sealed.extend(ciphertext);
        Sealed(sealed)
    }

    fn open_bytes(&self, sealed: &Sealed, data: AssociatedData<'_>) -> Result<Zeroizing<Vec<u8>>, SealBroken> {
        let id = Self::sealer(sealed).ok_or(SealBroken)?;
        let key = std::iter::once(&self.present).chain(&self.earlier).find(|key| key.id() == id).ok_or(SealBroken)?;
        let (head, ciphertext) = sealed.0.split_at_checked(HEAD_BYTES).ok_or(SealBroken)?;
        let nonce = XNonce::try_from(&head[1 + KEY_ID_BYTES..]).map_err(|_| SealBroken)?;
        let data = data(id);
        let payload = Payload { msg: ciphertext, aad: &data };
        wiping_stack(|| key.cipher().decrypt(&nonce, payload)).map(Zeroizing::new).map_err(|_| SealBroken)
    }

    /// A key of its own for counting failures under addresses that nobody can read back.
    pub(crate) fn throttle_key(&self) -> Zeroizing<[u8; 32]> {
        self.named(b"sallyport/throttle-key/v1\0")
    }

    /// Names a token's secret without giving it away: equal for equal secrets, and nothing to whoever has not this key.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    #[must_use]
    pub fn fingerprint(&self, secret: &[u8]) -> [u8; 32] {
        let key = self.named(b"sallyport/token-fingerprint-key/v1\0");
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key.as_slice()).expect("HMAC takes keys of any length");
        mac.update(secret);
        mac.finalize().into_bytes().into()
    }

    fn named(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        self.naming.as_ref().unwrap_or(&self.present).hashed(label)
    }
}

/// What a seal is bound to under the key of this name.
type AssociatedData<'a> = &'a dyn Fn(KeyId) -> Vec<u8>;

struct Key(SecretBox<[u8; 32]>);

impl Key {
    /// Names the key without giving it away: the first 8 bytes of its SHA-256 under a label.
    fn id(&self) -> KeyId {
        let digest = self.hashed(b"sallyport/sealing-key/v1\0");
        let mut id = [0; KEY_ID_BYTES];
        id.copy_from_slice(&digest[..KEY_ID_BYTES]);
        KeyId(id)
    }

    fn hashed(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        let hash = || Sha256::new().chain_update(label).chain_update(self.0.expose_secret()).finalize();
        Zeroizing::new(wiping_stack(hash).into())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.0.expose_secret().into())
    }
}

fn associated_data(key: KeyId, place: Place, parameters: Parameters) -> Vec<u8> {
    let mut data = Vec::new();
    match place {
        Place::Authenticator { workspace, account, authenticator } => {
            data.extend(b"sallyport/sealed-secret/v1\0");
            [workspace.0, account.0, authenticator.0].iter().for_each(|id| data.extend(id.as_bytes()));
        }
        Place::Token { workspace, token } => {
            data.extend(b"sallyport/sealed-token/v1\0");
            [workspace.0, token.0].iter().for_each(|id| data.extend(id.as_bytes()));
        }
    }
    data.extend(key.0);
    data.extend(parameters.text().as_bytes());
    data
}
