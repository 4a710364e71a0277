//! What is left in the memory of running processes: a picture of each by gcore, and a search of it.

use crate::witness::Secret;
use crate::{Error, Result};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// Something to look for, byte for byte.
#[derive(Clone)]
pub struct Needle {
    what: String,
    bytes: Vec<u8>,
}

// The bytes are secret.
impl std::fmt::Debug for Needle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Needle").field("what", &self.what).finish_non_exhaustive()
    }
}

/// A secret in the memory of a process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Find {
    /// What was found, and in which form.
    pub what: String,
    /// The program of the process.
    pub program: String,
    /// How often.
    pub count: usize,
}

impl std::fmt::Display for Find {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in {} ({} times)", self.what, self.program, self.count)
    }
}

/// The forms in which a text can stand in memory: as shown, without and with other gaps, in small letters, in one byte
/// or two a character.
pub fn forms(secret: &Secret) -> Vec<Needle> {
    let joined: String = secret.text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let grouped = |size: usize, gap: &str| {
        let symbols: Vec<char> = joined.chars().collect();
        symbols.chunks(size).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(gap)
    };
    let mut texts = vec![secret.text.clone(), joined.clone(), grouped(4, " "), grouped(5, "-"), grouped(5, " ")];
    texts.extend(texts.clone().iter().map(|text| text.to_lowercase()));
    texts.sort();
    texts.dedup();
    let mut all = Vec::new();
    for text in texts.into_iter().filter(|text| !text.is_empty()) {
        let wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        all.push(Needle { what: secret.what.clone(), bytes: text.into_bytes() });
        all.push(Needle { what: format!("{} (UTF-16)", secret.what), bytes: wide });
    }
    all
}

/// A key: its bytes, and the same in hexadecimal digits.
pub fn key(what: &str, bytes: &[u8]) -> Vec<Needle> {
    let digits = |upper: bool| -> Vec<u8> {
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        if upper { text.to_uppercase().into_bytes() } else { text.into_bytes() }
    };
    let all = [(what.to_owned(), bytes.to_vec()), (format!("{what} (digits)"), digits(false)), (format!("{what} (digits)"), digits(true))];
    all.into_iter().map(|(what, bytes)| Needle { what, bytes }).collect()
}

/// Takes a picture of every process and searches it. `folder` needs room for the largest; the pictures are deleted.
pub fn search(processes: &[u32], needles: &[Needle], folder: &Path) -> Result<Vec<Find>> {
    let automaton = aho_corasick::AhoCorasick::new(needles.iter().map(|needle| &needle.bytes))
        .map_err(|error| Error::said(format!("The secrets cannot be searched for: {error}.")))?;
    let mut finds = Vec::new();
    for process in processes {
        let program = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default().trim().to_owned();
        let picture = folder.join(format!("core.{process}"));
        let output = Command::new("gcore")
            .arg("-o")
            .arg(folder.join("core"))
            .arg(process.to_string())
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Error::said(format!("gcore cannot be started: {error}.")))?;
        if !picture.exists() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(Error::said(format!("gcore took no picture of {program}: {said}")));
        }
        let mut counts = vec![0; needles.len()];
        count(&automaton, &picture, needles.iter().map(|needle| needle.bytes.len()).max().unwrap_or(0), &mut counts)?;
        std::fs::remove_file(&picture)?;
        for (needle, count) in needles.iter().zip(counts).filter(|(_, count)| *count > 0) {
            finds.push(Find { what: needle.what.clone(), program: program.clone(), count });
        }
    }
    finds.sort();
    Ok(finds)
}

const PIECE: usize = 8 << 20;

// Piece by piece, each beginning with the end of the one before, so that nothing is missed at a seam.
fn count(automaton: &aho_corasick::AhoCorasick, picture: &Path, longest: usize, counts: &mut [usize]) -> Result<()> {
    let mut file = std::fs::File::open(picture)?;
    let mut piece = Vec::with_capacity(PIECE + longest);
    loop {
        let kept = piece.len();
        if file.by_ref().take(PIECE as u64).read_to_end(&mut piece)? == 0 {
            return Ok(());
        }
        for found in automaton.find_overlapping_iter(&piece).filter(|found| found.end() > kept) {
            counts[found.pattern().as_usize()] += 1;
        }
        let end = piece.len().saturating_sub(longest.saturating_sub(1));
        piece.drain(..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_the_memory_of_another_process_is_found_and_never_printed() {
        let folder = tempfile::tempdir().unwrap();
        let secret = Secret { what: "a word".into(), text: format!("needle-{}", std::process::id()) };
        let mut held = Command::new("sh").args(["-c", "read line; sleep 60", "sh", &secret.text]).stdin(Stdio::piped()).spawn().unwrap();
        let finds = search(&[held.id()], &forms(&secret), folder.path());
        held.kill().unwrap();
        held.wait().unwrap();
        let finds = finds.unwrap();
        assert!(finds.iter().any(|find| find.what == "a word"), "{finds:?}");
        assert!(!format!("{finds:?} {:?}", forms(&secret)).contains(&secret.text));
    }

    #[test]
    fn what_stands_across_a_seam_is_found_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("picture");
        let mut bytes = vec![b'.'; 2 * PIECE + 99];
        for at in [7, PIECE - 3, 2 * PIECE - 1] {
            bytes[at..at + 6].copy_from_slice(b"needle");
        }
        std::fs::write(&file, bytes).unwrap();
        let automaton = aho_corasick::AhoCorasick::new(["needle"]).unwrap();
        let mut counts = [0];
        count(&automaton, &file, 6, &mut counts).unwrap();
        assert_eq!(counts, [3]);
    }
}
