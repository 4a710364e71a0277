//! The backup codes as a text file: what somebody finds in a drawer a year later has to explain itself.

use secrecy::{ExposeSecret, SecretString};

use crate::names;

/// Lines of prose are broken after at most so many symbols, so that they fit a printed page in any font.
const WIDTH: usize = 72;

/// The first strong isolate and its end (UAX #9 §2.4.2): what is between keeps its own direction.
const ISOLATE: char = '\u{2068}';
const END_ISOLATE: char = '\u{2069}';

/// The words of the sheet, already in the reader's language. Labels bring their own colon, with its space in French.
#[derive(Clone, Debug)]
pub struct SheetWords {
    /// The first line: `Backup codes`.
    pub title: String,
    /// Before the workspace's name: `Workspace:`
    pub workspace_label: String,
    /// Before the person's name: `Account:`
    pub account_label: String,
    /// Before the address they sign in with: `E-mail:`
    pub email_label: String,
    /// Before the date: `Made on:`
    pub made_label: String,
    /// Above the codes, with the rule: `Each code works once. Cross it off when you have used it.`
    pub codes_heading: String,
    /// Above the steps: `How to use a code`
    pub how_to_use_heading: String,
    /// What to do, step by step; they are numbered here.
    pub how_to_use: Vec<String>,
    /// Above the advice: `Where to keep them`
    pub keep_safe_heading: String,
    /// Where to keep the sheet, what to do when it is lost, what kills these codes.
    pub keep_safe: String,
}

/// What one sheet says. Names are any text: see [`text`] for what happens to them.
pub struct Sheet<'a> {
    /// The words around the facts.
    pub words: &'a SheetWords,
    /// The workspace's name.
    pub workspace: &'a str,
    /// The person's name; its line is left out when nothing of it can be printed.
    pub account: &'a str,
    /// The address they sign in with.
    pub email: &'a str,
    /// The day the codes were made, as the reader's language writes it.
    pub made: &'a str,
    /// The codes as they are read, in groups: `XXXXX-XXXXX-XXXXX`.
    pub codes: &'a [SecretString],
}

/// The sheet as a text file: UTF-8 without a byte order mark, every line ended by LF.
///
/// Names lose control symbols and marks that turn the direction of what follows; line ends and tabs in them become one
/// space. A name with right-to-left letters is put between FSI and PDI, so that it cannot reorder its line.
pub fn text(sheet: &Sheet<'_>) -> SecretString {
    // Measured first and written second: a string that never grows leaves no copy of the codes behind.
    let mut length = 0;
    lay_out(sheet, &mut |part| length += part.len());
    let mut text = String::with_capacity(length);
    lay_out(sheet, &mut |part| text.push_str(part));
    text.into()
}

fn lay_out(sheet: &Sheet<'_>, put: &mut impl FnMut(&str)) {
    let words = sheet.words;
    paragraph(&words.title, "", put);
    put("\n");
    facts(sheet, put);
    put("\n");
    paragraph(&words.codes_heading, "", put);
    put("\n");
    codes(sheet.codes, put);
    put("\n");
    paragraph(&words.how_to_use_heading, "", put);
    put("\n");
    for (step, number) in words.how_to_use.iter().zip(1..) {
        paragraph(step, &format!("  {number}. "), put);
    }
    put("\n");
    paragraph(&words.keep_safe_heading, "", put);
    put("\n");
    paragraph(&words.keep_safe, "  ", put);
}

fn facts(sheet: &Sheet<'_>, put: &mut impl FnMut(&str)) {
    let words = sheet.words;
    let lines = [
        (&words.workspace_label, sheet.workspace),
        (&words.account_label, sheet.account),
        (&words.email_label, sheet.email),
        (&words.made_label, sheet.made),
    ];
    let widest = lines.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
    for (label, value) in lines {
        let value = printable(value);
        if !value.is_empty() {
            put(&format!("{label:widest$}  {value}\n"));
        }
    }
}

/// Numbered, with a box to tick, and a gap in the middle that keeps the eye on its line.
fn codes(codes: &[SecretString], put: &mut impl FnMut(&str)) {
    for (code, number) in codes.iter().zip(1..) {
        put(&format!("  [ ] {number:>2}.  "));
        put(code.expose_secret());
        put("\n");
        if number % 5 == 0 && number < codes.len() {
            put("\n");
        }
    }
}

/// Puts prose in lines of at most [`WIDTH`] symbols. The first begins with `lead`, the others are set in as far.
fn paragraph(prose: &str, lead: &str, put: &mut impl FnMut(&str)) {
    let indent = lead.chars().count();
    let mut at = indent;
    put(lead);
    // Only at ASCII blanks: French sets a no-break space before its colon.
    for (i, word) in prose.split_ascii_whitespace().enumerate() {
        let length = word.chars().count();
        if i > 0 && at + 1 + length > WIDTH {
            put("\n");
            put(&" ".repeat(indent));
            at = indent;
        } else if i > 0 {
            put(" ");
            at += 1;
        }
        put(word);
        at += length;
    }
    put("\n");
}

/// A name as it may stand in a line of text.
fn printable(name: &str) -> String {
    let clean = names::clean(name);
    if clean.chars().any(names::is_right_to_left) { format!("{ISOLATE}{clean}{END_ISOLATE}") } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> SheetWords {
        SheetWords {
            title: "Backup codes".into(),
            workspace_label: "Workspace:".into(),
            account_label: "Account:".into(),
            email_label: "E-mail:".into(),
            made_label: "Made on:".into(),
            codes_heading: "Each code works once. Cross it off when you have used it.".into(),
            how_to_use_heading: "How to use a code".into(),
            how_to_use: vec![
                "Sign in with your e-mail address and password.".into(),
                "When you are asked for a code, type one of these instead of the code from your authenticator app. \
                 Capital letters and dashes do not matter."
                    .into(),
            ],
            keep_safe_heading: "Where to keep them".into(),
            keep_safe: "On paper, away from your phone. New codes end these at once.".into(),
        }
    }

    fn ten() -> Vec<SecretString> {
        (0..10).map(|i| format!("{i}AAAA-BBBBB-CCCC{i}").into()).collect()
    }

    fn sheet_for(workspace: &str, account: &str, codes: &[SecretString]) -> String {
        let words = words();
        let sheet = Sheet { words: &words, workspace, account, email: "ada@example.org", made: "27 July 2026", codes };
        text(&sheet).expose_secret().to_owned()
    }

    #[test]
    fn the_whole_sheet_reads_like_this() {
        let expected = "\
Backup codes

Workspace:  Réseau Nord
Account:    Ada Lovelace
E-mail:     ada@example.org
Made on:    27 July 2026

Each code works once. Cross it off when you have used it.

  [ ]  1.  0AAAA-BBBBB-CCCC0
  [ ]  2.  1AAAA-BBBBB-CCCC1
  [ ]  3.  2AAAA-BBBBB-CCCC2
  [ ]  4.  3AAAA-BBBBB-CCCC3
  [ ]  5.  4AAAA-BBBBB-CCCC4

  [ ]  6.  5AAAA-BBBBB-CCCC5
  [ ]  7.  6AAAA-BBBBB-CCCC6
  [ ]  8.  7AAAA-BBBBB-CCCC7
  [ ]  9.  8AAAA-BBBBB-CCCC8
  [ ] 10.  9AAAA-BBBBB-CCCC9

How to use a code

  1. Sign in with your e-mail address and password.
  2. When you are asked for a code, type one of these instead of the
     code from your authenticator app. Capital letters and dashes do not
     matter.

Where to keep them

  On paper, away from your phone. New codes end these at once.
";
        assert_eq!(sheet_for("Réseau Nord", "Ada Lovelace", &ten()), expected);
    }

    #[test]
    fn a_name_cannot_add_a_line_that_looks_like_a_code() {
        let forged = "Ada\n  [ ] 11.  EVIL0-EVIL0-EVIL0\r\u{2028}\u{85}\t\u{b}x";
        let sheet = sheet_for("Acme", forged, &ten());
        assert!(sheet.contains("Account:    Ada [ ] 11. EVIL0-EVIL0-EVIL0 x\n"), "{sheet}");
        assert_eq!(sheet.lines().count(), sheet_for("Acme", "Ada", &ten()).lines().count());
    }

    #[test]
    fn a_name_cannot_turn_the_direction_of_the_sheet() {
        for mark in "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".chars() {
            let sheet = sheet_for("Acme", &format!("A{mark}da"), &ten());
            assert!(sheet.contains("Account:    Ada\n"), "{mark:?}");
        }
    }

    #[test]
    fn a_right_to_left_name_keeps_its_direction_to_itself() {
        for name in ["שרה אברהם", "فاطمة 🌙", "Ada שרה"] {
            let sheet = sheet_for("Acme", name, &ten());
            assert!(sheet.contains(&format!("Account:    \u{2068}{name}\u{2069}\n")), "{sheet}");
        }
        assert!(!sheet_for("Ελλάς 日本 é", "Ada", &ten()).contains(ISOLATE));
    }

    #[test]
    fn emoji_and_long_names_come_through_whole() {
        let name = "👩‍💻".repeat(100);
        assert_eq!(name.chars().count(), 300);
        assert!(sheet_for(&name, "Ada", &ten()).contains(&format!("Workspace:  {name}\n")));
    }

    #[test]
    fn a_name_of_nothing_but_controls_leaves_no_empty_line() {
        let sheet = sheet_for("Acme", "\u{202e}\u{0}\n \u{7f}", &ten());
        assert!(!sheet.contains("Account:"));
        assert!(sheet.contains("E-mail:     ada@example.org\n"));
    }

    #[test]
    fn the_file_has_unix_line_ends_no_byte_order_mark_and_no_control_symbol() {
        let sheet = sheet_for("\u{feff}Acme\r\n\u{1b}[31m", "Ada\0", &ten());
        assert!(sheet.starts_with("Backup codes\n"));
        assert!(sheet.ends_with('\n') && !sheet.ends_with("\n\n"));
        assert!(sheet.chars().all(|c| c == '\n' || !c.is_control()));
        assert!(!sheet.contains('\u{feff}'));
    }

    #[test]
    fn each_code_stands_alone_on_a_numbered_line_in_order() {
        let sheet = sheet_for("Acme", "Ada", &ten());
        let found: Vec<_> = sheet.lines().filter_map(|line| line.strip_prefix("  [ ] ")).collect();
        let wanted: Vec<_> = ten().iter().zip(1..).map(|(code, n)| format!("{n:>2}.  {}", code.expose_secret())).collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn the_text_is_measured_right_so_that_it_never_moves_in_memory() {
        let words = words();
        let codes = ten();
        let sheet =
            Sheet {
                words: &words, workspace: "שרה", account: "👩‍💻 é", email: "ada@example.org", made: "27 July 2026", codes: &codes
            };
        let mut length = 0;
        lay_out(&sheet, &mut |part| length += part.len());
        assert_eq!(text(&sheet).expose_secret().len(), length);
    }
}
