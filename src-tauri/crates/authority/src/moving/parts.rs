//! What goes over: documents as both sides keep them, in JSON (FORMATS.md, "A move").

use data_encoding::BASE64;
use domain::{
    account::Account,
    case::Case,
    evidence::Checkpoint,
    id::WorkspaceId,
    import::Batch,
    mail::outbox::Mail,
    moving::{Extent, Kind, Place},
    report::Report,
    request::HelpRequest,
    time::Moment,
    token::Token,
    workspace::{Community, Workspace},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    seal::CarriedKey,
    store::{ImportedItem, KeptEntry, RemovedName},
};

/// What can be asked before a workspace is let go: whether it would be taken in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Look {
    /// The version of the program.
    pub version: String,
    /// Which workspace.
    pub workspace: WorkspaceId,
}

/// What a move begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Leaving {
    /// The version of the program. Both sides must be of one: else a field that one of them does not know would be lost unseen.
    pub version: String,
    /// Which workspace.
    pub workspace: WorkspaceId,
    /// What it is called.
    pub name: String,
    /// When the move began.
    pub at: Moment,
    /// What of its journal goes along.
    pub journal: Extent,
    /// How many records there are, for whoever watches.
    pub records: u64,
    /// What its secrets may be sealed with.
    pub keys: Vec<CarriedKey>,
    /// What names things in it.
    pub naming: CarriedKey,
}

/// A part. The first is number 0.
#[derive(Clone, Serialize, Deserialize)]
pub struct Part {
    /// Its number.
    pub number: u64,
    /// What is in it.
    pub records: Records,
    /// What the next one begins with.
    pub next: Option<Place>,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("number", &self.number).finish_non_exhaustive()
    }
}

/// Records of one kind.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Records {
    /// Communities.
    Communities(Vec<Community>),
    /// Accounts.
    People(Vec<Account>),
    /// How people were called whose accounts were removed.
    RemovedNames(Vec<RemovedName>),
    /// Tokens.
    Tokens(Vec<Token>),
    /// Cases.
    Cases(Vec<Case>),
    /// Requests for help.
    Requests(Vec<HelpRequest>),
    /// What people say was not them.
    Reports(Vec<Report>),
    /// Imports of people.
    Imports(Vec<Batch>),
    /// What they did to whom.
    ImportedPeople(Vec<ImportedItem>),
    /// Notices.
    Notices(Vec<Mail>),
    /// Entries of the journal.
    Entries(Vec<Carried<KeptEntry>>),
    /// Checkpoints, oldest first.
    Checkpoints(Vec<Carried<Checkpoint>>),
}

impl Records {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Communities(_) => Kind::Communities,
            Self::People(_) => Kind::People,
            Self::RemovedNames(_) => Kind::RemovedNames,
            Self::Tokens(_) => Kind::Tokens,
            Self::Cases(_) => Kind::Cases,
            Self::Requests(_) => Kind::Requests,
            Self::Reports(_) => Kind::Reports,
            Self::Imports(_) => Kind::Imports,
            Self::ImportedPeople(_) => Kind::ImportedPeople,
            Self::Notices(_) => Kind::Notices,
            Self::Entries(_) => Kind::Entries,
            Self::Checkpoints(_) => Kind::Checkpoints,
        }
    }

    pub(crate) fn len(&self) -> u64 {
        let count = match self {
            Self::Communities(all) => all.len(),
            Self::People(all) => all.len(),
            Self::RemovedNames(all) => all.len(),
            Self::Tokens(all) => all.len(),
            Self::Cases(all) => all.len(),
            Self::Requests(all) => all.len(),
            Self::Reports(all) => all.len(),
            Self::Imports(all) => all.len(),
            Self::ImportedPeople(all) => all.len(),
            Self::Notices(all) => all.len(),
            Self::Entries(all) => all.len(),
            Self::Checkpoints(all) => all.len(),
        };
        count as u64
    }
}

/// What both sides must agree on before the workspace arrives.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct End {
    /// The workspace's own record: it comes last.
    pub workspace: Box<Workspace>,
    /// How long the journal is, and its root.
    pub journal: Extent,
    /// How many records of each kind there are; of the journal, those that go along.
    pub counts: Vec<(Kind, u64)>,
}

/// Something that has no document of its own at rest.
#[derive(Clone)]
pub struct Carried<T>(pub T);

#[derive(Serialize, Deserialize)]
struct EntryLine {
    index: u64,
    facts: String,
    facts_key: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    persons: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    persons_key: Option<String>,
    leaf: String,
}

impl Serialize for Carried<KeptEntry> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let KeptEntry { index, facts, facts_key, persons, persons_key, leaf } = self.0.clone();
        let bytes = |bytes: &Vec<u8>| BASE64.encode(bytes);
        let (facts_key, persons_key, leaf) = (bytes(&facts_key), persons_key.as_ref().map(bytes), bytes(&leaf));
        EntryLine { index, facts, facts_key, persons, persons_key, leaf }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Carried<KeptEntry> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let EntryLine { index, facts, facts_key, persons, persons_key, leaf } = EntryLine::deserialize(deserializer)?;
        let bytes = |text: &str| BASE64.decode(text.as_bytes()).map_err(D::Error::custom);
        let persons_key = persons_key.as_deref().map(bytes).transpose()?;
        Ok(Self(KeptEntry { index, facts, facts_key: bytes(&facts_key)?, persons, persons_key, leaf: bytes(&leaf)? }))
    }
}

#[derive(Serialize, Deserialize)]
struct CheckpointLine {
    size: u64,
    at: Moment,
    note: String,
}

impl Serialize for Carried<Checkpoint> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Checkpoint { size, at, note } = self.0.clone();
        CheckpointLine { size, at, note }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Carried<Checkpoint> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let CheckpointLine { size, at, note } = CheckpointLine::deserialize(deserializer)?;
        Ok(Self(Checkpoint { size, at, note }))
    }
}
