//! The journal as evidence: checkpoints, proofs, exports.

use uuid::Uuid;

words! {
    /// What is wrong with a journal.
    enum FindingKind {
        /// Something that was read is no part of a journal.
        Unreadable,
        /// The checkpoint is not believed.
        Checkpoint,
        /// The entry `index` was changed.
        Changed,
        /// Where the entry `index` should stand, `other` does.
        OutOfOrder,
        /// There should be `index` entries, and there are `other`.
        Length,
        /// The entries are not those that the checkpoint was taken over.
        Root,
        /// The persons of the entry `index` are gone, and nothing declares that.
        Undeclared,
        /// Before the entry `index`, `other` entries of a community are missing.
        Gap,
        /// The journal does not begin with the earlier checkpoint, of `index` entries.
        Rewritten,
        /// The earlier checkpoint is of `index` entries, and there are only `other`.
        RolledBack,
    }
}

requests! {
    /// Asks where to, and exports the journal there.
    struct ExportJournal {
        /// Only what is by or about this person.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub person: Option<Uuid>,
        /// Only what is of this moment or later.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub from: Option<i64>,
        /// Only what is before this moment.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub until: Option<i64>,
        /// A checkpoint that somebody kept.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub earlier: Option<String>,
    }
    /// Verifies the whole journal.
    struct VerifyJournal {
        /// A checkpoint that somebody kept.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub earlier: Option<String>,
    }
    /// Reads what the journal is signed with, and its last checkpoints.
    struct ReadEvidence {}
    /// Takes a checkpoint of the journal as it is now.
    struct TakeCheckpoint {}
    /// Asks where to, and saves the newest checkpoint and the public key as a paper to hang on a wall.
    struct SaveCheckpoint {}
    /// Opens the print dialog over what the page has laid out of the same paper.
    struct PrintCheckpoint {}
    /// Begins to verify the journal against a checkpoint taken now.
    struct BeginVerification {
        /// A checkpoint that somebody kept; the proof for it comes with the answer.
        #[serde(default)]
        pub earlier: Option<String>,
    }
    /// Begins to export the journal, and writes that down.
    struct BeginExport {
        /// Only what is by or about this person.
        #[serde(default)]
        pub person: Option<Uuid>,
        /// Only what is of this moment or later.
        #[serde(default)]
        pub from: Option<i64>,
        /// Only what is before this moment.
        #[serde(default)]
        pub until: Option<i64>,
        /// A checkpoint that somebody kept; the proof for it goes with the file.
        #[serde(default)]
        pub earlier: Option<String>,
    }
    /// Reads the next lines of a verification or an export that was begun.
    struct ReadLines {
        /// What was begun.
        pub begun: LinesBegun,
        /// `next` of the lines before; 0 at first.
        pub start: u64,
    }
    /// Proves that one entry is in the journal under the last checkpoint.
    struct ProveEntry {
        /// Which.
        pub index: u64,
    }
}

/// Which lines are read: given back as it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct LinesBegun {
    /// How many entries the checkpoint is of.
    pub size: u64,
    /// Whether every entry is asked for, those out of reach as hashes.
    pub whole: bool,
    /// Only what is by or about this person.
    pub person: Option<Uuid>,
    /// Only what is of this moment or later.
    pub from: Option<i64>,
    /// Only what is before this moment.
    pub until: Option<i64>,
}

/// The beginning of an export.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct LinesHead {
    /// The first line, with its end.
    pub line: String,
    /// What to read on.
    pub begun: LinesBegun,
    /// The public keys of this workspace's journal, the present one first.
    pub keys: Vec<String>,
}

/// Some lines of an export.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Lines {
    /// The lines, each with its end.
    pub text: String,
    /// How many.
    pub entries: u64,
    /// Where the next begin; absent after the last.
    pub next: Option<u64>,
}

shapes! {
    /// What the journal is signed with, and its last checkpoints.
    struct EvidenceView {
        /// The public key, as `name+id+key`.
        pub public_key: String,
        /// How many entries there are.
        pub size: u64,
        /// The last checkpoints, newest first.
        pub checkpoints: Vec<CheckpointView>,
    }
    /// The same, with what hangs on a wall.
    struct EvidenceShown {
        /// What the workspace answered.
        pub evidence: EvidenceView,
        /// The public key as a QR code: a PNG picture, as a data URL.
        pub key_qr: String,
        /// The newest checkpoint as a QR code, likewise; absent where there is none.
        pub checkpoint_qr: Option<String>,
        /// The workspace's name, as it stands on the paper.
        pub workspace: String,
    }
    /// A checkpoint.
    struct CheckpointView {
        /// How many entries it is of.
        pub size: u64,
        /// When it was taken.
        pub at: i64,
        /// The signed note: three lines, an empty one, and the signature.
        pub note: String,
    }
    /// An export.
    struct JournalExported {
        /// Whether a file was written: not when the dialog was left.
        pub kept: bool,
        /// Its name.
        pub file: Option<String>,
        /// How many entries are in it.
        pub entries: u64,
    }
    /// What verifying came to.
    struct Verification {
        /// Whether nothing is wrong.
        pub sound: bool,
        /// How many entries there are.
        pub entries: u64,
        /// Of them, those that whoever asks may not read.
        pub hashes: u64,
        /// Of them, those whose persons were erased.
        pub erased: u64,
        /// The time of the earliest.
        pub first_at: Option<i64>,
        /// The time of the latest.
        pub last_at: Option<i64>,
        /// Whether the journal was found to begin with an earlier checkpoint.
        pub earlier: bool,
        /// How much is wrong in all.
        pub wrong: u64,
        /// What is wrong: the first hundred.
        pub findings: Vec<FindingView>,
    }
    /// Something that is wrong.
    struct FindingView {
        /// What.
        pub kind: FindingKind,
        /// The first number of the sentence.
        pub index: Option<u64>,
        /// The second.
        pub other: Option<u64>,
    }
    /// Whether an entry is where the journal says it is.
    struct EntryProof {
        /// The entry.
        pub index: u64,
        /// How many entries the checkpoint is of that it was proved against.
        pub size: u64,
        /// When that was taken.
        pub at: i64,
        /// Whether the entry is as it was sealed, and in the tree of the checkpoint.
        pub proved: bool,
    }
}
