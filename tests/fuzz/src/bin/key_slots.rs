//! Headers of vaults: what is read is written and read again as it was, and only a frozen slot at its place opens.

use sallyport_fuzz::{cases, code_of, header};
use serde_json::Value;
use vault::strangers;

fn main() {
    let cases = cases("vault/keyed.json");
    let opened: Vec<&Value> = cases.iter().filter(|case| case["expect"] == "opened").collect();
    let digits = opened.iter().find_map(|case| case["keyring_key"].as_str()).expect("a key of a keyring");
    let key = data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("hexadecimal").try_into().expect("32 bytes");
    let kit = opened.iter().find_map(|case| code_of(case)).expect("a code of a kit");
    let frozen: Vec<Value> = opened.iter().filter_map(|case| header(case)).collect();
    let read = |text: &[u8]| strangers::header(text, &key, &kit);
    for header in &frozen {
        assert!(read(header.to_string().as_bytes()).is_some_and(|said| said.opens));
    }
    afl::fuzz!(|bytes: &[u8]| {
        let Some(said) = read(bytes) else { return };
        let again = read(&said.written).expect("what was written");
        assert_eq!((&again.written, again.opens), (&said.written, said.opens));
        if said.opens {
            let found: Value = serde_json::from_slice(&said.written).expect("JSON");
            let known = |one: &&Value| {
                ["vault", "generation"].iter().all(|part| one[part] == found[part])
                    && found["slots"].as_array().is_some_and(|slots| slots.contains(&one["slots"][0]))
            };
            assert!(frozen.iter().any(|one| known(&one)));
        }
    });
}
