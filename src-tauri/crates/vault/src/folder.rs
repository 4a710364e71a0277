//! The folder of a vault: its names, its lock, its list, and writing that survives a power cut.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{ErrorKind, Read, Result as IoResult, Write},
    path::{Path, PathBuf},
};

use domain::time::Moment;
use uuid::Uuid;

use crate::{
    failure::OpenError,
    header::{Header, PairedWith, Slot},
    older,
};

pub(crate) const HEADER: &str = "vault.json";
/// The header of a vault that is being made; renamed to [`HEADER`] once the vault is whole.
pub(crate) const HEADER_TO_BE: &str = "vault.json.new";
/// A header that is about to take the place of the one before.
const HEADER_NEXT: &str = "vault.json.next";
const LOCK: &str = "vault.lock";
/// What the name of a vault's folder ends with once it was removed.
const REMOVED: &str = ".removed";

/// A vault in a folder of vaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its identifier.
    pub id: Uuid,
    /// The name in its header; the identifier where the header cannot be read.
    pub name: String,
    /// Where it lies.
    pub folder: PathBuf,
    /// Whether a keyring may open it.
    pub keyring: bool,
    /// When it was restored from a backup, if it was: to tell it from the one that the backup was taken of.
    pub restored_at: Option<Moment>,
    /// With which server it was paired, if it is a desk.
    pub paired: Option<PairedWith>,
}

/// The vaults in a folder, by name. One that is damaged or too new is listed too: opening it says what is wrong.
#[must_use]
pub fn known(root: &Path) -> Vec<Known> {
    let mut known: Vec<Known> = folders(root)
        .into_iter()
        .filter(|(_, folder)| folder.join(HEADER).exists())
        .map(|(id, folder)| {
            let header = header(&folder, id).ok();
            Known {
                id,
                name: listed_name(&folder).unwrap_or_else(|| id.to_string()),
                keyring: header.as_ref().is_some_and(|header| header.slots.iter().any(|slot| matches!(slot, Slot::Keyring(_)))),
                restored_at: header.as_ref().and_then(|header| header.restored),
                paired: header.and_then(|header| header.paired),
                folder,
            }
        })
        .collect();
    known.sort_by_cached_key(|vault| (vault.name.to_lowercase(), vault.id));
    known
}

/// The name, also out of a header of a newer version.
fn listed_name(folder: &Path) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        name: String,
    }
    let text = read_bounded(&folder.join(HEADER)).ok()?;
    serde_json::from_slice::<Named>(&text).ok().map(|named| named.name).filter(|name| !name.trim().is_empty())
}

fn folders(root: &Path) -> Vec<(Uuid, PathBuf)> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((Uuid::try_parse(entry.file_name().to_str()?).ok()?, entry.path()))).collect()
}

pub(crate) fn path(root: &Path, id: Uuid) -> PathBuf {
    root.join(id.to_string())
}

/// Removes what a process left behind that died while it made a vault (a header to be, no header, and a free lock), or
/// while it removed one.
pub fn sweep(root: &Path) {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let gone = |name: &str| name.strip_suffix(REMOVED).is_some_and(|id| Uuid::try_parse(id).is_ok());
    for entry in entries.filter(|entry| entry.file_name().to_str().is_some_and(gone)) {
        if let Err(error) = fs::remove_dir_all(entry.path()) {
            tracing::warn!(kind = %error.kind(), "a vault that was removed is not all gone");
        }
    }
    for (_, folder) in folders(root) {
        let abandoned = || folder.join(HEADER_TO_BE).exists() && !folder.join(HEADER).exists();
        // Asked again under the lock: whoever held it may have finished in between.
        if abandoned() && lock(&folder).is_ok_and(|_lock| abandoned() && fs::remove_dir_all(&folder).is_ok()) {
            tracing::info!("removed a vault that was never finished");
        }
    }
}

/// A vault that is about to be removed from this computer. It is held until then: nobody opens it.
#[derive(Debug)]
pub struct Removal {
    root: PathBuf,
    id: Uuid,
    _lock: Lock,
}

impl Removal {
    /// Takes hold of a vault, also of a damaged one. Nothing is removed yet.
    ///
    /// # Errors
    /// [`OpenError::InUse`] while anybody has it open, this process too; [`OpenError::Missing`]; [`OpenError::ReadOnly`].
    pub fn begin(root: &Path, id: Uuid) -> Result<Self, OpenError> {
        let folder = path(root, id);
        if !folder.join(HEADER).exists() {
            return Err(OpenError::Missing);
        }
        Ok(Self { root: root.to_owned(), id, _lock: lock(&folder)? })
    }

    /// Removes it with all that is in its folder. From the first moment on it is gone, also when the process dies before
    /// all of it is deleted: the rest goes with the next [`sweep`].
    ///
    /// # Errors
    /// [`OpenError`]; it is there still, whole.
    pub fn finish(self) -> Result<(), OpenError> {
        let gone = self.root.join(format!("{}{REMOVED}", self.id));
        fs::rename(path(&self.root, self.id), &gone)?;
        stop_at("vault renamed away");
        if let Err(error) = sync(&self.root) {
            tracing::warn!(kind = %error.kind(), "the folder of vaults could not be put on the disk");
        }
        sweep(&self.root);
        Ok(())
    }
}

/// The lock of a vault, for as long as it is held.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing would not do where a process that is just being started still has the file open too.
        let _closed_next = self.0.unlock();
    }
}

/// Takes the lock.
pub(crate) fn lock(folder: &Path) -> Result<Lock, OpenError> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(folder.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Reads the header of the vault with this identifier.
pub(crate) fn header(folder: &Path, id: Uuid) -> Result<Header, OpenError> {
    let text = match read_bounded(&folder.join(HEADER)) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(if folder.is_dir() { OpenError::Damaged("its header is missing".into()) } else { OpenError::Missing });
        }
        Err(error) => return Err(OpenError::Failed(error.kind().to_string())),
        Ok(text) => text,
    };
    let header = Header::read(&text)?;
    if header.vault != id {
        return Err(OpenError::Damaged("its header belongs to another vault".into()));
    }
    Ok(header)
}

fn read_bounded(path: &Path) -> IoResult<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(crate::slotted::LONGEST).read_to_end(&mut text)?;
    Ok(text)
}

/// Writes a new file that is on the disk when this returns.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> IoResult<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Puts the names in a folder on the disk.
pub(crate) fn sync(folder: &Path) -> IoResult<()> {
    // Elsewhere a folder cannot be opened as a file, and the rename itself is journalled.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes the folder of a new vault, which only this account may enter.
pub(crate) fn make(folder: &Path) -> IoResult<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Puts a header in the place of the one before: a reader finds this one or that one, whenever the power goes.
pub(crate) fn replace_header(folder: &Path, header: &Header) -> IoResult<()> {
    // A vault that is being made has its header under another name still, and must not be published by this.
    let name = if folder.join(HEADER).exists() { HEADER } else { HEADER_TO_BE };
    let next = folder.join(HEADER_NEXT);
    remove_if_there(&next)?;
    let replaced = write_new(&next, &header.write()).and_then(|()| {
        stop_at("header written");
        fs::rename(&next, folder.join(name))
    });
    if let Err(error) = replaced {
        let _gone = remove_if_there(&next);
        return Err(error);
    }
    stop_at("header replaced");
    sync(folder)
}

pub(crate) fn remove_if_there(path: &Path) -> IoResult<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Removes a database and what SQLite keeps beside it.
pub(crate) fn remove_database(database: &Path) -> IoResult<()> {
    // The log last: while the database is there, so is what belongs to it.
    for beside in ["", "-journal", "-shm", "-wal"] {
        let mut name = database.as_os_str().to_owned();
        name.push(beside);
        remove_if_there(Path::new(&name))?;
    }
    Ok(())
}

/// Removes what a change left behind that was killed: databases of other generations, and a header that never counted.
/// Only for a vault that was opened, under its lock.
pub(crate) fn tidy(folder: &Path, header: &Header) {
    older::tidy(folder);
    let ours = header.database();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for name in entries.filter_map(|entry| entry.file_name().into_string().ok()) {
        let generation = name.strip_prefix("vault-").and_then(|rest| rest.split_once(".db")).map(|(number, _)| number);
        let other = generation.is_some_and(|number| number.parse::<u64>().is_ok()) && !name.starts_with(&ours);
        if (other || name == HEADER_NEXT)
            && let Err(error) = remove_if_there(&folder.join(&name))
        {
            tracing::warn!(kind = %error.kind(), "a file of an earlier generation could not be removed");
        }
    }
}

/// Where the tests of this crate kill the process.
#[cfg(test)]
pub(crate) use crate::stops::stop_at;

#[cfg(not(test))]
pub(crate) fn stop_at(_: &str) {}
