//! Files that people save and open: asked for in the system's own dialog, written whole or not at all. Paths stay in Rust.

use std::{
    io::{self, BufWriter, ErrorKind, Write},
    path::{Path, PathBuf},
};

use authority::{Surroundings, System};
use jiff::{Timestamp, tz::TimeZone};
use tauri::{Manager, Runtime, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder};
use tempfile::NamedTempFile;
use tokio::sync::oneshot;
use wire::{Refusal, RefusalCode};

use crate::catalogue::Catalogue;

/// The name of a workspace as part of a file's name has no more characters than these.
const LONGEST_NAME: usize = 60;

/// Which files a dialog shows at first: a key of the catalogue, and endings without their dots.
pub(crate) type Filter<'a> = Option<(&'a str, &'a [&'a str])>;

/// The system's dialog, over a window. `title` is a key of the catalogue.
pub(crate) fn dialog<R: Runtime>(
    window: &WebviewWindow<R>,
    catalogue: &Catalogue,
    title: &str,
    filter: Filter<'_>,
) -> FileDialogBuilder<R> {
    let dialog = window.app_handle().dialog().file().set_parent(window).set_title(catalogue.text(title));
    match filter {
        Some((kind, endings)) => dialog.add_filter(catalogue.text(kind), endings).add_filter(catalogue.text("file.allKinds"), &["*"]),
        None => dialog,
    }
}

/// Asks where to save a file of this suggested name. `None` when the dialog was left.
pub(crate) async fn ask_where<R: Runtime>(dialog: FileDialogBuilder<R>, name: String) -> Option<PathBuf> {
    let (answer, answered) = oneshot::channel();
    dialog.set_file_name(name).save_file(move |path| {
        let _gone = answer.send(path);
    });
    answered.await.ok().flatten().and_then(|path| path.into_path().ok())
}

/// Asks which file to open. `None` when the dialog was left.
pub(crate) async fn ask_which<R: Runtime>(dialog: FileDialogBuilder<R>) -> Option<PathBuf> {
    let (answer, answered) = oneshot::channel();
    dialog.pick_file(move |path| {
        let _gone = answer.send(path);
    });
    answered.await.ok().flatten().and_then(|path| path.into_path().ok())
}

/// What to suggest as a name: of what, of which workspace, of which day.
pub(crate) fn dated(what: &str, workspace: &str, ending: &str) -> String {
    let now = Timestamp::from_second(System.now().0).unwrap_or_default();
    let today = now.to_zoned(TimeZone::system()).strftime("%Y-%m-%d");
    format!("{what}-{}-{today}.{ending}", plain(workspace))
}

/// A name as part of a file's name: letters and digits of any script, everything else as single dashes.
fn plain(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut plain: String = words.collect::<Vec<_>>().join("-").chars().take(LONGEST_NAME).collect();
    plain.truncate(plain.trim_end_matches('-').len());
    plain
}

/// The name of a file, without its folder.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether a file that is to be written would lie among the vaults, where it could replace a part of one.
pub(crate) fn lies_in(file: &Path, folder: &Path) -> bool {
    let parent = file.parent().unwrap_or_else(|| Path::new("."));
    match (parent.canonicalize(), folder.canonicalize()) {
        (Ok(parent), Ok(folder)) => parent.starts_with(folder),
        _ => false,
    }
}

/// Writes a file that only its owner may read, whole or not at all.
///
/// # Errors
/// Those of the disk.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Unkept::begin(path)?;
    file.write(bytes)?;
    file.keep()
}

/// A file on its way: only its owner may read it, and until it is kept, its name is another.
pub(crate) struct Unkept {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Unkept {
    /// Begins beside where it will be.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn begin(path: &Path) -> io::Result<Self> {
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        // With the ending that it will have: the file dialog, which may still be looking, reads into a file to tell its kind
        // only where the name does not.
        let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
        let file = tempfile::Builder::new().suffix(&ending).tempfile_in(folder)?;
        Ok(Self { file: BufWriter::new(file), path: path.to_owned() })
    }

    /// Writes on.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Keeps it, under its name and on the disk; dropped before, nothing of it stays.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn keep(self) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }
}

/// The sentence for a file that could not be written.
pub(crate) fn refusal(error: &io::Error) -> Refusal {
    tracing::warn!(kind = ?error.kind(), "a file could not be saved");
    match error.kind() {
        ErrorKind::StorageFull => RefusalCode::DiskFull,
        ErrorKind::ReadOnlyFilesystem => RefusalCode::ReadOnly,
        _ => RefusalCode::FileNotWritten,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suggested_name_is_one_that_every_disk_takes() {
        assert_eq!(plain("Harbour & Sons"), "Harbour-Sons");
        assert_eq!(plain(" ../etc/passwd:*?\" "), "etc-passwd");
        assert_eq!(plain("Hôpital — 東京"), "Hôpital-東京");
        assert_eq!(plain("…"), "");
        let long = plain(&"ab ".repeat(200));
        assert!(long.chars().count() <= LONGEST_NAME && !long.ends_with('-'), "{long}");
    }

    #[test]
    fn nothing_lands_among_the_vaults() {
        let folder = tempfile::tempdir().expect("a folder");
        let vaults = folder.path().join("workspaces");
        std::fs::create_dir_all(vaults.join("one")).expect("a folder");
        assert!(lies_in(&vaults.join("one/vault.json"), &vaults));
        assert!(lies_in(&vaults.join("one/../x.backup"), &vaults));
        assert!(!lies_in(&folder.path().join("x.backup"), &vaults));
    }
}
