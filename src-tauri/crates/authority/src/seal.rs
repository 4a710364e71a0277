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

mod journal_key;
mod mail;

const FORMAT: u8 = 1;
const KEY_ID_BYTES: usize = 8;
const NONCE_BYTES: usize = 24;
const HEAD_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;

/// The key that seals secrets. It lives in a key slot, never in the database.
pub struct SealingKey(SecretBox<[u8; 32]>);

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
        Self(key)
    }

    /// Seals a secret for its place, together with how codes are made of it.
    ///
    /// # Panics
    /// Never: the cipher refuses only messages beyond 256 GiB.
    pub fn seal(&self, secret: &OathSecret, place: Place, entropy: &mut dyn Entropy) -> Sealed {
        self.seal_bytes(secret.expose_bytes(), &self.associated_data(place, secret.parameters()), entropy)
    }

    /// Opens a seal at its place. Other parameters than those it was made with do not open it.
    ///
    /// # Errors
    /// [`SealBroken`], without saying which of the reasons it was.
    pub fn open(&self, sealed: &Sealed, place: Place, parameters: Parameters) -> Result<OathSecret, SealBroken> {
        let plain = self.open_bytes(sealed, &self.associated_data(place, parameters))?;
        OathSecret::of(&plain, parameters).ok_or(SealBroken)
    }

    fn seal_bytes(&self, message: &[u8], associated_data: &[u8], entropy: &mut dyn Entropy) -> Sealed {
        let nonce: [u8; NONCE_BYTES] = draw(entropy);
        let payload = Payload { msg: message, aad: associated_data };
        let ciphertext = wiping_stack(|| self.cipher().encrypt(&XNonce::from(nonce), payload)).expect("a short message");
        let mut sealed = vec![FORMAT];
        sealed.extend(self.id());
        sealed.extend(nonce);
        sealed.extend(ciphertext);
        Sealed(sealed)
    }

    fn open_bytes(&self, sealed: &Sealed, associated_data: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealBroken> {
        let (head, ciphertext) = sealed.0.split_at_checked(HEAD_BYTES).ok_or(SealBroken)?;
        let (format_and_key, nonce) = head.split_at(1 + KEY_ID_BYTES);
        if format_and_key[0] != FORMAT || format_and_key[1..] != self.id() {
            return Err(SealBroken);
        }
        let nonce = XNonce::try_from(nonce).map_err(|_| SealBroken)?;
        let payload = Payload { msg: ciphertext, aad: associated_data };
        wiping_stack(|| self.cipher().decrypt(&nonce, payload)).map(Zeroizing::new).map_err(|_| SealBroken)
    }

    /// A key of its own for counting failures under addresses that nobody can read back.
    pub(crate) fn throttle_key(&self) -> Zeroizing<[u8; 32]> {
        self.hashed(b"sallyport/throttle-key/v1\0")
    }

    /// Names a token's secret without giving it away: equal for equal secrets, and nothing to whoever has not this key.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    #[must_use]
    pub fn fingerprint(&self, secret: &[u8]) -> [u8; 32] {
        let key = self.hashed(b"sallyport/token-fingerprint-key/v1\0");
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key.as_slice()).expect("HMAC takes keys of any length");
        mac.update(secret);
        mac.finalize().into_bytes().into()
    }

    /// Names the key without giving it away: the first 8 bytes of its SHA-256 under a label.
    fn id(&self) -> [u8; KEY_ID_BYTES] {
        let digest = self.hashed(b"sallyport/sealing-key/v1\0");
        let mut id = [0; KEY_ID_BYTES];
        id.copy_from_slice(&digest[..KEY_ID_BYTES]);
        id
    }

    fn hashed(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        let hash = || Sha256::new().chain_update(label).chain_update(self.0.expose_secret()).finalize();
        Zeroizing::new(wiping_stack(hash).into())
    }

    fn associated_data(&self, place: Place, parameters: Parameters) -> Vec<u8> {
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
        data.extend(self.id());
        data.extend(parameters.text().as_bytes());
        data
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.0.expose_secret().into())
    }
}
