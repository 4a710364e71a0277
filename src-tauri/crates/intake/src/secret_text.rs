//! Secrets as people and programs write them: hexadecimal, Base32, Base64.

use crate::seed::Problem;
use data_encoding::{BASE32_NOPAD, BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use secrecy::SecretSlice;
use zeroize::Zeroizing;

/// Base32 as authenticators forgive it: any case, spaces, dashes, padding or none, and left-over bits that are not zero.
pub(crate) fn base32(text: &str) -> Result<SecretSlice<u8>, Problem> {
    let symbols = symbols(text)?;
    let mut encoding = BASE32_NOPAD.specification();
    encoding.check_trailing_bits = false;
    let encoding = encoding.encoding().map_err(|_| Problem::BadSecret)?;
    let symbols = Zeroizing::new(symbols.to_ascii_uppercase());
    encoding.decode(symbols.as_bytes()).map(SecretSlice::from).map_err(|_| Problem::BadSecret)
}

/// Hexadecimal, any case, spaces and dashes.
pub(crate) fn hex(text: &str) -> Result<SecretSlice<u8>, Problem> {
    HEXLOWER_PERMISSIVE.decode(symbols(text)?.as_bytes()).map(SecretSlice::from).map_err(|_| Problem::BadSecret)
}

/// Hexadecimal where it can be, else Base32. What can be both (only `2` to `7` and `A` to `F`) is hexadecimal from 32
/// symbols on, as seed files write 128 bits and more.
pub(crate) fn hex_or_base32(text: &str) -> Result<SecretSlice<u8>, Problem> {
    let symbols = symbols(text)?;
    let hexadecimal = symbols.len() % 2 == 0 && symbols.bytes().all(|byte| byte.is_ascii_hexdigit());
    let both = symbols.bytes().all(|byte| matches!(byte.to_ascii_uppercase(), b'A'..=b'F' | b'2'..=b'7'));
    if hexadecimal && (!both || symbols.len() >= 32) { hex(&symbols) } else { base32(&symbols) }
}

fn symbols(text: &str) -> Result<Zeroizing<String>, Problem> {
    let mut symbols = Zeroizing::new(String::with_capacity(text.len()));
    symbols.extend(text.chars().filter(|char| !char.is_whitespace() && *char != '-'));
    let kept = symbols.trim_end_matches('=').len();
    symbols.truncate(kept);
    if symbols.is_empty() { Err(Problem::NoSecret) } else { Ok(symbols) }
}

/// Base64 with white space anywhere, as XML has it; with padding, without, or the alphabet for links.
pub(crate) fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut compact = Zeroizing::new(String::with_capacity(text.len()));
    compact.extend(text.chars().filter(|char| !char.is_whitespace()));
    let bytes = compact.as_bytes();
    let bare = compact.trim_end_matches('=').as_bytes();
    BASE64.decode(bytes).or_else(|_| BASE64_NOPAD.decode(bare)).or_else(|_| BASE64URL_NOPAD.decode(bare)).ok().map(Zeroizing::new)
}
