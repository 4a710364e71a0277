//! Exports of a journal, line by line: as they come, and with their checkpoints signed anew, so that any length and any root
//! is believed.

use journal::verify::{MOST_FINDINGS, Verifier};
use sallyport_fuzz::{keys, signed_anew};
use serde_json::Value;

fn main() {
    afl::fuzz!(|bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        verify(text, &[]);
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let Ok(mut header) = serde_json::from_str::<Value>(first) else { return };
        header.get_mut("checkpoint").and_then(resign);
        let kept = header.get_mut("earlier").and_then(|earlier| resign(earlier.get_mut("checkpoint")?));
        let anew = format!("{header}\n{rest}");
        verify(&anew, &[]);
        verify(&anew, kept.as_slice());
    });
}

fn resign(note: &mut Value) -> Option<String> {
    let anew = signed_anew(note.as_str()?);
    *note = anew.clone().into();
    Some(anew)
}

fn verify(text: &str, kept: &[String]) {
    let (Ok(mut one_by_one), Ok(mut at_once)) = (Verifier::new(keys(), kept), Verifier::new(keys(), kept)) else { return };
    text.lines().for_each(|line| one_by_one.line(line));
    at_once.lines(text);
    let (report, same) = (one_by_one.finish(), at_once.finish());
    assert_eq!(format!("{report:?}"), format!("{same:?}"));
    assert_eq!(report.findings.len() as u64, report.wrong.min(MOST_FINDINGS as u64));
    assert_eq!(report.is_sound(), report.findings.is_empty());
    // Nothing is sound that no checkpoint stands for.
    assert!(!report.is_sound() || report.checkpoint.is_some());
    assert!(report.hashes + report.erased <= report.entries);
}
