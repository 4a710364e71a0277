//! What other programs read out of a paper: poppler-utils, which know nothing of how it was made.

use std::process::Command;

use secrecy::{ExposeSecret, SecretSlice};

use crate::tools;

/// The text, in the order in which it was drawn.
pub(crate) fn text(file: &SecretSlice<u8>) -> String {
    poppler(file, Command::new("pdftotext").args(["-raw", "-nopgbrk"]), &["-"])
}

/// The text, as it lies on the page.
pub(crate) fn layout(file: &SecretSlice<u8>) -> String {
    poppler(file, Command::new("pdftotext").args(["-layout", "-nopgbrk"]), &["-"])
}

/// What somebody has read to them who cannot see the page.
pub(crate) fn tags(file: &SecretSlice<u8>) -> String {
    poppler(file, Command::new("pdfinfo").arg("-struct-text"), &[])
}

/// What must hold of every paper.
pub(crate) fn is_sound(file: &SecretSlice<u8>, title: &str) {
    let about = poppler(file, &mut Command::new("pdfinfo"), &[]);
    let says = |name: &str| about.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
    assert_eq!(says("Title"), Some(title), "{about}");
    assert_eq!(says("Pages"), Some("1"), "{about}");
    assert_eq!(says("Tagged"), Some("yes"), "{about}");
    assert_eq!(says("Page size"), Some("595.28 x 841.89 pts (A4)"), "{about}");
    for nothing in ["Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate"] {
        assert_eq!(says(nothing), None, "{about}");
    }

    let fonts = poppler(file, &mut Command::new("pdffonts"), &[]);
    let fonts: Vec<_> = fonts.lines().skip(2).collect();
    assert_eq!(fonts.len(), 3, "{fonts:?}");
    for font in fonts {
        // Embedded, subset, and with a map to Unicode.
        assert!(font.contains("+Noto") && font.contains("CID TrueType      Identity-H       yes yes yes"), "{font}");
    }
}

/// How far down the page the first such word stands.
pub(crate) fn middle_of(file: &SecretSlice<u8>, word: &str) -> f32 {
    let words = words(file);
    let (place, _) = words.iter().find(|(_, found)| found == word).unwrap_or_else(|| panic!("no {word:?} in {words:?}"));
    ((place[1] + place[3]) / 2.0) as f32
}

/// Where the words between two heights stand: left, top, right, bottom.
pub(crate) fn boxes_between(file: &SecretSlice<u8>, top: f32, bottom: f32) -> Vec<[f32; 4]> {
    let boxes = words(file).into_iter().map(|(place, _)| place.map(|points| points as f32));
    boxes.filter(|place| place[1] > top && place[3] < bottom).collect()
}

/// How much of a box is dark, 0 to 1, as a printer would see it at 144 dots to the inch.
pub(crate) fn darkness(picture: &[u8], place: [f32; 4]) -> f32 {
    // P5, width, height, 255: then the pixels.
    let header: Vec<&[u8]> = picture.splitn(4, |byte| byte.is_ascii_whitespace()).collect();
    let width: usize = String::from_utf8_lossy(header[1]).parse().expect("a width");
    let pixels = &picture[picture.len() - width * (picture.len() / width)..];
    let [left, top, right, bottom] = place.map(|points| (points * 2.0) as usize);
    let dark = (top..bottom).flat_map(|y| &pixels[y * width + left..y * width + right]).filter(|pixel| **pixel < 128).count();
    dark as f32 / ((bottom - top) * (right - left)) as f32
}

/// The page in grey, as PGM.
pub(crate) fn picture(file: &SecretSlice<u8>) -> Vec<u8> {
    let drawn = tools::run(Command::new("pdftoppm").args(["-gray", "-r", "144", "-"]), file.expose_secret());
    assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
    drawn.stdout
}

/// Every word on the page lies within its printable part, and no two lie on one another.
pub(crate) fn nothing_overlaps(file: &SecretSlice<u8>) {
    let words = words(file);
    assert!(words.len() > 20, "{words:?}");
    for (i, (place, word)) in words.iter().enumerate() {
        assert!(place[0] > 50.0 && place[1] > 25.0 && place[2] < 545.3 && place[3] < 816.9, "{word:?} at {place:?}");
        for (other, another) in &words[i + 1..] {
            // The boxes are as high as the font, which is more than a line; what counts is the middle of each.
            let apart = (place[1] + place[3] - other[1] - other[3]).abs() / 2.0;
            let beside = place[2] <= other[0] + 0.5 || other[2] <= place[0] + 0.5;
            let half = (place[3] - place[1]).min(other[3] - other[1]) / 2.0;
            assert!(beside || apart >= half, "{word:?} at {place:?} and {another:?} at {other:?}");
        }
    }
}

fn words(file: &SecretSlice<u8>) -> Vec<([f64; 4], String)> {
    let boxes = poppler(file, Command::new("pdftotext").args(["-bbox", "-nopgbrk"]), &["-"]);
    boxes.lines().filter(|line| line.contains("<word ")).map(word).collect()
}

fn word(line: &str) -> ([f64; 4], String) {
    let value = |name: &str| {
        let from = line.find(&format!("{name}=\"")).expect("a box") + name.len() + 2;
        line[from..].split('"').next().expect("a value").parse().expect("a number")
    };
    let text = line.split('>').nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
    (["xMin", "yMin", "xMax", "yMax"].map(value), text.to_owned())
}

fn poppler(file: &SecretSlice<u8>, command: &mut Command, after: &[&str]) -> String {
    let read = tools::run(command.arg("-").args(after), file.expose_secret());
    let said = String::from_utf8_lossy(&read.stderr);
    assert!(read.status.success() && said.is_empty(), "{command:?} says: {said}");
    String::from_utf8(read.stdout).expect("text")
}
