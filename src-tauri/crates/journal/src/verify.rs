//! Verifying an export, line by line: what it proves, and what is wrong with it.

use std::{collections::BTreeMap, ops::RangeInclusive};

use uuid::Uuid;

use crate::{
    Checkpoint, CheckpointError, Entry, LeafHash, OpenError, Persons, Stored,
    export::{Bytes, Header, Line, Part},
    note::PublicKey,
    open,
    tree::{Frontier, TreeHash, consistent, includes},
};

/// The kind of the entry that declares an erasure, and the word in which it says which entries were emptied, such as `3,7-9`.
pub const ERASED: (&str, &str) = ("person.erased", "entries");
/// How many findings are kept; all are counted.
pub const MOST_FINDINGS: usize = 100;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The first line is not that of a journal export.
    NotAnExport,
    /// It was written by a newer version of the program.
    NewerVersion,
    /// The checkpoint in the first line is not believed.
    Checkpoint(CheckpointError),
    /// A line cannot be read; lines count from 1. Nothing after it was looked at.
    Line(u64),
    /// An entry was changed.
    Entry(u64, OpenError),
    /// Here another entry, the second, stands than comes next: something was moved, inserted or taken away.
    OutOfOrder(u64, u64),
    /// The file ends before its last line, after so many entries.
    CutShort(u64),
    /// The last line counts other than there are: said, found.
    Count(u64, u64),
    /// Whole, but of another length than its checkpoint says: said, found.
    Length(u64, u64),
    /// The entries are not those that the checkpoint was taken over.
    Root,
    /// An entry's proof does not lead to the checkpoint.
    Proof(u64),
    /// An entry that was not asked for.
    Unasked(u64),
    /// The persons part of an entry is gone, and no entry declares that.
    Undeclared(u64),
    /// A community's own count goes from the second to the third at this entry: entries are missing.
    Gap(u64, Uuid, u64, u64),
    /// The earlier checkpoint, of so many entries, is not what this journal begins with: something before it was changed.
    Rewritten(u64),
    /// The earlier checkpoint is of more entries than there are: some were taken away, or this is an old copy. Said, found.
    RolledBack(u64, u64),
    /// The proof for the earlier checkpoint is missing, and the file is not whole: nothing can be said.
    NoConsistency(u64),
}

/// What verifying came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The checkpoint, once its signature was believed.
    pub checkpoint: Option<Checkpoint>,
    /// The workspace that the file says it is of. Every entry was checked to be of it.
    pub workspace: Option<Uuid>,
    /// Which entries were asked for; none when the file is whole.
    pub part: Option<Part>,
    /// The communities whose every entry is in words; none for all.
    pub communities: Option<Vec<Uuid>>,
    /// Entries that were read.
    pub entries: u64,
    /// Of them, those that come as hashes only.
    pub hashes: u64,
    /// Of them, those whose persons part was erased.
    pub erased: u64,
    /// The times of the earliest and the latest entry, in seconds since 1970-01-01T00:00:00Z.
    pub times: Option<(i64, i64)>,
    /// How many earlier checkpoints the journal was found to begin with.
    pub earlier: u64,
    /// What is wrong: the first hundred.
    pub findings: Vec<Finding>,
    /// How much is wrong in all.
    pub wrong: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.wrong == 0
    }

    fn find(&mut self, finding: Finding) {
        self.wrong += 1;
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        }
    }
}

/// Reads an export line by line, and keeps little of it.
#[derive(Debug)]
pub struct Verifier {
    keys: Vec<PublicKey>,
    /// Checkpoints that the reader kept, smallest first.
    kept: Vec<Checkpoint>,
    header: Option<Header>,
    line: u64,
    tree: Frontier,
    /// Roots of the tree where kept checkpoints are.
    roots: BTreeMap<u64, TreeHash>,
    sequences: BTreeMap<Uuid, u64>,
    erased: Vec<u64>,
    declared: Vec<RangeInclusive<u64>>,
    last: Option<u64>,
    end: Option<u64>,
    stopped: bool,
    report: Report,
}

impl Verifier {
    /// Begins. `keys` are the public keys that the reader has from elsewhere, `kept` the checkpoints that they kept themselves,
    /// each signed by one of the keys.
    ///
    /// # Errors
    /// The first of the kept checkpoints that is not believed, and why.
    pub fn new(keys: Vec<PublicKey>, kept: &[String]) -> Result<Self, (usize, CheckpointError)> {
        let read = |(number, note): (usize, &String)| Checkpoint::open(note, &keys).map_err(|error| (number, error));
        let mut kept = kept.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        kept.sort_by_key(|checkpoint| checkpoint.size);
        Ok(Self {
            keys,
            kept,
            header: None,
            line: 0,
            tree: Frontier::default(),
            roots: BTreeMap::from([(0, TreeHash::empty())]),
            sequences: BTreeMap::new(),
            erased: Vec::new(),
            declared: Vec::new(),
            last: None,
            end: None,
            stopped: false,
            report: Report::default(),
        })
    }

    /// How many entries the checkpoint says there are, once the first line was read: for showing progress.
    pub fn expected(&self) -> Option<u64> {
        self.report.checkpoint.as_ref().map(|checkpoint| checkpoint.size)
    }

    /// Takes the next line, without its end. Once something makes the rest unreadable, further lines are passed over.
    pub fn line(&mut self, text: &str) {
        self.line += 1;
        if self.stopped {
            return;
        }
        if self.header.is_none() {
            self.first(text);
        } else if let Some(finding) = self.next(text) {
            self.report.find(finding);
            self.stopped = true;
        }
    }

    fn first(&mut self, text: &str) {
        let header = serde_json::from_str::<Header>(text).map_err(|_| Finding::NotAnExport).and_then(|header| match header.is_known() {
            Ok(()) => Ok(header),
            Err(newer) => Err(if newer { Finding::NewerVersion } else { Finding::NotAnExport }),
        });
        match header {
            Ok(header) => {
                match Checkpoint::open(&header.checkpoint, &self.keys) {
                    Ok(checkpoint) => self.report.checkpoint = Some(checkpoint),
                    Err(error) => self.report.find(Finding::Checkpoint(error)),
                }
                self.report.workspace = Some(header.workspace);
                self.report.part = header.part;
                self.report.communities.clone_from(&header.communities);
                self.header = Some(header);
            }
            Err(finding) => {
                self.report.find(finding);
                self.stopped = true;
            }
        }
    }

    /// What makes the rest unreadable.
    fn next(&mut self, text: &str) -> Option<Finding> {
        let malformed = Finding::Line(self.line);
        let Ok(line) = serde_json::from_str::<Line<'_>>(text) else { return Some(malformed) };
        match line {
            _ if self.end.is_some() => Some(malformed),
            Line { end: Some(end), index: None, facts: None, hash: None, .. } => {
                self.end = Some(end);
                None
            }
            Line { index: Some(index), end: None, .. } => self.entry(index, &line).err().map(|Unreadable| malformed),
            _ => Some(malformed),
        }
    }

    fn entry(&mut self, index: u64, line: &Line<'_>) -> Result<(), Unreadable> {
        let is_whole = self.report.part.is_none();
        let due = self.last.map_or(0, |last| last.saturating_add(1));
        if (is_whole && index != due) || index < due {
            self.report.find(Finding::OutOfOrder(due, index));
        }
        self.last = Some(index);
        self.report.entries += 1;
        let hash = match (line, &line.hash) {
            (Line { facts: None, leaf: None, persons: None, .. }, Some(Bytes(hash))) if is_whole => {
                self.report.hashes += 1;
                LeafHash::from(<[u8; 32]>::try_from(hash.as_slice()).map_err(|_| Unreadable)?)
            }
            (_, None) => self.words(index, line)?,
            _ => return Err(Unreadable),
        };
        if is_whole {
            if line.proof.is_some() {
                return Err(Unreadable);
            }
            self.tree.push(hash);
            if self.kept.iter().any(|kept| kept.size == self.tree.size()) {
                self.roots.insert(self.tree.size(), self.tree.root());
            }
            return Ok(());
        }
        let proof = hashes(line.proof.as_deref().ok_or(Unreadable)?)?;
        if let Some(checkpoint) = &self.report.checkpoint
            && !includes(&checkpoint.root, checkpoint.size, index, hash, &proof)
        {
            self.report.find(Finding::Proof(index));
        }
        Ok(())
    }

    fn words(&mut self, index: u64, line: &Line<'_>) -> Result<LeafHash, Unreadable> {
        let (Some(facts), Some(Bytes(facts_key)), Some(Bytes(leaf)), Some(header)) =
            (line.facts, &line.facts_key, &line.leaf, &self.header)
        else {
            return Err(Unreadable);
        };
        let stored = Stored {
            index,
            facts: facts.get(),
            facts_key,
            persons: line.persons.map(|text| text.get()),
            persons_key: line.persons_key.as_ref().map(|Bytes(key)| key.as_slice()),
            leaf,
        };
        match open(header.workspace, stored) {
            Ok(entry) => {
                let hash = entry.leaf().hash();
                self.opened(&entry);
                Ok(hash)
            }
            Err(error) => {
                self.report.find(Finding::Entry(index, error));
                Ok(LeafHash::of(leaf))
            }
        }
    }

    fn opened(&mut self, entry: &Entry) {
        let at = entry.at();
        self.report.times = Some(self.report.times.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        if matches!(entry.persons(), Persons::Erased) {
            self.report.erased += 1;
            self.erased.push(entry.index());
        }
        let (kind, word) = ERASED;
        if entry.kind() == kind {
            self.declared.extend(entry.word(word).into_iter().flat_map(ranges));
        }
        match self.report.part {
            None => self.count(entry),
            Some(part) => {
                let named = [entry.actor(), entry.subject()];
                let about = part.person.is_none_or(|person| matches!(entry.persons(), Persons::Erased) || named.contains(&Some(person)));
                if !about || part.from.is_some_and(|from| at < from) || part.until.is_some_and(|until| at >= until) {
                    self.report.find(Finding::Unasked(entry.index()));
                }
            }
        }
    }

    fn count(&mut self, entry: &Entry) {
        for (community, sequence) in entry.communities() {
            if self.report.communities.as_ref().is_some_and(|all| !all.contains(community)) {
                continue;
            }
            let before = self.sequences.insert(*community, *sequence).unwrap_or(0);
            if *sequence != before + 1 {
                self.report.find(Finding::Gap(entry.index(), *community, before, *sequence));
            }
        }
    }

    /// Ends, and says what it came to.
    pub fn finish(mut self) -> Report {
        let Some(header) = self.header.take() else {
            if self.line == 0 {
                self.report.find(Finding::NotAnExport);
            }
            return self.report;
        };
        if self.stopped {
            return self.report;
        }
        match self.end {
            None => self.report.find(Finding::CutShort(self.report.entries)),
            Some(end) if end != self.report.entries => self.report.find(Finding::Count(end, self.report.entries)),
            Some(_) => {}
        }
        if let Some(checkpoint) = self.report.checkpoint.clone() {
            if header.part.is_none() {
                self.whole(&checkpoint);
            }
            self.earlier(&checkpoint, &header);
        }
        self.report
    }

    fn whole(&mut self, checkpoint: &Checkpoint) {
        if self.tree.size() != checkpoint.size {
            self.report.find(Finding::Length(checkpoint.size, self.tree.size()));
        } else if self.tree.root() != checkpoint.root {
            self.report.find(Finding::Root);
        }
        for index in std::mem::take(&mut self.erased) {
            if !self.declared.iter().any(|range| range.contains(&index)) {
                self.report.find(Finding::Undeclared(index));
            }
        }
    }

    /// The reader's own checkpoints; and the one in the file, which whoever wrote it was asked to prove.
    fn earlier(&mut self, checkpoint: &Checkpoint, header: &Header) {
        let given = header.earlier.as_ref().and_then(|earlier| {
            let old = Checkpoint::open(&earlier.checkpoint, &self.keys).ok()?;
            Some((old, hashes(&earlier.consistency).ok()?))
        });
        let mut kept = std::mem::take(&mut self.kept);
        if header.earlier.is_some() && given.is_none() {
            self.report.find(Finding::Line(1));
        }
        if let Some((old, _)) = &given
            && !kept.contains(old)
        {
            kept.push(old.clone());
        }
        for old in kept {
            let (size, now) = (old.size, checkpoint.size);
            let proved = given.as_ref().filter(|(one, _)| *one == old);
            let proved = proved.map(|(_, proof)| consistent((&old.root, size), (&checkpoint.root, now), proof));
            let held = if header.part.is_none() { self.roots.get(&size).map(|root| *root == old.root) } else { None };
            let same = (size == now).then(|| old.root == checkpoint.root);
            match (proved, held, same) {
                _ if old.origin != checkpoint.origin => self.report.find(Finding::Checkpoint(CheckpointError::OtherJournal)),
                _ if size > now => self.report.find(Finding::RolledBack(size, now)),
                (Some(false), ..) | (_, Some(false), _) | (.., Some(false)) => self.report.find(Finding::Rewritten(size)),
                (None, None, None) => self.report.find(Finding::NoConsistency(size)),
                _ => self.report.earlier += 1,
            }
        }
    }
}

struct Unreadable;

fn hashes(list: &[Bytes]) -> Result<Vec<TreeHash>, Unreadable> {
    let one = |Bytes(bytes): &Bytes| <[u8; 32]>::try_from(bytes.as_slice()).map(TreeHash::from);
    list.iter().map(one).collect::<Result<_, _>>().map_err(|_| Unreadable)
}

/// The ranges of a list such as `3,7-9`. What is none says nothing.
fn ranges(list: &str) -> Vec<RangeInclusive<u64>> {
    let range = |part: &str| match part.split_once('-') {
        None => part.parse().ok().map(|one| one..=one),
        Some((first, last)) => Some(first.parse().ok()?..=last.parse().ok()?),
    };
    list.split(',').filter_map(range).collect()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
