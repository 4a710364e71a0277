//! Pictures of QR codes: screenshots and photographs, PNG or JPEG.

use crate::read::{Batch, SeedFileError};
use crate::seed::Entry;
use crate::{marks, migration, otpauth};
use image::{GrayImage, ImageReader, Limits};
use std::io::Cursor;
use zeroize::{Zeroize, Zeroizing};

const MAX_PIXELS: u64 = 40_000_000;
const MAX_SIDE: u32 = 20_000;

/// Reads every QR code of a picture.
///
/// # Errors
/// [`SeedFileError::TooManyPixels`] is told from the header, before anything is decoded.
pub(crate) fn read(bytes: &[u8], batches: &mut Vec<Batch>) -> Result<Vec<Entry>, SeedFileError> {
    let mut picture = decoded(bytes)?;
    let mut codes = codes(&picture);
    if codes.is_empty() && picture.width().min(picture.height()) >= 800 {
        // A photograph's noise is smoothed by halving it.
        codes = self::codes(&image::imageops::thumbnail(&picture, picture.width() / 2, picture.height() / 2));
    }
    picture.as_flat_samples_mut().samples.zeroize();
    if codes.is_empty() {
        return Err(SeedFileError::NoCode);
    }
    let mut entries = Vec::new();
    for code in &codes {
        let code = code.trim();
        let start = code.get(..8).unwrap_or_default();
        if let Some(payload) = migration::payload(code) {
            let (found, batch) = payload.and_then(|payload| migration::read(&payload)).ok_or(SeedFileError::Damaged { line: None })?;
            entries.extend(found);
            batches.extend(batch);
        } else if start.eq_ignore_ascii_case("otpauth:") {
            entries.push(otpauth::link(0, code));
        }
    }
    for (place, entry) in (1..).zip(&mut entries) {
        entry.place = place;
    }
    if entries.is_empty() && batches.is_empty() { Err(SeedFileError::OtherCode) } else { Ok(entries) }
}

/// Whether every palette of a PNG has whole colours (PNG, third edition §11.2.2). png 0.18.1 panics at one that has not
/// (image-png issue 694); newer ones refuse it.
fn has_whole_palette(bytes: &[u8]) -> bool {
    let mut chunks = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n").unwrap_or_default();
    while let Some((length, rest)) = chunks.split_first_chunk() {
        let length = u32::from_be_bytes(*length) as usize;
        if rest.starts_with(b"PLTE") && !length.is_multiple_of(3) {
            return false;
        }
        // Its kind before it, its checksum after.
        chunks = rest.get(length.saturating_add(8)..).unwrap_or_default();
    }
    true
}

fn decoded(bytes: &[u8]) -> Result<GrayImage, SeedFileError> {
    let damaged = |_| SeedFileError::Damaged { line: None };
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| SeedFileError::Damaged { line: None });
    let (width, height) = reader()?.into_dimensions().map_err(damaged)?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width > MAX_SIDE || height > MAX_SIDE {
        return Err(SeedFileError::TooManyPixels);
    }
    if !has_whole_palette(bytes) {
        return Err(SeedFileError::Damaged { line: None });
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_PIXELS * 8);
    let mut reader = reader()?;
    reader.limits(limits);
    let picture = reader.decode().map_err(damaged)?;
    // Transparent counts as white: many tools draw a code in black on nothing.
    let mut grey = GrayImage::new(width, height);
    let mut rgba = picture.into_rgba8();
    for (to, from) in grey.pixels_mut().zip(rgba.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        let light = (red * 299 + green * 587 + blue * 114) / 1000;
        to.0 = [u8::try_from((light * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)];
    }
    rgba.as_flat_samples_mut().samples.zeroize();
    Ok(grey)
}

fn codes(picture: &GrayImage) -> Vec<Zeroizing<String>> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| picture.get_pixel(x as u32, y as u32).0[0]);
    // Nothing is 0 in what was prepared but white.
    if !marks::are_few(picture.width(), picture.height(), |x, y| prepared.get_pixel_at(x as usize, y as usize) != 0) {
        return Vec::new();
    }
    let mut codes: Vec<Zeroizing<String>> = Vec::new();
    for grid in prepared.detect_grids() {
        if let Ok((_, text)) = grid.decode() {
            let text = Zeroizing::new(text);
            if !codes.contains(&text) {
                codes.push(text);
            }
        }
    }
    codes
}
