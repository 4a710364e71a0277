//! Key links, one a line.

fn main() {
    afl::fuzz!(|bytes: &[u8]| {
        let _read = intake::read(bytes, None);
        let _first = intake::read(&[b"otpauth://totp/", bytes].concat(), None);
    });
}
