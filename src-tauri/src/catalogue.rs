//! The words that Rust itself needs, from the page's own two catalogues.

use std::collections::BTreeMap;

use jiff::{Timestamp, Zoned, tz::TimeZone};
use wire::window::Language;

/// The catalogue of a language.
pub(crate) struct Catalogue {
    language: Language,
    texts: BTreeMap<String, String>,
}

impl Catalogue {
    /// Both are part of the program; a test holds them to be complete.
    pub(crate) fn of(language: Language) -> Self {
        let text = match language {
            Language::En => include_str!("../../ui/locales/en.json"),
            Language::Fr => include_str!("../../ui/locales/fr.json"),
        };
        Self { language, texts: serde_json::from_str(text).unwrap_or_default() }
    }

    /// Its tag (BCP 47).
    pub(crate) fn tag(&self) -> &'static str {
        match self.language {
            Language::En => "en",
            Language::Fr => "fr",
        }
    }

    /// The text of a key, or the key where there is none.
    pub(crate) fn text(&self, key: &str) -> String {
        self.texts.get(key).map_or_else(|| key.to_owned(), Clone::clone)
    }

    /// Today's date in words, in this computer's time zone.
    pub(crate) fn today(&self) -> String {
        self.date(&local(authority::Surroundings::now(&authority::System).0))
    }

    /// The date of a moment in words, in this computer's time zone.
    pub(crate) fn day(&self, at: i64) -> String {
        self.date(&local(at))
    }

    /// A date in words, and the time of day.
    pub(crate) fn moment(&self, at: i64) -> String {
        let at = local(at);
        format!("{}, {:02}:{:02}", self.date(&at), at.hour(), at.minute())
    }

    /// A number, its thousands divided as the language does.
    pub(crate) fn number(&self, number: u64) -> String {
        let divider = match self.language {
            Language::En => ',',
            Language::Fr => '\u{202f}',
        };
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(divider);
            }
            text.push(digit);
        }
        text
    }

    fn date(&self, at: &Zoned) -> String {
        format!("{} {} {}", at.day(), self.text(&format!("month.{}", at.month())), at.year())
    }

    /// The symbols of a code as words.
    pub(crate) fn spelled(&self, symbols: &str) -> String {
        symbols.chars().map(|symbol| self.text(&format!("spell.{symbol}"))).collect::<Vec<_>>().join(", ")
    }
}

fn local(at: i64) -> Zoned {
    Timestamp::from_second(at).unwrap_or_default().to_zoned(TimeZone::system())
}

#[cfg(test)]
mod tests {
    use wire::window::SheetKind;

    use super::*;

    #[test]
    fn both_languages_have_every_word_that_rust_asks_for() {
        for language in [Language::En, Language::Fr] {
            let catalogue = Catalogue::of(language);
            let sheet = format!("{:?}", crate::papers::backup_codes(&catalogue));
            let kit = format!("{:?}", crate::papers::kit(&catalogue));
            assert!(!kit.contains("\"file."), "{language:?}: {kit}");
            let letters = [SheetKind::Recovery, SheetKind::Password].map(|kind| crate::papers::letter(&catalogue, kind));
            let letter = format!("{letters:?}");
            assert!(!sheet.contains("\"file.") && !letter.contains("\"file."), "{language:?}: {sheet} {letter}");
            assert!(!catalogue.moment(1_800_000_000).contains("month."));
            assert!(!catalogue.spelled("0123456789ABCDEFGHJKMNPQRSTVWXYZ").contains("spell."));
        }
    }
}
