//! The words of a thousand people in one piece: what a search goes through without following a pointer for each.

use memchr::{memchr, memmem::Finder};
use zeroize::Zeroize;

/// People of one piece. Divides by 64, so that a piece has whole words of bits.
pub(super) const PIECE: usize = 1024;
/// Words of bits of one piece.
pub(super) const WORDS: usize = PIECE / 64;

/// Stands between words. No text has it: it never occurs in UTF-8, so that nothing is found across two words.
const BETWEEN: u8 = 0xff;
/// With fewer people than this in question, each is looked at alone.
const FEW: u32 = 48;

/// The folded name and the folded addresses of each, one after the other. Wiped when it goes.
#[derive(Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    names: Vec<u16>,
}

impl Drop for Text {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl Text {
    /// How many have a place here.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A place for one more, of whom nothing is said yet.
    pub(super) fn push(&mut self) {
        self.ends.push(self.bytes.len() as u32);
        self.names.push(0);
        self.put(self.ends.len() - 1, "", "", None);
    }

    /// Replaces the words of one.
    pub(super) fn put(&mut self, at: usize, name: &str, email: &str, second: Option<&str>) {
        let (start, end) = self.place(at);
        let new = name.len() + email.len() + 2 + second.map_or(0, |second| second.len() + 1);
        let old = end - start;
        if new > old {
            self.reserve(new - old);
        }
        let rest = self.bytes.len();
        if new > old {
            self.bytes.resize(rest + new - old, 0);
            self.bytes.copy_within(end..rest, start + new);
        } else {
            self.bytes.copy_within(end..rest, start + new);
            self.bytes[rest - (old - new)..].zeroize();
            self.bytes.truncate(rest - (old - new));
        }
        let mut place = &mut self.bytes[start..start + new];
        for words in [Some(name), Some(email), second].into_iter().flatten() {
            let (own, rest) = place.split_at_mut(words.len() + 1);
            own[..words.len()].copy_from_slice(words.as_bytes());
            own[words.len()] = BETWEEN;
            place = rest;
        }
        self.names[at] = u16::try_from(name.len()).unwrap_or(u16::MAX);
        for later in &mut self.ends[at..] {
            *later = *later + new as u32 - old as u32;
        }
    }

    /// Makes room. What was held before is wiped: the allocator would leave it behind.
    fn reserve(&mut self, more: usize) {
        let needed = self.bytes.len() + more;
        if needed > self.bytes.capacity() {
            let mut larger = Vec::with_capacity(needed + needed / 8);
            larger.extend_from_slice(&self.bytes);
            self.bytes.zeroize();
            self.bytes = larger;
        }
    }

    fn place(&self, at: usize) -> (usize, usize) {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        (start, self.ends[at] as usize)
    }

    pub(super) fn name(&self, at: usize) -> &[u8] {
        let (start, _) = self.place(at);
        &self.bytes[start..start + usize::from(self.names[at])]
    }

    pub(super) fn email(&self, at: usize) -> &[u8] {
        let (start, end) = self.place(at);
        let addresses = &self.bytes[start + usize::from(self.names[at]) + 1..end];
        &addresses[..memchr(BETWEEN, addresses).unwrap_or(0)]
    }

    /// Keeps the bits of those in whose words this is found.
    pub(super) fn keep(&self, finder: &Finder<'_>, bits: &mut [u64]) {
        if bits.iter().map(|word| word.count_ones()).sum::<u32>() < FEW {
            return self.keep_few(finder, bits);
        }
        let mut found = [0u64; WORDS];
        let (mut from, mut person) = (0, 0);
        while let Some(at) = finder.find(&self.bytes[from..]) {
            let at = (from + at) as u32;
            while self.ends[person] <= at {
                person += 1;
            }
            found[person / 64] |= 1 << (person % 64);
            from = self.ends[person] as usize;
            person += 1;
        }
        bits.iter_mut().zip(found).for_each(|(word, found)| *word &= found);
    }

    fn keep_few(&self, finder: &Finder<'_>, bits: &mut [u64]) {
        for (at, word) in bits.iter_mut().enumerate() {
            let mut left = *word;
            while left != 0 {
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                let (start, end) = self.place(at * 64 + bit);
                if finder.find(&self.bytes[start..end]).is_none() {
                    *word &= !(1 << bit);
                }
            }
        }
    }
}
