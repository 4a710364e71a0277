//! A notice on paper, for a workspace without mail: handed over, or put into a window envelope.

use pdf_writer::types::StructRole;
use secrecy::{ExposeSecret, SecretSlice};

use super::{Notice, Said};
use crate::{
    names::{self, Shown},
    paper::{self, Column, END, Ink, PAGE, Page, PaperError, SIDE, Set, Style, WIDTH},
};

const CODE: f32 = 15.0;
const CODE_ROW: f32 = 22.0;

pub(super) fn pdf(notice: &Notice<'_>) -> Result<SecretSlice<u8>, PaperError> {
    let page = Page::new()?;
    let can_print = |symbol| page.can_print(symbol);
    let said = notice.said(&|text| names::printed_parts(text, can_print));
    let (name, shown) = names::printed(&notice.person, can_print);
    // Half a name may be somebody else's: the address greets in its place.
    let said = match shown {
        Shown::Name => said,
        Shown::Email => {
            Notice { person: names::Person { name: "", ..notice.person }, ..*notice }.said(&|text| names::printed_parts(text, can_print))
        }
    };
    let email = names::printed_parts(notice.person.email, can_print);
    let mut codes = Vec::new();
    for code in [&said.code, &said.report] {
        let Some(code) = code else {
            codes.push(Vec::new());
            continue;
        };
        if !paper::is_code(code.expose_secret()) {
            return Err(PaperError::Code);
        }
        codes.push(paper::rows(code.expose_secret(), WIDTH, CODE).ok_or(PaperError::Code)?);
    }
    let to = match shown {
        Shown::Name => [name.as_str(), email.as_str()],
        Shown::Email => [email.as_str(), ""],
    };
    let draw = |page: &mut Page, scale: f32| draw(page, scale, &said, to, &codes[0], &codes[1]);
    paper::fitted(draw)?.into_file(&said.subject, said.language)
}

fn draw(page: &mut Page, scale: f32, said: &Said, to: [&str; 2], code: &[&str], report: &[&str]) -> bool {
    let mut column = Column { page, x: SIDE, width: WIDTH, y: END, bottom: PAGE.1 - END, scale };
    let plain = Set { style: Style::Plain, size: 10.5, ink: Ink::Black, lines: 2 };
    column.block(StructRole::P, Set { ink: Ink::Grey, ..plain }, &said.workspace);
    column.gap(26.0);
    for line in to {
        column.block(StructRole::P, Set { size: 12.0, lines: usize::MAX, ..plain }, line);
    }
    column.gap(34.0);
    column.title(&said.subject);
    column.gap(4.0);
    column.prose(&said.greeting);
    column.gap(6.0);
    for words in &said.paragraphs {
        column.prose(words);
        column.gap(6.0);
    }
    if !code.is_empty() {
        column.gap(4.0);
        column.heading(&said.code_label);
        rows(&mut column, code);
    }
    match said.steps.as_slice() {
        [only] => column.prose(only),
        steps => column.steps(steps),
    }
    column.gap(18.0);
    column.rule();
    column.heading(&said.wrong.heading);
    if let Some(words) = &said.wrong.before_code {
        column.prose(words);
    }
    if !report.is_empty() {
        column.gap(6.0);
        rows(&mut column, report);
    }
    for words in &said.wrong.after_code {
        column.prose(words);
        column.gap(4.0);
    }
    column.gap(14.0);
    for words in &said.foot {
        column.block(StructRole::P, Set { size: 8.5, ink: Ink::Grey, lines: usize::MAX, ..plain }, words);
    }
    column.fits()
}

fn rows(column: &mut Column<'_>, rows: &[&str]) {
    let (x, y) = (column.x, column.y);
    column.page.tagged(StructRole::P, |page| {
        for (number, row) in rows.iter().enumerate() {
            page.text(Style::Code, CODE, Ink::Black, (x, y + CODE_ROW * number as f32 + CODE), row);
        }
    });
    column.y += CODE_ROW * rows.len() as f32;
    column.gap(6.0);
}
