//! Notes, checkpoints and public keys, as they come and signed: a fuzzer cannot forge, but whoever holds the key can sign anything.

use journal::{
    Checkpoint,
    note::{self, PublicKey},
};
use sallyport_fuzz::{ORIGIN, believed, key, keys};

fn main() {
    let keys = keys();
    afl::fuzz!(|bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        if let Ok(key) = text.parse::<PublicKey>() {
            assert_eq!(key.to_string().parse::<PublicKey>().as_ref(), Ok(&key));
        }
        let _note = note::open(text, &keys);
        if let Some(checkpoint) = believed(text) {
            assert_eq!(believed(&Checkpoint::unfold(text)).unwrap_or_else(|| checkpoint.clone()), checkpoint);
        }
        let _unfolded = believed(&Checkpoint::unfold(text));

        // Longer notes are refused when they are read, which no checkpoint comes near.
        let Some(signed) = key().sign(ORIGIN, text).filter(|_| text.len() < 60_000) else { return };
        assert_eq!(note::open(&signed, &keys), Ok((text, &keys[0])));
        let Some(checkpoint) = believed(&signed) else { return };
        if text.lines().count() == 3 {
            assert_eq!(checkpoint.sign(&key()).as_ref(), Some(&signed));
            assert_eq!(Checkpoint::unfold(&signed), signed);
            assert_eq!(Checkpoint::unfold(&signed.replace('\n', " \r\n")), signed);
        }
    });
}
