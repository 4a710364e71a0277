//! Prose in a column, from the top down.

use pdf_writer::types::StructRole;

use super::{
    face::Style,
    page::{Ink, Page},
};

/// From one baseline to the next, in sizes of print.
const LEADING: f32 = 1.32;

const TITLE: f32 = 22.0;
const HEADING: f32 = 12.0;
const PROSE: f32 = 10.5;
const LABEL: f32 = 9.5;

/// A part of the page that is filled from its top. What does not fit is drawn all the same: ask [`Column::fits`] after.
pub(crate) struct Column<'p> {
    pub(crate) page: &'p mut Page,
    pub(crate) x: f32,
    pub(crate) width: f32,
    /// Where the next thing begins.
    pub(crate) y: f32,
    /// What must not be passed.
    pub(crate) bottom: f32,
    /// Of all print, and of the gaps in it.
    pub(crate) scale: f32,
}

/// How something is set.
#[derive(Clone, Copy)]
pub(crate) struct Set {
    pub(crate) style: Style,
    pub(crate) size: f32,
    pub(crate) ink: Ink,
    /// After so many lines the rest becomes an ellipsis.
    pub(crate) lines: usize,
}

const PLAIN: Set = Set { style: Style::Plain, size: PROSE, ink: Ink::Black, lines: usize::MAX };

impl Column<'_> {
    pub(crate) fn title(&mut self, text: &str) {
        self.block(StructRole::H1, Set { style: Style::Bold, size: TITLE, ..PLAIN }, text);
        self.gap(4.0);
    }

    pub(crate) fn heading(&mut self, text: &str) {
        self.block(StructRole::H2, Set { style: Style::Bold, size: HEADING, ..PLAIN }, text);
        self.gap(2.0);
    }

    pub(crate) fn prose(&mut self, text: &str) {
        self.block(StructRole::P, PLAIN, text);
    }

    /// Prose under a number or a dot, set in as far as `lead` is wide.
    pub(crate) fn item(&mut self, lead: &str, text: &str) {
        let size = PROSE * self.scale;
        let indent = 20.0 * self.scale;
        let (x, first) = (self.x, self.y + size);
        self.page.tagged(StructRole::P, |page| {
            // The blank divides it from the prose where the page is read aloud.
            page.text(Style::Plain, size, Ink::Grey, (x, first), &format!("{lead} "));
            self.y = lines(page, PLAIN, size, (x + indent, self.y), self.width - indent, text);
        });
        self.gap(2.5);
    }

    /// Numbered items.
    pub(crate) fn steps(&mut self, steps: &[String]) {
        for (step, number) in steps.iter().zip(1..) {
            self.item(&format!("{number}."), step);
        }
    }

    /// A label, and what it is of to the right of it, `indent` from the left; left out when that is empty.
    pub(crate) fn fact(&mut self, label: &str, indent: f32, value: &str, style: Style, most_lines: usize) {
        if value.is_empty() {
            return;
        }
        let size = PROSE * self.scale;
        let (x, top) = (self.x, self.y);
        let labels = Set { size: LABEL, ink: Ink::Grey, ..PLAIN };
        self.page.tagged(StructRole::P, |page| {
            // Both on one baseline, whatever their sizes.
            let below =
                lines(page, labels, LABEL * self.scale, (x, top + (PROSE - LABEL) * self.scale), indent - 8.0, &format!("{label} "));
            let values = Set { style, lines: most_lines, ..PLAIN };
            self.y = lines(page, values, size, (x + indent, top), self.width - indent, value).max(below);
        });
        self.gap(1.5);
    }

    /// A label, and a line to write on by hand, `indent` from the left.
    pub(crate) fn write_in(&mut self, label: &str, indent: f32) {
        let base = self.y + LABEL * self.scale * 1.2;
        let set = Set { size: LABEL, ink: Ink::Grey, lines: 1, ..PLAIN };
        let (x, top) = (self.x, self.y);
        self.page.tagged(StructRole::P, |page| lines(page, set, LABEL * self.scale, (x, top), indent - 8.0, label));
        self.page.line(Ink::Grey, 0.75, (x + indent, base), ((x + indent + 280.0).min(x + self.width), base));
        self.y = base + 5.0;
    }

    /// Room for labels of facts: what the widest takes, within reason.
    pub(crate) fn label_room(&self, labels: &[&str]) -> f32 {
        let widest = labels.iter().map(|label| self.page.text_width(Style::Plain, LABEL * self.scale, label)).fold(0.0, f32::max);
        (widest + 18.0).min(self.width * 0.4)
    }

    /// A paragraph.
    pub(crate) fn block(&mut self, role: StructRole, set: Set, text: &str) {
        let size = set.size * self.scale;
        self.y = self.page.tagged(role, |page| lines(page, set, size, (self.x, self.y), self.width, text));
    }

    pub(crate) fn gap(&mut self, points: f32) {
        self.y += points * self.scale;
    }

    /// A line across the column.
    pub(crate) fn rule(&mut self) {
        self.page.line(Ink::Pale, 0.75, (self.x, self.y), (self.x + self.width, self.y));
        self.gap(10.0);
    }

    pub(crate) fn fits(&self) -> bool {
        self.y <= self.bottom
    }
}

/// Sets lines from `at` down, and says where the next one would begin.
fn lines(page: &mut Page, set: Set, size: f32, at: (f32, f32), width: f32, text: &str) -> f32 {
    let wrapped = wrap(text, width, |symbol| page.symbol_width(set.style, size, symbol));
    let mut y = at.1;
    for (number, line) in wrapped.iter().take(set.lines).enumerate() {
        let place = (at.0, y + size);
        if number + 1 == set.lines && wrapped.len() > set.lines {
            let room = width - page.symbol_width(set.style, size, '…');
            let kept = start_within(line.trim_end(), room, |symbol| page.symbol_width(set.style, size, symbol));
            page.text(set.style, size, set.ink, place, &format!("{}…", kept.trim_end()));
        } else {
            page.text(set.style, size, set.ink, place, line);
        }
        y += size * LEADING;
    }
    y
}

/// Breaks a text at its ASCII blanks, and within a word that has no line to itself. Each line keeps the blanks at its
/// end, which take no room but divide the words when the text is copied.
pub(crate) fn wrap(text: &str, width: f32, symbol_width: impl Fn(char) -> f32) -> Vec<&str> {
    let measure = |text: &str| text.chars().map(&symbol_width).sum::<f32>();
    let mut lines = Vec::new();
    let (mut start, mut end) = (0, 0);
    for word in text.split_inclusive(' ') {
        let after = end + word.len();
        if end > start && measure(text[start..after].trim_end()) > width {
            lines.push(&text[start..end]);
            start = end;
        }
        end = after;
        while measure(text[start..end].trim_end()) > width {
            let part = start_within(&text[start..end], width, &symbol_width);
            // A symbol wider than the column still has to go somewhere.
            let part = if part.is_empty() { text[start..end].chars().next().map_or(0, char::len_utf8) } else { part.len() };
            lines.push(&text[start..start + part]);
            start += part;
        }
    }
    if end > start {
        lines.push(&text[start..end]);
    }
    lines
}

/// As much of the beginning as is no wider than `width`.
fn start_within(text: &str, width: f32, symbol_width: impl Fn(char) -> f32) -> &str {
    let mut so_far = 0.0;
    let fits = |(_, symbol): &(usize, char)| {
        so_far += symbol_width(*symbol);
        so_far > width
    };
    text.char_indices().find(fits).map_or(text, |(place, _)| &text[..place])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &str) -> Vec<&str> {
        wrap(text, 10.0, |_| 1.0)
    }

    #[test]
    fn lines_are_broken_between_words_and_lose_nothing() {
        assert_eq!(lines_of("one two three"), ["one two ", "three"]);
        assert_eq!(lines_of("exactly 10 and"), ["exactly 10 ", "and"]);
        assert_eq!(lines_of(""), Vec::<&str>::new());
        for text in ["  a  b   c ", "aé🌙 bcdefghijklmnopqrst uvw", "a\u{a0}b c\u{a0}d e\u{a0}f"] {
            assert_eq!(lines_of(text).concat(), text);
            assert!(lines_of(text).iter().all(|line| line.trim_end().chars().count() <= 10), "{text:?}");
        }
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken_inside() {
        assert_eq!(lines_of("abcdefghijklmnopqrstuvwxyz"), ["abcdefghij", "klmnopqrst", "uvwxyz"]);
        assert_eq!(lines_of("a abcdefghijkl b"), ["a ", "abcdefghij", "kl b"]);
        assert_eq!(wrap("ab", 0.5, |_| 1.0), ["a", "b"]);
    }

    #[test]
    fn a_no_break_space_holds_words_together() {
        assert_eq!(lines_of("à bien noter\u{a0}: ici"), ["à bien ", "noter\u{a0}: ", "ici"]);
    }
}
