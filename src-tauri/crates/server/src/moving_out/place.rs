//! Where the file is to stand, and the folder beside it in which it is made.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use rustix::process::geteuid;

use super::OutError;
use crate::commands::Trouble;

/// What the name of the folder adds to that of the file.
const BESIDE: &str = ".part";
/// In that folder, the file as it is to be.
const WHOLE: &str = "whole.backup";

/// A file to be, for this process alone.
pub(super) struct Place {
    file: PathBuf,
    folder: PathBuf,
    /// The folder itself, locked for as long as somebody makes the file in it.
    _lock: File,
}

impl Place {
    /// Takes a place in which there is no file.
    pub(super) fn at(to: &Path) -> Result<Self, Trouble> {
        let file = std::path::absolute(to)?;
        let Some(name) = file.file_name() else { return Err(OutError::FileThere(file).into()) };
        if file.symlink_metadata().is_ok() {
            return Err(OutError::FileThere(file).into());
        }
        let mut beside = name.to_owned();
        beside.push(BESIDE);
        let folder = file.with_file_name(beside);
        match DirBuilder::new().mode(0o700).create(&folder) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let found = folder.symlink_metadata()?;
                if !found.is_dir() || found.mode() & 0o077 != 0 || found.uid() != geteuid().as_raw() {
                    return Err(OutError::NotOurs(folder).into());
                }
            }
            made => made.map_err(|error| OutError::Folder(folder.clone(), error))?,
        }
        let lock = File::open(&folder)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { file, folder, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(OutError::Busy.into()),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// The file, as it is told and kept.
    pub(super) fn called(&self) -> String {
        self.file.display().to_string()
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn whole(&self) -> PathBuf {
        self.folder.join(WHOLE)
    }

    pub(super) fn is_whole(&self) -> bool {
        self.whole().is_file()
    }

    /// What was made here counts for nothing.
    pub(super) fn discard_whole(&self) -> io::Result<()> {
        match fs::remove_file(self.whole()) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Gives the file its name.
    pub(super) fn finish(self) -> Result<PathBuf, Trouble> {
        if self.file.symlink_metadata().is_ok() {
            return Err(OutError::FileThere(self.file).into());
        }
        fs::rename(self.whole(), &self.file)?;
        let file = self.file.clone();
        if let Some(parent) = file.parent() {
            File::open(parent)?.sync_all()?;
        }
        self.leave();
        Ok(file)
    }

    /// Lets go of the place. What is in the folder stays there; an empty one goes.
    pub(super) fn leave(self) {
        // An error: what was begun is left.
        let _ = fs::remove_dir(&self.folder);
    }
}
