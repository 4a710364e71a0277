//! From draft to sealed entry.

use std::{collections::BTreeMap, fmt};

use uuid::Uuid;

use crate::{
    CommitmentKey, Facts, Leaf, Named, Persons, SealError, Stored, canonical,
    commitment::{Commitment, Half},
};

/// An entry as it was decided, before a store has numbered it.
pub struct Draft {
    /// When it happened, in seconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// What kind of thing happened, such as `account.two-factor-reset`: 1 to 64 of `a-z 0-9 - .`
    pub kind: String,
    /// The communities that the entry belongs to, in any order; naming one twice is naming it once.
    pub communities: Vec<Uuid>,
    /// The account that acted; none when the program did so of itself.
    pub actor: Option<Uuid>,
    /// The account that it was about.
    pub subject: Option<Uuid>,
    /// The values for a sentence, such as `name` and `e-mail`: names are 1 to 64 of `A-Z a-z 0-9 - _ .`, values any
    /// text. Never a secret: they stay readable to those who may read the journal.
    pub words: BTreeMap<String, String>,
    /// 32 fresh random bytes for the facts.
    pub facts_key: CommitmentKey,
    /// 32 other fresh random bytes for the persons part.
    pub persons_key: CommitmentKey,
}

impl fmt::Debug for Draft {
    /// Names and addresses do not belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("at", &self.at).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A numbered entry: either just [sealed](seal), or read back and [checked](crate::open) against its leaf.
///
/// A store keeps the two texts, their keys and the leaf byte for byte, and drops the persons text with its key to erase.
#[derive(Clone)]
pub struct Entry {
    pub(crate) index: u64,
    pub(crate) facts: Facts,
    pub(crate) facts_text: String,
    pub(crate) facts_key: CommitmentKey,
    pub(crate) persons: Persons,
    pub(crate) persons_stored: Option<(String, CommitmentKey)>,
    pub(crate) leaf: Leaf,
}

impl Entry {
    /// The leaf's place in the workspace's journal. The first is 0 (RFC 9162 §2.1.1). It is not in the leaf: the tree
    /// is what fixes it.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The workspace that the entry belongs to.
    pub fn workspace(&self) -> Uuid {
        self.leaf.workspace()
    }

    /// What happened, when and where.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Who, about whom, in which words; or that this was erased.
    pub fn persons(&self) -> &Persons {
        &self.persons
    }

    /// When it happened, in seconds since 1970-01-01T00:00:00Z.
    pub fn at(&self) -> i64 {
        self.facts.at
    }

    /// What kind of thing happened.
    pub fn kind(&self) -> &str {
        &self.facts.kind
    }

    /// The communities, sorted, each with the entry's number in that community's own count.
    pub fn communities(&self) -> &[(Uuid, u64)] {
        &self.facts.communities
    }

    /// The account that acted; none as well when that was erased.
    pub fn actor(&self) -> Option<Uuid> {
        self.named().and_then(Named::actor)
    }

    /// The account that it was about; none as well when that was erased.
    pub fn subject(&self) -> Option<Uuid> {
        self.named().and_then(Named::subject)
    }

    /// The value for one word of the sentence; none as well when it was erased.
    pub fn word(&self, name: &str) -> Option<&str> {
        self.named()?.words.get(name).map(String::as_str)
    }

    /// The text of the facts, as it must be stored.
    pub fn facts_text(&self) -> &str {
        &self.facts_text
    }

    /// The key of the facts, stored beside them.
    pub fn facts_key(&self) -> &CommitmentKey {
        &self.facts_key
    }

    /// The text of the persons part, as it must be stored; none once erased.
    pub fn persons_text(&self) -> Option<&str> {
        self.persons_stored.as_ref().map(|(text, _)| text.as_str())
    }

    /// The key of the persons part, stored beside it and erased with it.
    pub fn persons_key(&self) -> Option<&CommitmentKey> {
        self.persons_stored.as_ref().map(|(_, key)| key)
    }

    /// The leaf, as it must be stored.
    pub fn leaf(&self) -> &Leaf {
        &self.leaf
    }

    /// All of it, as it must be stored.
    pub fn stored(&self) -> Stored<'_> {
        Stored {
            index: self.index,
            facts: &self.facts_text,
            facts_key: self.facts_key.as_bytes(),
            persons: self.persons_text(),
            persons_key: self.persons_key().map(|key| key.as_bytes().as_slice()),
            leaf: self.leaf.as_bytes(),
        }
    }

    fn named(&self) -> Option<&Named> {
        match &self.persons {
            Persons::Named(named) => Some(named),
            Persons::Erased => None,
        }
    }
}

impl fmt::Debug for Entry {
    /// Names and addresses do not belong in a log, keys neither.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("index", &self.index).field("facts", &self.facts).finish_non_exhaustive()
    }
}

/// Numbers a draft and fixes its bytes for ever. The store calls this inside the transaction that commits the change.
///
/// `index` is the leaf's place in the workspace's journal, from 0. `sequences` gives each of the draft's communities the
/// next number of its own count, from 1; communities that the draft does not name are passed over.
///
/// # Errors
/// [`SealError`], when the draft or the numbers do not fit the format. All of them are faults of the calling program.
pub fn seal(draft: Draft, workspace: Uuid, index: u64, sequences: &[(Uuid, u64)]) -> Result<Entry, SealError> {
    let Draft { at, kind, mut communities, actor, subject, words, facts_key, persons_key } = draft;
    communities.sort_unstable();
    communities.dedup();
    let numbered = communities.into_iter().map(|community| numbered(community, sequences)).collect::<Result<_, _>>()?;

    let facts = Facts::new(at, kind, numbered);
    let named = Named::new(actor, subject, words);
    if !facts.kind_is_allowed() {
        return Err(SealError::Kind);
    }
    if !facts.numbers_are_in_range() {
        return Err(SealError::Number);
    }
    if !named.word_names_are_allowed() {
        return Err(SealError::WordName);
    }

    let facts_text = canonical::write(&facts);
    let persons_text = canonical::write(&named);
    let leaf = Leaf::new(
        workspace,
        Commitment::new(Half::Facts, &facts_key, facts_text.as_bytes()),
        Commitment::new(Half::Persons, &persons_key, persons_text.as_bytes()),
    );
    Ok(Entry {
        index,
        facts,
        facts_text,
        facts_key,
        persons: Persons::Named(named),
        persons_stored: Some((persons_text, persons_key)),
        leaf,
    })
}

fn numbered(community: Uuid, sequences: &[(Uuid, u64)]) -> Result<(Uuid, u64), SealError> {
    let mut found = sequences.iter().filter(|(id, _)| *id == community);
    match (found.next(), found.next()) {
        (Some(&one), None) => Ok(one),
        _ => Err(SealError::Sequence(community)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            at: 1_790_000_000,
            kind: "account.two-factor-reset".into(),
            communities: vec![Uuid::from_u128(2), Uuid::from_u128(1), Uuid::from_u128(2)],
            actor: Some(Uuid::from_u128(10)),
            subject: Some(Uuid::from_u128(11)),
            words: [("name".into(), "Ada Lovelace".into())].into(),
            facts_key: [1; 32].into(),
            persons_key: [2; 32].into(),
        }
    }

    const SEQUENCES: [(Uuid, u64); 2] = [(Uuid::from_u128(1), 5), (Uuid::from_u128(2), 9)];

    #[test]
    fn communities_are_sorted_named_once_and_carry_their_own_number() {
        let entry = seal(draft(), Uuid::from_u128(7), 0, &SEQUENCES).expect("a proper draft");
        assert_eq!(entry.communities(), SEQUENCES);
        assert_eq!(entry.word("name"), Some("Ada Lovelace"));
        assert_eq!(entry.workspace(), Uuid::from_u128(7));
    }

    #[test]
    fn the_facts_name_nobody() {
        let entry = seal(draft(), Uuid::from_u128(7), 0, &SEQUENCES).expect("a proper draft");
        for person in ["Ada", &Uuid::from_u128(10).to_string(), &Uuid::from_u128(11).to_string()] {
            assert!(!entry.facts_text().contains(person));
            assert!(entry.persons_text().expect("just sealed").contains(person));
        }
    }

    #[test]
    fn a_community_without_its_number_or_with_two_is_refused() {
        let one = Uuid::from_u128(1);
        let two = Uuid::from_u128(2);
        assert_eq!(seal(draft(), one, 0, &[(one, 5)]).err(), Some(SealError::Sequence(two)));
        assert_eq!(seal(draft(), one, 0, &[(one, 5), (one, 6), (two, 1)]).err(), Some(SealError::Sequence(one)));
    }

    #[test]
    fn what_the_format_cannot_carry_is_refused() {
        let sealed = |change: fn(&mut Draft), first: u64| {
            let mut draft = draft();
            change(&mut draft);
            seal(draft, Uuid::from_u128(7), 0, &[(Uuid::from_u128(1), first), (Uuid::from_u128(2), 9)]).err()
        };
        assert_eq!(sealed(|d| d.kind = "Ada reset".into(), 1), Some(SealError::Kind));
        assert_eq!(sealed(|d| d.kind = String::new(), 1), Some(SealError::Kind));
        assert_eq!(sealed(|d| d.at = 1 << 53, 1), Some(SealError::Number));
        assert_eq!(sealed(|d| d.at = -(1 << 53), 1), Some(SealError::Number));
        assert_eq!(sealed(|_| (), 0), Some(SealError::Number));
        assert_eq!(sealed(|_| (), 1 << 53), Some(SealError::Number));
        assert_eq!(sealed(|d| d.words = [("é".into(), String::new())].into(), 1), Some(SealError::WordName));
        assert_eq!(sealed(|d| d.at = (1 << 53) - 1, (1 << 53) - 1), None);
    }

    #[test]
    fn neither_a_name_nor_a_key_shows_in_debug_output() {
        let before = format!("{:?}", draft());
        let entry = seal(draft(), Uuid::from_u128(7), 3, &SEQUENCES).expect("a proper draft");
        for shown in [before, format!("{entry:?}"), format!("{:?}", entry.persons())] {
            assert!(!shown.contains("Ada"), "{shown}");
            assert!(!shown.contains("[1, 1"), "{shown}");
        }
    }
}
