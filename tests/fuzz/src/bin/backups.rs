//! The first line of a backup: what is read is written and read again as it was, and only the frozen one opens.

use sallyport_fuzz::{cases, code_of};
use serde_json::Value;
use vault::strangers;

const SAMPLE: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/vault/sample.backup"));

/// The first line, its end included.
fn first(bytes: &[u8]) -> &[u8] {
    bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default()
}

fn main() {
    let cases = cases("vault/backups.json");
    let kit = cases.iter().filter(|case| case["expect"] == "opened").find_map(code_of).expect("a code of a kit");
    let body = (SAMPLE.len() - first(SAMPLE).len()) as u64;
    let frozen: Value = serde_json::from_slice(first(SAMPLE)).expect("JSON");
    let frozen_slots = frozen["slots"].as_array().expect("slots");
    let read = |line: &[u8]| strangers::backup(line, line.len() as u64 + body, &kit);
    assert!(read(first(SAMPLE)).is_some_and(|said| said.opens));
    afl::fuzz!(|bytes: &[u8]| {
        let _whole = strangers::backup(bytes, bytes.len() as u64, &kit);
        let Some(said) = read(first(bytes)) else { return };
        assert_eq!(first(&said.written), said.written);
        let again = read(&said.written).expect("what was written");
        assert_eq!((&again.written, again.opens), (&said.written, said.opens));
        if said.opens {
            let found: Value = serde_json::from_slice(&said.written).expect("JSON");
            assert!(["backup", "vault", "made", "length"].iter().all(|part| found[part] == frozen[part]));
            let by_kit = |slot: &&Value| slot["kind"] == "recovery-kit";
            let slots = found["slots"].as_array().expect("slots");
            assert!(frozen_slots.iter().filter(by_kit).any(|slot| slots.contains(slot)));
        }
    });
}
