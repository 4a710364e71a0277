//! What a line says by itself: all that can be known of it without the lines before it.

use std::{panic::resume_unwind, thread};

use uuid::Uuid;

use crate::{
    Facts, LeafHash, OpenError, Persons, Stored,
    export::{Bytes, Line},
    open::check,
    tree::TreeHash,
};

/// From so many lines on they are shared among the cores: fewer are read before the others have begun.
const MANY: usize = if cfg!(test) { 8 } else { 256 };
/// Among no more than so many.
const HANDS: usize = 4;

pub(super) struct Unreadable;

/// What the first line says of all others.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) workspace: Uuid,
    pub(super) is_whole: bool,
}

pub(super) enum Read {
    Malformed,
    /// How many entries the last line counts.
    End(u64),
    Entry(u64, Result<Body, Unreadable>),
}

/// What there is of an entry beside its index.
pub(super) struct Body {
    pub(super) hash: LeafHash,
    pub(super) said: Said,
    /// Empty in a file that is whole.
    pub(super) proof: Result<Vec<TreeHash>, Unreadable>,
}

pub(super) enum Said {
    /// The hash and nothing else.
    Hash,
    Words(Facts, Persons),
    Wrong(OpenError),
}

impl Kind {
    /// Reads lines, and hands them on in their order.
    pub(super) fn read_all(self, lines: &[&str], mut take: impl FnMut(Read)) {
        let hands = if lines.len() < MANY { 1 } else { thread::available_parallelism().map_or(1, |cores| cores.get().min(HANDS)) };
        let (own, others) = lines.split_at(lines.len().div_ceil(hands));
        thread::scope(|scope| {
            let read = |share: &[&str]| share.iter().map(|line| self.read(line)).collect::<Vec<_>>();
            let hands: Vec<_> = others.chunks(own.len().max(1)).map(|share| scope.spawn(move || read(share))).collect();
            own.iter().for_each(|line| take(self.read(line)));
            for hand in hands {
                hand.join().unwrap_or_else(|panic| resume_unwind(panic)).into_iter().for_each(&mut take);
            }
        });
    }

    pub(super) fn read(self, text: &str) -> Read {
        let Ok(line) = serde_json::from_str::<Line<'_>>(text) else { return Read::Malformed };
        match line {
            Line { end: Some(end), index: None, facts: None, hash: None, .. } => Read::End(end),
            Line { index: Some(index), end: None, .. } => Read::Entry(index, self.body(index, &line)),
            _ => Read::Malformed,
        }
    }

    fn body(self, index: u64, line: &Line<'_>) -> Result<Body, Unreadable> {
        let (hash, said) = match (line, &line.hash) {
            (Line { facts: None, leaf: None, persons: None, .. }, Some(Bytes(hash))) if self.is_whole => {
                (LeafHash::from(<[u8; 32]>::try_from(hash.as_slice()).map_err(|_| Unreadable)?), Said::Hash)
            }
            (_, None) => self.words(index, line)?,
            _ => return Err(Unreadable),
        };
        let proof = match (&line.proof, self.is_whole) {
            (None, true) => Ok(Vec::new()),
            (Some(proof), false) => hashes(proof),
            (Some(_), true) | (None, false) => Err(Unreadable),
        };
        Ok(Body { hash, said, proof })
    }

    fn words(self, index: u64, line: &Line<'_>) -> Result<(LeafHash, Said), Unreadable> {
        let (Some(facts), Some(Bytes(facts_key)), Some(Bytes(leaf))) = (line.facts, &line.facts_key, &line.leaf) else {
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
        Ok(match check(self.workspace, stored) {
            Ok(checked) => (checked.leaf.hash(), Said::Words(checked.facts, checked.persons)),
            Err(error) => (LeafHash::of(leaf), Said::Wrong(error)),
        })
    }
}

pub(super) fn hashes(list: &[Bytes]) -> Result<Vec<TreeHash>, Unreadable> {
    let one = |Bytes(bytes): &Bytes| <[u8; 32]>::try_from(bytes.as_slice()).map(TreeHash::from);
    list.iter().map(one).collect::<Result<_, _>>().map_err(|_| Unreadable)
}
