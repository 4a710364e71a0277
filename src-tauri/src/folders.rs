//! Where a profile keeps its things.

use std::path::PathBuf;

use tauri::{AppHandle, Manager};

/// The folders of one profile.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    /// Vaults, one folder each.
    pub(crate) vaults: PathBuf,
    /// The sample workspace of a drill, while one goes on.
    pub(crate) drills: PathBuf,
    /// The preferences file.
    pub(crate) preferences: PathBuf,
    /// The rotating log.
    pub(crate) logs: PathBuf,
    /// What WebKit keeps between starts: nothing of the page's, for it stores nothing.
    pub(crate) web: PathBuf,
}

impl Folders {
    /// The folders of a profile; they are made if need be, for this user alone.
    pub(crate) fn of(app: &AppHandle, profile: Option<&str>) -> Result<Self, Box<dyn std::error::Error>> {
        let under = |folder: PathBuf| match profile {
            Some(profile) => folder.join("profiles").join(profile),
            None => folder,
        };
        let data = under(app.path().app_data_dir()?);
        let folders = Self {
            vaults: data.join("workspaces"),
            drills: data.join("drill"),
            preferences: data.join("preferences.json"),
            logs: data.join("logs"),
            web: data.join("web"),
        };
        for folder in [&folders.vaults, &folders.drills, &folders.logs, &folders.web] {
            private_folder(folder)?;
        }
        Ok(folders)
    }
}

#[cfg(unix)]
fn private_folder(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}
