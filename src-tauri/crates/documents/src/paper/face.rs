//! The fonts: which symbols they have, how wide, and the part of each that a page uses.

use pdf_writer::{Buf, Name, Str, types::SystemInfo, types::UnicodeCmap};
use skrifa::{
    FontRef, GlyphId, MetadataProvider,
    charmap::Charmap,
    metrics::{GlyphMetrics, Metrics},
    prelude::{LocationRef, Size},
};
use subsetter::GlyphRemapper;

use super::PaperError;

/// The faces. Only [`Style::Plain`] has every letter that a name may have; [`Style::Code`] has ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Bold,
    Code,
}

impl Style {
    pub(super) const ALL: [Self; 3] = [Self::Plain, Self::Bold, Self::Code];

    /// Its name among the resources of the page.
    pub(super) fn resource(self) -> Name<'static> {
        match self {
            Self::Plain => Name(b"Plain"),
            Self::Bold => Name(b"Bold"),
            Self::Code => Name(b"Code"),
        }
    }

    pub(super) fn font_name(self) -> &'static str {
        match self {
            Self::Plain => "NotoSans-Regular",
            Self::Bold => "NotoSans-Bold",
            Self::Code => "NotoSansMono-Bold",
        }
    }

    fn data(self) -> &'static [u8] {
        match self {
            Self::Plain => include_bytes!("../../fonts/NotoSans-Regular.ttf"),
            Self::Bold => include_bytes!("../../fonts/NotoSans-Bold.ttf"),
            Self::Code => include_bytes!("../../fonts/NotoSansMono-Bold.ttf"),
        }
    }
}

/// How a PDF numbers glyphs: as the font does.
pub(super) const SYSTEM: SystemInfo<'_> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// One face, and what a page has used of it so far.
pub(super) struct Face {
    style: Style,
    charmap: Charmap<'static>,
    glyphs: GlyphMetrics<'static>,
    pub(super) metrics: Metrics,
    remapper: GlyphRemapper,
    /// For each glyph used, in the order of their new numbers: what it stands for, and its width.
    used: Vec<(char, f32)>,
}

impl Face {
    pub(super) fn new(style: Style) -> Result<Self, PaperError> {
        let font = FontRef::new(style.data()).map_err(|_| PaperError::Font)?;
        Ok(Self {
            style,
            charmap: font.charmap(),
            glyphs: font.glyph_metrics(Size::unscaled(), LocationRef::default()),
            metrics: font.metrics(Size::unscaled(), LocationRef::default()),
            remapper: GlyphRemapper::new(),
            used: Vec::new(),
        })
    }

    pub(super) fn has(&self, symbol: char) -> bool {
        self.charmap.map(symbol).is_some()
    }

    /// Of one symbol, in thousandths of the size of print. A symbol that the face lacks takes no room.
    pub(super) fn width(&self, symbol: char) -> f32 {
        self.charmap.map(symbol).map_or(0.0, |glyph| self.advance(glyph))
    }

    fn advance(&self, glyph: GlyphId) -> f32 {
        self.in_thousandths(self.glyphs.advance_width(glyph).unwrap_or_default())
    }

    pub(super) fn in_thousandths(&self, units: f32) -> f32 {
        units * 1000.0 / f32::from(self.metrics.units_per_em.max(1))
    }

    /// The number of a symbol's glyph in the part of the font that the file will carry.
    pub(super) fn use_glyph(&mut self, symbol: char) -> Option<u16> {
        let glyph = self.charmap.map(symbol)?;
        let number = self.remapper.remap(u16::try_from(glyph.to_u32()).ok()?);
        let width = self.advance(glyph);
        match self.used.get_mut(usize::from(number).checked_sub(1)?) {
            // A hyphen and a no-break hyphen may share a glyph: what is copied is then the plainer one.
            Some((stands_for, _)) => *stands_for = symbol.min(*stands_for),
            None => self.used.push((symbol, width)),
        }
        Some(number)
    }

    pub(super) fn is_used(&self) -> bool {
        !self.used.is_empty()
    }

    /// From glyph number 1 on.
    pub(super) fn widths(&self) -> impl Iterator<Item = f32> {
        self.used.iter().map(|(_, width)| *width)
    }

    /// What each glyph stands for, so that text can be copied and read aloud.
    pub(super) fn to_unicode(&self) -> Buf {
        let mut map = UnicodeCmap::<u16>::new(Name(b"Custom"), SYSTEM);
        for ((symbol, _), number) in self.used.iter().zip(1..) {
            map.pair(number, *symbol);
        }
        map.finish()
    }

    /// The part of the font that was used.
    pub(super) fn subset(&self) -> Result<Vec<u8>, PaperError> {
        subsetter::subset(self.style.data(), 0, &self.remapper).map_err(|_| PaperError::Font)
    }

    /// The name of that part: six letters that differ with it (ISO 32000-1 §9.6.4), and the name of the font.
    pub(super) fn subset_name(&self) -> String {
        let mut hash =
            self.remapper.remapped_gids().fold(0x811c_9dc5_u32, |hash, glyph| (hash ^ u32::from(glyph)).wrapping_mul(0x0100_0193));
        let mut name = String::new();
        for _ in 0..6 {
            name.push(char::from(b'A' + (hash % 26) as u8));
            hash /= 26;
        }
        name + "+" + self.style.font_name()
    }
}
