//! The licences of what the program is built from: one text for people and for the window, written by `cargo xtask licences`.

use wire::window::{LicenceText, Licences};

const OWN: &str = include_str!("../../LICENSE");
const OTHERS: &str = include_str!("../licences.txt");
/// Stands before each licence's name, and before its text.
const DOUBLE: &str = "════════════════════════════════════════════════════════════════════════\n";
const SINGLE: &str = "────────────────────────────────────────────────────────────────────────\n";

/// Reads them; `None` when the text is not of its form, which a test rules out.
pub(crate) fn read() -> Option<Licences> {
    let others = OTHERS.split(DOUBLE).skip(1).map(one).collect::<Option<_>>()?;
    Some(Licences { own: OWN.into(), others })
}

fn one(part: &str) -> Option<LicenceText> {
    let (head, text) = part.split_once(SINGLE)?;
    let (name, covers) = head.split_once("\n\n")?;
    let covers = covers.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Some(LicenceText { name: name.trim().into(), covers, text: text.trim_end().into() })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_part_names_what_it_covers_and_has_a_text() {
        let licences = super::read().expect("the text is of its form");
        assert!(licences.own.contains("Apache License") && licences.others.len() > 10);
        for one in &licences.others {
            assert!(!one.name.is_empty() && !one.covers.is_empty() && one.text.len() > 100, "{one:?}");
        }
        let covered = |what: &str| licences.others.iter().any(|one| one.covers.iter().any(|name| name.starts_with(what)));
        for what in ["tauri ", "SQLCipher", "Rust standard library", "Noto Sans"] {
            assert!(covered(what), "{what}");
        }
    }
}
