//! The recovery kit: the sheet in the safe, which opens the vault and proves the owner when all else is lost.

use pdf_writer::types::StructRole;
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use crate::{
    names,
    paper::{self, Column, END, Ink, PAGE, Page, PaperError, SIDE, Style, WIDTH},
};

/// The words of the kit, already in the reader's language. Labels bring their own colon.
#[derive(Clone, Debug)]
pub struct KitWords {
    /// The tag of that language (BCP 47), such as `fr`.
    pub language: String,
    /// The first line, and the title of the file: `Recovery kit`.
    pub title: String,
    /// Below it: `Keep this sheet in a safe. Whoever holds it can open the workspace and act as its owner.`
    pub keep: String,
    /// Before the workspace's name.
    pub workspace_label: String,
    /// Before the vault's id.
    pub vault_label: String,
    /// Before the date.
    pub made_label: String,
    /// Above the code: `Kit code`
    pub code_heading: String,
    /// Above what it does: `What this code does`
    pub does_heading: String,
    /// What it opens, what it proves, that its use is told to every administrator, that a new kit replaces it.
    pub does: Vec<String>,
    /// Above the steps: `How to use it`
    pub how_to_use_heading: String,
    /// What to do, step by step; they are numbered here.
    pub how_to_use: Vec<String>,
    /// Above the lines to write on: `Put into the safe by`
    pub signed_heading: String,
    /// Before a line for a name.
    pub name_label: String,
    /// Before a line for a date.
    pub date_label: String,
    /// Before a line for a signature.
    pub signature_label: String,
}

/// What one kit says.
pub struct Kit<'a> {
    /// The words around the facts.
    pub words: &'a KitWords,
    /// The workspace's name: any text. What cannot be printed of it is left out.
    pub workspace: &'a str,
    /// The vault's id, which is also the name of its folder.
    pub vault: &'a str,
    /// The day the kit was made, as the reader's language writes it.
    pub made: &'a str,
    /// The code as it is read, in groups divided by dashes.
    pub code: &'a SecretString,
}

const CODE: f32 = 24.0;
const CODE_ROW: f32 = 36.0;
/// Between the frame and the code.
const INSET: f32 = 16.0;

/// The kit as a PDF of one page.
///
/// # Errors
/// [`PaperError`]: words that cannot be printed or do not fit, or a code or an id that is none.
pub fn pdf(kit: &Kit<'_>) -> Result<SecretSlice<u8>, PaperError> {
    let code = kit.code.expose_secret();
    if !paper::is_code(code) || !paper::is_code(kit.vault) {
        return Err(PaperError::Code);
    }
    let rows = paper::rows(code, WIDTH - 2.0 * INSET, CODE).ok_or(PaperError::Code)?;
    paper::fitted(|page, scale| draw(page, scale, kit, &rows))?.into_file(&kit.words.title, &kit.words.language)
}

fn draw(page: &mut Page, scale: f32, kit: &Kit<'_>, rows: &[&str]) -> bool {
    let words = kit.words;
    let workspace = names::printed_parts(kit.workspace, |symbol| page.can_print(symbol));
    let mut column = Column { page, x: SIDE, width: WIDTH, y: END, bottom: PAGE.1 - END, scale };
    column.title(&words.title);
    column.prose(&words.keep);
    column.gap(8.0);
    column.rule();
    let labels = [&words.workspace_label, &words.vault_label, &words.made_label].map(String::as_str);
    let room = column.label_room(&labels);
    column.fact(labels[0], room, &workspace, Style::Plain, 3);
    column.fact(labels[1], room, kit.vault, Style::Code, usize::MAX);
    column.fact(labels[2], room, kit.made, Style::Plain, 2);
    column.gap(14.0);

    column.heading(&words.code_heading);
    column.gap(4.0);
    code(&mut column, rows);
    column.gap(18.0);

    column.heading(&words.does_heading);
    for line in &words.does {
        column.item("•", line);
    }
    column.gap(10.0);
    column.heading(&words.how_to_use_heading);
    column.steps(&words.how_to_use);
    column.gap(14.0);
    column.heading(&words.signed_heading);
    let labels = [&words.name_label, &words.date_label, &words.signature_label].map(String::as_str);
    let room = column.label_room(&labels);
    for label in labels {
        column.gap(9.0);
        column.write_in(label, room);
    }
    column.fits()
}

fn code(column: &mut Column<'_>, rows: &[&str]) {
    let (x, y, width) = (column.x, column.y, column.width);
    let height = CODE_ROW * rows.len() as f32 + INSET;
    column.page.frame(Ink::Black, 1.0, (x, y), (width, height));
    column.page.tagged(StructRole::P, |page| {
        // Rows begin below one another, and the longest stands in the middle.
        let longest = rows.iter().map(|row| page.text_width(Style::Code, CODE, row)).fold(0.0, f32::max);
        for (number, row) in rows.iter().enumerate() {
            let base = y + INSET / 2.0 + CODE_ROW * number as f32 + 0.74 * CODE_ROW;
            page.text(Style::Code, CODE, Ink::Black, (x + (width - longest) / 2.0, base), row);
        }
    });
    column.y += height;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::{read, samples};

    fn made(workspace: &str, vault: &str, code: &str) -> Result<SecretSlice<u8>, PaperError> {
        let code = SecretString::from(code);
        pdf(&Kit { words: &samples::kit_words(), workspace, vault, made: "27 July 2026", code: &code })
    }

    fn kit_of(workspace: &str) -> SecretSlice<u8> {
        made(workspace, samples::VAULT, samples::KIT).expect("a kit")
    }

    #[test]
    fn another_program_reads_exactly_the_code_and_the_id() {
        let file = kit_of("Réseau Nord");
        read::is_sound(&file, "Recovery kit");
        read::nothing_overlaps(&file);
        let text = read::text(&file);
        let (_, after) = text.split_once("Kit code\n").expect("the heading");
        let (code, _) = after.split_once("What this code does\n").expect("the next one");
        assert_eq!(code, format!("{}\n", samples::KIT), "{text}");
        assert!(text.contains(&format!("Workspace Réseau Nord\nVault {}\nMade 27 July 2026\n", samples::VAULT)), "{text}");
    }

    #[test]
    fn it_says_what_it_does_and_has_room_to_sign() {
        let text = read::text(&kit_of("Acme"));
        for said in
            ["• It opens the vault", "• When it is used, every administrator is told.", "• A new kit replaces it", "3. Print a new kit"]
        {
            assert!(text.contains(said), "{said:?} in {text}");
        }
        assert!(text.ends_with("Put into the safe by\nName\nDate\nSignature\n"), "{text}");
    }

    #[test]
    fn odd_and_long_workspace_names_leave_the_code_alone() {
        for (name, shown) in
            [("W".repeat(300), "W…\nVault"), ("Acme 🚀".into(), "\nWorkspace Acme …\nVault"), ("שלום".into(), "owner.\nVault")]
        {
            let file = kit_of(&name);
            read::is_sound(&file, "Recovery kit");
            read::nothing_overlaps(&file);
            let text = read::text(&file);
            assert!(text.contains(shown), "{shown:?} in {text}");
            assert!(text.contains(samples::KIT), "{text}");
        }
    }

    #[test]
    fn codes_of_other_lengths_have_room() {
        for groups in [1, 5, 6, 13, 26] {
            let code = vec!["0ABCD"; groups].join("-");
            let file = made("Acme", samples::VAULT, &code).expect("a kit");
            read::nothing_overlaps(&file);
            assert_eq!(read::text(&file).matches("0ABCD").count(), groups);
        }
        for (vault, code) in [(samples::VAULT, ""), (samples::VAULT, "AÉ"), ("", "ABCDE"), (samples::VAULT, &*"A".repeat(40))] {
            assert_eq!(made("Acme", vault, code).err(), Some(PaperError::Code), "{vault:?}, {code:?}");
        }
    }
}
