//! Copies of a vault as it was, kept before its database is brought up to date: encrypted as it was, and opened by what
//! opened it then (FORMATS.md, "Vault folder and header").

use std::{
    fs::{self, File},
    io::{ErrorKind, Result as IoResult},
    path::Path,
    time::UNIX_EPOCH,
};

use domain::time::Moment;

use crate::{
    Vault,
    connection::has_log,
    failure::{ChangeError, OpenError},
    folder::{self, HEADER, stop_at},
    header::Header,
    slots::slowly,
};

const PREFIX: &str = "older-";
/// One that is being made, or is going.
pub(crate) const UNFINISHED: &str = "older.new";

/// A copy of a vault as it was before it was brought up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OlderCopy {
    /// The name of its folder, inside the vault's.
    pub folder: String,
    /// When its data was last changed.
    pub of: Moment,
    /// Its bytes.
    pub size: u64,
}

/// Copies the header and the database that it names. Only under the vault's lock, while nobody has the database open.
pub(crate) fn keep(folder: &Path, header: &Header) -> Result<OlderCopy, OpenError> {
    let database = folder.join(header.database());
    let of = changed_at(&database)?;
    let name = format!("{PREFIX}{}-{}", date(of), of.0);
    if !folder.join(&name).exists() {
        let copied = copy(folder, &database, &name);
        if let Err(error) = copied {
            let _gone = remove(&folder.join(UNFINISHED));
            return Err(error.into());
        }
    }
    stop_at("older copy kept");
    let size = size(&folder.join(&name));
    Ok(OlderCopy { folder: name, of, size })
}

fn copy(folder: &Path, database: &Path, name: &str) -> IoResult<()> {
    let unfinished = folder.join(UNFINISHED);
    remove(&unfinished)?;
    folder::make(&unfinished)?;
    let mut files = vec![folder.join(HEADER), database.to_owned()];
    if has_log(database) {
        files.push(log(database));
    }
    for file in files {
        let to = unfinished.join(file.file_name().unwrap_or_default());
        fs::copy(&file, &to)?;
        File::open(&to)?.sync_all()?;
    }
    stop_at("older copy written");
    folder::sync(&unfinished)?;
    fs::rename(&unfinished, folder.join(name))?;
    folder::sync(folder)
}

fn log(database: &Path) -> std::path::PathBuf {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// When the database or its log was last written.
fn changed_at(database: &Path) -> IoResult<Moment> {
    let at = |file: &Path| -> IoResult<i64> {
        let since = fs::metadata(file)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    };
    Ok(Moment(at(database)?.max(if has_log(database) { at(&log(database))? } else { 0 })))
}

/// The day of a moment in UTC, as `2026-11-22`: for whoever looks into the folder.
fn date(at: Moment) -> String {
    // Days are counted from 1 March of the year 0, so that a leap day ends its year.
    let days = at.0.div_euclid(86_400) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (month, carried) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day_of_month:02}", era * 400 + year + carried)
}

fn remove(folder: &Path) -> IoResult<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Removes one that was not finished, or not quite removed.
pub(crate) fn tidy(folder: &Path) {
    if let Err(error) = remove(&folder.join(UNFINISHED)) {
        tracing::warn!(kind = %error.kind(), "a copy that was not finished could not be removed");
    }
}

fn size(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
}

fn all(folder: &Path) -> Vec<OlderCopy> {
    let names = fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut copies: Vec<OlderCopy> = names
        .filter_map(|name| {
            let of = Moment(name.strip_prefix(PREFIX)?.rsplit_once('-')?.1.parse().ok()?);
            Some(OlderCopy { of, size: size(&folder.join(&name)), folder: name })
        })
        .collect();
    copies.sort_by_key(|copy| std::cmp::Reverse(copy.of));
    copies
}

impl Vault {
    /// The copy that was kept when this vault was opened, if it was brought up to date by that.
    #[must_use]
    pub fn brought_up_to_date(&self) -> Option<&OlderCopy> {
        self.0.older.as_ref()
    }

    /// The copies from before it was brought up to date, the newest first. They open with what opened it then, also after
    /// a rotation.
    #[must_use]
    pub fn older_copies(&self) -> Vec<OlderCopy> {
        all(self.folder())
    }

    /// Deletes one of them.
    ///
    /// # Errors
    /// [`ChangeError`]; it is there still, whole. No such copy is [`ChangeError::NoSuchCopy`].
    pub async fn remove_older_copy(&self, name: &str) -> Result<(), ChangeError> {
        let _changing = self.0.changing.lock().await;
        self.keys()?;
        let folder = self.folder().to_owned();
        let copy = all(&folder).into_iter().find(|copy| copy.folder == name).ok_or(ChangeError::NoSuchCopy)?;
        slowly(move || {
            let going = folder.join(UNFINISHED);
            remove(&going)?;
            fs::rename(folder.join(copy.folder), &going)?;
            tidy(&folder);
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
pub(crate) mod tests;
