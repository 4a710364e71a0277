//! The sentences of refusals, from the window's own two catalogues.

use std::{collections::BTreeMap, sync::OnceLock};

use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};
use jiff::Timestamp;
use serde_json::Value;
use wire::{Refusal, RefusalCode, window::Language};

/// The language that a caller asked for: of the two there are, the one with the higher weight (RFC 9110 §12.5.4), or else English.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut weights = [0.0_f32; 2];
    for item in asked.split(',').take(16) {
        let (tag, parameters) = item.split_once(';').unwrap_or((item, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |text| text.parse().ok()).unwrap_or(0.0);
        let primary = tag.trim().split('-').next().unwrap_or_default();
        let which = if primary.eq_ignore_ascii_case("fr") { 1 } else { usize::from(!primary.eq_ignore_ascii_case("en")) * 2 };
        if let Some(best) = weights.get_mut(which) {
            *best = best.max(weight);
        }
    }
    if weights[1] > weights[0] { Language::Fr } else { Language::En }
}

/// The sentence of a refusal.
pub(crate) fn sentence(language: Language, refusal: &Refusal) -> String {
    let code = match serde_json::to_value(refusal.code) {
        Ok(Value::String(code)) => code,
        _ => String::new(),
    };
    let mut key = format!("refusal.{code}");
    let mut number = refusal.number.map(|number| number.to_string()).unwrap_or_default();
    if let (RefusalCode::ClockDrift, Some(off)) = (refusal.code, refusal.number) {
        key.push_str(if off > 0 { ".ahead" } else { ".behind" });
        number = duration(off.unsigned_abs());
    }
    let at = refusal.at.map(moment).unwrap_or_default();
    text(language, &key).replace("{at}", &at).replace("{number}", &number)
}

/// A moment, in UTC: a server does not know where the caller sits.
fn moment(at: i64) -> String {
    Timestamp::from_second(at).map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
}

fn duration(seconds: u64) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    match (minutes, rest) {
        (0, rest) => format!("{rest}\u{a0}s"),
        (minutes, 0) => format!("{minutes}\u{a0}min"),
        (minutes, rest) => format!("{minutes}\u{a0}min {rest}\u{a0}s"),
    }
}

fn text(language: Language, key: &str) -> &'static str {
    let known = catalogue(language);
    known.get(key).or_else(|| known.get("refusal.unexpected")).map_or("", String::as_str)
}

/// The refusals of a catalogue. It is part of the program; a test holds it to be complete.
fn catalogue(language: Language) -> &'static BTreeMap<String, String> {
    static ENGLISH: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    static FRENCH: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let (held, text) = match language {
        Language::En => (&ENGLISH, include_str!("../../../../ui/locales/en.json")),
        Language::Fr => (&FRENCH, include_str!("../../../../ui/locales/fr.json")),
    };
    held.get_or_init(|| {
        let all: BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
        all.into_iter().filter(|(key, _)| key.starts_with("refusal.")).collect()
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_language_is_the_one_that_is_wanted_most() {
        for (asked, expected) in [
            ("", Language::En),
            ("fr", Language::Fr),
            ("fr-CA", Language::Fr),
            ("en-GB, fr;q=0.9", Language::En),
            ("de, fr;q=0.5, en;q=0.4", Language::Fr),
            ("fr;q=0", Language::En),
            ("fr;q=nonsense, en", Language::En),
            ("de", Language::En),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(asked));
            assert_eq!(language(&headers), expected, "{asked}");
        }
    }

    #[test]
    fn a_sentence_names_its_moment_and_its_number_in_both_languages() {
        let wait = Refusal { at: Some(1_800_000_000), ..RefusalCode::Wait.into() };
        let drift = Refusal { number: Some(-90), ..RefusalCode::ClockDrift.into() };
        for language in [Language::En, Language::Fr] {
            assert!(sentence(language, &wait).contains("2027-01-15 08:00 UTC"), "{}", sentence(language, &wait));
            assert!(sentence(language, &drift).contains("1\u{a0}min 30\u{a0}s"), "{}", sentence(language, &drift));
            assert!(!sentence(language, &drift).contains('{'));
        }
        assert_ne!(sentence(Language::En, &RefusalCode::NotAllowed.into()), sentence(Language::Fr, &RefusalCode::NotAllowed.into()));
    }
}
