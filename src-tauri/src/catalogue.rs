//! The words that Rust itself needs, from the page's own two catalogues.

use std::collections::BTreeMap;

use wire::window::Language;

/// The catalogue of a language.
pub(crate) struct Catalogue(BTreeMap<String, serde_json::Value>);

impl Catalogue {
    /// Both are part of the program; a test holds them to be complete.
    pub(crate) fn of(language: Language) -> Self {
        let text = match language {
            Language::En => include_str!("../../ui/locales/en.json"),
            Language::Fr => include_str!("../../ui/locales/fr.json"),
        };
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// The text of a key, or the key where there is none.
    pub(crate) fn text(&self, key: &str) -> String {
        self.0.get(key).and_then(serde_json::Value::as_str).unwrap_or(key).to_owned()
    }
}

/// Today's date in words, in the person's language and time zone.
pub(crate) fn today(language: Language) -> String {
    let now = authority::Surroundings::now(&authority::System).0;
    let date = jiff::Timestamp::from_second(now).unwrap_or_default().to_zoned(jiff::tz::TimeZone::system()).date();
    let catalogue = Catalogue::of(language);
    let month = catalogue.text(&format!("month.{}", date.month()));
    format!("{} {month} {}", date.day(), date.year())
}
