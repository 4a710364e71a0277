//! Who is meant by a query: a bit for each slot.

use std::thread;

use authority::store::{Being, Only};
use domain::{
    gate::Role,
    id::CommunityId,
    readiness::{Hour, PeopleState},
};
use memchr::memmem::Finder;

use super::{
    book::{Book, Marks},
    text::WORDS,
};

/// From so many pieces on, a search is shared among the cores: with fewer it is over before they have begun.
const MANY: usize = if cfg!(test) { 64 } else { 256 };
/// Among no more than so many.
const HANDS: usize = 4;

/// What the people of a list have in common, beside the words.
pub(super) struct Filter<'a> {
    bounds: Option<Vec<bool>>,
    owner: bool,
    holding: Option<Role>,
    state: Option<PeopleState>,
    /// In which communities nobody has backup codes. Looked at for states that are about them.
    without: Option<Vec<bool>>,
    hour: &'a Hour,
}

impl<'a> Filter<'a> {
    pub(super) fn new(book: &Book, communities: Option<&[CommunityId]>, only: Only, hour: &'a Hour) -> Self {
        let numbers = |ids: &[CommunityId]| {
            let mut marked = vec![false; book.communities.len()];
            ids.iter().filter_map(|id| book.communities.get(id)).for_each(|number| marked[*number] = true);
            marked
        };
        let (owner, holding) = match only.being {
            Some(Being::Owner) => (true, None),
            Some(Being::Holding(role)) => (false, Some(role)),
            None => (false, None),
        };
        Self {
            bounds: communities.map(numbers),
            owner,
            holding,
            state: only.state,
            without: hour.without_codes.as_deref().map(numbers),
            hour,
        }
    }

    fn is_of_everybody(&self) -> bool {
        self.bounds.is_none() && !self.owner && self.holding.is_none() && self.state.is_none()
    }

    /// Whether somebody is within the bounds of the list. A role counts among the communities that the list is of.
    pub(super) fn bounds(&self, book: &Book, slot: u32) -> bool {
        if self.bounds.is_none() && self.holding.is_none() {
            return true;
        }
        book.held(slot).iter().any(|held| {
            held.community().is_some_and(|community| {
                self.bounds.as_ref().is_none_or(|within| within[community]) && self.holding.is_none_or(|role| held.is(role))
            })
        })
    }

    /// Whether somebody has backup codes, as far as the policies say.
    pub(super) fn has_codes(&self, book: &Book, slot: u32) -> bool {
        let Some(without) = &self.without else { return false };
        book.held(slot).iter().all(|held| held.community().is_none_or(|community| !without[community]))
    }

    fn admits(&self, book: &Book, slot: u32) -> bool {
        if self.owner && !book.marks[slot as usize].has(Marks::OWNER) {
            return false;
        }
        let holds = self.state.is_none_or(|state| {
            // Most have nothing beside their marks, which say all.
            let are = if book.has_beside(slot) {
                book.traits(slot).are(state, book.passwords_until(slot), self.hour)
            } else {
                Book::marked(book.marks[slot as usize]).are(state, None, self.hour)
            };
            are && (!state.is_of_codes() || self.has_codes(book, slot))
        });
        holds && self.bounds(book, slot)
    }
}

/// Whoever is meant: a bit for each slot. Without words, everybody whom the filter lets through.
pub(super) fn find(book: &Book, words: Option<&str>, filter: &Filter<'_>) -> Vec<u64> {
    let mut bits = book.live.clone();
    let finder = words.map(|words| Finder::new(words.as_bytes()));
    let work = |first: usize, bits: &mut [u64]| {
        for (number, piece) in bits.chunks_mut(WORDS).enumerate() {
            let number = first + number;
            if !filter.is_of_everybody() {
                narrow(book, number, piece, filter);
            }
            if let Some(finder) = &finder {
                book.texts[number].keep(finder, piece);
            }
        }
    };
    let pieces = book.texts.len();
    let hands = if pieces < MANY { 1 } else { thread::available_parallelism().map_or(1, |cores| cores.get().min(HANDS)) };
    if hands == 1 {
        work(0, &mut bits);
        return bits;
    }
    let each = pieces.div_ceil(hands);
    thread::scope(|scope| {
        let mut shares: Vec<(usize, &mut [u64])> = bits.chunks_mut(each * WORDS).enumerate().collect();
        let own = shares.pop();
        for (number, share) in shares {
            let work = &work;
            scope.spawn(move || work(number * each, share));
        }
        if let Some((number, share)) = own {
            work(number * each, share);
        }
    });
    bits
}

fn narrow(book: &Book, piece: usize, bits: &mut [u64], filter: &Filter<'_>) {
    for (at, word) in bits.iter_mut().enumerate() {
        let mut left = *word;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            if !filter.admits(book, ((piece * WORDS + at) * 64) as u32 + bit) {
                *word &= !(1 << bit);
            }
        }
    }
}

/// Of how many each state holds, in the order of [`PeopleState::ALL`].
pub(super) fn count(book: &Book, communities: Option<&[CommunityId]>, hour: &Hour) -> [u64; PeopleState::ALL.len()] {
    let filter = Filter::new(book, communities, Only::ANYBODY, hour);
    // Who has the same marks and nothing beside them is alike in every state.
    let mut alike = vec![[0u64; 2]; Marks::COUNT];
    let mut counts = [0; PeopleState::ALL.len()];
    for (at, word) in book.live.iter().enumerate() {
        let mut left = *word;
        while left != 0 {
            let slot = (at * 64) as u32 + left.trailing_zeros();
            left &= left - 1;
            if !filter.bounds(book, slot) {
                continue;
            }
            let has_codes = filter.has_codes(book, slot);
            if !book.has_beside(slot) {
                alike[book.marks[slot as usize].number()][usize::from(has_codes)] += 1;
                continue;
            }
            let (traits, passwords) = (book.traits(slot), book.passwords_until(slot));
            for (state, count) in PeopleState::ALL.iter().zip(&mut counts) {
                *count += u64::from(traits.are(*state, passwords, hour) && (has_codes || !state.is_of_codes()));
            }
        }
    }
    for (number, [without, with]) in alike.into_iter().enumerate().filter(|(_, people)| *people != [0, 0]) {
        let traits = Book::marked(Marks::numbered(number));
        for (state, count) in PeopleState::ALL.iter().zip(&mut counts) {
            if traits.are(*state, None, hour) {
                *count += with + if state.is_of_codes() { 0 } else { without };
            }
        }
    }
    counts
}
