//! What is drawn on the page, in points from its upper left corner.

use std::mem;

use pdf_writer::{Buf, Content, Name, Str, types::StructRole};
use zeroize::{Zeroize, Zeroizing};

use super::{
    PAGE, PaperError,
    face::{Face, Style},
};

/// Room for what a page draws, so that growing leaves no copy of a code behind.
const ROOM: usize = 256 * 1024;

/// How dark something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    Grey,
    Pale,
}

impl Ink {
    fn level(self) -> f32 {
        match self {
            Self::Black => 0.0,
            Self::Grey => 0.35,
            Self::Pale => 0.65,
        }
    }
}

/// A page that is being drawn. It may hold codes: what it drew is wiped with it.
pub(crate) struct Page {
    content: Content,
    faces: [Face; 3],
    /// The roles of what was drawn, in reading order; the index is the mark in the content.
    roles: Vec<StructRole>,
    lacks_symbol: bool,
    stamp: Option<((f32, f32), Buf)>,
}

/// The name of the stamp among the resources of the page.
pub(super) const STAMP: Name<'_> = Name(b"Stamp");

impl Page {
    pub(crate) fn new() -> Result<Self, PaperError> {
        let [plain, bold, code] = Style::ALL.map(Face::new);
        Ok(Self {
            content: Content::with_capacity(ROOM),
            faces: [plain?, bold?, code?],
            roles: Vec::new(),
            lacks_symbol: false,
            stamp: None,
        })
    }

    /// Whether a name may be set in [`Style::Plain`]: no face has letters from right to left, emoji or combining marks.
    pub(crate) fn can_print(&self, symbol: char) -> bool {
        self.faces[Style::Plain as usize].has(symbol)
    }

    /// Of one symbol.
    pub(crate) fn symbol_width(&self, style: Style, size: f32, symbol: char) -> f32 {
        self.faces[style as usize].width(symbol) * size / 1000.0
    }

    pub(crate) fn text_width(&self, style: Style, size: f32, text: &str) -> f32 {
        text.chars().map(|symbol| self.symbol_width(style, size, symbol)).sum()
    }

    /// Sets one line, `at` being the left end of its baseline. Call it inside [`Page::tagged`].
    pub(crate) fn text(&mut self, style: Style, size: f32, ink: Ink, at: (f32, f32), text: &str) {
        let face = &mut self.faces[style as usize];
        let mut glyphs = Zeroizing::new(Vec::with_capacity(2 * text.len()));
        for symbol in text.chars() {
            match face.use_glyph(symbol) {
                Some(glyph) => glyphs.extend(glyph.to_be_bytes()),
                None => self.lacks_symbol = true,
            }
        }
        self.content.set_fill_gray(ink.level());
        self.content.begin_text().set_font(style.resource(), size).next_line(at.0, PAGE.1 - at.1).show(Str(&glyphs)).end_text();
    }

    /// What `draw` draws is one paragraph, heading or cell for those who have the page read to them.
    pub(crate) fn tagged<T>(&mut self, role: StructRole, draw: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.roles.len() as i32;
        self.content.begin_marked_content_with_properties(role.to_name()).properties().identify(mark);
        self.roles.push(role);
        let drawn = draw(self);
        self.content.end_marked_content();
        drawn
    }

    /// What `draw` draws is for the eye only.
    pub(crate) fn unread(&mut self, draw: impl FnOnce(&mut Content)) {
        self.content.begin_marked_content(Name(b"Artifact")).save_state();
        draw(&mut self.content);
        self.content.restore_state().end_marked_content();
    }

    pub(crate) fn line(&mut self, ink: Ink, width: f32, from: (f32, f32), to: (f32, f32)) {
        self.unread(|content| {
            content.set_stroke_gray(ink.level()).set_line_width(width);
            content.move_to(from.0, PAGE.1 - from.1).line_to(to.0, PAGE.1 - to.1).stroke();
        });
    }

    /// A frame; `at` is its upper left corner.
    pub(crate) fn frame(&mut self, ink: Ink, width: f32, at: (f32, f32), size: (f32, f32)) {
        self.unread(|content| {
            content.set_stroke_gray(ink.level()).set_line_width(width);
            content.rect(at.0, PAGE.1 - at.1 - size.1, size.0, size.1).stroke();
        });
    }

    /// Draws a pattern to be put in several places, in points from its *lower* left corner. It must hold no secret.
    pub(crate) fn stamp(&mut self, size: (f32, f32), draw: impl FnOnce(&mut Content, (f32, f32))) {
        let mut content = Content::new();
        draw(&mut content, size);
        self.stamp = Some((size, content.finish()));
    }

    /// Puts the stamp down; `at` is its lower left corner.
    pub(crate) fn put_stamp(&mut self, at: (f32, f32)) {
        self.unread(|content| {
            content.transform([1.0, 0.0, 0.0, 1.0, at.0, PAGE.1 - at.1]).x_object(STAMP);
        });
    }

    /// What was drawn. The page is empty after.
    pub(super) fn take(&mut self) -> Result<Drawn<'_>, PaperError> {
        if self.lacks_symbol {
            return Err(PaperError::Symbol);
        }
        let content = mem::replace(&mut self.content, Content::with_capacity(0)).finish();
        debug_assert!(content.len() <= ROOM, "the page outgrew its room, and left copies of what it holds");
        Ok(Drawn { content: Wiped(content), faces: &self.faces, roles: &self.roles, stamp: self.stamp.as_ref() })
    }
}

/// A page that has been drawn.
pub(super) struct Drawn<'p> {
    pub(super) content: Wiped,
    pub(super) faces: &'p [Face; 3],
    pub(super) roles: &'p [StructRole],
    /// Its size, and what it draws.
    pub(super) stamp: Option<&'p ((f32, f32), Buf)>,
}

/// A buffer that is wiped when it is let go.
pub(super) struct Wiped(Buf);

impl Wiped {
    pub(super) fn as_slice(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        let empty = Content::with_capacity(0).finish();
        mem::replace(&mut self.0, empty).into_vec().zeroize();
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        drop(Wiped(mem::replace(&mut self.content, Content::with_capacity(0)).finish()));
    }
}
