use std::collections::BTreeSet;

use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::*;
use crate::testing::Counting;

fn code(kind: Kind, seed: u64) -> Code {
    Code::random(kind, &mut Counting(seed))
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Backup),
        Just(Kind::Recovery),
        Just(Kind::Invitation),
        Just(Kind::Password),
        Just(Kind::Kit),
        Just(Kind::Moving),
        Just(Kind::Pairing)
    ]
}

fn symbols(code: &Code) -> Vec<char> {
    code.canonical().expose_secret().chars().collect()
}

fn text(symbols: &[char]) -> String {
    symbols.iter().collect()
}

fn is_same(read: Result<Typed, FormError>, code: &Code) -> bool {
    matches!(read, Ok(Typed::Code(read)) if read.kind() == code.kind() && read.canonical().expose_secret() == code.canonical().expose_secret())
}

proptest! {
    #[test]
    fn a_set_is_ten_distinct_codes(seed: u64) {
        let set = Code::backup_set(&mut Counting(seed));
        let distinct: BTreeSet<String> = set.iter().map(|code| code.canonical().expose_secret().to_owned()).collect();
        prop_assert_eq!(distinct.len(), 10);
    }

    #[test]
    fn a_code_is_read_back_in_any_way_people_write_it(seed: u64, kind in kinds()) {
        let code = code(kind, seed);
        let grouped = code.grouped().expose_secret().to_owned();
        let sloppy = grouped.replace('0', "o").replace('1', "l").to_lowercase();
        prop_assert!(is_same(read(&grouped), &code));
        let spaced = ["  ", &sloppy.replace('-', " – "), "\n"].concat();
        prop_assert!(is_same(read(&spaced), &code));
        prop_assert!(is_same(read(&grouped.replace('1', "I").replace('0', "O").replace('-', "")), &code));
    }

    #[test]
    fn every_single_wrong_symbol_is_told_as_mistyped(seed: u64, kind in kinds(), at: prop::sample::Index, other in 0u8..32) {
        let code = code(kind, seed);
        let mut typed = symbols(&code);
        let at = at.index(typed.len());
        prop_assume!(typed[at] != alphabet::symbol(other));
        typed[at] = alphabet::symbol(other);
        prop_assert_eq!(read(&text(&typed)).err(), Some(FormError::Mistyped));
    }

    #[test]
    fn every_swap_of_neighbours_is_told_as_mistyped(seed: u64, kind in kinds(), at: prop::sample::Index) {
        let code = code(kind, seed);
        let mut typed = symbols(&code);
        let at = at.index(typed.len() - 1);
        prop_assume!(typed[at] != typed[at + 1]);
        typed.swap(at, at + 1);
        prop_assert_eq!(read(&text(&typed)).err(), Some(FormError::Mistyped));
    }

    #[test]
    fn reading_never_panics(typed in "\\PC{0,40}") {
        let _ = read(&typed);
    }
}

#[test]
fn forms_tell_the_kinds_apart() {
    assert!(matches!(read(" 123 456 "), Ok(Typed::Totp(code)) if code.expose_secret() == "123456"));
    assert_eq!(code(Kind::Backup, 1).grouped().expose_secret().len(), 17);
    assert_eq!(code(Kind::Recovery, 1).grouped().expose_secret().len(), 29);
    assert!(code(Kind::Recovery, 1).grouped().expose_secret().starts_with('R'));
    assert!(code(Kind::Invitation, 1).grouped().expose_secret().starts_with('N'));
    assert!(code(Kind::Password, 1).grouped().expose_secret().starts_with('P'));
    assert!(code(Kind::Kit, 1).grouped().expose_secret().starts_with('K'));
    assert!(code(Kind::Moving, 1).grouped().expose_secret().starts_with('M'));
    assert_eq!(read(" - ").err(), Some(FormError::Empty));
    assert_eq!(read("12345").err(), Some(FormError::Length { symbols: 5 }));
    assert_eq!(read("12345a").err(), Some(FormError::Length { symbols: 6 }));
    assert_eq!(read("UUUUU-UUUUU-UUUUU").err(), Some(FormError::Mistyped));
}

#[test]
fn a_long_code_of_no_kind_is_mistyped() {
    let mut values = vec![alphabet::value('Z').expect("a symbol"); 24];
    values.push(alphabet::check(&values));
    assert_eq!(read(&to_text(&values)).err(), Some(FormError::Mistyped));
}

#[test]
fn debug_shows_no_code() {
    let code = code(Kind::Backup, 3);
    assert!(!format!("{code:?}").contains(code.canonical().expose_secret()));
}

/// Frozen: codes on paper outlive the program that printed them.
#[test]
fn the_check_symbol_is_frozen() {
    let values: Vec<u8> = "ABCDEFGHJKMNPQ".chars().filter_map(alphabet::value).collect();
    let by_definition = {
        // Σ α^(n-1-i)·s_i over GF(32), written out with a table of powers instead of Horner's rule.
        let mut powers = vec![1u8];
        for i in 0..14 {
            let next = powers[i] << 1;
            powers.push(if next & 32 == 0 { next } else { next ^ 0b10_0101 });
        }
        let times = |a: u8, b: u8| {
            (0..5).filter(|bit| b >> bit & 1 == 1).fold(0u8, |sum, bit| {
                let mut shifted = u16::from(a) << bit;
                for top in (5..10).rev() {
                    if shifted >> top & 1 == 1 {
                        shifted ^= 0b10_0101 << (top - 5);
                    }
                }
                sum ^ u8::try_from(shifted).expect("five bits")
            })
        };
        values.iter().enumerate().fold(0, |sum, (i, value)| sum ^ times(*value, powers[14 - i]))
    };
    assert_eq!(alphabet::check(&values), by_definition);
}

#[derive(serde::Deserialize)]
struct Vector {
    typed: String,
    reads: String,
    canonical: Option<String>,
}

#[test]
fn the_frozen_forms_are_read_as_the_format_says() {
    let text = include_str!("../../../../../tests/vectors/codes/forms.json");
    let vectors: Vec<Vector> = serde_json::from_str(text).expect("the vectors");
    assert!(!vectors.is_empty());
    for Vector { typed, reads, canonical } in vectors {
        let (kind, form) = match read(&typed) {
            Ok(Typed::Totp(digits)) => ("authenticator", Some(digits.expose_secret().to_owned())),
            Ok(Typed::Code(code)) => {
                let kind = match code.kind() {
                    Kind::Backup => "backup",
                    Kind::Recovery => "recovery",
                    Kind::Invitation => "invitation",
                    Kind::Password => "password",
                    Kind::Kit => "kit",
                    Kind::Moving => "moving",
                    Kind::Pairing => "pairing",
                    Kind::Granted => "granted",
                    Kind::HandedOver => "handed-over",
                };
                (kind, Some(code.canonical().expose_secret().to_owned()))
            }
            Err(FormError::Empty) => ("empty", None),
            Err(FormError::Length { .. }) => ("length", None),
            Err(FormError::Mistyped) => ("mistyped", None),
        };
        assert_eq!((kind, form), (reads.as_str(), canonical), "{typed:?}");
    }
}
