//! Verifying an export, line by line: what it proves, and what is wrong with it.

use std::{collections::BTreeMap, ops::RangeInclusive};

use uuid::Uuid;

use crate::{
    Checkpoint, CheckpointError, Facts, Named, OpenError, Persons,
    export::{Header, Part},
    note::PublicKey,
    tree::{Frontier, TreeHash, consistent, includes},
};

mod reading;

use reading::{Body, Kind, Read, Said, Unreadable, hashes};

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

    /// Takes the next line, without its end. Once something makes the rest unreadable, further lines are passed over.
    pub fn line(&mut self, text: &str) {
        self.line += 1;
        if self.stopped {
            return;
        }
        match self.kind() {
            None => self.first(text),
            Some(kind) => self.next(kind.read(text)),
        }
    }

    /// Takes the next lines, whole ones, with their ends: as [`Self::line`] takes each, and quicker where they are many.
    pub fn lines(&mut self, text: &str) {
        let mut lines = text.lines();
        if self.header.is_none() {
            lines.next().into_iter().for_each(|line| self.line(line));
        }
        let Some(kind) = self.kind().filter(|_| !self.stopped) else { return };
        kind.read_all(&lines.collect::<Vec<_>>(), |read| {
            self.line += 1;
            if !self.stopped {
                self.next(read);
            }
        });
    }

    fn kind(&self) -> Option<Kind> {
        self.header.as_ref().map(|header| Kind { workspace: header.workspace, is_whole: header.part.is_none() })
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

    fn next(&mut self, read: Read) {
        let taken = match read {
            _ if self.end.is_some() => Err(Unreadable),
            Read::Malformed => Err(Unreadable),
            Read::End(end) => {
                self.end = Some(end);
                Ok(())
            }
            Read::Entry(index, body) => self.entry(index, body),
        };
        if let Err(Unreadable) = taken {
            self.report.find(Finding::Line(self.line));
            self.stopped = true;
        }
    }

    fn entry(&mut self, index: u64, body: Result<Body, Unreadable>) -> Result<(), Unreadable> {
        let is_whole = self.report.part.is_none();
        let due = self.last.map_or(0, |last| last.saturating_add(1));
        if (is_whole && index != due) || index < due {
            self.report.find(Finding::OutOfOrder(due, index));
        }
        self.last = Some(index);
        self.report.entries += 1;
        let Body { hash, said, proof } = body?;
        match said {
            Said::Hash => self.report.hashes += 1,
            Said::Words(facts, persons) => self.opened(index, &facts, &persons),
            Said::Wrong(error) => self.report.find(Finding::Entry(index, error)),
        }
        let proof = proof?;
        if is_whole {
            self.tree.push(hash);
            if self.kept.iter().any(|kept| kept.size == self.tree.size()) {
                self.roots.insert(self.tree.size(), self.tree.root());
            }
        } else if let Some(checkpoint) = &self.report.checkpoint
            && !includes(&checkpoint.root, checkpoint.size, index, hash, &proof)
        {
            self.report.find(Finding::Proof(index));
        }
        Ok(())
    }

    fn opened(&mut self, index: u64, facts: &Facts, persons: &Persons) {
        let at = facts.at();
        self.report.times = Some(self.report.times.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        let named = match persons {
            Persons::Named(named) => Some(named),
            Persons::Erased => None,
        };
        if named.is_none() {
            self.report.erased += 1;
            self.erased.push(index);
        }
        let (kind, word) = ERASED;
        if facts.kind() == kind {
            self.declared.extend(named.and_then(|named| named.words().get(word)).into_iter().flat_map(|list| ranges(list)));
        }
        match self.report.part {
            None => self.count(index, facts),
            Some(part) => {
                let is_of = |person, named: &Named| [named.actor(), named.subject()].contains(&Some(person));
                let about = part.person.is_none_or(|person| named.is_none_or(|named| is_of(person, named)));
                if !about || part.from.is_some_and(|from| at < from) || part.until.is_some_and(|until| at >= until) {
                    self.report.find(Finding::Unasked(index));
                }
            }
        }
    }

    fn count(&mut self, index: u64, facts: &Facts) {
        for (community, sequence) in facts.communities() {
            if self.report.communities.as_ref().is_some_and(|all| !all.contains(community)) {
                continue;
            }
            let before = self.sequences.insert(*community, *sequence).unwrap_or(0);
            if *sequence != before + 1 {
                self.report.find(Finding::Gap(index, *community, before, *sequence));
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
        // Both in order: many erasures of many people take no longer than sorting them.
        self.erased.sort_unstable();
        self.declared.sort_unstable_by_key(|range| *range.start());
        let mut declared = self.declared.iter().peekable();
        let mut until = None;
        for index in &self.erased {
            while let Some(range) = declared.next_if(|range| range.start() <= index) {
                until = until.max(Some(range.end()));
            }
            if until.is_none_or(|until| until < index) {
                self.report.find(Finding::Undeclared(*index));
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
