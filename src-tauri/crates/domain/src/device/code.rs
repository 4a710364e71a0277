//! Pairing codes: what lets one desktop in, and what it knows the server by (FORMATS.md, "Pairing codes"). A moving code, by which a
//! workspace comes to a server, has the same form.

use data_encoding::BASE64;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::{
    Refusal, alphabet,
    code::{Code, FormError, Kind, Typed, is_dash, read},
    secret_hash::Opaque,
};

const HASHED_PAIRING: &[u8] = b"sallyport/pairing-code/v1\0";
const HASHED_MOVING: &[u8] = b"sallyport/moving-code/v1\0";
/// Symbols of a code, and of a fingerprint without its check symbol.
const CODE: usize = 25;
const FINGERPRINT: usize = 19;
const WITH_FINGERPRINT: usize = CODE + FINGERPRINT + 1;
const GROUP: usize = 5;

/// The hash that a code is found by. It was drawn at random with 115 bits, so nothing slow stands between it and its hash.
pub type CodeHash = Opaque<32>;

/// The first 95 bits of the SHA-256 of a server's public key, its SubjectPublicKeyInfo in DER.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; FINGERPRINT]);

impl Fingerprint {
    /// Of a public key with this SHA-256.
    #[must_use]
    pub fn of(public_key: &[u8; 32]) -> Self {
        let bit = |at: usize| public_key[at / 8] >> (7 - at % 8) & 1;
        Self(std::array::from_fn(|symbol| (5 * symbol..5 * symbol + 5).fold(0, |value, at| value << 1 | bit(at))))
    }

    /// Whether a public key with this SHA-256 is the one.
    #[must_use]
    pub fn is_of(&self, public_key: &[u8; 32]) -> bool {
        *self == Self::of(public_key)
    }

    fn symbols(&self) -> Vec<u8> {
        let mut values = self.0.to_vec();
        values.push(alphabet::check(&values));
        values
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fingerprint({})", BASE64.encode(&self.0))
    }
}

/// A pairing or moving code whose check symbols are right. Debug never shows it.
#[derive(Clone, Debug)]
pub struct PairingCode {
    code: Code,
    server: Option<Fingerprint>,
}

impl PairingCode {
    /// A code that was drawn, with what the server is known by, if it has a certificate of its own. `None` when the code is
    /// of another kind.
    #[must_use]
    pub fn new(code: Code, server: Option<Fingerprint>) -> Option<Self> {
        matches!(code.kind(), Kind::Pairing | Kind::Moving).then_some(Self { code, server })
    }

    /// Reads what somebody typed for a pairing code, with the same forgiveness as other codes.
    ///
    /// # Errors
    /// [`Refusal::CodeEmpty`], [`Refusal::CodeLength`], [`Refusal::CodeMistyped`] or [`Refusal::CodeKind`]. Nothing secret was
    /// looked at: it costs no attempt.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        Self::read_as(Kind::Pairing, text)
    }

    /// Reads what somebody typed for a moving code.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_moving(text: &str) -> Result<Self, Refusal> {
        Self::read_as(Kind::Moving, text)
    }

    fn read_as(kind: Kind, text: &str) -> Result<Self, Refusal> {
        let symbols: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)).collect();
        let (code, fingerprint) = match symbols.len() {
            WITH_FINGERPRINT => symbols.split_at(CODE),
            _ => (symbols.as_slice(), [].as_slice()),
        };
        let server = if fingerprint.is_empty() { None } else { Some(read_fingerprint(fingerprint)?) };
        let code = match read(&code.iter().collect::<String>()) {
            Ok(Typed::Code(code)) => code,
            Ok(Typed::Totp(_)) => return Err(Refusal::CodeKind),
            Err(FormError::Empty) => return Err(Refusal::CodeEmpty),
            Err(FormError::Length { symbols }) => return Err(Refusal::CodeLength(symbols)),
            Err(FormError::Mistyped) => return Err(Refusal::CodeMistyped),
        };
        if code.kind() == kind { Ok(Self { code, server }) } else { Err(Refusal::CodeKind) }
    }

    /// What the server must be known by; `None` where the roots of the system decide.
    #[must_use]
    pub fn server(&self) -> Option<&Fingerprint> {
        self.server.as_ref()
    }

    /// The part that the server knows, without dashes, upper case: what is sent to it, and hashed.
    #[must_use]
    pub fn canonical(&self) -> &SecretString {
        self.code.canonical()
    }

    /// What it is found by.
    #[must_use]
    pub fn hash(&self) -> CodeHash {
        let label = if self.code.kind() == Kind::Moving { HASHED_MOVING } else { HASHED_PAIRING };
        Opaque(Sha256::new().chain_update(label).chain_update(self.canonical().expose_secret()).finalize().into())
    }

    /// Both parts in groups of five, as they are shown.
    #[must_use]
    pub fn grouped(&self) -> SecretString {
        let Some(server) = &self.server else { return self.code.grouped() };
        let symbols: Vec<char> = server.symbols().into_iter().map(alphabet::symbol).collect();
        let groups: Vec<String> = symbols.chunks(GROUP).map(|group| group.iter().collect()).collect();
        [self.code.grouped().expose_secret(), groups.join("-").as_str()].join("-").into()
    }
}

fn read_fingerprint(symbols: &[char]) -> Result<Fingerprint, Refusal> {
    let values: Vec<u8> = symbols.iter().copied().map(alphabet::value).collect::<Option<_>>().ok_or(Refusal::CodeMistyped)?;
    if !alphabet::is_valid(&values) {
        return Err(Refusal::CodeMistyped);
    }
    values[..FINGERPRINT].try_into().map(Fingerprint).map_err(|_| Refusal::CodeMistyped)
}

#[cfg(test)]
mod tests;
