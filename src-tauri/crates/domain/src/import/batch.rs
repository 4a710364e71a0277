//! A batch: what an import did, so that it can be told and taken back.

use serde::{Deserialize, Serialize};

use crate::{
    Change, Decision, Entropy, Event, EventKind, Refusal,
    account::Account,
    gate::{self, Act, Membership},
    id::{AccountId, ImportId},
    invitation::NewPerson,
    policy::Policy,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    time::Moment,
    words::{Email, Language, Name},
};

use super::row::{NewHere, Verdict, What};

/// One import that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Which one.
    pub id: ImportId,
    /// Who imported.
    pub by: AccountId,
    /// When.
    pub at: Moment,
    /// The name of the file.
    pub file: String,
    /// People added.
    pub added: u64,
    /// People changed.
    pub changed: u64,
    /// Rows that changed nothing.
    pub same: u64,
    /// Rows refused.
    pub refused: u64,
    /// Who took it back, and when.
    #[serde(default)]
    pub undone: Option<Undone>,
}

/// That a batch was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Moment,
}

/// What of an account an import decides, and what may not change under it until it is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits {
    /// The name.
    pub name: Name,
    /// The address as it is written.
    pub email: String,
    /// The language.
    pub language: Language,
    /// Whether they own the workspace.
    pub owner: bool,
    /// The roles.
    pub memberships: Vec<Membership>,
    /// Until when they counted as privileged.
    #[serde(default)]
    pub privileged_until: Option<Moment>,
}

impl Traits {
    /// Those of an account.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            email: account.email.as_str().into(),
            language: account.language,
            owner: account.owner,
            memberships: account.memberships.clone(),
            privileged_until: account.privileged_until,
        }
    }

    /// Gives an account these again.
    pub(super) fn put_back(self, account: &mut Account) {
        account.name = self.name;
        account.language = self.language;
        account.memberships = self.memberships;
        account.privileged_until = self.privileged_until;
    }
}

/// One person of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Their account.
    pub account: AccountId,
    /// As it was; none where it was added.
    #[serde(default)]
    pub before: Option<Traits>,
    /// As the import left it.
    pub after: Traits,
}

/// An import that was shown, about to be carried out.
#[derive(Debug)]
pub struct Planned<'a> {
    /// The batch it becomes.
    pub id: ImportId,
    /// The name of the file.
    pub file: &'a str,
    /// What each row comes to, decided anew.
    pub verdicts: Vec<Verdict>,
    /// Those who are changed, as they are. In the order of the verdicts.
    pub before: Vec<Account>,
    /// Whether the verdicts are those that were shown.
    pub as_shown: bool,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// People added.
    pub added: u64,
    /// People changed.
    pub changed: u64,
}

/// Imports all rows that are not refused, in one batch. Whoever may import proves again who they are: it gives roles.
#[must_use]
pub fn carry_out(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    planned: Planned<'_>,
    proof: &Proof,
    entropy: &mut dyn Entropy,
    now: Moment,
) -> Decision<Imported> {
    if let Err(denied) = gate::may(&actor.standing(), Act::Import) {
        return Decision::refuse(denied);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    if !planned.as_shown {
        return Decision::refuse(Refusal::PreflightStale).after(trail).account(actor);
    }
    let mut before = planned.before.into_iter();
    let mut batch =
        Batch { id: planned.id, by: actor.id, at: now, file: planned.file.into(), added: 0, changed: 0, same: 0, refused: 0, undone: None };
    let mut decision = Decision::accept(Imported { added: 0, changed: 0 });
    for verdict in planned.verdicts {
        match verdict {
            Verdict::Same => batch.same += 1,
            Verdict::Refused(_) => batch.refused += 1,
            Verdict::Add(person) => {
                batch.added += 1;
                let account = added(*person, entropy, now);
                decision.events.push(told(&actor, &account));
                let item = Item { account: account.id, before: None, after: Traits::of(&account) };
                decision.changes.push(Change::Account(Box::new(account)));
                decision.changes.push(Change::ImportItem(batch.id, item));
            }
            Verdict::Change(account, what) => {
                batch.changed += 1;
                let was = before.next().filter(|was| was.id == account.id).expect("one for each that is changed");
                decision.events.push(told_changed(&actor, &was, &account, &what));
                let item = Item { account: account.id, before: Some(Traits::of(&was)), after: Traits::of(&account) };
                decision.changes.push(Change::Account(account));
                decision.changes.push(Change::ImportItem(batch.id, item));
            }
        }
    }
    if batch.added + batch.changed == 0 {
        return Decision::refuse(Refusal::ImportEmpty).after(trail).account(actor);
    }
    decision.verdict = Ok(Imported { added: batch.added, changed: batch.changed });
    decision.events.push(told_of(EventKind::PeopleImported, &actor, &batch));
    // The batch before its people: each of them names it.
    decision.changes.insert(0, Change::Import(Box::new(batch)));
    decision.account(actor).after(trail)
}

fn added(person: NewHere, entropy: &mut dyn Entropy, now: Moment) -> Account {
    let NewHere { name, email, language, membership } = person;
    NewPerson { id: AccountId::random(entropy), name, email, language, membership }.account(None, now)
}

fn role(account: &Account) -> &'static str {
    if account.owner { "owner" } else { account.memberships.first().map_or("member", |held| held.role.as_str()) }
}

fn told(actor: &Account, account: &Account) -> Event {
    Event::on(EventKind::PersonImported, actor.id, account)
        .word("name", account.name.as_str())
        .word("email", email(&account.email))
        .word("role", role(account))
}

fn told_changed(actor: &Account, was: &Account, account: &Account, what: &[What]) -> Event {
    let mut event = Event::on(EventKind::PersonImported, actor.id, account).word("how", "changed").word("name", account.name.as_str());
    for held in &was.memberships {
        if !event.communities.contains(&held.community) {
            event.communities.push(held.community);
        }
    }
    for what in what {
        event = match what {
            What::Name(before, _) => event.word("before", before.as_str()),
            What::Language(_, after) => event.word("language", if *after == Language::Fr { "fr" } else { "en" }),
            What::Role(community, _, role) => event.word("community", community.as_str()).word("role", role.as_str()),
        };
    }
    event
}

fn email(email: &Email) -> &str {
    email.as_str()
}

/// An entry about a whole batch. It stands in every community that the importer can read the journal of.
pub(super) fn told_of(kind: EventKind, actor: &Account, batch: &Batch) -> Event {
    Event { subject: None, ..Event::own(kind, actor) }
        .word("file", &batch.file)
        .word("people", (batch.added + batch.changed).to_string())
        .word("added", batch.added.to_string())
        .word("changed", batch.changed.to_string())
        .word("refused", batch.refused.to_string())
        .word("import", batch.id.to_string())
}
