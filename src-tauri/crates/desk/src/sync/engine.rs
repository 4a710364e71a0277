//! What to ask next, and what an answer changes. Pure: no network, no file, no clock.
//!
//! A replica begins with the people, page by page, and goes on with the journal from its first leaf. The leaves grow the tree of
//! RFC 9162, of which only the frontier is kept; the last page there is comes with a signed checkpoint, whose root must be the
//! tree's. So a server that changed, moved or left out any entry that it ever showed is found out.

use authority::store::feed::FedPerson;
use data_encoding::BASE64;
use domain::id::AccountId;
use journal::{
    Checkpoint, CheckpointError,
    note::PublicKey,
    tree::{Frontier, TreeHash},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vault::{Beside, ReplicaPage, ReplicaPerson};
use wire::feed::{ReadFeed, ReadSnapshot};

use super::{
    Step,
    pages::{Common, Entries, People},
};

/// How much a page may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    /// People.
    pub people: u32,
    /// Leaves of the journal.
    pub leaves: u32,
}

impl Default for Pages {
    fn default() -> Self {
        Self { people: 1_000, leaves: 1_000 }
    }
}

/// Why a server is not to be believed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SyncStop {
    /// Its journal is not the one that it showed before, or not the one that it signed.
    Rewritten,
    /// Its journal is shorter than it was.
    WentBack,
    /// It signs with another key than the one it was paired with, or not at all.
    OtherKey,
}

/// What sync keeps between two pages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct State {
    /// Of which workspace.
    pub(crate) workspace: Uuid,
    /// Whose replica it is.
    pub(crate) person: Uuid,
    /// The key that its checkpoints are checked with, from pairing.
    pub(crate) journal_key: String,
    /// Which part of the workspace its person saw with the last page.
    pub(crate) scope: Option<String>,
    /// What is asked for next.
    pub(crate) phase: Phase,
    /// How many leaves are known.
    pub(crate) cursor: u64,
    /// The tree's frontier, in Base64, the largest subtree first.
    pub(crate) peaks: Vec<String>,
    /// From which leaf on records are asked for: those before are in the people that were read.
    pub(crate) records_from: u64,
    /// The digest of those who are kept beside the people that its person sees.
    #[serde(default)]
    pub(crate) beside: Option<String>,
    /// The last checkpoint that was checked.
    pub(crate) checked: Option<Checked>,
    /// The server's time of the last page.
    pub(crate) at: Option<i64>,
    /// Whether it was whole since its person last saw another part.
    pub(crate) synced: bool,
    /// Why nothing is asked any more.
    pub(crate) stopped: Option<SyncStop>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Phase {
    /// People.
    People {
        /// After whom.
        after: Option<Uuid>,
        /// How many entries the journal had with the first page: what they touched is in all of them.
        as_of: Option<u64>,
    },
    /// The journal.
    Entries,
}

/// A checkpoint that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checked {
    /// How many entries there were.
    pub(crate) size: u64,
    /// The root of their tree, in Base64.
    pub(crate) root: String,
    /// The signed note.
    pub(crate) note: String,
}

/// What to ask for.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    People(ReadSnapshot),
    Entries(ReadFeed),
}

/// What became of a page.
pub(super) enum Taken {
    /// It answers another question.
    Nothing,
    /// To be written, with what is kept from then on.
    Page { page: Box<Written>, state: Box<State>, step: Step },
    /// The server is not to be believed.
    Stop(SyncStop),
}

/// What is to be written; where failures are kept is for the replica to say.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) page: ReplicaPage,
    pub(crate) people: Vec<FedPerson>,
}

impl Written {
    /// For the vault: `key` says where the failures for an address are kept.
    pub(crate) fn into_page(self, state: String, key: impl Fn(&str) -> domain::decision::ThrottleKey) -> ReplicaPage {
        // A key takes a keyed hash and the wiping after it: of a hundred thousand, few have failures.
        let kept = |person: &FedPerson| person.failures.as_ref().map(|_| key(&person.account.record.email.folded()));
        let people = self.people.into_iter().map(|person| ReplicaPerson { key: kept(&person), person });
        ReplicaPage { people: people.collect(), state, ..self.page }
    }
}

impl State {
    /// Of a replica that knows nothing yet.
    #[must_use]
    pub(crate) fn begin(workspace: Uuid, person: Uuid, journal_key: String) -> Self {
        Self {
            workspace,
            person,
            journal_key,
            scope: None,
            phase: Phase::People { after: None, as_of: None },
            cursor: 0,
            peaks: Vec::new(),
            records_from: 0,
            beside: None,
            checked: None,
            at: None,
            synced: false,
            stopped: None,
        }
    }

    pub(super) fn ask(&self, pages: Pages, question: u64) -> Ask {
        match self.phase {
            Phase::People { after, .. } => Ask::People(ReadSnapshot { after, limit: pages.people, question }),
            Phase::Entries => {
                let (after, records_from) = (self.cursor, self.records_from);
                Ask::Entries(ReadFeed { after, records_from, limit: pages.leaves, question, beside: self.beside.clone() })
            }
        }
    }

    pub(super) fn take_people(&self, page: People) -> Taken {
        let Phase::People { after, as_of } = self.phase else { return Taken::Nothing };
        if page.after != after {
            return Taken::Nothing;
        }
        if let Some(taken) = self.before_all(&page.common) {
            return taken;
        }
        let as_of = as_of.map_or(page.common.size, |as_of| as_of.min(page.common.size));
        let (phase, records_from) = match page.next {
            Some(next) => (Phase::People { after: Some(next), as_of: Some(as_of) }, self.records_from),
            None => (Phase::Entries, as_of),
        };
        // Whoever came with these pages is looked at with the first of the journal.
        let state = Self { phase, records_from, beside: None, scope: Some(page.common.scope), at: Some(page.common.now), ..self.clone() };
        let step = Step::Going { done: state.cursor, of: page.common.size };
        let written = Written {
            page: ReplicaPage {
                workspace: page.common.workspace,
                communities: page.common.communities,
                whole: Some((after.map(AccountId), page.next.map(AccountId))),
                cursor: state.cursor,
                ..ReplicaPage::default()
            },
            people: page.people,
        };
        Taken::Page { page: Box::new(written), state: Box::new(state), step }
    }

    pub(super) fn take_entries(&self, page: Entries) -> Taken {
        if self.phase != Phase::Entries || page.from != self.cursor {
            return Taken::Nothing;
        }
        if let Some(taken) = self.before_all(&page.common) {
            return taken;
        }
        let upto = self.cursor + page.leaves.len() as u64;
        if upto > page.common.size || (page.leaves.is_empty() && upto != page.common.size) {
            return Taken::Nothing;
        }
        let Some(mut tree) = self.tree() else { return Taken::Stop(SyncStop::Rewritten) };
        let mut entries = Vec::new();
        for leaf in page.leaves {
            tree.push(leaf.hash);
            entries.extend(leaf.entry);
            // Where the replica began anew, it meets the tree that it knew before.
            let before = self.checked.as_ref().filter(|checked| checked.size == tree.size());
            if before.is_some_and(|checked| checked.root != text(&tree.root())) {
                return Taken::Stop(SyncStop::Rewritten);
            }
        }
        let mut checked = self.checked.clone();
        let whole = upto == page.common.size;
        if whole {
            match self.check(page.checkpoint.as_deref(), &tree) {
                Ok(found) => checked = Some(found),
                Err(stop) => return Taken::Stop(stop),
            }
        }
        let synced = if page.again { false } else { whole || self.synced };
        let (beside, kept) = page.beside.map_or((self.beside.clone(), None), |(digest, people)| (Some(digest), Some(people)));
        let state = Self {
            phase: if page.again { Phase::People { after: None, as_of: None } } else { Phase::Entries },
            cursor: upto,
            peaks: tree.peaks().iter().map(text).collect(),
            beside,
            checked,
            at: Some(page.common.now),
            synced,
            ..self.clone()
        };
        let step = if whole && !page.again { Step::Current { size: upto } } else { Step::Going { done: upto, of: page.common.size } };
        let written = Written {
            page: ReplicaPage {
                workspace: page.common.workspace,
                communities: page.common.communities,
                gone: page.gone,
                beside: kept.map(|people| Beside { reader: AccountId(self.person), people }),
                names: page.names,
                entries,
                erased: page.erased,
                cursor: upto,
                ..ReplicaPage::default()
            },
            people: page.people,
        };
        Taken::Page { page: Box::new(written), state: Box::new(state), step }
    }

    /// What holds of every page, before anything of it is taken.
    fn before_all(&self, common: &Common) -> Option<Taken> {
        let known = self.checked.as_ref().map_or(0, |checked| checked.size).max(self.cursor);
        if common.size < known {
            return Some(Taken::Stop(SyncStop::WentBack));
        }
        if self.scope.as_ref().is_none_or(|scope| *scope == common.scope) {
            return None;
        }
        // What was seen before may be seen no longer, and is gone at once. What was checked is still demanded.
        let state =
            Self { checked: self.checked.clone(), at: self.at, ..Self::begin(self.workspace, self.person, self.journal_key.clone()) };
        let page = Written { page: ReplicaPage { anew: true, ..ReplicaPage::default() }, people: Vec::new() };
        Some(Taken::Page { page: Box::new(page), state: Box::new(state), step: Step::Going { done: 0, of: common.size } })
    }

    fn tree(&self) -> Option<Frontier> {
        let peak = |text: &String| BASE64.decode(text.as_bytes()).ok()?.try_into().ok().map(|hash: [u8; 32]| TreeHash::from(hash));
        Frontier::resumed(self.cursor, self.peaks.iter().map(peak).collect::<Option<_>>()?)
    }

    fn check(&self, note: Option<&str>, tree: &Frontier) -> Result<Checked, SyncStop> {
        let note = note.ok_or(SyncStop::OtherKey)?;
        let key: PublicKey = self.journal_key.parse().map_err(|_| SyncStop::OtherKey)?;
        let found = Checkpoint::open(note, &[key]).map_err(|_: CheckpointError| SyncStop::OtherKey)?;
        if found.size != tree.size() || found.root != tree.root() {
            return Err(SyncStop::Rewritten);
        }
        Ok(Checked { size: found.size, root: text(&found.root), note: note.to_owned() })
    }
}

fn text(hash: &TreeHash) -> String {
    BASE64.encode(hash.as_bytes())
}
