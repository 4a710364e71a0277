//! The frozen vectors under `tests/vectors/journal`. `read_journal.py` beside them reads the same files in Python.

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{Draft, OpenError, Persons, SealError, Stored, open, seal};

#[derive(Deserialize)]
struct Cases<T> {
    cases: Vec<T>,
}

#[derive(Deserialize)]
struct SealCase {
    name: String,
    workspace: Uuid,
    index: u64,
    sequences: Vec<(Uuid, u64)>,
    draft: DraftCase,
    expect: String,
    sealed: Option<Sealed>,
}

#[derive(Deserialize)]
struct DraftCase {
    at: i64,
    kind: String,
    communities: Vec<Uuid>,
    actor: Option<Uuid>,
    subject: Option<Uuid>,
    words: BTreeMap<String, String>,
    facts_key: String,
    persons_key: String,
}

#[derive(Deserialize)]
struct Sealed {
    facts: String,
    persons: String,
    leaf: String,
    leaf_hash: String,
}

#[derive(Deserialize)]
struct OpenCase {
    name: String,
    workspace: Uuid,
    facts: String,
    facts_key: String,
    persons: Option<String>,
    persons_key: Option<String>,
    leaf: String,
    expect: String,
    leaf_hash: Option<String>,
}

fn cases<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors/journal").join(file);
    let text = fs::read_to_string(path).expect("the vectors are part of the repository");
    let cases: Cases<T> = serde_json::from_str(&text).expect("vectors are in their own form");
    assert!(cases.cases.len() > 5, "vectors went missing from {file}");
    cases.cases
}

fn bytes(hex: &str) -> Vec<u8> {
    assert!(hex.len().is_multiple_of(2), "whole bytes");
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).expect("hex")).collect()
}

fn key(hex: &str) -> [u8; 32] {
    bytes(hex).try_into().expect("a key of 32 bytes")
}

fn seal_failure(error: &SealError) -> &'static str {
    match error {
        SealError::Sequence(_) => "sequence",
        SealError::Kind => "kind",
        SealError::WordName => "word-name",
        SealError::Number => "number",
    }
}

fn open_failure(error: OpenError) -> &'static str {
    match error {
        OpenError::UnknownVersion => "unknown-version",
        OpenError::LeafMalformed => "leaf-malformed",
        OpenError::OtherWorkspace => "other-workspace",
        OpenError::KeyMalformed => "key-malformed",
        OpenError::FactsDoNotMatch => "facts-do-not-match",
        OpenError::FactsMalformed => "facts-malformed",
        OpenError::PersonsDoNotMatch => "persons-do-not-match",
        OpenError::PersonsMalformed => "persons-malformed",
        OpenError::PersonsHalfErased => "persons-half-erased",
    }
}

#[test]
fn sealing_gives_the_frozen_bytes() {
    for case in cases::<SealCase>("seal.json") {
        let draft = Draft {
            at: case.draft.at,
            kind: case.draft.kind,
            communities: case.draft.communities,
            actor: case.draft.actor,
            subject: case.draft.subject,
            words: case.draft.words,
            facts_key: key(&case.draft.facts_key).into(),
            persons_key: key(&case.draft.persons_key).into(),
        };
        match seal(draft, case.workspace, case.index, &case.sequences) {
            Ok(entry) => {
                assert_eq!(case.expect, "sealed", "{}", case.name);
                let sealed = case.sealed.expect("a sealed case carries its bytes");
                assert_eq!(entry.facts_text(), sealed.facts, "{}", case.name);
                assert_eq!(entry.persons_text(), Some(sealed.persons.as_str()), "{}", case.name);
                assert_eq!(entry.leaf().as_bytes().as_slice(), bytes(&sealed.leaf), "{}", case.name);
                assert_eq!(entry.leaf().hash().as_bytes().as_slice(), bytes(&sealed.leaf_hash), "{}", case.name);
            }
            Err(error) => assert_eq!(case.expect, seal_failure(&error), "{}", case.name),
        }
    }
}

#[test]
fn opening_tells_whole_from_erased_from_every_kind_of_damage() {
    for case in cases::<OpenCase>("open.json") {
        let facts_key = bytes(&case.facts_key);
        let persons_key = case.persons_key.as_deref().map(bytes);
        let leaf = bytes(&case.leaf);
        let stored = Stored {
            index: 0,
            facts: &case.facts,
            facts_key: &facts_key,
            persons: case.persons.as_deref(),
            persons_key: persons_key.as_deref(),
            leaf: &leaf,
        };
        let found = match open(case.workspace, stored) {
            Ok(entry) => {
                let hash = bytes(&case.leaf_hash.expect("a good case carries its hash"));
                assert_eq!(entry.leaf().hash().as_bytes().as_slice(), hash, "{}", case.name);
                match entry.persons() {
                    Persons::Named(_) => "whole",
                    Persons::Erased => "erased",
                }
            }
            Err(error) => open_failure(error),
        };
        assert_eq!(found, case.expect, "{}", case.name);
    }
}
