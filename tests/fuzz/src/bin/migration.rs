//! The message of a transfer code, before it is Base64.

fn main() {
    afl::fuzz!(|bytes: &[u8]| {
        let link = ["otpauth-migration://offline?data=", &data_encoding::BASE64URL_NOPAD.encode(bytes)].concat();
        let _read = intake::read(link.as_bytes(), None);
    });
}
