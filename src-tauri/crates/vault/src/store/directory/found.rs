//! What was found for a query, kept so that scrolling through it finds nothing anew.

use authority::store::{Begin, By, Only, Order, PeopleQuery};
use domain::{
    id::{AccountId, CommunityId},
    readiness::{Hour, PeopleState},
    time::Moment,
};

use super::{
    book::Book,
    search::{Filter, find},
};

/// So many results are kept: of the list, of a dialog before it, and of whoever goes through everybody.
const KEPT: usize = 3;

/// A page, without the records.
pub(crate) struct Page {
    /// Who, and until when their password waits.
    pub(crate) rows: Vec<(AccountId, Option<Moment>)>,
    /// The row of the record of each, as [`Book::row`] has it.
    pub(crate) places: Vec<u32>,
    pub(crate) from: u64,
    pub(crate) total: u64,
    pub(crate) next: Option<(String, AccountId)>,
}

/// All that decides what is found.
#[derive(PartialEq)]
struct Asked {
    words: Option<String>,
    communities: Option<Vec<CommunityId>>,
    only: Only,
    hour: Option<Hour>,
    order: Order,
}

struct Found {
    asked: Asked,
    generation: u64,
    bits: Vec<u64>,
    total: u64,
    /// Those met so far, in order.
    met: Vec<u32>,
    /// How far the order was gone through for them.
    walked: usize,
}

/// The last few results.
#[derive(Default)]
pub(super) struct Kept(Vec<Found>);

impl Kept {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// A page of a query whose words are folded already.
    pub(super) fn page(&mut self, book: &Book, words: Option<String>, query: &PeopleQuery) -> Page {
        let found = self.found(book, words, query);
        let limit = query.limit.max(1) as usize;
        let by_name = query.order == Order { by: By::Name, descending: false };
        let from = match &query.begin {
            Begin::After(name, id) if by_name => {
                found.walk_past(book, name.as_bytes(), *id);
                let before = |slot: &u32| (book.name(*slot), book.ids[*slot as usize]) <= (name.as_bytes(), *id);
                found.met.partition_point(before)
            }
            Begin::After(..) => 0,
            Begin::At(from) => usize::try_from(*from).unwrap_or(usize::MAX).min(found.total as usize),
        };
        found.walk(book, from.saturating_add(limit));
        let end = found.met.len().min(from.saturating_add(limit));
        let slots = &found.met[from.min(end)..end];
        let last = slots.last().filter(|_| by_name && (end as u64) < found.total);
        Page {
            rows: slots.iter().map(|slot| (book.ids[*slot as usize], book.passwords_until(*slot))).collect(),
            places: slots.iter().map(|slot| book.row(*slot)).collect(),
            from: from as u64,
            total: found.total,
            next: last.map(|slot| (String::from_utf8_lossy(book.name(*slot)).into_owned(), book.ids[*slot as usize])),
        }
    }

    fn found(&mut self, book: &Book, words: Option<String>, query: &PeopleQuery) -> &mut Found {
        let hour = query.only.state.is_some_and(|state| !matches!(state, PeopleState::Is(_))).then(|| query.hour.clone());
        let asked = Asked { words, communities: query.communities.clone(), only: query.only, hour, order: query.order };
        self.0.retain(|found| found.generation == book.generation);
        let known = self.0.iter().position(|found| found.asked == asked);
        let found = match known {
            Some(at) => self.0.remove(at),
            None => Found::new(book, asked, &query.hour),
        };
        self.0.truncate(KEPT - 1);
        self.0.insert(0, found);
        &mut self.0[0]
    }
}

impl Found {
    fn new(book: &Book, asked: Asked, hour: &Hour) -> Self {
        let filter = Filter::new(book, asked.communities.as_deref(), asked.only, hour);
        let bits = find(book, asked.words.as_deref(), &filter);
        let total = bits.iter().map(|word| u64::from(word.count_ones())).sum();
        Self { asked, generation: book.generation, bits, total, met: Vec::new(), walked: 0 }
    }

    /// Goes on through the order until so many were met.
    fn walk(&mut self, book: &Book, until: usize) {
        let until = until.min(self.total as usize);
        if self.met.len() < until {
            self.go(book, |met, _| met.len() >= until);
        }
    }

    /// Goes on until whoever comes next is past this name.
    fn walk_past(&mut self, book: &Book, name: &[u8], id: AccountId) {
        self.go(book, |_, next| (book.name(next), book.ids[next as usize]) > (name, id));
    }

    fn go(&mut self, book: &Book, enough: impl Fn(&[u32], u32) -> bool) {
        let order = book.order(self.asked.order.by);
        while self.walked < order.len() {
            let at = if self.asked.order.descending { order.len() - 1 - self.walked } else { self.walked };
            let slot = order[at];
            if enough(&self.met, slot) {
                break;
            }
            self.walked += 1;
            if self.bits[slot as usize / 64] & (1 << (slot % 64)) != 0 {
                self.met.push(slot);
            }
        }
    }
}
