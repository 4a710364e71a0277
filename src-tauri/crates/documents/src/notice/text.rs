//! A notice as plain text, complete by itself.

use secrecy::{ExposeSecret, SecretString};

use super::Said;

/// Lines are at most so long, where their words allow it.
const WIDTH: usize = 72;
/// Room for all of a notice, so that growing leaves no copy of a code behind.
const ROOM: usize = 16 * 1024;

pub(super) fn of(said: &Said) -> SecretString {
    let mut text = String::with_capacity(ROOM);
    let mut paragraph = |lead: &str, words: &str| {
        wrap(&mut text, lead, words);
        text.push('\n');
    };
    paragraph("", &said.greeting);
    for words in &said.paragraphs {
        paragraph("", words);
    }
    if let Some(code) = &said.code {
        paragraph("", &format!("{}{}", said.code_label, colon(said.language)));
        paragraph("    ", code.expose_secret());
    }
    match said.steps.as_slice() {
        [only] => paragraph("", only),
        steps => {
            for (step, number) in steps.iter().zip(1..) {
                paragraph(&format!("{number}. "), step);
            }
        }
    }
    paragraph("", &said.wrong.heading);
    if let Some(words) = &said.wrong.before_code {
        paragraph("", words);
    }
    if let Some(code) = &said.report {
        paragraph("    ", code.expose_secret());
    }
    for words in &said.wrong.after_code {
        paragraph("", words);
    }
    // What mail programs take for the beginning of a signature.
    text.push_str("-- \n");
    for words in &said.foot {
        wrap(&mut text, "", words);
    }
    SecretString::from(text)
}

fn colon(language: &str) -> &'static str {
    if language == "fr" { "\u{a0}:" } else { ":" }
}

/// Puts the words behind `lead`, and sets further lines in as far. Only at plain blanks: no-break ones stay.
fn wrap(text: &mut String, lead: &str, words: &str) {
    text.push_str(lead);
    let indent = lead.chars().count();
    let mut column = indent;
    for (number, word) in words.split(' ').enumerate() {
        let length = word.chars().count();
        if number > 0 && column + 1 + length > WIDTH {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if number > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push('\n');
}
