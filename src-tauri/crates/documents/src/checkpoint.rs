//! The checkpoint on paper: what hangs on a wall, so that nobody can rewrite the journal from before it unnoticed.

use pdf_writer::types::StructRole;
use secrecy::{SecretSlice, SecretString};

use crate::{
    names,
    paper::{self, Column, END, Ink, PAGE, Page, PaperError, SIDE, Set, Style, WIDTH},
    qr::{self, Modules, QUIET_ZONE},
};

/// The words of the paper, already in the reader's language. Labels bring their own colon.
#[derive(Clone, Debug)]
pub struct CheckpointWords {
    /// The tag of that language (BCP 47), such as `fr`.
    pub language: String,
    /// The first line, and the title of the file: `Checkpoint of the journal`.
    pub title: String,
    /// Below it: `Hang this where others see it, or give it to somebody who does not run this workspace.`
    pub keep: String,
    /// Before the workspace's name.
    pub workspace_label: String,
    /// Before the moment at which it was taken.
    pub taken_label: String,
    /// Before how many entries it is of.
    pub entries_label: String,
    /// Above the checkpoint: `Checkpoint`
    pub checkpoint_heading: String,
    /// Above the key: `Public key`
    pub key_heading: String,
    /// Above the steps: `How to verify with it`
    pub how_heading: String,
    /// What to do, step by step; they are numbered here.
    pub how: Vec<String>,
    /// Above the lines to write on: `Hung up`
    pub signed_heading: String,
    /// Before a line for a place.
    pub place_label: String,
    /// Before a line for a name.
    pub name_label: String,
    /// Before a line for a date.
    pub date_label: String,
}

/// What one paper says. Nothing of it is secret.
pub struct CheckpointPaper<'a> {
    /// The words around the facts.
    pub words: &'a CheckpointWords,
    /// The workspace's name: any text. What cannot be printed of it is left out.
    pub workspace: &'a str,
    /// When the checkpoint was taken, as the reader's language writes it.
    pub taken: &'a str,
    /// How many entries it is of, as the reader's language writes it.
    pub entries: &'a str,
    /// The signed note (C2SP tlog-checkpoint), with its line ends.
    pub note: &'a str,
    /// The public key, as `name+id+key`.
    pub key: &'a str,
}

/// How wide a QR code is, with its quiet zone.
const QR: f32 = 150.0;
/// Between a QR code and its text.
const BESIDE: f32 = 12.0;
const TYPED: f32 = 8.5;

/// The paper as a PDF of one page.
///
/// # Errors
/// [`PaperError`]: words that cannot be printed or do not fit, or a note or a key that no QR code holds.
pub fn pdf(paper: &CheckpointPaper<'_>) -> Result<SecretSlice<u8>, PaperError> {
    let code = |text: &str| qr::modules(&SecretString::from(text)).map_err(|_| PaperError::Code);
    let codes = [code(paper.note)?, code(paper.key)?];
    paper::fitted(|page, scale| draw(page, scale, paper, &codes))?.into_file(&paper.words.title, &paper.words.language)
}

fn draw(page: &mut Page, scale: f32, paper: &CheckpointPaper<'_>, [note, key]: &[Modules; 2]) -> bool {
    let words = paper.words;
    let workspace = names::printed_parts(paper.workspace, |symbol| page.can_print(symbol));
    let mut column = Column { page, x: SIDE, width: WIDTH, y: END, bottom: PAGE.1 - END, scale };
    column.title(&words.title);
    column.prose(&words.keep);
    column.gap(8.0);
    column.rule();
    let labels = [&words.workspace_label, &words.taken_label, &words.entries_label].map(String::as_str);
    let room = column.label_room(&labels);
    column.fact(labels[0], room, &workspace, Style::Plain, 3);
    column.fact(labels[1], room, paper.taken, Style::Plain, 2);
    column.fact(labels[2], room, paper.entries, Style::Plain, 2);
    column.gap(10.0);

    column.heading(&words.checkpoint_heading);
    typed(&mut column, note, paper.note);
    column.gap(10.0);
    column.heading(&words.key_heading);
    typed(&mut column, key, paper.key);
    column.gap(10.0);

    column.heading(&words.how_heading);
    column.steps(&words.how);
    column.gap(10.0);
    column.heading(&words.signed_heading);
    let labels = [&words.place_label, &words.name_label, &words.date_label].map(String::as_str);
    let room = column.label_room(&labels);
    for label in labels {
        column.gap(7.0);
        column.write_in(label, room);
    }
    column.fits()
}

/// A text as it is typed, beside its QR code, which keeps its size whatever the scale.
fn typed(column: &mut Column<'_>, code: &Modules, text: &str) {
    let (x, y) = (column.x, column.y);
    picture(column.page, code, (x, y));
    let mut beside = Column {
        page: &mut *column.page,
        x: x + QR + BESIDE,
        width: column.width - QR - BESIDE,
        y: y + QR * QUIET_ZONE as f32 / (code.side as u32 + 2 * QUIET_ZONE) as f32,
        bottom: column.bottom,
        scale: column.scale,
    };
    for line in text.lines() {
        // The line of a signature begins with a dash that the face for codes lacks.
        let style = if line.is_ascii() { Style::Code } else { Style::Plain };
        if line.is_empty() {
            beside.gap(TYPED);
        } else {
            beside.block(StructRole::P, Set { style, size: TYPED, ink: Ink::Black, lines: usize::MAX }, line);
        }
    }
    column.y = beside.y.max(y + QR);
}

/// The dark modules as squares; `at` is the upper left corner of the quiet zone.
fn picture(page: &mut Page, code: &Modules, at: (f32, f32)) {
    let module = QR / (code.side as u32 + 2 * QUIET_ZONE) as f32;
    let quiet = module * QUIET_ZONE as f32;
    page.unread(|content| {
        content.set_fill_gray(0.0);
        for (y, row) in code.dark.chunks_exact(code.side).enumerate() {
            // Neighbours are one bar: between two there would be a hair of light.
            let mut from = 0;
            while let Some(begin) = row[from..].iter().position(|dark| *dark).map(|next| from + next) {
                let end = row[begin..].iter().position(|dark| !*dark).map_or(row.len(), |length| begin + length);
                let (left, top) = (at.0 + quiet + begin as f32 * module, at.1 + quiet + y as f32 * module);
                content.rect(left, PAGE.1 - top - module, (end - begin) as f32 * module, module);
                from = end;
            }
        }
        content.fill_nonzero();
    });
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::{paper::read, tools};

    const NOTE: &str = "sallyport/018f3c5e-7a10-7cc0-8d4e-2b6f9a1c3d57/1\n4812\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u{2014} sallyport/018f3c5e-7a10-7cc0-8d4e-2b6f9a1c3d57/1 x2M7vLJjQ2ybyB0fh3rTKdJyX6Rz5sFmW8nUq1LpA4cVdG9hEoYbIw+kN7tQmPzSgXrCfDjHaOl0iBvT5u3eZRxk2M8wF=\n";
    const KEY: &str = "sallyport/018f3c5e-7a10-7cc0-8d4e-2b6f9a1c3d57/1+c7633bbc+AaL8bYq2cKfJ0R9zXw5sT3vE7nUhDpGmQ4iOyB6kLxAd";

    fn words() -> CheckpointWords {
        CheckpointWords {
            language: "fr".into(),
            title: "Point de contrôle du journal".into(),
            keep: "Affichez cette feuille là où d’autres la voient, ou donnez-la à quelqu’un qui n’administre pas cet espace.".into(),
            workspace_label: "Espace de travail".into(),
            taken_label: "Pris le".into(),
            entries_label: "Entrées".into(),
            checkpoint_heading: "Point de contrôle".into(),
            key_heading: "Clé publique".into(),
            how_heading: "Comment vérifier".into(),
            how: vec!["Exportez le journal.".into(), "Scannez le code\u{a0}: « vérifier ».".into()],
            signed_heading: "Affiché".into(),
            place_label: "Lieu".into(),
            name_label: "Nom".into(),
            date_label: "Date".into(),
        }
    }

    fn made(workspace: &str) -> SecretSlice<u8> {
        let words = words();
        let paper =
            CheckpointPaper { words: &words, workspace, taken: "22 nov. 2026, 14:25", entries: "4\u{202f}812", note: NOTE, key: KEY };
        pdf(&paper).expect("a paper")
    }

    #[test]
    fn an_independent_reader_reads_note_and_key_off_the_paper() {
        let file = made("Réseau Nord");
        read::is_sound(&file, "Point de contrôle du journal");
        read::nothing_overlaps(&file);
        let found = tools::run(
            Command::new("zbarimg").args(["--quiet", "--raw", "--set", "disable", "--set", "qrcode.enable", "pgm:-"]),
            &read::picture(&file),
        );
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        assert!(found.contains(NOTE) && found.contains(KEY), "{found}");
    }

    #[test]
    fn whoever_cannot_scan_can_type_it() {
        let text: String = read::text(&made("Réseau Nord")).split_whitespace().collect();
        for typed in [NOTE, KEY] {
            let typed: String = typed.split_whitespace().collect();
            assert!(text.contains(&typed), "{typed} in {text}");
        }
    }

    #[test]
    fn odd_and_long_workspace_names_leave_the_rest_alone() {
        for name in ["W".repeat(300), "Acme 🚀".into(), "שלום".into()] {
            let file = made(&name);
            read::is_sound(&file, "Point de contrôle du journal");
            read::nothing_overlaps(&file);
        }
    }
}
