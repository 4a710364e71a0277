//! FORMATS.md is enough: readers in another language, written from it alone, agree with the frozen vectors.

use std::process::Command;

/// The readers, a folder of vectors each, and an answer in it that is falsified below.
const READERS: &[(&str, &str, &str, &str)] = &[
    ("read_codes.py", "codes/forms.json", "\"reads\": \"backup\"", "\"reads\": \"mistyped\""),
    ("read_devices.py", "devices/proofs.json", "\"expect\": \"proved\"", "\"expect\": \"not-proved\""),
    ("read_journal.py", "journal/open.json", "\"expect\": \"whole\"", "\"expect\": \"facts-malformed\""),
    ("read_export.py", "exports/cases.json", "\"rolled-back\"", "\"rewritten\""),
    ("read_vault.py", "vault/seals.json", "\"expect\": \"opened\"", "\"expect\": \"other-key\""),
];

fn read(reader: &str, files: &[&std::path::Path]) -> (Option<i32>, String) {
    let script = super::root().join("tests/vectors").join(reader);
    let output = Command::new("python3").arg("-B").arg(script).args(files).output().expect("python3 is installed");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn independent_readers_agree_with_every_frozen_vector() {
    for (reader, ..) in READERS {
        let (status, said) = read(reader, &[]);
        assert_eq!(status, Some(0), "{reader}: {said}");
    }
}

#[test]
fn a_vector_that_does_not_hold_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    for (reader, vectors, good, bad) in READERS {
        let text = std::fs::read_to_string(super::root().join("tests/vectors").join(vectors)).expect("vectors");
        assert!(text.contains(good), "{vectors} has no {good}");
        let file = folder.path().join("falsified.json");
        std::fs::write(&file, text.replacen(good, bad, 1)).expect("a file");
        let (status, said) = read(reader, &[&file]);
        assert_eq!(status, Some(1), "{reader}: {said}");
    }
}

#[test]
fn every_vector_has_its_reader() {
    let folders = std::fs::read_dir(super::root().join("tests/vectors")).expect("a folder").flatten();
    let unread: Vec<_> = folders
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        // Formats of other programs, written by another writer: the crate `intake` reads each sample in its own tests.
        .filter(|name| name != "intake")
        // What another server answers: ours is held against it in the tests of the server.
        .filter(|name| name != "privacyidea")
        .filter(|name| !READERS.iter().any(|(_, vectors, ..)| vectors.starts_with(&format!("{name}/"))))
        .collect();
    assert!(unread.is_empty(), "nobody reads {unread:?}");
}
