//! Programs that ask whether a code is somebody's: a VPN, a proxy, a sign-in page of another maker. Whoever keeps the server adds
//! and removes them at its console; each has a key of its own, and realms that it may ask about.

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    id::{ClientId, CommunityId},
    secret_hash::Opaque,
    time::{HOUR, Moment},
    words::Name,
    workspace::{Community, Workspace},
};

/// How many a workspace may have: they are read with it.
pub const CLIENTS: usize = 100;
/// How finely the last use is known, in seconds.
const GRAIN: i64 = 24 * HOUR;

/// A program that may ask.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Client {
    /// Which one.
    pub id: ClientId,
    /// What whoever added it calls it. No two have the same name.
    pub name: Name,
    /// SHA-256 of its key. A key has 256 random bits: nobody finds it by trying, and it needs no slow hash.
    pub key: Opaque<32>,
    /// About whom it may ask.
    pub realms: Realms,
    /// When it was added.
    pub made_at: Moment,
    /// When it last asked anything, to a day.
    #[serde(default)]
    pub used_at: Option<Moment>,
}

/// About whom a client may ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Realms {
    /// Everybody in the workspace.
    Workspace,
    /// Whoever holds a role in one of these. Those that are gone hold nobody.
    Communities(Vec<CommunityId>),
}

impl Realms {
    /// Whether somebody is in one of them.
    #[must_use]
    pub fn hold(&self, account: &Account) -> bool {
        match self {
            Self::Workspace => true,
            Self::Communities(communities) => account.memberships.iter().any(|held| communities.contains(&held.community)),
        }
    }
}

impl Client {
    /// Whose key has this hash.
    #[must_use]
    pub fn of_key<'a>(clients: &'a [Self], hash: &Opaque<32>) -> Option<&'a Self> {
        clients.iter().find(|client| bool::from(client.key.0.ct_eq(&hash.0)))
    }

    /// About whom it asks that names this realm, by name or identifier; about all that it may ask where it names none. `None`
    /// for a realm that is not there or not its own.
    #[must_use]
    pub fn asks_about(&self, realm: &str, workspace: &Workspace, communities: &[Community]) -> Option<Realms> {
        let realm = realm.trim();
        if realm.is_empty() {
            return Some(self.realms.clone());
        }
        // Whoever may ask about everybody means everybody by the name of the workspace, also where a community is called like it.
        if self.realms == Realms::Workspace && named(realm, workspace, &[]).is_some() {
            return Some(Realms::Workspace);
        }
        let named = named(realm, workspace, communities)?;
        match (&self.realms, &named) {
            (Realms::Workspace, _) => Some(named),
            (Realms::Communities(its), Realms::Communities(asked)) if asked.iter().all(|id| its.contains(id)) => Some(named),
            _ => None,
        }
    }
}

/// The realm of this name or identifier. A community comes before a workspace that is called like it.
#[must_use]
pub fn named(realm: &str, workspace: &Workspace, communities: &[Community]) -> Option<Realms> {
    let is = |name: &Name, id: uuid::Uuid| Name::read(realm).is_ok_and(|read| read.folded() == name.folded()) || realm == id.to_string();
    if let Some(community) = communities.iter().find(|community| is(&community.name, community.id.0)) {
        return Some(Realms::Communities(vec![community.id]));
    }
    is(&workspace.name, workspace.id.0).then_some(Realms::Workspace)
}

/// Adds one.
#[must_use]
pub fn add(mut workspace: Workspace, communities: &[Community], client: Client) -> Decision<()> {
    if workspace.clients.len() >= CLIENTS {
        return Decision::refuse(Refusal::ClientsFull);
    }
    if workspace.clients.iter().any(|other| other.name.folded() == client.name.folded()) {
        return Decision::refuse(Refusal::ClientNameTaken);
    }
    let event = told(EventKind::ClientAdded, &client, communities);
    workspace.clients.push(client);
    Decision::accept(()).event(event).change(Change::Workspace(Box::new(workspace)))
}

/// Removes one, by its name or identifier. Its key asks nothing any more.
#[must_use]
pub fn remove(mut workspace: Workspace, communities: &[Community], which: &str) -> Decision<()> {
    let folded = Name::read(which).map(|name| name.folded()).ok();
    let is = |client: &Client| Some(client.name.folded()) == folded || client.id.to_string() == which.trim();
    let Some(at) = workspace.clients.iter().position(is) else { return Decision::refuse(Refusal::ClientGone) };
    let client = workspace.clients.remove(at);
    Decision::accept(()).event(told(EventKind::ClientRemoved, &client, communities)).change(Change::Workspace(Box::new(workspace)))
}

/// Notes that it asked, once a day: every check reads the workspace, and none should have to wait for another's note.
#[must_use]
pub fn used(workspace: &Workspace, id: ClientId, now: Moment) -> Option<Change> {
    let client = workspace.clients.iter().find(|client| client.id == id)?;
    // A clock that was set back notes nothing until it has caught up.
    if client.used_at.is_some_and(|used| now.since(used) < GRAIN) {
        return None;
    }
    let mut workspace = workspace.clone();
    workspace.clients.iter_mut().filter(|client| client.id == id).for_each(|client| client.used_at = Some(now));
    Some(Change::Workspace(Box::new(workspace)))
}

/// Told to whoever reads the journal of a realm of its own.
fn told(kind: EventKind, client: &Client, communities: &[Community]) -> Event {
    let all = communities.iter().map(|community| community.id);
    let concerned = match &client.realms {
        Realms::Workspace => all.collect(),
        Realms::Communities(its) => all.filter(|id| its.contains(id)).collect(),
    };
    Event { communities: concerned, ..Event::of_itself(kind) }.word("client", client.name.as_str())
}

#[cfg(test)]
mod tests;
