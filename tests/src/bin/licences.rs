//! Writes the licences of what the shipped program is built from.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

use sallyport_tests::licences::{FILE, covered, text};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."));
    let written = text(root).and_then(|text| {
        std::fs::write(root.join(FILE), &text)?;
        Ok(covered(&text).len())
    });
    match written {
        Ok(works) => {
            println!("{FILE} covers {works} works.");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
