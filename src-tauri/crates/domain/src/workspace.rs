//! The workspace itself and its communities.

use serde::{Deserialize, Serialize};

use crate::{
    client::Client,
    evidence::JournalKey,
    factor::Sealed,
    id::{CommunityId, WorkspaceId},
    kit::record::Kits,
    mail::MailSettings,
    moving::Away,
    policy::{Policy, Tightening},
    support::Checklist,
    time::Moment,
    words::{Language, Name},
};

/// One organisation's installation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Workspace {
    /// Its identifier.
    pub id: WorkspaceId,
    /// Its name.
    pub name: Name,
    /// The language of new accounts.
    pub language: Language,
    /// What it asks of its people.
    pub policy: Policy,
    /// When it was made.
    pub created_at: Moment,
    /// How often it was restored from a backup.
    #[serde(default)]
    pub epoch: u32,
    /// When the last backup of it was taken.
    #[serde(default)]
    pub backed_up_at: Option<Moment>,
    /// Its recovery kits. None of them in vaults from before there were any.
    #[serde(default)]
    pub kits: Kits,
    /// What its staff check before they reset somebody, once it has written its own list.
    #[serde(default)]
    pub checklist: Option<Checklist>,
    /// The keys that its journal was and is signed with, one an epoch.
    #[serde(default)]
    pub journal_keys: Vec<JournalKey>,
    /// How it sends mail, once that is set up.
    #[serde(default)]
    pub mail: Option<MailSettings>,
    /// What names things without giving them away, sealed; on a server alone.
    #[serde(default)]
    pub naming_key: Option<Sealed>,
    /// The programs that may ask whether codes are right; on a server alone.
    #[serde(default)]
    pub clients: Vec<Client>,
    /// Where it went, once it has begun to move away.
    #[serde(default)]
    pub away: Option<Away>,
}

impl Workspace {
    /// A workspace as it begins: no kit, no backup, the first epoch.
    #[must_use]
    pub fn new(id: WorkspaceId, name: Name, language: Language, policy: Policy, now: Moment) -> Self {
        let (kits, epoch, backed_up_at, checklist, journal_keys, naming_key) = (Kits::default(), 0, None, None, Vec::new(), None);
        let (mail, clients, away) = (None, Vec::new(), None);
        Self {
            id,
            name,
            language,
            policy,
            created_at: now,
            epoch,
            backed_up_at,
            kits,
            checklist,
            journal_keys,
            mail,
            naming_key,
            clients,
            away,
        }
    }
}

/// A part of a workspace in which roles are held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Community {
    /// Its identifier.
    pub id: CommunityId,
    /// Its name.
    pub name: Name,
    /// What it asks beyond the workspace's policy.
    #[serde(default)]
    pub tightening: Tightening,
}
