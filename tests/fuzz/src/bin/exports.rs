//! Exports of other authenticators, in plain and up to what asks for a passphrase.

fn main() {
    afl::fuzz!(|bytes: &[u8]| {
        let _read = intake::read(bytes, None);
    });
}
