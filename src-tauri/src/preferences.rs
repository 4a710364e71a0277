//! What a person chose on this computer: language, colours, idleness, the window's size, and when each workspace was last opened.

use std::{collections::BTreeMap, io::Write, path::Path};

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::window::{Language, Theme};

/// Preferences of one profile. A file that cannot be read counts as none.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Preferences {
    pub(crate) language: Language,
    pub(crate) theme: Theme,
    #[serde(default)]
    pub(crate) opened_at: BTreeMap<Uuid, i64>,
    /// The servers that workspaces of this computer were moving to, and whether they have arrived.
    #[serde(default)]
    pub(crate) moves: BTreeMap<Uuid, (String, bool)>,
    /// Minutes until an idle session locks here, where the workspace's policy allows more.
    #[serde(default)]
    pub(crate) idle_minutes: Option<u16>,
    /// How large the main window was left.
    #[serde(default)]
    pub(crate) window: WindowSize,
}

/// A window's size without its frame, in logical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WindowSize {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Whether it filled the screen; the size is the one that it would go back to.
    pub(crate) maximised: bool,
}

impl WindowSize {
    /// The least that every screen of the program fits in.
    pub(crate) const LEAST: (f64, f64) = (800.0, 600.0);

    /// The size that fits a screen with this much room, and is not less than the least.
    pub(crate) fn within(self, room: Option<(f64, f64)>) -> Self {
        let (width, height) = room.unwrap_or((f64::INFINITY, f64::INFINITY));
        let fit = |wanted: f64, room: f64, least: f64| if wanted.is_finite() { wanted.min(room).max(least) } else { least };
        Self { width: fit(self.width, width, Self::LEAST.0), height: fit(self.height, height, Self::LEAST.1), ..self }
    }
}

impl Default for WindowSize {
    fn default() -> Self {
        Self { width: 1100.0, height: 760.0, maximised: false }
    }
}

impl Preferences {
    /// Reads them, or begins with the system's language. WebKit is not asked: it says "C".
    pub(crate) fn read(file: &Path) -> Self {
        let kept = std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        kept.unwrap_or_else(|| Self {
            language: system_language(),
            theme: Theme::System,
            opened_at: BTreeMap::new(),
            moves: BTreeMap::new(),
            idle_minutes: None,
            window: WindowSize::default(),
        })
    }

    pub(crate) fn idle_seconds(&self) -> Option<i64> {
        self.idle_minutes.map(|minutes| i64::from(minutes) * 60)
    }

    /// Keeps them, whole or not at all. That they could not be kept is no reason to stop.
    pub(crate) fn keep(&self, file: &Path) {
        let write = || -> std::io::Result<()> {
            let folder = file.parent().unwrap_or_else(|| Path::new("."));
            let mut new = tempfile::NamedTempFile::new_in(folder)?;
            new.write_all(&serde_json::to_vec_pretty(self)?)?;
            new.persist(file)?;
            Ok(())
        };
        if let Err(error) = write() {
            tracing::warn!(%error, "the preferences could not be kept");
        }
    }
}

fn system_language() -> Language {
    match sys_locale::get_locale() {
        Some(locale) if locale.to_lowercase().starts_with("fr") => Language::Fr,
        _ => Language::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_that_an_older_program_kept_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("preferences.json");
        std::fs::write(&file, r#"{ "language": "fr", "theme": "dark" }"#).expect("a file");
        let read = Preferences::read(&file);
        assert_eq!((read.language, read.theme, read.idle_minutes, read.window), (Language::Fr, Theme::Dark, None, WindowSize::default()));
        Preferences { idle_minutes: Some(2), ..read }.keep(&file);
        assert_eq!(Preferences::read(&file).idle_seconds(), Some(120));
    }

    #[test]
    fn a_window_fits_the_screen_there_is_and_never_gets_too_small_to_use() {
        let size = |width, height| WindowSize { width, height, maximised: false };
        assert_eq!(size(1200.0, 900.0).within(Some((1920.0, 1080.0))), size(1200.0, 900.0));
        assert_eq!(size(3000.0, 2000.0).within(Some((1280.0, 900.0))), size(1280.0, 900.0));
        assert_eq!(size(3000.0, 10.0).within(None), size(3000.0, 600.0));
        assert_eq!(size(900.0, 700.0).within(Some((640.0, 480.0))), size(800.0, 600.0));
        assert_eq!(size(f64::NAN, f64::INFINITY).within(Some((1280.0, 900.0))), size(800.0, 600.0));
    }
}
