//! QR codes of key URIs, as PNG pictures.

use image::{
    ExtendedColorType, ImageEncoder,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use qrcode::{Color, EcLevel, QrCode, types::QrError as Unencodable};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use thiserror::Error;
use zeroize::Zeroizing;

/// The light border that a reader needs, in modules on each side (ISO/IEC 18004, quiet zone).
pub const QUIET_ZONE: u32 = 4;

/// The most pixels that a module may be wide.
pub const MAX_PIXELS_PER_MODULE: u32 = 32;

const DARK: u8 = 0;
const LIGHT: u8 = 255;

/// Why no picture could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum QrError {
    /// The text is longer than the largest symbol holds at this level: 2,331 bytes.
    #[error("the text is too long for a QR code")]
    TooLong,
    /// The size asked for is not 1 to [`MAX_PIXELS_PER_MODULE`].
    #[error("a module of a QR code must be 1 to {MAX_PIXELS_PER_MODULE} pixels wide")]
    PixelsPerModule,
    /// The picture could not be encoded.
    #[error("the picture of the QR code could not be made")]
    Picture,
}

/// A QR code of `uri`: PNG, 8 bit greyscale, pure black on white, error correction level M, smallest version that fits.
///
/// The picture is `(modules + 8) * pixels_per_module` pixels on each side; a key URI of 100 bytes makes 41 modules.
/// Whoever sees it has the secret. Our buffers are wiped; those inside the PNG encoder are not ours to wipe.
///
/// # Errors
/// [`QrError`]: a text that is too long, or a size out of range.
pub fn png(uri: &SecretString, pixels_per_module: u32) -> Result<SecretSlice<u8>, QrError> {
    if !(1..=MAX_PIXELS_PER_MODULE).contains(&pixels_per_module) {
        return Err(QrError::PixelsPerModule);
    }
    draw(encode(uri)?, pixels_per_module)
}

/// As [`png`], with the widest modules that keep the picture within `side` pixels, and at least 1. Modules of whole
/// pixels are what a phone reads off a screen.
///
/// # Errors
/// [`QrError::TooLong`].
pub fn png_within(uri: &SecretString, side: u32) -> Result<SecretSlice<u8>, QrError> {
    let code = encode(uri)?;
    let widest = side / (code.width() as u32 + 2 * QUIET_ZONE);
    draw(code, widest.clamp(1, MAX_PIXELS_PER_MODULE))
}

/// A QR code as its modules, row by row, without the quiet zone: for what is drawn on paper. It must hold no secret.
pub(crate) struct Modules {
    /// How many there are a side.
    pub(crate) side: usize,
    /// Which are dark.
    pub(crate) dark: Vec<bool>,
}

pub(crate) fn modules(text: &SecretString) -> Result<Modules, QrError> {
    let code = encode(text)?;
    let side = code.width();
    Ok(Modules { side, dark: code.into_colors().into_iter().map(|color| color == Color::Dark).collect() })
}

fn encode(uri: &SecretString) -> Result<QrCode, QrError> {
    QrCode::with_error_correction_level(uri.expose_secret(), EcLevel::M).map_err(|error| match error {
        Unencodable::DataTooLong => QrError::TooLong,
        _ => QrError::Picture,
    })
}

fn draw(code: QrCode, pixels_per_module: u32) -> Result<SecretSlice<u8>, QrError> {
    let modules = code.width();
    let mut colors = code.into_colors();
    let pixels = pixels(&colors, modules, pixels_per_module);
    colors.fill(Color::Light);

    let side = (modules as u32 + 2 * QUIET_ZONE) * pixels_per_module;
    // Room for the worst case, so that growing never leaves a copy behind.
    let mut file = Zeroizing::new(Vec::with_capacity(pixels.len() + side as usize + 1024));
    // Rows of a module are alike: filter "up" turns all but the first into zeros.
    PngEncoder::new_with_quality(&mut *file, CompressionType::Fast, FilterType::Up)
        .write_image(&pixels, side, side, ExtendedColorType::L8)
        .map_err(|_| QrError::Picture)?;
    // A vector with room to spare would be moved when it becomes a slice, and its old place not wiped.
    Ok(SecretSlice::from(file.to_vec()))
}

fn pixels(colors: &[Color], modules: usize, scale: u32) -> Zeroizing<Vec<u8>> {
    let scale = scale as usize;
    let quiet = QUIET_ZONE as usize * scale;
    let side = modules * scale + 2 * quiet;
    let mut pixels = Zeroizing::new(vec![LIGHT; side * side]);
    for (y, row) in colors.chunks_exact(modules).enumerate() {
        let first = (quiet + y * scale) * side;
        for (x, _) in row.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            let from = first + quiet + x * scale;
            pixels[from..from + scale].fill(DARK);
        }
        for copy in 1..scale {
            pixels.copy_within(first..first + side, first + copy * side);
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use image::{GrayImage, ImageFormat};

    use super::*;
    use crate::tools;

    const URI: &str =
        "otpauth://totp/R%C3%A9seau%20Nord:ada%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=R%C3%A9seau%20Nord";

    fn picture(uri: &str, scale: u32) -> GrayImage {
        let file = png(&uri.into(), scale).expect("a short text");
        let picture = image::load_from_memory_with_format(file.expose_secret(), ImageFormat::Png).expect("a PNG");
        assert_eq!(picture.color(), image::ColorType::L8);
        picture.into_luma8()
    }

    #[test]
    fn an_independent_reader_reads_exactly_the_uri() {
        for scale in [3, 8] {
            let file = png(&URI.into(), scale).expect("a short text");
            let read = tools::run(
                Command::new("zbarimg").args(["--quiet", "--raw", "--set", "disable", "--set", "qrcode.enable", "png:-"]),
                file.expose_secret(),
            );
            assert_eq!(String::from_utf8_lossy(&read.stdout), format!("{URI}\n"), "at {scale} pixels a module");
        }
    }

    #[test]
    fn the_quiet_zone_is_four_light_modules_all_round() {
        let scale = 8;
        let picture = picture(URI, scale);
        let side = picture.width();
        let quiet = 4 * scale;
        assert_eq!(picture.height(), side);
        for (x, y, pixel) in picture.enumerate_pixels() {
            let inside = (quiet..side - quiet).contains(&x) && (quiet..side - quiet).contains(&y);
            assert!(inside || pixel.0 == [255], "({x}, {y})");
        }
        // The finder patterns begin right behind it, in three of the corners.
        let last = side - quiet - 1;
        for (x, y) in [(quiet, quiet), (last, quiet), (quiet, last)] {
            assert_eq!(picture.get_pixel(x, y).0, [0], "({x}, {y})");
        }
    }

    #[test]
    fn every_module_is_a_square_of_pure_black_or_white() {
        let small = picture(URI, 1);
        let scale = 5;
        let large = picture(URI, scale);
        assert_eq!(large.width(), small.width() * scale);
        for (x, y, pixel) in large.enumerate_pixels() {
            assert!(matches!(pixel.0, [0 | 255]));
            assert_eq!(pixel, small.get_pixel(x / scale, y / scale));
        }
    }

    #[test]
    fn a_text_that_no_symbol_holds_is_refused() {
        let longest = "\u{7f}".repeat(2331);
        assert!(png(&longest.as_str().into(), 1).is_ok());
        let longer = "\u{7f}".repeat(2332);
        assert_eq!(png(&longer.as_str().into(), 1).err(), Some(QrError::TooLong));
    }

    #[test]
    fn a_size_out_of_range_is_refused() {
        assert_eq!(png(&URI.into(), 0).err(), Some(QrError::PixelsPerModule));
        assert_eq!(png(&URI.into(), 33).err(), Some(QrError::PixelsPerModule));
        assert!(png(&URI.into(), 32).is_ok());
    }

    #[test]
    fn a_picture_within_a_side_has_the_widest_whole_modules() {
        let modules = picture(URI, 1).width();
        for side in [modules, 280, 281, 1000] {
            let file = png_within(&URI.into(), side).expect("a short text");
            let width = image::load_from_memory(file.expose_secret()).expect("a picture").width();
            assert_eq!(width, side / modules * modules, "within {side}");
        }
        assert!(png_within(&URI.into(), 10).is_ok(), "too small a side still gives a picture");
    }

    #[test]
    fn the_file_holds_the_picture_and_nothing_about_it() {
        let file = png(&URI.into(), 1).expect("a short text");
        let mut rest = &file.expose_secret()[8..];
        let mut kinds = Vec::new();
        while let Some((length, more)) = rest.split_first_chunk::<4>() {
            kinds.push(String::from_utf8_lossy(&more[..4]).into_owned());
            rest = &more[4 + u32::from_be_bytes(*length) as usize + 4..];
        }
        kinds.dedup();
        assert_eq!(kinds, ["IHDR", "IDAT", "IEND"]);
    }

    #[test]
    fn the_picture_never_shows_in_debug_output() {
        let file = png(&URI.into(), 1).expect("a short text");
        assert!(format!("{file:?}").contains("REDACTED"));
    }

    /// Prints a figure, judges nothing: `cargo test --release -p documents -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement"]
    #[allow(clippy::print_stdout, reason = "it is there to print")]
    fn how_long_a_picture_takes() {
        let uri: SecretString = URI.into();
        #[allow(clippy::disallowed_methods, reason = "a measurement")]
        let start = std::time::Instant::now();
        let mut size = 0;
        for _ in 0..200 {
            size = png(&uri, 8).expect("a short text").expose_secret().len();
        }
        println!("{:.2} ms a picture of {size} bytes", start.elapsed().as_secs_f64() * 5.0);
    }
}
