//! Codes as people type them: what is read is read again in the form it is shown in, and no slip of one symbol reads.

use domain::{
    alphabet,
    code::{self, Code, Kind, Typed},
    device::{PairingCode, Shown},
};
use secrecy::ExposeSecret;

fn main() {
    afl::fuzz!(|bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        pairing(text);
        match code::read(text) {
            Err(_) => {}
            Ok(Typed::Totp(digits)) => {
                let digits = digits.expose_secret();
                assert!([6, 8].contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
            }
            Ok(Typed::Code(code)) => {
                let symbols: Vec<char> = code.canonical().expose_secret().chars().collect();
                assert_eq!(symbols.len(), if code.kind() == Kind::Backup { 15 } else { 25 });
                let shown = code.grouped();
                for written in [code.canonical().expose_secret(), shown.expose_secret()] {
                    assert!(same(written, &code));
                }
                for at in 0..symbols.len() {
                    let mut other = symbols.clone();
                    other[at] = alphabet::symbol(alphabet::value(symbols[at]).map_or(0, |value| value + 1));
                    assert!(code::read(&other.iter().collect::<String>()).is_err());
                    let mut swapped = symbols.clone();
                    swapped.swap(at, (at + 1).min(symbols.len() - 1));
                    assert!(swapped == symbols || code::read(&swapped.iter().collect::<String>()).is_err());
                }
            }
        }
    });
}

/// Pairing codes of one part or two, and the header by which a device proves itself: each is read as it is written.
fn pairing(text: &str) {
    if let Ok(code) = PairingCode::read(text) {
        let shown = code.grouped();
        let again = PairingCode::read(shown.expose_secret()).expect("as it is shown");
        assert!(again.grouped().expose_secret() == shown.expose_secret() && again.hash() == code.hash());
    }
    if let Some(shown) = Shown::read(text) {
        assert_eq!(shown.to_string(), text);
    }
}

fn same(text: &str, code: &Code) -> bool {
    let read = code::read(text);
    matches!(read, Ok(Typed::Code(read)) if read.kind() == code.kind() && read.canonical().expose_secret() == code.canonical().expose_secret())
}
