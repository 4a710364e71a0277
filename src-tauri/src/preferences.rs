//! What a person chose on this computer: language, colours, and when each workspace was last opened.

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
}

impl Preferences {
    /// Reads them, or begins with the system's language. WebKit is not asked: it says "C".
    pub(crate) fn read(file: &Path) -> Self {
        let kept = std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        kept.unwrap_or_else(|| Self { language: system_language(), theme: Theme::System, opened_at: BTreeMap::new() })
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
