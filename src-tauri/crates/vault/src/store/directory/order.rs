//! Orders of slots: made when somebody first asks for one, and kept up with every change from then on.

use std::{cmp::Ordering, collections::HashMap, sync::OnceLock};

use authority::store::By;
use domain::id::AccountId;

use super::book::Book;

/// Up to so many are moved one by one; more of them in one go through the whole order.
const FEW: usize = 4;

#[derive(Default)]
pub(super) struct Orders {
    by_id: OnceLock<Vec<u32>>,
    by: [OnceLock<Vec<u32>>; 5],
}

impl Orders {
    pub(super) const ALL: [By; 5] = [By::Name, By::Email, By::State, By::SignedIn, By::Added];

    pub(super) fn held(&self, by: By) -> &OnceLock<Vec<u32>> {
        &self.by[by as usize]
    }

    pub(super) fn slot(&self, book: &Book, id: AccountId) -> Option<u32> {
        let by_id = self.by_id.get_or_init(|| {
            let mut slots: Vec<u32> = occupied(book).collect();
            slots.sort_unstable_by_key(|slot| book.ids[*slot as usize]);
            slots
        });
        by_id.binary_search_by_key(&id, |slot| book.ids[*slot as usize]).ok().map(|at| by_id[at])
    }

    /// Takes slots out of every order, while the book still says what they stood by.
    pub(super) fn leave(&mut self, book: &Book, slots: &[u32]) {
        if let Some(by_id) = self.by_id.get_mut() {
            take(by_id, slots, |a, b| by_identifier(book, a, b));
        }
        for by in Self::ALL {
            self.take(book, by, slots);
        }
    }

    /// Takes slots out of one order, while the book still says what they stood by.
    pub(super) fn take(&mut self, book: &Book, by: By, slots: &[u32]) {
        if let Some(order) = self.by[by as usize].get_mut() {
            take(order, slots, |a, b| compare(book, by, a, b));
        }
    }

    /// Puts slots where the book says now: the new ones in every order, those that moved in theirs.
    pub(super) fn join(&mut self, book: &Book, new: &[u32], mut moved: HashMap<By, Vec<u32>>) {
        if let Some(by_id) = self.by_id.get_mut() {
            put(by_id, new.to_vec(), |a, b| by_identifier(book, a, b));
        }
        for by in Self::ALL {
            let Some(order) = self.by[by as usize].get_mut() else { continue };
            let mut slots = moved.remove(&by).unwrap_or_default();
            slots.extend(new);
            put(order, slots, |a, b| compare(book, by, a, b));
        }
    }
}

fn take(order: &mut Vec<u32>, slots: &[u32], compare: impl Fn(u32, u32) -> Ordering) {
    if slots.len() <= FEW {
        for slot in slots {
            if let Ok(at) = order.binary_search_by(|other| compare(*other, *slot)) {
                order.remove(at);
            }
        }
        return;
    }
    let highest = slots.iter().max().map_or(0, |slot| *slot as usize);
    let mut going = vec![0u64; highest / 64 + 1];
    slots.iter().for_each(|slot| going[*slot as usize / 64] |= 1 << (slot % 64));
    order.retain(|slot| going.get(*slot as usize / 64).is_none_or(|word| word & (1 << (slot % 64)) == 0));
}

fn put(order: &mut Vec<u32>, mut slots: Vec<u32>, compare: impl Fn(u32, u32) -> Ordering) {
    let place = |order: &[u32], slot: u32| order.partition_point(|other| compare(*other, slot) == Ordering::Less);
    if slots.len() <= FEW {
        for slot in slots {
            order.insert(place(order, slot), slot);
        }
        return;
    }
    slots.sort_unstable_by(|a, b| compare(*a, *b));
    let before = std::mem::replace(order, Vec::with_capacity(order.len() + slots.len()));
    let mut from = 0;
    for slot in slots {
        let to = from + place(&before[from..], slot);
        order.extend_from_slice(&before[from..to]);
        order.push(slot);
        from = to;
    }
    order.extend_from_slice(&before[from..]);
}

fn by_identifier(book: &Book, a: u32, b: u32) -> Ordering {
    book.ids[a as usize].cmp(&book.ids[b as usize])
}

fn by_name(book: &Book, a: u32, b: u32) -> Ordering {
    book.name(a).cmp(book.name(b)).then_with(|| by_identifier(book, a, b))
}

/// Which of two comes first. Nobody is like another in it.
pub(super) fn compare(book: &Book, by: By, a: u32, b: u32) -> Ordering {
    let first = match by {
        By::Name => Ordering::Equal,
        By::Email => book.email(a).cmp(book.email(b)),
        By::State | By::SignedIn | By::Added => number(book, by, a).cmp(&number(book, by, b)),
    };
    first.then_with(|| by_name(book, a, b))
}

fn number(book: &Book, by: By, slot: u32) -> i64 {
    match by {
        By::State => i64::from(book.marks[slot as usize].state().rank()),
        By::SignedIn => book.signed_in(slot),
        By::Added => book.created(slot),
        By::Name | By::Email => 0,
    }
}

fn occupied(book: &Book) -> impl Iterator<Item = u32> {
    (0u32..).zip(&book.ids).map(|(slot, _)| slot).filter(|slot| book.live[*slot as usize / 64] & (1 << (slot % 64)) != 0)
}

/// Everybody, sorted.
pub(super) fn sorted(book: &Book, by: By) -> Vec<u32> {
    if matches!(by, By::Name | By::Email) {
        let words = |slot: u32| if by == By::Name { book.name(slot) } else { book.email(slot) };
        // The first eight bytes tell most apart, without a look at the words.
        let mut keyed: Vec<(u64, u32)> = occupied(book).map(|slot| (first_eight(words(slot)), slot)).collect();
        keyed.sort_unstable_by(|(a_first, a), (b_first, b)| a_first.cmp(b_first).then_with(|| compare(book, by, *a, *b)));
        return keyed.into_iter().map(|(_, slot)| slot).collect();
    }
    // By name, from whichever they were alike in.
    let mut order = book.order(By::Name).to_vec();
    order.sort_by_key(|slot| number(book, by, *slot));
    order
}

fn first_eight(words: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = words.len().min(8);
    first[..length].copy_from_slice(&words[..length]);
    u64::from_be_bytes(first)
}
