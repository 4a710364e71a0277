//! Files with secrets in them, between being read and being imported. They are forgotten on lock, on close, when the desk is
//! cleared, and ten minutes after anybody last touched them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use intake::{Algorithm, Batch, Entry, Lock, Moving, Problem, Seed, SeedFile};
use secrecy::zeroize::Zeroizing;
use uuid::Uuid;
use wire::{
    seeds::{SeedDesk, SeedEntry, SeedFault, SeedFileView, SeedLock, SeedParts, SeedProblem, SeedRows},
    tokens::{Moving as Moves, SeedRow, TokenAlgorithm, TokenOrigin, TokensChecked},
};

/// Seconds that secrets wait for somebody.
const KEPT: i64 = 10 * 60;
/// Entries that the page is given at a time.
const SLICE: usize = 100;

/// What lies on the desk.
#[derive(Debug)]
pub(crate) struct Held {
    /// The account: nobody else is shown it.
    pub(crate) by: Uuid,
    pub(crate) origin: TokenOrigin,
    pub(crate) files: Vec<HeldFile>,
    /// What the workspace says of what was read.
    pub(crate) checked: Option<TokensChecked>,
}

/// A file that was chosen.
#[derive(Debug)]
pub(crate) struct HeldFile {
    pub(crate) name: String,
    pub(crate) state: FileState,
}

/// How far a file is read.
pub(crate) enum FileState {
    Read { entries: Vec<Line>, batches: Vec<Batch> },
    Locked { bytes: Zeroizing<Vec<u8>>, lock: Lock, wrong: bool },
    Refused { fault: SeedFault, line: Option<u64> },
}

impl std::fmt::Debug for FileState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Read { .. } => "Read",
            Self::Locked { .. } => "Locked",
            Self::Refused { .. } => "Refused",
        })
    }
}

/// An entry: a row to import, or why it is none.
#[derive(Debug)]
pub(crate) struct Line {
    place: u64,
    name: String,
    row: Result<SeedRow, Problem>,
}

impl FileState {
    pub(crate) fn read(file: SeedFile, origin: TokenOrigin) -> Self {
        let line = |Entry { place, name, seed }| Line { place, name, row: seed.map(|seed| row(seed, origin)) };
        Self::Read { entries: file.entries.into_iter().map(line).collect(), batches: file.batches }
    }
}

// A seed file names a holder by e-mail address; what one brings oneself keeps the name it had.
fn row(seed: Seed, origin: TokenOrigin) -> SeedRow {
    let account = seed.label.filter(|label| !label.is_empty());
    let (holder, label) = match (origin, account) {
        (TokenOrigin::Hardware, Some(address)) if address.contains('@') => (Some(address), None),
        (TokenOrigin::Brought, Some(account)) => (None, Some(seed.issuer.map_or(account.clone(), |issuer| format!("{issuer}: {account}")))),
        (_, account) => (None, account.or(seed.issuer)),
    };
    SeedRow {
        serial: seed.serial,
        holder,
        label,
        maker: seed.maker,
        secret: seed.secret,
        moving: match seed.moving {
            Moving::Time { step } => Moves::Time { step_seconds: step, drift: 0 },
            Moving::Counter { next } => Moves::Counter { next },
        },
        digits: seed.digits,
        algorithm: match seed.algorithm {
            Algorithm::Sha1 => TokenAlgorithm::Sha1,
            Algorithm::Sha256 => TokenAlgorithm::Sha256,
            Algorithm::Sha512 => TokenAlgorithm::Sha512,
        },
    }
}

impl Held {
    pub(crate) fn begin(by: Uuid, origin: TokenOrigin) -> Self {
        Self { by, origin, files: Vec::new(), checked: None }
    }

    fn lines(&self) -> impl Iterator<Item = &Line> {
        self.files.iter().flat_map(|file| match &file.state {
            FileState::Read { entries, .. } => entries.as_slice(),
            _ => &[],
        })
    }

    /// What can be imported, in the order of the files.
    pub(crate) fn rows(&self) -> Vec<SeedRow> {
        self.lines().filter_map(|line| line.row.as_ref().ok().cloned()).collect()
    }

    /// The names of the files that were read.
    pub(crate) fn names(&self) -> String {
        let read = self.files.iter().filter(|file| matches!(file.state, FileState::Read { .. })).map(|file| file.name.as_str());
        read.collect::<Vec<_>>().join(", ")
    }

    fn batches(&self) -> impl Iterator<Item = Batch> {
        self.files.iter().flat_map(|file| match &file.state {
            FileState::Read { batches, .. } => batches.clone(),
            _ => Vec::new(),
        })
    }

    /// Puts a file on the desk. A picture all of whose parts lie there already is said to be read again.
    pub(crate) fn add(&mut self, file: HeldFile) {
        let known: BTreeSet<_> = self.batches().map(|batch| (batch.id, batch.index)).collect();
        let again = match &file.state {
            FileState::Read { batches, .. } => !batches.is_empty() && batches.iter().all(|batch| known.contains(&(batch.id, batch.index))),
            _ => false,
        };
        let state = if again { FileState::Refused { fault: SeedFault::Again, line: None } } else { file.state };
        self.files.push(HeldFile { name: file.name, state });
    }

    pub(crate) fn desk(&self, desk: SeedDesk) -> SeedDesk {
        let unread = self.lines().filter(|line| line.row.is_err()).count();
        let mut parts: BTreeMap<i32, (BTreeSet<u32>, u32)> = BTreeMap::new();
        for batch in self.batches() {
            let (read, size) = parts.entry(batch.id).or_default();
            read.insert(batch.index);
            *size = (*size).max(batch.size);
        }
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let checked = self.checked.as_ref();
        SeedDesk {
            files: self.files.iter().map(view).collect(),
            parts: parts.into_values().map(|(read, size)| SeedParts { read: count(read.len()), size }).collect(),
            added: checked.map_or(0, |checked| checked.added),
            assigned: checked.map_or(0, |checked| checked.assigned),
            left_out: checked.map_or(0, |checked| checked.left_out) + count(unread),
            ..desk
        }
    }

    /// A slice of the entries, each with its verdict or its problem.
    pub(crate) fn slice(&self, from: u32) -> SeedRows {
        let mut verdicts = self.checked.iter().flat_map(|checked| &checked.rows);
        let rows: Vec<_> = self.lines().map(|line| (line, line.row.is_ok().then(|| verdicts.next()).flatten())).collect();
        let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let slice = rows.into_iter().skip(from as usize).take(SLICE).map(|(line, checked)| {
            let (problem, detail) = line.row.as_ref().err().map(problem).unzip();
            SeedEntry {
                place: line.place,
                name: line.name.clone(),
                verdict: checked.map(|checked| checked.verdict),
                problem,
                detail: detail.flatten(),
                kind: checked.map(|checked| checked.kind),
                digits: checked.map(|checked| checked.digits),
                person: checked.and_then(|checked| checked.person.clone()),
            }
        });
        SeedRows { rows: slice.collect(), from, total }
    }
}

fn view(file: &HeldFile) -> SeedFileView {
    let mut view = SeedFileView { name: file.name.clone(), fault: None, line: None, lock: None, key_name: None, wrong: false, entries: 0 };
    match &file.state {
        FileState::Read { entries, .. } => view.entries = u32::try_from(entries.len()).unwrap_or(u32::MAX),
        FileState::Refused { fault, line } => (view.fault, view.line) = (Some(*fault), *line),
        FileState::Locked { lock, wrong, .. } => {
            view.wrong = *wrong;
            view.lock = Some(match lock {
                Lock::Passphrase => SeedLock::Passphrase,
                Lock::PreShared(_) => SeedLock::PreShared,
            });
            if let Lock::PreShared(name) = lock {
                view.key_name.clone_from(name);
            }
        }
    }
    view
}

fn problem(problem: &Problem) -> (SeedProblem, Option<String>) {
    let named = |problem, name: &String| (problem, Some(name.clone()));
    match problem {
        Problem::OtherKind(name) => named(SeedProblem::OtherKind, name),
        Problem::NoSecret => (SeedProblem::NoSecret, None),
        Problem::BadSecret => (SeedProblem::BadSecret, None),
        Problem::LongSecret => (SeedProblem::LongSecret, None),
        Problem::Digits(digits) => named(SeedProblem::Digits, digits),
        Problem::Algorithm(name) => named(SeedProblem::Algorithm, name),
        Problem::Step(step) => named(SeedProblem::Step, step),
        Problem::Counter(counter) => named(SeedProblem::Counter, counter),
        Problem::NoSerial => (SeedProblem::NoSerial, None),
        Problem::NotAKeyLink => (SeedProblem::NotAKeyLink, None),
        Problem::WrongMac => (SeedProblem::WrongMac, None),
        Problem::NoMac => (SeedProblem::NoMac, None),
        Problem::OtherCipher(name) => named(SeedProblem::OtherCipher, name),
        Problem::Unreadable(part) => (SeedProblem::Unreadable, Some((*part).to_owned())),
    }
}

/// The desk: at most one person's files at a time.
#[derive(Debug, Default)]
pub(crate) struct Seeds(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Grows with every wiping, so that what was being read meanwhile is not put back.
    wiped: u64,
    touched: i64,
    held: Option<Held>,
}

/// Leave to put something on the desk, as long as it has not been wiped.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leave(u64);

impl Seeds {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets every secret.
    pub(crate) fn wipe(&self) {
        let mut inner = self.inner();
        inner.wiped += 1;
        inner.held = None;
    }

    /// Forgets what has waited too long.
    pub(crate) fn look(&self, now: i64) {
        let stale = {
            let inner = self.inner();
            inner.held.is_some() && !(0..KEPT).contains(&(now - inner.touched))
        };
        if stale {
            self.wipe();
        }
    }

    /// Takes what this person has on this desk away to be changed; somebody else's, or another desk's, is wiped.
    pub(crate) fn take(&self, by: Uuid, origin: TokenOrigin, now: i64) -> (Leave, Held) {
        self.look(now);
        let mut inner = self.inner();
        let held = inner.held.take().filter(|held| held.by == by && held.origin == origin);
        (Leave(inner.wiped), held.unwrap_or_else(|| Held::begin(by, origin)))
    }

    /// Puts it back, unless the desk was wiped meanwhile.
    pub(crate) fn put(&self, leave: Leave, held: Held, now: i64) {
        let mut inner = self.inner();
        if inner.wiped == leave.0 {
            (inner.held, inner.touched) = (Some(held), now);
        }
    }

    /// Looks at what this person has, whichever desk it is on.
    pub(crate) fn with<T>(&self, by: Uuid, now: i64, look: impl FnOnce(&Held) -> T) -> Option<T> {
        self.look(now);
        let mut inner = self.inner();
        let seen = inner.held.as_ref().filter(|held| held.by == by).map(look);
        if seen.is_some() {
            inner.touched = now;
        }
        seen
    }
}

#[cfg(test)]
#[path = "seeds_tests.rs"]
mod tests;
