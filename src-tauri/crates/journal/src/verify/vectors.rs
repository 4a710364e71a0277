//! The frozen exports under `tests/vectors/exports`. `read_export.py` beside them reads the same file in Python.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

use super::{Finding, Verifier, tests as made};
use crate::export;

#[derive(Serialize, Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Serialize, Deserialize)]
struct Case {
    name: String,
    keys: Vec<String>,
    kept: Vec<String>,
    file: String,
    /// The kinds of what is wrong, each once, in the order of the alphabet.
    expect: Vec<String>,
}

fn kind(finding: &Finding) -> &'static str {
    match finding {
        Finding::NotAnExport => "not-an-export",
        Finding::NewerVersion => "newer-version",
        Finding::Checkpoint(_) => "checkpoint",
        Finding::Line(_) => "line",
        Finding::Entry(..) => "entry",
        Finding::OutOfOrder(..) => "out-of-order",
        Finding::CutShort(_) => "cut-short",
        Finding::Count(..) => "count",
        Finding::Length(..) => "length",
        Finding::Root => "root",
        Finding::Proof(_) => "proof",
        Finding::Unasked(_) => "unasked",
        Finding::Undeclared(_) => "undeclared",
        Finding::Gap(..) => "gap",
        Finding::Rewritten(_) => "rewritten",
        Finding::RolledBack(..) => "rolled-back",
        Finding::NoConsistency(_) => "no-consistency",
    }
}

fn found(case: &Case) -> Vec<String> {
    let keys = case.keys.iter().map(|key| key.parse().expect("a key")).collect();
    let mut verifier = Verifier::new(keys, &case.kept).expect("checkpoints of the key");
    case.file.lines().for_each(|line| verifier.line(line));
    let mut kinds: Vec<String> = verifier.finish().findings.iter().map(|finding| kind(finding).to_owned()).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

#[test]
fn frozen_exports_verify_as_they_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors/exports/cases.json");
    let cases: Cases = serde_json::from_str(&fs::read_to_string(path).expect("vectors")).expect("vectors");
    assert!(cases.cases.len() >= 20);
    for case in &cases.cases {
        assert_eq!(found(case), case.expect, "{}", case.name);
    }
}

/// Writes the vectors, once: `cargo test -p journal -- --ignored freeze`. A frozen vector is never written again; a new
/// version of the format gets a file of its own.
#[test]
#[ignore = "writes the vectors"]
fn freeze() {
    let entries = made::journal(7);
    let whole = made::whole(&entries);
    let kept = made::checkpoint(&entries[..4]);
    let part = |chosen: &[u64], earlier| made::part(&entries, made::about_mia(), chosen, earlier);
    let mut rewritten = entries.clone();
    rewritten[2] = made::entry(2, 3, "account.signed-in", ("name", "somebody else".into()));
    let mut declared = entries.clone();
    declared.push(made::entry(7, 8, super::ERASED.0, (super::ERASED.1, "2,4-5".into())));
    let erased = |which: &[usize]| {
        let mut file = declared.clone();
        which.iter().for_each(|at| file[*at] = made::emptied(&declared[*at]));
        made::whole(&file)
    };
    let lines: Vec<&str> = whole.lines().collect();
    let joined = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let hashed = {
        let mut lines: Vec<String> = lines.iter().map(|line| format!("{line}\n")).collect();
        lines[3] = export::hash(2, &entries[2].leaf().hash());
        lines.concat()
    };
    let none: &[String] = &[];
    let kept = std::slice::from_ref(&kept);
    let other_root =
        lines[0].to_owned() + "\n" + &made::whole(&rewritten).lines().skip(1).map(|line| format!("{line}\n")).collect::<String>();
    let cases: Vec<(&str, String, &[String])> = vec![
        ("whole", whole.clone(), none),
        ("whole, with an earlier checkpoint", whole.clone(), kept),
        ("empty", made::whole(&[]), none),
        ("one entry as a hash, of a community that should be whole", hashed, none),
        ("one person, with the proof for an earlier checkpoint", part(&[2, 4, 6], Some(4)), kept),
        ("one person, without that proof", part(&[2, 4, 6], None), kept),
        ("one person, and an entry of another", part(&[2, 3], None), none),
        ("one person, in another order", part(&[4, 2], None), none),
        ("persons erased as declared", erased(&[2, 4, 5]), kept),
        ("persons erased that were not declared", erased(&[2, 3]), none),
        ("rewritten and signed anew", made::whole(&rewritten), kept),
        ("cut back and signed anew", made::whole(&entries[..3]), kept),
        ("entries of another journal under this checkpoint", other_root, none),
        ("a word changed", whole.replace("person 4", "person 5"), none),
        ("a time changed", whole.replace("1790000004", "1790000005"), none),
        ("an entry taken away", joined(&[&lines[..3], &lines[4..]].concat()), none),
        (
            "two entries exchanged",
            joined(&[lines[0], lines[2], lines[1], lines[3], lines[4], lines[5], lines[6], lines[7], lines[8]]),
            none,
        ),
        ("the last line taken away", joined(&lines[..8]), none),
        ("another number in the last line", whole.replace(r#"{"end":7}"#, r#"{"end":6}"#), none),
        ("the last entries taken away", joined(&lines[..5]) + &export::end(4), none),
        ("a line after the last", format!("{whole}{}\n", lines[3]), none),
        ("a checkpoint changed", whole.replacen("\\n7\\n", "\\n8\\n", 1), none),
        ("a newer version", whole.replace(r#""v":1,"workspace""#, r#""v":2,"workspace""#), none),
        ("something else", "{}\n".into(), none),
    ];
    let keys = vec![made::public()[0].to_string()];
    let case = |(name, file, kept): (&str, String, &[String])| {
        let case = Case { name: name.into(), keys: keys.clone(), kept: kept.to_vec(), file, expect: Vec::new() };
        Case { expect: found(&case), ..case }
    };
    let cases = Cases { cases: cases.into_iter().map(case).collect() };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors/exports/cases.json");
    fs::write(path, serde_json::to_string_pretty(&cases).expect("JSON") + "\n").expect("written");
}
