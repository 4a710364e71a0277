//! RFC 6030, plain and under the key of the samples.

use secrecy::SecretSlice;

fn main() {
    afl::fuzz!(|bytes: &[u8]| {
        let _plain = intake::read(bytes, None);
        let key = SecretSlice::from((0..32).collect::<Vec<u8>>());
        let _opened = intake::read(bytes, Some(&intake::Unlock::PreShared(key)));
    });
}
