use proptest::prelude::*;

use super::*;
use crate::testing::Counting;

fn code(seed: u64, server: Option<[u8; 32]>) -> PairingCode {
    let server = server.as_ref().map(Fingerprint::of);
    PairingCode::new(Code::random(Kind::Pairing, &mut Counting(seed)), server).expect("a pairing code")
}

fn symbols(code: &PairingCode) -> Vec<char> {
    code.grouped().expose_secret().chars().filter(|c| *c != '-').collect()
}

fn text(symbols: &[char]) -> String {
    symbols.iter().collect()
}

fn is_same(read: Result<PairingCode, Refusal>, code: &PairingCode) -> bool {
    read.is_ok_and(|read| read.canonical().expose_secret() == code.canonical().expose_secret() && read.server == code.server)
}

proptest! {
    #[test]
    fn a_code_is_read_back_in_any_way_people_write_it(seed: u64, server: Option<[u8; 32]>) {
        let code = code(seed, server);
        let grouped = code.grouped().expose_secret().to_owned();
        prop_assert_eq!(symbols(&code).len(), if server.is_some() { 45 } else { 25 });
        prop_assert!(is_same(PairingCode::read(&grouped), &code));
        let sloppy = grouped.replace('0', "o").replace('1', "l").to_lowercase();
        prop_assert!(is_same(PairingCode::read(&sloppy.replace('-', " – ")), &code));
    }

    /// Nothing is sent anywhere, and no attempt is counted, for a code with a wrong symbol in either part.
    #[test]
    fn every_single_wrong_symbol_is_told_as_mistyped(seed: u64, server: [u8; 32], at: prop::sample::Index, other in 0u8..32) {
        let mut typed = symbols(&code(seed, Some(server)));
        let at = at.index(typed.len());
        prop_assume!(typed[at] != alphabet::symbol(other));
        typed[at] = alphabet::symbol(other);
        prop_assert_eq!(PairingCode::read(&text(&typed)).err(), Some(Refusal::CodeMistyped));
    }

    #[test]
    fn every_swap_of_neighbours_within_a_part_is_told_as_mistyped(seed: u64, server: [u8; 32], at in 0usize..44) {
        let mut typed = symbols(&code(seed, Some(server)));
        prop_assume!(at != 24 && typed[at] != typed[at + 1]);
        typed.swap(at, at + 1);
        prop_assert_eq!(PairingCode::read(&text(&typed)).err(), Some(Refusal::CodeMistyped));
    }

    /// 95 bits: whoever wants another key to pass has to find one among 2⁹⁵.
    #[test]
    fn a_key_that_differs_in_any_of_its_first_95_bits_is_another(server: [u8; 32], at in 0usize..256) {
        let mut other = server;
        other[at / 8] ^= 0x80 >> (at % 8);
        prop_assert!(Fingerprint::of(&server).is_of(&server));
        prop_assert_eq!(Fingerprint::of(&server).is_of(&other), at >= 95);
    }

    #[test]
    fn reading_never_panics(typed in "\\PC{0,60}") {
        let _ = PairingCode::read(&typed);
    }
}

#[test]
fn a_code_of_another_kind_is_said_to_be_one_and_another_length_is_none() {
    let invitation = Code::random(Kind::Invitation, &mut Counting(1));
    assert!(PairingCode::new(invitation.clone(), None).is_none());
    let kind = |text: &str| PairingCode::read(text).err();
    assert_eq!(kind(invitation.grouped().expose_secret()), Some(Refusal::CodeKind));
    assert_eq!(kind("123456"), Some(Refusal::CodeKind));
    assert_eq!(kind(" - "), Some(Refusal::CodeEmpty));
    let whole = symbols(&code(1, Some([3; 32])));
    for length in [1, 24, 26, 44] {
        assert_eq!(kind(&text(&whole[..length])), Some(Refusal::CodeLength(length)));
    }
    let swapped = [&whole[25..], &whole[..25]].concat();
    assert_eq!(kind(&text(&swapped)), Some(Refusal::CodeMistyped));
    let mut foreign = whole.clone();
    foreign[30] = 'U';
    assert_eq!(kind(&text(&foreign)), Some(Refusal::CodeMistyped));
}

#[test]
fn the_hash_is_of_the_part_that_the_server_knows() {
    assert_eq!(code(1, None).hash(), code(1, Some([3; 32])).hash());
    assert_ne!(code(1, None).hash(), code(2, None).hash());
}

#[derive(serde::Deserialize)]
struct Vector {
    typed: String,
    reads: String,
    sent: Option<String>,
    hash: Option<String>,
    server: Option<String>,
    other: Option<String>,
}

#[test]
fn the_frozen_codes_are_read_as_the_format_says() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../../../../../../tests/vectors/devices/codes.json")).expect("the vectors");
    assert!(!vectors.is_empty());
    for Vector { typed, reads, sent, hash, server, other } in vectors {
        let public_key = |text: &Option<String>| -> Option<[u8; 32]> {
            text.as_ref().map(|text| data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hex").try_into().expect("32 bytes"))
        };
        let found = match PairingCode::read(&typed) {
            Ok(code) => {
                assert_eq!(sent.as_deref(), Some(code.canonical().expose_secret()), "{typed}");
                assert_eq!(hash, Some(data_encoding::HEXLOWER.encode(&code.hash().0)), "{typed}");
                assert_eq!(code.server().is_some(), server.is_some(), "{typed}");
                if let (Some(known), Some(own)) = (code.server(), public_key(&server)) {
                    assert!(known.is_of(&own), "{typed}");
                    assert!(!public_key(&other).is_some_and(|other| known.is_of(&other)), "{typed}");
                }
                "pairing"
            }
            Err(Refusal::CodeEmpty) => "empty",
            Err(Refusal::CodeLength(_)) => "length",
            Err(Refusal::CodeMistyped) => "mistyped",
            Err(Refusal::CodeKind) => "kind",
            Err(other) => panic!("{typed}: {other:?}"),
        };
        assert_eq!(found, reads, "{typed:?}");
    }
}
