//! The sealed letter: a recovery code that is handed over on paper, folded so that it lies inside.
//!
//! The page has three panels, one above the other. The lowest is folded up over the middle one, print on print; the
//! highest is folded back, so that the address is on the outside. The lowest carries a mesh where it lies on the code,
//! which makes the code hard to read against the light. It is no seal: tape closes the edges, or an envelope does.

use pdf_writer::{Content, types::StructRole};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use crate::{
    names::{self, Person, Shown},
    paper::{self, Column, END, Ink, PAGE, Page, PaperError, SIDE, Set, Style, WIDTH},
};

/// The words of the letter, already in the reader's language. Those of labels bring their own colon.
#[derive(Clone, Debug)]
pub struct LetterWords {
    /// The tag of that language (BCP 47), such as `fr`.
    pub language: String,
    /// What it is, inside, and the title of the file: `Recovery code`.
    pub title: String,
    /// Small, at the top, to whoever prints it: `Fold the lowest third up, then the highest third back. Close with tape.`
    pub fold: String,
    /// On the outside, above the name: `Personal – to be opened only by`.
    pub personal: String,
    /// Above the steps: `What to do`
    pub steps_heading: String,
    /// What to do, step by step; they are numbered here. Four short ones have room.
    pub steps: Vec<String>,
    /// Above the code: `Your code`
    pub code_heading: String,
    /// Before the time at which the code ends: `Valid until`
    pub valid_label: String,
    /// Above the spelling: `To read it out`
    pub spelling_heading: String,
    /// Above whom to call: `If something is not right`
    pub call_heading: String,
    /// When to call: `Call at once if the letter had been opened, or if you did not ask for it.`
    pub call: String,
    /// Before a line for a number to write by hand: `Telephone`
    pub phone_label: String,
}

/// What one letter says. Names are any text, and give way to the address when they cannot be printed.
pub struct Letter<'a> {
    /// The words around the facts.
    pub words: &'a LetterWords,
    /// The workspace's name: the sender, on the outside.
    pub workspace: &'a str,
    /// Whom the code is for.
    pub person: Person<'a>,
    /// Whom to call: the one who issued the code.
    pub contact: Person<'a>,
    /// When the code ends, as the reader's language writes it.
    pub valid_until: &'a str,
    /// The code as it is read, in groups divided by dashes.
    pub code: &'a SecretString,
    /// How each group is spelled, in their order: `Romeo, seven, Kilo, two, Mike`.
    pub spelling: &'a [SecretString],
}

/// Where the page is folded.
const FOLDS: [f32; 2] = [PAGE.1 / 3.0, PAGE.1 * 2.0 / 3.0];
/// Kept free on both sides of a fold.
const NEAR_FOLD: f32 = 14.0;

const CODE: f32 = 24.0;
const CODE_ROW: f32 = 34.0;
const LABEL_ROW: f32 = 17.0;
/// How thick the strokes of the code are, and those of its spelling.
const CODE_STROKE: f32 = 3.4;
const SPELLED_STROKE: f32 = 1.3;
/// The mesh is drawn once, and put beside itself so many times.
const MESHES: f32 = 4.0;
const SPELLED: f32 = 9.5;
const SPELLED_ROW: f32 = 13.0;
/// From a group to its spelling.
const SPELLING: f32 = 52.0;

/// The letter as a PDF of one page.
///
/// # Errors
/// [`PaperError`]: words that cannot be printed or do not fit, or a code that is none or not spelled group by group.
pub fn pdf(letter: &Letter<'_>) -> Result<SecretSlice<u8>, PaperError> {
    let code = letter.code.expose_secret();
    if !paper::is_code(code) || code.split('-').count() != letter.spelling.len() {
        return Err(PaperError::Code);
    }
    let rows = paper::rows(code, WIDTH, CODE).ok_or(PaperError::Code)?;
    // Each panel at a scale of its own: a long name on the outside must not make the steps small.
    let outside = |page: &mut Page, scale: f32| outside(page, scale, letter);
    let inside = |page: &mut Page, scale: f32| inside(page, scale, letter, &rows);
    let below = |page: &mut Page, scale: f32| below(page, scale, letter, rows.len());
    let scales = [paper::largest(outside)?, paper::largest(inside)?, paper::largest(below)?];

    let mut page = Page::new()?;
    marks(&mut page);
    outside(&mut page, scales[0]);
    inside(&mut page, scales[1]);
    below(&mut page, scales[2]);
    page.into_file(&letter.words.title, &letter.words.language)
}

/// Where to fold: a mark at each edge, and dots between them.
fn marks(page: &mut Page) {
    for fold in FOLDS {
        let y = PAGE.1 - fold;
        page.unread(|content| {
            content.set_line_width(0.75).set_stroke_gray(0.35);
            content.move_to(16.0, y).line_to(34.0, y).move_to(PAGE.0 - 34.0, y).line_to(PAGE.0 - 16.0, y).stroke();
            content.set_stroke_gray(0.65).set_dash_pattern([0.75, 5.0], 0.0);
            content.move_to(40.0, y).line_to(PAGE.0 - 40.0, y).stroke();
        });
    }
}

fn outside(page: &mut Page, scale: f32, letter: &Letter<'_>) -> bool {
    let words = letter.words;
    let workspace = names::printed_parts(letter.workspace, |symbol| page.can_print(symbol));
    let email = names::printed_parts(letter.person.email, |symbol| page.can_print(symbol));
    let (name, shown) = names::printed(&letter.person, |symbol| page.can_print(symbol));

    let mut column = Column { page, x: SIDE, width: WIDTH, y: END - 10.0, bottom: FOLDS[0] - NEAR_FOLD, scale };
    let small = Set { style: Style::Plain, size: 8.0, ink: Ink::Grey, lines: usize::MAX };
    column.block(StructRole::P, small, &words.fold);
    column.gap(22.0);
    column.block(StructRole::P, Set { size: 10.5, ink: Ink::Black, lines: 2, ..small }, &workspace);
    column.gap(30.0);
    column.block(StructRole::P, Set { style: Style::Bold, size: 11.0, ink: Ink::Black, lines: usize::MAX }, &words.personal);
    column.gap(6.0);
    let lines = if shown == Shown::Name { 2 } else { usize::MAX };
    column.block(StructRole::P, Set { size: 17.0, ink: Ink::Black, lines, ..small }, &name);
    if shown == Shown::Name {
        column.block(StructRole::P, Set { size: 11.0, ink: Ink::Black, ..small }, &email);
    }
    column.fits()
}

/// The steps from the top down; the code just above the fold, where the mesh will lie on it.
fn inside(page: &mut Page, scale: f32, letter: &Letter<'_>, rows: &[&str]) -> bool {
    let words = letter.words;
    let top = FOLDS[1] - NEAR_FOLD - code_height(letter, rows.len());
    let mut column = Column { page, x: SIDE, width: WIDTH, y: FOLDS[0] + NEAR_FOLD, bottom: top - 4.0, scale };
    column.block(StructRole::H1, Set { style: Style::Bold, size: 16.0, ink: Ink::Black, lines: usize::MAX }, &words.title);
    column.gap(4.0);
    column.heading(&words.steps_heading);
    column.steps(&words.steps);
    let fits = column.fits();

    // The validity stands at the right of the heading, and both keep within the line.
    let valid = format!("{} {}", words.valid_label, letter.valid_until);
    let size = 11.0 * (WIDTH / (page.text_width(Style::Bold, 11.0, &format!("{}    {valid}", words.code_heading)))).min(1.0);
    let base = top + 11.0;
    page.tagged(StructRole::H2, |page| page.text(Style::Bold, size, Ink::Black, (SIDE, base), &words.code_heading));
    let right = SIDE + WIDTH - page.text_width(Style::Bold, size, &valid);
    page.tagged(StructRole::P, |page| page.text(Style::Bold, size, Ink::Black, (right, base), &valid));
    let mut y = top + LABEL_ROW;
    page.tagged(StructRole::P, |page| {
        for row in rows {
            page.text(Style::Code, CODE, Ink::Black, (SIDE, y + CODE), row);
            y += CODE_ROW;
        }
    });
    page.tagged(StructRole::H2, |page| page.text(Style::Plain, SPELLED, Ink::Grey, (SIDE, y + 11.0), &words.spelling_heading));
    y += LABEL_ROW;
    for (group, spelled) in letter.code.expose_secret().split('-').zip(letter.spelling) {
        let spelled = spelled.expose_secret();
        let room = WIDTH - SPELLING;
        let size = SPELLED * (room / page.text_width(Style::Plain, SPELLED, spelled).max(room));
        page.tagged(StructRole::P, |page| {
            page.text(Style::Code, SPELLED, Ink::Grey, (SIDE, y + SPELLED), group);
            page.text(Style::Plain, size, Ink::Grey, (SIDE + SPELLING, y + SPELLED), spelled);
        });
        y += SPELLED_ROW;
    }
    fits
}

fn code_height(letter: &Letter<'_>, rows: usize) -> f32 {
    2.0 * LABEL_ROW + rows as f32 * CODE_ROW + letter.spelling.len() as f32 * SPELLED_ROW
}

fn below(page: &mut Page, scale: f32, letter: &Letter<'_>, rows: usize) -> bool {
    let words = letter.words;
    let covered = code_height(letter, rows);
    let email = names::printed_parts(letter.contact.email, |symbol| page.can_print(symbol));
    let (name, shown) = names::printed(&letter.contact, |symbol| page.can_print(symbol));

    // As far below the fold as the code is above it, and a little more all round, for a fold that is not quite straight.
    let (x, y, width) = (SIDE - 6.0, FOLDS[1] + NEAR_FOLD - 6.0, WIDTH + 12.0);
    let code = rows as f32 * CODE_ROW;
    let height = covered - LABEL_ROW + 12.0;
    page.stamp((width / MESHES, height), |content, size| {
        mesh(content, (0.0, size.1), SPELLED_STROKE, size.0);
        mesh(content, (0.0, code + 12.0), CODE_STROKE, size.0);
    });
    for number in 0..MESHES as u8 {
        page.put_stamp((x + f32::from(number) * width / MESHES, y + height));
    }
    let top = FOLDS[1] + NEAR_FOLD + covered + 10.0;
    let mut column = Column { page, x: SIDE, width: WIDTH, y: top, bottom: PAGE.1 - END + 14.0, scale };
    column.heading(&words.call_heading);
    column.prose(&words.call);
    column.gap(3.0);
    let who = Set { style: Style::Plain, size: 10.5, ink: Ink::Black, lines: 1 };
    if shown == Shown::Name {
        column.block(StructRole::P, who, &name);
    }
    column.block(StructRole::P, Set { lines: usize::MAX, ..who }, &email);
    column.gap(5.0);
    let room = column.label_room(&[&words.phone_label]);
    column.write_in(&words.phone_label, room);
    column.fits()
}

/// Strokes in every direction, as thick and as dark as those of the print that they will lie on, between two heights.
/// They are the same on every letter: what they hide must not show in them.
fn mesh(content: &mut Content, between: (f32, f32), stroke: f32, width: f32) {
    let mut state = 1_u32;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as f32 / 255.0
    };
    let count = |length: f32| (length / (2.9 * stroke)).round().max(1.0) as u16;
    let (columns, rows) = (count(width), count(between.1 - between.0));
    let cell = (width / f32::from(columns), (between.1 - between.0) / f32::from(rows));
    content.set_stroke_gray(0.0).set_line_width(stroke);
    for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
        let (x, y) = (f32::from(column) * cell.0, between.0 + f32::from(row) * cell.1);
        // From one side of the cell to the other, either across or down: every cell is crossed.
        let (from, to) = (random(), random());
        let ends = if random() < 0.5 { [(0.0, from), (1.0, to)] } else { [(from, 0.0), (to, 1.0)] };
        let [from, to] = ends.map(|end| ((x + end.0 * cell.0).round(), (y + end.1 * cell.1).round()));
        content.move_to(from.0, from.1).line_to(to.0, to.1);
    }
    content.stroke();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::{read, samples};

    const ADA: Person<'_> = Person { name: "Ada Lovelace", email: "ada@example.org" };
    const GRACE: Person<'_> = Person { name: "Grace Hopper", email: "grace@example.org" };

    fn made(
        words: &LetterWords,
        workspace: &str,
        person: Person<'_>,
        contact: Person<'_>,
        code: &str,
    ) -> Result<SecretSlice<u8>, PaperError> {
        let (code, spelling) = (SecretString::from(code), samples::spelling(samples::RECOVERY));
        pdf(&Letter { words, workspace, person, contact, valid_until: "28 July 2026, 14:05", code: &code, spelling: &spelling })
    }

    fn letter_to(workspace: &str, person: Person<'_>, contact: Person<'_>) -> SecretSlice<u8> {
        made(&samples::letter_words(), workspace, person, contact, samples::RECOVERY).expect("a letter")
    }

    #[test]
    fn another_program_reads_exactly_the_code_and_its_spelling() {
        let file = letter_to("Réseau Nord", ADA, GRACE);
        read::is_sound(&file, "Recovery code");
        read::nothing_overlaps(&file);
        let text = read::text(&file);
        assert_eq!(text.lines().filter(|line| *line == samples::RECOVERY).count(), 1, "{text}");
        assert!(text.contains("\nR7K2M November R, November 7, November K, November 2, November M\n9XQ4T "), "{text}");
        assert!(read::layout(&file).contains("Valid until 28 July 2026, 14:05"), "{text}");
        assert!(text.contains("\nGrace Hopper\ngrace@example.org\nTelephone"), "{text}");
    }

    #[test]
    fn the_outside_says_whom_it_is_for_and_not_the_code() {
        let file = letter_to("Réseau Nord", ADA, GRACE);
        let text = read::text(&file);
        let (outside, inside) = text.split_once("Recovery code\n").expect("the title inside");
        assert!(outside.ends_with("Réseau Nord\nPersonal – to be opened only by\nAda Lovelace\nada@example.org\n"), "{outside}");
        for group in samples::RECOVERY.split('-') {
            assert!(!outside.contains(group) && inside.contains(group), "{text}");
        }
    }

    #[test]
    fn each_third_keeps_to_itself() {
        let file = letter_to("Acme", ADA, GRACE);
        let thirds =
            |words: &[&str]| -> Vec<usize> { words.iter().map(|word| (read::middle_of(&file, word) / FOLDS[0]) as usize).collect() };
        assert_eq!(thirds(&["Personal", "Lovelace", "ada@example.org"]), [0, 0, 0]);
        assert_eq!(thirds(&["Sign", samples::RECOVERY, "R7K2M", "V5J0E"]), [1, 1, 1, 1]);
        assert_eq!(thirds(&["Call", "Telephone"]), [2, 2]);
    }

    #[test]
    fn the_code_and_its_spelling_come_to_lie_on_the_mesh() {
        let file = letter_to("Acme", ADA, GRACE);
        let picture = read::picture(&file);
        let secret = read::boxes_between(&file, read::middle_of(&file, samples::RECOVERY) - CODE, FOLDS[1]);
        assert!(secret.len() > 5 * 11, "{secret:?}");
        for [left, top, right, bottom] in secret {
            // What stands above the fold comes to lie as far below it.
            let below = read::darkness(&picture, [left, 2.0 * FOLDS[1] - bottom, right, 2.0 * FOLDS[1] - top]);
            let above = read::darkness(&picture, [left, top, right, bottom]);
            assert!(below > 0.3 && below > above, "{below} on {above}");
        }
    }

    #[test]
    fn french_fits_its_thirds() {
        let person = Person { name: "Zoë Œuvray", email: "zoe@exemple.fr" };
        let file = made(&samples::french_letter_words(), "Élysée", person, GRACE, samples::RECOVERY).expect("a letter");
        read::is_sound(&file, "Code de récupération");
        read::nothing_overlaps(&file);
        let text = read::text(&file);
        assert!(file.expose_secret().windows(9).any(|bytes| bytes == b"/Lang(fr)"));
        assert!(text.contains("Personnel – à n’ouvrir que par\nZoë Œuvray\n") && text.contains("Détruisez cette lettre."), "{text}");
    }

    #[test]
    fn a_name_that_cannot_be_printed_gives_way_to_the_address() {
        for name in samples::UNPRINTABLE {
            let text = read::text(&letter_to("🚀", Person { name, ..ADA }, Person { name, ..GRACE }));
            assert!(text.contains("\nPersonal – to be opened only by\nada@example.org\nRecovery code\n"), "{name:?}: {text}");
            assert!(text.contains("did not ask for it.\ngrace@example.org\nTelephone"), "{name:?}: {text}");
        }
    }

    #[test]
    fn the_longest_names_and_addresses_leave_the_code_alone() {
        for symbol in ['W', 'i'] {
            let (name, email) = (symbol.to_string().repeat(300), samples::longest_email(symbol));
            for name in [name.as_str(), "🌙"] {
                let person = Person { name, email: &email };
                let file = made(&samples::french_letter_words(), &symbol.to_string().repeat(300), person, person, samples::RECOVERY)
                    .expect("a letter");
                read::is_sound(&file, "Code de récupération");
                read::nothing_overlaps(&file);
                assert!(read::text(&file).contains(samples::RECOVERY));
            }
        }
    }

    #[test]
    fn a_code_that_is_none_or_not_spelled_is_refused() {
        for bad in ["", "R7K2M", "R7K2M-9XQ4T-B8DWH-3NPZC-V5J0É", "A-B-C-D-E-F"] {
            assert_eq!(made(&samples::letter_words(), "Acme", ADA, GRACE, bad).err(), Some(PaperError::Code), "{bad:?}");
        }
    }
}
