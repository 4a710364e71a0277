//! A list of people: as it comes, and under a header that stands, so that the rows are reached.

fn main() {
    afl::fuzz!(|bytes: &[u8]| {
        let _read = intake::people::read(bytes);
        let _rows = intake::people::read(&[b"name,email,role,community,language\n", bytes].concat());
    });
}
