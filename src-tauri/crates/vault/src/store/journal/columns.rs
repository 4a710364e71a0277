//! The columns of the journal: what it is searched by, kept in memory beside the database, some 24 bytes an entry.
//!
//! Entries are only ever added, so that it is enough to read on where the last search stopped. The one thing that changes
//! is that a person is erased: whoever carries a page out of the columns compares it with the rows, and begins anew.

use std::collections::HashMap;

use authority::{StoreError, store::JournalSearch};
use uuid::Uuid;

/// Stands for nobody.
const NOBODY: u32 = 0;

/// What every entry is searched by, each column in the order of the entries.
#[derive(Default)]
pub(super) struct Columns {
    at: Vec<i64>,
    kind: Vec<u16>,
    actor: Vec<u32>,
    subject: Vec<u32>,
    /// Which communities it concerns: a place in `sets`.
    filed: Vec<u32>,
    /// Whether places were skipped.
    gaps: bool,
    kinds: HashMap<String, u16>,
    people: HashMap<Uuid, u32>,
    sets: Vec<Vec<Uuid>>,
    set_of: HashMap<Vec<Uuid>, u32>,
}

/// Stands where a replica has no entry.
const GAP: u16 = u16::MAX;

/// Of one entry, what it is searched by.
pub(super) struct Searched {
    pub(super) at: i64,
    pub(super) kind: String,
    pub(super) actor: Option<Uuid>,
    pub(super) subject: Option<Uuid>,
    /// In one order for the same communities.
    pub(super) communities: Vec<Uuid>,
}

impl Columns {
    /// Goes on at this place: of those before it a replica has nothing.
    pub(super) fn skip_to(&mut self, place: u32) {
        while self.len() < place {
            let nothing = *self.set_of.entry(Vec::new()).or_insert_with(|| {
                self.sets.push(Vec::new());
                self.sets.len() as u32 - 1
            });
            self.at.push(i64::MIN);
            self.kind.push(GAP);
            self.actor.push(NOBODY);
            self.subject.push(NOBODY);
            self.filed.push(nothing);
            self.gaps = true;
        }
    }

    /// How many entries are in them.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.at.len()).unwrap_or(u32::MAX)
    }

    /// Adds the next entry.
    pub(super) fn push(&mut self, entry: Searched) -> Result<(), StoreError> {
        let full = || StoreError::Failed("the journal is too long to be searched".into());
        if self.len() == u32::MAX {
            return Err(full());
        }
        let kind = match self.kinds.get(&entry.kind) {
            Some(kind) => *kind,
            None => {
                let kind = u16::try_from(self.kinds.len()).ok().filter(|kind| *kind != GAP).ok_or_else(full)?;
                *self.kinds.entry(entry.kind).or_insert(kind)
            }
        };
        let (actor, subject) = (self.person(entry.actor), self.person(entry.subject));
        let filed = match self.set_of.get(&entry.communities) {
            Some(set) => *set,
            None => {
                let set = u32::try_from(self.sets.len()).map_err(|_| full())?;
                self.sets.push(entry.communities.clone());
                *self.set_of.entry(entry.communities).or_insert(set)
            }
        };
        self.at.push(entry.at);
        self.kind.push(kind);
        self.actor.push(actor);
        self.subject.push(subject);
        self.filed.push(filed);
        Ok(())
    }

    fn person(&mut self, id: Option<Uuid>) -> u32 {
        let Some(id) = id else { return NOBODY };
        // No more people than entries, and there are fewer of those than numbers.
        let next = self.people.len() as u32 + 1;
        *self.people.entry(id).or_insert(next)
    }

    /// The entries before `end` that match, oldest first. The column that leaves out most is gone through first and whole;
    /// the others only where it left something: what no index could bound is bounded by the length of the journal.
    pub(super) fn matches(&self, search: &JournalSearch, end: u32) -> Vec<u32> {
        let end = end.min(self.len()) as usize;
        // Somebody who is in no entry has none.
        let known = |id: Option<Uuid>| id.map(|id| self.people.get(&id).copied());
        let (person, actor) = (known(search.person.map(|id| id.0)), known(search.actor.map(|id| id.0)));
        if person == Some(None) || actor == Some(None) {
            return Vec::new();
        }
        let (actors, subjects) = (&self.actor[..end], &self.subject[..end]);
        let mut found = Found(None);
        if self.gaps {
            let kinds = &self.kind[..end];
            found.keep(end, |at| kinds[at] != GAP);
        }
        if let Some(Some(actor)) = actor {
            found.keep(end, |at| actors[at] == actor);
        }
        if let Some(Some(person)) = person {
            found.keep(end, |at| actors[at] == person || subjects[at] == person);
        }
        if !search.kinds.is_empty() {
            let mut asked = vec![false; self.kinds.len()];
            for kind in search.kinds.iter().filter_map(|kind| self.kinds.get(kind)) {
                asked[usize::from(*kind)] = true;
            }
            let kinds = &self.kind[..end];
            found.keep(end, |at| asked[usize::from(kinds[at])]);
        }
        if let Some(communities) = &search.communities {
            let concerns = |set: &Vec<Uuid>| set.iter().any(|id| communities.iter().any(|asked| asked.0 == *id));
            let asked: Vec<bool> = self.sets.iter().map(concerns).collect();
            let filed = &self.filed[..end];
            found.keep(end, |at| asked[filed[at] as usize]);
        }
        let times = &self.at[..end];
        if let Some(since) = search.since {
            found.keep(end, |at| times[at] >= since.0);
        }
        if let Some(until) = search.until {
            found.keep(end, |at| times[at] < until.0);
        }
        found.0.unwrap_or_else(|| (0..end as u32).collect())
    }
}

/// What is left; `None` while nothing was asked.
struct Found(Option<Vec<u32>>);

impl Found {
    fn keep(&mut self, end: usize, fits: impl Fn(usize) -> bool) {
        match &mut self.0 {
            None => self.0 = Some((0..end as u32).filter(|at| fits(*at as usize)).collect()),
            Some(left) => left.retain(|at| fits(*at as usize)),
        }
    }
}
