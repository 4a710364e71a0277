//! Writes what the page knows of Rust: its module of commands, the kinds of the journal, and the declarations that check it. With `--check` it
//! writes nothing, and fails when either would change.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program")]

use std::{path::Path, process::ExitCode};

use domain::{EventGroup, EventKind};
use wire::bindings::{commands_module, declarations};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let check = std::env::args().any(|argument| argument == "--check");
    let mut ok = true;
    let files = [
        ("ui/js/commands.js", commands_module()),
        ("ui/js/journal-kinds.js", journal_kinds()),
        ("tests/ui/types/wire.d.ts", declarations()),
    ];
    for (file, text) in files {
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

/// The page's list of what the journal can say, in the groups in which people look for it.
fn journal_kinds() -> String {
    let table = |name: &str, within: fn(EventKind, EventGroup) -> bool| {
        let groups = EventGroup::ALL.iter().map(|group| {
            let kinds = EventKind::ALL.iter().filter(|kind| within(**kind, *group)).map(|kind| format!("{:?}", kind.as_str()));
            format!("  {:?}: [{}],\n", group.as_str(), kinds.collect::<Vec<_>>().join(", "))
        });
        format!(
            "/** @type {{Readonly<Record<string, readonly string[]>>}} */\nexport const {name} = Object.freeze({{\n{}}});\n",
            groups.collect::<String>()
        )
    };
    format!(
        "// Written by `cargo xtask bindings` from the domain crate: the kinds of journal entries by group, and those that are looked for\n\
         // in another group as well.\n\n{}\n{}",
        table("JOURNAL_KINDS", |kind, group| kind.group() == group),
        table("JOURNAL_ALSO", |kind, group| kind.also() == Some(group)),
    )
}
