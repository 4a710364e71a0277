//! A table of tokens: the header stands, so that the rows are reached.

fn main() {
    afl::fuzz!(|bytes: &[u8]| {
        let _read = intake::read(bytes, None);
        let _rows = intake::read(&[b"serial,secret,type,digits,step,counter,algorithm\n", bytes].concat(), None);
    });
}
