//! `sallyport-verify FILE --key PUBLIC`: what an exported journal proves, and what it does not.
//!
//! It needs neither the vault nor a network, and links nothing but the journal's own rules. It ends with 0 when nothing is
//! wrong, with 1 when something is, and with 2 when it could not begin.

mod words;

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use journal::{
    Checkpoint,
    note::PublicKey,
    verify::{Report, Verifier},
};

/// Verifies an exported journal of a Sallyport workspace.
#[derive(Parser)]
#[command(name = "sallyport-verify", version, about, max_term_width = 100)]
struct Arguments {
    /// The exported journal, a .jsonl file.
    file: PathBuf,
    /// The workspace's public key, as the window shows it: name+id+key. Get it from elsewhere than the file's sender. May be
    /// given again, for the keys of epochs before a restore.
    #[arg(long = "key", value_name = "PUBLIC", required = true)]
    keys: Vec<PublicKey>,
    /// A checkpoint that you kept earlier, in a text file. May be given again.
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
}

/// A line of an export is a few thousand symbols at most; one entry may name many words.
const LONGEST_LINE: usize = 4 << 20;
/// So much of the file is handed on at once. Less than the longest line, so that one that is cut off there ends what is handed on.
const AT_ONCE: usize = 1 << 20;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match verified(&arguments) {
        Ok(report) => {
            let told = words::tell(&report, &mut io::stdout().lock());
            match (told, report.is_sound()) {
                (Ok(()), true) => ExitCode::SUCCESS,
                (Ok(()), false) => ExitCode::from(1),
                (Err(_), _) => ExitCode::from(2),
            }
        }
        Err(why) => {
            // There is nobody else to tell when even that cannot be written.
            let _ = writeln!(io::stderr(), "{why}");
            ExitCode::from(2)
        }
    }
}

fn verified(arguments: &Arguments) -> Result<Report, String> {
    let mut kept = Vec::with_capacity(arguments.checkpoints.len());
    for path in &arguments.checkpoints {
        let text = fs::read_to_string(path).map_err(|error| format!("The checkpoint {} cannot be read: {error}.", path.display()))?;
        kept.push(Checkpoint::unfold(&text));
    }
    let mut verifier = Verifier::new(arguments.keys.clone(), &kept).map_err(|(number, error)| {
        format!("The checkpoint {} is not one that the given key signed: {error}.", arguments.checkpoints[number].display())
    })?;
    let file = File::open(&arguments.file).map_err(|error| format!("{} cannot be opened: {error}.", arguments.file.display()))?;
    let mut lines = BufReader::with_capacity(1 << 20, file);
    let mut text = String::new();
    loop {
        let read = io::Read::take(&mut lines, LONGEST_LINE as u64).read_line(&mut text);
        match read {
            Ok(0) => {
                verifier.lines(&text);
                return Ok(verifier.finish());
            }
            Ok(_) if text.len() < AT_ONCE => {}
            Ok(_) => {
                verifier.lines(&text);
                text.clear();
            }
            // Not text: no line of an export.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                verifier.lines(&text);
                verifier.line("");
                return Ok(verifier.finish());
            }
            Err(error) => return Err(format!("{} cannot be read: {error}.", arguments.file.display())),
        }
    }
}
