//! What each row of a list comes to.

use std::collections::BTreeMap;

use crate::{
    Refusal,
    account::Account,
    gate::{self, Act, Membership, Role},
    roles::note_privilege,
    time::Moment,
    words::{Email, Language, Name},
    workspace::{Community, Workspace},
};

use super::cells::{self, Asked};

/// One row of a list, as its cells were written.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Where it begins in the file, from 1.
    pub line: u64,
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The role; empty for a member, or for no change.
    pub role: String,
    /// The name of the community; empty where there is no choice, or for no change.
    pub community: String,
    /// The language; empty for the workspace's, or for no change.
    pub language: String,
    /// What kept the row from being read.
    pub flaw: Option<Flaw>,
}

/// What keeps a row from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No address.
    NoEmail,
    /// More cells than headings.
    TooManyCells,
    /// A cell longer than any name.
    CellTooLong,
    /// A line break, or another control character, in a cell.
    ControlCharacter,
}

/// Why a row is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It could not be read.
    Unread(Flaw),
    /// Not the form of an address.
    EmailInvalid,
    /// The same address stands in this earlier line, perhaps in other letters.
    Twice(u64),
    /// Somebody has the address whom the importer does not reach. Nothing more is said, as when inviting.
    EmailTaken,
    /// A new person without a name.
    NameEmpty,
    /// Over 300 characters.
    NameTooLong,
    /// No role is called so.
    RoleUnknown,
    /// The program does not speak it.
    LanguageUnknown,
    /// No community is named, and there is more than one to choose from.
    CommunityMissing,
    /// No community of this name in which the importer may add people.
    CommunityUnknown,
    /// The importer may not give this role there, or not change this person.
    OutOfReach,
    /// Somebody who is here is made an owner by hand, or not at all.
    OwnerByHand,
    /// They have signed in: what is theirs is not changed by a list.
    SignedIn,
    /// They are deactivated, or sign in elsewhere.
    NotAdmitted,
}

/// One change to somebody who is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The name.
    Name(Name, Name),
    /// The language.
    Language(Language, Language),
    /// The role in a community; none before where they held none.
    Role(Name, Option<Role>, Role),
}

/// Somebody who is to be added.
#[derive(Clone, Debug)]
pub struct NewHere {
    /// The name.
    pub name: Name,
    /// The address.
    pub email: Email,
    /// The language.
    pub language: Language,
    /// Where, and as what. `None` makes an owner.
    pub membership: Option<Membership>,
}

/// What a row comes to.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// A person is added.
    Add(Box<NewHere>),
    /// Somebody who never signed in is changed: their account as it becomes, and what of it is other than before.
    Change(Box<Account>, Vec<What>),
    /// They are here, just so.
    Same,
    /// Nothing happens.
    Refused(Why),
}

/// What the verdicts rest on.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Every community.
    pub communities: &'a [Community],
    /// Whoever has an address of the list, by the folded address.
    pub known: &'a BTreeMap<String, Account>,
}

/// Decides row by row, in their order.
#[must_use]
pub fn plan(actor: &Account, facts: &Facts<'_>, rows: &[Row], now: Moment) -> Vec<Verdict> {
    let standing = actor.standing();
    let open = facts.communities.iter().filter(|community| gate::may(&standing, Act::Invite(Role::Member, community.id)).is_ok());
    let planning = Planning { actor, facts, open: open.collect(), now };
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    rows.iter()
        .map(|row| {
            let first = Email::read(&row.email).ok().and_then(|email| {
                let first = *lines.entry(email.folded()).or_insert(row.line);
                (first != row.line).then_some(first)
            });
            let verdict = first.map_or_else(|| planning.one(row), |first| Err(Why::Twice(first)));
            verdict.unwrap_or_else(Verdict::Refused)
        })
        .collect()
}

struct Planning<'a> {
    actor: &'a Account,
    facts: &'a Facts<'a>,
    /// Where the importer may add people.
    open: Vec<&'a Community>,
    now: Moment,
}

impl<'a> Planning<'a> {
    fn one(&self, row: &Row) -> Result<Verdict, Why> {
        if let Some(flaw) = row.flaw {
            return Err(Why::Unread(flaw));
        }
        let email = Email::read(&row.email).map_err(|_| Why::EmailInvalid)?;
        match self.facts.known.get(&email.folded()) {
            Some(known) => self.known(row, known),
            None => self.newcomer(row, email),
        }
    }

    fn newcomer(&self, row: &Row, email: Email) -> Result<Verdict, Why> {
        let name = Name::read(&row.name).map_err(name_fault)?;
        let asked = cells::role(&row.role).map_err(|()| Why::RoleUnknown)?.unwrap_or(Asked::In(Role::Member));
        let language = cells::language(&row.language).map_err(|()| Why::LanguageUnknown)?.unwrap_or(self.facts.workspace.language);
        let (act, membership) = match asked {
            Asked::Owner => (Act::InviteOwner, None),
            Asked::In(role) => {
                let community = self.community(&row.community)?.id;
                (Act::Invite(role, community), Some(Membership { community, role, since: self.now }))
            }
        };
        gate::may(&self.actor.standing(), act).map_err(|_| Why::OutOfReach)?;
        Ok(Verdict::Add(Box::new(NewHere { name, email, language, membership })))
    }

    /// Somebody who is here. Of whoever the importer could not learn otherwise, nothing is said but that the address is taken.
    fn known(&self, row: &Row, known: &Account) -> Result<Verdict, Why> {
        let standing = self.actor.standing();
        gate::may(&standing, Act::See(known.standing())).map_err(|_| Why::EmailTaken)?;
        let (changed, what) = self.changed(row, known)?;
        if what.is_empty() {
            return Ok(Verdict::Same);
        }
        if known.password.is_some() {
            return Err(Why::SignedIn);
        }
        gate::may(&standing, Act::InviteAgain(known.standing())).map_err(|_| Why::OutOfReach)?;
        known.admits().map_err(|_| Why::NotAdmitted)?;
        Ok(Verdict::Change(Box::new(changed), what))
    }

    fn changed(&self, row: &Row, known: &Account) -> Result<(Account, Vec<What>), Why> {
        let (mut account, mut what) = (known.clone(), Vec::new());
        if !row.name.trim().is_empty() {
            let name = Name::read(&row.name).map_err(name_fault)?;
            if name != known.name {
                what.push(What::Name(known.name.clone(), name.clone()));
                account.name = name;
            }
        }
        match cells::language(&row.language).map_err(|()| Why::LanguageUnknown)? {
            Some(language) if language != known.language => {
                what.push(What::Language(known.language, language));
                account.language = language;
            }
            _ => {}
        }
        match cells::role(&row.role).map_err(|()| Why::RoleUnknown)? {
            Some(Asked::Owner) if known.owner => {}
            Some(Asked::Owner) => return Err(Why::OwnerByHand),
            asked => {
                let role = asked.map(|asked| if let Asked::In(role) = asked { role } else { Role::Member });
                what.extend(self.role(row, &mut account, role)?);
            }
        }
        Ok((account, what))
    }

    /// The role that the row asks for, given. A row that names neither a role nor a community asks for none.
    fn role(&self, row: &Row, account: &mut Account, role: Option<Role>) -> Result<Option<What>, Why> {
        if role.is_none() && row.community.trim().is_empty() {
            return Ok(None);
        }
        let community = match account.memberships.as_slice() {
            // A role without a community is the one in the only community that they are in.
            [only] if row.community.trim().is_empty() => self.open.iter().find(|open| open.id == only.community).ok_or(Why::OutOfReach)?,
            _ => self.community(&row.community)?,
        };
        let held = account.standing().role_in(community.id);
        let Some(role) = role.or(held.is_none().then_some(Role::Member)).filter(|role| held != Some(*role)) else { return Ok(None) };
        if account.password.is_none() {
            let act = Act::ChangeRole { target: account.standing(), community: community.id, role: Some(role) };
            gate::may(&self.actor.standing(), act).map_err(|_| Why::OutOfReach)?;
        }
        let was_privileged = account.standing().is_privileged();
        account.memberships.retain(|m| m.community != community.id);
        account.memberships.push(Membership { community: community.id, role, since: self.now });
        note_privilege(account, was_privileged, self.now);
        Ok(Some(What::Role(community.name.clone(), held, role)))
    }

    fn community(&self, cell: &str) -> Result<&'a Community, Why> {
        match (Name::read(cell), self.open.as_slice()) {
            (Err(Refusal::NameEmpty), [only]) => Ok(*only),
            (Err(Refusal::NameEmpty), _) => Err(Why::CommunityMissing),
            (Err(_), _) => Err(Why::CommunityUnknown),
            (Ok(name), open) => open.iter().find(|open| open.name.folded() == name.folded()).copied().ok_or(Why::CommunityUnknown),
        }
    }
}

fn name_fault(refusal: Refusal) -> Why {
    if refusal == Refusal::NameTooLong { Why::NameTooLong } else { Why::NameEmpty }
}
