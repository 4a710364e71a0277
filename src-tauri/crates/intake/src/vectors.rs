//! The samples of tests/vectors/intake: what each gives, entry by entry, or the kind of failure.

use crate::{Algorithm, Entry, Moving, Unlock, read};
use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret, SecretSlice};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::PathBuf;

#[derive(Deserialize)]
struct Case {
    file: String,
    passphrase: Option<String>,
    /// Pre-shared, in hexadecimal.
    key: Option<String>,
    gives: Vec<String>,
}

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../../tests/vectors/intake"].iter().collect()
}

fn cases() -> Vec<Case> {
    serde_json::from_slice(&std::fs::read(folder().join("cases.json")).expect("the cases are there")).expect("they are JSON")
}

fn given(case: &Case) -> Vec<String> {
    let bytes = std::fs::read(folder().join(&case.file)).expect("the sample is there");
    let unlock = match (&case.passphrase, &case.key) {
        (Some(passphrase), _) => Some(Unlock::Passphrase(passphrase.as_str().into())),
        (None, Some(key)) => Some(Unlock::PreShared(SecretSlice::from(HEXLOWER.decode(key.as_bytes()).expect("hexadecimal")))),
        (None, None) => None,
    };
    match read(&bytes, unlock.as_ref()) {
        Ok(file) => {
            let batches = file.batches.iter().map(|batch| format!("batch {}: {} of {}", batch.id, batch.index + 1, batch.size));
            std::iter::once(format!("{:?}", file.kind)).chain(file.entries.iter().map(line)).chain(batches).collect()
        }
        Err(error) => vec![format!("{error:?}")],
    }
}

fn line(entry: &Entry) -> String {
    let Entry { place, name, seed } = entry;
    match seed {
        Err(problem) => format!("{place} {name} | {problem:?}"),
        Ok(seed) => {
            let moving = match seed.moving {
                Moving::Time { step } => format!("every {step} s"),
                Moving::Counter { next } => format!("from {next}"),
            };
            let algorithm = match seed.algorithm {
                Algorithm::Sha1 => "SHA-1",
                Algorithm::Sha256 => "SHA-256",
                Algorithm::Sha512 => "SHA-512",
            };
            let secret = HEXLOWER.encode(seed.secret.expose_secret());
            let names = [&seed.serial, &seed.maker, &seed.issuer, &seed.label].map(|name| name.as_deref().unwrap_or("-"));
            format!("{place} {name} | {} | {secret} | {moving}, {} digits, {algorithm}", names.join(" / "), seed.digits)
        }
    }
}

#[test]
fn every_sample_gives_what_is_written_of_it() {
    let mut wrong = Vec::new();
    for case in cases() {
        let given = given(&case);
        if given != case.gives {
            let key = case.passphrase.as_ref().or(case.key.as_ref());
            wrong.push(format!("{} {key:?}\n  gave     {given:#?}\n  must give {:#?}", case.file, case.gives));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_sample_is_without_a_case() {
    let known: BTreeSet<_> = cases().into_iter().map(|case| case.file).collect();
    let there: BTreeSet<_> = std::fs::read_dir(folder())
        .expect("the folder is there")
        .map(|file| file.expect("a file").file_name().into_string().expect("a plain name"))
        .filter(|name| name != "cases.json")
        .collect();
    assert_eq!(there, known);
}

#[test]
fn no_secret_is_in_what_debug_prints() {
    for case in cases() {
        let bytes = std::fs::read(folder().join(&case.file)).expect("the sample is there");
        let Ok(file) = read(&bytes, None) else { continue };
        let printed = format!("{file:?}");
        for entry in &file.entries {
            let Ok(seed) = &entry.seed else { continue };
            let secret = seed.secret.expose_secret();
            assert!(!printed.contains(&format!("{secret:?}")[1..20]), "{}", case.file);
            assert!(!printed.contains(&HEXLOWER.encode(secret)), "{}", case.file);
        }
    }
}
