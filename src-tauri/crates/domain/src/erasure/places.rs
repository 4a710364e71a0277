//! Places in the journal, as a list of ranges.

use std::{fmt, ops::RangeInclusive};

/// Indices of entries: ranges in ascending order, none touching the next. Written as `3,7-9`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(Vec<RangeInclusive<u64>>);

impl Places {
    /// Of indices in any order.
    #[must_use]
    pub fn of(mut indices: Vec<u64>) -> Self {
        indices.sort_unstable();
        let mut places = Self::default();
        indices.into_iter().for_each(|index| places.push(index..=index));
        places
    }

    /// Reads a list such as `3,7-9`. What is no range in it says nothing.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let range = |part: &str| match part.split_once('-') {
            None => part.parse().ok().map(|one| one..=one),
            Some((first, last)) => Some(first.parse().ok()?..=last.parse().ok()?),
        };
        Self::sorted(text.split(',').filter_map(range).filter(|range| !range.is_empty()).collect())
    }

    fn sorted(mut ranges: Vec<RangeInclusive<u64>>) -> Self {
        ranges.sort_unstable_by_key(|range| *range.start());
        let mut places = Self::default();
        ranges.into_iter().for_each(|range| places.push(range));
        places
    }

    /// Adds a range that begins no earlier than any before.
    fn push(&mut self, range: RangeInclusive<u64>) {
        match self.0.last_mut() {
            Some(last) if *range.start() <= last.end().saturating_add(1) => *last = *last.start()..=*range.end().max(last.end()),
            _ => self.0.push(range),
        }
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, those: &Self) -> Self {
        self.0.extend(those.0.iter().cloned());
        Self::sorted(self.0)
    }

    /// How many places there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().map(|range| range.end() - range.start() + 1).sum()
    }

    /// The ranges.
    #[must_use]
    pub fn ranges(&self) -> &[RangeInclusive<u64>] {
        &self.0
    }

    /// The same in parts of so many ranges; one empty part where there is none.
    pub(super) fn parts(&self, most: usize) -> Vec<Self> {
        if self.0.is_empty() { vec![Self::default()] } else { self.0.chunks(most).map(|part| Self(part.to_vec())).collect() }
    }
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, range) in self.0.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            match (range.start(), range.end()) {
                (first, last) if first == last => write!(f, "{comma}{first}")?,
                (first, last) => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_written_as_the_verifier_reads_them() {
        let places = Places::of(vec![9, 3, 7, 8, 7]);
        assert_eq!(places.to_string(), "3,7-9");
        assert_eq!(places.count(), 4);
        assert_eq!(Places::read("3,7-9"), places);
        assert_eq!(Places::read("9-7,x,,1-,4"), Places::of(vec![4]), "what is no range says nothing");
        assert_eq!(Places::of(vec![0, 5, 6]).and(&places).to_string(), "0,3,5-9");
        assert_eq!(Places::read("1-9,2,3-4").to_string(), "1-9");
        assert_eq!(Places::default().to_string(), "");
    }

    #[test]
    fn a_long_list_is_told_in_parts_that_make_up_the_whole() {
        let places = Places::of((0..1_000).map(|index| index * 2).collect());
        let parts = places.parts(300);
        assert_eq!(parts.len(), 4);
        assert_eq!(parts.iter().fold(Places::default(), |all, part| all.and(part)), places);
        assert_eq!(Places::default().parts(300), [Places::default()], "who is in no entry is declared all the same");
    }
}
