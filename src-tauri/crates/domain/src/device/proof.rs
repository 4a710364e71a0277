//! Device proofs: what a paired desktop signs of every request (FORMATS.md, "Device proofs").

use data_encoding::BASE64;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    id::{DeviceId, WorkspaceId},
    secret_hash::Opaque,
    session::SessionId,
};

/// The header that carries it, in the letters in which headers are compared.
pub const HEADER: &str = "sallyport-device";
const LABEL: &[u8] = b"sallyport device request v1\n";

/// A device's Ed25519 public key (RFC 8032 §5.1.5). Never one of the few that prove nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicKey(Opaque<32>);

impl PublicKey {
    /// Reads 32 bytes. `None` for what is no key, or one of small order, under which a signature says nothing.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Option<Self> {
        let key = VerifyingKey::from_bytes(&bytes).ok()?;
        (!key.is_weak()).then_some(Self(Opaque(bytes)))
    }

    /// Reads Base64 (RFC 4648 §4, padded).
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::from_bytes(BASE64.decode(text.as_bytes()).ok()?.try_into().ok()?)
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.0
    }

    /// Whether this signature over this request was made with its other half. Strict: RFC 8032 §5.1.7, and no point of small order.
    #[must_use]
    pub fn proves(&self, asked: &Asked<'_>, signature: &[u8; 64]) -> bool {
        let key = VerifyingKey::from_bytes(&self.0.0);
        key.is_ok_and(|key| key.verify_strict(&asked.text(), &Signature::from_bytes(signature)).is_ok())
    }
}

/// A request, as far as it is signed.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Of which workspace. [Nil](Uuid::nil) while pairing: the desktop does not know yet.
    pub workspace: WorkspaceId,
    /// By which device. [Nil](Uuid::nil) while pairing.
    pub device: DeviceId,
    /// The path alone, as it stands in the request: `/v1/sign-in`.
    pub path: &'a str,
    /// SHA-256 of the body as it is sent.
    pub body: [u8; 32],
    /// SHA-256 of the session's token; `None` without a session.
    pub session: Option<SessionId>,
}

impl Asked<'_> {
    /// A desktop that pairs, and has neither workspace nor device.
    #[must_use]
    pub fn pairing(path: &str, body: [u8; 32]) -> Asked<'_> {
        Asked { workspace: WorkspaceId(Uuid::nil()), device: DeviceId(Uuid::nil()), path, body, session: None }
    }

    /// What is signed.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        let mut text = LABEL.to_vec();
        text.extend(self.workspace.0.as_bytes());
        text.extend(self.device.0.as_bytes());
        // No path is that long: whatever were cut off would be signed as another.
        text.extend(u32::try_from(self.path.len()).unwrap_or(u32::MAX).to_be_bytes());
        text.extend(self.path.as_bytes());
        text.extend(self.body);
        text.extend(self.session.map_or([0; 32], |session| session.0));
        text
    }
}

/// What the header says: `<device uuid> <Base64 of the signature>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which device. [Nil](Uuid::nil) while pairing.
    pub device: DeviceId,
    /// The signature over [`Asked::text`].
    pub signature: [u8; 64],
}

impl Shown {
    /// Reads a header. `None` for anything else, also for another way of writing the same.
    #[must_use]
    pub fn read(header: &str) -> Option<Self> {
        let (device, signature) = header.split_once(' ')?;
        let id = Uuid::try_parse(device).ok()?;
        let signature = BASE64.decode(signature.as_bytes()).ok()?.try_into().ok()?;
        let shown = Self { device: DeviceId(id), signature };
        (shown.to_string() == header).then_some(shown)
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.device.0.hyphenated(), BASE64.encode(&self.signature))
    }
}

#[cfg(test)]
mod tests;
