//! One page of A4, as a PDF that carries the part of its fonts that it uses.
//!
//! What is printed keeps far enough from the edges to come out whole on US Letter too.

mod code;
mod column;
mod face;
mod file;
mod page;
#[cfg(test)]
pub(crate) mod read;
#[cfg(test)]
pub(crate) mod samples;

use thiserror::Error;

pub(crate) use code::{CODE_SYMBOL, is_code, rows};
pub(crate) use column::{Column, Set};
pub(crate) use face::Style;
pub(crate) use page::{Ink, Page};

/// A4, in points of 1/72 inch.
pub(crate) const PAGE: (f32, f32) = (595.28, 841.89);
/// From the left and right edges.
pub(crate) const SIDE: f32 = 62.0;
/// From the top and bottom edges: 25 points more than a printer needs, since US Letter is 50 points shorter.
pub(crate) const END: f32 = 54.0;
/// How wide the print is.
pub(crate) const WIDTH: f32 = PAGE.0 - 2.0 * SIDE;

/// Why there is no paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PaperError {
    /// A word, a label or a date has a symbol that the fonts lack. Names and addresses never cause this.
    #[error("the words of this paper have a symbol that cannot be printed")]
    Symbol,
    /// The words do not fit on one page, even small. Names and addresses alone never cause this.
    #[error("the words of this paper do not fit on one page")]
    TooLong,
    /// A code is empty, has other symbols than letters, digits and dashes, is too long for its place, or has more or
    /// fewer groups than lines that spell it.
    #[error("this is not a code that can be printed")]
    Code,
    /// The fonts inside the program are damaged.
    #[error("the fonts of the program cannot be used")]
    Font,
}

/// The sizes of print to try, from the wished-for one down. Codes always keep theirs.
const SCALES: [f32; 8] = [1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58];

/// The largest scale at which `draw` says that everything fits, tried on pages that are thrown away.
pub(crate) fn largest(draw: impl Fn(&mut Page, f32) -> bool) -> Result<f32, PaperError> {
    for scale in SCALES {
        if draw(&mut Page::new()?, scale) {
            return Ok(scale);
        }
    }
    Err(PaperError::TooLong)
}

/// The page that `draw` makes at that scale.
pub(crate) fn fitted(draw: impl Fn(&mut Page, f32) -> bool) -> Result<Page, PaperError> {
    let scale = largest(&draw)?;
    let mut page = Page::new()?;
    draw(&mut page, scale);
    Ok(page)
}
