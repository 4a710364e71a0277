//! The backup codes as a printable sheet: ten codes, each with a box to cross.

use pdf_writer::types::StructRole;
use secrecy::{ExposeSecret, SecretSlice};

use crate::{
    backup_codes::Sheet,
    names::{self, Person, Shown},
    paper::{self, CODE_SYMBOL, Column, END, Ink, PAGE, Page, PaperError, SIDE, Style, WIDTH},
};

const CODE: f32 = 17.0;
const ROW: f32 = 30.0;
const BOX: f32 = 12.0;
/// From the left of a column of codes to its codes: the box, and the number.
const LEAD: f32 = 46.0;
/// From one column of codes to the next.
const BETWEEN: f32 = 18.0;

/// The sheet as a PDF of one page. `language` is a tag of BCP 47, such as `fr`: what the sheet is read aloud in.
///
/// A name with symbols that cannot be printed (emoji, scripts from right to left and most of the world's others) gives
/// way to the e-mail address; of a workspace's name the rest is printed. Long names are cut, addresses are not.
///
/// # Errors
/// [`PaperError`]: words that cannot be printed or do not fit, or codes that are none. About twenty rows of codes fit.
pub fn pdf(sheet: &Sheet<'_>, language: &str) -> Result<SecretSlice<u8>, PaperError> {
    let widest = ((WIDTH - BETWEEN) / 2.0 - LEAD) / CODE;
    for code in sheet.codes {
        let code = code.expose_secret();
        if !paper::is_code(code) || code.len() as f32 * CODE_SYMBOL > widest {
            return Err(PaperError::Code);
        }
    }
    paper::fitted(|page, scale| draw(page, scale, sheet))?.into_file(&sheet.words.title, language)
}

fn draw(page: &mut Page, scale: f32, sheet: &Sheet<'_>) -> bool {
    let words = sheet.words;
    let workspace = names::printed_parts(sheet.workspace, |symbol| page.can_print(symbol));
    let email = names::printed_parts(sheet.email, |symbol| page.can_print(symbol));
    let person = Person { name: sheet.account, email: sheet.email };
    let (account, shown) = names::printed(&person, |symbol| page.can_print(symbol));

    let mut column = Column { page, x: SIDE, width: WIDTH, y: END, bottom: PAGE.1 - END, scale };
    column.title(&words.title);
    column.rule();
    let labels = [&words.workspace_label, &words.account_label, &words.email_label, &words.made_label].map(String::as_str);
    let room = column.label_room(&labels);
    column.fact(labels[0], room, &workspace, Style::Plain, 2);
    column.fact(labels[1], room, &account, Style::Plain, if shown == Shown::Name { 2 } else { usize::MAX });
    column.fact(labels[2], room, &email, Style::Plain, usize::MAX);
    column.fact(labels[3], room, sheet.made, Style::Plain, 2);
    column.gap(16.0);

    column.heading(&words.codes_heading);
    column.gap(6.0);
    codes(&mut column, sheet);
    column.gap(18.0);

    column.heading(&words.how_to_use_heading);
    column.steps(&words.how_to_use);
    column.gap(12.0);
    column.heading(&words.keep_safe_heading);
    column.prose(&words.keep_safe);
    column.fits()
}

/// In two columns, numbered down the left one first.
fn codes(column: &mut Column<'_>, sheet: &Sheet<'_>) {
    let rows = sheet.codes.len().div_ceil(2).max(1);
    for (index, code) in sheet.codes.iter().enumerate() {
        let x = column.x + if index < rows { 0.0 } else { (column.width + BETWEEN) / 2.0 };
        let base = column.y + ROW * (index % rows) as f32 + ROW * 0.68;
        column.page.frame(Ink::Black, 1.0, (x + 0.5, base - BOX + 0.5), (BOX, BOX));
        column.page.tagged(StructRole::P, |page| {
            let number = format!("{}. ", index + 1);
            let width = page.text_width(Style::Plain, 9.5, &number);
            page.text(Style::Plain, 9.5, Ink::Grey, (x + LEAD - 4.0 - width, base), &number);
            page.text(Style::Code, CODE, Ink::Black, (x + LEAD, base), code.expose_secret());
        });
    }
    column.y += ROW * rows as f32;
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::{
        backup_codes::SheetWords,
        paper::{read, samples},
    };

    fn sheet_of(words: &SheetWords, workspace: &str, account: &str, email: &str, codes: &[SecretString]) -> SecretSlice<u8> {
        let sheet = Sheet { words, workspace, account, email, made: "27 July 2026", codes };
        pdf(&sheet, "en").expect("a sheet")
    }

    fn sheet_for(workspace: &str, account: &str, email: &str) -> SecretSlice<u8> {
        sheet_of(&samples::sheet_words(), workspace, account, email, &samples::codes())
    }

    #[test]
    fn another_program_reads_exactly_the_ten_codes() {
        let text = read::text(&sheet_for("Réseau Nord", "Ada Lovelace", "ada@example.org"));
        let (_, after) = text.split_once("Each code can be used once.\n").expect("the heading");
        let (found, _) = after.split_once("How to use a code\n").expect("the next one");
        let wanted: String = samples::codes().iter().zip(1..).map(|(code, n)| format!("{n}. {}\n", code.expose_secret())).collect();
        assert_eq!(found, wanted, "{text}");
    }

    #[test]
    fn it_says_whose_codes_they_are_and_what_to_do() {
        let file = sheet_for("Réseau Nord", "Ada Lovelace", "ada@example.org");
        read::is_sound(&file, "Sallyport backup codes");
        read::nothing_overlaps(&file);
        let text = read::text(&file);
        for said in ["Workspace Réseau Nord\n", "Account Ada Lovelace\n", "E-mail ada@example.org\n", "Made 27 July 2026\n"] {
            assert!(text.contains(said), "{said:?} in {text}");
        }
        let tags = read::tags(&file);
        assert!(
            tags.starts_with("Document\n  H1 (block)\n    \"Sallyport backup codes\"\n  P (block)\n    \"Workspace Réseau Nord\"\n"),
            "{tags}"
        );
        assert!(text.contains("\n3. Choose Verify, and cross the code off here.\nWhere to keep them\n"), "{text}");
    }

    #[test]
    fn french_comes_out_with_its_accents() {
        let words = samples::french_sheet_words();
        let file = sheet_of(&words, "Élysée", "Zoë Œuvray-Ÿ", "zoe@exemple.fr", &samples::codes());
        read::is_sound(&file, "Codes de secours Sallyport");
        read::nothing_overlaps(&file);
        let text = read::text(&file);
        for said in ["Chaque code ne sert qu’une fois ; cœur, où, Ÿ.", "Zoë Œuvray-Ÿ", "Élysée", "« Vérifier »", "Où les conserver"]
        {
            assert!(text.replace(['\u{a0}', '\u{202f}'], " ").contains(said), "{said:?} in {text}");
        }
    }

    #[test]
    fn a_name_that_cannot_be_printed_gives_way_to_the_address() {
        for name in samples::UNPRINTABLE {
            let text = read::text(&sheet_for("Acme", name, "ada@example.org"));
            assert!(text.contains("Account ada@example.org\nE-mail ada@example.org\n"), "{name:?}: {text}");
        }
        let text = read::text(&sheet_for("Nord 🚀", "Ελένη Жуковa Đặng", "ada@example.org"));
        assert!(text.contains("Workspace Nord …\nAccount Ελένη Жуковa Đặng\n"), "{text}");
        assert!(!read::text(&sheet_for("🚀", "Ada", "ada@example.org")).contains("Workspace"));
    }

    #[test]
    fn the_longest_names_and_addresses_leave_the_codes_alone() {
        for symbol in ['W', 'i', 'é'] {
            let name = symbol.to_string().repeat(300);
            let email = samples::longest_email(if symbol == 'é' { 'm' } else { symbol });
            for account in [name.as_str(), "🌙"] {
                let file = sheet_of(&samples::french_sheet_words(), &name, account, &email, &samples::codes());
                read::is_sound(&file, "Codes de secours Sallyport");
                read::nothing_overlaps(&file);
                let text = read::text(&file).replace('\n', "");
                assert!(text.contains(&email), "the address is whole: {text}");
                assert!(text.contains("…"), "the name is cut: {text}");
                assert!(samples::codes().iter().all(|code| text.contains(code.expose_secret())), "{text}");
            }
        }
        let words = "Anne Marie ".repeat(27);
        read::nothing_overlaps(&sheet_for(&words, &words, "ada@example.org"));
    }

    #[test]
    fn a_name_cannot_add_a_code() {
        let text = read::text(&sheet_for("Acme", "Ada\n11. EVIL0-EVIL0-EVIL0", "ada@example.org"));
        assert!(text.contains("Account Ada 11. EVIL0-EVIL0-EVIL0\n"), "{text}");
    }

    #[test]
    fn equal_sheets_are_equal_bytes_and_hold_no_code_in_the_clear() {
        let once = sheet_for("Acme", "Ada", "ada@example.org");
        let twice = sheet_for("Acme", "Ada", "ada@example.org");
        assert!(once.expose_secret() == twice.expose_secret());
        for code in samples::codes() {
            let group = &code.expose_secret().as_bytes()[..5];
            assert!(!once.expose_secret().windows(5).any(|bytes| bytes == group), "a search of the disk would find it");
        }
        assert!(format!("{once:?}").contains("REDACTED"));
    }

    #[test]
    fn words_and_codes_that_cannot_be_printed_are_refused() {
        let refused = |change: &dyn Fn(&mut SheetWords), codes: &[SecretString]| {
            let mut words = samples::sheet_words();
            change(&mut words);
            let sheet = Sheet { words: &words, workspace: "Acme", account: "Ada", email: "ada@example.org", made: "today", codes };
            pdf(&sheet, "en").err()
        };
        let codes = samples::codes();
        assert_eq!(refused(&|_| (), &codes), None);
        assert_eq!(refused(&|words| words.title = "コード".into(), &codes), Some(PaperError::Symbol));
        assert_eq!(refused(&|words| words.keep_safe = "word ".repeat(5000), &codes), Some(PaperError::TooLong));
        for bad in ["", "ABC DE", "ABCDÉ", "AAAAA-AAAAA-AAAAA-AAAAA"] {
            assert_eq!(refused(&|_| (), &[bad.into()]), Some(PaperError::Code), "{bad:?}");
        }
    }

    /// Prints figures, judges nothing: `cargo test --release -p documents -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement"]
    #[allow(clippy::print_stdout, reason = "it is there to print")]
    fn how_long_a_sheet_takes() {
        #[allow(clippy::disallowed_methods, reason = "a measurement")]
        let start = std::time::Instant::now();
        let mut size = 0;
        for _ in 0..100 {
            size = sheet_for("Réseau Nord", "Ada Lovelace", "ada@example.org").expose_secret().len();
        }
        println!("{:.2} ms a sheet of {size} bytes", start.elapsed().as_secs_f64() * 10.0);
    }
}
