//! Calling cargo and other programs from the top of the repository.

use crate::Done;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_owned()
}

/// Where cargo builds: this program was built there too.
pub(crate) fn target() -> PathBuf {
    let me = std::env::current_exe().unwrap_or_default();
    me.ancestors().nth(2).map_or_else(|| root().join("target"), Path::to_owned)
}

/// Runs cargo; it prints for itself.
pub(crate) fn cargo(arguments: &[&str]) -> Done {
    cargo_with(&[], arguments)
}

/// As [`cargo`], with these variables.
pub(crate) fn cargo_with(variables: &[(&str, &str)], arguments: &[&str]) -> Done {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    run(Command::new(program).args(arguments).envs(variables.iter().copied()), &format!("cargo {}", arguments.join(" ")))
}

/// Runs a command at the top of the repository unless it says where, and makes a sentence of its failure.
pub(crate) fn run(command: &mut Command, called: &str) -> Done {
    if command.get_current_dir().is_none() {
        command.current_dir(root());
    }
    // Cargo's own variables for this program would make cargo below build everything anew.
    let own = std::env::vars_os()
        .filter(|(name, _)| name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST")));
    for (name, _) in own {
        command.env_remove(name);
    }
    // What an incremental build keeps helps the next build of a person, and in CI there is none: it only fills the disk.
    if std::env::var_os("CI").is_some() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{called}` failed ({status}).")),
        Err(error) => Err(format!("`{called}` cannot be started: {error}.")),
    }
}
