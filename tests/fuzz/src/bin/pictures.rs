//! Pictures of QR codes.

fn main() {
    afl::fuzz!(|bytes: &[u8]| {
        let _read = intake::read(bytes, None);
    });
}
