//! From what a store kept back to an entry, believing nothing that the leaf does not commit to.

use uuid::Uuid;

use crate::{
    CommitmentKey, Entry, Facts, Leaf, Named, OpenError, Persons,
    canonical::{self, Fault},
    commitment::Half,
};

/// What a store kept of one entry, as it came off the disk.
#[derive(Clone, Copy)]
pub struct Stored<'a> {
    /// The leaf's place in the journal. Carried along, not checked: no leaf holds it.
    pub index: u64,
    /// The text of the facts.
    pub facts: &'a str,
    /// The key of the facts.
    pub facts_key: &'a [u8],
    /// The text of the persons part; none once erased.
    pub persons: Option<&'a str>,
    /// The key of the persons part; none once erased.
    pub persons_key: Option<&'a [u8]>,
    /// The leaf.
    pub leaf: &'a [u8],
}

/// Checks a stored entry against its leaf and reads it. Commitments are compared in constant time.
///
/// This proves that the entry is the one that the leaf commits to. That the leaf itself is the one once written is for
/// the tree and its checkpoints to prove.
///
/// # Errors
/// The first failing check, in the order leaf, workspace, facts, persons: see [`OpenError`].
pub fn open(workspace: Uuid, stored: Stored<'_>) -> Result<Entry, OpenError> {
    let Checked { facts, facts_key, persons, persons_key, leaf } = check(workspace, stored)?;
    let persons_stored = persons_key.and_then(|key| Some((stored.persons?.to_owned(), key)));
    Ok(Entry { index: stored.index, facts, facts_text: stored.facts.to_owned(), facts_key, persons, persons_stored, leaf })
}

/// What was found to be as the leaf says.
pub(crate) struct Checked {
    pub(crate) facts: Facts,
    facts_key: CommitmentKey,
    pub(crate) persons: Persons,
    persons_key: Option<CommitmentKey>,
    pub(crate) leaf: Leaf,
}

/// As [`open`], for whoever has no use for the texts.
pub(crate) fn check(workspace: Uuid, stored: Stored<'_>) -> Result<Checked, OpenError> {
    let leaf = Leaf::from_bytes(stored.leaf)?;
    if leaf.workspace() != workspace {
        return Err(OpenError::OtherWorkspace);
    }

    let facts_key = key(stored.facts_key)?;
    // Nothing is parsed before it is known to be what was committed to.
    if !leaf.facts().holds(Half::Facts, &facts_key, stored.facts.as_bytes()) {
        return Err(OpenError::FactsDoNotMatch);
    }
    let facts: Facts = canonical::read(stored.facts).map_err(|fault| match fault {
        Fault::Version => OpenError::UnknownVersion,
        Fault::Form => OpenError::FactsMalformed,
    })?;
    if !(facts.kind_is_allowed() && facts.numbers_are_in_range() && facts.communities_ascend()) {
        return Err(OpenError::FactsMalformed);
    }

    let (persons, persons_key) = match (stored.persons, stored.persons_key) {
        (None, None) => (Persons::Erased, None),
        (Some(text), Some(bytes)) => {
            let key = key(bytes)?;
            (Persons::Named(named(&leaf, text, &key)?), Some(key))
        }
        _ => return Err(OpenError::PersonsHalfErased),
    };

    Ok(Checked { facts, facts_key, persons, persons_key, leaf })
}

fn named(leaf: &Leaf, text: &str, key: &CommitmentKey) -> Result<Named, OpenError> {
    if !leaf.persons().holds(Half::Persons, key, text.as_bytes()) {
        return Err(OpenError::PersonsDoNotMatch);
    }
    let named: Named = canonical::read(text).map_err(|fault| match fault {
        Fault::Version => OpenError::UnknownVersion,
        Fault::Form => OpenError::PersonsMalformed,
    })?;
    if named.word_names_are_allowed() { Ok(named) } else { Err(OpenError::PersonsMalformed) }
}

fn key(bytes: &[u8]) -> Result<CommitmentKey, OpenError> {
    <[u8; 32]>::try_from(bytes).map(CommitmentKey::from).map_err(|_| OpenError::KeyMalformed)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{Draft, seal};

    fn entries() -> impl Strategy<Value = Entry> {
        let name = "[A-Za-z0-9_.-]{1,64}";
        (
            -(1i64 << 53) + 1..1 << 53,
            "[a-z0-9.-]{1,64}",
            proptest::collection::btree_map(any::<u128>(), 1u64..1 << 53, 0..4),
            any::<(Option<u128>, Option<u128>, [u8; 32], [u8; 32], u128, u64)>(),
            proptest::collection::btree_map(name, any::<String>(), 0..4),
        )
            .prop_map(|(at, kind, communities, (actor, subject, facts_key, persons_key, workspace, index), words)| {
                let sequences: Vec<_> = communities.iter().map(|(id, n)| (Uuid::from_u128(*id), *n)).collect();
                let draft = Draft {
                    at,
                    kind,
                    // Not in order: sealing has to sort them.
                    communities: sequences.iter().rev().map(|(id, _)| *id).collect(),
                    actor: actor.map(Uuid::from_u128),
                    subject: subject.map(Uuid::from_u128),
                    words: words as BTreeMap<String, String>,
                    facts_key: facts_key.into(),
                    persons_key: persons_key.into(),
                };
                seal(draft, Uuid::from_u128(workspace), index, &sequences).expect("within the format")
            })
    }

    fn stored(entry: &Entry) -> Stored<'_> {
        Stored {
            index: entry.index(),
            facts: entry.facts_text(),
            facts_key: entry.facts_key().as_bytes(),
            persons: entry.persons_text(),
            persons_key: entry.persons_key().map(|key| key.as_bytes().as_slice()),
            leaf: entry.leaf().as_bytes(),
        }
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens_as_it_was(entry in entries()) {
            let again = open(entry.workspace(), stored(&entry)).expect("untouched");
            prop_assert_eq!(again.facts(), entry.facts());
            prop_assert_eq!(again.persons(), entry.persons());
            prop_assert_eq!(again.index(), entry.index());
            prop_assert_eq!(again.facts_text(), entry.facts_text());
            prop_assert_eq!(again.persons_text(), entry.persons_text());
        }

        #[test]
        fn erasing_persons_leaves_the_facts_provable(entry in entries()) {
            let erased = open(entry.workspace(), Stored { persons: None, persons_key: None, ..stored(&entry) });
            let erased = erased.expect("erased, not damaged");
            prop_assert_eq!(erased.persons(), &Persons::Erased);
            prop_assert_eq!(erased.facts(), entry.facts());
            prop_assert_eq!(erased.leaf().hash(), entry.leaf().hash());
            prop_assert!(erased.actor().is_none() && erased.subject().is_none() && erased.word("name").is_none());
        }

        #[test]
        fn one_flipped_bit_anywhere_is_noticed(entry in entries(), which in any::<prop::sample::Index>(), bit in 0u8..8) {
            let mut leaf = *entry.leaf().as_bytes();
            let mut facts_key = *entry.facts_key().as_bytes();
            let mut persons_key = *entry.persons_key().expect("not erased").as_bytes();
            let place = which.index(leaf.len() + 64);
            match place {
                0..32 => facts_key[place] ^= 1u8 << bit,
                32..64 => persons_key[place - 32] ^= 1u8 << bit,
                _ => leaf[place - 64] ^= 1u8 << bit,
            }
            let changed = Stored {
                leaf: &leaf,
                facts_key: &facts_key,
                persons_key: Some(&persons_key),
                ..stored(&entry)
            };
            prop_assert!(open(entry.workspace(), changed).is_err());
        }

        #[test]
        fn a_changed_text_is_noticed(entry in entries()) {
            let facts = format!("{} ", entry.facts_text());
            let changed = open(entry.workspace(), Stored { facts: &facts, ..stored(&entry) });
            prop_assert_eq!(changed.err(), Some(OpenError::FactsDoNotMatch));

            let persons = format!("{} ", entry.persons_text().expect("not erased"));
            let changed = open(entry.workspace(), Stored { persons: Some(&persons), ..stored(&entry) });
            prop_assert_eq!(changed.err(), Some(OpenError::PersonsDoNotMatch));
        }
    }
}
