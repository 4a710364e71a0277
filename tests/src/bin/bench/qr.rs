//! Drawing an enrolment QR code.

use crate::milliseconds;
use crate::rows::Row;
use image::{ExtendedColorType, ImageEncoder, Luma, codecs::png::PngEncoder};
use qrcode::{EcLevel, QrCode};
use sallyport_tests::measure::median;
use sallyport_tests::{Error, Result};
use secrecy::{ExposeSecret, SecretString};
use std::time::Instant;

const RUNS: usize = 301;
const PIXELS: u32 = 8;
const URI: &str =
    "otpauth://totp/Harbour%20%26%20Sons:olivia%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Harbour%20%26%20Sons";

/// Against the same code drawn by the renderer that the QR crate brings along, as a PNG of the same size.
pub(crate) fn rows() -> Result<Vec<Row>> {
    let uri = SecretString::from(URI);
    let (mut ours, mut reference, mut sides) = (Vec::new(), Vec::new(), (0, 0));
    for _ in 0..RUNS {
        let begin = Instant::now();
        let picture = documents::qr::png(&uri, PIXELS).map_err(|error| Error::said(error.to_string()))?;
        ours.push(milliseconds(begin.elapsed()));
        let begin = Instant::now();
        let other = crates_own().map_err(|error| Error::said(error.to_string()))?;
        reference.push(milliseconds(begin.elapsed()));
        sides = (side(picture.expose_secret()), side(&other));
    }
    if sides.0 != sides.1 {
        return Err(Error::said(format!("The pictures differ in size: {} and {} pixels.", sides.0, sides.1)));
    }
    Ok(vec![Row::new("QR code, 8 pixels a module", median(ours)?, Some(median(reference)?), "ms")])
}

fn crates_own() -> std::result::Result<Vec<u8>, Box<dyn std::error::Error>> {
    let code = QrCode::with_error_correction_level(URI, EcLevel::M)?;
    let picture = code.render::<Luma<u8>>().module_dimensions(PIXELS, PIXELS).build();
    let mut file = Vec::new();
    PngEncoder::new(&mut file).write_image(&picture, picture.width(), picture.height(), ExtendedColorType::L8)?;
    Ok(file)
}

/// The width in a PNG's header.
fn side(png: &[u8]) -> u32 {
    png.get(16..20).map_or(0, |four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
}
