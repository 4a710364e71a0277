//! What is asked of lists, and what they answer.

use domain::{
    account::{Account, AccountState},
    case::Case,
    device::Device,
    gate::Role,
    id::{AccountId, BatchId, CommunityId, DeviceId, ImportId, MailId, TokenId},
    import,
    lockout::Locked,
    readiness::{Hour, PeopleState},
    request::HelpRequest,
    time::Moment,
    token::{Origin, Token},
};

use super::Versioned;

/// Which people to list.
#[derive(Clone, Debug)]
pub struct PeopleQuery {
    /// Part of a name or an address, compared without case; empty for everybody.
    pub search: String,
    /// Only people of these communities; `None` for all.
    pub communities: Option<Vec<CommunityId>>,
    /// Only some of those.
    pub only: Only,
    /// What is in force.
    pub hour: Hour,
    /// In which order.
    pub order: Order,
    /// Where the page begins.
    pub begin: Begin,
    /// Rows at most.
    pub limit: u32,
}

impl PeopleQuery {
    /// Everybody, by name, in pages of so many.
    #[must_use]
    pub fn everybody(hour: Hour, limit: u32) -> Self {
        Self {
            search: String::new(),
            communities: None,
            only: Only::ANYBODY,
            hour,
            order: Order { by: By::Name, descending: false },
            begin: Begin::At(0),
            limit,
        }
    }
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// At this position, from 0.
    At(u64),
    /// After this folded name and account, in the order of names: for whoever goes through a whole list while it changes.
    /// Other orders have no such place, and begin at their first row.
    After(String, AccountId),
}

/// In which order people are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// By what. Who is alike in it is ordered by folded name, and then by identifier.
    pub by: By,
    /// Whether all of it is turned round.
    pub descending: bool,
}

/// What people are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// The folded name.
    Name,
    /// The folded address.
    Email,
    /// The state, by [`AccountState::rank`].
    State,
    /// When they last came in; whoever never did comes first.
    SignedIn,
    /// When the account was made.
    Added,
}

/// Which of the people of a list, beside the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Only {
    /// Those who are this.
    pub being: Option<Being>,
    /// Those of whom this holds. What is about backup codes holds of nobody who has none by [`Hour::without_codes`].
    pub state: Option<PeopleState>,
}

impl Only {
    /// No filter.
    pub const ANYBODY: Self = Self { being: None, state: None };
}

/// What somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Being {
    /// An owner of the workspace.
    Owner,
    /// Holds this role in one of the communities that the list is of.
    Holding(Role),
}

/// A page of people.
#[derive(Debug)]
pub struct People {
    /// The accounts.
    pub rows: Vec<Account>,
    /// Of each of them, whether nothing they type is looked at.
    pub locked: Vec<Option<Locked>>,
    /// The position of the first, from 0; the total, where there is none.
    pub from: u64,
    /// How many match in all.
    pub total: u64,
    /// The last row, to go on [after](Begin::After) it; `None` on the last page, and in any order but that of names.
    pub next: Option<(String, AccountId)>,
}

/// Of how many people each state holds, in the order of [`PeopleState::ALL`]. Each number is the total of the list that is
/// narrowed to that state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub [u64; PeopleState::ALL.len()]);

impl Counts {
    /// Of how many it holds.
    #[must_use]
    pub fn of(&self, state: PeopleState) -> u64 {
        PeopleState::ALL.iter().zip(self.0).find_map(|(each, count)| (*each == state).then_some(count)).unwrap_or(0)
    }
}

/// The form in which names are ordered and searched.
#[must_use]
pub fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// Which entries to read, newest first.
#[derive(Clone, Debug)]
pub struct JournalQuery {
    /// Only entries by or about this person.
    pub person: Option<AccountId>,
    /// Only entries that concern these communities; `None` for all.
    pub communities: Option<Vec<CommunityId>>,
    /// Only entries before this index.
    pub before: Option<u64>,
    /// Entries at most.
    pub limit: u32,
}

/// Which entries to find. What is said holds of each of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalSearch {
    /// By or about this person.
    pub person: Option<AccountId>,
    /// By this person.
    pub actor: Option<AccountId>,
    /// Of one of these kinds; empty for all.
    pub kinds: Vec<String>,
    /// That concern one of these communities; `None` for all.
    pub communities: Option<Vec<CommunityId>>,
    /// Of this moment or later.
    pub since: Option<Moment>,
    /// Before this moment.
    pub until: Option<Moment>,
    /// Before this index; `None` for all there are.
    pub end: Option<u64>,
    /// The position of the first that is asked for, newest first, from 0.
    pub from: u64,
    /// Entries at most.
    pub limit: u32,
}

/// Entries that were found.
#[derive(Debug)]
pub struct JournalFound {
    /// Those of the page, newest first.
    pub lines: Vec<JournalLine>,
    /// How many match in all.
    pub total: u64,
    /// Before which index it was looked.
    pub end: u64,
}

/// Which entries to take out of the journal, oldest first, as they are kept.
#[derive(Clone, Debug)]
pub struct KeptQuery {
    /// Only entries by or about this person.
    pub person: Option<AccountId>,
    /// Only entries of this moment or later.
    pub from: Option<Moment>,
    /// Only entries before this moment.
    pub until: Option<Moment>,
    /// Only entries from this index on.
    pub start: u64,
    /// Only entries before this index.
    pub end: u64,
    /// Entries at most.
    pub limit: u32,
}

/// An entry just as the store keeps it: nothing of it was checked.
#[derive(Clone)]
pub struct KeptEntry {
    /// Its place.
    pub index: u64,
    /// The text of the facts.
    pub facts: String,
    /// Their key.
    pub facts_key: Vec<u8>,
    /// The text of the persons part; none once erased.
    pub persons: Option<String>,
    /// Its key.
    pub persons_key: Option<Vec<u8>>,
    /// The leaf.
    pub leaf: Vec<u8>,
}

impl KeptEntry {
    /// For [`journal::open`] and [`journal::export`].
    #[must_use]
    pub fn stored(&self) -> journal::Stored<'_> {
        journal::Stored {
            index: self.index,
            facts: &self.facts,
            facts_key: &self.facts_key,
            persons: self.persons.as_deref(),
            persons_key: self.persons_key.as_deref(),
            leaf: &self.leaf,
        }
    }
}

impl std::fmt::Debug for KeptEntry {
    /// Names and addresses do not belong in a log, keys neither.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptEntry").field("index", &self.index).finish_non_exhaustive()
    }
}

/// What to list of the support desk.
#[derive(Clone, Debug)]
pub struct DeskQuery {
    /// Only what is about people of these communities; `None` for all.
    pub communities: Option<Vec<CommunityId>>,
    /// Whose cases are listed whoever they are about.
    pub reader: AccountId,
    /// Only cases opened after this.
    pub cases_after: Moment,
    /// Only requests made after this.
    pub requests_after: Moment,
    /// Rows at most, of each.
    pub limit: u32,
}

/// What waits on the support desk, oldest first. Cases are open or approved, requests not dismissed; whether they still
/// wait is for the rules to say.
#[derive(Debug)]
pub struct Waiting {
    /// Cases.
    pub cases: Vec<Versioned<Case>>,
    /// Requests.
    pub requests: Vec<Versioned<HelpRequest>>,
}

/// Which people of an import to read, in the order of their identifiers.
#[derive(Clone, Copy, Debug)]
pub struct ImportedQuery {
    /// Of which import.
    pub import: ImportId,
    /// Only those whose account was written since, or is gone.
    pub written_since: bool,
    /// The last row of the page before.
    pub after: Option<AccountId>,
    /// Rows at most.
    pub limit: u32,
}

/// Somebody of an import, as they are now.
#[derive(Debug)]
pub struct ImportedPerson {
    /// What it did to them, and their account.
    pub person: import::Person,
    /// The version of the account, if it is there.
    pub version: Option<u64>,
}

/// Which tokens to list.
#[derive(Clone, Debug)]
pub struct TokenQuery {
    /// Part of a serial number, a maker, or the holder's name or address, folded; empty for all.
    pub search: String,
    /// Only hardware of these communities' stock; `None` for all there is, also what people brought.
    pub stocks: Option<Vec<CommunityId>>,
    /// Only those that come from here.
    pub origin: Option<Origin>,
    /// Only those that stand so: [`TokenState::as_str`](domain::token::TokenState::as_str).
    pub state: Option<&'static str>,
    /// Only those of this person, assigned or in use.
    pub holder: Option<AccountId>,
    /// Only those of this import.
    pub batch: Option<BatchId>,
    /// The last row of the page before: the folded serial number and the token.
    pub after: Option<(String, TokenId)>,
    /// Rows at most.
    pub limit: u32,
}

impl TokenQuery {
    /// All there are, in pages of so many.
    #[must_use]
    pub fn all(limit: u32) -> Self {
        Self { search: String::new(), stocks: None, origin: None, state: None, holder: None, batch: None, after: None, limit }
    }
}

/// A page of tokens in the order of their folded serial numbers, then of their identifiers.
#[derive(Debug)]
pub struct Tokens {
    /// The tokens.
    pub rows: Vec<Versioned<Token>>,
    /// How many match in all.
    pub total: u64,
    /// Where the next page begins; `None` on the last.
    pub next: Option<(String, TokenId)>,
}

/// Which notices to list, newest first.
#[derive(Clone, Debug)]
pub struct OutboxQuery {
    /// Only those to people of these communities; `None` for all.
    pub communities: Option<Vec<CommunityId>>,
    /// Only those that stand so: [`MailState::as_str`](domain::mail::outbox::MailState::as_str).
    pub state: Option<&'static str>,
    /// Only those to this person.
    pub person: Option<AccountId>,
    /// Tests alone; or else all but tests.
    pub tests: bool,
    /// The last row of the page before.
    pub after: Option<(Moment, MailId)>,
    /// Rows at most.
    pub limit: u32,
}

/// How many notices stand so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailCounted {
    /// The text of the state.
    pub state: String,
    /// The text of the failure, where there was one.
    pub failure: Option<String>,
    /// How many.
    pub count: u64,
}

/// Which reports to list, oldest first: those that wait.
#[derive(Clone, Debug)]
pub struct ReportsQuery {
    /// Only those of people of these communities; `None` for all.
    pub communities: Option<Vec<CommunityId>>,
    /// Rows at most.
    pub limit: u32,
}

/// What a token is known by, folded: its maker, if there is one, and its serial number. `None` without a serial number.
#[must_use]
pub fn known_as(token: &Token) -> Option<String> {
    let maker = token.maker.as_ref().map(|maker| folded(maker.as_str())).unwrap_or_default();
    token.serial.as_ref().map(|serial| format!("{}\u{1f}{}", maker, folded(serial.as_str())))
}

/// A person's name, as lists and sentences give it.
#[derive(Clone, Debug)]
pub struct NamedPerson {
    /// The account.
    pub id: AccountId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// One entry with the present names of its persons.
#[derive(Debug)]
pub struct JournalLine {
    /// The entry, opened and verified against its leaf.
    pub entry: journal::Entry,
    /// Who did it.
    pub actor: Option<NamedPerson>,
    /// To whom.
    pub subject: Option<NamedPerson>,
}

/// The columns that lists are filtered and ordered by, taken from an account whenever it is written.
#[derive(Debug)]
pub struct Projection {
    /// The folded address: unique in a workspace.
    pub email: String,
    /// The folded name.
    pub name: String,
    /// The state.
    pub state: AccountState,
    /// Whether they own the workspace.
    pub owner: bool,
}

impl From<&Account> for Projection {
    fn from(account: &Account) -> Self {
        Self { email: account.email.folded(), name: folded(account.name.as_str()), state: account.state(), owner: account.owner }
    }
}

/// Which devices to list.
#[derive(Clone, Copy, Debug)]
pub struct DeviceQuery {
    /// The moment at which they are of use or not.
    pub at: Moment,
    /// Also those that are of no use then.
    pub gone: bool,
    /// The last of the page before: when it was invited, and which.
    pub after: Option<(Moment, DeviceId)>,
    /// Rows at most.
    pub limit: u32,
}

/// A page of devices.
#[derive(Debug)]
pub struct Devices {
    /// They, the latest invited first.
    pub rows: Vec<Device>,
    /// How many match in all.
    pub total: u64,
    /// How many there are that are of no use.
    pub gone: u64,
    /// Where the next page begins; `None` on the last.
    pub next: Option<(Moment, DeviceId)>,
}
