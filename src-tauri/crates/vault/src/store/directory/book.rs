//! What the lists of people need of every account, in memory: each has a slot, and lists are orders of slots.
//!
//! What is asked of everybody lies in columns, so that a search goes through nothing else. What few people have, such
//! as a wait, lies beside them.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use authority::store::{By, Projection};
use domain::{
    account::{Account, AccountState},
    gate::{Membership, Role},
    id::{AccountId, CommunityId},
    readiness::Traits,
    time::Moment,
    words::Email,
};

use super::{
    order::Orders,
    text::{PIECE, Text},
};

/// What the directory holds of an account.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(crate) struct Entry {
    pub(super) id: AccountId,
    pub(super) name: String,
    pub(super) email: String,
    /// The folded second address.
    pub(super) second: Option<String>,
    pub(super) traits: Traits,
    pub(super) owner: bool,
    pub(super) memberships: Vec<Membership>,
    pub(super) signed_in_at: Option<Moment>,
    pub(super) created_at: Moment,
}

impl From<&Account> for Entry {
    fn from(account: &Account) -> Self {
        let Projection { email, name, owner, .. } = Projection::from(account);
        Self {
            id: account.id,
            name,
            email,
            second: account.second_email.as_ref().map(Email::folded),
            traits: Traits::from(account),
            owner,
            memberships: account.memberships.clone(),
            signed_in_at: account.signed_in_at,
            created_at: account.created_at,
        }
    }
}

/// What a commit does to the directory.
#[derive(Default)]
pub(crate) struct Effects {
    put: Vec<Entry>,
    /// Who is not there in the end, also of those who were put before.
    removed: HashSet<AccountId>,
    /// Until when each of these accounts' passwords waits. Known only where the account is.
    waits: HashMap<AccountId, Option<Moment>>,
}

impl Effects {
    pub(crate) fn put(&mut self, account: &Account) {
        self.enter(Entry::from(account));
    }

    pub(super) fn enter(&mut self, entry: Entry) {
        // Whoever goes and comes again within one commit is there.
        self.removed.remove(&entry.id);
        self.put.push(entry);
    }

    pub(crate) fn remove(&mut self, account: AccountId) {
        self.removed.insert(account);
        self.waits.insert(account, None);
    }

    pub(crate) fn wait(&mut self, account: AccountId, until: Option<Moment>) {
        self.waits.insert(account, until);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.removed.is_empty() && self.waits.is_empty()
    }

    /// Whom it is about.
    pub(super) fn people(&self) -> impl Iterator<Item = AccountId> {
        let put = self.put.iter().map(|entry| entry.id);
        put.chain(self.removed.iter().copied()).chain(self.waits.keys().copied())
    }
}

/// The states and marks of one, in bits.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks(u16);

impl Marks {
    const STATE: u16 = 7;
    pub(super) const OWNER: u16 = 1 << 3;
    const FEW: u16 = 1 << 4;
    const UNSAVED: u16 = 1 << 5;
    const ONE: u16 = 1 << 6;
    /// Something about them stands in [`Book::beside`].
    const BESIDE: u16 = 1 << 7;
    /// They hold more roles than fit.
    const MORE: u16 = 1 << 8;

    /// How many different ones there can be.
    pub(super) const COUNT: usize = 1 << 9;

    pub(super) fn number(self) -> usize {
        usize::from(self.0)
    }

    /// The ones with this number.
    pub(super) fn numbered(number: usize) -> Self {
        Self(number as u16)
    }

    pub(super) fn has(self, mark: u16) -> bool {
        self.0 & mark != 0
    }

    pub(super) fn state(self) -> AccountState {
        match self.0 & Self::STATE {
            0 => AccountState::RecoveryPending,
            1 => AccountState::NoSecondFactor,
            2 => AccountState::Invited,
            3 => AccountState::Protected,
            4 => AccountState::SignsInElsewhere,
            _ => AccountState::Deactivated,
        }
    }
}

/// What few people have.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Beside {
    in_a_row: u32,
    waits_until: Option<Moment>,
    begun_at: Option<Moment>,
    passwords_until: Option<Moment>,
}

/// A role in a community, packed: the community's number in the book from 1, and the role in the last two bits.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Held(u32);

impl Held {
    fn new(community: usize, role: Role) -> Self {
        Self(((community as u32 + 1) << 2) | role as u32)
    }

    pub(super) fn community(self) -> Option<usize> {
        (self.0 != 0).then(|| (self.0 >> 2) as usize - 1)
    }

    pub(super) fn is(self, role: Role) -> bool {
        self.0 & 3 == role as u32
    }
}

#[derive(Default)]
pub(super) struct Book {
    pub(super) texts: Vec<Text>,
    pub(super) ids: Vec<AccountId>,
    /// In which row of its table the database keeps the record of each, where that is known: 0 where it is not. Only a hint
    /// of where to look first.
    rows: Vec<u32>,
    pub(super) marks: Vec<Marks>,
    held: Vec<[Held; 2]>,
    signed_in: Vec<i64>,
    created: Vec<i64>,
    /// A bit for each slot in which there is somebody.
    pub(super) live: Vec<u64>,
    free: Vec<u32>,
    beside: HashMap<u32, Beside>,
    more: HashMap<u32, Vec<Held>>,
    /// The number of each community in which anybody ever held a role.
    pub(super) communities: HashMap<CommunityId, usize>,
    pub(super) orders: Orders,
    /// Grows with every change.
    pub(super) generation: u64,
}

impl Book {
    pub(super) fn name(&self, slot: u32) -> &[u8] {
        self.texts[slot as usize / PIECE].name(slot as usize % PIECE)
    }

    pub(super) fn email(&self, slot: u32) -> &[u8] {
        self.texts[slot as usize / PIECE].email(slot as usize % PIECE)
    }

    pub(super) fn signed_in(&self, slot: u32) -> i64 {
        self.signed_in[slot as usize]
    }

    pub(super) fn created(&self, slot: u32) -> i64 {
        self.created[slot as usize]
    }

    /// In which row the record of somebody may be found.
    pub(super) fn row(&self, slot: u32) -> u32 {
        self.rows[slot as usize]
    }

    /// The roles that somebody holds.
    pub(super) fn held(&self, slot: u32) -> &[Held] {
        if self.marks[slot as usize].has(Marks::MORE) {
            return self.more.get(&slot).map_or(&[], Vec::as_slice);
        }
        &self.held[slot as usize]
    }

    /// Until when the password of somebody waits.
    pub(super) fn passwords_until(&self, slot: u32) -> Option<Moment> {
        self.beside(slot).passwords_until
    }

    fn beside(&self, slot: u32) -> Beside {
        if self.marks[slot as usize].has(Marks::BESIDE) { self.beside.get(&slot).copied().unwrap_or_default() } else { Beside::default() }
    }

    /// Whether what is known of somebody depends on more than their marks.
    pub(super) fn has_beside(&self, slot: u32) -> bool {
        self.marks[slot as usize].has(Marks::BESIDE)
    }

    pub(super) fn traits(&self, slot: u32) -> Traits {
        let Beside { in_a_row, waits_until, begun_at, .. } = self.beside(slot);
        Traits { in_a_row, waits_until, begun_at, ..Self::marked(self.marks[slot as usize]) }
    }

    /// What marks alone say.
    pub(super) fn marked(marks: Marks) -> Traits {
        Traits {
            state: marks.state(),
            few_codes: marks.has(Marks::FEW),
            unsaved_codes: marks.has(Marks::UNSAVED),
            one_authenticator: marks.has(Marks::ONE),
            in_a_row: 0,
            waits_until: None,
            begun_at: None,
        }
    }

    pub(super) fn slot(&self, id: AccountId) -> Option<u32> {
        self.orders.slot(self, id)
    }

    /// Takes in accounts that are new, with their rows, while nothing is ordered yet.
    pub(super) fn fill(&mut self, entries: Vec<(i64, Entry)>) {
        for (row, entry) in entries {
            let slot = self.grow();
            self.rows[slot as usize] = u32::try_from(row).unwrap_or(0);
            self.write(slot, entry);
        }
    }

    /// Takes in what was committed.
    pub(super) fn apply(&mut self, effects: Effects) {
        let Effects { put, removed, waits } = effects;
        self.generation += 1;
        let gone: Vec<u32> = removed.iter().filter_map(|id| self.slot(*id)).collect();
        if !gone.is_empty() {
            self.leave(&gone);
        }
        // Of somebody who is written twice, the last counts.
        let mut seen = removed;
        self.put(put.into_iter().rev().filter(|entry| seen.insert(entry.id)).collect());
        for (id, until) in waits {
            if let Some(slot) = self.slot(id) {
                self.set_beside(slot, Beside { passwords_until: until, ..self.beside(slot) });
            }
        }
    }

    fn leave(&mut self, gone: &[u32]) {
        let mut orders = std::mem::take(&mut self.orders);
        orders.leave(self, gone);
        self.orders = orders;
        for slot in gone {
            let at = *slot as usize;
            self.texts[at / PIECE].put(at % PIECE, "", "", None);
            self.rows[at] = 0;
            self.marks[at] = Marks::default();
            self.held[at] = Default::default();
            self.live[at / 64] &= !(1 << (at % 64));
            self.beside.remove(slot);
            self.more.remove(slot);
            self.free.push(*slot);
        }
    }

    fn put(&mut self, entries: Vec<Entry>) {
        let mut orders = std::mem::take(&mut self.orders);
        let known: Vec<Option<u32>> = entries.iter().map(|entry| orders.slot(self, entry.id)).collect();
        // Only orders in which somebody stands elsewhere now are touched: a sign-in moves nobody in the order of names.
        let moving: Vec<(u32, &Entry)> = known.iter().zip(&entries).filter_map(|(slot, entry)| Some(((*slot)?, entry))).collect();
        let mut moved: HashMap<By, Vec<u32>> = HashMap::new();
        for by in Orders::ALL {
            let slots: Vec<u32> = moving.iter().filter(|(slot, entry)| self.moves(by, *slot, entry)).map(|(slot, _)| *slot).collect();
            orders.take(self, by, &slots);
            moved.insert(by, slots);
        }
        let mut new = Vec::new();
        for (slot, entry) in known.into_iter().zip(entries) {
            let slot = slot.unwrap_or_else(|| {
                let slot = self.free.pop().unwrap_or_else(|| self.grow());
                new.push(slot);
                slot
            });
            self.write(slot, entry);
        }
        orders.join(self, &new, moved);
        self.orders = orders;
    }

    /// Whether somebody stands elsewhere in an order, once this is written.
    fn moves(&self, by: By, slot: u32, entry: &Entry) -> bool {
        self.name(slot) != entry.name.as_bytes()
            || match by {
                By::Name => false,
                By::Email => self.email(slot) != entry.email.as_bytes(),
                By::State => self.marks[slot as usize].state() != entry.traits.state,
                By::SignedIn => self.signed_in(slot) != moment(entry.signed_in_at),
                By::Added => self.created(slot) != entry.created_at.0,
            }
    }

    fn grow(&mut self) -> u32 {
        let slot = self.ids.len();
        self.ids.push(AccountId(uuid::Uuid::nil()));
        self.rows.push(0);
        self.marks.push(Marks::default());
        self.held.push(Default::default());
        self.signed_in.push(i64::MIN);
        self.created.push(0);
        if slot.is_multiple_of(PIECE) {
            self.texts.push(Text::default());
            self.live.extend([0; PIECE / 64]);
        }
        let text = self.texts.last_mut().expect("one was pushed with the first slot");
        text.push();
        debug_assert!(text.len() <= PIECE);
        u32::try_from(slot).expect("fewer than four thousand million people")
    }

    fn write(&mut self, slot: u32, entry: Entry) {
        let at = slot as usize;
        let Traits { state, few_codes, unsaved_codes, one_authenticator, in_a_row, waits_until, begun_at } = entry.traits;
        self.texts[at / PIECE].put(at % PIECE, &entry.name, &entry.email, entry.second.as_deref());
        self.ids[at] = entry.id;
        let mark = |mark: u16, holds: bool| if holds { mark } else { 0 };
        self.marks[at] = Marks(
            u16::from(state.rank())
                | mark(Marks::OWNER, entry.owner)
                | mark(Marks::FEW, few_codes)
                | mark(Marks::UNSAVED, unsaved_codes)
                | mark(Marks::ONE, one_authenticator),
        );
        self.signed_in[at] = moment(entry.signed_in_at);
        self.created[at] = entry.created_at.0;
        self.live[at / 64] |= 1 << (at % 64);
        let held: Vec<Held> = entry.memberships.iter().map(|held| Held::new(self.community(held.community), held.role)).collect();
        if held.len() > 2 {
            self.marks[at].0 |= Marks::MORE;
            self.more.insert(slot, held);
        } else {
            self.held[at] = [0, 1].map(|number| held.get(number).copied().unwrap_or_default());
            self.more.remove(&slot);
        }
        let passwords_until = self.beside.get(&slot).and_then(|beside| beside.passwords_until);
        self.set_beside(slot, Beside { in_a_row, waits_until, begun_at, passwords_until });
    }

    fn set_beside(&mut self, slot: u32, beside: Beside) {
        let marks = &mut self.marks[slot as usize].0;
        if beside == Beside::default() {
            *marks &= !Marks::BESIDE;
            self.beside.remove(&slot);
        } else {
            *marks |= Marks::BESIDE;
            self.beside.insert(slot, beside);
        }
    }

    fn community(&mut self, id: CommunityId) -> usize {
        let next = self.communities.len();
        *self.communities.entry(id).or_insert(next)
    }

    /// Slots in the order of something, which is made where nobody has asked for it yet.
    pub(super) fn order(&self, by: By) -> &[u32] {
        let held: &OnceLock<Vec<u32>> = self.orders.held(by);
        held.get_or_init(|| super::order::sorted(self, by))
    }
}

/// Whoever never came in comes first.
fn moment(at: Option<Moment>) -> i64 {
    at.map_or(i64::MIN, |at| at.0)
}
