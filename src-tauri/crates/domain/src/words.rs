//! What people type about themselves: names, e-mail addresses and passwords.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::Refusal;

/// Longest name, in characters after normalisation.
pub const NAME_CHARACTERS: usize = 300;
const EMAIL_BYTES: usize = 254;
const LOCAL_PART_BYTES: usize = 64;
/// Shortest password beside a second factor, in characters.
pub const PASSWORD_CHARACTERS: usize = 8;
/// Shortest password that may sign in alone, in characters (NIST SP 800-63B-4 §3.1.1.2).
pub const PASSWORD_ALONE_CHARACTERS: usize = 15;
const PASSWORD_MOST: usize = 128;
/// Shortest passphrase of a vault or a file, in characters.
pub const PASSPHRASE_CHARACTERS: usize = 12;
/// What is guessed within so many tries stands in the lists that attackers begin with.
const COMMON_GUESSES: u64 = 100_000;

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

/// The name of a person, a workspace or a community: NFC, trimmed, one line, 1 to 300 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// Reads a name. White space of any kind becomes single spaces; control characters and the marks that override
    /// the direction of text are dropped, so that a name cannot rewrite the sentence it stands in.
    ///
    /// # Errors
    /// [`Refusal::NameEmpty`] or [`Refusal::NameTooLong`].
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let cleaned: String = text.nfc().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c)).collect();
        let name = cleaned.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        match name.chars().count() {
            0 => Err(Refusal::NameEmpty),
            1..=NAME_CHARACTERS => Ok(Self(name)),
            _ => Err(Refusal::NameTooLong),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is compared, where two names must differ: lower case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// An e-mail address as its owner writes it. Two that differ only in case are the same account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Reads an address: one `@`, a local part of at most 64 bytes, a domain of dotted labels. Whether anybody
    /// reads mail there, no form can tell.
    ///
    /// # Errors
    /// [`Refusal::EmailInvalid`].
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let text: String = text.trim().nfc().collect();
        let well_formed = text.len() <= EMAIL_BYTES
            && text.rsplit_once('@').is_some_and(|(local, domain)| {
                let labels: Vec<&str> = domain.split('.').collect();
                let atoms = local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom));
                atoms && local.len() <= LOCAL_PART_BYTES && labels.len() >= 2 && labels.iter().all(|label| is_label(label))
            });
        if well_formed { Ok(Self(text)) } else { Err(Refusal::EmailInvalid) }
    }

    /// As its owner writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is compared: lower case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

fn is_atom(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

/// A new password, NFC, of 8 to 128 characters.
#[derive(Clone, Debug)]
pub struct NewPassword {
    text: SecretString,
    stands_alone: bool,
}

impl NewPassword {
    /// Reads a password that somebody chose. There are no rules of composition; what stands in the lists of common
    /// passwords is refused, in the disguises that everybody knows too (NIST SP 800-63B-4 §3.1.1.2).
    ///
    /// # Errors
    /// [`Refusal::PasswordTooShort`], [`Refusal::PasswordTooLong`] or [`Refusal::PasswordCommon`].
    pub fn read(text: &SecretString) -> Result<Self, Refusal> {
        let text = normalise_password(text);
        let length = text.expose_secret().chars().count();
        match length {
            0..PASSWORD_CHARACTERS => Err(Refusal::PasswordTooShort),
            PASSWORD_CHARACTERS..=PASSWORD_MOST if is_common(&text) => Err(Refusal::PasswordCommon),
            PASSWORD_CHARACTERS..=PASSWORD_MOST => Ok(Self { text, stands_alone: length >= PASSWORD_ALONE_CHARACTERS }),
            _ => Err(Refusal::PasswordTooLong),
        }
    }

    /// What is hashed.
    #[must_use]
    pub fn text(&self) -> &SecretString {
        &self.text
    }

    /// Whether it is long enough to sign in without a second factor.
    #[must_use]
    pub fn stands_alone(&self) -> bool {
        self.stands_alone
    }
}

/// Whether a passphrase may guard a vault, where a guess costs a second and nobody counts.
///
/// # Errors
/// [`Refusal::PassphraseTooShort`] or [`Refusal::PassphraseCommon`].
pub fn check_passphrase(text: &SecretString) -> Result<(), Refusal> {
    let text = normalise_password(text);
    match text.expose_secret().chars().count() {
        0..PASSPHRASE_CHARACTERS => Err(Refusal::PassphraseTooShort),
        _ if is_common(&text) => Err(Refusal::PassphraseCommon),
        _ => Ok(()),
    }
}

fn is_common(text: &SecretString) -> bool {
    zxcvbn::zxcvbn(text.expose_secret(), &["sallyport"]).guesses() < COMMON_GUESSES
}

/// The form in which passwords and passphrases are hashed: NFC, so that the same keys give the same bytes on any keyboard.
#[must_use]
pub fn normalise_password(text: &SecretString) -> SecretString {
    text.expose_secret().nfc().collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_emoji_and_any_script_up_to_300_characters() {
        assert_eq!(Name::read("  Zoë\t 🦀\n ").expect("a name").as_str(), "Zoë 🦀");
        assert_eq!(Name::read("דנה \u{202e}כהן").expect("a name").as_str(), "דנה כהן");
        assert!(Name::read(&"🦀".repeat(300)).is_ok());
        assert_eq!(Name::read(&"a".repeat(301)), Err(Refusal::NameTooLong));
        assert_eq!(Name::read(" \u{202e}\u{7}"), Err(Refusal::NameEmpty));
    }

    #[test]
    fn addresses_that_cannot_be_are_refused() {
        for good in ["a@b.fr", "Ada.Lovelace+desk@example.co.uk", "zoë@exämple.org"] {
            assert!(Email::read(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "a@b", "@b.fr", "a@", "a b@c.fr", "a@b..fr", ".a@b.fr", "a@-b.fr", "a@b.fr\nBcc: c@d.fr", "a@b@c.fr,"] {
            assert!(Email::read(bad).is_err(), "{bad}");
        }
        assert!(Email::read(&format!("{}@b.fr", "a".repeat(65))).is_err());
    }

    #[test]
    fn passwords_are_counted_in_characters_of_their_normal_form() {
        let read = |text: &str| NewPassword::read(&text.into());
        let mixed =
            |length: usize| "ü2Ж¶x9é☂".chars().cycle().zip(0..length).map(|(c, n)| if n % 7 == 0 { '🦀' } else { c }).collect::<String>();
        assert!(matches!(read(&mixed(7)), Err(Refusal::PasswordTooShort)));
        assert!(matches!(read(&mixed(129)), Err(Refusal::PasswordTooLong)));
        assert!(!read(&mixed(14)).expect("a password").stands_alone());
        assert!(read(&mixed(128).replace('é', "e\u{301}")).expect("a password").stands_alone());
    }

    #[test]
    fn the_common_ones_are_refused_in_their_disguises_too() {
        for common in ["password", "Password1", "P@ssw0rd", "qwertyuiop", "drowssap", "aaaaaaaaaaaa", "12345678", "Sallyport1"] {
            assert!(matches!(NewPassword::read(&common.into()), Err(Refusal::PasswordCommon)), "{common}");
        }
        for fine in ["correct horse battery staple", "plum-tractor-58", "xK4!vmaq"] {
            assert!(NewPassword::read(&fine.into()).is_ok(), "{fine}");
        }
    }
}
