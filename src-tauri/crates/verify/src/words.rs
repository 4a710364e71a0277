//! What verifying came to, in sentences.

use std::io::{self, Write};

use jiff::Timestamp;
use journal::{
    CheckpointError, OpenError,
    note::NoteError,
    verify::{Finding, Report},
};

/// Writes the report: what was read, what is wrong, what is proved, what is not.
///
/// # Errors
/// Those of writing.
pub(crate) fn tell(report: &Report, out: &mut impl Write) -> io::Result<()> {
    if let Some(workspace) = report.workspace {
        writeln!(out, "Journal of the workspace {workspace}")?;
    }
    if let Some(checkpoint) = &report.checkpoint {
        writeln!(out, "Checkpoint of {}, signed as {}", entries(checkpoint.size), checkpoint.origin)?;
    }
    if let Some((first, last)) = report.times {
        writeln!(out, "{} read, from {} to {}", capital(entries(report.entries)), time(first), time(last))?;
    } else {
        writeln!(out, "{} read", capital(entries(report.entries)))?;
    }
    writeln!(out)?;
    if report.is_sound() {
        writeln!(out, "Nothing is wrong.")?;
    } else {
        writeln!(out, "{}:", if report.wrong == 1 { "One thing is wrong".into() } else { format!("{} things are wrong", report.wrong) })?;
        for finding in &report.findings {
            writeln!(out, "  - {}", sentence(finding))?;
        }
        let more = report.wrong - report.findings.len() as u64;
        if more > 0 {
            writeln!(out, "  - and {more} more.")?;
        }
    }
    writeln!(out)?;
    if report.is_sound() {
        writeln!(out, "What this proves:")?;
        proved(report, out)?;
    }
    writeln!(out, "What it does not prove:")?;
    not_proved(report, out)
}

fn proved(report: &Report, out: &mut impl Write) -> io::Result<()> {
    if report.part.is_none() {
        writeln!(out, "  - These are all entries of the journal up to the checkpoint, in their order, as they were written.")?;
    } else {
        writeln!(out, "  - Every entry in the file is in the journal, at its place, as it was written.")?;
    }
    if report.earlier > 0 {
        writeln!(out, "  - Nothing before the earlier checkpoint was changed, moved or taken away since.")?;
    }
    if report.erased > 0 && report.part.is_none() {
        writeln!(out, "  - Of {} the persons were erased, and an entry of the journal declares that.", entries(report.erased))?;
    }
    Ok(())
}

fn not_proved(report: &Report, out: &mut impl Write) -> io::Result<()> {
    if report.part.is_some() {
        writeln!(out, "  - That there are no other entries of this kind: a part of a journal is never known to be complete.")?;
    }
    if report.hashes > 0 {
        writeln!(out, "  - What {} say: whoever exported this may not read them.", entries(report.hashes))?;
    }
    if report.earlier == 0 {
        writeln!(
            out,
            "  - That nobody with the vault's key rewrote it before this checkpoint. Keep the checkpoint: later exports can be held against it."
        )?;
    }
    writeln!(out, "  - That what people told the program was true, or that its clock was right.")
}

fn sentence(finding: &Finding) -> String {
    match finding {
        Finding::NotAnExport => "This is not an exported journal.".into(),
        Finding::NewerVersion => "It was exported by a newer version of the program. Use a newer verifier.".into(),
        Finding::Checkpoint(error) => checkpoint(*error).into(),
        Finding::Line(line) => format!("Line {line} cannot be read. Nothing after it was looked at."),
        Finding::Entry(index, error) => format!("Entry {index} was changed: {}.", entry(*error)),
        Finding::OutOfOrder(due, found) => {
            format!("Where entry {due} should come, entry {found} stands: something was moved, inserted or taken away.")
        }
        Finding::CutShort(read) => format!("The file is cut short after {}.", entries(*read)),
        Finding::Count(said, found) => format!("The file says that it holds {}, and holds {found}.", entries(*said)),
        Finding::Length(said, found) => format!("The checkpoint is of {}, and the file holds {found}.", entries(*said)),
        Finding::Root => "The entries are not those that the checkpoint was taken over.".into(),
        Finding::Proof(index) => format!("Entry {index} is not proved to be in the journal."),
        Finding::Unasked(index) => format!("Entry {index} is not one of those that the file says it holds."),
        Finding::Undeclared(index) => format!("The persons of entry {index} are gone, and no entry declares that they were erased."),
        Finding::Gap(index, community, before, found) => {
            format!("At entry {index} the count of the community {community} goes from {before} to {found}: entries are missing.")
        }
        Finding::Rewritten(size) => {
            format!("The journal does not begin with the earlier checkpoint of {}: something before it was changed.", entries(*size))
        }
        Finding::RolledBack(said, found) => format!(
            "The earlier checkpoint is of {}, and there are only {found}: entries were taken away, or this is an old copy.",
            entries(*said)
        ),
        Finding::NoConsistency(size) => {
            format!(
                "The file does not say whether the journal begins with the earlier checkpoint of {}. Ask for an export that does.",
                entries(*size)
            )
        }
    }
}

fn checkpoint(error: CheckpointError) -> &'static str {
    match error {
        CheckpointError::Note(NoteError::Malformed) => "The checkpoint is damaged.",
        CheckpointError::Note(NoteError::Unsigned) => {
            "The checkpoint is not signed by the given key. Either the key or the file is of another workspace."
        }
        CheckpointError::Note(NoteError::Forged) => "The signature of the checkpoint is wrong: it was changed, or forged.",
        CheckpointError::Malformed => "What was signed is not a checkpoint.",
        CheckpointError::OtherJournal => "The checkpoint is of another journal than the key.",
    }
}

fn entry(error: OpenError) -> &'static str {
    match error {
        OpenError::UnknownVersion => "or it was written by a newer version of the program",
        OpenError::OtherWorkspace => "it is of another workspace",
        OpenError::LeafMalformed => "its leaf is damaged",
        OpenError::KeyMalformed => "one of its keys is damaged",
        OpenError::FactsDoNotMatch => "when, what or where it was is not what was sealed",
        OpenError::FactsMalformed => "its facts cannot be read",
        OpenError::PersonsHalfErased => "half of its persons part is missing",
        OpenError::PersonsDoNotMatch => "who it was about is not what was sealed",
        OpenError::PersonsMalformed => "its persons part cannot be read",
    }
}

fn entries(count: u64) -> String {
    if count == 1 { "one entry".into() } else { format!("{count} entries") }
}

fn capital(text: String) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| format!("second {seconds}"), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(report: &Report) -> String {
        let mut out = Vec::new();
        tell(report, &mut out).expect("memory takes it");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_sound_report_says_what_it_does_not_prove() {
        let report = Report { entries: 3, times: Some((0, 1_790_000_000)), ..Report::default() };
        let told = told(&report);
        assert!(told.contains("3 entries read, from 1970-01-01T00:00:00Z to 2026-09-21T14:13:20Z"), "{told}");
        assert!(told.contains("Nothing is wrong.") && told.contains("Keep the checkpoint"), "{told}");
    }

    #[test]
    fn a_report_with_findings_proves_nothing() {
        let findings = vec![Finding::Rewritten(12), Finding::Root];
        let told = told(&Report { findings, wrong: 102, ..Report::default() });
        assert!(told.contains("102 things are wrong:") && told.contains("and 100 more."), "{told}");
        assert!(!told.contains("What this proves"), "{told}");
    }
}
