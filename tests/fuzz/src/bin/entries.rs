//! The texts of entries that somebody who holds the key wrote: each line pair is the facts and the persons of one entry,
//! committed to, grown into a tree and signed. So the reading behind the commitments is reached.

use hmac::{Hmac, KeyInit, Mac};
use journal::{
    Checkpoint, Leaf, Stored, export,
    tree::Frontier,
    verify::{Finding, Verifier},
};
use sallyport_fuzz::{ORIGIN, key, keys};
use sha2::Sha256;
use uuid::Uuid;

const WORKSPACE: Uuid = Uuid::from_u128(7);
const KEY: [u8; 32] = [7; 32];

fn main() {
    afl::fuzz!(|bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let lines: Vec<&str> = text.split('\n').collect();
        let mut tree = Frontier::default();
        let mut file = String::new();
        for (index, pair) in lines.chunks(2).enumerate() {
            let persons = pair.get(1).copied().filter(|text| !text.is_empty());
            let leaf = leaf(pair[0], persons.unwrap_or_default());
            tree.push(Leaf::from_bytes(&leaf).expect("a leaf").hash());
            let stored = Stored {
                index: index as u64,
                facts: pair[0],
                facts_key: &KEY,
                persons,
                persons_key: persons.map(|_| KEY.as_slice()),
                leaf: &leaf,
            };
            file += &export::entry(&stored, None);
        }
        let checkpoint = Checkpoint { origin: ORIGIN.into(), size: tree.size(), root: tree.root() };
        let note = checkpoint.sign(&key()).expect("a name");
        let file = export::Header::new(WORKSPACE, note).line() + &file + &export::end(tree.size());

        let mut verifier = Verifier::new(keys(), &[]).expect("nothing was kept");
        file.lines().for_each(|line| verifier.line(line));
        let report = verifier.finish();
        // A text may be refused; but the file is whole, in order and what was signed.
        for finding in &report.findings {
            assert!(matches!(finding, Finding::Entry(..) | Finding::Gap(..) | Finding::Undeclared(_)), "{finding:?} in {file}");
        }
        assert_eq!(report.entries, tree.size());
    });
}

/// FORMATS.md, "Journal leaf".
fn leaf(facts: &str, persons: &str) -> Vec<u8> {
    let commit = |label: &str, text: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&KEY).expect("any length");
        mac.update(label.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes()
    };
    let (facts, persons) = (commit("sallyport/journal/facts/v1", facts), commit("sallyport/journal/persons/v1", persons));
    [&[1], WORKSPACE.as_bytes().as_slice(), facts.as_slice(), persons.as_slice()].concat()
}
