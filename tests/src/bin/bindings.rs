//! Writes what the page knows of Rust: its module of commands, and the declarations that check it. With `--check` it
//! writes nothing, and fails when either would change.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program")]

use std::{path::Path, process::ExitCode};

use wire::bindings::{commands_module, declarations};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let check = std::env::args().any(|argument| argument == "--check");
    let mut ok = true;
    for (file, text) in [("ui/js/commands.js", commands_module()), ("tests/ui/types/wire.d.ts", declarations())] {
        let path = root.join(file);
        if std::fs::read_to_string(&path).is_ok_and(|present| present == text) {
            continue;
        }
        let written = if check { Err(std::io::Error::other("run `cargo xtask bindings`")) } else { std::fs::write(&path, text) };
        match written {
            Ok(()) => println!("{file} was written."),
            Err(error) => {
                eprintln!("{file} does not say what the wire crate says: {error}.");
                ok = false;
            }
        }
    }
    if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
