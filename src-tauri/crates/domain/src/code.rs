//! Look-up secrets: backup, recovery, invitation, password, recovery-kit and pairing codes, and how typed text is told apart.
//!
//! | kind | first symbol | random symbols | check | written |
//! | --- | --- | --- | --- | --- |
//! | backup | random | 14 (70 bits) | 1 | `XXXXX-XXXXX-XXXXX` |
//! | recovery | `R` | 23 (115 bits) | 1 | five groups of five |
//! | invitation | `N` | 23 (115 bits) | 1 | five groups of five |
//! | password | `P` | 23 (115 bits) | 1 | five groups of five |
//! | recovery kit | `K` | 23 (115 bits) | 1 | five groups of five |
//! | moving | `M` | 23 (115 bits) | 1 | five groups of five, and a fingerprint where the server has a certificate |
//! | pairing | `D` | 23 (115 bits) | 1 | five groups of five, and [more](crate::device::PairingCode) |
//! | recovery, by a server's grant | `G` | none: 7 say who and when, 16 (80 bits) [prove it](crate::offline) | 1 | five groups of five |
//! | recovery, by a hand-over | `H` | the same | 1 | five groups of five |

use secrecy::{ExposeSecret, SecretString};

use crate::{Entropy, alphabet, draw};

const BACKUP_LENGTH: usize = 15;
const LONG_LENGTH: usize = 25;
const GROUP: usize = 5;
const CODE_DIGITS: [usize; 2] = [6, 8];

/// Codes in one set of backup codes.
pub const BACKUP_CODES: usize = 10;

/// What a look-up secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of ten, in place of the authenticator.
    Backup,
    /// Issued by staff after a reset.
    Recovery,
    /// Lets an invited person choose a password.
    Invitation,
    /// Issued by staff to somebody who forgot their password.
    Password,
    /// Printed once and kept in a safe: opens the vault, and proves the owner.
    Kit,
    /// Shown by a server that waits for one workspace to move to it.
    Moving,
    /// Pairs one desktop with a server.
    Pairing,
    /// A recovery code that a desktop issued by a server's grant, without it.
    Granted,
    /// A recovery code that a desktop issued by a hand-over of a local workspace, without it.
    HandedOver,
}

impl Kind {
    const fn first_symbol(self) -> Option<char> {
        match self {
            Self::Backup => None,
            Self::Recovery => Some('R'),
            Self::Invitation => Some('N'),
            Self::Password => Some('P'),
            Self::Kit => Some('K'),
            Self::Moving => Some('M'),
            Self::Pairing => Some('D'),
            Self::Granted => Some('G'),
            Self::HandedOver => Some('H'),
        }
    }
}

/// A look-up secret whose check symbol is right. Debug never shows it.
#[derive(Clone, Debug)]
pub struct Code {
    kind: Kind,
    canonical: SecretString,
}

impl Code {
    /// Draws a new code.
    pub fn random(kind: Kind, entropy: &mut dyn Entropy) -> Self {
        let bytes: [u8; LONG_LENGTH] = draw(entropy);
        let drawn = if kind == Kind::Backup { BACKUP_LENGTH - 1 } else { LONG_LENGTH - 2 };
        Self::of(kind, bytes.iter().take(drawn).map(|byte| byte & 31))
    }

    /// The code of these symbols, between the first of its kind and the check symbol.
    pub(crate) fn of(kind: Kind, symbols: impl Iterator<Item = u8>) -> Self {
        let mut values = Vec::with_capacity(LONG_LENGTH);
        values.extend(kind.first_symbol().and_then(alphabet::value));
        values.extend(symbols);
        values.push(alphabet::check(&values));
        Self { kind, canonical: to_text(&values).into() }
    }

    /// What its symbols stand for, the check symbol included.
    pub(crate) fn values(&self) -> Vec<u8> {
        self.canonical.expose_secret().chars().filter_map(alphabet::value).collect()
    }

    /// A whole set of backup codes, all different.
    pub fn backup_set(entropy: &mut dyn Entropy) -> Vec<Self> {
        let mut set: Vec<Self> = Vec::with_capacity(BACKUP_CODES);
        while set.len() < BACKUP_CODES {
            let code = Self::random(Kind::Backup, entropy);
            if set.iter().all(|other| other.canonical().expose_secret() != code.canonical().expose_secret()) {
                set.push(code);
            }
        }
        set
    }

    /// What it is for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The symbols without dashes, upper case: what is hashed.
    #[must_use]
    pub fn canonical(&self) -> &SecretString {
        &self.canonical
    }

    /// The symbols in groups of five, as they are shown and printed.
    #[must_use]
    pub fn grouped(&self) -> SecretString {
        let symbols: Vec<char> = self.canonical.expose_secret().chars().collect();
        symbols.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-").into()
    }
}

/// What somebody typed into a code field, told apart by its form alone.
#[derive(Clone, Debug)]
pub enum Typed {
    /// Six digits, from an authenticator app; or six or eight, from a token.
    Totp(SecretString),
    /// A look-up secret whose check symbol is right.
    Code(Code),
}

/// Why typed text is no code. None of these costs an attempt: nothing secret was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Nothing but spaces and dashes.
    #[error("nothing was typed")]
    Empty,
    /// The form of no code at all.
    #[error("{symbols} symbols are no code")]
    Length {
        /// Symbols typed, without spaces and dashes.
        symbols: usize,
    },
    /// The right length, but the check symbol is wrong or a symbol is outside the alphabet.
    #[error("the check symbol does not fit")]
    Mistyped,
}

/// Tells a code by its form. Case, white space and dashes are forgiven, as are `O` for 0 and `I` or `L` for 1.
///
/// # Errors
/// [`FormError`] when the text has the form of no code.
pub fn read(text: &str) -> Result<Typed, FormError> {
    let symbols: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)).collect();
    if symbols.is_empty() {
        return Err(FormError::Empty);
    }
    if CODE_DIGITS.contains(&symbols.len()) && symbols.iter().all(char::is_ascii_digit) {
        return Ok(Typed::Totp(symbols.into_iter().collect::<String>().into()));
    }
    if symbols.len() != BACKUP_LENGTH && symbols.len() != LONG_LENGTH {
        return Err(FormError::Length { symbols: symbols.len() });
    }
    let values: Vec<u8> = symbols.iter().copied().map(alphabet::value).collect::<Option<_>>().ok_or(FormError::Mistyped)?;
    if !alphabet::is_valid(&values) {
        return Err(FormError::Mistyped);
    }
    let kind = if values.len() == BACKUP_LENGTH {
        Kind::Backup
    } else {
        let first = alphabet::symbol(values[0]);
        *[Kind::Recovery, Kind::Invitation, Kind::Password, Kind::Kit, Kind::Moving, Kind::Pairing, Kind::Granted, Kind::HandedOver]
            .iter()
            .find(|kind| kind.first_symbol() == Some(first))
            .ok_or(FormError::Mistyped)?
    };
    Ok(Typed::Code(Code { kind, canonical: to_text(&values).into() }))
}

pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn to_text(values: &[u8]) -> String {
    values.iter().copied().map(alphabet::symbol).collect()
}

#[cfg(test)]
mod tests;
