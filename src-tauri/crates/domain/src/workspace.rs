//! The workspace itself and its communities.

use serde::{Deserialize, Serialize};

use crate::{
    id::{CommunityId, WorkspaceId},
    kit::record::Kits,
    policy::Policy,
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
}

/// A part of a workspace in which roles are held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Community {
    /// Its identifier.
    pub id: CommunityId,
    /// Its name.
    pub name: Name,
}
