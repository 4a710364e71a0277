//! Names as they may stand on paper, whatever was typed into them.

use unicode_normalization::UnicodeNormalization;

/// Somebody on a paper.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// Their name: any text. Where it cannot be printed, the address stands in its place.
    pub name: &'a str,
    /// The address they sign in with.
    pub email: &'a str,
}

/// A name without control symbols and without marks that turn the direction of what follows, in one line: runs of white
/// space, line ends included, are one space, and there is none at either end.
pub(crate) fn clean(name: &str) -> String {
    let mut clean = String::with_capacity(name.len());
    for symbol in name.chars() {
        if symbol.is_whitespace() || matches!(symbol, '\u{1c}'..='\u{1f}') {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if !is_unprintable(symbol) {
            clean.push(symbol);
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// Who is meant, in symbols that can be printed: the name, or the address when a single symbol of the name cannot be,
/// because half a name may be somebody else's. Says which of the two it is.
pub(crate) fn printed(person: &Person<'_>, can_print: impl Fn(char) -> bool) -> (String, Shown) {
    let name: String = clean(person.name).nfc().collect();
    if !name.is_empty() && name.chars().all(&can_print) {
        (name, Shown::Name)
    } else {
        (printed_parts(person.email, can_print), Shown::Email)
    }
}

/// What [`printed`] found to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Name,
    Email,
}

/// What can be printed of a text that nothing can stand in for, each gap an ellipsis. Empty when no letter or digit is left.
pub(crate) fn printed_parts(text: &str, can_print: impl Fn(char) -> bool) -> String {
    const GAP: char = '…';
    let mut parts = String::with_capacity(text.len());
    for symbol in clean(text).nfc() {
        if can_print(symbol) {
            parts.push(symbol);
        } else if !parts.ends_with(GAP) {
            parts.push(GAP);
        }
    }
    if parts.chars().any(char::is_alphanumeric) { parts } else { String::new() }
}

/// Controls, and the marks that set or override direction (UAX #9 §2). Joiners stay: emoji and Persian need them.
fn is_unprintable(symbol: char) -> bool {
    symbol.is_control()
        || matches!(symbol,
            '\u{61c}' | '\u{200e}' | '\u{200f}'     // ALM, LRM, RLM
            | '\u{202a}'..='\u{202e}'               // embeddings, overrides and their end
            | '\u{2066}'..='\u{206f}'               // isolates and their end; deprecated formatting
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'  // byte order mark, annotations
        )
}

/// The blocks whose letters are right to left unless stated otherwise (DerivedBidiClass.txt, `@missing` lines).
pub(crate) fn is_right_to_left(symbol: char) -> bool {
    matches!(symbol,
        '\u{590}'..='\u{8ff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin(symbol: char) -> bool {
        symbol < '\u{250}' || symbol == '…'
    }

    fn shown(name: &str) -> (String, Shown) {
        printed(&Person { name, email: "ada@example.org" }, latin)
    }

    #[test]
    fn a_name_is_printed_whole_or_not_at_all() {
        assert_eq!(shown("Ada Lovelace"), ("Ada Lovelace".into(), Shown::Name));
        for name in ["Ada 🌙", "שרה", "Ada שרה", "", "\u{202e}", "Ada\u{fffd}"] {
            assert_eq!(shown(name), ("ada@example.org".into(), Shown::Email), "{name:?}");
        }
    }

    #[test]
    fn a_letter_and_its_mark_are_one_symbol_where_there_is_one() {
        assert_eq!(shown("Zoe\u{308}"), ("Zoë".into(), Shown::Name));
        assert_eq!(shown("Z\u{308}oe").1, Shown::Email);
    }

    #[test]
    fn what_cannot_be_printed_of_a_workspace_is_a_gap() {
        assert_eq!(printed_parts("Réseau Nord 👩‍💻", latin), "Réseau Nord …");
        assert_eq!(printed_parts("שלום Acme שלום", latin), "… Acme …");
        assert_eq!(printed_parts("🚀 🚀", latin), "");
    }
}
