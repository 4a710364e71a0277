//! What is left in the memory of running processes.
//!
//! It is read as a debugger's `gcore` reads it, from `/proc`, while the process stands still. gcore itself would first
//! write down what WebKit has reserved and never used: six gigabytes of zeros a page.

use crate::processes::signal;
use crate::witness::Secret;
use crate::{Error, Result};
use aho_corasick::AhoCorasick;
use std::os::unix::fs::FileExt;

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

/// Something as it is, and in no other form.
pub fn exactly(what: &str, bytes: &[u8]) -> Needle {
    Needle { what: what.to_owned(), bytes: bytes.to_vec() }
}

/// What of these stands in some bytes.
pub fn found_in(bytes: &[u8], needles: &[Needle]) -> Result<Vec<String>> {
    let automaton = automaton(needles)?;
    let found = automaton.find_overlapping_iter(bytes).map(|found| needles[found.pattern().as_usize()].what.clone());
    let mut found: Vec<String> = found.collect();
    found.sort();
    found.dedup();
    Ok(found)
}

fn automaton(needles: &[Needle]) -> Result<AhoCorasick> {
    AhoCorasick::new(needles.iter().map(|needle| &needle.bytes))
        .map_err(|error| Error::said(format!("The secrets cannot be searched for: {error}.")))
}

/// Searches all that every process holds in memory.
pub fn search(processes: &[u32], needles: &[Needle]) -> Result<Vec<Find>> {
    let automaton = automaton(needles)?;
    let longest = needles.iter().map(|needle| needle.bytes.len()).max().unwrap_or(1);
    let mut finds = Vec::new();
    for process in processes {
        let program = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default().trim().to_owned();
        signal("STOP", &process.to_string());
        let mut sought = Sought { automaton: &automaton, counts: vec![0; needles.len()], longest, run: Vec::new() };
        let read = read(*process, &mut sought);
        signal("CONT", &process.to_string());
        if read? == 0 {
            return Err(Error::said(format!("{program} has no memory that can be read.")));
        }
        for (needle, count) in needles.iter().zip(sought.counts).filter(|(_, count)| *count > 0) {
            finds.push(Find { what: needle.what.clone(), program: program.clone(), count });
        }
    }
    finds.sort();
    Ok(finds)
}

const PIECE: usize = 8 << 20;
const PAGE: usize = 4096;

/// Reads every page that is in use, and says how many there are.
fn read(process: u32, sought: &mut Sought<'_>) -> Result<u64> {
    let memory = std::fs::File::open(format!("/proc/{process}/mem"))?;
    let pages = std::fs::File::open(format!("/proc/{process}/pagemap"))?;
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps"))?;
    let (mut piece, mut states, mut all) = (vec![0; PIECE], vec![0; PIECE / PAGE * 8], 0);
    for region in maps.lines().filter_map(region) {
        let mut at = region.start;
        while at < region.end {
            let length = usize::try_from(region.end - at).unwrap_or(PIECE).min(PIECE);
            let states = &mut states[..length / PAGE * 8];
            // What is beyond user space is not memory of the process.
            if pages.read_exact_at(states, at / PAGE as u64 * 8).is_err() {
                break;
            }
            for (number, state) in states.chunks_exact(8).enumerate() {
                let from = number * PAGE;
                // The two highest bits: in memory, or swapped out.
                let page = &mut piece[from..from + PAGE];
                if state[7] >> 6 != 0 && memory.read_exact_at(page, at + from as u64).is_ok() {
                    sought.take(page);
                    all += 1;
                } else {
                    sought.end();
                }
            }
            at += length as u64;
        }
        sought.end();
    }
    Ok(all)
}

fn region(line: &str) -> Option<std::ops::Range<u64>> {
    let (from, to) = line.split_whitespace().next()?.split_once('-')?;
    Some(u64::from_str_radix(from, 16).ok()?..u64::from_str_radix(to, 16).ok()?)
}

/// The search of one process.
struct Sought<'a> {
    automaton: &'a AhoCorasick,
    counts: Vec<usize>,
    longest: usize,
    /// Pages that are not empty, one after the other, and the end of what was searched before them.
    run: Vec<u8>,
}

impl Sought<'_> {
    fn take(&mut self, piece: &[u8]) {
        for page in piece.chunks(PAGE) {
            if *page == [0; PAGE] {
                self.end();
            } else {
                self.run.extend(page);
            }
            if self.run.len() >= PIECE {
                let searched = self.look(0);
                self.run.drain(..searched);
            }
        }
    }

    fn end(&mut self) {
        if self.run.is_empty() {
            return;
        }
        // A secret may end in the first bytes of an empty page only if it ends in zeros: a wide one may, in one.
        self.run.push(0);
        self.look(self.longest);
        self.run.clear();
    }

    /// Counts what begins before the last bytes, which are searched with those that follow; says where those begin.
    fn look(&mut self, also: usize) -> usize {
        let end = (self.run.len() + also).saturating_sub(self.longest);
        for found in self.automaton.find_overlapping_iter(&self.run).filter(|found| found.start() < end) {
            self.counts[found.pattern().as_usize()] += 1;
        }
        end.min(self.run.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn a_secret_in_the_memory_of_another_process_is_found_and_never_printed() {
        let secret = Secret { what: "a word".into(), text: format!("needle-{}", std::process::id()) };
        let mut held = Command::new("sh").args(["-c", "read line; sleep 60", "sh", &secret.text]).stdin(Stdio::piped()).spawn().unwrap();
        let finds = search(&[held.id()], &forms(&secret));
        held.kill().unwrap();
        held.wait().unwrap();
        let finds = finds.unwrap();
        assert!(finds.iter().any(|find| find.what == "a word"), "{finds:?}");
        assert!(!format!("{finds:?} {:?}", forms(&secret)).contains(&secret.text));
    }

    #[test]
    fn what_stands_across_a_seam_is_found_once() {
        let mut bytes = vec![b'.'; 2 * PIECE + PAGE];
        for at in [7, PAGE - 3, PIECE - 6, 2 * PIECE - 1, 2 * PIECE + PAGE - 6] {
            bytes[at..at + 6].copy_from_slice(b"needle");
        }
        let automaton = AhoCorasick::new(["needle", "a longer one, not there"]).unwrap();
        let mut sought = Sought { automaton: &automaton, counts: vec![0, 0], longest: 23, run: Vec::new() };
        bytes.chunks(PIECE).for_each(|piece| sought.take(piece));
        sought.end();
        assert_eq!(sought.counts, [5, 0]);
    }
}
