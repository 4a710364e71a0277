//! The hour that the program believes it is.

use crate::{Error, Result};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock that a test can move while the program runs. Only the time of day moves: timers go on as they were.
#[derive(Debug)]
pub struct Clock {
    file: PathBuf,
    library: PathBuf,
    offset: Cell<i64>,
}

impl Clock {
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        let clock = Self { file: folder.join("clock"), library: find_library()?, offset: Cell::new(0) };
        clock.write()?;
        Ok(clock)
    }

    /// Moves the clock on (or back, with a negative number).
    pub fn advance_hours(&self, hours: i64) -> Result<()> {
        self.advance_seconds(hours * 3600)
    }

    /// Moves the clock on (or back, with a negative number).
    pub fn advance_seconds(&self, seconds: i64) -> Result<()> {
        self.offset.set(self.offset.get() + seconds);
        self.write()
    }

    /// Seconds since 1970 by this clock: what an authenticator in the member's hand would go by.
    pub fn now(&self) -> u64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        real.saturating_add_signed(self.offset.get())
    }

    pub(crate) fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }

    // Renamed into place, because the program may be reading.
    fn write(&self) -> Result<()> {
        let fresh = self.file.with_extension("new");
        std::fs::write(&fresh, format!("{:+}\n", self.offset.get()))?;
        Ok(std::fs::rename(fresh, &self.file)?)
    }
}

fn find_library() -> Result<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    folders
        .chain([PathBuf::from("/usr/lib")])
        .map(|folder| folder.join("faketime/libfaketimeMT.so.1"))
        .find(|library| library.exists())
        .ok_or_else(|| Error::said("libfaketime is not installed; `cargo xtask test` installs it."))
}
