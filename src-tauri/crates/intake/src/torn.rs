//! Every reader on torn bytes: whatever comes in, an answer comes out.

use crate::{Unlock, detect, people, read};
use proptest::prelude::*;
use secrecy::SecretSlice;
use std::path::PathBuf;

/// Every way in.
fn swallow(bytes: &[u8]) {
    let _kind = detect(bytes);
    let _people = people::read(bytes);
    let _plain = read(bytes, None);
    let _shared = read(bytes, Some(&Unlock::PreShared(SecretSlice::from((0..32).collect::<Vec<u8>>()))));
}

fn samples() -> Vec<Vec<u8>> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../tests/vectors/intake"].iter().collect();
    let mut paths: Vec<_> = std::fs::read_dir(folder).expect("the samples").map(|file| file.expect("a file").path()).collect();
    paths.sort();
    // Small ones: a debug build reads a large picture in a second, and is torn in the same places.
    paths.iter().map(|path| std::fs::read(path).expect("a sample")).filter(|bytes| bytes.len() < 4_000).collect()
}

#[derive(Debug, Clone)]
enum Tear {
    Cut(usize),
    Flip(usize, u8),
    Twice(usize, usize),
    Drop(usize, usize),
    Insert(usize, &'static [u8]),
}

const WORDS: &[&[u8]] = &[
    b"\"",
    b"\0",
    b"\xff",
    b"<a>",
    b"</Key>",
    b"<!DOCTYPE x>",
    b"&x;",
    b"&#x0;",
    b"99999999999999999999",
    b"-1",
    b"%",
    b"%ff",
    b"=",
    b":",
    b",",
    b"\n",
    b"{",
    b"null",
    b"[[[[[[[[",
    b"\xef\xbb\xbf",
    b"otpauth://",
    b"otpauth-migration://offline?data=",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
];

fn tear() -> impl Strategy<Value = Tear> {
    prop_oneof![
        any::<usize>().prop_map(Tear::Cut),
        (any::<usize>(), any::<u8>()).prop_map(|(at, by)| Tear::Flip(at, by)),
        (any::<usize>(), 0..600_usize).prop_map(|(at, length)| Tear::Twice(at, length)),
        (any::<usize>(), 0..60_usize).prop_map(|(at, length)| Tear::Drop(at, length)),
        (any::<usize>(), prop::sample::select(WORDS)).prop_map(|(at, word)| Tear::Insert(at, word)),
    ]
}

fn torn(mut bytes: Vec<u8>, tears: &[Tear]) -> Vec<u8> {
    for tear in tears {
        let at = |at: usize| at % (bytes.len() + 1);
        match *tear {
            Tear::Cut(place) => bytes.truncate(at(place)),
            Tear::Flip(place, by) => {
                let place = at(place);
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= by;
                }
            }
            Tear::Twice(place, length) => {
                let (from, to) = (at(place), (at(place) + length).min(bytes.len()));
                let piece = bytes[from..to].to_vec();
                bytes.splice(to..to, piece);
            }
            Tear::Drop(place, length) => {
                let (from, to) = (at(place), (at(place) + length).min(bytes.len()));
                bytes.drain(from..to);
            }
            Tear::Insert(place, word) => {
                let place = at(place);
                bytes.splice(place..place, word.iter().copied());
            }
        }
    }
    bytes
}

/// Copied for each piece, it would take minutes.
#[test]
fn a_text_in_very_many_pieces_is_read_once() {
    let pieces = "&amp;<!---->".repeat(200_000);
    let key = format!("<Key Id='' Algorithm='totp'><Issuer>{pieces}</Issuer></Key>");
    let file = format!("<KeyContainer xmlns='urn:ietf:params:xml:ns:keyprov:pskc'><KeyPackage>{key}</KeyPackage></KeyContainer>");
    let file = read(file.as_bytes(), None).expect("it is whole");
    assert_eq!(file.entries[0].name, "&".repeat(200));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn torn_samples_are_answered(sample in prop::sample::select(samples()), tears in prop::collection::vec(tear(), 1..6)) {
        swallow(&torn(sample, &tears));
    }

    #[test]
    fn noise_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        swallow(&bytes);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            swallow(format!("name,email\n{text}").as_bytes());
            swallow(format!("serial,secret\n{text}").as_bytes());
        }
        swallow(&[b"otpauth-migration://offline?data=".as_slice(), data_encoding::BASE64.encode(&bytes).as_bytes()].concat());
    }
}
