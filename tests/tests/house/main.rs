//! The rules of the house, held by tests: who leans on whom, what lies where, words in both languages, frozen bytes.

mod catalogues;
mod dependencies;
mod formats;
mod layout;
mod licences;
mod roles;
mod threats;

use std::path::{Path, PathBuf};

/// The top of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository").to_owned()
}
