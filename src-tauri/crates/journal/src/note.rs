//! Signed notes (C2SP `signed-note`): a text that people can read, and who signed it. Ed25519 alone (type 0x01).

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use sha2::{Digest, Sha256};

const ED25519: u8 = 1;
const DASH: &str = "\u{2014} ";
/// A checkpoint with a hundred signatures is far below.
const LONGEST: usize = 64 * 1024;
const MOST_SIGNATURES: usize = 100;

/// Why a note is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is no signed note.
    #[error("this is not a signed note")]
    Malformed,
    /// None of the signatures is by a key that was given.
    #[error("none of the given keys signed this note")]
    Unsigned,
    /// A key that was given is said to have signed, and did not sign this.
    #[error("the signature does not belong to this text")]
    Forged,
}

/// A public key and the name it signs under, as `name+id+key`: what an auditor keeps.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

/// A text that is not a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a public key of a journal")]
pub struct NotAKey;

impl PublicKey {
    fn new(name: &str, key: VerifyingKey) -> Option<Self> {
        let allowed = !name.is_empty() && !name.contains(|c: char| c == '+' || c.is_whitespace() || c.is_control());
        allowed.then(|| Self { name: name.to_owned(), id: id(name, &key), key })
    }

    /// The name that it signs under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The 32 bytes of the key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }
}

/// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key).
fn id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let mut hash = Sha256::new();
    hash.update(name.as_bytes());
    hash.update([b'\n', ED25519]);
    hash.update(key.as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![ED25519];
        typed.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id), STANDARD.encode(typed))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        // The key is Base64, which may hold a plus itself.
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return Err(NotAKey) };
        let typed = STANDARD.decode(key).map_err(|_| NotAKey)?;
        let Some((&ED25519, key)) = typed.split_first() else { return Err(NotAKey) };
        let key = VerifyingKey::from_bytes(key.try_into().map_err(|_| NotAKey)?).map_err(|_| NotAKey)?;
        let found = Self::new(name, key).ok_or(NotAKey)?;
        (format!("{:08x}", u32::from_be_bytes(found.id)) == id).then_some(found).ok_or(NotAKey)
    }
}

/// The secret key that a journal's checkpoints are signed with. Its bytes are wiped when it is dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// From its 32 random bytes (RFC 8032 §5.1.5).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Its public half, signing under this name. `None` for a name that is empty or has white space, a control symbol or `+`.
    pub fn public(&self, name: &str) -> Option<PublicKey> {
        PublicKey::new(name, self.0.verifying_key())
    }

    /// Signs a text under a name. `None` for a name as of [`Self::public`], or a text that is empty, does not end with a line
    /// end, or holds an empty line or another control symbol.
    pub fn sign(&self, name: &str, text: &str) -> Option<String> {
        let key = self.public(name)?;
        if !is_text(text) {
            return None;
        }
        let mut signature = key.id.to_vec();
        signature.extend_from_slice(&self.0.sign(text.as_bytes()).to_bytes());
        Some(format!("{text}\n{DASH}{name} {}\n", STANDARD.encode(signature)))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([redacted])")
    }
}

fn is_text(text: &str) -> bool {
    text.ends_with('\n') && text != "\n" && !text.contains("\n\n") && !text.contains(|c: char| c.is_control() && c != '\n')
}

/// The text of a note, and which of the keys signed it: the first of them that did. Signatures of other keys are passed over.
///
/// # Errors
/// [`NoteError`]. A wrong signature under the name and number of a given key condemns the note, whatever else is on it.
pub fn open<'a, 'k>(note: &'a str, keys: &'k [PublicKey]) -> Result<(&'a str, &'k PublicKey), NoteError> {
    if note.len() > LONGEST || note.contains(|c: char| c.is_control() && c != '\n') {
        return Err(NoteError::Malformed);
    }
    let at = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (text, signatures) = (&note[..=at], &note[at + 2..]);
    let signatures = signatures.strip_suffix('\n').filter(|lines| !lines.is_empty()).ok_or(NoteError::Malformed)?;
    let mut signer: Option<&PublicKey> = None;
    for (number, line) in signatures.split('\n').enumerate() {
        let (name, blob) = line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or(NoteError::Malformed)?;
        let blob = STANDARD.decode(blob).map_err(|_| NoteError::Malformed)?;
        if number >= MOST_SIGNATURES || name.is_empty() || blob.len() < 5 {
            return Err(NoteError::Malformed);
        }
        let (id, signature) = blob.split_at(4);
        let Some(key) = keys.iter().find(|key| key.name == name && key.id == id) else { continue };
        let signature = Signature::from_slice(signature).map_err(|_| NoteError::Forged)?;
        key.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::Forged)?;
        signer = signer.or(Some(key));
    }
    signer.map(|key| (text, key)).ok_or(NoteError::Unsigned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The note of the specification's own text.
    const NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    fn key() -> SigningKey {
        SigningKey::from_seed(&[7; 32])
    }

    #[test]
    fn the_note_of_the_specification_is_believed() {
        let keys = [KEY.parse::<PublicKey>().expect("a key")];
        assert_eq!(open(NOTE, &keys), Ok(("This is an example message.\n", &keys[0])));
        assert_eq!(keys[0].to_string(), KEY);
    }

    #[test]
    fn what_was_signed_opens_and_one_changed_byte_does_not() {
        let note = key().sign("sallyport/x", "one\ntwo\n").expect("a text");
        let keys = [key().public("sallyport/x").expect("a name")];
        assert_eq!(open(&note, &keys).map(|(text, _)| text), Ok("one\ntwo\n"));
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(open(&changed, &keys).is_err(), "byte {at}: {changed}");
        }
    }

    #[test]
    fn signatures_of_strangers_are_passed_over_and_a_forged_one_condemns() {
        let name = "sallyport/x";
        let note = key().sign(name, "one\n").expect("a text");
        let keys = [key().public(name).expect("a name")];
        let stranger = SigningKey::from_seed(&[8; 32]).sign("other", "one\n").expect("a text");
        let line = stranger.lines().last().expect("a signature");
        assert_eq!(open(&format!("{note}{line}\n"), &keys).map(|(text, _)| text), Ok("one\n"));
        assert_eq!(open(&stranger, &keys), Err(NoteError::Unsigned));
        let forged = key().sign(name, "two\n").expect("a text");
        let line = forged.lines().last().expect("a signature");
        assert_eq!(open(&format!("{note}{line}\n"), &keys), Err(NoteError::Forged));
        assert_eq!(open(&format!("one\n\n{line}\n"), &keys), Err(NoteError::Forged));
    }

    #[test]
    fn what_is_no_note_is_malformed() {
        let keys = [KEY.parse::<PublicKey>().expect("a key")];
        let dashes = NOTE.replace('\u{2014}', "--");
        let cut = NOTE.trim_end();
        for wrong in
            ["", "\n\n", "text\n", "text\n\n", "text\n\nline\n", "text\n\n\u{2014} name\n", "text\n\n\u{2014} name AAAA\n", &dashes, cut]
        {
            assert_eq!(open(wrong, &keys), Err(NoteError::Malformed), "{wrong:?}");
        }
        assert_eq!(open(&format!("{}{NOTE}", "a".repeat(LONGEST)), &keys), Err(NoteError::Malformed));
    }

    #[test]
    fn what_could_not_be_read_back_is_not_signed() {
        for text in ["", "\n", "no end", "an empty\n\nline\n", "a bell\u{7}\n"] {
            assert_eq!(key().sign("name", text), None, "{text:?}");
        }
        for name in ["", "two words", "a+b", "line\n"] {
            assert_eq!(key().sign(name, "text\n"), None, "{name:?}");
        }
    }

    #[test]
    fn a_key_cut_short_or_under_another_name_is_none() {
        for wrong in [
            "",
            "example.com/foo",
            &KEY[..KEY.len() - 4],
            &KEY.replace("foo", "bar"),
            &KEY.replace("+530d", "+530e"),
            &KEY.replace("+Aek", "+Bek"),
        ] {
            assert_eq!(wrong.parse::<PublicKey>(), Err(NotAKey), "{wrong}");
        }
    }

    #[test]
    fn a_signing_key_never_shows_in_debug_output() {
        assert_eq!(format!("{:?}", key()), "SigningKey([redacted])");
    }
}
