//! Notices: what happened to an account, told to whom it belongs, as mail and as a letter.
//!
//! Their words stand here and not in the page's catalogues, because the server sends them too, and because each is a
//! sentence of its own: the compiler holds both languages to be complete. No notice names a secret but the one code that
//! its kind carries, and the code that answers "this was not me", which opens nothing.

mod english;
mod french;
mod html;
mod letter;
mod lost;
mod text;

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretSlice, SecretString};
use wire::{mail::NoticeKind, window::Language};

use crate::{
    names::{self, Person},
    paper::PaperError,
};

/// What one notice says. Names are any text.
#[derive(Clone, Copy)]
pub struct Notice<'a> {
    /// The language it speaks.
    pub language: Language,
    /// What it is about.
    pub kind: NoticeKind,
    /// The workspace's name.
    pub workspace: &'a str,
    /// Whom it is for, and the address that it goes to.
    pub person: Person<'a>,
    /// When it happened, as that language writes it.
    pub at: &'a str,
    /// The words that its sentence may name; see [`NoticeKind`].
    pub words: &'a BTreeMap<String, String>,
    /// The code that it carries, of the kinds that do.
    pub code: Option<Code<'a>>,
    /// What answers "this was not me".
    pub report: Option<Code<'a>>,
    /// Where questions go: an address.
    pub contact: Option<&'a str>,
}

/// A code, in groups divided by dashes.
#[derive(Clone, Copy)]
pub struct Code<'a> {
    /// The code.
    pub code: &'a SecretString,
    /// Until when it is valid, as the notice's language writes it.
    pub until: &'a str,
}

impl Notice<'_> {
    /// The line by which it is found among others: what happened, and in which workspace.
    #[must_use]
    pub fn subject(&self) -> String {
        let said = self.said(&names::clean);
        if said.workspace.is_empty() { said.subject } else { format!("{} – {}", said.subject, said.workspace) }
    }

    /// All of it as plain text, lines ended by LF.
    #[must_use]
    pub fn text(&self) -> SecretString {
        text::of(&self.said(&names::clean))
    }

    /// All of it as one HTML page that loads nothing.
    #[must_use]
    pub fn html(&self) -> SecretString {
        html::of(&self.said(&names::clean))
    }

    /// All of it as a letter: a PDF of one page.
    ///
    /// # Errors
    /// [`PaperError`]: a code that is none, or a fault of the fonts. Names and addresses never cause one.
    pub fn letter(&self) -> Result<SecretSlice<u8>, PaperError> {
        letter::pdf(self)
    }

    fn said(&self, shown: &dyn Fn(&str) -> String) -> Said {
        let name = shown(self.person.name);
        let address = shown(self.person.email);
        let facts = Facts {
            workspace: shown(self.workspace),
            at: self.at,
            address: &address,
            words: self.words.iter().map(|(key, word)| (key.as_str(), shown(word))).collect(),
            has_code: self.code.is_some(),
            contact: self.contact.map(shown).filter(|contact| !contact.is_empty()),
            report_until: self.report.map(|report| report.until),
            code_until: self.code.map_or("", |code| code.until),
        };
        let words = match self.language {
            Language::En => english::words(self.kind, &facts),
            Language::Fr => french::words(self.kind, &facts),
        };
        let copy = |code: Code<'_>| SecretString::from(code.code.expose_secret());
        Said {
            language: match self.language {
                Language::En => "en",
                Language::Fr => "fr",
            },
            greeting: match self.language {
                Language::En => english::greeting(if name.is_empty() { &address } else { &name }),
                Language::Fr => french::greeting(if name.is_empty() { &address } else { &name }),
            },
            subject: words.subject,
            paragraphs: words.paragraphs,
            code: self.code.map(copy),
            code_label: words.code_label,
            steps: words.steps,
            wrong: words.wrong,
            report: self.report.map(copy),
            foot: words.foot,
            workspace: facts.workspace,
        }
    }
}

/// A date in words, as notices write it: `22 November 2026`. Months count from 1.
#[must_use]
pub fn date(language: Language, day: u8, month: u8, year: i16) -> String {
    let months = match language {
        Language::En => english::MONTHS,
        Language::Fr => french::MONTHS,
    };
    let month = months[usize::from(month.clamp(1, 12)) - 1];
    format!("{day} {month} {year}")
}

/// A name as it may stand in a header: one line, nothing that ends it and nothing that turns its direction.
#[must_use]
pub fn one_line(name: &str) -> String {
    names::clean(name)
}

/// What the sentences may name, each already as it is shown.
struct Facts<'a> {
    workspace: String,
    at: &'a str,
    address: &'a str,
    words: BTreeMap<&'a str, String>,
    has_code: bool,
    code_until: &'a str,
    report_until: Option<&'a str>,
    contact: Option<String>,
}

impl Facts<'_> {
    fn word(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str).filter(|word| !word.is_empty())
    }

    fn number(&self, key: &str) -> Option<u32> {
        self.word(key)?.parse().ok()
    }
}

/// The sentences of one kind, in one language.
struct Words {
    /// What happened, in a few words.
    subject: String,
    /// What happened and when; what it means.
    paragraphs: Vec<String>,
    /// Above the code that the notice carries, with until when it is valid.
    code_label: String,
    /// What to do now; numbered where they are several.
    steps: Vec<String>,
    wrong: Wrong,
    /// Small, at the end: why this came.
    foot: Vec<String>,
}

/// What to do when something is not right.
struct Wrong {
    /// Above it: `If this was not you`
    heading: String,
    /// Before the code that answers it, which stands on a line of its own.
    before_code: Option<String>,
    /// After that code; or all there is to say, without one.
    after_code: Vec<String>,
}

/// A notice in words, whatever it is put on.
struct Said {
    language: &'static str,
    subject: String,
    greeting: String,
    paragraphs: Vec<String>,
    code: Option<SecretString>,
    code_label: String,
    steps: Vec<String>,
    wrong: Wrong,
    report: Option<SecretString>,
    foot: Vec<String>,
    workspace: String,
}

#[cfg(test)]
mod tests;
