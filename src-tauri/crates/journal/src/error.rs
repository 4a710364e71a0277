//! Why an entry could not be made, or not be believed. Both sets are closed.

use thiserror::Error;
use uuid::Uuid;

/// Why a draft cannot become an entry. Each is a fault of the program, never of the person using it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// The draft names a community for which the store gave no sequence number, or gave several.
    #[error("community {0} needs exactly one sequence number")]
    Sequence(Uuid),
    /// The kind is not 1 to 64 symbols of `a-z 0-9 - .`
    #[error("the kind of a journal entry must be 1 to 64 of the symbols a-z, 0-9, '-' and '.'")]
    Kind,
    /// The name of a word is not 1 to 64 symbols of `A-Z a-z 0-9 - _ .`
    #[error("the name of a word must be 1 to 64 of the symbols A-Z, a-z, 0-9, '-', '_' and '.'")]
    WordName,
    /// A time or a sequence number is outside what every JSON reader keeps exactly (RFC 7493 §2.2), or a sequence is 0.
    #[error("a number of the journal entry is out of range")]
    Number,
}

/// Why a stored entry cannot be believed, or not be read by this version of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// The leaf, the facts or the persons part carry a version that this program does not know.
    #[error("this journal entry was written by a newer version of the program")]
    UnknownVersion,
    /// The leaf is empty or has a wrong length.
    #[error("the leaf of this journal entry is damaged")]
    LeafMalformed,
    /// The leaf names another workspace than the one that was opened.
    #[error("this journal entry belongs to another workspace")]
    OtherWorkspace,
    /// A commitment key is not 32 bytes long.
    #[error("a key of this journal entry is damaged")]
    KeyMalformed,
    /// The facts are not those that the leaf commits to.
    #[error("the facts of this journal entry were changed after it was written")]
    FactsDoNotMatch,
    /// The facts are those committed to, but not in canonical form, or something in them is out of range.
    #[error("the facts of this journal entry are not in the form that the format asks for")]
    FactsMalformed,
    /// The persons part is not the one that the leaf commits to.
    #[error("the names in this journal entry were changed after it was written")]
    PersonsDoNotMatch,
    /// The persons part is the one committed to, but not in canonical form, or a word's name is not allowed.
    #[error("the names in this journal entry are not in the form that the format asks for")]
    PersonsMalformed,
    /// The persons text is there without its key, or the key without the text. Erasing deletes both.
    #[error("the names in this journal entry were only half erased")]
    PersonsHalfErased,
}
