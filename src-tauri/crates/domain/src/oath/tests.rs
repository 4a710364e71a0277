use secrecy::ExposeSecret;

use super::*;

const RFC_SECRET: &[u8] = b"12345678901234567890";

fn rfc() -> OathSecret {
    OathSecret::from_bytes(RFC_SECRET).expect("20 bytes")
}

#[test]
fn agrees_with_rfc_4226_appendix_d() {
    let table = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    for (counter, code) in table.into_iter().enumerate() {
        let at = Moment(i64::try_from(counter).expect("small") * 30);
        assert_eq!(rfc().code_at(at).expose_secret(), code);
    }
}

/// The appendix shows eight digits; six are the last six of them (RFC 4226 §5.3).
#[test]
fn agrees_with_rfc_6238_appendix_b() {
    let table = [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];
    for (seconds, code) in table {
        assert_eq!(rfc().code_at(Moment(seconds)).expose_secret(), &code[2..]);
    }
}

#[test]
fn counters_agree_with_rfc_4226_appendix_d() {
    let parameters = Parameters { moving: Moving::Counter, ..Parameters::default() };
    let token = OathSecret::of(RFC_SECRET, parameters).expect("20 bytes");
    let table = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    for (counter, code) in (0..).zip(table) {
        assert_eq!(token.code_of(counter).expose_secret(), code);
        assert_eq!(token.matching_counters(&code.into(), 0, 10), [counter]);
    }
    assert_eq!(token.matching_counters(&"755224".into(), 1, 10), [0; 0]);
    assert_eq!(token.matching_counters(&"755224".into(), u64::MAX - 2, 10).len(), 0, "at the end of all counters");
}

/// The table of the RFC as it stands: eight digits, three hash functions, seeds of 20, 32 and 64 bytes (errata 2866).
#[test]
fn agrees_with_rfc_6238_appendix_b_whole() {
    let rows = [
        (59, ["94287082", "46119246", "90693936"]),
        (1_111_111_109, ["07081804", "68084774", "25091201"]),
        (1_111_111_111, ["14050471", "67062674", "99943326"]),
        (1_234_567_890, ["89005924", "91819424", "93441116"]),
        (2_000_000_000, ["69279037", "90698825", "38618901"]),
        (20_000_000_000, ["65353130", "77737706", "47863826"]),
    ];
    let seeds = [(Algorithm::Sha1, 20), (Algorithm::Sha256, 32), (Algorithm::Sha512, 64)];
    for (seconds, codes) in rows {
        for ((algorithm, length), code) in seeds.into_iter().zip(codes) {
            let seed: Vec<u8> = RFC_SECRET.iter().copied().cycle().take(length).collect();
            let token = OathSecret::of(&seed, Parameters { moving: Moving::Time(30), digits: Digits::Eight, algorithm }).expect("a seed");
            assert_eq!(token.code_at(Moment(seconds)).expose_secret(), code, "{algorithm:?} at {seconds}");
        }
    }
}

#[test]
fn secrets_have_128_to_512_bits() {
    for (bytes, taken) in [(0, false), (10, false), (15, false), (16, true), (20, true), (64, true), (65, false)] {
        assert_eq!(OathSecret::from_bytes(&vec![7; bytes]).is_some(), taken, "{bytes} bytes");
    }
}

#[test]
fn parameters_are_written_as_the_seals_have_them() {
    assert_eq!(Parameters::default().text(), "totp;sha1;6;30");
    let long = Parameters { moving: Moving::Time(60), digits: Digits::Eight, algorithm: Algorithm::Sha512 };
    assert_eq!(long.text(), "totp;sha512;8;60");
    assert_eq!(Parameters { moving: Moving::Counter, ..long }.text(), "hotp;sha512;8");
}

#[test]
fn matches_within_reach_and_not_a_step_further() {
    let now = Moment(1_800_000_015);
    for offset in -3..=3 {
        let code = rfc().code_at(now.plus(offset * 30));
        let expected: Vec<u64> = if offset.abs() <= 1 { vec![step_at(now).saturating_add_signed(offset)] } else { vec![] };
        assert_eq!(rfc().matching_steps(&code, now, 1), expected, "offset {offset}");
    }
}

#[test]
fn the_key_uri_carries_names_that_a_colon_or_emoji_cannot_break() {
    let uri = rfc().key_uri("Ops: 24/7 🦀", "zoë+desk@example.org");
    let expected = "otpauth://totp/Ops%20%2024%2F7%20%F0%9F%A6%80:zo%C3%AB%2Bdesk%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ops%20%2024%2F7%20%F0%9F%A6%80";
    assert_eq!(uri.expose_secret(), expected);
    let long = rfc().key_uri(&"🦀".repeat(300), "a@b.fr");
    assert!(long.expose_secret().len() < 250);
}

#[test]
fn debug_shows_no_secret() {
    assert_eq!(format!("{:?}", rfc()), "OathSecret(…)");
}
