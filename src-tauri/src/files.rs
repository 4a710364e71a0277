//! Files that people save: asked for in the system's own dialog, written whole or not at all.

use std::{
    io::{self, BufWriter, ErrorKind, Write},
    path::{Path, PathBuf},
};

use tauri::{Manager, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use tempfile::NamedTempFile;
use tokio::sync::oneshot;
use wire::{Refusal, RefusalCode};

use crate::catalogue::Catalogue;

/// Asks where to save a file. `title` and `kind` are keys of the catalogue; the ending comes without its dot. `None` when the
/// dialog was left.
pub(crate) async fn ask_where(
    window: &WebviewWindow,
    catalogue: &Catalogue,
    title: &str,
    kind: &str,
    (name, ending): (&str, &str),
) -> Option<PathBuf> {
    let (answer, answered) = oneshot::channel();
    let dialog = window.app_handle().dialog().file().set_parent(window).set_title(catalogue.text(title));
    let dialog = dialog.add_filter(catalogue.text(kind), &[ending]).add_filter(catalogue.text("file.allKinds"), &["*"]);
    dialog.set_file_name(format!("{name}.{ending}")).save_file(move |path| {
        let _gone = answer.send(path);
    });
    answered.await.ok().flatten().and_then(|path| path.into_path().ok())
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
    pub(crate) fn keep(self) -> io::Result<String> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(self.path.file_name().unwrap_or_default().to_string_lossy().into_owned())
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
