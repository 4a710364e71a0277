//! All words on screen come from two catalogues, and both are complete.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn both_catalogues_say_the_same_things() {
    let (english, french) = (catalogue("en"), catalogue("fr"));
    assert!(!english.is_empty(), "the English catalogue is empty");
    let keys = |all: &BTreeMap<String, String>| all.keys().cloned().collect::<BTreeSet<_>>();
    let (en, fr) = (keys(&english), keys(&french));
    let missing: Vec<_> = en.symmetric_difference(&fr).collect();
    assert!(missing.is_empty(), "these stand in one language only: {missing:?}");
    for (key, words) in &english {
        assert!(!words.trim().is_empty() && !french[key].trim().is_empty(), "{key} is empty");
        assert_eq!(blanks(words), blanks(&french[key]), "{key} is filled with other values in French");
    }
}

// Nested objects (plural forms, groups) are told apart by dots.
fn catalogue(language: &str) -> BTreeMap<String, String> {
    let file = super::root().join(format!("ui/locales/{language}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut all = BTreeMap::new();
    flatten("", &serde_json::from_str(&text).expect("a catalogue is JSON"), &mut all);
    all
}

fn flatten(at: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(parts) => {
            for (key, part) in parts {
                // Languages differ in which plural forms they have: French has "many" where English has none.
                if ["zero", "two", "few", "many"].iter().any(|form| key == form || key.ends_with(&format!(".{form}"))) {
                    continue;
                }
                flatten(&if at.is_empty() { key.clone() } else { format!("{at}.{key}") }, part, into);
            }
        }
        Value::String(words) => drop(into.insert(at.to_owned(), words.clone())),
        other => panic!("{at} is neither words nor a group: {other}"),
    }
}

fn blanks(words: &str) -> BTreeSet<&str> {
    words.split('{').skip(1).filter_map(|rest| rest.split(['}', ',']).next()).collect()
}
